#!/usr/bin/env python3
"""Every mechanism that coverage.csv names for a row "in spirit" can come out either way.

mechanisms.csv has, for each, what it is (`what`), the policy it is about, what that is compared with (`against`,
or nothing), an outcome, and two settings, `down` and `up`, of at most two numbers each (none: the nominal ones)
within the declared ranges, or three standard deviations of a declared distribution. With a policy to compare with,
the outcome is lower than there with `down` and higher with `up`. Without one, it falls below the nominal number
with `down` and rises above it with `up`. A difference of less than one in a hundred is none.

A policy is one of the model's, or a cell: settings of levers and single rules (force, forbid, set), joined by +,
over `as_is`. An outcome is one of the model's, or what its declaration would have after the equals sign. What a
rival is after (TYPES) may be put at 0 and at 1.

    mechanisms.py         every fifth row
    mechanisms.py --all   every row, a minute; the same if KOREA_ALL is set
"""
import csv
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
KOREA = os.path.join(ROOT, 'models', 'korea')
MODEL = os.path.join(KOREA, 'korea.dtn')
COLUMNS = ['mechanism', 'what', 'policy', 'against', 'outcome', 'down', 'up']
LEAST, DEVIATIONS = 1e-2, 3
LEAST_ROWS, MOST_MECHANISMS = 80, 40
TYPES = ('p_aim', 'p_will')
RULES = ('force', 'forbid', 'set')


def table(name):
    with open(os.path.join(KOREA, name), encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


class Model:
    """The text of the model, and what it comes to."""

    def __init__(self):
        with open(MODEL, encoding='utf-8') as file:
            self.text = file.read()
        self.policies = self.declared(r'policy (\w+)')
        self.outcomes = self.declared(r'outcome (\w+)')
        self.ranges = {name: (float(least), float(most)) for name, least, most in
                       re.findall(r'^param (\w+)\s*= \S+ in (\S+) \.\. (\S+) ', self.text, re.M)}
        for name, a, b in re.findall(r'^param (\w+)\s*= \S+ ~ beta\((\S+), (\S+)\) ', self.text, re.M):
            mean, weight = float(a) / (float(a) + float(b)), float(a) + float(b)
            spread = DEVIATIONS * (mean * (1 - mean) / (weight + 1)) ** 0.5
            self.ranges[name] = (max(0.0, mean - spread), min(1.0, mean + spread))
        self.solved = {}

    def declared(self, pattern):
        return set(re.findall('^' + pattern, self.text, re.M))

    def allows(self, setting):
        """Whether name=value is within what is declared."""
        name, value = setting.split('=')
        if name in TYPES:
            return float(value) in (0.0, 1.0)
        return name in self.ranges and self.ranges[name][0] <= float(value) <= self.ranges[name][1]

    def number(self, cell, outcome, settings):
        return self.solved[outcome if outcome not in self.outcomes else '', settings][cell][outcome]

    def solve(self, wanted):
        """Each (cell, outcome, settings): a run for all cells with the same settings; each outcome that the model
        doesn't have in a run of its own, since what it makes play remember multiplies the nodes."""
        runs = {}
        for cell, outcome, settings in wanted:
            runs.setdefault((outcome if outcome not in self.outcomes else '', settings), set()).add(cell)
        for (outcome, settings), cells in sorted(runs.items()):
            self.solved[outcome, settings] = self.run(outcome, settings, sorted(cells))

    def run(self, outcome, settings, cells):
        lines, names = [self.text], {}
        if outcome:
            lines.append('outcome measured "measured" = ' + outcome)
        for i, cell in enumerate(cells):
            names[cell] = cell if cell in self.policies else 'cell_%d' % i
            if cell not in self.policies:
                parts = [part for part in cell.split(' + ') if part != 'as_is']
                lines.append('policy %s { %s }' % (names[cell], ' ; '.join(
                    part if part.split()[0] in RULES else 'use ' + part for part in parts)))
        command = [PROGRAM, 'run', '--quiet', '--json', '/dev/stdin']
        command += ['--policy=' + names[cell] for cell in cells] + ['--set=' + part for part in settings.split()]
        done = subprocess.run(command, input='\n'.join(lines) + '\n', capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit('%s: %s' % (' '.join(command), done.stderr))
        policies = json.loads(done.stdout)['policies']
        found = {cell: policies[names[cell]]['outcomes'] for cell in cells}
        if outcome:
            for cell in cells:
                found[cell][outcome] = found[cell].pop('measured')
        return found


def check_form(rows, model):
    bad = []
    for row in rows:
        if list(row) != COLUMNS or not all(row[c] for c in ('mechanism', 'what', 'policy', 'outcome')):
            bad.append('mechanisms.csv: %s: an empty or a wrong column' % row.get('mechanism'))
            continue
        if not row['against'] and not (row['down'] and row['up']):
            bad.append('mechanisms.csv: %s: nothing to compare with' % row['mechanism'])
        for settings in (row['down'].split(), row['up'].split()):
            if len(settings) > 2:
                bad.append('mechanisms.csv: %s: more than two numbers move' % row['mechanism'])
            bad += ['mechanisms.csv: %s: %s is outside what is declared' % (row['mechanism'], part)
                    for part in settings if not model.allows(part)]
    return bad


def sides(row):
    """(direction, this cell and settings, the other's) for both directions."""
    for way, settings in ((-1, row['down']), (1, row['up'])):
        other = (row['against'], settings) if row['against'] else (row['policy'], '')
        yield way, (row['policy'], settings), other


def check_numbers(rows, model):
    bad = []
    model.solve({(cell, row['outcome'], settings) for row in rows for _, *both in sides(row) for cell, settings in both})
    for row in rows:
        for way, this, other in sides(row):
            a, b = (model.number(cell, row['outcome'], settings) for cell, settings in (this, other))
            if not way * (a - b) > LEAST * abs(b):
                bad.append('mechanisms.csv: %s: %s under %s is not %s with %s: %.4g against %.4g' % (
                    row['mechanism'], row['outcome'], row['policy'], 'higher' if way > 0 else 'lower',
                    this[1] or 'the nominal numbers', a, b))
    return bad


def check_coverage(rows):
    carried = [row for row in table('coverage.csv') if row['carried'] == 'spirit']
    tested, named = {row['mechanism'] for row in rows}, {row['mechanism'] for row in carried}
    bad = ['coverage.csv: no test of %s' % name for name in sorted(named - tested)]
    bad += ['mechanisms.csv: nothing is carried by %s' % name for name in sorted(tested - named)]
    if len(carried) < LEAST_ROWS or len(tested) > MOST_MECHANISMS:
        bad.append('coverage.csv: %d rows in spirit by %d mechanisms: at least %d by at most %d are wanted' % (
            len(carried), len(tested), LEAST_ROWS, MOST_MECHANISMS))
    return bad


def main():
    rows, model = table('mechanisms.csv'), Model()
    bad = check_form(rows, model) + check_coverage(rows)
    if not bad:
        everything = '--all' in sys.argv or bool(os.environ.get('KOREA_ALL'))
        bad = check_numbers(rows if everything else rows[::5], model)
    print('\n'.join(bad), end='\n' if bad else '')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
