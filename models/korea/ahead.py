#!/usr/bin/env python3
"""Solves the model, with the lookahead it has, at each draw of a posterior that was fitted with a shorter one, and says how
often each policy does what: the median over the draws, where 5 to 95 % of them lie, and in how many of 100 draws the outcome
is lower, or higher, than as it was: by a point, or where it is no share or a rare one by a hundredth of itself.

    ahead.py posterior.dts              a table; --json: the numbers

The program is the `detente` of the path, or what DETENTE names. 96 draws take some five minutes of a processor's time.
"""
import json
import os
import sqlite3
import subprocess
import sys

MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'korea.dtn')
PROGRAM = os.environ.get('DETENTE', 'detente')
SHOWN = {'war': 100, 'icbm': 100, 'under_deal': 100, 'provocations': 100, 'cohesion': 1, 'deaths': 1}
CHANCES = ('icbm', 'under_deal', 'provocations')


def draws(path):
    """The numbers that were fitted, of each draw."""
    study = sqlite3.connect('file:%s?mode=ro' % path, uri=True)
    varied = study.execute('SELECT name, name_of_column FROM parameters WHERE varied ORDER BY number').fetchall()
    columns = ', '.join('"%s"' % column for _, column in varied)
    for row in study.execute('SELECT %s FROM worlds WHERE world > 0 ORDER BY world' % columns):
        yield {name: number for (name, _), number in zip(varied, row)}


def solve(numbers):
    """The outcomes under each policy."""
    command = [PROGRAM, 'run', MODEL, '--json', '--quiet']
    for name, number in numbers.items():
        command += ['--set', '%s=%r' % (name, number)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return {policy: {o: s * p['outcomes'][o] for o, s in SHOWN.items()}
            for policy, p in json.loads(done.stdout)['policies'].items()}


def quantile(numbers, share):
    """Between the two nearest of them."""
    at = share * (len(numbers) - 1)
    low = int(at)
    high = min(low + 1, len(numbers) - 1)
    return numbers[low] + (at - low) * (numbers[high] - numbers[low])


def told(solved):
    """Of each policy and outcome: median, 5 and 95 %, and of 100 draws those that are lower and higher than as it was."""
    result = {}
    for policy in solved[0]:
        for outcome in SHOWN:
            numbers = [draw[policy][outcome] for draw in solved]
            apart = [(draw[policy][outcome] - draw['as_is'][outcome],
                      1 if outcome in CHANCES else abs(draw['as_is'][outcome]) / 100) for draw in solved]
            result.setdefault(policy, {})[outcome] = {
                'median': quantile(sorted(numbers), .5), 'p05': quantile(sorted(numbers), .05),
                'p95': quantile(sorted(numbers), .95),
                'lower': 100 * sum(d <= -least for d, least in apart) / len(apart),
                'higher': 100 * sum(d >= least for d, least in apart) / len(apart)}
    return result


def main():
    solved = []
    for numbers in draws(sys.argv[1]):
        solved.append(solve(numbers))
        print('\r%d draws' % len(solved), end='', file=sys.stderr)
    print(file=sys.stderr)
    result = told(solved)
    if '--json' in sys.argv:
        json.dump(result, sys.stdout, indent=1)
        return
    for policy, outcomes in result.items():
        print(policy)
        for outcome, x in outcomes.items():
            print('  %-12s %8.4g (%.4g to %.4g), lower in %.0f of 100, higher in %.0f' %
                  (outcome, x['median'], x['p05'], x['p95'], x['lower'], x['higher']))


if __name__ == '__main__':
    main()
