#!/usr/bin/env python3
"""One-shot signalling games against their agent logit equilibria, exact and without a grid.

signalling/answers.json has for each game the equilibrium of the finite tree on its principal branch, the answers
on the grid with N = 16, and the distance between grid and tree at N = 4 … 128, all by another program. The games' names say the
style (beer and quiche; Spence; Brandts and Holt; Banks, Camerer and Porter); their payoffs are not those of the papers.

Checked: that the strategies given solve the tree's equations; the program's answers at N = 16; its distance from the tree at each N,
which must be the one given within 1 %, and at the default grid at most 1e-3 where rationality is 2 or less; and that messages which cost
nothing are sent by both types alike.
"""
import json
import math
import os
import re
import subprocess
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'signalling')
CLOSE, ALIKE = 1e-9, 1e-12
SAME_DISTANCE, AT_DEFAULT, DEFAULT, MILD = 0.01, 1e-3, '32', 2
TERM = re.compile(r'= (\S+) \* \(x == k(\d)\) \* \(send\.S == m(\d)\) \* \(reply\.R == a(\d)\)')


def run(path, *options):
    done = subprocess.run([os.environ['DETENTE'], 'run', '--json', '--quiet', *options, path],
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'{path}: exit status {done.returncode}\n{done.stderr}')
    return json.loads(done.stdout)['policies']['default']


def logit(rationality, worth):
    top = max(worth)
    weights = [math.exp(rationality * (x - top)) for x in worth]
    return [w / sum(weights) for w in weights]


def unsolved(text, rationality, sigma, rho):
    """How far the strategies given are from the logit responses to each other in the tree."""
    prior = [float(p) for p in re.findall(r'k\d: ([\d.]+)', text)]
    paid = {}
    for actor in 'SR':
        block = re.search(r'payoff %s \{(.*?)\}' % actor, text, re.S).group(1)
        for number, k, m, a in TERM.findall(block):
            paid[actor, int(k), int(m), int(a)] = float(number)
    types, messages, replies = range(len(prior)), range(len(rho)), range(len(rho[0]))
    worst = 0.0
    for m in messages:
        sent = [prior[k] * sigma[k][m] for k in types]
        worth = [sum(sent[k] / sum(sent) * paid.get(('R', k, m, a), 0) for k in types) for a in replies]
        worst = max(worst, *(abs(x - y) for x, y in zip(rho[m], logit(rationality, worth))))
    for k in types:
        worth = [sum(rho[m][a] * paid.get(('S', k, m, a), 0) for a in replies) for m in messages]
        worst = max(worst, *(abs(x - y) for x, y in zip(sigma[k], logit(rationality, worth))))
    return worst


def differences(name, wanted):
    path = os.path.join(HERE, name + '.dtn')
    with open(path, encoding='utf-8') as file:
        text = file.read()
    exact = wanted['exact']
    distance = unsolved(text, wanted['lam'], exact['sigma'], exact['rho'])
    if distance > CLOSE:
        yield f'the strategies given are {distance:.1e} from solving the equations'
    for n, given in wanted['error'].items():
        found = run(path, '--beliefs', n)
        distance = max(abs(found['outcomes'][o] - x) for o, x in exact['outcomes'].items())
        if abs(distance - given) > SAME_DISTANCE * given:
            yield f'N = {n}: {distance:.4e} from the tree, expected {given:.4e}'
        if n == DEFAULT and wanted['lam'] <= MILD and distance > AT_DEFAULT:
            yield f'at the default grid {distance:.1e} from the tree'
        if n == '16':
            for group in ('values', 'outcomes', 'gaps'):
                for key, x in wanted['N16'][group].items():
                    if abs(found[group][key] - x) > CLOSE:
                        yield f'N = 16: {group} of {key}: {found[group][key]!r}, expected {x!r}'
        if 'cheaptalk' in name:
            sent = found['outcomes']
            first, other = (sent[f's{k}0'] / (sent[f's{k}0'] + sent[f's{k}1']) for k in (0, 1))
            if abs(first - other) > ALIKE:
                yield f'N = {n}: words that cost nothing tell {first - other:.1e}'


def main():
    with open(os.path.join(HERE, 'answers.json'), encoding='utf-8') as file:
        answers = json.load(file)
    bad = [f'{name}: {line}' for name, wanted in answers.items() for line in differences(name, wanted)]
    print('\n'.join(bad) or f'{len(answers)} games')
    return 1 if bad or len(answers) < 18 else 0


if __name__ == '__main__':
    sys.exit(main())
