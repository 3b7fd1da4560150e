#!/usr/bin/env python3
"""The numbers of the Korea model's README are what the program finds, to the digits shown, but for those over worlds, of
the posterior and of hidden aims, which take minutes and more. KOREA_POSTERIOR=FILE is the posterior, made as the README says;
KOREA_LEVERS=FILE:FILE what `levers --worlds --json` has printed of each package: then what is told of them is tested, too.

A table belongs to the command in the indented line before it. The columns, or the rows, of a table are outcomes: `icbm`, or
`icbm %` for a hundred times that. Against `run` the others are policies; against `levers` they are ingredients (`NAME alone`: added to nothing), and
from, to, difference, mechanical and adaptive, and with worlds a cell is `median (5 % to 95 %) share`, of the worlds in which the
sign holds; those of `ahead.py` end in the draws of 100 that are lower and higher than as it was; those of `score` are losses. A table whose second column is `counted` has conditions, and their shares of the
quarters. In the prose no number with a decimal point stands that isn't in a table, or in the model's own text.
"""
import json
import os
import re
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
README = os.path.join(ROOT, 'models', 'korea', 'README.md')
SHARES = ('from', 'to', 'difference', 'mechanical', 'adaptive')

AHEAD = 'models/korea/ahead.py'
NUMBER = r'[-+−]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)'

bad, cells = [], 0
found = {}


def answer(command):
    """The JSON of a command of the README."""
    if command not in found:
        words = [os.environ['KOREA_POSTERIOR'] if word == 'posterior.dts' else word for word in shlex.split(command)]
        text = None
        if command.startswith(AHEAD):
            done = subprocess.run([sys.executable, '-B'] + words + ['--json'], capture_output=True, text=True, check=True,
                                  cwd=ROOT, env={**os.environ, 'DETENTE': PROGRAM})
            found[command] = json.loads(done.stdout)
            return found[command]
        if 'undated.dtn' in words:
            words[words.index('undated.dtn')] = '/dev/stdin'
            text = subprocess.run([sys.executable, '-B', os.path.join(ROOT, 'models', 'korea', 'undated.py')],
                                  capture_output=True, text=True, check=True).stdout
        done = subprocess.run([PROGRAM] + words[1:] + ['--json', '--quiet'], input=text, capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            sys.exit('%s: %s' % (command, done.stderr))
        found[command] = json.loads(done.stdout)
    return found[command]


def shown(text):
    """A cell as (number, half a unit of its last digit), or None if it isn't one."""
    text = text.strip('* ').replace('−', '-').replace(',', '')
    if not re.fullmatch(r'[-+]?(\d+(\.\d+)?|\.\d+)', text):
        return None
    digits = len(text.split('.')[1]) if '.' in text else 0
    return float(text), .5 * 10 ** -digits * 1.0001


def cell(command, row, column):
    """What the program has for a row and a column, and the scale of the outcome; None if they aren't such."""
    result = answer(command)
    if 'tables' in result:
        name, lead = row.strip('`'), {'all at once': 0, '1 quarter': 1}.get(row) if not row.isdigit() else int(row)
        rows = [x for x in result['tables']['columns'] if x['column'] == name and x['lead'] == 1] if lead is None else \
            [x for x in result['tables']['leads'] if x['lead'] == lead]
        return rows[0].get(column.lower().replace(' ', '_')) if rows else None
    for one, other in ((row, column), (column, row)):
        outcome, percent = re.fullmatch(r'`?(\w+)`?( %)?', one).groups() if re.fullmatch(r'`?(\w+)`?( %)?', one) else (None, None)
        other, scale = other.strip('`'), 100 if percent else 1
        if 'policies' in result:
            if other in result['policies'] and outcome in result['policies'][other]['outcomes']:
                value = result['policies'][other]['outcomes'][outcome]
                return scale * value
        elif outcome in result.get('outcomes', {}):
            value = result['outcomes'][outcome]
            if other in SHARES:
                return scale * value[other]
            if other.endswith(' alone'):
                return scale * value['alone'][other[:-6]]
            if other in value['shapley']:
                return scale * value['shapley'][other]
    return None


def counted(condition):
    """The share of quarters under as_is in which a condition holds: the model with that outcome alone."""
    with open(os.path.join(ROOT, 'models', 'korea', 'korea.dtn'), encoding='utf-8') as file:
        text = file.read()
    text = re.sub(r'^tour .*\n(  .*\n)*}\n|^outcome .*\n(    .*\n)*|^expect .*\n|^group "(Peace|Arms|The alliance|What it costs)"\n', '', text, flags=re.M)
    text = text.replace('\nlever ', '\noutcome share = mean(%s)\nlever ' % condition, 1)
    done = subprocess.run([PROGRAM, 'run', '/dev/stdin', '--policy', 'as_is', '--json', '--quiet'], input=text,
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit('%s: %s' % (condition, done.stderr))
    return json.loads(done.stdout)['policies']['as_is']['outcomes']['share']


def check_counted(row):
    global cells
    given, value = shown(row[2]), counted(row[1].strip('`'))
    if abs(value - given[0]) > given[1]:
        bad.append('%s is %g, not %s' % (row[1], value, row[2]))
    else:
        cells += 1


def over_worlds(command):
    """What `levers --worlds` has printed, if it is the command's; else None."""
    words = command.split()
    for name in os.environ.get('KOREA_LEVERS', '').split(':'):
        if not name:
            continue
        with open(name, encoding='utf-8') as file:
            result = json.load(file)
        if all(result[end] == words[words.index('--' + end) + 1] for end in ('from', 'to')):
            return result
    return None


def check_worlds(command, header, row):
    global cells
    result = over_worlds(command)
    for i, text in enumerate(row[1:], 1):
        told = re.fullmatch(r'(%s) \((%s) to (%s)\) (\d+)' % ((NUMBER,) * 3), text)
        outcome = re.fullmatch(r'`(\w+)`( %)?', header[i])
        if not told or not outcome:
            bad.append('%s: %s isn\'t as it should be' % (command, text))
        elif result:
            there = result['outcomes'][outcome[1]]['worlds'][row[0]]
            if there['worlds'] != int(re.search(r'--worlds (\d+)', command)[1]):
                bad.append('%s: %d worlds' % (command, there['worlds']))
            for key, number, scale in zip(('median', 'p05', 'p95', 'sign_holds'), told.groups(), [100 if outcome[2] else 1] * 3 + [100]):
                given = shown(number)
                if abs(scale * there[key] - given[0]) > given[1]:
                    bad.append('%s: %s of %s is %g, not %s' % (command, key, row[0], scale * there[key], number))
                else:
                    cells += 1


def check_draws(command, header, row):
    """Of draws of the posterior: `median (5 % to 95 %)`, and of 100 draws how many are lower and higher than as it was."""
    global cells
    for i, text in enumerate(row[1:], 1):
        told = re.fullmatch(r'(%s) \((%s) to (%s)\)(?: (\d+) / (\d+))?' % ((NUMBER,) * 3), text)
        outcome = re.fullmatch(r'`(\w+)`( %)?', header[i])
        there = answer(command)[row[0].strip('`')][outcome[1]]
        for key, number in zip(('median', 'p05', 'p95', 'lower', 'higher'), told.groups()):
            given = shown(number) if number else None
            if given and abs(there[key] - given[0]) > given[1]:
                bad.append('%s: %s of %s under %s is %g, not %s' % (command, key, outcome[1], row[0], there[key], number))
            elif given:
                cells += 1


def check(command, header, row):
    global cells
    if ' levers ' in command and '--worlds' in command:
        check_worlds(command, header, row)
        return
    if command.startswith(AHEAD):
        check_draws(command, header, row)
        return
    for i, text in enumerate(row[1:], 1):
        given = shown(text)
        if given is None:
            continue
        value = cell(command, row[0], header[i])
        if value is None:
            bad.append('%s: no %s of %s' % (command, header[i], row[0]))
        elif abs(value - given[0]) > given[1]:
            bad.append('%s: %s of %s is %g, not %s' % (command, header[i], row[0], value, text))
        else:
            cells += 1


def main():
    with open(README, encoding='utf-8') as file:
        lines = file.read().split('\n')
    command, header, prose, numbers, first = None, None, [], set(), {}
    for line in lines:
        row = [part.strip() for part in line.strip().strip('|').split('|')] if line.startswith('|') else None
        if row is None:
            header = None
            if line.startswith('    '):
                command = line.strip() if re.match(r'    (detente (run|levers|score)|%s) ' % AHEAD, line) else None
                if command and 'posterior.dts' in command and 'KOREA_POSTERIOR' not in os.environ:
                    command = None
                if command and os.environ.get('DETENTE_SANITIZE') and first.setdefault(command.split()[1], command) != command:
                    command = None # where it isn't numbers that are tested, one of each kind will do
            elif line:
                prose.append(line)
                if line.startswith('#'):
                    command = None
            continue
        for text in row:
            numbers |= set(re.findall(r'\d*\.\d+', text))
        if header is None:
            header = row
        elif header[1] == 'counted' and not set(''.join(row)) <= set('-: '):
            check_counted(row)
        elif command and not set(''.join(row)) <= set('-: '):
            check(command, header, row)
    with open(os.path.join(ROOT, 'models', 'korea', 'korea.dtn'), encoding='utf-8') as file:
        numbers |= set(re.findall(r'\d*\.\d+', file.read()))
    numbers |= {n.lstrip('0') for n in numbers}
    for line in prose:
        for n in re.findall(r'(?<![\w/])\d*\.\d+(?!\w)', re.sub(r'`[^`]*`', '', line)):
            if n not in numbers and n.lstrip('0') not in numbers:
                bad.append('README.md: %s is in no table: %s' % (n, line.strip()[:80]))
    for line in bad:
        print(line)
    print('%d wrong' % len(bad) if bad else '%d numbers of the README are the program\'s' % cells)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
