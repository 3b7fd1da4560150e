#!/usr/bin/env python3
"""Solves a model by the plainest possible method, for the tests to compare with.

Written from the design of language and method alone, without the program's code. One policy of one model is a Game. Periods run t = 1, 2, ...;
a *node* is (stage number, state, live choices), and everything is backward recursion over the
nodes of a period (`sweep`) and over the periods: first the logit equilibrium, then, against the
strategies it left, the outcomes, the plain payoffs and each player's best response. Nothing is
shared with the main program. README.md says how to run it and how the design was read where it
leaves room.

    reference.py MODEL... [--values surplus] [--chance] [--set name=value]... [--policy P]... [--out DIR]
"""
import argparse
import itertools
import json
import math
import os
import sys

import branch
from expression import UNKNOWN, ModelError, evaluate, reads, reads_now
from language import Model

SLACK = 1e-9             # by so much a probability, or a sum of them, may be off
MAX_SWEEPS = 100_000
WHEN_KEEPS = False       # see README.md: is a choice that only `when` reads alive at the node?


class Game:
    """A model under one policy, with numbers for the parameters; `chance`: everybody tosses coins."""

    def __init__(self, model, policy, settings=(), surplus=False, chance=False):
        self.model, self.surplus = model, surplus
        self.changes = changes = model.in_force(policy)
        self.actors = list(model.actors)
        self.params = {**model.params, **dict(settings), **changes.sets}
        self.roles = {**model.roles, **changes.roles}
        self.start = tuple({**model.start, **changes.starts}[v] for v in model.variables
                           if v not in model.privates)
        self.discount = [self.constant(model.actors[a][0]) for a in self.actors]
        self.rationality = [self.constant(model.actors[a][1]) for a in self.actors]
        if not all(0 <= d <= 1 for d in self.discount) or not all(r >= 0 for r in self.rationality):
            raise ModelError('a discount outside [0, 1] or a negative rationality')
        if chance:
            self.rationality = [0.0] * len(self.actors)
        self.forever = model.lookahead is None
        self.periods = None if self.forever else model.horizon + model.lookahead
        # A player moves as one: a team, or an actor that is in none. Its members with their weights.
        members = [dict(team) for team in changes.teams]
        taken = set().union(*members)
        members += [{a: 1.0} for a in self.actors if a not in taken]
        self.members = [{self.actors.index(a): w for a, w in m.items()} for m in members]
        self.player_of = {a: p for p, m in enumerate(members) for a in m}
        self.player_rationality = [sum(w * self.rationality[i] for i, w in m.items())
                                   / sum(m.values()) for m in self.members]
        if surplus and changes.teams:
            raise ModelError('--values surplus is not defined for teams')
        self.live = self.live_choices()
        self.timed = reads_now([e for s in model.stages for e in (s.effects, s.actions)])
        self.edges = {}                    # (node, period) -> list of (profile, branches), see expand
        self.situations = {}               # period -> nodes to be solved although play need not meet them
        self.logits = {}                   # (node, period) -> player -> action -> lambda Q

    def constant(self, e):
        return float(evaluate(e, (), {}, self.roles, self.params, None))

    def number(self, e, state, choices, now=None):
        try:
            value = evaluate(e, state, choices, self.roles, self.params, now)
        except (ArithmeticError, ValueError) as trouble:
            raise ModelError(f'{trouble} at {self.show(state)}') from trouble
        if value is UNKNOWN:
            raise ModelError(f'a choice is read that is not alive at {self.show(state)}')
        if not math.isfinite(value):
            raise ModelError(f'not a finite number at {self.show(state)}')
        return value

    def holds(self, e, state, choices):
        return e is None or bool(self.number(e, state, choices))

    def show(self, state):
        return ', '.join(f'{v}={x}' for v, x in zip(self.model.variables, state))

    def holder(self, name):
        return self.roles.get(name, name)

    def actor_index(self, name):
        return self.actors.index(self.holder(name))

    # -- the structure: what follows what

    def live_choices(self):
        """For each stage, and for the end of the period, the slots that something reads from there on."""
        model = self.model
        later = reads([e for _, e in model.payoffs] + model.ends
                      + [e for _, e in model.outcomes.values()])
        live = [later]
        for stage in reversed(model.stages):
            rules = [g for m, a, g in self.changes.forbid + self.changes.force
                     if a in stage.actions.get(m, ()) and g is not None]
            inside = reads([stage.effects, rules, [list(acts.values())
                                                   for acts in stage.actions.values()]])
            at_node = later | inside
            later = at_node | reads([stage.when] if stage.when else [])
            live.insert(0, later if WHEN_KEEPS else at_node)
        return live

    def arrive(self, k, state, choices):
        """The node reached on arriving at stage k; stage number len(stages) is the period's end.
        `choices` holds the action of every slot of the stages before k ('none' if skipped) that
        is still alive: a dict whose missing entries raise an error when read."""
        stages = self.model.stages
        while k < len(stages) and not self.holds(stages[k].when, state, choices):
            choices = {**choices, **{(stages[k].name, m): 'none' for m in stages[k].movers}}
            k += 1
        return k, state, tuple(sorted(c for c in choices.items() if c[0] in self.live[k]))

    def enabled(self, stage, mover, state, choices):
        """The actions of a mover at a node, after guards, forbid and force."""
        def ruled(rules, action):
            return any(m == mover and a == action and self.holds(g, state, choices)
                       for m, a, g in rules)
        actions = [a for a, (guard, _) in stage.actions[mover].items()
                   if self.holds(guard, state, choices) and not ruled(self.changes.forbid, a)]
        forced = [a for a in actions if ruled(self.changes.force, a)]
        if not actions:
            raise ModelError(f'{stage.name}: {mover} has no action at {self.show(state)}')
        return forced or actions

    def expand(self, node, now):
        """What can happen at a node in period `now`: a list of (profile, [(probability, payments, next node)]), a
        profile being the actions of the stage's movers in their order, () for chance."""
        key = node, now if self.timed else None
        if key in self.edges:
            return self.edges[key]
        k, state, live = node
        choices, stage = dict(live), self.model.stages[node[0]]
        result = []
        if not stage.movers:
            paths = self.run(stage.effects, Path(state, now), choices)
            result.append(((), [(p.chance, p.payments(self), self.arrive(k + 1, p.state, choices))
                                for p in paths]))
        options = [self.enabled(stage, m, state, choices) for m in stage.movers]
        together = len(stage.movers) > 1
        for profile in itertools.product(*options) if stage.movers else ():
            parts = [self.run(stage.actions[m][a][1], Path(state, now, together), choices)
                     for m, a in zip(stage.movers, profile)]
            after = {**choices, **{(stage.name, m): a for m, a in zip(stage.movers, profile)}}
            branches = []
            for combined in itertools.product(*parts):
                chance = math.prod(p.chance for p in combined)
                pays = [sum(x) for x in zip(*(p.payments(self) for p in combined))]
                moved = combined[0].state          # the one mover's, or the state as it began
                moved = self.written(moved, [w for p in combined for w in p.writes])
                branches.append((chance, pays, self.arrive(k + 1, moved, after)))
            result.append((profile, branches))
        self.edges[key] = result
        return result

    def run(self, effects, path, choices):
        """The paths, with their probabilities, that a list of effects opens from a path."""
        paths = [path]
        for effect in effects:
            paths = [q for p in paths for q in self.step(effect, p, choices)]
        return paths

    def step(self, effect, path, choices):
        kind, state = effect[0], path.state
        if kind == 'if':
            taken = effect[2] if self.holds(effect[1], state, choices) else effect[3]
            return self.run(taken, path, choices)
        if kind == 'branch':
            return self.step_branch(effect, path, choices)
        if kind == 'pay':
            payment = (self.actor_index(effect[1]),
                       self.number(effect[2], state, choices, path.now))
            return [path.with_(pays=path.pays + (payment,))]
        _, variable, operator, e = effect
        amount = self.number(e, state, choices)
        if abs(amount - round(amount)) > SLACK:
            raise ModelError(f'{amount} is not whole at {self.show(state)}')
        write = (variable, operator, round(amount))
        if path.together:                  # every effect reads the state as the stage began
            return [path.with_(writes=path.writes + (write,))]
        return [path.with_(state=self.written(state, [write]))]

    def step_branch(self, effect, path, choices):
        _, arms, rest = effect
        results, total, constant_total = [], 0.0, 0
        for e, body in [*arms, (None, rest)]:
            if e is not None:
                chance = self.number(e, path.state, choices, path.now)
                constant = evaluate(e, path.state, choices, self.roles, None, UNKNOWN)
                total, constant_total = total + chance, constant_total + constant
            elif rest is None:             # no else: the probabilities must sum to one
                if abs(total - 1) > SLACK:
                    raise ModelError(f'probabilities sum to {total} at {self.show(path.state)}')
                break
            else:
                chance, constant = 1 - total, 1 - constant_total
                if constant is not UNKNOWN and abs(constant) <= SLACK:
                    constant = 0
            if not -SLACK <= chance <= 1 + SLACK:
                raise ModelError(f'a probability of {chance} at {self.show(path.state)}')
            if constant is UNKNOWN or constant != 0:
                chance = path.chance * min(max(chance, 0.0), 1.0)
                results += self.run(body, path.with_(chance=chance), choices)
        return results

    def written(self, state, writes):
        """The state after writes: `:=` first, then the sum of all increments, saturated once."""
        state, sums = list(state), {}
        for variable, operator, amount in writes:
            if operator == ':=':
                low, high, _ = self.model.domains[self.model.variables[variable]]
                if not low <= amount <= high:
                    raise ModelError(f'{self.model.variables[variable]} := {amount} '
                                     f'at {self.show(state)}')
                state[variable] = amount
            else:
                sums[variable] = sums.get(variable, 0) + (amount if operator == '+=' else -amount)
        for variable, total in sums.items():
            low, high, _ = self.model.domains[self.model.variables[variable]]
            state[variable] = min(max(state[variable] + total, low), high)
        return tuple(state)

    def ended(self, state, choices):
        return any(self.holds(e, state, choices) for e in self.model.ends)

    def payoff(self, state, choices, now):
        totals = [0.0] * len(self.actors)
        for payee, e in self.model.payoffs:
            totals[self.actor_index(payee)] += self.number(e, state, choices, now)
        return totals

    def explore(self):
        """The states at the beginning of each period (if forever: of any period, in one set), and
        all the nodes. Errors anywhere here are the model's."""
        self.nodes, self.reached, self.states = set(), [], set()
        states = [self.start]
        while states if self.forever else len(self.reached) < self.periods:
            self.reached.append(states)
            self.states.update(states)
            now = len(self.reached)
            following = dict.fromkeys(s for state in states for s in self.explore_period(state, now))
            states = [s for s in following if not self.forever or s not in self.states]
        if self.forever:
            self.reached = [list(self.states)]

    def explore_period(self, state, now):
        todo, done, after = [self.arrive(0, state, {})], set(), {}
        while todo:
            node = todo.pop()
            if node in done:
                continue
            done.add(node)
            if node[0] == len(self.model.stages):
                self.pay_out(node, now)
                if not self.ended(node[1], dict(node[2])):
                    after[node[1]] = True
                continue
            self.nodes.add(node)
            todo += self.targets(node, now)
        return after

    def targets(self, node, now):
        """The nodes that can follow a node in period `now`."""
        return [b[2] for _, branches in self.expand(node, now) for b in branches]

    def pay_out(self, node, now):
        """What is paid at the period's end, for its errors."""
        self.payoff(node[1], dict(node[2]), now)

    # -- the recursion within a period

    def sweep(self, now, states, leaf, decide, reward=lambda payments: payments, further=()):
        """For each state at the beginning of period `now`, a vector of values: `leaf(state, choices)`
        at the period's end, and at a decision node `decide(node, [(profile, vector)])`. `further`
        nodes are decided too."""
        memo = {}

        def value(node):
            if node not in memo:
                if node[0] == len(self.model.stages):
                    memo[node] = leaf(node[1], dict(node[2]))
                else:
                    rows = [(profile, mixed([(chance, reward(pays), value(target))
                                             for chance, pays, target in branches]))
                            for profile, branches in self.expand(node, now)]
                    memo[node] = (decide(node, rows) if self.model.stages[node[0]].movers
                                  else rows[0][1])
            return memo[node]
        for node in further:
            value(node)
        return {state: value(self.arrive(0, state, {})) for state in states}

    def slots(self, node):
        """The players who move at a node, each with the positions in the profile that it fills."""
        found = {}
        for position, mover in enumerate(self.model.stages[node[0]].movers):
            found.setdefault(self.player_of[self.holder(mover)], []).append(position)
        return found

    def parts(self, node, rows):
        """The players at a node, and each one's actions: the distinct parts of the profiles."""
        slots = self.slots(node)
        actions = [list(dict.fromkeys(tuple(profile[x] for x in positions) for profile, _ in rows))
                   for positions in slots.values()]
        return slots, actions

    def logit(self, node, rows):
        """The players' strategies at a node: {player: {action: probability}}."""
        slots, actions = self.parts(node, rows)
        players = list(slots)
        worth = {}
        for profile, vector in rows:
            own = tuple(tuple(profile[x] for x in slots[p]) for p in players)
            worth[own] = tuple(self.weigh(p, vector) for p in players)
        rationality = tuple(self.player_rationality[p] for p in players)
        if self.surplus and not all(rationality):
            raise ModelError('--values surplus is not defined for rationality 0')
        if len(players) == 1:
            result = [branch.softmax([rationality[0] * worth[a,][0] for a in actions[0]])]
        else:
            result = branch.equilibrium(tuple(map(len, actions)), tuple(
                worth[own] for own in itertools.product(*actions)), rationality)
        return {p: dict(zip(a, s)) for p, a, s in zip(players, actions, result)}

    def weigh(self, player, vector):
        return sum(w * vector[i] for i, w in self.members[player].items())

    def replies(self, node, rows, strategy, player):
        """The vector that each action of one player leads to when the others play `strategy`."""
        slots = self.slots(node)
        mixtures = {}
        for profile, vector in rows:
            own = tuple(profile[x] for x in slots[player]) if player in slots else ()
            chance = math.prod(strategy[p][tuple(profile[x] for x in positions)]
                               for p, positions in slots.items() if p != player)
            mixtures.setdefault(own, []).append((chance, vector))
        return {own: [sum(p * v[i] for p, v in mix) for i in range(len(mix[0][1]))]
                for own, mix in mixtures.items()}

    def expected(self, node, rows, strategy):
        return self.replies(node, rows, strategy, None)[()]

    # -- the equilibrium

    def solve(self):
        """The values at the start, and the strategies: a list by period, or of length one when the
        players look ahead forever."""
        self.explore()
        values, self.residual = {}, 0.0
        if not self.forever:
            self.strategies = []
            for now in range(self.periods, 0, -1):
                values, strategy = self.solve_period(now, self.reached[now - 1], values)
                self.strategies.insert(0, strategy)
        else:
            for _ in range(MAX_SWEEPS):
                before, self.residual = values, 0.0
                values, strategy = self.solve_period(1, self.reached[0], before)
                if all(self.settled(i, before, values) for i in range(len(self.actors))):
                    break
            else:
                raise ModelError('the stationary play was not found')
            self.strategies = [strategy]
        self.values = values[self.start]

    def settled(self, i, before, values):
        discount = self.discount[i]
        if discount >= 1:
            raise ModelError('lookahead forever needs discounts below 1')
        change = max(abs(v[i] - (before[s][i] if before else 0.0)) for s, v in values.items())
        size = max(1.0, max(abs(v[i]) for v in values.values()))
        return change * discount / (1 - discount) <= 1e-12 * size

    def solve_period(self, now, states, following):
        """One period of the equilibrium: its values, and the strategies at its nodes. The residual
        |s - softmax(lambda Q)| is taken on the way."""
        strategy = {}

        def decide(node, rows):
            strategy[node] = s = self.logit(node, rows)
            result = self.expected(node, rows, s)
            self.logits[node, now] = {}
            for player in s:
                q = {a: self.weigh(player, v)
                     for a, v in self.replies(node, rows, s, player).items()}
                rationality = self.player_rationality[player]
                logits = [rationality * x for x in q.values()]
                self.logits[node, now][player] = dict(zip(q, logits))
                for a, p in zip(q, branch.softmax(logits)):
                    self.residual = max(self.residual, abs(s[player][a] - p))
                if self.surplus:
                    top = max(logits)
                    i = next(iter(self.members[player]))
                    result[i] = (top + math.log(sum(math.exp(x - top) for x in logits))) / rationality
            return result
        return self.sweep(now, states, self.discounted(now, following), decide,
                          further=self.situations.get(now, ())), strategy

    def discounted(self, now, following):
        """The value at a period's end: its payoff, and unless the game ends the discounted rest."""
        def leaf(state, choices):
            paid = self.payoff(state, choices, now)
            if state not in following or self.ended(state, choices):
                return paid
            return [r + d * v for r, d, v in zip(paid, self.discount, following[state])]
        return leaf

    # -- against the strategies found

    def strategy_at(self, t):
        return self.strategies[0 if self.forever else t - 1]

    def states_at(self, t):
        return self.reached[0 if self.forever else t - 1]

    def outcomes(self):
        """The expectation of every outcome, by backward recursion over the first horizon periods."""
        following, nothing = {}, [0.0] * len(self.model.outcomes)
        for t in range(self.model.horizon, 0, -1):
            strategy = self.strategy_at(t)
            following = self.sweep(
                t, self.states_at(t),
                lambda state, choices: self.outcomes_from(t, state, choices, following.get(state)),
                lambda node, rows: self.expected(node, rows, strategy[node]), lambda _: nothing)
        return dict(zip(self.model.outcomes, following[self.start]))

    def outcomes_from(self, t, state, choices, later, beliefs=None):
        """[what each outcome will be], seen from the end of period t; `later`: from the beginning of the next
        one, if it comes. `beliefs`: what belief() reads."""
        horizon, result = self.model.horizon, []
        ended, last = self.ended(state, choices), t == self.model.horizon
        choices = {**choices, 'belief': beliefs}
        none = {(s.name, m): 'none' for s in self.model.stages for m in s.movers} | {'belief': beliefs}
        for n, (form, e) in enumerate(self.model.outcomes.values()):
            here = self.number(e, state, choices, t)
            rest = 0.0 if ended or last else later[n]
            if form == 'ever':
                result.append(1.0 if here else rest)
            elif form == 'first':
                result.append(float(t if here else horizon + 1 if ended or last else rest))
            elif form in ('total', 'count'):
                result.append(here + rest)
            else:                          # after an end the state stands, with every choice none
                stand = [self.number(e, state, none, later_t)
                         for later_t in range(t + 1, horizon + 1) if ended]
                if form == 'last':
                    result.append(float(here if last else stand[-1] if ended else rest))
                else:
                    result.append((here + sum(stand)) / horizon + rest)
        return result

    def length(self):
        """How many periods a sum of discounted payments needs to be complete to rounding."""
        if not self.forever:
            return len(self.reached)
        longest = max(self.discount)
        return 2 if longest == 0 else max(2, math.ceil(math.log(1e-17) / math.log(longest)))

    def plain_values(self, best=None):
        """The payments to each player (weighted by its members' own discounts) when all play their
        strategies; with `best`, to that player when it replies as well as it can to the others."""
        players = [best] if best is not None else range(len(self.members))
        following = {}
        for t in range(self.length(), 0, -1):
            strategy = self.strategy_at(t)
            weights = [{i: w * self.discount[i] ** (t - 1) for i, w in self.members[p].items()}
                       for p in players]

            def reward(payments):
                return [sum(w * payments[i] for i, w in ws.items()) for ws in weights]

            def leaf(state, choices):
                paid = reward(self.payoff(state, choices, t))
                if state not in following or self.ended(state, choices):
                    return paid
                return [r + v for r, v in zip(paid, following[state])]

            def decide(node, rows):
                if best is None or best not in self.slots(node):
                    return self.expected(node, rows, strategy[node])
                return [max(v[0] for v in self.replies(node, rows, strategy[node], best).values())]
            following = self.sweep(t, self.states_at(t), leaf, decide, reward)
        return following[self.start]

    def gaps(self):
        played = self.plain_values()
        gain = [self.plain_values(best=p)[0] - played[p] for p in range(len(self.members))]
        return {a: gain[self.player_of[a]] for a in self.actors}

    def result(self):
        self.solve()
        return {'outcomes': self.outcomes(), 'values': dict(zip(self.actors, self.values)),
                'gaps': self.gaps(), 'residual': self.residual,
                'states': len(self.states), 'nodes': len(self.nodes)}


class Path:
    """One way through a list of effects: its probability, its payments, and what it wrote. In a
    stage of several movers (`together`) the writes wait until the stage is over."""

    def __init__(self, state, now, together=False, chance=1.0, pays=(), writes=()):
        self.state, self.now, self.together, self.chance = state, now, together, chance
        self.pays, self.writes = pays, writes

    def with_(self, **changes):
        return Path(**{**vars(self), **changes})

    def payments(self, game):
        totals = [0.0] * len(game.actors)
        for actor, amount in self.pays:
            totals[actor] += amount
        return totals


def mixed(branches):
    """The expectation of payments plus what follows."""
    total = [0.0] * len(branches[0][2])
    for chance, payments, following in branches:
        for i, (r, v) in enumerate(zip(payments, following)):
            total[i] += chance * (r + v)
    return total


def numbers_set(options):
    """[(parameter, number)] from what `--set` was given."""
    return [(name, float(value)) for name, value in (s.split('=', 1) for s in options)]


def read_model(text, settings, policies):
    """The model of a text, once the parameters and policies asked for are known to be there."""
    model = Model(text)
    for name, _ in settings:
        if name not in model.params:
            raise ModelError(f'no parameter {name}')
    known = [p.name for p in model.policies]
    for name in policies or ():
        if name not in known:
            raise ModelError(f'no policy {name}')
    return model


def public(model):
    if model.privates:
        raise ModelError('there are private variables: private.py reads them')
    return model


def solve_text(text, settings=(), surplus=False, policies=None, chance=False):
    """The result, as `run --json` shapes it, for the text of a model."""
    model = public(read_model(text, settings, policies))
    return {'model': model.name, 'policies': {
        p.name: Game(model, p, settings, surplus, chance).result()
        for p in model.policies if not policies or p.name in policies}}


def main():
    parser = argparse.ArgumentParser(description='Solve models by brute force, as JSON.')
    parser.add_argument('models', nargs='+', metavar='MODEL')
    parser.add_argument('--values', choices=['plain', 'surplus'], default='plain')
    parser.add_argument('--set', action='append', default=[], metavar='name=value')
    parser.add_argument('--policy', action='append', metavar='P')
    parser.add_argument('--chance', action='store_true', help='every rationality is 0')
    parser.add_argument('--out', metavar='DIR', help='write DIR/NAME.json for each NAME.dtn')
    options = parser.parse_args()
    surplus = options.values == 'surplus'
    if options.chance and surplus:
        parser.error('--chance goes with plain values')
    settings = numbers_set(options.set)
    failed = False
    for path in options.models:
        try:
            with open(path, encoding='utf-8') as file:
                text = file.read()
            result = solve_text(text, settings, surplus, options.policy, options.chance)
        except (ModelError, branch.PathError) as trouble:
            failed = True
            print(f'{path}: {trouble}', file=sys.stderr)
            continue
        if options.out:
            stem = os.path.splitext(os.path.basename(path))[0]
            with open(os.path.join(options.out, stem + '.json'), 'w', encoding='utf-8') as file:
                json.dump(result, file, indent=1)
        elif len(options.models) == 1:
            print(json.dumps(result, indent=1))
        else:
            print(json.dumps({'file': path, **result}), flush=True)
    return 2 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
