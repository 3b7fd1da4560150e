#!/usr/bin/env python3
"""Solves a model with private variables, by the plainest possible method, for the tests to compare with.

A node of the public game, or a leaf, is met with a grid point for each private variable. There everybody
without a private variable has one value, and an owner one for each type that the belief leaves. All that a
stage does is found by running its effects once for each joint type (Game.expand on the state with the types
in it); the events, and the beliefs after them, come from the definition; and the strategies from learning.py,
which follows the path of fixed points from scale 0. Grid points are worked out when something needs them.

    private.py MODEL [--values surplus] [--set name=value]... [--policy P]...
"""
import argparse
import itertools
import json
import math
import sys

import chain
import learning
import reference
from branch import PathError
from expression import ModelError, states_read
from grid import Grid
from language import Model

sys.setrecursionlimit(100_000)
SLACK = 1e-9


class Place:
    """What a stage does at a node with given beliefs: everything that its solution needs."""

    def __init__(self, game, node, points, now):
        self.game, self.node, self.points, self.now = game, node, points, now
        k, state, _ = node
        self.stage = game.model.stages[k]
        self.beliefs = [grid.belief(p) for grid, p in zip(game.grids, points)]
        self.types = list(itertools.product(*([v for v, b in enumerate(belief) if b > 0]
                                              for belief in self.beliefs)))
        self.chance = {theta: math.prod(b[v] for b, v in zip(self.beliefs, theta))
                       for theta in self.types}
        # The distinct profiles; for each joint type the expected payments and [(chance, event, types after)].
        self.rows = {}
        for theta in self.types:
            for profile, branches in game.expand(game.with_types(node, theta), now):
                paid, follows = [0.0] * len(game.actors), {}
                for p, pays, target in branches:
                    paid = [x + p * r for x, r in zip(paid, pays)]
                    if p > 0:
                        event = self.outcome(profile, target)
                        follows[event] = follows.get(event, 0.0) + p
                self.rows.setdefault(profile, {})[theta] = (
                    paid, [(p, *event) for event, p in follows.items()])
        self.players = game.slots(node) if self.stage.movers else {}
        # An agent is a player, or one type of a player that owns a variable: (player, variable, type).
        self.agents = []
        for p in self.players:
            x = game.owned[p]
            self.agents += ([(p, None, None)] if x is None else
                            [(p, x, v) for v in sorted({t[x] for t in self.types})])
        self.actions = {p: list(dict.fromkeys(tuple(a[i] for i in positions) for a in self.rows))
                        for p, positions in self.players.items()}
        self.moved = sorted({game.owned[p] for p in self.players if game.owned[p] is not None
                             and len(self.actions[p]) > 1} | game.involved[k])
        # What each agent plays in a profile, if the joint type is given.
        self.plays = {(profile, theta): [
            ((p, game.owned[p], None if game.owned[p] is None else theta[game.owned[p]]),
             tuple(profile[i] for i in positions)) for p, positions in self.players.items()]
            for profile, rows in self.rows.items() for theta in rows}
        self.find_events()

    def find_events(self):
        """The events, and what each leaves possible."""
        self.events = {}              # event -> variable -> which of its values it leaves possible
        for rows in self.rows.values():
            for _, follows in rows.values():
                for _, event, after in follows:
                    left = self.events.setdefault(event, {x: set() for x in self.moved})
                    for x in self.moved:
                        left[x].add(after[x])
        self.support = {(event, x): tuple(v in left for v in range(self.game.grids[x].values))
                        for event, by in self.events.items() for x, left in by.items()}

    def outcome(self, profile, target):
        """(event, types after): an event is what is seen, with the public place that follows."""
        k, state, live = target
        public = (k, state[:self.game.publics], live)
        values = tuple(state[self.game.publics + x] - low for x, low in enumerate(self.game.lows))
        return (None if self.stage.hidden else profile, public), values

    def fixed(self):
        """Whether what is believed after an event doesn't depend on how anybody plays."""
        return not self.stage.hidden and not any(
            len({t[x] for t in self.types}) > 1 and len(self.actions[p]) > 1
            for p in self.players for x in [self.game.owned[p]] if x is not None)

    def probability(self, sigma, profile, theta):
        product = 1.0
        for agent, own in self.plays[profile, theta]:
            product = product * sigma[agent][own]
        return product

    def posteriors(self, sigma):
        """{event: {variable: b'}}, and the probability of each event."""
        joint = {event: {x: [0.0] * self.game.grids[x].values for x in self.moved}
                 for event in self.events}
        total = dict.fromkeys(self.events, 0.0)
        for profile, rows in self.rows.items():
            for theta, (_, follows) in rows.items():
                weight = self.chance[theta] * self.probability(sigma, profile, theta)
                for p, event, after in follows:
                    total[event] = total[event] + weight * p
                    for x in self.moved:
                        joint[event][x][after[x]] = joint[event][x][after[x]] + weight * p
        return {event: {x: [v / total[event] for v in values] for x, values in by.items()}
                for event, by in joint.items()}

    def signals(self, posteriors, pieces=None):
        """{event: [(points, weight, {x: [g(k)/b'(k)]})]}: where the signals may move the beliefs."""
        found = {}
        for event, by in posteriors.items():
            options = []
            for x, point in enumerate(self.points):
                grid = self.game.grids[x]
                if x not in self.moved:
                    options.append([(point, 1.0, None)])
                    continue
                support = self.support[event, x]
                piece = pieces[event, x] if pieces else grid.piece(support, by[x])
                options.append([(g, w, [q / b if s else 0.0 for q, b, s in
                                        zip(grid.belief(g), by[x], support)])
                                for g, w in grid.corners(support, piece, by[x])
                                if pieces or abs(w) > 1e-15])
            found[event] = [(tuple(o[0] for o in option), math.prod(o[1] for o in option),
                             [o[2] for o in option]) for option in itertools.product(*options)]
        return found

    def worth(self, sigma, value, pieces=None, actors=None):
        """{(profile, types): {j: U_j}}: what each actor (of those asked for) gets from a profile, when it is
        known to be an owner of its type, and the others of the types given."""
        actors = range(len(self.game.actors)) if actors is None else actors
        self.game.labour(len(self.rows) * len(self.types))
        signals = self.signals(self.posteriors(sigma), pieces)
        memo = {}

        def after(event, j, own):
            """The continuation of actor j of type `own` after an event."""
            key = event, j, own
            if key not in memo:
                x, total = self.game.owner_of.get(j), 0.0
                for points, weight, ratio in signals[event]:
                    if x is not None and x in self.moved:
                        weight = weight * ratio[x][own]
                    v = value(event[1], points)[j]
                    if x is not None:
                        if own not in v:            # a type that this point rules out
                            continue
                        v = v[own]
                    total = total + weight * v
                memo[key] = total
            return memo[key]
        result = {}
        for profile, rows in self.rows.items():
            for theta, (paid, follows) in rows.items():
                totals = {}
                for j in actors:
                    x = self.game.owner_of.get(j)
                    totals[j] = paid[j]
                    for p, event, types in follows:
                        totals[j] = totals[j] + p * after(event, j, None if x is None else types[x])
                result[profile, theta] = totals
        return result

    def quality(self, sigma, worth):
        """{agent: {action: Q}}, against the others' strategies."""
        q = {agent: dict.fromkeys(self.actions[agent[0]], 0.0) for agent in self.agents}
        for (profile, theta), plays in self.plays.items():
            for agent, own in plays:
                p, x, k = agent
                chance = self.chance[theta] / (1.0 if x is None else self.beliefs[x][k])
                for other, action in plays:
                    if other != agent:
                        chance = chance * sigma[other][action]
                q[agent][own] = q[agent][own] + chance * self.game.weigh(p, worth[profile, theta])
        return q

    def values(self, sigma, worth):
        """[value of each actor]: a number, or for an owner {type: number}."""
        result = []
        for j in range(len(self.game.actors)):
            x = self.game.owner_of.get(j)
            sums = {None if x is None else t[x]: 0.0 for t in self.types}
            for (profile, theta), totals in worth.items():
                own = None if x is None else theta[x]
                chance = self.chance[theta] / (1.0 if x is None else self.beliefs[x][own])
                sums[own] += chance * self.probability(sigma, profile, theta) * totals[j]
            result.append(sums[None] if x is None else sums)
        return result


class PrivateGame(reference.Game):
    """A model with private variables under one policy. `ahead` counts the periods left if play is forever."""

    def __init__(self, model, policy, settings=(), surplus=False, most=math.inf):
        super().__init__(model, policy, settings, surplus)
        self.left = most                   # profiles of joint types that may still be worked out
        names, actors = list(model.privates), self.actors
        self.publics = len(model.variables) - len(names)
        self.lows = [model.domains[x][0] for x in names]
        sizes = [model.domains[x][1] - model.domains[x][0] + 1 for x in names]
        self.grids = [Grid(k, model.fineness or (32 if k == 2 else 16)) for k in sizes]
        self.owner_of = {actors.index(model.privates[x][0]): i for i, x in enumerate(names)}
        self.owned = []                    # of each player, the variable it owns, or None
        for members in self.members:
            self.owned.append(next((self.owner_of[i] for i in members if i in self.owner_of), None))
        self.prior = [self.prior_of(x) for x in names]
        self.involved = [{x - self.publics for x in self.secrets(stage)} for stage in model.stages]
        self.known = {}                    # (node, points, ahead) -> values
        self.solved = {}                   # (node, points, period) -> (Place, strategies)
        self.begun = {}                    # (state, points) in which a period begins
        self.residual = 0.0

    def labour(self, profiles):
        """Counts the work done, and gives up where it is more than was allowed."""
        self.left -= profiles
        if self.left < 0:
            raise PathError('too much work')

    def prior_of(self, name):
        low, high, _ = self.model.domains[name]
        chances = {v: self.constant(e) for v, e in self.model.privates[name][1].items()}
        if name in self.changes.starts:
            chances = {self.changes.starts[name]: 1.0}
        if abs(sum(chances.values()) - 1) > SLACK or not all(
                -SLACK <= p <= 1 + SLACK for p in chances.values()):
            raise ModelError(f'the prior of {name}: {chances}')
        clamped = [min(max(chances.get(v, 0.0), 0.0), 1.0) for v in range(low, high + 1)]
        return [p / sum(clamped) for p in clamped]

    def secrets(self, stage):
        """The private variables that a stage's probabilities read or its effects write."""
        found = set()

        def visit(effects):
            for effect in effects or ():
                if effect[0] == 'if':
                    visit(effect[2])
                    visit(effect[3])
                elif effect[0] == 'branch':
                    for chance, body in effect[1]:
                        found.update(states_read(chance))
                        visit(body)
                    visit(effect[2])
                elif effect[0] == 'write':
                    found.add(effect[1])
        visit(stage.effects)
        for actions in stage.actions.values():
            for _, effects in actions.values():
                visit(effects)
        return {x for x in found if x >= self.publics}

    def with_types(self, node, theta):
        k, state, live = node
        return k, state + tuple(low + v for low, v in zip(self.lows, theta)), live

    def all_types(self):
        return itertools.product(*(range(grid.values) for grid in self.grids))

    def targets(self, node, now):
        """The public nodes that can follow, whatever the types."""
        return list(dict.fromkeys(
            (target[0], target[1][:self.publics], target[2]) for theta in self.all_types()
            for _, branches in self.expand(self.with_types(node, theta), now) for _, _, target in branches))

    def pay_out(self, node, now):
        for theta in self.all_types():
            self.payoff(self.with_types(node, theta)[1], dict(node[2]), now)

    # -- the recursion

    def later(self, ahead):
        """The value function of places in this period, when `ahead` periods are left, this one included."""
        return lambda node, points: self.values_at(node, points, ahead)

    def now(self, ahead):
        return None if self.forever else self.periods - ahead + 1

    def values_at(self, node, points, ahead):
        """[value of each actor] at a place."""
        key = node, points, ahead
        if key not in self.known:
            if node[0] == len(self.model.stages):
                self.known[key] = self.leaf(node, points, ahead)
            else:
                place, sigma = self.play(node, points, ahead)
                worth = place.worth(sigma, self.later(ahead))
                self.known[key] = place.values(sigma, worth)
                if self.surplus and sigma:
                    self.enjoy(self.known[key], place.quality(sigma, worth))
        return self.known[key]

    def enjoy(self, values, quality):
        """Puts (1/lambda) log sum exp(lambda Q) in place of each mover's value, type by type."""
        for (p, x, own), q in quality.items():
            rationality, i = self.player_rationality[p], next(iter(self.members[p]))
            if not rationality:
                raise ModelError('--values surplus is not defined for rationality 0')
            top = max(q.values())
            worth = top + math.log(sum(math.exp(rationality * (v - top)) for v in q.values())) / rationality
            if x is None:
                values[i] = worth
            else:
                values[i][own] = worth

    def play(self, node, points, ahead):
        """The Place and the strategies of its agents: {agent: {action: probability}}."""
        key = node, points, ahead
        if key not in self.solved:
            place = Place(self, node, points, self.now(ahead))
            if not place.players:
                sigma = {}
            elif place.fixed():
                sigma = self.play_fixed(place, ahead)
            else:
                sigma = learning.follow(place, self.later(ahead), self.player_rationality)
            self.certify(place, sigma, ahead)
            self.solved[key] = place, sigma
        return self.solved[key]

    def play_fixed(self, place, ahead):
        """Nobody learns anything from actions: an ordinary stage game, of the expectations over types."""
        uniform = {agent: {a: 1 / len(place.actions[agent[0]]) for a in place.actions[agent[0]]}
                   for agent in place.agents}
        worth = place.worth(uniform, self.later(ahead))
        rows = []
        for profile, by in place.rows.items():
            rows.append((profile, [sum(place.chance[t] * worth[profile, t][j] for t in by)
                                   for j in range(len(self.actors))]))
        moves = self.logit(place.node, rows)
        return {agent: moves[agent[0]] for agent in place.agents}

    def certify(self, place, sigma, ahead):
        q = place.quality(sigma, place.worth(sigma, self.later(ahead))) if sigma else {}
        for agent, row in q.items():
            rationality = self.player_rationality[agent[0]]
            top = max(row.values())
            weights = {a: math.exp(rationality * (x - top)) for a, x in row.items()}
            for a, w in weights.items():
                self.residual = max(self.residual, abs(sigma[agent][a] - w / sum(weights.values())))

    def leaf(self, node, points, ahead):
        state, choices = node[1], dict(node[2])
        beliefs = [grid.belief(p) for grid, p in zip(self.grids, points)]
        types = list(itertools.product(*([v for v, b in enumerate(belief) if b > 0]
                                         for belief in beliefs)))
        following = None
        if not self.ended(state, choices):
            self.begun.setdefault((state, points))
            if ahead > 1:
                following = self.values_at(self.arrive(0, state, {}), points, ahead - 1)
        paid = {t: self.payoff(self.with_types(node, t)[1], choices, self.now(ahead)) for t in types}
        result = []
        for j in range(len(self.actors)):
            x = self.owner_of.get(j)
            sums = {}
            for t in types:
                own = None if x is None else t[x]
                chance = math.prod(b[v] for y, (b, v) in enumerate(zip(beliefs, t)) if y != x)
                sums[own] = sums.get(own, 0.0) + chance * paid[t][j]
            for own in sums:
                if following is not None:
                    v = following[j] if x is None else following[j][own]
                    sums[own] += self.discount[j] * v
            result.append(sums[None] if x is None else sums)
        return result

    def first_points(self):
        """[(points, weight, {x: [g(k)/prior(k)]})]: where the first signals may move the priors."""
        options = []
        for grid, prior in zip(self.grids, self.prior):
            support = [p > 0 for p in prior]
            options.append([(g, w, [q / p if p else 0.0 for q, p in zip(grid.belief(g), prior)])
                            for g, w in grid.corners(support, grid.piece(support, prior), prior) if w > 1e-15])
        return [(tuple(o[0] for o in option), math.prod(o[1] for o in option), [o[2] for o in option])
                for option in itertools.product(*options)]

    def at_start(self, value):
        """[number of each actor]: the expectation over the first signals, for owners over their types too."""
        totals = [0.0] * len(self.actors)
        for points, weight, _ in self.first_points():
            for j, v in enumerate(value(points)):
                x = self.owner_of.get(j)
                if x is not None:
                    v = sum(b * v.get(k, 0.0) for k, b in enumerate(self.grids[x].belief(points[x])))
                totals[j] += weight * v
        return totals

    def begin(self):
        """The first node, once it is known how far to look ahead."""
        self.furthest = self.periods
        if self.forever:
            self.furthest = self.look_ahead((self.start, points) for points, *_ in self.first_points())
        return self.arrive(0, self.start, {})

    def result(self):
        first = self.begin()
        values = self.at_start(lambda points: self.values_at(first, points, self.furthest))
        return {'values': dict(zip(self.actors, values)), 'outcomes': chain.outcomes(self, first),
                'outcomes_by_type': chain.outcomes_by_type(self, first),
                'gaps': chain.gaps(self, first), 'residual': self.residual,
                'calibration': chain.calibration(self, first),
                'beliefs': math.prod(math.comb(g.n + g.values - 1, g.values - 1) for g in self.grids)}

    def look_ahead(self, places):
        """How far to look ahead from places (state, points) if play is forever: until one period more
        changes nothing."""
        self.begun = dict.fromkeys(places)
        before = {}
        for ahead in range(1, reference.MAX_SWEEPS):
            self.residual, values, todo = 0.0, {}, list(self.begun)
            while todo:
                for state, points in todo:
                    for j, v in enumerate(self.values_at(self.arrive(0, state, {}), points, ahead)):
                        for own, x in v.items() if isinstance(v, dict) else [(None, v)]:
                            values.setdefault(j, {})[state, points, own] = x
                done = {key[:2] for key in values[0]}
                todo = [place for place in self.begun if place not in done]
            if all(self.still(j, before.get(j, {}), values[j]) for j in values):
                return ahead
            before = values
        raise ModelError('the stationary play was not found')

    def still(self, j, before, values):
        discount = self.discount[j]
        change = max(abs(x - before.get(key, 0.0)) for key, x in values.items())
        return change * discount / (1 - discount) <= 1e-12 * max(1.0, *map(abs, values.values()))

    def ahead_at(self, t):
        """How many periods are left in period t, it included."""
        return self.furthest if self.forever else self.periods - t + 1


def solve_text(text, settings=(), policies=None, surplus=False, most=math.inf):
    """The result, as `run --json` shapes it, for the text of a model with private variables. PathError if
    more than `most` profiles of joint types would have to be worked out."""
    model = reference.read_model(text, settings, policies)
    return {'model': model.name, 'policies': {
        p.name: PrivateGame(model, p, settings, surplus, most).result()
        for p in model.policies if not policies or p.name in policies}}


def main():
    parser = argparse.ArgumentParser(description='Solve a model with private variables, as JSON.')
    parser.add_argument('model', metavar='MODEL')
    parser.add_argument('--values', choices=['plain', 'surplus'], default='plain')
    parser.add_argument('--set', action='append', default=[], metavar='name=value')
    parser.add_argument('--policy', action='append', metavar='P')
    options = parser.parse_args()
    try:
        with open(options.model, encoding='utf-8') as file:
            result = solve_text(file.read(), reference.numbers_set(options.set), options.policy,
                                options.values == 'surplus')
    except (ModelError, PathError) as trouble:
        print(f'{options.model}: {trouble}', file=sys.stderr)
        return 2
    print(json.dumps(result, indent=1))
    return 0


if __name__ == '__main__':
    sys.exit(main())
