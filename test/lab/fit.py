#!/usr/bin/env python3
"""What the page of a fit says of it, `posterior` and `fan` of its JSON: each number before and after, against the uniform prior's
own shares and the draws in the file; what is observed beside what is expected of it, against the closed form of the crisis
game, the mean of it over the draws. With a state variable the fan's quantiles are those of the probabilities.
"""
import json
import math
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test', 'history'))
import forecast  # noqa: E402
from fit import CONCEDE, ENVIRONMENT, MODEL, PROGRAM, WAR  # noqa: E402

ROWS, TRAIN, DRAWS = 24, 18, 64
SHARES = (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)
RACE = os.path.join(ROOT, 'models', 'classics', 'arms-race.dtn')


def page(folder, *arguments):
    done = subprocess.run([PROGRAM, 'report', *arguments, '--quiet'], cwd=folder, env=ENVIRONMENT, capture_output=True,
                          text=True, timeout=300)
    if 'without the page' in done.stderr:
        print('skipped: the program was built without the page')
        sys.exit(0)
    assert done.returncode == 0, (done.returncode, done.stderr)
    return json.loads(re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script', done.stdout, re.S).group(1))


def near(found, known, what, within=1e-5):
    if not abs(found - known) <= within * max(1, abs(known)):
        yield '%s: %r, not %r' % (what, found, known)


def quantile(numbers, share):
    """GSL's: on a line between neighbours."""
    at = (len(numbers) - 1) * share
    low = math.floor(at)
    return numbers[low] + (at - low) * (numbers[min(low + 1, len(numbers) - 1)] - numbers[low])


def check_number(number, draws, bounds):
    """A number whose prior is uniform between bounds."""
    width = bounds[1] - bounds[0]
    edges, bins = number['edges'], len(number['edges']) - 1
    for when, shares, mean, sd in (
            ('prior', [s for s in number['prior']['shares']], sum(bounds) / 2, width / math.sqrt(12)),
            ('posterior', number['posterior']['shares'], sum(draws) / len(draws),
             math.sqrt(sum((x - sum(draws) / len(draws)) ** 2 for x in draws) / (len(draws) - 1)))):
        yield from near(number[when]['mean'], mean, when + ' mean')
        yield from near(number[when]['sd'], sd, when + ' sd')
        for q, share in zip(number[when]['quantiles'], SHARES):
            known = bounds[0] + share * width if when == 'prior' else quantile(sorted(draws), share)
            yield from near(q, known, '%s quantile %g' % (when, share))
        for b in range(bins):
            low, high = edges[b], edges[b + 1]
            known = (high - low) / width if when == 'prior' else \
                sum(low <= x and (x < high or b == bins - 1) for x in draws) / len(draws)
            # of 4,096 points of the prior one more or less falls into a bin
            yield from near(shares[b], known, '%s in bin %d' % (when, b), 2 / 4096 if when == 'prior' else 1.5 / len(draws))
        yield from near(sum(shares), 1, when + ' shares', 0.02)
    ratio = number['posterior']['sd'] / number['prior']['sd']
    yield from near(number['learned'], 1 - ratio ** 2, 'learned')
    if not number['uniform'] or bins != 40:
        yield 'uniform: %r, %d bins' % (number['uniform'], bins)


def check_column(column, known, rows, free_from):
    values = forecast.COLUMNS[column['name']]
    if column['values'] != list(values) or column['variable']:
        yield '%s: %r' % (column['name'], column['values'])
    if column['observed'] != [values.index(row[column['name']]) for row in rows]:
        yield '%s: observed %r' % (column['name'], column['observed'])
    for what, begins in (('one_ahead', 1), ('free', free_from)):
        if column[what]['quantiles'] is not None or len(column[what]['probabilities']) != len(rows):
            yield '%s, %s: %r' % (column['name'], what, column[what])
        for t, found in enumerate(column[what]['probabilities'], 1):
            if t < begins:
                if found is not None:
                    yield '%s: row %d is forecast by itself' % (what, t)
                continue
            for v, p in enumerate(found):
                yield from near(p, known[column['name']][v], '%s, %s, row %d' % (column['name'], what, t))


def check_fit(folder):
    chance = random.Random(5)
    rows = [dict(zip(forecast.COLUMNS, chance.choice((('concede', 'none'), ('resist', 'firm'), ('resist', 'back')))))
            for _ in range(ROWS)]
    forecast.write(os.path.join(folder, 'h.csv'), rows)
    forecast.run(folder, 'fit', MODEL, '--history', 'h.csv', '--train', '1..%d' % TRAIN, '--free', 'war_a,concede_b',
                 '--particles', str(DRAWS), '-o', 'h.fit')
    data = page(folder, 'h.fit', '--history', 'h.csv')
    base = sqlite3.connect(os.path.join(folder, 'h.fit'))
    draws = base.execute('SELECT p_war_a, p_concede_b FROM worlds WHERE world > 0').fetchall()
    base.close()
    posterior = data['posterior']
    if posterior['draws'] != DRAWS or not posterior['fitted'].startswith('h.csv, rows 1 to %d' % TRAIN):
        yield 'posterior: %r' % {k: v for k, v in posterior.items() if k != 'numbers'}
    for i, bounds in enumerate((WAR, CONCEDE)):
        yield from check_number(posterior['numbers'][i], [draw[i] for draw in draws], bounds)
    fan, = data['fan']
    if (fan['history'], fan['fitted'], fan['free_from'], fan['worlds'], fan['failed'], fan['shares'], fan['periods'][0]) != \
            ('h.csv', [1, TRAIN], TRAIN + 1, DRAWS, 0, list(SHARES[1:-1]), 't1'):
        yield 'fan: %r' % {k: v for k, v in fan.items() if k != 'columns'}
    known = [forecast.model(*draw) for draw in draws]
    mean = {c: [sum(d[c][v] for d in known) / DRAWS for v in range(3)] for c in forecast.COLUMNS}
    for column in fan['columns']:
        yield from check_column(column, mean, rows, TRAIN + 1)
    if len(fan['columns']) != 2:
        yield 'fan: %d columns' % len(fan['columns'])


def check_model(folder):
    """Of a model that isn't fitted there is a fan, of its own numbers, free-running from the beginning."""
    path = os.path.join(folder, 'race.csv')
    with open(path, 'w', encoding='utf-8') as file:
        subprocess.run([PROGRAM, 'sample', RACE, '--periods', '6', '--receding', '--seed', '3', '--quiet'], stdout=file,
                       check=True)
    data = page(folder, RACE, '--history', 'race.csv')
    fan, = data['fan']
    if data['posterior'] is not None or fan['fitted'] is not None or fan['free_from'] != 1 or fan['worlds'] != 1:
        yield 'a model by itself: %r' % {k: v for k, v in fan.items() if k != 'columns'}
    if fan['columns'][0]['free']['probabilities'][0] != fan['columns'][0]['one_ahead']['probabilities'][0]:
        yield 'the first row is seen in two ways'
    if not any(column['variable'] for column in fan['columns']):
        yield 'no variable is shown'
    for column in fan['columns']:
        for what in ('one_ahead', 'free'):
            for p, fives in zip(column[what]['probabilities'], column[what]['quantiles'] or ()):
                for share, v in zip(fan['shares'], fives):
                    if sum(p[:v]) >= share + 1e-4 or sum(p[:v + 1]) < share - 1e-4:
                        yield '%s: %g of %r is not value %d' % (column['name'], share, p, v)


def main():
    with tempfile.TemporaryDirectory() as folder:
        bad = [*check_fit(folder), *check_model(folder)]
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
