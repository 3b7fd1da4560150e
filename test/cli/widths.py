#!/usr/bin/env python3
"""What every command prints fits into a terminal of 40 and of 80 columns, wide characters counted as
two: no line is longer, but for a single word that is and for commands to be copied. Carets stand below what they point at.

    widths.py
"""
import glob
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CLASSICS = os.path.join(ROOT, 'models', 'classics')
KOREA = os.path.join(ROOT, 'models', 'korea', 'korea.dtn')
COMMAND = re.compile(r' *(next)? *detente ')
COMMANDS = ['check', 'run', 'study', 'compare', 'discover', 'sensitivity', 'diagnose', 'explain', 'equilibria', 'levers',
            'design', 'referee', 'sample', 'play', 'score', 'fit', 'verify', 'export', 'report', 'fmt']
BROKEN = '''model broken "壊れたモデル"
actor A "%s"
let one = 1 %s + another_name
stage s : A { A.go "北朝鮮の核問題をめぐる交渉と同盟の長い物語" { pay A unknown_name } ; A.stay }
payoff A { x = one }
'''


def width(text):
    return sum(0 if unicodedata.category(c) in ('Mn', 'Me', 'Cf')
               else 2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


def run(arguments, columns, directory, status=(0, 1)):
    program = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
    done = subprocess.run([program] + arguments, cwd=directory, capture_output=True,
                          encoding='utf-8', stdin=subprocess.DEVNULL, timeout=300,
                          env={**os.environ, 'NO_COLOR': '1', 'COLUMNS': str(columns)})
    assert done.returncode in status, (arguments, done.returncode, done.stderr)
    return done.stdout + done.stderr


def carets(text):
    """What stands above each caret and its tail."""
    lines = text.split('\n')
    for i, line in enumerate(lines):
        if not re.fullmatch(r' *\^~*', line):
            continue
        at, marked, column = line.index('^'), '', 0
        for c in lines[i - 1]:
            if at <= column < len(line):
                marked += c
            column += width(c)
        yield marked


def check(name, text, columns):
    """The number of lines of a text that are too long."""
    bad = 0
    for line in text.split('\n'):
        if width(line) > columns and ' ' in line.strip() and not COMMAND.match(line):
            print('%d columns at %d: %s\n  %s' % (width(line), columns, name, line))
            bad += 1
    return bad


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, 'broken.dtn'), 'w', encoding='utf-8') as file:
            file.write(BROKEN % ('x' * 70, '+ 1 ' * 30))
        with open(os.path.join(directory, 'crisis.csv'), 'w', encoding='utf-8') as file:
            file.write('response.B,nerve.A\n,\nconcede,none\nresist,firm\nresist,back\nresist,firm\n')
        with open(os.path.join(directory, 'undated.dtn'), 'w', encoding='utf-8') as file:
            subprocess.run([sys.executable, os.path.join(os.path.dirname(KOREA), 'undated.py')], stdout=file, check=True)
        models = [os.path.join(HERE, name) for name in ('wide.dtn', 'dated.dtn')]
        models += [os.path.join(CLASSICS, name) for name in ('arms-race.dtn', 'crisis.dtn')]
        for name, how in (('wide', ['--worlds', '60']), ('arms', ['--worlds', '60']),
                          ('sobol', ['--design', 'saltelli', '--base', '16']),
                          ('morris', ['--design', 'morris', '--base', '8'])):
            run(['study', models[2 if name == 'arms' else 0], '-o', name + '.study'] + how, 80,
                directory)
        for columns in (40, 80):
            looks = [['--help'], ['help', 'limits']] + [['help', c] for c in COMMANDS]
            for model in models:
                looks += [['check', model], ['run', model], ['run', '--full', model], ['verify', model], ['explain', model],
                          ['run', model, '--worlds', '20']]
            for study in ('wide.study', 'arms.study', 'sobol.study', 'morris.study'):
                looks += [['compare', study], ['sensitivity', study], ['diagnose', study]]
            looks += [['referee', os.path.join(HERE, 'referee.dtn'), '--full', '--worlds', '20']]
            looks += [['levers', os.path.join(HERE, 'levers.dtn'), '--from', 'as_is', '--to', 'led_cheaply', '--full', '--worlds', '5']]
            looks += [[command, os.path.join(HERE, 'levers.dtn'), *more, '-o', command + '.work', *again]
                      for command, more in (('levers', ['--from', 'as_is', '--to', 'led_cheaply']), ('design', []),
                                            ('referee', ['--worlds', '4']))
                      for again in ([], ['--values', 'surplus'])]
            looks += [['sample', KOREA, '--explain', '--periods', '3']]
            looks += [['play', models[3], '--as', 'A', '--coach']]
            looks += [['score', 'undated.dtn', '--history', os.path.join(os.path.dirname(KOREA), 'record.csv'), '--rows', '--smooth']]
            looks += [['fit', models[3], '--history', 'crisis.csv', '--policy', 'always', '--free', 'war_a,war_b,concede_b', '--mode',
                       '--particles', '64', '-o', 'crisis.fit'], ['compare', 'crisis.fit'], ['fit', models[3]],
                      ['fit', models[3], '--prior', '--free', 'all', '-o', 'crisis.fit']]
            for how in ([], ['--worlds', '30', '--require', 'heat < 0.5'], ['--cells', '5']):
                looks += [['design', os.path.join(HERE, 'levers.dtn')] + how]
            looks += [['equilibria', os.path.join(CLASSICS, 'dyads', 'us-china.dtn'), '--starts', '50']]
            looks += [['run', KOREA, '--policy', 'as_is'], ['explain', KOREA, '--policy', 'two_cops']]
            looks += [['run', path] for path in sorted(glob.glob(os.path.join(HERE, 'un*.dtn')))]
            looks += [['discover', 'wide.study', '--where', 'calm > 0.1'],
                      ['explain', models[0], '--against', 'nothing'],
                      ['explain', models[0], '--at', 'the_long_name_of_a_variable=3,answers.X=1'],
                      ['explain', models[0], '--period', '2019H2'],
                      ['explain', models[0], '--at', 'the_long_name_of_a_variable=3'],
                      ['run', models[0], '--polcy', 'x'], ['check', 'no such file, alas.dtn'],
                      ['check', 'broken.dtn'], ['export', models[0], '--format', 'nothing']]
            for look in looks:
                text = run(look, columns, directory, (0, 1, 2, 4))
                bad += check(' '.join(look), text, columns)
                if 'broken.dtn' not in look:
                    continue
                marked = list(carets(text))
                for wanted in ('another_name', 'unknown_name'):
                    if wanted not in marked:
                        print('at %d no caret below %s: %s\n%s' % (columns, wanted, marked, text))
                        bad += 1
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
