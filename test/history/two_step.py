#!/usr/bin/env python3
"""The numbers that the program's likelihood finds are those of an estimator that never solves the game.

fit/standoff.dtn is played for many periods: its equilibrium is iterated here, from the definition, and a history is
drawn at it with a fixed seed, every cell observed. Then three payoffs are estimated twice. By the program: the
maximum of `score --rows`, by the method of Berndt, Hall, Hall & Hausman (1974), from afar. And by the two-step
pseudo-likelihood of Aguirregabiria & Mira (2007): the frequencies of actions in each state stand for both sides'
strategies; values are those of playing them, linear in the payoffs; the payoffs are those at which replying by logit
is likeliest to give what was seen. It takes from the data what equilibrium is played, so nothing hangs on which
branch is selected. Both must be within three standard errors of the truth, and within one of each other.

    two_step.py          PERIODS of play; DETENTE_PERIODS=N: that many
"""
import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile

DETENTE = os.environ.get('DETENTE', 'detente')
MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'fit', 'standoff.dtn')
PERIODS, ROUNDS, STEP = 4000, 30, 1e-4
NAMES, CLASH = ('prize_a', 'prize_b', 'strain'), -0.5
TRUTH, START = (1.2, 0.8, 0.6), (0.5, 0.5, 0.3)
HEATS, SIDES, DISCOUNTS = range(3), range(2), (0.8, 0.7)


def cooled(heat, pushes):
    """{heat at the end: probability}"""
    after = min(heat + pushes, 2)
    found = {after: 0.6}
    lower = max(after - 1, 0)
    found[lower] = found.get(lower, 0.0) + 0.4
    return found


def features(side, mine, other, heat):
    """What multiplies the numbers in a side's payoff at the end of a period, and what is paid besides."""
    alone, both = mine and not other, mine and other
    return [float(alone and side == 0), float(alone and side == 1), -float(heat), CLASH * both]


def solved(rows, right):
    """The solution of a linear system, by elimination with pivots; right: a list of vectors."""
    n = len(rows)
    rows = [list(row) + list(r) for row, r in zip(rows, right)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(n):
            if k != i:
                factor = rows[k][i] / rows[i][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i])]
    return [[x / row[i] for x in row[n:]] for i, row in enumerate(rows)]


def worth(strategy, side):
    """[heat][push or not][number]: what an action is worth for each unit of a number, and besides, when
    both sides then push with probability strategy[side][heat] for ever."""
    discount = DISCOUNTS[side]

    def mean(heat, mine, values):
        """The expectation over the other's action and the heat that follows."""
        total = [0.0] * 4
        for other in (0, 1):
            p = strategy[1 - side][heat] if other else 1 - strategy[1 - side][heat]
            for after, q in cooled(heat, mine + other).items():
                for i, x in enumerate(features(side, mine, other, after)):
                    total[i] += p * q * (x + (discount * values[after][i] if values else 0.0))
        return total
    rows, right = [], []
    for heat in HEATS:
        row = [float(heat == after) for after in HEATS]
        now = [0.0] * 4
        for mine in (0, 1):
            p = strategy[side][heat] if mine else 1 - strategy[side][heat]
            now = [a + p * b for a, b in zip(now, mean(heat, mine, None))]
            for other in (0, 1):
                q = strategy[1 - side][heat] if other else 1 - strategy[1 - side][heat]
                for after, r in cooled(heat, mine + other).items():
                    row[after] -= discount * p * q * r
        rows.append(row)
        right.append(now)
    values = solved(rows, right)
    return [[mean(heat, mine, values) for mine in (0, 1)] for heat in HEATS]


def gains(strategy):
    """[side][heat][number]: what a push is worth more than holding, for each unit of a number."""
    return [[[b - a for a, b in zip(*actions)] for actions in worth(strategy, side)] for side in SIDES]


def replies(theta, gain):
    return [[1 / (1 + math.exp(-sum(t * g for t, g in zip((*theta, 1.0), row)))) for row in rows] for rows in gain]


def equilibrium(theta):
    strategy = [[0.5] * 3, [0.5] * 3]
    for _ in range(10_000):
        new = replies(theta, gains(strategy))
        apart = max(abs(a - b) for x, y in zip(strategy, new) for a, b in zip(x, y))
        strategy = [[(a + b) / 2 for a, b in zip(x, y)] for x, y in zip(strategy, new)]
        if apart < 1e-14:
            return strategy
    raise AssertionError('no equilibrium')


def played(strategy, periods, seed):
    """[(heat before, A pushes, B pushes, heat after)]"""
    r, heat, rows = random.Random(seed), 0, []
    for _ in range(periods):
        a, b = (int(r.random() < strategy[side][heat]) for side in SIDES)
        options = cooled(heat, a + b)
        after = r.choices(list(options), options.values())[0]
        rows.append((heat, a, b, after))
        heat = after
    return rows


def two_step(rows):
    """Where the pseudo-likelihood is highest."""
    seen = [[[sum(row[0] == heat and row[1 + side] == push for row in rows) for push in (0, 1)]
             for heat in HEATS] for side in SIDES]
    gain = gains([[pushes / (holds + pushes) for holds, pushes in by] for by in seen])
    theta = list(START)
    for _ in range(ROUNDS):                       # Newton: a logit regression
        probability = replies(theta, gain)
        slope, curve = [0.0] * 3, [[0.0] * 3 for _ in NAMES]
        for side in SIDES:
            for heat in HEATS:
                (holds, pushes), p, g = seen[side][heat], probability[side][heat], gain[side][heat]
                for i in range(3):
                    slope[i] += (pushes - p * (holds + pushes)) * g[i]
                    for j in range(3):
                        curve[i][j] += (holds + pushes) * p * (1 - p) * g[i] * g[j]
        move = [x[0] for x in solved(curve, [[s] for s in slope])]
        theta = [t + m for t, m in zip(theta, move)]
        if max(map(abs, move)) < 1e-10:
            return theta
    raise AssertionError('the pseudo-likelihood has no maximum')


def scored(path, theta):
    """[log p_t] by the program."""
    sets = [x for name, t in zip(NAMES, theta) for x in ('--set', f'{name}={t!r}')]
    done = subprocess.run([DETENTE, 'score', MODEL, '--history', path, '--rows', '--json', '--quiet', *sets],
                          check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)['rows']


def likeliest(path):
    """The likelihood's maximum, and standard errors by the outer product of the rows' gradients."""
    theta = list(START)
    rows = scored(path, theta)
    for _ in range(ROUNDS):
        slopes = []
        for i in range(3):
            moved = [t + STEP * (i == j) for j, t in enumerate(theta)]
            slopes.append([(b - a) / STEP for a, b in zip(rows, scored(path, moved))])
        outer = [[sum(a * b for a, b in zip(x, y)) for y in slopes] for x in slopes]
        inverse = solved(outer, [[float(i == j) for j in range(3)] for i in range(3)])
        move = [sum(c * sum(s) for c, s in zip(line, slopes)) for line in inverse]
        errors = [math.sqrt(inverse[i][i]) for i in range(3)]
        if all(abs(m) < 0.01 * e for m, e in zip(move, errors)):
            return theta, errors
        while True:
            there = [t + m for t, m in zip(theta, move)]
            new = scored(path, there)
            if sum(new) > sum(rows):
                break
            move = [m / 2 for m in move]
        theta, rows = there, new
    raise AssertionError('the likelihood has no maximum')


def main():
    rows = played(equilibrium(TRUTH), int(os.environ.get('DETENTE_PERIODS', PERIODS)), 'standoff')
    pseudo = two_step(rows)
    with tempfile.NamedTemporaryFile('w', suffix='.csv', newline='') as file:
        out, words = csv.writer(file), ('hold', 'push')
        out.writerow(['period', 'heat', 'move.A', 'move.B'])
        out.writerow([0, 0, '', ''])
        out.writerows([t, after, words[a], words[b]] for t, (_, a, b, after) in enumerate(rows, 1))
        file.flush()
        best, errors = likeliest(file.name)
    bad = 0
    for name, true, ours, other, error in zip(NAMES, TRUTH, best, pseudo, errors):
        print(f'{name}: {true}; likelihood {ours:.4f}, two steps {other:.4f}, standard error {error:.4f}')
        bad += abs(ours - true) > 3 * error or abs(other - ours) > error
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
