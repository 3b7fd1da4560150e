#!/usr/bin/env python3
"""Forecasts of the crisis game, whose crises don't hang together: what the model forecasts is the same at every
lead, and in closed form; its losses, and those of the uniform forecast and the base rate, are worked out here. The draws of
a fit forecast the mean over them of that form. Cut into two histories, the same crises get the same losses. Rows that were
fitted to are told to be no test. Replications have the distributions of independent crises.
"""
import json
import math
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

from fit import ENVIRONMENT, MODEL, PROGRAM, logistic

TRAIN, TEST = 45, 15
COLUMNS = {'response.B': ('none', 'concede', 'resist'), 'nerve.A': ('none', 'firm', 'back')}


def model(war_a, concede_b):
    """The challenge having been made; values in the order of COLUMNS."""
    firm = logistic(war_a + 0.5)
    concede = logistic(concede_b - firm * -0.2 - (1 - firm))
    return {'response.B': (0, concede, 1 - concede),
            'nerve.A': (concede, (1 - concede) * firm, (1 - concede) * (1 - firm))}


def run(folder, *arguments):
    done = subprocess.run([PROGRAM, *arguments, '--policy', 'always', '--json', '--quiet'], cwd=folder, env=ENVIRONMENT,
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, (done.returncode, done.stderr)
    return json.loads(done.stdout)


def losses(forecast, rows):
    """Mean log loss and Brier's, column by column."""
    found = {}
    for column, values in COLUMNS.items():
        came = [values.index(row[column]) for row in rows]
        p = forecast[column]
        log = [-math.log(p[v]) for v in came]
        brier = [sum((q - (k == v)) ** 2 for k, q in enumerate(p)) for v in came]
        found[column] = sum(log) / len(log), sum(brier) / len(brier)
    return found


def near(found, known, what, within=1e-9):
    if abs(found - known) > within:
        yield '%s: %.12g, not %.12g' % (what, found, known)


def check(answer, forecast, rows, train=None, test=None):
    train, test = train or rows[:TRAIN], test or rows[TRAIN:]
    known = losses(forecast, test)
    rate = {}
    for column, values in COLUMNS.items():
        counts = [sum(row[column] == v for row in train) for v in values]
        rate[column] = [(n + 0.5) / (len(train) + len(values) / 2) for n in counts]
    known_rate = losses(rate, test)
    known_uniform = losses({c: [1 / 3] * 3 for c in COLUMNS}, test)
    lines = answer['tables']['columns']
    if len(lines) != 10 or len(answer['tables']['leads']) != 5:
        yield 'there are %d lines' % len(lines)
    for line in lines:
        column = line['column']
        for key, (log, brier) in (('model', known[column]), ('base_rate', known_rate[column]),
                                  ('uniform', known_uniform[column])):
            what = '%s, %s, lead %d' % (column, key, line['lead'])
            yield from near(line[key], log, what)
            yield from near(line['loss_' + key], brier, what + ', Brier')
        if line['cells'] != TEST:
            yield '%s: %d cells' % (column, line['cells'])
    for line in answer['tables']['leads']:
        yield from near(line['model'], sum(log for log, _ in known.values()) / 2, 'all columns')
    if sum(b['cells'] for b in answer['tables']['calibration']) != TEST * 6:
        yield 'calibration: cells are missing'


def longest(p, periods):
    """Of the longest run of successes of chance p in so many tries: [probability of 0, 1, …]."""
    below = []
    for most in range(periods + 1):                  # no run is longer
        now = [1.0] + [0.0] * most                   # by the length of the run that goes on
        for _ in range(periods):
            now = [(1 - p) * sum(now)] + [p * x for x in now[:most]]
        below.append(sum(now))
    return [b - a for a, b in zip([0, *below], below)]


def check_spells(answer, forecast, rows):
    """Crises don't hang together: how often something comes is binomial, and runs are runs of coins."""
    n, seen = len(rows), 0
    for line in answer['tables']['spells']:
        values = COLUMNS[line['column']]
        p = forecast[line['column']][values.index(line['value'])]
        came = ''.join('x' if row[line['column']] == line['value'] else '.' for row in rows)
        known, record = {
            'times': ([math.comb(n, k) * p ** k * (1 - p) ** (n - k) for k in range(n + 1)], came.count('x')),
            'longest lull': (longest(1 - p, n), max(map(len, came.split('x')))),
            'longest spell': (longest(p, n), max(map(len, came.split('.'))))}[line['what']]
        what = '%s, %s, %s' % (line['column'], line['value'], line['what'])
        seen += 1
        if line['came'] != record:
            yield '%s: %r, not %d' % (what, line['came'], record)
        yield from near(line['place'], sum(known[:record]) + known[record] / 2, what, 0.07)
        for key, share in (('p05', 0.05), ('median', 0.5), ('p95', 0.95)):
            k = int(line[key])
            if sum(known[:k]) > share + 0.07 or sum(known[:k + 1]) < share - 0.07:
                yield '%s: %s of %d lies at %g' % (what, key, k, sum(known[:k + 1]))
    if seen < 12:
        yield 'spells: %d statistics' % seen


def write(path, rows):
    with open(path, 'w', encoding='utf-8') as file:
        file.write('period,response.B,nerve.A\nbefore,,\n')
        file.writelines('t%d,%s,%s\n' % (t, row['response.B'], row['nerve.A']) for t, row in enumerate(rows, 1))


def check_fitted(answer, fitted, words):
    if [h['fitted'] for h in answer['histories']] != fitted:
        yield 'fitted: %r' % answer['histories']
    if [c for c in answer['said'] if 'were fitted to' in c] != words:
        yield 'cautions: %r' % answer['said']


def main():
    bad = []
    chance = random.Random(8)
    rows = [dict(zip(COLUMNS, chance.choices((('concede', 'none'), ('resist', 'firm'), ('resist', 'back')), (23, 55, 22))[0]))
            for _ in range(TRAIN + TEST)]
    with tempfile.TemporaryDirectory() as folder:
        write(os.path.join(folder, 'h.csv'), rows)
        rest = ['--history', 'h.csv', '--train', 't1..t%d' % TRAIN]
        found = run(folder, 'score', MODEL, *rest, '--set', 'war_a=0.2')
        bad += check(found, model(0.2, -1.0806977), rows)
        bad += check_spells(found, model(0.2, -1.0806977), rows[TRAIN:])
        run(folder, 'fit', MODEL, *rest, '--free', 'war_a,concede_b', '--particles', '64', '-o', 'h.fit')
        base = sqlite3.connect(os.path.join(folder, 'h.fit'))
        draws = [model(*draw) for draw in base.execute('SELECT p_war_a, p_concede_b FROM worlds WHERE world > 0')]
        base.close()
        mean = {c: [sum(d[c][v] for d in draws) / len(draws) for v in range(3)] for c in COLUMNS}
        found = run(folder, 'score', 'h.fit', *rest, '--test', 't%d..%d' % (TRAIN + 1, TRAIN + TEST))
        bad += check(found, mean, rows)
        bad += check_fitted(found, [[1, TRAIN]], [])
        # a training that ends earlier leaves rows to the test that the draws know
        found = run(folder, 'score', 'h.fit', '--history', 'h.csv', '--train', '1..%d' % (TRAIN - 5))
        bad += check_fitted(found, [[1, TRAIN]], [
            "Rows %d to %d of 'h.csv' were fitted to: what is forecast of them is no test of the model. --test %d..%d would "
            "be one." % (TRAIN - 4, TRAIN, TRAIN + 1, TRAIN + TEST)])
        # two histories, of which each has its training and its test
        half = len(rows) // 2
        parts, cut = (rows[:half], rows[half:]), half - 7
        write(os.path.join(folder, 'a.csv'), parts[0])
        write(os.path.join(folder, 'b.csv'), parts[1] + rows[:1])
        both = ['--history', 'a.csv', '--history', 'b.csv', '--train', '1..%d' % cut]
        found = run(folder, 'score', MODEL, *both, '--set', 'war_a=0.2')
        bad += check(found, model(0.2, -1.0806977), rows, parts[0][:cut] + parts[1][:cut],
                     parts[0][cut:] + parts[1][cut:] + rows[:1])
        bad += check_fitted(found, [None, None], [])
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
