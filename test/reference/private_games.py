#!/usr/bin/env python3
"""Random games with private variables that can be played: those on which program and reference are compared.

One or two owners of a variable of two or three values (names, numbers, yes and no); drift by chance, by moves and
in hidden stages; probabilities and payments by type, and by the period; typed movers at once, roles, teams beside
owners, skipped stages, ends, play forever, lists, levers, rival policies. Names of values are only ever compared by == and !=, so that they may be listed in another order. Small
enough for the reference to solve most of them within a second or two. The same seed gives the same model.

    private_games.py --seed S --count N --out DIR     write DIR/game-0001.dtn ...
"""
import argparse
import os
import random
import sys

ACTIONS = ('go', 'wait', 'talk')
NAMES = ('weak', 'firm', 'wild')


class Writer:
    """One model."""

    def __init__(self, seed, drift=True, owners=None):
        self.r = random.Random(f'private {seed}')
        self.drift, self.lines, self.choices, self.stages = drift, [], [], []
        self.forever = self.chance(0.07)
        self.timed = not self.forever and self.chance(0.25)     # reads the period
        self.actors = 'ABCD'[:self.one(2, 2, 2, 3, 3, 4)]
        self.privates = {}                                 # name -> (owner, values)
        for i in range(owners or self.one(1, 1, 1, 2)):
            count = self.one(2, 2, 3) if i == 0 else 2
            self.privates[f'x{i}'] = (self.actors[i], self.one(
                NAMES[:count], NAMES[:count], tuple(str(1 + v) for v in range(count)),
                ('no', 'yes')[:count] if count == 2 else NAMES))
        self.role = self.chance(0.3)

    def one(self, *options):
        return self.r.choice(options)

    def chance(self, p):
        return self.r.random() < p

    def number(self, low, high):
        return f'{self.r.uniform(low, high):.3f}'

    def about(self, x):
        """A condition on a private variable."""
        values = self.privates[x][1]
        if values[0] == '1' and self.chance(0.5):
            return f'{x} {self.one("<", ">=", "<=", ">")} {self.one(*values)}'
        return f'{x} {self.one("==", "==", "!=")} {self.one(*values)}'

    def public(self):
        """A condition that everybody sees."""
        options = ['s0', 'not s0', f's1 >= {self.one(1, 2)}', f's1 == {self.one(0, 1)}']
        for slot, actions in self.choices:
            options += [f'{slot} {self.one("==", "!=")} {self.one(*actions, "none")}'] * 2
        return self.one(*options)

    def amount(self, weight=1.5):
        """A payment: by type, by what is seen, or both."""
        x, w = self.one(*self.privates), self.one('w0', 'w1', 'w2', self.number(-weight, weight))
        forms = [f'{w} * ({self.about(x)})', f'{w} * ({self.about(x)}) * ({self.public()})',
                 f'({self.public()} ? {w} * ({self.about(x)}) : {self.number(-1, 1)})', f'{w} * ({self.public()})']
        if self.privates[x][1][0] == '1':
            forms.append(f'{w} * {x} / 2')
        if self.timed:
            forms += [f'{w} * ({self.about(x)}) * {self.calendar()}', f'{w} * {self.calendar()}']
        return self.one(*forms)

    def calendar(self):
        """Something that reads the period: a number that is 0 or more, at most 2."""
        return self.one('(now == 2)', '(now >= 2022Y)', 'mod(now, 2)', '(2021Y < now)', 'min(now, 4) / 2')

    def probability(self, secret):
        plain = self.one('p0', 'p1', 'p0 * p1', '1 - p1', self.number(0.05, 0.95))
        if self.timed and self.chance(0.4):
            plain = f'(now == {self.one(1, 2)} ? {plain} : {self.number(0, 1)})'
        if secret is None or self.chance(0.3):
            return plain
        return self.one(f'({self.about(secret)} ? {plain} : {self.number(0, 1)})',
                        f'{plain} * ({self.about(secret)})', f'({self.about(secret)})')

    def write_private(self, secret):
        values = self.privates[secret][1]
        if values[0] == '1' and self.chance(0.5):
            return f'{secret} {self.one("+=", "-=")} 1'
        return f'{secret} := {self.one(*values)}'

    def write(self, secret, seen):
        """An effect of a move: one that all see if `seen`."""
        options = []
        if seen:
            options += [f's0 := {self.one("yes", "no")}', f's1 {self.one("+=", "-=")} 1'] * 2
        if secret and self.drift:
            options += [self.write_private(secret)] * (1 if seen else 3)
        return self.one(*options) if options else ''

    def effects(self, secret, seen, actor=None):
        parts = []
        for _ in range(self.one(0, 1, 1, 2)):
            kind = self.r.random()
            if kind < 0.35:
                parts.append(f'pay {actor or self.one(*self.actors)} {self.amount()}')
            elif kind < 0.6:
                parts.append(self.write(secret, seen))
            elif kind < 0.9:
                other = ' else { ' + self.write(secret, seen) + ' }' if self.chance(0.4) else ''
                parts.append(f'with {self.probability(secret)} {{ {self.write(secret, seen)} }}{other}')
            elif seen:
                parts.append(f'if {self.public()} {{ {self.write(secret, seen)} }}')
        return '{ ' + '; '.join(p for p in parts if p) + ' }'

    def hidden(self, k):
        x = self.one(*self.privates)
        owner = self.privates[x][0]
        guard = f' when {self.public()}' if self.chance(0.4) else ''
        self.lines.append(f'hidden stage t{k} : {owner}{guard} {{')
        for action in ACTIONS[:2]:
            body = f'pay {owner} {self.amount()}; ' if self.chance(0.6) else ''
            if action == 'go' or self.chance(0.2):
                write = self.write_private(x) if self.drift else ''
                body += f'with {self.probability(x)} {{ {write} }}' if self.chance(0.5) else write
            self.lines.append(f'  {owner}.{action} {{ {body} }}')
        self.lines.append('}')

    def stage(self, k):
        kind = self.one('sole', 'sole', 'sole', 'together', 'together', 'chance', 'hidden')
        if kind == 'hidden':
            return self.hidden(k)
        secret = self.one(None, *self.privates, *self.privates)
        guard = f' when {self.public()}' if self.chance(0.25) else ''
        if kind == 'chance':
            self.lines.append(f'stage t{k} : chance{guard} {{ with {self.probability(secret)} '
                              f'{{ {self.write(secret, True)} }} else {{ {self.write(secret, self.chance(0.5))} }} }}')
            return None
        movers = self.r.sample(self.actors, 1 if kind == 'sole' else 2)
        if self.role and self.chance(0.5) and 'A' not in movers:
            movers[0] = 'envoy'
        writer = self.one(*movers)                         # alone: everything is written by one mover
        self.lines.append(f'stage t{k} : {", ".join(movers)}{guard} {{')
        for m in movers:
            actions = ACTIONS[:self.one(2, 2, 3) if len(movers) == 1 else 2]
            for i, action in enumerate(actions):
                only = f' if {self.public()}' if i and self.chance(0.15) else ''
                body = self.effects(secret, True) if m == writer else (
                    f'{{ pay {m} {self.amount()} }}' if self.chance(0.5) else '')
                self.lines.append(f'  {m}.{action}{only} {body}')
            self.stages.append((m, actions))
        self.lines.append('}')
        self.choices += [(f't{k}.{m}', actions) for m, actions in self.stages[-len(movers):]]
        return None

    def prior(self, x):
        values = self.privates[x][1]
        if self.drift and self.chance(0.15):
            return self.one(*values)
        if len(values) == 2:
            return f'{{{values[0]}: 1 - q, {values[1]}: q}}'
        return f'{{{values[0]}: q / 2, {values[1]}: q / 2, {values[2]}: 1 - q}}'

    def text(self):
        say, n = self.lines.append, len(self.privates)
        fineness = self.one(2, 4) if n == 2 or len(self.privates['x0'][1]) == 3 else self.one(2, 4, 8)
        horizon, ahead = self.one(1, 1, 2, 2, 3), self.one(0, 0, 0, 1)
        if self.forever:
            horizon, ahead, fineness = self.one(1, 2), 'forever', 2
        say(f'model drawn\nhorizon {horizon}\nlookahead {ahead}\nbeliefs {fineness}')
        if self.timed:
            say('period year from 2021Y')
        for a in self.actors:
            discount = self.one('0.2', '0.1', '0') if self.forever else self.one('1', '0.9', '0.5', '0')
            say(f'actor {a} discount {discount} rationality {self.one("0.5", "1", "2", "3", "lam")}')
        for name, low, high in (('p0', 0.1, 0.9), ('p1', 0.1, 0.9), ('q', 0.1, 0.9), ('lam', 0.5, 5),
                                ('w0', -2, 2), ('w1', -2, 2), ('w2', -2, 2)):
            value = self.number(low, high)
            values = f' in {{{value}, {self.number(low, high)}}}' if name[0] == 'w' and self.chance(0.3) else ''
            say(f'param {name} = {value}{values}')
        say('state s0 : bool = no\nstate s1 : 0..2 = 1')
        for x, (owner, values) in self.privates.items():
            kind = {'1': f'1..{len(values)}', 'no': 'bool'}.get(values[0], '{' + ', '.join(values) + '}')
            say(f'private {owner} {x} : {kind} = {self.prior(x)}')
        if self.role:
            say(f'role envoy = {self.one(*self.actors[1:])}')
        for k in range(self.one(1, 2) if self.forever else self.one(1, 2, 2, 3)):
            self.stage(k)
        for a in self.actors:
            say(f'payoff {a} {{ u = {self.amount()}; v = {self.amount()} }}')
        if self.chance(0.3):
            say(f'end over when {self.one("s0", "s1 == 2", "s1 == 0 and not s0")}')
        x, y = self.one(*self.privates), self.one(*self.privates)
        say(f'outcome ever = ever({self.about(x)} and {self.public()})')
        say(f'outcome first = first({self.about(x)} or {self.public()})')
        say(f'outcome last = last({self.amount()})\noutcome mean = mean({self.amount()})')
        say(f'outcome total = total({self.amount()})\noutcome count = count({self.public()})')
        for x, (_, values) in self.privates.items():
            say(f'outcome is_{x} = last({x} == {values[-1]})\noutcome seems_{x} = last(belief({x} == {values[-1]}))')
        say(f'outcome known = first(belief({self.about(y)}) > 0.6)')
        say(f'outcome right = mean(belief({self.about(y)}) * ({self.about(y)}))')
        self.policies()
        return '\n'.join(self.lines) + '\n'

    def change(self, kind):
        """A change of one kind that a policy or a setting may make."""
        if kind == 'start':
            x = self.one(*self.privates)
            return f'start {x} = {self.one(*self.privates[x][1])}'
        if kind == 'rule':
            mover, actions = self.one(*self.stages)
            if self.chance(0.3):
                return f'forbid {mover}.{actions[-1]}'      # the first is there without a guard
            return f'{self.one("force", "forbid")} {mover}.{actions[0]} when {self.one("s0", "s1 == 1")}'
        if kind == 'role':
            return f'role envoy = {self.one(*self.actors)}'
        if kind == 'team':
            members = ', '.join(self.free)
            return f'team {members}' + (' weights 0.7, 0.3' if self.chance(0.4) else '')
        low, high = {'q': (0.2, 0.8), 'p0': (0.1, 0.9)}.get(kind, (-2, 2))
        return f'set {kind} = {self.number(low, high)}'

    def policies(self):
        owners = {owner for owner, _ in self.privates.values()}
        self.free = [a for a in self.actors if a not in owners][:2]       # who may be in a team
        kinds = ['q', 'p0', 'w0', *['start'] * self.drift, *['rule'] * bool(self.stages), *['role'] * self.role,
                 *['team'] * (len(self.free) == 2)]
        self.r.shuffle(kinds)
        uses = []
        for v in range(self.one(0, 0, 1, 2)):
            kind, first = kinds.pop(), self.chance(0.2)
            settings = [self.change(kind) if first else '', self.change(kind) if not first or self.chance(0.5) else '']
            if kind == 'rule' and self.chance(0.6):        # what the one lets be done the other doesn't
                mover, actions = self.one(*self.stages)
                settings = [f'force {mover}.{actions[0]} when not s0', f'forbid {mover}.{actions[0]} when s1 != 2']
            self.lines.append(f'lever v{v} {{ ' + ' ; '.join(f'k{i} {{ {s} }}' for i, s in enumerate(settings)) + ' }')
            uses.append(f'use v{v} k1')
        self.lines.append('policy plain' + (' { use v0 k0 }' if uses and self.chance(0.3) else ''))
        own = [self.change(kind) for kind in kinds[:self.one(0, 1) if uses else self.one(1, 1, 2)]]
        self.lines.append('policy other { ' + '; '.join(own + uses) + ' }')


def model(seed, **kind):
    """The text of the model with this number. drift=False: no private variable changes; owners: how many."""
    return Writer(seed, **kind).text()


def main():
    parser = argparse.ArgumentParser(description='Write random games with private variables.')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=10)
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for i in range(1, options.count + 1):
        with open(os.path.join(options.out, f'game-{i:04}.dtn'), 'w', encoding='utf-8') as file:
            file.write(model(options.seed * 100_000 + i))
    return 0


if __name__ == '__main__':
    sys.exit(main())
