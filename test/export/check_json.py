#!/usr/bin/env python3
"""Works out values, outcomes, residual and gaps from the export to JSON alone, as its description in
src/trace/export_json.c says that one can."""
import itertools
import json
import math
import sys

SLACK = 1e-13  # of play forever, what may be cut off


def at(number, t):
    """The number in period t (from 0), of one that reads `now`."""
    return number[t] if isinstance(number, list) else number


class Export:
    def __init__(self, game):
        self.game = game
        self.nodes, self.leaves = game['nodes'], game['leaves']
        self.actors, self.agents = game['actors'], game['agents']
        self.surplus = game['values'] == 'surplus'
        self.forever = game['periods'] is None
        self.discount = [a['discount'] for a in self.actors]
        if self.forever:
            most = max(self.discount)
            self.periods = 1 if most == 0 else math.ceil(math.log(SLACK) / math.log(most))
        else:
            self.periods = game['periods']
        self.strategies = [{row[0]: row[1:] for row in period} for period in game['strategy']]
        self.term_actor = [t['actor'] for t in game['terms']]
        self.check()

    def check(self):
        assert self.game['format'] == 1
        assert len(self.strategies) == (1 if self.forever else self.periods)
        for n, node in enumerate(self.nodes):
            options = [len(a['actions']) for a in node['agents']]
            assert len(node['cells']) == math.prod(options), n
            for cell in node['cells']:
                assert abs(sum(at(p, -1) for _, p in cell['next']) - 1) < 1e-8, n
                assert all(target > n for target, _ in cell['next']), n

    def strategy(self, t):
        return self.strategies[0 if self.forever else t]

    def paid(self, row, t):
        total = [0.0] * len(self.actors)
        for term, amount in row:
            total[self.term_actor[term]] += at(amount, t)
        return total

    def reached(self):
        """The places that can occur in each period; forever: everywhere in all."""
        everywhere = set(range(len(self.nodes) + len(self.leaves)))
        if self.forever:
            return [everywhere]
        periods, states = [], {self.game['start']}
        for _ in range(self.periods):
            places = {self.game['states'][s]['place'] for s in states}
            for n, node in enumerate(self.nodes):
                if n in places:
                    places |= {target for cell in node['cells'] for target, _ in cell['next']}
            periods.append(places)
            states = {self.leaves[p - len(self.nodes)]['next'] for p in places
                      if p >= len(self.nodes)} - {None}
        return periods

    def values(self, uniform=False):
        """Values at the start and the residual; with `uniform`, of play that is random."""
        residual, following, reached = 0.0, None, self.reached()
        for t in reversed(range(self.periods)):
            value = {}
            for n in sorted(reached[0 if self.forever else t], reverse=True):
                if n >= len(self.nodes):
                    leaf = self.leaves[n - len(self.nodes)]
                    value[n] = self.paid(leaf['pay'], t)
                    if following is not None and leaf['next'] is not None:
                        after = following[leaf['next']]
                        value[n] = [x + d * y for x, d, y in zip(value[n], self.discount, after)]
                    continue
                value[n], off = self.node_value(n, value, t, uniform)
                if not self.forever or t == 0:
                    residual = max(residual, off)
            following = [value.get(s['place']) for s in self.game['states']]
        return following[self.game['start']], residual

    def node_value(self, n, value, t, uniform):
        node = self.nodes[n]
        options = [range(len(a['actions'])) for a in node['agents']]
        if uniform:
            sigma = [[1 / len(o)] * len(o) for o in options]
        else:
            sigma = self.strategy(t)[n] if options else []
        total = [0.0] * len(self.actors)
        q = [[0.0] * len(o) for o in options]
        for cell, profile in zip(node['cells'], itertools.product(*options)):
            worth = self.paid(cell['pay'], t)
            for target, p in cell['next']:
                worth = [x + at(p, t) * y for x, y in zip(worth, value[target])]
            played = [s[o] for s, o in zip(sigma, profile)]
            total = [x + math.prod(played) * y for x, y in zip(total, worth)]
            for k, o in enumerate(profile):
                agent = self.agents[node['agents'][k]['agent']]
                own = sum(w * worth[i] for i, w in zip(agent['members'], agent['weights']))
                q[k][o] += math.prod(played[:k] + played[k + 1:]) * own
        off = 0.0
        for k, entry in enumerate(node['agents']):
            agent = self.agents[entry['agent']]
            logits = [agent['rationality'] * x for x in q[k]]
            top = max(logits)
            weights = [math.exp(x - top) for x in logits]
            off = max([off] + [abs(s - w / sum(weights)) for s, w in zip(sigma[k], weights)])
            if self.surplus and not uniform:
                total[agent['members'][0]] = (top + math.log(sum(weights))) / agent['rationality']
        return total, off

    def gap(self, k):
        """What agent k gains by its best response; payments in units of the first period."""
        agent = self.agents[k]
        following, reached = None, self.reached()
        for t in reversed(range(self.periods)):
            weight = {i: w * self.discount[i] ** t
                      for i, w in zip(agent['members'], agent['weights'])}
            value = {}
            for n in sorted(reached[0 if self.forever else t], reverse=True):
                if n >= len(self.nodes):
                    leaf = self.leaves[n - len(self.nodes)]
                    paid = self.paid(leaf['pay'], t)
                    now = sum(w * paid[i] for i, w in weight.items())
                    after = (0.0, 0.0)
                    if following is not None and leaf['next'] is not None:
                        after = following[leaf['next']]
                    value[n] = (now + after[0], now + after[1])
                    continue
                value[n] = self.node_gap(n, k, value, weight, t)
            following = [value.get(s['place']) for s in self.game['states']]
        follow, best = following[self.game['start']]
        return best - follow

    def node_gap(self, n, k, value, weight, t):
        node = self.nodes[n]
        options = [range(len(a['actions'])) for a in node['agents']]
        sigma = self.strategy(t)[n] if options else []
        movers = [a['agent'] for a in node['agents']]
        own = movers.index(k) if k in movers else None
        follow, best = 0.0, [0.0] * (1 if own is None else len(options[own]))
        for cell, profile in zip(node['cells'], itertools.product(*options)):
            paid = self.paid(cell['pay'], t)
            now = sum(w * paid[i] for i, w in weight.items())
            chances = [s[o] for s, o in zip(sigma, profile)]
            others = math.prod(c for j, c in enumerate(chances) if j != own)
            follow += math.prod(chances) * (now + sum(at(p, t) * value[m][0] for m, p in cell['next']))
            best[0 if own is None else profile[own]] += \
                others * (now + sum(at(p, t) * value[m][1] for m, p in cell['next']))
        return follow, max(best)

    def outcomes(self):
        """By a forward pass with a mass for each way in which an outcome can still be open."""
        forms = [o['form'] for o in self.game['outcomes']]
        horizon = self.game['horizon']
        result = [horizon + 1.0 if f == 'first' else 0.0 for f in forms]
        tracks = [None] + [o for o, f in enumerate(forms) if f in ('ever', 'first')]
        for track in tracks:
            states = {self.game['start']: 1.0}
            for t in range(horizon):
                mass = {}
                for state, m in states.items():
                    place = self.game['states'][state]['place']
                    mass[place] = mass.get(place, 0.0) + m
                states = {}
                for n in range(len(self.nodes) + len(self.leaves)):
                    if not mass.get(n):
                        continue
                    if n < len(self.nodes):
                        self.spread(n, mass, t)
                        continue
                    leaf = self.leaves[n - len(self.nodes)]
                    now = {o: at(x, t) for o, x in leaf['outcomes']}
                    if track is not None:
                        if now.get(track):
                            result[track] += (mass[n] if forms[track] == 'ever'
                                              else -mass[n] * (horizon - t))
                            continue
                    else:
                        self.count(leaf, now, mass[n], t, result)
                    if leaf['next'] is not None:
                        states[leaf['next']] = states.get(leaf['next'], 0.0) + mass[n]
        return result

    def spread(self, n, mass, t):
        node = self.nodes[n]
        options = [range(len(a['actions'])) for a in node['agents']]
        sigma = self.strategy(t)[n] if options else []
        for cell, profile in zip(node['cells'], itertools.product(*options)):
            played = math.prod(s[o] for s, o in zip(sigma, profile))
            for target, p in cell['next']:
                mass[target] = mass.get(target, 0.0) + mass[n] * played * at(p, t)

    def count(self, leaf, now, mass, t, result):
        """What is counted at a leaf, and in all later periods if its state stands from then on."""
        horizon, standing = self.game['horizon'], dict(leaf['standing'])
        for o, outcome in enumerate(self.game['outcomes']):
            form, x = outcome['form'], now.get(o, 0.0)
            rest = range(t + 1, horizon) if leaf['ended'] else ()
            after = [at(standing.get(o, 0.0), u) for u in rest]
            if form in ('total', 'count'):
                result[o] += mass * x
            elif form == 'mean':
                result[o] += mass * (x + sum(after)) / horizon
            elif form == 'last' and (t == horizon - 1 or leaf['ended']):
                result[o] += mass * (after[-1] if after else x)


def compare(game, run=None):
    """Complaints about an export; `run` is the policy's part of `run --json`, if there is one."""
    export = Export(game)
    bad = []

    def same(what, found, given):
        if not abs(found - given) <= 1e-9 * max(1, abs(given)):
            bad.append('%s: %r from the export, %r given' % (what, found, given))

    values, residual = export.values()
    same('residual', residual, game['residual'])
    for i, actor in enumerate(export.actors):
        same('value of ' + actor['name'], values[i], actor['value'])
    for k, agent in enumerate(export.agents):
        gap = export.gap(k)
        for i in agent['members']:
            same('gap of ' + export.actors[i]['name'], gap, export.actors[i]['gap'])
    if run:
        for outcome, found in zip(game['outcomes'], export.outcomes()):
            same('outcome ' + outcome['name'], found, run['outcomes'][outcome['name']])
    return bad


def main():
    bad = []
    for path in sys.argv[1:]:
        with open(path, encoding='utf-8') as file:
            bad += compare(json.load(file))
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
