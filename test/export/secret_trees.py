#!/usr/bin/env python3
"""Trees of games with private variables. The tree of signal.dtn has the nodes and information sets that a
hand count gives; random play is worth in a tree what `run --precision 0` says; and the agent logit equilibrium of
signal.dtn, worked out here on the tree alone, is what `run` finds on ever finer grids of beliefs."""
import collections
import json
import math
import os
import subprocess
import sys

import check_efg

HERE = os.path.dirname(os.path.abspath(__file__))
SIGNAL = os.path.join(HERE, 'signal.dtn')
MODELS = ['private-%d' % i for i in (1, 3, 5, 6, 8, 10, 13, 17, 18, 19, 20, 22, 23)] + ['chain-store-3-8']


def detente(*arguments):
    return subprocess.run([os.environ['DETENTE'], *arguments], capture_output=True, text=True)


def tree(path, policy=None):
    done = detente('export', path, '--format', 'efg', '--quiet', *(['--policy', policy] if policy else []))
    return check_efg.check(done.stdout) if done.returncode == 0 else None


def found(path, *options):
    return json.loads(detente('run', '--json', '--quiet', path, *options).stdout)['policies']


def walk(node, chance, sigma, leave):
    """Calls leave(node, chance of coming there) for all nodes; sigma: of an information set."""
    stack = [(node, chance)]
    while stack:
        node, p = stack.pop()
        leave(node, p)
        for n, child in enumerate(node.children):
            share = float(node.chances[n]) if node.kind == 'c' else sigma[node.player, node.infoset][n]
            stack.append((child, p * share))


def worth(node, sigma, player, memo):
    if node.kind == 't':
        return float(node.payoffs[player - 1])
    if id(node) not in memo:
        shares = [float(c) for c in node.chances] if node.kind == 'c' else sigma[node.player, node.infoset]
        memo[id(node)] = sum(p * worth(c, sigma, player, memo) for p, c in zip(shares, node.children))
    return memo[id(node)]


def agent_logit(game, rationality):
    """The agent quantal response equilibrium of McKelvey and Palfrey (1998), by damped iteration."""
    sets = collections.defaultdict(list)
    walk(game.root, 1.0, collections.defaultdict(lambda: [0] * 9),
         lambda node, _: node.kind == 'p' and sets[node.player, node.infoset].append(node))
    sigma = {key: [1 / len(nodes[0].actions)] * len(nodes[0].actions) for key, nodes in sets.items()}
    for _ in range(5000):
        reach = {}
        walk(game.root, 1.0, sigma, lambda node, p: reach.__setitem__(id(node), p))
        memo = {player: {} for player in (1, 2)}
        next_sigma, off = {}, 0
        for (player, infoset), nodes in sets.items():
            all_reach = sum(reach[id(n)] for n in nodes)
            q = [sum(reach[id(n)] * worth(n.children[a], sigma, player, memo[player]) for n in nodes) / all_reach
                 for a in range(len(nodes[0].actions))]
            top = max(q)
            weights = [math.exp(rationality * (x - top)) for x in q]
            answer = [w / sum(weights) for w in weights]
            old = sigma[player, infoset]
            off = max(off, *(abs(a - b) for a, b in zip(answer, old)))
            next_sigma[player, infoset] = [(a + b) / 2 for a, b in zip(answer, old)]
        sigma = next_sigma
        if off < 1e-13:
            return sigma
    raise AssertionError('no equilibrium of the tree was found')


def check_signal(bad):
    game = tree(SIGNAL)
    sets = collections.Counter(player for kind, player, _ in game.infosets if kind == 'p')
    # S: as each type what to show, and for each type and what it has shown whether to turn; R: what was shown
    if (sets[1], sets[2]) != (2 + 2 * 2, 2):
        bad.append('signal: %s information sets' % dict(sets))
    # the types; for each what is shown; after each: turn (chance, and R twice) or rest (R)
    if game.size != 1 + 2 * (1 + 2 * (1 + (1 + 2 * 3) + 3)):
        bad.append('signal: %d nodes' % game.size)
    sigma, value = agent_logit(game, 2.0), [0.0, 0.0]
    walk(game.root, 1.0, sigma, lambda node, p: node.kind == 't' and value.__setitem__(
        slice(None), [v + p * float(x) for v, x in zip(value, node.payoffs)]))
    errors = []
    for beliefs in ('16', '64', '256'):
        values = found(SIGNAL, '--beliefs', beliefs)['default']['values']
        errors.append(max(abs(values['S'] - value[0]), abs(values['R'] - value[1])))
    if not (errors[2] < 1e-4 and errors[2] < errors[0] / 8):
        bad.append('signal: the errors on finer grids are %s' % errors)


def check_random_play(path, bad):
    compared = 0
    for policy, result in found(path, '--precision', '0').items():
        game = tree(path, policy)
        if game is None or any(name not in result['values'] for name in game.players):
            continue  # too large, forever, or a team
        for name, value in zip(game.players, game.uniform_values()):
            given = result['values'][name]
            if not abs(given - value) <= 1e-9 * max(1, abs(value)):
                bad.append('%s: random play is worth %r to %s, not %r' % (path, value, name, given))
        compared += 1
    return compared


def main():
    bad, compared = [], 0
    check_signal(bad)
    for name in MODELS:
        compared += check_random_play(
            os.path.join(HERE, '..', 'verification', 'private', name + '.dtn'), bad)
    if compared < 10:
        bad.append('only %d trees were compared' % compared)
    print('\n'.join(bad))
    return len(bad) > 0


if __name__ == '__main__':
    sys.exit(main())
