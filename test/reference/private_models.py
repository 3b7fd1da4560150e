"""Random models for private_graph.py: stages whose effects do all that effects can do with private variables.

Probabilities that are 0 or 1 for some types, inside others; branches without an else; values assigned and
counted up or down to the ends of the domain, by one mover or by several at once; payments before and after the
variable has moved; hidden stages. Play isn't the point: everything is enabled, and nobody has a reason.
"""
import random


class Writer:
    """One model."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        r, self.lines = self.r, []
        self.actors = 'ABC'
        self.publics = [('s0', 0, 3), ('s1', -1, 1)]
        self.privates = []                     # (name, low, high, how its values are written)
        for i, owner in enumerate(self.actors[:r.choice((1, 1, 2, 3))]):
            low, high = r.choice(((0, 1), (0, 2), (-1, 1), (3, 6), (0, 0)))
            self.privates.append((f'x{i}', low, high, owner))
        self.parameters = ['p0', 'p1', 'p2']

    def say(self, line):
        self.lines.append(line)

    def one(self, *choices):
        return self.r.choice(choices)

    def value(self, variable):
        return self.r.randint(variable[1], variable[2])

    def test(self, variable):
        return f'{variable[0]} {self.one("==", "!=", "<", ">=")} {self.value(variable)}'

    def chance(self, secret):
        """A probability, in 0..1 for every type and all numbers of the parameters in 0..1."""
        plain = self.one('p0', 'p1', 'p2', '1 - p0', 'p1 * p2', '0.3', '1', '0', f'p1 * (s0 >= {self.r.randint(0, 3)})')
        if secret is None or self.r.random() < 0.3:
            return plain
        other = self.one('p0', '0.25', '0', '1', '1 - p1')
        return self.one(f'({self.test(secret)})', f'({self.test(secret)} ? {plain} : {other})',
                        f'p2 * ({self.test(secret)})', f'({self.test(secret)} ? {plain} : 0)',
                        f'({secret[0]} == {secret[1]} ? 1 : {plain})')

    def amount(self):
        x = self.one(*self.privates)
        return self.one(f'w0 * {x[0]}', f'({self.test(x)}) * w1', 'w0 - s0', '0.5',
                        f'({self.test(x)} ? {self.one(*self.privates)[0]} : w1 * s1)')

    def write(self, secret, own, shared):
        """One write: `own` variables may be assigned, `shared` ones counted."""
        if own and (not shared or self.r.random() < 0.5):
            v = self.one(*own)
            return f'{v[0]} := {self.value(v)}'
        if not shared:
            return ''
        v = self.one(*shared)
        return f'{v[0]} {self.one("+=", "-=")} {self.one("1", "2", "s0" if v[0] != "s0" else "1")}'

    def effects(self, secret, own, shared, depth, hidden=False):
        """A block of effects, braces included."""
        parts = []
        for _ in range(self.r.choice((0, 1, 1, 2, 2) if depth else (1, 2, 3))):
            kind = self.r.random()
            if kind < 0.35 or depth > 2:
                parts.append(self.write(secret, own, shared))
            elif kind < 0.5:
                parts.append(f'pay {self.one(*self.actors)} {self.amount()}')
            elif kind < 0.6:
                parts.append(f'if s1 >= {self.r.randint(-1, 1)} '
                             + self.effects(secret, own, shared, depth + 1))
            elif kind < 0.75:
                parts.append(f'with {self.chance(secret)} '
                             + self.effects(secret, own, shared, depth + 1)
                             + (' else ' + self.effects(secret, own, shared, depth + 1)
                                if self.r.random() < 0.5 else ''))
            elif kind < 0.9:
                p = self.chance(secret)
                arms = [(f'({p}) * 0.5', 1), (f'({p}) * 0.5', 1), ('else', 1)]
                parts.append('branch { ' + ' '.join(
                    f'{c} {self.effects(secret, own, shared, depth + 1)}' for c, _ in arms) + ' }')
            else:
                p = self.chance(secret)
                parts.append('branch { ' + f'{p} {self.effects(secret, own, shared, depth + 1)} '
                             + f'1 - ({p}) {self.effects(secret, own, shared, depth + 1)}' + ' }')
        return '{ ' + ' ; '.join(p for p in parts if p) + ' }'

    def stage(self, k):
        kind = self.one('chance', 'sole', 'sole', 'together', 'together', 'hidden')
        secret = self.one(None, *self.privates, *self.privates)
        if kind == 'hidden':
            secret = self.one(*self.privates)
            mover = secret[3]
            self.say(f'hidden stage t{k} : {mover} {{')
            for action in ('a', 'b', 'c')[:self.r.choice((2, 3))]:
                self.say(f'  {mover}.{action} ' + self.effects(secret, [secret], [secret], 0))
            self.say('}')
            return
        written = list(self.publics) + ([secret] if secret and self.r.random() < 0.8 else [])
        if kind == 'chance':
            self.say(f'stage t{k} : chance ' + self.effects(secret, written, written, 0))
            return
        movers = self.r.sample(self.actors, 1 if kind == 'sole' else self.r.choice((2, 3)))
        # Assigned by one mover, who then is the only one to write it; or counted by everybody.
        owner = {v[0]: self.one(None, *movers) for v in written}
        self.say(f'stage t{k} : {", ".join(movers)} {{')
        for mover in movers:
            own = [v for v in written if owner[v[0]] == mover]
            shared = own + [v for v in written if owner[v[0]] is None]
            if kind == 'sole':
                own = shared = written
            for action in ('a', 'b', 'c')[:2]:
                self.say(f'  {mover}.{action} ' + self.effects(secret, own, shared, 0))
        self.say('}')

    def text(self):
        self.say('model drawn')
        self.say(f'horizon {self.r.choice((1, 2, 3))}')
        for a in self.actors:
            self.say(f'actor {a} discount 0.9')
        for p in self.parameters:
            self.say(f'param {p} = {self.r.random():.3f} in 0 .. 1 judgement')
        for w in ('w0', 'w1'):
            self.say(f'param {w} = {self.r.uniform(-2, 2):.3f} in -2 .. 2 judgement')
        for name, low, high in self.publics:
            self.say(f'state {name} : {low}..{high} = {self.r.randint(low, high)}')
        for name, low, high, owner in self.privates:
            prior = self.one(f'{self.r.randint(low, high)}', '{' + f'{low}: p0 / 2, {high}: 1 - p0 / 2' + '}')
            if low == high:
                prior = str(low)
            self.say(f'private {owner} {name} : {low}..{high} = {prior}')
        self.say('beliefs 2')
        for k in range(self.r.choice((1, 2, 3))):
            self.stage(k)
        x, y = self.one(*self.privates), self.one(*self.privates)
        self.say(f'payoff A {{ u = {self.amount()} }}')
        self.say(f'payoff B {{ v = w0 * ({self.test(x)}) + {y[0]} * s0 }}')
        self.say(f'outcome o = last({self.amount()})')
        self.say(f'outcome b = mean(belief({self.test(x)}) * ({self.test(y)}))')
        self.say('policy plain')
        self.say(f'policy known {{ start {x[0]} = {self.value(x)} }}')
        return '\n'.join(self.lines) + '\n'


def model(seed):
    """The text of the model with this number."""
    return Writer(seed).text()
