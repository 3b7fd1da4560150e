#!/usr/bin/env python3
"""What makes the difference between two policies: which ingredient, and by whose reaction.

The *ingredients* between policies P and Q are the levers whose settings differ and the changes of their own
that they don't share. Every cell, that is, every set of ingredients as Q has them with the rest as P has them,
is a policy and is solved; an outcome is then a cooperative game v(set) of which the shares are Shapley's value
(Shapley 1953) and the interactions of pairs Shapley's interaction index (Grabisch & Roubens 1999), both by their
defining sums. The *mechanical* part is what changes if everybody goes on by the strategy of P's rules in a world
that has become Q's: `Rules` solves P at situations that P's own play may never meet, `Mechanical` lets that
strategy run through Q's game, every choice of a period remembered. The rest of the difference is adaptation.
With private variables carried.py has both.

    ingredients.py MODEL --from P --to Q [--values surplus] [--set name=value]...
"""
import argparse
import itertools
import json
import math
import sys

import branch
import reference
from expression import ModelError, evaluate
from language import Changes, Model, Policy

MOST = 12             # ingredients
MOST_CASES = 4096     # over which two conditions are compared


# ------------------------------------------------------------------------------------ ingredients

class Ingredients:
    """What P and Q differ in, by name and in order, and the policy of each cell."""

    def __init__(self, model, start, goal):
        self.ends = start, goal
        self.settings = [model.settings(p) for p in self.ends]
        self.levers = [lever for lever in model.levers
                       if self.settings[0][lever] != self.settings[1][lever]]
        # A change of their own that only one of them makes, or that both make differently.
        own = [single(policy.own) for policy in self.ends]
        own[1] = {same_rule(model, key, own[0]): change for key, change in own[1].items()}
        own[1] = {key: key if key[0] in ('forbid', 'force') else change for key, change in own[1].items()}
        self.shared = [own[0][key] for key in own[0] if own[1].get(key) == own[0][key]]
        self.own = {}
        for key in {**own[0], **own[1]}:
            sides = own[0].get(key), own[1].get(key)
            if sides[0] != sides[1]:
                self.own[unused(title(key, sides[0] or sides[1]), self.own)] = sides
        self.names = self.levers + list(self.own)
        if len(self.names) > MOST:
            raise ModelError(f'{len(self.names)} ingredients are too many')

    def cell(self, chosen):
        """The policy that has the ingredients `chosen` as Q has them, the others as P has them."""
        uses = {lever: self.settings[lever in chosen][lever] for lever in self.settings[0]}
        changes = self.shared + [sides[name in chosen] for name, sides in self.own.items()]
        return Policy(' + '.join(chosen) or self.ends[0].name, together(changes), uses)


def single(changes):
    """The single changes, {what is changed: the change}. A number set, a role given or a start may be
    the same change with another value, a team with other weights; a rule is all of itself."""
    found = {('teams', tuple(sorted(team))): ('teams', team) for team in changes.teams}
    for kind in ('sets', 'roles', 'starts'):
        for name, value in getattr(changes, kind).items():
            found[kind, name] = (kind, (name, value))
    for kind in ('forbid', 'force'):
        for rule in getattr(changes, kind):
            found[kind, rule] = (kind, rule)
    return found


def same_rule(model, key, others):
    """The rule among the others whose condition holds in the same situations; else the key itself."""
    if key[0] not in ('forbid', 'force'):
        return key
    kind, (mover, action, condition) = key
    return next((other for other in others if other[0] == kind and other[1][:2] == (mover, action)
                 and same_condition(model, condition, other[1][2])), key)


def read_by(e):
    """What a resolved expression reads: ('state', i), ('choice', slot), ('role', name)."""
    if not isinstance(e, tuple):
        return set()
    if e[0] in ('state', 'choice', 'role'):
        return {e}
    return set().union(*map(read_by, e))


def same_condition(model, a, b):
    """Whether two conditions (None: always) hold for the same values of what they read."""
    if a == b:
        return True
    always, reads = ('num', 1), sorted(read_by((a, b)))

    def values(kind, what):
        if kind == 'state':
            low, high, _ = model.domains[model.variables[what]]
            return range(low, high + 1)
        if kind == 'role':
            return list(model.actors)
        stage = next(stage for stage in model.stages if stage.name == what[0])
        return [*stage.actions[what[1]], 'none']
    cases = [values(*what) for what in reads]
    if math.prod(map(len, cases)) > MOST_CASES:
        return False
    for case in itertools.product(*cases):
        state, choices, roles = ({what: value for (k, what), value in zip(reads, case) if k == kind}
                                 for kind in ('state', 'choice', 'role'))
        if len({truth(e or always, state, choices, roles) for e in (a, b)}) > 1:
            return False
    return True


def truth(condition, *case):
    """Whether it holds; None where it can't be worked out, which ends play."""
    try:
        return bool(evaluate(condition, *case, None, None))
    except (ArithmeticError, ValueError):
        return None


def title(key, change):
    """A change's name, without its value or its condition; a team as it is written."""
    kind, what = key
    if kind in ('forbid', 'force'):
        return f'{kind} {what[0]}.{what[1]}'
    return f'{kind[:-1]} {", ".join(change[1]) if kind == "teams" else what}'


def unused(name, names):
    """The name, numbered if it is taken."""
    return next(n for n in itertools.chain([name], (f'{name} {i}' for i in itertools.count(2)))
                if n not in names)


def together(changes):
    """The Changes that consist of the given ones; None is no change."""
    whole = Changes()
    for kind, change in filter(None, changes):
        if kind in ('teams', 'forbid', 'force'):
            getattr(whole, kind).append(change)
        else:
            getattr(whole, kind)[change[0]] = change[1]
    return whole


def subsets(names):
    return [s for size in range(len(names) + 1) for s in itertools.combinations(names, size)]


def shapley(names, v):
    """{i: sum over S without i of |S|! (n-|S|-1)! / n! (v(S+i) - v(S))}"""
    n, f = len(names), math.factorial
    return {i: math.fsum(f(len(s)) * f(n - len(s) - 1) / f(n) * (v(s, i) - v(s))
                         for s in subsets([j for j in names if j != i])) for i in names}


def interactions(names, v):
    """{i & j: sum over S without both of |S|! (n-|S|-2)! / (n-1)! (v(S+i+j) - v(S+i) - v(S+j) + v(S))}"""
    n, f = len(names), math.factorial
    return {f'{i} & {j}': math.fsum(
        f(len(s)) * f(n - len(s) - 2) / f(n - 1) * (v(s, i, j) - v(s, i) - v(s, j) + v(s))
        for s in subsets([k for k in names if k not in (i, j)]))
        for i, j in itertools.combinations(names, 2)}


# ------------------------------------------------------------------------------ the mechanical chain

class Remembering:
    """A game in which nobody forgets a choice of the period that was seen."""

    def live_choices(self):
        slots = {(stage.name, mover) for stage in self.model.stages for mover in stage.movers
                 if not stage.hidden}
        return [slots] * (len(self.model.stages) + 1)

    def nodes_at(self, now):
        """The nodes that can occur in a period."""
        found, todo = set(), [self.arrive(0, state, {}) for state in self.states_at(now)]
        while todo:
            node = todo.pop()
            if node not in found and node[0] < len(self.model.stages):
                found.add(node)
                todo += self.targets(node, now)
        return found


class Mechanical(Remembering, reference.Game):
    """Q's game in which each node's profile is drawn from probabilities that are given, not solved for:
    {profile: probability} in place of strategies."""

    def expected(self, node, rows, chances):
        size = len(rows[0][1])
        return [sum(chances[profile] * vector[i] for profile, vector in rows) for i in range(size)]

    def follow(self, rules):
        """Let everybody go by the strategies of `rules`, over the horizon."""
        self.strategies, self.uniform = [], []
        for now in range(1, 2 if self.forever else self.model.horizon + 1):
            self.strategies.append({})
            self.uniform.append({})
            for node in self.nodes_at(now):
                if self.model.stages[node[0]].movers:
                    chances, uniform = self.mixture(node, rules, now)
                    self.strategies[-1][node] = chances
                    self.uniform[-1][node] = uniform

    def mixture(self, node, rules, now):
        """The probability of each profile at a node, and how many of its movers decide uniformly."""
        stage, uniform, parts = self.model.stages[node[0]], 0, []
        options = [self.enabled(stage, m, node[1], dict(node[2])) for m in stage.movers]
        for positions, logits in rules.logits_at(node, now):
            allowed = list(itertools.product(*(options[x] for x in positions)))
            known = [a for a in allowed if a in logits]
            if known:
                part = dict(zip(known, branch.softmax([logits[a] for a in known])))
            else:
                part, uniform = dict.fromkeys(allowed, 1 / len(allowed)), uniform + len(positions)
            parts.append((positions, part))
        return {profile: math.prod(part.get(tuple(profile[x] for x in positions), 0.0)
                                   for positions, part in parts)
                for profile in itertools.product(*options)}, uniform

    def share_uniform(self):
        """The expected number of decisions taken uniformly, over that of all decisions."""
        following = {}
        for t in range(self.model.horizon, 0, -1):
            chances = self.strategy_at(t)
            uniform = self.uniform[0 if self.forever else t - 1]

            def leaf(state, choices):
                ended = t == self.model.horizon or self.ended(state, choices)
                return [0.0, 0.0] if ended else following[state]

            def decide(node, rows):
                later = self.expected(node, rows, chances[node])
                movers = len(self.model.stages[node[0]].movers)
                return [later[0] + movers, later[1] + uniform[node]]
            following = self.sweep(t, self.states_at(t), leaf, decide, lambda _: [0.0, 0.0])
        decisions, uniformly = following[self.start]
        return uniformly / decisions if decisions else 0.0


class Elsewhere:
    """The rules of a policy at all situations of another's game."""

    def explore_from(self, chain):
        """Find what follows, under these rules, from each situation of the chain, in each of its periods. A
        situation that leads to an error under these rules (somebody has no action, a number leaves its
        domain) is none of theirs, it is `lost`: errors count only where these rules' own play can get."""
        todo = [(1, self.arrive(0, self.start, {}))]
        for now in range(1, 2 if self.forever else self.model.horizon + 1):
            for node in chain.nodes_at(now):
                own = self.situation(node)
                if own:
                    todo.append((now, own))
        roots, follows, causes, wrong = list(todo), {}, {}, []
        while todo:
            place = todo.pop()
            if place not in follows:
                try:
                    follows[place] = self.successors(*place)
                except ModelError:
                    follows[place] = []
                    wrong.append(place)
                for following in follows[place]:
                    causes.setdefault(following, []).append(place)
                todo += follows[place]
        self.lost = set()
        while wrong:
            place = wrong.pop()
            if place not in self.lost:
                self.lost.add(place)
                wrong += causes.get(place, ())
        self.places = [place for place in follows if place not in self.lost]
        assert roots[0] not in self.lost

    def successors(self, now, node):
        """The places that follow a place: pairs (period, node), a leaf being a node too."""
        k, state, live = node
        if k < len(self.model.stages):
            return [(now, target) for target in self.targets(node, now)]
        self.pay_out(node, now)
        if self.ended(state, dict(live)) or now == self.periods:
            return []
        return [(now if self.forever else now + 1, self.arrive(0, state, {}))]

    def situation(self, node):
        """The node of these rules at a node of a game that forgets nothing; None: they skip the stage."""
        k, state, choices = node
        if self.holds(self.model.stages[k].when, state, dict(choices)):
            return k, state, tuple(c for c in choices if c[0] in self.live[k])
        return None


class Rules(Elsewhere, reference.Game):
    """The strategies of a policy at all situations of another's game."""

    def explore_from(self, chain):
        super().explore_from(chain)
        self.reached = [[] for _ in range(1 if self.forever else self.periods)]
        for now, node in self.places:
            self.situations.setdefault(now, []).append(node)
            if self.arrive(0, node[1], {}) == node:
                self.reached[now - 1].append(node[1])

    def explore(self):
        """Done already, from elsewhere: see explore_from."""

    def logits_at(self, node, now):
        """[(positions, {actions: lambda Q})]: the players' logits at a node of another game, for the
        positions of its movers that each player decides; without any where these rules have none."""
        own = self.situation(node)
        if own and (own, now) in self.logits:
            slots = self.slots(own)
            return [(slots[p], logits) for p, logits in self.logits[own, now].items()]
        return [([x], {}) for x in range(len(self.model.stages[node[0]].movers))]


# --------------------------------------------------------------------------------------- the answer

def carry(model, start, goal, settings, surplus):
    """The outcomes of the mechanical chain, and the share of decisions taken uniformly."""
    chain = Mechanical(model, goal, settings)
    chain.explore()
    rules = Rules(model, start, settings, surplus)
    rules.explore_from(chain)
    rules.solve()
    chain.follow(rules)
    return chain.outcomes(), chain.share_uniform()


def solve(model, policy, settings, surplus):
    game = reference.Game(model, policy, settings, surplus)
    game.solve()
    return game.outcomes()


def compare(text, start, goal, settings=(), surplus=False, most=math.inf):
    """What differs between the policies named, as `levers --json` shapes it; `most`: see private.py."""
    model = reference.read_model(text, settings, (start, goal))
    start, goal = (next(p for p in model.policies if p.name == name) for name in (start, goal))
    parts = Ingredients(model, start, goal)
    names, outcomes = parts.names, {}
    if model.privates:
        import carried          # which needs the classes above
        moved, uniform = carried.carry(model, start, goal, settings, surplus, most)
    else:
        moved, uniform = carry(model, start, goal, settings, surplus)
    for chosen in subsets(names):
        cell = parts.cell(chosen)
        outcomes[frozenset(chosen)] = (carried.solve(model, cell, settings, surplus, most)
                                       if model.privates else solve(model, cell, settings, surplus))
    result = {}
    for outcome in model.outcomes:
        def v(chosen, *more):
            return outcomes[frozenset(chosen + more)][outcome]
        everything, before, after = tuple(names), v(()), v(tuple(names))
        result[outcome] = {
            'from': before, 'to': after, 'difference': after - before,
            'shapley': shapley(names, v),
            'alone': {i: v((), i) - before for i in names},
            'left_out': {i: v(tuple(j for j in everything if j != i)) - after for i in names},
            'interactions': interactions(names, v),
            'mechanical': moved[outcome] - before, 'adaptive': after - moved[outcome]}
    return {'from': start.name, 'to': goal.name, 'ingredients': names, 'cells': len(outcomes),
            'uniform': uniform, 'outcomes': result}


def main():
    parser = argparse.ArgumentParser(description='Share out the difference between two policies, as JSON.')
    parser.add_argument('model', metavar='MODEL')
    parser.add_argument('--from', dest='start', required=True, metavar='P')
    parser.add_argument('--to', dest='goal', required=True, metavar='Q')
    parser.add_argument('--values', choices=['plain', 'surplus'], default='plain')
    parser.add_argument('--set', action='append', default=[], metavar='name=value')
    options = parser.parse_args()
    try:
        with open(options.model, encoding='utf-8') as file:
            result = compare(file.read(), options.start, options.goal,
                             reference.numbers_set(options.set), options.values == 'surplus')
    except (ModelError, branch.PathError) as trouble:
        print(f'{options.model}: {trouble}', file=sys.stderr)
        return 2
    print(json.dumps(result, indent=1))
    return 0


if __name__ == '__main__':
    sys.exit(main())
