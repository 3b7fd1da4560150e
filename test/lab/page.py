#!/usr/bin/env python3
"""The page as a file: complete, small, with nothing in it from outside and no text of a model that
could be taken for anything but text.
"""
import base64
import hashlib
import json
import lzma
import os
import random
import re
import subprocess
import sys
import tempfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
LARGEST = 625_000  # bytes of a page but for what is told of its model
LARGEST_KOREA = 700_000  # of all of the Korea model's page
PARTS = ('data', 'model', 'script', '', 'engine', 'charts', 'editor')  # the one without a name starts the page
NEVER = (0, 13, 26, 27, 60)  # of characters below 128, in a part that is coded
HOSTILE = '''# </script><script>alert(1)</script> <!-- <script>
model m "</script><script>alert('&amp;')</script> <b>@DATA@"
horizon 1
actor A "]]> ' </title>"
param p = 0.5 in 0 .. 1 "<img src=x onerror=alert(2)>" judgement
stage s : A { A.x "</script>"; A.y }
outcome o "<i>" = ever(s.A == x)
'''


def report(path, *arguments):
    return subprocess.run([PROGRAM, 'report', path, *arguments], capture_output=True)


def run_report(text):
    return subprocess.run([PROGRAM, 'report', '-'], input=text.encode(), capture_output=True)


def decoded(text):
    """The bytes of a part that is coded by seven bits a character (web/page/coded.mjs)."""
    sevens = []
    for code in map(ord, text):
        if code < 128:
            assert code not in NEVER, code
            sevens.append(code)
        else:
            never, after = divmod(code - 256, 128)
            sevens += [NEVER[never], after] if never < len(NEVER) else [NEVER[after]]
    bits = ''.join(map('{:07b}'.format, sevens))
    length = len(bits) // 8
    return int(bits[:8 * length], 2).to_bytes(length, 'big')


def check(text, page):
    """What must hold of the page of a model with this text."""
    html = page.decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html).group(1)
    assert policy.startswith("default-src 'none'; ") and 'http' not in policy, policy
    blocks = re.findall(r'<script([^>]*)>(.*?)</script', html, re.S)
    assert [re.sub(r'.*id="(\w+)".*|.*', r'\1', kind) for kind, _ in blocks] == list(PARTS)
    part = dict(zip(PARTS, (inside for _, inside in blocks)))
    model, script = (zlib.decompress(decoded(part[name]), -15) for name in ('model', 'script'))
    engine, charts, editor = (lzma.decompress(decoded(part[name]), lzma.FORMAT_ALONE) for name in ('engine', 'charts', 'editor'))
    for admitted in (script, part[''].encode(), charts, editor):
        digest = base64.b64encode(hashlib.sha256(admitted).digest()).decode()
        assert "'sha256-%s'" % digest in policy, 'a script is not one that the policy admits'
    assert policy.count('sha256-') == 4, policy
    assert ROOT.encode() not in script + charts + editor, 'the page tells where it was built'
    sizes = {name: len(inside.encode()) for name, inside in part.items()}
    assert len(page) - sizes['data'] - sizes['model'] < LARGEST, '%d bytes: %s' % (len(page), sizes)
    data = json.loads(part['data'])
    assert data['text'] == text and 'model' not in data
    data['model'] = json.loads(model)
    assert data['model']['horizon'] >= 1
    assert engine[:4] == b'\0asm'
    assert ROOT.encode() not in engine, 'the page tells where it was built'
    assert not re.search(r'<(?:link|img|iframe|script[^>]*src)\b', re.sub(r'<script.*?</script', '', html, flags=re.S))
    return html, data


def check_packed():
    """What the description says comes back, whatever it is: nothing again, the same over and over, and again further off than
    can be referred to; and it is no longer than zlib makes it."""
    draw = random.Random(1)
    letters = [chr(c) for c in (*range(0x20, 0x7f), *range(0xa1, 0x400), 0x4e00, 0xd55c, 0x1f600) if chr(c) not in '"\\\xad']
    any_text = [''.join(draw.choices(letters, k=draw.randrange(200))) for _ in range(300)]
    for texts in (any_text, ['a' * 255] * 300, ['ab' * k for k in range(100)], any_text[:100] + any_text[:100], ['']):
        text = 'model m\nhorizon 1\nactor A\n' + ''.join('param p%d = 1 "%s"\n' % pair for pair in enumerate(texts)) + 'stage s : A { A.x; A.y }\n'
        done = run_report(text)
        assert done.returncode == 0, done.stderr
        html, data = check(text, done.stdout)
        assert [p['text'] for p in data['model']['params']] == texts
        coded = re.search('id="model">(.*?)<', html, re.S).group(1)
        raw = zlib.decompress(decoded(coded), -15)
        known = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
        assert len(decoded(coded)) <= 1.01 * len(known.compress(raw) + known.flush())


def check_answered(found, compared):
    """The answer's best policy and share of worlds are those of `detente compare`."""
    rows = {(row['outcome'], row['policy']): row for row in compared['tables']['measures']}
    names = found['study']['policies']
    model = [re.match(r'policy (\w+)', line).group(1) for line in found['text'].splitlines() if line.startswith('policy ')]
    outcomes = [re.match(r'outcome (\w+)', line).group(1) for line in found['text'].splitlines() if line.startswith('outcome ')]
    told = [o for o in found['answered']['outcomes'] if o['lead'] not in ('none', 'same')]
    assert told and names
    for o in told:
        row = rows[outcomes[o['outcome']], model[o['best']]]
        assert abs(row['best'] - o['share']) < 1e-9, (row, o)


def main():
    dilemma = os.path.join(ROOT, 'models/classics/prisoners-dilemma.dtn')
    with tempfile.TemporaryDirectory() as folder:
        hostile = os.path.join(folder, 'hostile.dtn')
        with open(hostile, 'w', encoding='utf-8') as file:
            file.write(HOSTILE)
        done = report(hostile)
        if b'without the page' in done.stderr:
            assert done.returncode == 2
            print('skipped: the program was built without the page')
            return
        assert done.returncode == 0, done.stderr
        html, _ = check(HOSTILE, done.stdout)
        title = re.search('<title>(.*?)</title>', html, re.S).group(1)
        assert title == "&lt;/script>&lt;script>alert('&amp;amp;')&lt;/script> &lt;b>@DATA@", title

        with open(dilemma, encoding='utf-8') as file:
            text = file.read()
        page = os.path.join(folder, 'page.html')
        coverage = os.path.join(folder, 'coverage.csv')
        with open(coverage, 'w', encoding='utf-8') as file:
            file.write('row,elements\n1,"play, A"\n')
        with open(os.path.join(folder, 'model.dtn'), 'w', encoding='utf-8') as file:
            file.write(text)
        done = report(os.path.join(folder, 'model.dtn'), '-o', page, '--policy', 'joint', '--set', 'lambda=2')
        assert (done.returncode, done.stdout) == (0, b''), done.stderr
        with open(page, 'rb') as file:
            _, data = check(text, file.read())
        # a page is no model, whatever stands in it: the next one replaces it
        assert report(os.path.join(folder, 'model.dtn'), '-o', page, '--policy', 'joint', '--set', 'lambda=2').returncode == 0
        assert data['policies'] == ['joint'] and data['set'] == {'lambda': 2}
        assert data['file'] == 'model.dtn' and data['coverage'].startswith('row,elements')
        run = json.loads(subprocess.run(
            [PROGRAM, 'run', dilemma, '--json', '--policy', 'joint', '--set', 'lambda=2'],
            capture_output=True, check=True).stdout)['policies']['joint']
        assert data['base']['joint']['outcomes'] == list(run['outcomes'].values())
        assert data['base']['joint']['gaps'] == list(run['gaps'].values())

        check_packed()
        korea = os.path.join(ROOT, 'models/korea/korea.dtn')
        with open(korea, encoding='utf-8') as file:
            check(file.read(), (done := report(korea)).stdout)
        assert len(done.stdout) <= LARGEST_KOREA, '%d bytes of Korea' % len(done.stdout)

        # all policies are solved, whichever are shown, and the answer is about those asked for
        _, data = check(text, report(dilemma).stdout)
        both = json.loads(subprocess.run([PROGRAM, 'run', dilemma, '--json'], capture_output=True, check=True).stdout)
        assert data['nominal'] == {p: list(one['outcomes'].values()) for p, one in both['policies'].items()}
        assert [o['lead'] for o in data['answered']['outcomes']] == ['untried', 'untried']
        assert [o['best'] for o in data['answered']['outcomes']] == [1, 1]
        assert all('team A, B' in o['work'] for o in data['answered']['outcomes'])

        # the page of a study doesn't depend on the number of threads
        study = os.path.join(folder, 'm.study')
        subprocess.run([PROGRAM, 'study', os.path.join(ROOT, 'models/classics/arms-race.dtn'), '-o', study,
                        '--worlds', '120', '--quiet'], capture_output=True, check=True)
        pages = [report(study, '--jobs', jobs) for jobs in ('1', '2', '5')]
        assert all(done.returncode == 0 for done in pages), pages[0].stderr
        assert pages[0].stdout == pages[1].stdout == pages[2].stdout
        found = json.loads(re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script', pages[0].stdout.decode(), re.S).group(1))
        assert found['study']['outcomes'], 'the study says nothing'
        compared = json.loads(subprocess.run([PROGRAM, 'compare', study, '--json'], capture_output=True, check=True).stdout)
        assert 'Over 120 worlds' in found['answered']['basis']
        check_answered(found, compared)

        # of a referee only findings about this model are taken, and nothing else that their file holds
        findings = os.path.join(folder, 'findings.json')
        finding = {'kind': 'noise', 'gravity': 'mild', 'number': None, 'text': 'a & b', 'command': 'detente'}
        for about, gravity, wanted in (('prisoners_dilemma', 'mild', 0), ('another', 'mild', 2), ('prisoners_dilemma', 'worse', 2)):
            with open(findings, 'w', encoding='utf-8') as file:
                json.dump({'model': about, 'solutions': 3, 'more': '</script>', 'findings': [dict(finding, gravity=gravity)]}, file)
            done = report(dilemma, '--referee', findings)
            assert done.returncode == wanted, done.stderr
            if wanted == 0:
                _, data = check(text, done.stdout)
                del finding['number']
                assert data['referee'] == {'solutions': 3, 'findings': [finding]}
        assert report(dilemma, '--referee', dilemma).returncode == 2
        assert report(dilemma, '--referee', os.path.join(folder, 'nothing.json')).returncode == 4
        assert report(dilemma, '--referee', findings, '-o', findings).returncode == 2

        assert report(dilemma, '--policy', 'none').returncode == 2
        assert report(os.path.join(folder, 'nothing.dtn')).returncode == 4
        assert report(dilemma, '-o', os.path.join(folder, 'no/where.html')).returncode == 4


if __name__ == '__main__':
    sys.exit(main())
