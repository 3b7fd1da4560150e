#!/usr/bin/env python3
"""Audience costs are found again in months that were played at the published strategy of a dyad.

Six hundred months are drawn, with a fixed seed, from the strategy that Crisman-Cox and Gibilisco (AJPS 2018) publish
for a dyad with North Korea. Of several equilibria it is one that `run` doesn't select, so the likelihood of other
audience costs is that of the same equilibrium followed there: `export --select N --set`. Everything is observed,
hence the likelihood is the product of the strategies' probabilities.

The published costs must pass Rao's score test: g'I^-1 g is small, g being the gradient of the log-likelihood and I
Fisher's information. Where six hundred months tell a cost from 0, Fisher scoring from a twentieth off must come back to within two
standard deviations, which with a flat prior are the posterior's but for terms of order 1/600. That is so for the
two Koreas. In the other dyads there are too few crises for one of them to say what stepping down costs: the
authors' numbers are those of 179 dyads together.

    dyads.py          the score test for the two Koreas; DETENTE_DYADS=all: everything
"""
import csv
import json
import math
import os
import random
import subprocess
import sys

DETENTE = os.environ['DETENTE']
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STATES, ACTIONS = ('peace', 'crisis', 'war'), ('calm', 'threaten', 'attack')
COSTS = ('audience_a', 'audience_b')
MONTHS, STEP, ROUNDS, NEAR = 600, 0.02, 20, 0.05
SURE = 5.99          # the 95 % point of chi-square with two degrees of freedom
DYADS = ('china-dprk', 'dprk-japan', 'us-dprk', 'dprk-rok')


def detente(*arguments):
    done = subprocess.run([DETENTE, *arguments, '--values', 'surplus'], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def strategy(model, number, costs):
    """{(state, actor): [probabilities]} of equilibrium `number`, followed to these costs."""
    sets = [x for name, cost in costs.items() for x in ('--set', f'{name}={cost!r}')]
    graph = detente('export', model, '--format', 'json', '--select', str(number), *sets)
    return {(graph['nodes'][node]['state']['relations'], actor): probabilities
            for node, *lists in graph['strategy'][0] for actor, probabilities in zip('AB', lists)}


def apart(one, other):
    return max(abs(p - q) for key in one for p, q in zip(one[key], other[key]))


def published(name):
    with open(os.path.join(ROOT, 'test', 'equilibria', 'published.csv'), encoding='utf-8') as file:
        return {(row['state'], row['actor']): [float(row[action]) for action in ACTIONS]
                for row in csv.DictReader(file) if row['model'] == name}


def counts(strategies, seed):
    """How often each action was taken, {(state, actor): [n]}, in months drawn at the strategies."""
    r, state, taken = random.Random(seed), 'peace', {key: [0, 0, 0] for key in strategies}
    for _ in range(MONTHS):
        moves = [r.choices(range(3), strategies[state, actor])[0] for actor in 'AB']
        for actor, move in zip('AB', moves):
            taken[state, actor][move] += 1
        state = STATES[max(moves)]             # the harsher of the two makes it
    return taken


def scores(model, number, costs, taken):
    """The gradient of the log-likelihood, and Fisher's information, at some costs."""
    here, slopes = strategy(model, number, costs), []
    for name in COSTS:
        ends = [strategy(model, number, {**costs, name: costs[name] + d}) for d in (-STEP, STEP)]
        slopes.append({key: [(math.log(q) - math.log(p)) / (2 * STEP) for p, q in zip(ends[0][key], ends[1][key])]
                       for key in here})
    gradient = [sum(n * d for key in taken for n, d in zip(taken[key], slope[key])) for slope in slopes]
    information = [[sum(sum(taken[key]) * sum(p * a * b for p, a, b in zip(here[key], one[key], two[key]))
                        for key in taken) for two in slopes] for one in slopes]
    return gradient, information


def inverse(m):
    determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0]
    return [[m[1][1] / determinant, -m[0][1] / determinant], [-m[1][0] / determinant, m[0][0] / determinant]]


def fits(model, number, costs, taken):
    """The log-likelihood."""
    strategies = strategy(model, number, costs)
    return sum(n * math.log(p) for key in taken for n, p in zip(taken[key], strategies[key]))


def estimate(model, number, truth, taken):
    """(costs, standard deviations) at the maximum of the likelihood. Steps are halved while they lead down: below
    the published costs of the two Koreas this equilibrium soon changes fast."""
    costs = {name: 1.05 * cost for name, cost in truth.items()}
    best = fits(model, number, costs, taken)
    for _ in range(ROUNDS):
        gradient, information = scores(model, number, costs, taken)
        covariance = inverse(information)
        spread = [math.sqrt(covariance[i][i]) for i in range(2)]
        move = [sum(c * g for c, g in zip(row, gradient)) for row in covariance]
        if all(abs(m) < NEAR * s for m, s in zip(move, spread)):
            return costs, spread
        while True:
            there = {name: cost + m for (name, cost), m in zip(costs.items(), move)}
            found = fits(model, number, there, taken)
            if found > best:
                break
            move = [m / 2 for m in move]
        costs, best = there, found
    raise AssertionError('the maximum was not found')


def main():
    whole = os.environ.get('DETENTE_DYADS') == 'all'
    bad = estimated = 0
    for name in DYADS if whole else DYADS[-1:]:
        model, wanted = os.path.join(ROOT, 'models', 'classics', 'dyads', name + '.dtn'), published(name)
        with open(model, encoding='utf-8') as file:
            words = [line.split() for line in file if line.startswith('param audience_')]
        truth = {word[1]: float(word[3]) for word in words}
        found = detente('equilibria', model, '--json')['policies']['default']['equilibria']
        number = next(n for n in range(1, len(found) + 1) if apart(strategy(model, n, {}), wanted) < 1e-9)
        taken = counts(wanted, name)
        gradient, information = scores(model, number, truth, taken)
        covariance = inverse(information)
        score = sum(g * c * h for g, row in zip(gradient, covariance) for c, h in zip(row, gradient))
        bad += not score <= SURE
        print(f'{name}: the score statistic of the published costs is {score:.2f}')
        if not whole or any(math.sqrt(covariance[i][i]) > abs(truth[cost]) / 2 for i, cost in enumerate(COSTS)):
            continue
        costs, spread = estimate(model, number, truth, taken)
        estimated += 1
        for (cost, value), sd in zip(costs.items(), spread):
            off = (value - truth[cost]) / sd
            bad += not abs(off) <= 2
            print(f'  {cost}: {value:.3f}, sd {sd:.3f}, published {truth[cost]:.3f}, {off:+.2f} sd off')
    return 1 if bad or whole and not estimated else 0


if __name__ == '__main__':
    sys.exit(main())
