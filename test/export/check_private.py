#!/usr/bin/env python3
"""Works out values, outcomes, residual and calibration of a game with private variables from the export to
JSON alone, as its description in src/trace/export_json.c says that one can. The signal's corners are those of
the reference (test/reference/grid.py), found again among the points that the export lists. Not of play forever."""
import collections
import functools
import itertools
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'reference'))
from grid import Grid  # noqa: E402

NOTHING = 1e-14     # a weight that is rounding


class Export:
    def __init__(self, game):
        assert game['format'] == 1 and game['periods']
        self.game, self.periods = game, game['periods']
        self.nodes, self.leaves, self.actors = game['nodes'], game['leaves'], game['actors']
        self.hidden = {s['name']: s['hidden'] for s in game['stages']}
        self.secret = {s['name']: s['private'] for s in game['stages']}
        self.private = game['private']
        self.sizes = [len(v['values']) for v in self.private]
        self.types = list(itertools.product(*map(range, self.sizes)))
        self.points = list(itertools.product(*(range(len(v['points'])) for v in self.private)))
        self.owned = {v['owner']: x for x, v in enumerate(self.private)}
        self.knows = [self.owned.get(a['members'][0]) if len(a['members']) == 1 else None
                      for a in game['agents']]
        self.grids = []
        for v, k in zip(self.private, self.sizes):
            fineness = next(n for n in range(2, 1000) if math.comb(n + k - 1, k - 1) == len(v['points']))
            self.grids.append(Grid(k, fineness))
        self.number_of = [{tuple(round(b, 9) for b in belief): p for p, belief in enumerate(v['points'])}
                          for v in self.private]
        self.strategies = [[{row[0]: row[1:] for row in nodes} for nodes in period] for period in game['strategy']]
        self.residual = self.calibration = 0.0

    def number(self, x, t, point=None, theta=None):
        if isinstance(x, dict):
            by_type = x['types'] if 'types' in x else x['points'][self.points.index(point)]
            x = by_type[self.types.index(theta)]
        return x[t] if isinstance(x, list) else x

    def belief(self, x, p):
        return self.private[x]['points'][p]

    def paid(self, row, t, point, theta):
        total = [0.0] * len(self.actors)
        for term, amount in row:
            total[self.game['terms'][term]['actor']] += self.number(amount, t, point, theta)
        return total

    def signal(self, x, belief):
        """[(point, weight, [g(k)/b(k)])]"""
        support = [b > 0 for b in belief]
        grid, found = self.grids[x], []
        for g, w in grid.corners(support, grid.piece(support, belief), belief):
            if w > NOTHING:
                at = grid.belief(g)
                p = self.number_of[x][tuple(round(b, 9) for b in at)]
                found.append((p, w, [q / b if b > 0 else 0.0 for q, b in zip(at, belief)]))
        return found

    def signals(self, beliefs):
        """[(joint point, weight, {x: ratios})]"""
        return [(tuple(o[0] for o in option), math.prod(o[1] for o in option), [o[2] for o in option])
                for option in itertools.product(*(self.signal(x, b) for x, b in enumerate(beliefs)))]

    @functools.lru_cache(maxsize=None)
    def scene(self, n, point, t):
        """What happens at a node: {(profile, theta): (chance of the profile, payments, [(chance, event, theta
        after)])}, {event: signals}, {(agent, type): probabilities}."""
        node = self.nodes[n]
        beliefs = [self.belief(x, p) for x, p in enumerate(point)]
        thetas = [th for th in self.types if all(b[k] > 0 for b, k in zip(beliefs, th))]
        chance = {th: math.prod(b[k] for b, k in zip(beliefs, th)) for th in thetas}
        entries = self.strategies[t][self.points.index(point)][n] if node['agents'] else []
        x = self.secret[node['stage']]
        rows, joint = {}, {}

        def plays(k, theta):
            knows = self.knows[node['agents'][k]['agent']]
            return entries[k][theta[knows]] if isinstance(entries[k][0], (list, type(None))) else entries[k]
        options = [range(len(a['actions'])) for a in node['agents']]
        for cell, profile in zip(node['cells'], itertools.product(*options)):
            for theta in thetas:
                p = math.prod(plays(k, theta)[o] for k, o in enumerate(profile))
                follows = []
                for target, q, *move in cell['next']:
                    q = self.number(q, t, point, theta)
                    after = list(theta)
                    if move:
                        after[x] = move[0][theta[x]]
                    event = (None if self.hidden[node['stage']] else profile, target)
                    if q > 0:
                        follows.append((q, event, tuple(after)))
                        marginals = joint.setdefault(event, [[0.0] * k for k in self.sizes])
                        for y, k in enumerate(after):
                            marginals[y][k] += chance[theta] * p * q
                rows[profile, theta] = p, self.paid(cell['pay'], t, point, theta), follows
        signals = {event: self.signals([[m / sum(row) for m in row] for row in by]) for event, by in joint.items()}
        return rows, signals, chance, plays, beliefs

    def own(self, j, theta):
        x = self.owned.get(j)
        return None if x is None else theta[x]

    @functools.lru_cache(maxsize=None)
    def values(self, place, point, t):
        """[{own type or None: value} of each actor] at a place."""
        total = [collections.defaultdict(float) for _ in self.actors]
        if place >= len(self.nodes):
            leaf = self.leaves[place - len(self.nodes)]
            beliefs = [self.belief(x, p) for x, p in enumerate(point)]
            after = None
            if leaf['next'] is not None and t + 1 < self.periods:
                after = self.values(self.game['states'][leaf['next']]['place'], point, t + 1)
            for theta in self.types:
                if all(b[k] > 0 for b, k in zip(beliefs, theta)):
                    paid = self.paid(leaf['pay'], t, point, theta)
                    for j, amount in enumerate(paid):
                        total[j][self.own(j, theta)] += self.given(j, beliefs, theta) * amount
            for j, by in enumerate(total):
                for own in by:
                    by[own] += self.actors[j]['discount'] * after[j][own] if after else 0.0
            return total
        rows, _, _, _, beliefs = self.scene(place, point, t)
        worth = self.worths(place, point, t)
        for (profile, theta), (p, _, _) in rows.items():
            for j in range(len(self.actors)):
                total[j][self.own(j, theta)] += self.given(j, beliefs, theta) * p * worth[profile, theta][j]
        self.certify(place, point, t, worth)
        return total

    def given(self, j, beliefs, theta):
        """The chance of the types if actor j is known to be of its own."""
        return math.prod(b[k] for x, (b, k) in enumerate(zip(beliefs, theta)) if x != self.owned.get(j))

    def worths(self, place, point, t):
        """{(profile, theta): [what actor j gets]}."""
        rows, signals, _, _, _ = self.scene(place, point, t)
        found = {}
        for key, (_, paid, follows) in rows.items():
            found[key] = list(paid)
            for q, event, after in follows:
                for to, weight, ratio in signals[event]:
                    v = self.values(event[1], to, t)
                    for j in range(len(self.actors)):
                        own = self.own(j, after)
                        like = 1.0 if own is None else ratio[self.owned[j]][own]
                        if like:
                            found[key][j] += q * weight * like * v[j][own]
        return found

    def certify(self, place, point, t, worth):
        """The residual at a place."""
        rows, _, _, plays, beliefs = self.scene(place, point, t)
        for k, entry in enumerate(self.nodes[place]['agents']):
            agent = self.game['agents'][entry['agent']]
            x, q = self.knows[entry['agent']], {}
            for (profile, theta), _ in rows.items():
                own = None if x is None else theta[x]
                chance = math.prod(b[v] for y, (b, v) in enumerate(zip(beliefs, theta)) if y != x)
                chance *= math.prod(plays(m, theta)[o] for m, o in enumerate(profile) if m != k)
                row = q.setdefault((own, tuple(plays(k, theta))), [0.0] * len(entry['actions']))
                row[profile[k]] += chance * sum(
                    w * worth[profile, theta][i] for i, w in zip(agent['members'], agent['weights']))
            for (_, sigma), row in q.items():
                top = max(row)
                logits = [math.exp(agent['rationality'] * (v - top)) for v in row]
                self.residual = max([self.residual] + [abs(s - w / sum(logits)) for s, w in zip(sigma, logits)])

    def start(self):
        """[(joint point, {theta: chance})] once the signals about the priors are heard."""
        for point, weight, _ in self.signals([v['prior'] for v in self.private]):
            beliefs = [self.belief(x, p) for x, p in enumerate(point)]
            yield point, {th: weight * math.prod(b[k] for b, k in zip(beliefs, th)) for th in self.types
                          if all(b[k] > 0 for b, k in zip(beliefs, th))}

    def start_values(self):
        place = self.game['states'][self.game['start']]['place']
        total = [0.0] * len(self.actors)
        for point, chances in self.start():
            v = self.values(place, point, 0)
            for theta, chance in chances.items():
                for j in range(len(self.actors)):
                    total[j] += chance * v[j][self.own(j, theta)]
        return total

    def outcomes(self):
        """By the chain over places, points and types, once for each way in which an outcome can still be open."""
        forms, horizon = [o['form'] for o in self.game['outcomes']], self.game['horizon']
        result = [horizon + 1.0 if f == 'first' else 0.0 for f in forms]
        for track in [None] + [o for o, f in enumerate(forms) if f in ('ever', 'first')]:
            states = {}
            for point, chances in self.start():
                states[self.game['start'], point] = chances
            for t in range(horizon):
                mass = collections.defaultdict(lambda: collections.defaultdict(float))
                for (state, point), by in states.items():
                    for theta, m in by.items():
                        mass[self.game['states'][state]['place'], point][theta] += m
                states = collections.defaultdict(lambda: collections.defaultdict(float))
                for place in range(len(self.nodes) + len(self.leaves)):
                    for key in [key for key in mass if key[0] == place]:
                        by = mass[key]
                        self.calibrate(key[1], by, track)
                        if place < len(self.nodes):
                            self.spread(place, key[1], by, t, mass)
                        else:
                            self.count(place, key[1], by, t, track, forms, result, states)
        return result

    def calibrate(self, point, by, track):
        total = sum(by.values())
        for theta, m in by.items():
            if track is None and total > 0:
                believed = math.prod(self.belief(x, p)[k] for x, (p, k) in enumerate(zip(point, theta)))
                self.calibration = max(self.calibration, abs(m / total - believed))

    def spread(self, place, point, by, t, mass):
        rows, signals, _, _, _ = self.scene(place, point, t)
        for (profile, theta), (p, _, follows) in rows.items():
            for q, event, after in follows:
                for to, weight, ratio in signals[event]:
                    like = math.prod(r[k] for r, k in zip(ratio, after))
                    if by.get(theta) and like:
                        mass[event[1], to][after] += by[theta] * p * q * weight * like

    def count(self, place, point, by, t, track, forms, result, states):
        leaf, horizon = self.leaves[place - len(self.nodes)], self.game['horizon']
        rest = range(t + 1, horizon) if leaf['ended'] else ()
        for theta, m in by.items():
            now = {o: self.number(x, t, point, theta) for o, x in leaf['outcomes']}
            standing = dict(leaf['standing'])
            if track is not None and now.get(track):
                result[track] += m if forms[track] == 'ever' else -m * (horizon - t)
                continue
            for o, form in enumerate(forms if track is None else ()):
                x = now.get(o, 0.0)
                after = [self.number(standing.get(o, 0.0), u, point, theta) for u in rest]
                if form in ('total', 'count'):
                    result[o] += m * x
                elif form == 'mean':
                    result[o] += m * (x + sum(after)) / horizon
                elif form == 'last' and (t == horizon - 1 or leaf['ended']):
                    result[o] += m * (after[-1] if after else x)
            if leaf['next'] is not None:
                states[leaf['next'], point][theta] += m


def compare(game, run):
    """Complaints about an export; `run` is the policy's part of `run --json`. Values and outcomes anew, and the certificates."""
    export, bad = Export(game), []

    def same(what, found, given):
        if not abs(found - given) <= 1e-9 * max(1, abs(given)):
            bad.append('%s: %r from the export, %r given' % (what, found, given))
    for actor, value in zip(game['actors'], export.start_values()):
        same('value of ' + actor['name'], value, actor['value'])
    for outcome, found in zip(game['outcomes'], export.outcomes()):
        same('outcome ' + outcome['name'], found, run['outcomes'][outcome['name']])
    same('residual', export.residual, game['residual'])
    if not export.calibration <= 1e-11:
        bad.append('calibration of %r' % export.calibration)
    return bad
