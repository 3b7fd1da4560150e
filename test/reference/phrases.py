"""Random expressions and effects: what stands inside the declarations that generate.py writes.

Expressions are typed while they are written. A *scope* says what may be read at a place: the slots whose
choices are known there, and whether parameters, the period and dates may be (guards never see them).
"""
from expression import PERIODS_A_YEAR

TITLES = ['a title', 'with a # and a ; inside', '0 nothing … 4 everything', 'braces { } and ( )',
          'l’été', '']


class Phrases:
    """What a Writer writes with; `self.r` decides everything."""

    def chance(self, p):
        return self.r.random() < p

    def pick(self, *options):
        return self.r.choice(options)

    def number(self, low, high, digits=3):
        x = round(self.r.uniform(low, high), digits)
        return self.pick(f'{x:.{digits}f}', f'{x:.{digits}f}', f'{x:g}', f'{x:.1e}')

    def title(self, p=0.4):
        return f' "{self.r.choice(TITLES)}"' if self.chance(p) else ''

    def paren(self, text):
        """In parentheses, in which newlines do not count."""
        if self.chance(0.06):
            return f'(\n      {text}\n    )'
        return f'({text})'

    def block(self, statements):
        """'{' ... '}' on one line or on many, in one of the layouts that the language allows."""
        if not statements:
            return self.pick('{ }', '{}', '{\n  }', '{  }')
        if self.chance(0.5):
            text = statements[0]
            for s in statements[1:]:
                text += (self.pick(' ', ' ', '; ', ' ;; ') if text.endswith('}') else '; ') + s
            return '{ ' + text + self.pick(' }', '; }', '}')
        remark = self.pick('', '', '', '  # a remark { with "noise"')
        return '{' + remark + '\n    ' + self.pick('\n    ', ' ;\n    ').join(statements) + '\n  }'

    # -- expressions; a scope is (slots that may be read, whether parameters may be)

    def boolean(self, scope, depth=2):
        r, slots, params = self.r, *scope
        if depth <= 0 or self.chance(0.3):
            kinds = ['state'] * 3 + ['choice'] * (3 if slots else 0) + ['role'] * bool(self.roles)
            kinds += ['let'] * bool(self.usable_lets('bool', scope)) + ['param'] * (params and 1)
            kinds += ['when'] * (2 * (params and self.timed))
            kind = r.choice(kinds + ['literal'] * (r.random() < 0.1))
            if kind == 'choice':
                slot = r.choice(slots)
                sides = [f'{slot[0]}.{slot[1]}', r.choice(self.slots[slot] + ['none'])]
                if self.chance(0.1):
                    sides.reverse()
                return self.pick(' == ', ' != ').join(sides)
            if kind == 'role':
                return (f'{r.choice(list(self.roles))} {self.pick("==", "!=")} '
                        f'{r.choice(self.actors)}')
            if kind == 'let':
                return r.choice(self.usable_lets('bool', scope))
            if kind == 'param':
                return f'{r.choice(self.weights)} {self.pick("<", ">=", ">")} {self.number(-1, 1)}'
            if kind == 'literal':
                return self.pick('yes', 'no')
            return self.about_time() if kind == 'when' else self.about_state()
        kind = r.choice(['or', 'and', 'not', 'compare', 'if', 'paren'])
        if kind == 'not':
            inner = self.boolean(scope, depth - 1)
            return f'not {inner}' if ' ? ' not in inner else f'not ({inner})'
        if kind in ('or', 'and'):
            left, right = self.boolean(scope, depth - 1), self.boolean(scope, depth - 1)
            wrap = [f'({x})' if ' ? ' in x else x for x in (left, right)]
            return f' {kind} '.join(wrap)
        if kind == 'compare':
            return (f'{self.numeric(scope, depth - 1)} {self.pick("<", "<=", ">", ">=", "==", "!=")} '
                    f'{self.numeric(scope, 0)}')
        if kind == 'if':
            return '(' + ' '.join((self.boolean(scope, 0), '?', self.boolean(scope, 0), ':',
                                   self.boolean(scope, 0))) + ')'
        return self.paren(self.boolean(scope, depth - 1))

    def date(self):
        """A date a little before, at or after those of the game, in the letter of the model."""
        letter, year, part = self.origin
        count = PERIODS_A_YEAR[letter]
        year, part = divmod(year * count + part - 1 + self.r.randint(-1, 5), count)
        return f'{year}{letter}' + (str(part + 1) if count > 1 else '')

    def about_time(self):
        moment = self.date() if self.origin and self.chance(0.7) else str(self.r.randint(1, 5))
        operator = self.pick('==', '!=', '<', '<=', '>', '>=')
        return self.pick(f'now {operator} {moment}', f'{moment} {operator} now',
                         f'mod(now, {self.pick(2, 3, 4)}) == {self.pick(0, 1)}')

    def time(self):
        """A number of moderate size that depends on the period."""
        forms = ['now', '(now / 2)', 'floor(now / 2)', 'mod(now - 3, 3)', 'mod(now, -2)', 'pow(now - 2, 3)',
                 f'pow({self.number(0.5, 1.2)}, now)', 'pow(now, 0.5)']
        if self.origin:
            forms += [f'min({self.date()} - now, 2)'] * 3
        return self.r.choice(forms)

    def about_state(self):
        name = self.r.choice(list(self.domains))
        kind, low, high, values = self.domains[name]
        if kind == 'bool':
            return self.pick(name, f'not {name}', f'{name} == yes', f'{name} != no', f'no == {name}')
        against = self.r.choice(values) if kind == 'enum' else str(self.r.randint(low, high))
        operator = self.pick('==', '!=', '<', '<=', '>', '>=')
        if kind == 'int' and self.chance(0.15):
            return f'mod({name}, {self.pick(2, 3, -2)}) {operator} {self.pick(0, 1)}'
        if self.chance(0.1):
            return f'{against} {operator} {name}'
        return f'{name} {operator} {against}'

    def numeric(self, scope, depth=2):
        """A number of moderate size, in a form that may stand beside any operator."""
        r, slots, params = self.r, *scope
        if depth <= 0 or self.chance(0.25):
            kind = r.choice(['number', 'state', 'state'] + ['param'] * (4 * params)
                            + ['let'] * bool(self.usable_lets('num', scope))
                            + ['time'] * (3 * (params and self.timed)))
            if kind == 'time':
                return self.time()
            if kind == 'param':
                return r.choice(self.weights + self.chances)
            if kind == 'let':
                return r.choice(self.usable_lets('num', scope))
            if kind == 'state':
                name = r.choice(list(self.domains))
                return name if self.domains[name][0] == 'int' else f'({name} * {self.pick(1, 2)})'
            return self.pick(self.number(0, 2), str(r.randint(0, 3)), f'{r.randint(1, 99)}%', '2e-1')
        inner = self.numeric(scope, depth - 1)
        other = self.numeric(scope, depth - 1)
        kind = r.randrange(17)
        if kind == 0:
            return self.paren(f'{inner} + {other}')
        if kind == 1:
            return self.paren(f'{inner} - {other}')
        if kind == 2:
            return f'{self.number(0.1, 1)} * {inner}'
        if kind == 3:
            return f'{inner} / {self.pick("2", "4", self.number(1, 3))}'
        if kind == 4:
            return f'-({inner})' if inner.startswith('-') else f'-{inner}'
        if kind == 5:
            return f'min({inner}, {other})'
        if kind == 6:
            return f'max({inner}, {other})'
        if kind == 7:
            return f'abs({inner})'
        if kind == 8:
            return f'exp(-abs({inner}))'
        if kind == 9:
            return f'log(1 + abs({inner}))'
        if kind == 10:
            return f'sqrt(abs({inner}))'
        if kind == 11:
            return f'clamp({inner}, -1, {self.pick("1", "2.5")})'
        if kind == 12:
            return f'({self.boolean(scope, 1)} ? {inner} : {other})'
        if kind == 13:
            return f'mod({inner}, {self.pick("2", "-2", "3", self.number(0.5, 2))})'
        if kind == 14:
            return f'floor({inner})'
        if kind == 15:
            return f'pow({inner}, {self.pick("2", "3")})' if self.chance(0.5) else (
                f'pow(abs({inner}) + 0.1, {self.pick("0.5", "-1", self.number(-1, 2))})')
        return f'{self.number(0.5, 2)} * ({self.boolean(scope, depth - 1)})'

    def probability(self, scope, share=1.0):
        """A probability of at most `share`, whose being the constant 0 nobody could dispute."""
        p, c = self.r.choice(self.chances), self.number(0.05, 0.95)
        scale = '' if share == 1 else f' * {share:g}'
        if self.timed and self.chance(0.25):
            return self.pick(f'{p} * {share:g} * ({self.about_time()})', f'pow({p}, now / 2){scale}',
                             f'{p} / now{scale}', f'min({p}, now / 5){scale}')
        kind = self.r.randrange(10)
        if kind == 0:
            return f'{c}{scale}'
        if kind == 1:
            return f'{self.r.randint(1, int(99 * share))}%'
        if kind in (2, 3):
            return f'{p}{scale}'
        if kind == 4:
            return f'{p} * {share:g} * ({self.boolean(scope, 1)})'
        if kind == 5:
            return f'({self.boolean(scope, 0)} ? {p}{scale} : {self.pick("0", f"0.5{scale}")})'
        if kind == 6:
            return f'(1 - {p}){scale}'
        if kind == 7:
            return f'clamp({self.r.choice(self.weights)}, 0.05, 0.95){scale}'
        if kind == 8:
            return f'{self.pick("min", "max")}({p}, {c}){scale}'
        return f'{share:g} * exp(-abs({self.numeric((scope[0], True), 1)}))'

    def usable_lets(self, kind, scope):
        return [name for name, (k, slots, params) in self.lets.items()
                if k == kind and slots <= set(scope[0]) and (scope[1] or not params)]

    def payment(self, scope):
        if scope[0] and self.chance(0.4):
            return f'{self.r.choice(self.weights)} * ({self.boolean(scope, 2)})'
        return self.pick(self.numeric((scope[0], True)), self.r.choice(self.weights),
                         f'{self.r.choice(self.weights)} * {self.r.choice(list(self.domains))}',
                         f'-{self.r.choice(self.weights)} / 2', '-' + self.number(0, 1),
                         f'({self.about_state()})', f'{self.about_state()} ? 1 : -0.5')

    # -- effects; `allowed` says how a variable may be written here: any of ':=', '+='

    def effects(self, scope, allowed, depth=2):
        return [self.effect(scope, allowed, depth)
                for _ in range(self.r.choice([0, 1, 1, 2, 2, 3] if depth == 2 else [0, 1, 1, 2]))]

    def effect(self, scope, allowed, depth):
        kinds = ['write'] * 4 + ['pay'] * 2
        if depth > 0:
            kinds += ['if', 'with', 'branch']
        kind = self.r.choice(kinds)
        inner = lambda: self.block(self.effects(scope, allowed, depth - 1))
        if kind == 'if' or kind == 'with':
            test = (self.boolean((scope[0], False)) if kind == 'if'
                    else self.probability((scope[0], True)))
            text = f'{kind} {test} {inner()}'
            if self.chance(0.6):
                text += self.pick(' ', '\n    ', '  ') + f'else {inner()}'
            return text
        if kind == 'branch':
            whole = (scope[0], True)
            if self.chance(0.25):
                p = self.r.choice(self.chances)
                shares = self.r.choice([['0.25', '75%'], ['0.2', '0.3', '0.5'],
                                        [p, f'1 - {p}'], [f'{p} / 2', '0.5', f'(1 - {p}) / 2']])
                arms = [f'{s} {inner()}' for s in shares]
            else:
                arms = [f'{self.probability(whole, 0.5)} {inner()}'
                        for _ in range(self.r.randint(1, 2))]
                arms.append(f'else {inner()}')
            return 'branch ' + self.pick(
                '{ ' + ' '.join(arms) + ' }', '{\n      ' + '\n      '.join(arms) + '\n    }')
        choices = [(v, o) for v, ops in allowed.items() for o in ops]
        if kind == 'pay' or not choices:
            payee = self.r.choice(self.actors + list(self.roles))
            amount = self.payment((scope[0], True))
            return f'pay {payee} {amount}{self.title(0.3)}'
        variable, operator = self.r.choice(choices)
        domain, low, high, values = self.domains[variable]
        if operator == '+=':
            guard = self.boolean((scope[0], False), 1)
            step = self.pick('1', '1', '1', '2', '-1', f'({guard} ? 1 : 2)', f'1 + ({guard})',
                             f'({self.about_state()}) * 2', '4 / 2')
            return f'{variable} {self.pick("+=", "-=")} {step}'
        if domain == 'enum':
            return f'{variable} := {self.r.choice(values)}'
        if domain == 'bool':
            return f'{variable} := ' + self.pick('yes', 'no', 'yes', 'no', f'not {variable}',
                                                 self.boolean((scope[0], False), 1))
        a, b = self.r.randint(low, high), self.r.randint(low, high)
        return f'{variable} := ' + self.pick(
            str(a), str(b), f'min({variable} + 1, {high})', f'max({variable} - 2, {low})',
            f'clamp(2 * {variable} - 1, {low}, {high})', f'max(floor({variable} / 2), {low})',
            f'mod({variable} + 1 - {low}, {high - low + 1}) + {low}', f'{self.about_state()} ? {a} : {b}')
