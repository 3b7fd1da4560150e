#!/usr/bin/env python3
"""Sampled histories are as frequent as they are probable.

Random small models are played for two periods by `detente sample`, from the start and, every other one, with --receding,
and with the columns that only the reader sees. All is observed then but the signals about beliefs, so that the
reference's likelihood of a sampled history is its probability. Chi-square, over the histories of which five or more are
expected and all others together; with a fixed seed, and a thousandth shared out over all models (Bonferroni).

    sampled.py COUNT [SEED]
"""
import argparse
import collections
import glob
import math
import os
import statistics
import subprocess
import sys
import tempfile

import random_histories
from branch import PathError
from expression import ModelError
from histories import Games, History, cells_of
from language import Model

SAMPLED, PERIODS, MOST, ENOUGH, SIGNIFICANCE = 600, 2, 150, 5, 0.001
MOST_PROFILES = 20_000


def sample(model, policy, receding, seed):
    """{rows: how often}, a row being a tuple of (column, cell)."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([os.environ['DETENTE'], 'sample', model, '--policy', policy, '--histories', str(SAMPLED),
                        '--periods', str(PERIODS), '--seed', str(seed), '--private', '--quiet', '-o', folder]
                       + ['--receding'] * receding, check=True, stdout=subprocess.DEVNULL)
        paths = sorted(glob.glob(os.path.join(folder, '*.csv')))
        if len(paths) != SAMPLED:
            raise AssertionError(f'{len(paths)} histories')
        return collections.Counter(tuple(tuple(sorted(row.items())) for row in cells_of(path)[1:])
                                   for path in paths)


def improbability(statistic, freedom):
    """The chance of a chi-square statistic at least that large (Wilson & Hilferty 1931)."""
    if not freedom:
        return 1.0
    spread = 2 / (9 * freedom)
    return 1 - statistics.NormalDist().cdf(((statistic / freedom) ** (1 / 3) - 1 + spread) / math.sqrt(spread))


def compare(text, seed, receding):
    """The p-value, and how many histories were told apart; None: too many, or the reference gives up."""
    model = Model(text)
    policy = model.policies[-1].name
    games = Games(model, receding=receding, most=MOST_PROFILES)
    if not games.of(policy, 1).forever and model.horizon + model.lookahead < PERIODS:
        return None
    with tempfile.NamedTemporaryFile('w', suffix='.dtn', encoding='utf-8') as file:
        file.write(text)
        file.flush()
        seen = sample(file.name, policy, receding, seed)
    if not 2 <= len(seen) <= MOST:
        return None
    statistic, cells, known, counted = 0.0, 0, 0.0, 0
    for rows, count in seen.items():
        p = math.exp(math.fsum(History(games, [{}, *map(dict, rows)], policy).log_rows()))
        if SAMPLED * p >= ENOUGH:
            statistic += (count - SAMPLED * p) ** 2 / (SAMPLED * p)
            cells, known, counted = cells + 1, known + p, counted + count
    rest = SAMPLED * max(1 - known, 0.0)
    if rest >= ENOUGH:
        statistic += (SAMPLED - counted - rest) ** 2 / rest
        cells += 1
    elif known > 1 + 1e-9 or rest < 1e-6 and counted < SAMPLED:
        return 0.0, len(seen)
    return improbability(statistic, max(cells - 1, 0)), len(seen)


def main():
    parser = argparse.ArgumentParser(description='Compare the frequencies of sampled histories.')
    parser.add_argument('count', type=int)
    parser.add_argument('seed', type=int, nargs='?', default=1)
    options = parser.parse_args()
    made = bad = number = 0
    while made < options.count:
        number += 1
        try:
            found = compare(random_histories.model_of(f'sampled {options.seed}', number), number, number % 2 == 0)
        except (ModelError, PathError):
            continue
        if found:
            made += 1
            p, histories = found
            bad += p < SIGNIFICANCE / options.count
            print(f'model {number}: {histories} histories, p {p:.4f}')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
