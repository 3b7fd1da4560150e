#!/usr/bin/env python3
"""The tables of `run`, `levers` and `design` in three forms say what --json says: CSV to the last digit, Markdown and LaTeX
as a terminal shows numbers, whatever stands in the model's texts; what is best is marked in each, and what holds by
chance alone where --json, or the terminal, says so."""
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


def ask(command, path, *words):
    return subprocess.run([PROGRAM, command, path, '--quiet', *words], capture_output=True, check=True).stdout.decode()


def run(path, *words):
    return ask('run', path, *words)


def sheets(text):
    """The tables of a CSV by name, each the list of its rows as objects."""
    found, name = {}, None
    for line in text.split('\r\n'):
        heading = re.match(r'# (\w+)$', line)
        if heading:
            name = found.setdefault(heading.group(1), [])
        elif line and not line.startswith('#'):
            name.append(line)
    return {name: list(csv.DictReader(lines)) for name, lines in found.items()}


def same_on_paper(text, rows, skipped=()):
    """The first table of a paper has the numbers of the CSV's."""
    for latex, paper in enumerate(text):
        head, found = read_paper(paper, latex)
        keys = [key for key in rows[0] if key not in skipped]
        assert len(head) == len(keys) and len(found) == len(rows), (head, keys)
        for cells_, row in zip(found, rows):
            for (cell, _), key in zip(cells_, keys):
                try:
                    number = float(row[key])
                except ValueError:
                    assert cell == row[key], (cell, key, row)
                    continue
                shown = float(cell[:-2]) / 100 if cell.endswith(' %') else float(cell)
                assert abs(shown - number) <= 5.01e-4 * max(1e-3, abs(number)) + 5e-4 * cell.endswith(' %'), (cell, key, row)


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


def check_levers():
    """Between two policies, with every table."""
    question = os.path.join(ROOT, 'test/cli/levers.dtn'), '--from', 'as_is', '--to', 'led_cheaply', '--worlds', '20', '--seed', '3'
    wanted = json.loads(ask('levers', *question, '--json'))
    text = ask('levers', *question, '--csv', '--full')
    tables, names = sheets(text), wanted['ingredients']
    assert list(tables) == ['ends', 'shares', 'alone', 'left_out', 'interactions', 'worlds'], list(tables)
    terminal = ask('levers', *question)
    for row in tables['ends']:
        name = row['outcome'].rstrip('^')
        assert row['outcome'] in terminal.split() and row['outcome'].endswith('^') == ('%s^' % name in terminal.split())
        for part in ('from', 'to', 'difference', 'mechanical', 'adaptive'):
            assert float(row[part]) == wanted['outcomes'][name][part], (row, part)
    assert 'if everybody tosses coins' in text
    for table, part in ('shares', 'shapley'), ('alone', 'alone'), ('left_out', 'left_out'):
        assert [row['ingredient'] for row in tables[table]] == names
        for row in tables[table]:
            for outcome, found in wanted['outcomes'].items():
                assert float(row[outcome]) == found[part][row['ingredient']], (table, row)
    for row in tables['interactions']:
        for outcome, found in wanted['outcomes'].items():
            assert float(row[outcome]) == found['interactions']['%s & %s' % (row['one'], row['other'])], row
    for row in tables['worlds']:
        found = wanted['outcomes'][row['outcome']]
        assert float(row['nominal']) == found['shapley'][row['ingredient']]
        for part, number in found['worlds'][row['ingredient']].items():
            assert float(row[part]) == number, (row, part)
    for table in tables:
        same_on_paper([ask('levers', *question, form, '--full', '--table', table) for form in ('--markdown', '--latex')], tables[table])


def check_design():
    """A front, and one over worlds; a mark of chance stands above just those columns of which --json says so."""
    marked = set()
    for words in (['flood.dtn', '--free', 'dike,alarm', '--require', 'hurt <= 0.2', '--worlds', '60'],
                  ['flood.dtn', '--from', 'spared', '--free', 'dike', '--worlds', '9']):
        question = os.path.join(ROOT, 'test/cli', words[0]), *words[1:]
        wanted = json.loads(ask('design', *question, '--json'))
        text = ask('design', *question, '--csv')
        tables, cells_ = sheets(text), wanted['cells']
        number = {**{name: cell for name, cell in wanted['policies'].items() if cell is not None},
                  **{one['name']: one['cell'] for one in wanted['named']}}
        line = {one['name']: one['policy'] for one in wanted['named']}
        assert list(tables) == ['front', 'robust'], list(tables)
        for table, rows in tables.items():
            for row in rows:
                cell = cells_[number[row['cell']]]
                assert row['on_front'] == ('yes' if number[row['cell']] in wanted[table] else 'no'), row
                assert line.get(row['cell'], row['policy']) == row['policy'], row
                assert all(row[lever] == cell['settings'][lever] for lever in wanted['free']), row
                for outcome in wanted['objectives']:
                    here = cell['outcomes'] if table == 'front' else cell['quantile90']
                    assert float(row[outcome]) == here[outcome], (table, row)
                    if table == 'robust':
                        assert float(row[outcome + '_regret']) == cell['regret_p90'][outcome], row
                if 'meets' in row:
                    assert float(row['meets']) == cell['share_met'], row
            papers = [ask('design', *question, form, '--table', table) for form in ('--markdown', '--latex')]
            same_on_paper(papers, rows, {'policy'})
            for latex, paper in enumerate(papers):
                above = {name.rstrip('^') for name in read_paper(paper, latex)[0] if name.endswith('^')}
                assert above == {name for name, holds in wanted['by_chance'][table].items() if holds}, (table, above)
                assert ('tosses coins' in paper) == bool(above)
                marked |= above
    assert marked


def main():
    check_levers()
    check_design()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'm.dtn')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(MODEL)
        check(path)


if __name__ == '__main__':
    sys.exit(main())
