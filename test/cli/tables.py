#!/usr/bin/env python3
"""The tables of `run` in three forms say what --json says: CSV to the last digit, Markdown and LaTeX as a
terminal shows numbers, whatever stands in the model's texts; what is best is marked in each."""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
TEXT = r'50% of A & B_1: $x$ {y} | *bold* <i> # ~ ^ \\ `c` [l](u)'
MODEL = '''model m "M"
horizon 3
actor A rationality 2 unit "lives, %s"
actor B
stage s : A { A.up { pay A 0.3 } ; A.stay }
outcome up_one "%s" maximise = mean(s.A == up)
outcome second minimise = ever(s.A == up)
outcome third = total(s.A == up)
policy p_one
policy p_two { force A.up }
''' % (TEXT, TEXT)


def run(path, *words):
    return subprocess.run([PROGRAM, 'run', path, '--quiet', *words], capture_output=True, check=True).stdout.decode()


def plain(text, latex):
    """Undoes what either language escapes, as its readers do."""
    if not latex:
        return re.sub(r'\\([^A-Za-z0-9\s])', r'\1', text).replace('&amp;', '&')
    for command, sign in (('textbackslash', '\\'), ('textless', '<'), ('textgreater', '>'), ('textasciitilde', '~'),
                          ('textasciicircum', '^')):
        text = text.replace('\\%s{}' % command, '\0%d\0' % ord(sign))
    text = re.sub(r'\{([\[\]])\}', r'\1', text)
    text = re.sub(r'\\([%&#_${}])', r'\1', text)
    return re.sub('\0(\\d+)\0', lambda found: chr(int(found.group(1))), text)


def cells(line, latex):
    if latex:
        line = re.sub(r'\s*\\\\$', '', line)
        return [cell.strip() for cell in re.split(r'(?<!\\)&', line)]
    return [cell.strip() for cell in re.split(r'(?<!\\)\|', line)[1:-1]]


def read_paper(text, latex):
    """The rows of the first table: the head, and each cell with whether it is bold."""
    if latex:
        body = text.split('\\hline')
        lines = [body[1].strip()] + body[2].strip().split('\n')
        bold = re.compile(r'^\\textbf\{(.*)\}$')
    else:
        lines = [line for line in text.split('\n') if line.startswith('|')]
        del lines[1]
        bold = re.compile(r'^\*\*(.*)\*\*$')
    rows = [cells(line, latex) for line in lines]
    return ([plain(cell, latex) for cell in rows[0]],
            [[(plain(bold.sub(r'\1', cell), latex), bool(bold.match(cell))) for cell in row] for row in rows[1:]])


def check(path):
    wanted = json.loads(run(path, '--json'))['policies']
    policies = list(wanted)
    outcomes = list(wanted[policies[0]]['outcomes'])
    text = run(path, '--csv')
    lines = [line for line in csv.reader(io.StringIO(text)) if line and not line[0].startswith('#')]
    assert lines[0] == ['outcome', 'description', 'better'] + policies, lines[0]
    assert [row[0].rstrip('^') for row in lines[1:]] == outcomes
    assert lines[1][1] == TEXT, lines[1][1]
    for row in lines[1:]:
        for policy, cell in zip(policies, row[3:]):
            assert float(cell) == wanted[policy]['outcomes'][row[0].rstrip('^')], row
    assert run(path, '--csv', '--table', 'outcomes').startswith('outcome,')
    for form in ('--markdown', '--latex'):
        head, rows = read_paper(run(path, form), form == '--latex')
        assert head == lines[0], (form, head)
        for row, exact in zip(rows, lines[1:]):
            assert [cell for cell, _ in row[:3]] == exact[:3], (form, row)
            numbers = [float(cell) for cell in exact[3:]]
            for (cell, best), number in zip(row[3:], numbers):
                assert abs(float(cell) - number) <= 5.01e-5 * max(1, abs(number)), (form, row)
                side = {'more': max, 'less': min, '': None}[exact[2]]
                assert best == (side is not None and number == side(numbers)), (form, row)
    full = run(path, '--csv', '--full')
    assert [line for line in full.splitlines() if re.match(r'# \w+$', line)] == ['# outcomes', '# values', '# gaps', '# solution']
    gaps = [line for line in csv.reader(io.StringIO(run(path, '--csv', '--full', '--table', 'gaps')))]
    assert gaps[1][:2] == ['A', 'lives, ' + TEXT] and float(gaps[1][2]) == wanted[policies[0]]['gaps']['A']


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'm.dtn')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(MODEL)
        check(path)


if __name__ == '__main__':
    sys.exit(main())
