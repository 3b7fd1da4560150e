#!/usr/bin/env python3
"""Random valid models that together use every construct of the language but private variables.

A model is written as text, from the outside in: the cast, the parameters, the state, the stages,
what is paid, what is reported, and rival policies. Expressions are typed while they are written
(guards never see parameters, a choice is read only after its stage), so that every model is
well-formed; whether it can be played at all (an action for everybody, whole numbers, proper
probabilities, few enough nodes) is left to reference.py: what it refuses is thrown away and
written again. The same seed gives the same models.

    generate.py --seed S --count N --out DIR     write DIR/game-0001.dtn ...
    generate.py --coverage FILE...               count the constructs in models that exist
"""
import argparse
import os
import random
import sys

import branch
import reference
from coverage import coverage
from expression import ModelError
from language import Model
from phrases import TITLES, Phrases

ACTIONS = ['go', 'wait', 'talk', 'low', 'strike', 'yes', 'no']
VALUES = [['low', 'mid'], ['low', 'mid', 'top'], ['none', 'pause', 'cap'], ['p0', 'calm', 'w1']]
MOST_NODES, MOST_PROFILES = 160, 40      # under one policy, and at one node
MOST_BRANCHES, MOST_SHARED = 6000, 300   # branches, and simultaneous nodes, times periods


class Writer(Phrases):
    """One model."""

    def __init__(self, r):
        self.r = r
        self.tiny = r.random() < 0.12               # one simultaneous move, for its branch's sake
        self.forever = not self.tiny and r.random() < 0.10
        self.timed = not self.forever and r.random() < 0.4      # reads the period
        self.origin = None                          # (letter, year, part) of the first period
        self.forgetful = not self.tiny and r.random() < 0.35    # nothing at a period's end reads choices

    # -- declarations

    def write(self):
        r = self.r
        self.actors = ['A', 'B', 'C', 'D', 'E'][:r.choice([2, 2, 3, 3, 4, 5])]
        self.roles, self.lets, self.slots, self.domains = {}, {}, {}, {}
        period = self.period()
        self.declare_params()
        parts = [self.cast(), self.states(), self.roles_text(), self.params_text]
        stages = self.stages()
        parts.append(self.lets_text())
        stages = [self.stage_text(s) for s in stages]
        if self.chance(0.5):
            r.shuffle(parts)
        rest = [self.payoffs(), self.ends(), self.outcomes()]
        if self.chance(0.2):
            r.shuffle(rest)
        levers = self.declare_levers()
        policies = self.policies()
        if self.chance(0.7):
            policies = levers + policies            # a lever may also follow the policies that use it
        else:
            policies += levers
        lines = ['# Written at random.', f'model m{self.title(0.7)}']
        lines += period
        if self.chance(0.2):
            lines.append(f'question "{r.choice(TITLES)}"')
        lines.append(f'horizon {1 if self.tiny else r.choice([1, 2, 2, 3, 3, 4])}')
        if self.forever:
            lines.append('lookahead forever')
        elif not self.tiny and self.chance(0.7):
            lines.append(f'lookahead {r.choice([0, 1, 2, 3])}')
        lines += ['source book "A book, 1999"', 'source web "https://example.org/#1"']
        if self.chance(0.3):
            lines[-2:] = ['; '.join(lines[-2:])]
        lines += [line for part in parts for line in part] + stages
        lines += [line for part in rest for line in part] + policies + self.expectations() + self.tour()
        text = ''
        for line in lines:
            text += line + self.pick('\n', '\n', '\n', '\n', '  # so it is\n', '\n\n', ' ;\n')
        return text

    def period(self):
        if not self.timed and self.chance(0.6):
            return []
        word, letter, part = self.pick(('year', 'Y', 1), ('half', 'H', 2), ('quarter', 'Q', 3),
                                       ('month', 'M', 11), ('week', 'W', 52))
        if self.timed and self.chance(0.8):
            self.origin = (letter, self.pick(1999, 2017), part)
            return [f'period {word} from {self.origin[1]}{letter}' + (str(part) if letter != 'Y' else '')]
        return [self.pick(f'period {word} # a label', f'period {word} from 2017{letter}'
                          + (str(part) if letter != 'Y' else ''))]

    def declare_params(self):
        r = self.r
        self.weights, self.chances, text = [f'w{i}' for i in range(4)], ['p0', 'p1', 'p2'], []
        self.values, risks = {}, []

        def declare(name, value, spread):
            self.values[name] = value
            note = self.pick('', ' judgement', ' cite book', ' cite web')
            if self.chance(0.05):
                text.append(f'group "{r.choice(TITLES)}"')
            text.append(f'param {name} = {value}{spread}{self.title()}{note}')
            if '~' in spread:
                risks.append(name)
        for p in self.chances:
            x = r.uniform(0.05, 0.9)
            spread = self.pick(
                '', f' in 0 .. {min(1, x + 0.1):.2f}', ' ~ beta(2, 3)', ' ~ uniform(0, 1)',
                ' ~ triangular(0, 0.3, 1)', ' ~ pert(0, 20%, 1)', ' ~ beta(2, 3) in 0.01 .. 0.99',
                ' ~ normal(0.5, 0.2) in 0 .. 1', ' in {{{}, 0.35, 60%}}', ' in {{0, {} , 1}}')
            value = self.pick(f'{x:.4f}', f'{100 * x:.1f}%')
            declare(p, value, spread.format(value))
        for w in self.weights:
            spread = self.pick(
                '', ' in -4 .. 4', ' ~ normal(0, 1)', ' ~ uniform(-4, 4)', ' ~ normal(-0.5, 1) in -4..4',
                ' ~ triangular(-4, 0, 4)', ' ~ pert(-4, -1, 4)', ' ~ uniform(-4, 4) in -4 .. 3.9',
                ' in {{-1, {}}}', ' in {{ {}, 2e0, -3 }}')
            value = f'{r.uniform(-3.5, 3.5) if self.tiny else r.uniform(-2, 2):.4f}'
            declare(w, value, spread.format(value))
        declare('d', f'{r.uniform(0.3, 0.55 if self.forever else 1):.4f}', self.pick(
            ' in 0.3 .. 1' if not self.forever else ' in 0.3 .. 0.6', ''))
        declare('lam', self.pick(f'{r.uniform(0.2, 4 if self.tiny else 2.5):.4f}', '1.5e0'), self.pick(
            '', ' ~ gamma(2, 1)', ' ~ lognormal(0, 0.5)', ' in 0.1 .. 5', ' ~ lognormal(0, 1) in 0.1..6'))
        if len(risks) > 1 and self.chance(0.5):
            a, b = r.sample(risks, 2)
            text.append(f'correlate {a}, {b} {self.pick("0.4", "-0.3", "25%")}')
        self.params_text = text

    def cast(self):
        text = []
        for a in self.actors:
            line = f'actor {a}{self.title()}'
            discounts = ['0.5', '0.4', 'd', 'min(d, 0.5)', '0'] if self.forever else [
                '1', '0.9', '90%', 'd', '(d + 1) / 2', 'max(d, 0.5)', '0', '']
            rationalities = ['lam', '2', '1', '0.7', 'lam * 2', 'lam + 0.5', 'max(lam, 1)', '0', ''] + (
                ['4', '6'] if self.tiny else [])
            discount, rationality = self.r.choice(discounts), self.r.choice(rationalities)
            if self.forever and not discount:
                discount = '0.5'
            clauses = [f' discount {discount}' if discount else '',
                       f' rationality {rationality}' if rationality else '']
            text.append(line + ''.join(clauses) + (' unit "votes"' if rationality == '2' else ''))
        return text

    def states(self):
        text = []
        for i in range(1 if self.tiny or self.forever else self.r.choice([1, 2, 2, 3, 3])):
            name = f's{i}'
            kind = self.pick('bool', 'int', 'int', 'enum')
            if kind == 'bool':
                self.domains[name] = (kind, 0, 1, ['no', 'yes'])
                domain = 'bool'
            elif kind == 'int':
                low = self.pick(0, 0, 1, -1, -2)
                self.domains[name] = (kind, low, low + self.r.randint(1, 3), None)
                domain = f'{low}{self.pick("..", " .. ")}{self.domains[name][2]}'
            else:
                values = self.r.choice(VALUES)
                self.domains[name] = (kind, 0, len(values) - 1, values)
                domain = '{' + ', '.join(values) + '}'
            text.append(f'state {name} : {domain} = {self.any_value(name)}{self.title()}')
        return text

    def any_value(self, name):
        _, low, high, values = self.domains[name]
        return self.r.choice(values) if values else str(self.r.randint(low, high))

    def roles_text(self):
        for name in ['envoy', 'chair'][:self.r.choice([0, 1, 1, 2])]:
            self.roles[name] = self.r.choice(self.actors)
        return [f'role {name} = {holder}{self.title(0.2)}' for name, holder in self.roles.items()]

    def stages(self):
        """The skeleton: (name, movers, actions); so that lets may read choices."""
        skeleton, many = [], 0
        for i in range(1 if self.tiny else self.r.choice([1, 2, 2, 3])):
            crowd = self.tiny or (many == 0 and self.chance(0.5))
            candidates = self.actors + list(self.roles)
            if crowd:
                many += 1
                count = min(len(candidates), self.r.choice([2, 2, 2, 3, 3, 4, 5]))
                movers = self.r.sample(candidates, count)
                held = [x for x in self.roles if self.roles[x] not in movers and x in movers]
                if held and self.chance(0.3):       # the same actor twice, through its role
                    movers[(movers.index(held[0]) + 1) % len(movers)] = self.roles[held[0]]
            elif not self.tiny and self.chance(0.4):
                movers = []
            else:
                movers = [self.r.choice(candidates)]
            most = 2 if len(movers) > 2 else 3
            actions = {m: self.r.sample(ACTIONS, self.r.randint(1 if self.chance(0.1) else 2, most))
                       for m in movers}
            skeleton.append((f't{i}', movers, actions))
            for m in movers:
                self.slots[f't{i}', m] = actions[m]
        self.skeleton = skeleton
        return skeleton

    def lets_text(self):
        text, slots = [], list(self.slots)
        for i in range(self.r.choice([0, 1, 2, 3])):
            kind, params = self.pick('bool', 'num'), self.chance(0.4)
            read = self.r.sample(slots, 1) if slots and self.chance(0.3) else []
            scope = (read, params)
            body = self.boolean(scope) if kind == 'bool' else self.numeric(scope)
            used = set(read)
            text.append(f'let l{i} = {body}{self.title(0.2)}')
            self.lets[f'l{i}'] = (kind, used, params)
        return text

    def slots_before(self, stage):
        names = [s for s, _, _ in self.skeleton]
        return [x for x in self.slots if names.index(x[0]) < names.index(stage)]

    def slots_at_end(self):
        return [] if self.forgetful else list(self.slots)

    def stage_text(self, stage):
        name, movers, actions = stage
        scope = (self.slots_before(name), False)
        when = f' when {self.boolean(scope)}' if not self.tiny and self.chance(0.4) else ''
        if not movers:
            allowed = {v: [':=', '+='] if self.domains[v][0] != 'bool' else [':=']
                       for v in self.domains}
            return f'stage {name} : chance{when} ' + self.block(self.effects(scope, allowed))
        # In a stage of several movers a variable belongs to one of them, or takes increments only.
        owner = {v: self.r.choice(movers + ([None] * 3 if len(movers) > 1 else [])) for v in self.domains}
        lines = []
        for m in movers:
            allowed = {}
            for v in self.domains:
                increments = ['+='] if self.domains[v][0] != 'bool' else []
                if owner[v] == m:
                    allowed[v] = [':='] + increments
                elif owner[v] is None:
                    allowed[v] = increments
            for i, a in enumerate(actions[m]):
                guard = f' if {self.boolean(scope)}' if self.chance(0.25 if i else 0.05) else ''
                body = ''
                if self.chance(0.8):
                    body = ' ' + self.block(self.effects(scope, allowed, 1 if len(movers) > 2 else 2))
                lines.append(f'{m}.{a}{self.title(0.3)}{guard}{body}')
        separator = self.pick('\n  ', '\n  ', '\n\n  # the next\n  ')
        if self.chance(0.1):
            return f'stage {name} : {", ".join(movers)}{when} ' + '{ ' + '; '.join(lines) + ' }'
        return f'stage {name} : {", ".join(movers)}{when} ' + '{\n  ' + separator.join(lines) + '\n}'

    def payoffs(self):
        text, scope = [], (self.slots_at_end(), True)
        if self.tiny:                               # everybody minds everybody's choice
            slots, stake = list(self.slots), self.pick(1, 2, 3)
            same = self.chance(0.25)
            for a in self.actors:
                terms = [f'u0 = {self.payment(scope)}'] if not same else []
                x, y = self.r.sample(slots, 2) if len(slots) > 1 else slots * 2
                if same:
                    x, y = slots[0], slots[-1]
                for i in range(2):
                    left, right = (f'{s[0]}.{s[1]} == {self.slots[s][i % len(self.slots[s])]}'
                                   for s in (x, y))
                    weight = stake if same else self.r.choice(self.weights)
                    terms.append(f'match{i}{self.title(0.2)} = {weight} * ({left} and {right})')
                text.append(f'payoff {a} ' + self.block(terms))
            return text
        for a in self.actors + [r for r in self.roles if self.chance(0.3)]:
            terms = [f'u{i}{self.title(0.5)} = {self.payment(scope)}'
                     for i in range(self.r.randint(1, 3))]
            text.append(f'payoff {a} ' + self.block(terms))
        return text

    def ends(self):
        if self.tiny or self.chance(0.45):
            return []
        return [f'end over{i} when {self.boolean((self.slots_at_end(), False), 1)}'
                for i in range(self.pick(1, 1, 2))]

    def outcomes(self):
        text, scope = [], (self.slots_at_end(), True)
        forms = ['ever', 'first', 'last', 'mean', 'total', 'count']
        self.r.shuffle(forms)
        self.outcome_names = []
        for i, form in enumerate(forms[:self.r.randint(3, 5)]):
            body = (self.boolean(scope) if form in ('ever', 'first', 'count')
                    else self.pick(self.numeric(scope), self.payment(scope)))
            name = 's0' if self.chance(0.1) and 's0' not in self.outcome_names else f'o{i}'
            self.outcome_names.append(name)
            before, after = self.pick(*[('', '')] * 3, (' headline', ''), ('', ' headline'))
            text.append(f'outcome {name}{self.title()}{self.pick("", " minimise", " maximise")}'
                        f'{before} = {form}({body}){after}')
            if self.chance(0.1):
                text.append(f'group "{self.r.choice(TITLES)}"')
        for i, slot in enumerate(self.slots_at_end()):
            if self.chance(0.5):
                self.outcome_names.append(f'choice{i}')
                text.append(f'outcome choice{i} = mean({slot[0]}.{slot[1]} == '
                            f'{self.r.choice(self.slots[slot])})')
        return text

    def tour(self):
        """Steps that show and set whatever there is; they change no number."""
        if not self.chance(0.15):
            return []
        steps = []
        for i in range(self.r.randint(1, 3)):
            shown = [self.pick('', 'compare', 'time', 'why'), self.pick('', *self.outcome_names),
                     self.pick('', *self.policy_names)]
            show = ' '.join(name for name in shown if name)
            given = ', '.join(f'{name} = {self.values[name]}' for name in self.pick([], ['p0'], ['p1', 'p2']))
            steps.append(f'step "{self.r.choice(TITLES)}"' + (f' show {show}' if show else '')
                         + (f' set {given}' if given else ''))
        return [f'tour{self.title(0.3)} ' + self.block(steps)]

    def declare_levers(self):
        """Up to three levers. Each has numbers and a start of its own to change, so that settings seldom
        disagree; where they do the model is written again."""
        self.levers, text = {}, []
        for i in range(self.pick(0, 0, 1, 2, 2, 3) if not self.tiny else self.pick(0, 0, 1)):
            names = self.r.sample(['k0', 'k1', 'k2', 'go', 'A', 'low', 'p0', 'none'], self.pick(2, 2, 3))
            settings = []
            for j, name in enumerate(names):
                body = self.changes(i) if self.chance(0.2 if j == 0 else 0.85) else None
                settings.append(name + self.title(0.3) + (' ' + self.block(body) if body else
                                                          '' if body is None else ' { }'))
            self.levers[f'v{i}'] = names
            text.append(f'lever v{i}{self.title()} ' + self.block(settings))
        return text

    def uses(self):
        return [f'use {lever} {self.r.choice(names)}' for lever, names in self.levers.items()
                if self.chance(0.75)]

    def policies(self):
        self.policy_names = []
        if self.chance(0.1):
            return []
        text = []
        for name in ['plain', 'other', 'third'][:2 if self.chance(0.7) else 3]:
            self.policy_names.append(name)
            if name == 'plain' and self.chance(0.6):
                text.append(f'policy plain{self.title()}' + self.pick('', ' cite book', ' { }'))
            else:
                statements = self.uses() + (self.changes() if not self.levers or self.chance(0.5) else [])
                self.r.shuffle(statements)
                text.append(f'policy {name}{self.title()}{self.pick("", " cite web")} '
                            + self.block(statements))
        return text

    def changes(self, lever=None):
        """What a policy, or a setting of a lever, changes."""
        r, found = self.r, []
        if lever in (None, 0) and self.chance(0.45):
            sizes = self.pick([2], [2, 2]) if len(self.actors) > 3 else self.pick([2], [2], [3])
            rest = r.sample(self.actors, len(self.actors))
            for size in sizes:
                team, rest = rest[:min(size, len(rest))], rest[size:]
                weights = {2: ['0.7, 0.3', '25%, 75%', '1, 0'], 3: ['0.5, 0.3, 0.2']}[len(team)]
                found.append(f'team {", ".join(team)}'
                             + (f' weights {r.choice(weights)}' if self.chance(0.5) else ''))
        for i, role in enumerate(self.roles):
            if lever in (None, i) and self.chance(0.5):
                found.append(f'role {role} = {r.choice(self.actors)}')
        for word in ('forbid', 'forbid', 'force'):
            options = [(s, m, a) for s, movers, acts in self.skeleton for m in movers
                       for a in acts[m] if len(acts[m]) > 1]
            if options and self.chance(0.4 if lever is None else 0.6):
                _, mover, action = r.choice(options)
                first = next(s for s, m, a in options if (m, a) == (mover, action))
                guard = self.boolean((self.slots_before(first), False))
                found.append(f'{word} {mover}.{action}' + (f' when {guard}' if self.chance(0.6) else ''))
        if self.chance(0.4):
            weight = r.choice(self.weights) if lever is None else self.weights[lever]
            found.append(f'set {weight} = {self.number(-2, 2)}')
        if self.chance(0.2):
            chance = r.choice(self.chances) if lever is None else self.chances[lever]
            found.append(f'set {chance} = {r.randint(1, 90)}%')
        for i, name in enumerate(self.domains):
            if lever in (None, i) and self.chance(0.25):
                found.append(f'start {name} = {self.any_value(name)}')
        r.shuffle(found)
        return found

    def expectations(self):
        if self.chance(0.6):
            return []
        text, name = [], self.r.choice(list(self.domains))
        under = f' under {self.r.choice(self.policy_names)}' if self.policy_names else ''
        given = f' with w0 = {self.values["w0"]}' if self.chance(0.5) else ''
        text.append(f'expect "bounded"{under}{given} : last({name} + 0) <= 99')
        outcome = self.r.choice(self.outcome_names)
        text.append(f'expect "in a range" : {outcome} in -1000 .. 1000')
        if len(self.policy_names) > 1:
            text.append(f'expect "compared" : {outcome} under plain <= 1000')
            text.append(f'expect "the same" : {outcome} under other == {outcome} under other')
        return text


# -------------------------------------------------------------------------------------- acceptance

def acceptable(text):
    """Whether the model can be played, and quickly: every policy explored, then solved."""
    model = Model(text)
    for policy in model.policies:
        game = reference.Game(model, policy)
        game.explore()
        profiles = max((len(rows) for rows in game.edges.values()), default=1)
        branches = sum(len(targets) for rows in game.edges.values() for _, targets in rows)
        shared = sum(len(game.slots(n)) > 1 for n in game.nodes)
        periods = game.periods or 40
        if (len(game.nodes) > MOST_NODES or profiles > MOST_PROFILES
                or branches * periods > MOST_BRANCHES or shared * periods > MOST_SHARED):
            return False
    for policy in model.policies:
        result = reference.Game(model, policy).result()
        if max(map(abs, result['values'].values())) > 200:
            return False
    return True


def generate(seed, number):
    """The text of model `number` of a seed."""
    for attempt in range(1000):
        text = Writer(random.Random(f'{seed}/{number}/{attempt}')).write()
        try:
            if acceptable(text):
                return text
        except (ModelError, branch.PathError):
            continue
    raise RuntimeError(f'no playable model {number} of seed {seed}')


def main():
    parser = argparse.ArgumentParser(description='Write random valid models.')
    parser.add_argument('files', nargs='*', metavar='FILE', help='models to count constructs in')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=0)
    parser.add_argument('--out', metavar='DIR', default='.')
    parser.add_argument('--coverage', action='store_true', help='print a count per construct; '
                        'exit 1 if one does not occur')
    options = parser.parse_args()
    texts = []
    os.makedirs(options.out, exist_ok=True)
    for number in range(1, options.count + 1):
        texts.append(generate(options.seed, number))
        with open(os.path.join(options.out, f'game-{number:04}.dtn'), 'w', encoding='utf-8') as file:
            file.write(texts[-1])
    for path in options.files:
        with open(path, encoding='utf-8') as file:
            texts.append(file.read())
    if options.coverage:
        counts = coverage(texts)
        for name, count in counts.items():
            print(f'{count:6}  {name}')
        return 0 if all(counts.values()) else 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
