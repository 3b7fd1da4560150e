#!/usr/bin/env python3
"""Sampled histories against exact outcomes: the mean of each outcome over histories that `detente sample` draws lies
within four standard errors of what `run` has, the likelihood of a history sampled with --receding is the product of what is
predicted, and threads change nothing. Outcomes are evaluated by the reference. A few models and histories; with FREQUENCIES=10000 all shipped ones, with so many.

    frequencies.py
"""
import csv
import glob
import json
import math
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test/reference'))
import histories  # noqa: E402
import reference  # noqa: E402
from expression import reads_now  # noqa: E402

PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
ERRORS = 4
FEW = ('models/classics/crisis.dtn', 'models/classics/arms-race.dtn', 'models/classics/beer-quiche.dtn',
       'models/classics/chain-store.dtn')


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments, '-q'], capture_output=True, text=True, timeout=3600)
    return done.returncode, done.stdout, done.stderr


class Outcomes:
    """What each outcome that reads no beliefs is in a history. Rows that say the same are evaluated once."""

    def __init__(self, game, model):
        self.game, self.model, self.known = game, model, {}
        self.asked = {name: (form, e) for name, (form, e) in model.outcomes.items() if 'belief' not in str(e)}
        self.dated = reads_now([e for _, e in self.asked.values()])
        self.none = {(s.name, m): 'none' for s in model.stages for m in s.movers}

    def numbers(self, cells, t, standing):
        """The argument of each outcome in period t, at a row's state, and whether play ends there; standing: nothing was
        chosen."""
        key = cells, standing, t if self.dated else None
        if key not in self.known:
            row = histories.Row(self.model, dict(zip(self.columns, cells)), None)
            state = tuple(row.variables[i] for i in range(len(self.model.variables)))
            choices = self.none if standing else {**self.none, **row.choices}
            self.known[key] = ([self.game.number(e, state, choices, t) for _, e in self.asked.values()],
                               self.game.ended(state, choices))
        return self.known[key]

    def of(self, path):
        """{outcome: its number} in the history in a file."""
        horizon = self.model.horizon
        with open(path, encoding='utf-8', newline='') as file:
            header, _, *rows = csv.reader(file)
        self.columns = header[2:]                       # after the period's label and the policy
        rows = [tuple(row[2:]) for row in rows]
        here = [self.numbers(row, t, False) for t, row in enumerate(rows, 1)]
        assert len(rows) == horizon or here[-1][1]
        stand = [self.numbers(rows[-1], t, True) for t in range(len(rows) + 1, horizon + 1)]
        found = {}
        for i, (name, (form, _)) in enumerate(self.asked.items()):
            played, all_periods = [x[i] for x, _ in here], [x[i] for x, _ in here + stand]
            first = next((t for t, x in enumerate(played, 1) if x), horizon + 1)
            found[name] = {'ever': lambda: float(first <= horizon), 'first': lambda: float(first),
                           'last': lambda: all_periods[-1], 'mean': lambda: sum(all_periods) / horizon,
                           'total': lambda: sum(played), 'count': lambda: sum(played)}[form]()
        return found


def compare(path, policy, exact, count, folder):
    with open(path, encoding='utf-8') as file:
        model = reference.read_model(file.read(), (), None)
    game = reference.Game(model, next(p for p in model.policies if p.name == policy))
    status, _, told = run('sample', path, '--policy', policy, '--histories', str(count), '--seed', '5', '--private',
                          '-o', folder)
    if status != 0:
        yield '%s: exit status %d\n%s' % (path, status, told)
        return
    sums, squares, outcomes = {}, {}, Outcomes(game, model)
    for name in sorted(glob.glob(os.path.join(folder, '*.csv'))):
        for outcome, x in outcomes.of(name).items():
            sums[outcome] = sums.get(outcome, 0) + x
            squares[outcome] = squares.get(outcome, 0) + x * x
        os.remove(name)
    for outcome, total in sums.items():
        mean, wanted = total / count, exact[outcome]
        variance = max(squares[outcome] / count - mean * mean, 0)
        if model.outcomes[outcome][0] == 'ever':
            variance = wanted * (1 - wanted)
        # what never happened in so many histories may still have a chance of some in all of them
        rare = 16 * model.horizon * (1 + abs(mean)) / count if variance < 1e-9 else 0
        if abs(mean - wanted) > ERRORS * math.sqrt(variance / count) + rare + 1e-9:
            yield '%s, %s: %s is %g in %d histories, expected %g with an error of %g' % (
                os.path.relpath(path, ROOT), policy, outcome, mean, count, wanted, math.sqrt(variance / count))


def check_threads(path, policy, folder):
    """Two threads write the files that one writes."""
    written = []
    for jobs in ('1', '2'):
        status, _, told = run('sample', path, '--policy', policy, '--histories', '450', '--seed', '6', '--jobs', jobs, '-o', folder)
        if status != 0:
            yield '%s: exit status %d\n%s' % (path, status, told)
        here = {}
        for name in glob.glob(os.path.join(folder, '*.csv')):
            with open(name, encoding='utf-8') as file:
                here[os.path.basename(name)] = file.read()
            os.remove(name)
        written.append(here)
    if len(written[0]) != 450 or written[0] != written[1]:
        yield '%s: %d and %d files by one thread and by two, or others' % (path, len(written[0]), len(written[1]))


def check_receding(path, folder):
    """A history that was sampled so is possible, row by row, and the same whatever threads there are."""
    drawn = [run('sample', path, '--receding', '--private', '--periods', '6', '--seed', '9', *more)
             for more in ([], ['--jobs', '1'], ['--jobs', '3'])]
    if any(d != drawn[0] for d in drawn) or drawn[0][0] != 0:
        yield '%s: exit status %d, or others with other threads\n%s' % (path, drawn[0][0], drawn[0][2])
        return
    name = os.path.join(folder, 'receding')
    with open(name, 'w', encoding='utf-8') as file:
        file.write(drawn[0][1])
    status, out, told = run('score', path, '--history', name, '--rows', '--json')
    os.remove(name)
    if status != 0 or not all(-60 < x <= 1e-9 for x in json.loads(out)['rows']):
        yield '%s: what was sampled is scored so: exit status %d, %s%s' % (path, status, out, told)


def main():
    count = int(os.environ.get('FREQUENCIES', '0'))
    paths = [os.path.join(ROOT, p) for p in FEW]
    if count:
        paths = sorted(glob.glob(os.path.join(ROOT, 'models/*/*.dtn')) + glob.glob(os.path.join(ROOT, 'models/*/*/*.dtn')))
    bad, looked = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            status, out, told = run('run', path, '--json')
            if status != 0:
                bad.append('%s: exit status %d\n%s' % (path, status, told))
                continue
            policies = json.loads(out)['policies']
            for policy in policies if count else list(policies)[:1]:
                bad += compare(path, policy, policies[policy]['outcomes'], count or 300, folder)
                looked += 1
            bad += check_receding(path, folder)
            if path == paths[0]:
                bad += check_threads(path, list(policies)[0], folder)
            if count:
                print(os.path.relpath(path, ROOT), looked, len(bad), flush=True)
    print('%d policies looked at' % looked)
    print('\n'.join(bad))
    return 1 if bad or looked < len(paths) else 0


if __name__ == '__main__':
    sys.exit(main())
