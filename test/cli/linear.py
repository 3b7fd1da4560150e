#!/usr/bin/env python3
"""Shapley effects of a linear function of normal numbers in closed form (Owen & Prieur 2017).

    detente sensitivity FILE --json | linear.py

FILE is a study of linear.dtn. With y = βᵀx and Σ the covariance of x, knowing the numbers of a set u explains
βᵀ Σ_u Σ_uu⁻¹ Σ_uᵀ β of the variance; the effect of a number is what it adds to that, averaged over the
orders in which the numbers may come. Prints each number whose effect lies outside the interval of the
study, and the largest difference, in halves of an interval.
"""
import itertools
import json
import math
import sys

NAMES = 'abcde'
BETA = dict(a=1.5, b=1, c=-1, d=2, e=0)
DEVIATION = dict(a=1, b=2, c=1, d=1, e=1)
RANK = {'ab': 0.6, 'bc': -0.5, 'de': 0.3}


def covariance(i, j):
    # normal scores correlate by 2 sin(πρ/6) if ranks do by ρ (Pearson 1907)
    together = ''.join(sorted((i, j)))
    correlation = 1 if i == j else 2 * math.sin(math.pi * RANK.get(together, 0) / 6)
    return correlation * DEVIATION[i] * DEVIATION[j]


def solve(matrix, right):
    """Gauss' elimination; the matrix is positive definite."""
    rows = [row[:] + [x] for row, x in zip(matrix, right)]
    for i, pivot in enumerate(rows):
        for other in rows[i + 1:]:
            factor = other[i] / pivot[i]
            for k in range(i, len(pivot)):
                other[k] -= factor * pivot[k]
    found = [0] * len(rows)
    for i in reversed(range(len(rows))):
        rest = sum(rows[i][k] * found[k] for k in range(i + 1, len(rows)))
        found[i] = (rows[i][-1] - rest) / rows[i][i]
    return found


def explained(known):
    right = [sum(covariance(i, j) * BETA[j] for j in NAMES) for i in known]
    weight = solve([[covariance(i, j) for j in known] for i in known], right)
    return sum(w * r for w, r in zip(weight, right))


effect = dict.fromkeys(NAMES, 0)
orders = list(itertools.permutations(NAMES))
for order in orders:
    for place, name in enumerate(order):
        effect[name] += (explained(order[:place + 1]) - explained(order[:place])) / len(orders)
variance = explained(NAMES)

most = 0
for row in json.load(sys.stdin)['tables']['shapley']:
    wanted = effect[row['parameter']] / variance
    if not row['low'] <= wanted <= row['high']:
        print(row['parameter'], wanted, row)
    most = max(most, abs(row['effect'] - wanted) / (row['high'] - row['low']) * 2)
print(f'{most:.1f}')
