#!/usr/bin/env python3
"""Simulation-based calibration of the posterior (Talts, Betancourt, Simpson, Vehtari & Gelman 2018).

For each model of the folder fit, again and again: numbers are drawn from the prior that it declares, a history is
played at them by the reference (test/reference/histories.py), which shares nothing with the program, some of its
cells are hidden, and `detente fit` finds the posterior. If fit is right, the rank of a true number among draws from
its posterior is uniform. The test is chi-square on nine bins of ranks, a hundredth shared out over all numbers of
all models (Bonferroni). Numbers are recovered, too: the true ones lie in the posterior's middle 23/27 as often as that,
within four standard errors, and their correlation with the posterior's means says how much was learned.

    calibrated.py [MODEL...]       DETENTE_CALIBRATION=1000: so many histories for each model
"""
import math
import multiprocessing
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile

DETENTE = os.environ.get('DETENTE', 'detente')
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'reference'))
import histories
import random_histories
from language import Model

REPLICATIONS, PERIODS, PARTICLES, SIGNIFICANCE = 12, 24, 256, 0.01
BINS, WIDTH = 9, 3                   # of ranks 0 ... BINS * WIDTH - 1, among one fewer draws
DRAWS = BINS * WIDTH - 1
MIDDLE = range(2, DRAWS - 1)         # of ranks
# What the reader of a history sees; the policies in force are always named. What A is in `resolve` nobody else sees.
SEEN = {'standoff': ('heat', 'move.A', 'move.B'), 'thaw': ('offer.A', 'reply.B'),
        'ladder': ('ask.A', 'answer.B', 'fallen'), 'resolve': ('demand.A', 'reply.B')}
PRIORS = {
    'standoff': {'prize_a': lambda r: r.gauss(1, 0.5), 'prize_b': lambda r: r.gauss(1, 0.5),
                 'strain': lambda r: r.uniform(0.1, 1.5)},
    'thaw': {'lam': lambda r: r.gammavariate(4, 0.4), 'warm': lambda r: r.betavariate(3, 6),
             'chill': lambda r: r.betavariate(2, 6), 'gain': lambda r: r.gauss(1, 0.7),
             'crow': lambda r: r.uniform(0, 2)},
    'ladder': {'lam': lambda r: r.lognormvariate(0, 0.4), 'want': lambda r: r.gauss(0.4, 0.3),
               'yield': lambda r: r.gauss(0.3, 0.3), 'anger': lambda r: r.triangular(0, 2, 0.5),
               'slip': lambda r: r.betavariate(2, 8), 'fall': lambda r: r.uniform(0, 0.2)},
    'resolve': {'lam': lambda r: r.gammavariate(4, 0.4), 'fire': lambda r: r.betavariate(3, 3),
                'prize': lambda r: r.gauss(0.8, 0.4), 'harm': lambda r: r.uniform(0.1, 1.5)}}


def model_path(name):
    return os.path.join(HERE, 'fit', name + '.dtn')


def rank(job):
    """{number: (rank of the true one among the posterior's draws, it, the draws' mean)} of replication k."""
    name, k = job
    r = random.Random(f'{name} {k}')
    truth = {number: prior(r) for number, prior in PRIORS[name].items()}
    with open(model_path(name), encoding='utf-8') as file:
        model = Model(file.read())
    rows = [{}] + [{'policy': model.policies[2 * t // PERIODS % len(model.policies)].name} for t in range(PERIODS)]
    rows = histories.draw(histories.History(histories.Games(model, truth.items()), rows), r)
    rows = [{name: cell for name, cell in row.items() if name in (*SEEN[job[0]], 'policy')} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        history, study = os.path.join(folder, 'history.csv'), os.path.join(folder, 'posterior.study')
        random_histories.write(history, rows, r)
        subprocess.run([DETENTE, 'fit', model_path(name), '--history', history, '--free', 'all', '-o', study, '--quiet',
                        '--particles', str(PARTICLES), '--seed', str(k), '--jobs', '1'],
                       check=True, stdout=subprocess.DEVNULL)
        with sqlite3.connect(f'file:{study}?mode=ro', uri=True) as file:
            columns = dict(file.execute('SELECT name, name_of_column FROM parameters'))
            draws = file.execute('SELECT %s FROM worlds WHERE world > 0' % ', '.join(
                f'"{columns[number]}"' for number in truth)).fetchall()
    chosen = r.sample(draws, DRAWS)
    return {number: (sum(draw[i] < value or draw[i] == value and r.random() < 0.5 for draw in chosen), value,
                     sum(draw[i] for draw in draws) / len(draws)) for i, (number, value) in enumerate(truth.items())}


def improbability(ranks):
    """The probability of a chi-square statistic at least that large if ranks are uniform (BINS - 1 is even)."""
    counts = [0] * BINS
    for one in ranks:
        counts[one // WIDTH] += 1
    expected = len(ranks) / BINS
    half = sum((n - expected) ** 2 / expected for n in counts) / 2
    return math.exp(-half) * sum(half ** i / math.factorial(i) for i in range((BINS - 1) // 2))


def main():
    names = sys.argv[1:] or list(SEEN)
    replications = int(os.environ.get('DETENTE_CALIBRATION', REPLICATIONS))
    numbers, bad = sum(len(PRIORS[name]) for name in names), 0
    with multiprocessing.Pool(2) as pool:
        for name in names:
            ranks = pool.map(rank, [(name, k) for k in range(1, replications + 1)], 1)
            for number in PRIORS[name]:
                here, truths, means = zip(*(one[number] for one in ranks))
                p, inside = improbability(here), sum(one in MIDDLE for one in here) / len(here)
                share = len(MIDDLE) / (DRAWS + 1)
                off = (inside - share) / math.sqrt(share * (1 - share) / len(here))
                bad += p < SIGNIFICANCE / numbers or abs(off) > 4
                print(f'{name:9} {number:8} p {p:.3f}, mean rank {sum(here) / len(here):5.2f} of {DRAWS / 2}, in the '
                      f'middle {inside:.3f} of {share:.3f}, correlation {statistics.correlation(truths, means):.2f}')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
