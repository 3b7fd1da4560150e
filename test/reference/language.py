"""From the text of a model to checked expressions: the reference's own reader of the language.

A tokenizer, a recursive-descent parser and a name resolver, written from the design of the language alone. It
assumes that the model is valid: it keeps what the computation needs, skips what is only told to
people (descriptions, sources, periods, expectations), and raises ModelError on what it does not
understand. An expression is a nested tuple `(kind, ...)`; after resolving, the kinds are

    ('num', v)  ('state', i)  ('param', name)  ('choice', slot)  ('action', name)
    ('role', name)  ('actor', name)  ('un', op, a)  ('bin', op, a, b)  ('call', f, args)
    ('if', c, a, b)

A boolean is 0 or 1 and an enumeration value its rank. A *slot* is a pair (stage, mover); its
value is the name of an action, or 'none'.
"""
import math
import re


class ModelError(Exception):
    """The model is wrong, or uses something that this reference does not understand."""


# ---------------------------------------------------------------------------------------- tokens

TOKEN = re.compile(r'''
    (?P<blank>[ \t\r]+|\#[^\n]*) | (?P<newline>\n) | (?P<string>"[^"\n]*")
  | (?P<number>(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?%?) | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<op>:=|\+=|-=|==|!=|<=|>=|\.\.|[-+*/<>=?:;,.(){}~])''', re.VERBOSE)


def tokens(text):
    """The list of (kind, text, line); newlines inside ( ) are dropped, `;` counts as a newline."""
    found, at, line, depth = [], 0, 1, 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ModelError(f'line {line}: unexpected character {text[at]!r}')
        kind, word, at = match.lastgroup, match.group(), match.end()
        if kind == 'newline':
            line += 1
        depth += (word == '(') - (word == ')') if kind == 'op' else 0
        if kind == 'newline' and depth == 0 or word == ';':
            found.append(('newline', word, line))
        elif kind not in ('blank', 'newline'):
            found.append((kind, word, line))
    return found + [('newline', '', line), ('eof', '', line)]


# ---------------------------------------------------------------------------------------- parser

FUNCTIONS = {'min': min, 'max': max, 'abs': abs, 'exp': math.exp, 'log': math.log,
             'sqrt': math.sqrt, 'clamp': lambda x, lo, hi: min(max(x, lo), hi)}
COMPARISONS = ('==', '!=', '<', '<=', '>', '>=')


class Parser:
    def __init__(self, text):
        self.tokens, self.at = tokens(text), 0

    def peek(self, ahead=0):
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def word(self):
        return self.peek()[1] if self.peek()[0] in ('op', 'name') else None

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, word):
        if self.word() == word:
            self.at += 1
            return True
        return False

    def fail(self, wanted):
        raise ModelError(f'line {self.peek()[2]}: expected {wanted}, found {self.peek()[1]!r}')

    def expect(self, word):
        if not self.accept(word):
            self.fail(repr(word))

    def name(self):
        if self.peek()[0] != 'name':
            self.fail('a name')
        return self.take()[1]

    def names(self):
        found = [self.name()]
        while self.accept(','):
            found.append(self.name())
        return found

    def number(self):
        sign = -1 if self.accept('-') else 1
        if sign == 1:
            self.accept('+')
        if self.peek()[0] != 'number':
            self.fail('a number')
        return sign * number_of(self.take()[1])

    def newlines(self):
        while self.peek()[0] == 'newline':
            self.at += 1

    def skip_statement(self):
        while self.peek()[0] not in ('newline', 'eof'):
            self.at += 1

    def note(self):
        """Descriptions, sources, judgements: told to people, not computed with."""
        while True:
            if self.peek()[0] == 'string' or self.word() == 'judgement':
                self.at += 1
            elif self.accept('cite'):
                self.names()
            else:
                return

    def block(self, statement):
        """'{' statement* '}'"""
        self.expect('{')
        found = []
        self.newlines()
        while not self.accept('}'):
            found.append(statement())
            if not (self.peek()[0] == 'newline' or self.word() == '}'
                    or self.tokens[self.at - 1][1] == '}'):
                self.fail('the end of the statement')
            self.newlines()
        return found

    # -- expressions, loosest first

    def expression(self):
        condition = self.binary(0)
        if self.accept('?'):
            first = self.expression()
            self.expect(':')
            return ('if', condition, first, self.expression())
        return condition

    LEVELS = (('or',), ('and',), ('not',), COMPARISONS, ('+', '-'), ('*', '/'))

    def binary(self, level):
        if level == len(self.LEVELS):
            return self.unary()
        operators = self.LEVELS[level]
        if operators == ('not',):
            return ('un', 'not', self.binary(level)) if self.accept('not') else self.binary(level + 1)
        left = self.binary(level + 1)
        while self.word() in operators:
            operator = self.take()[1]
            left = ('bin', operator, left, self.binary(level + 1))
            if operators is COMPARISONS:
                break
        return left

    def unary(self):
        if self.accept('-'):
            return ('un', '-', self.unary())
        if self.accept('('):
            inside = self.expression()
            self.expect(')')
            return inside
        if self.peek()[0] == 'number':
            return ('num', number_of(self.take()[1]))
        name = self.name()
        if name in FUNCTIONS and self.accept('('):
            arguments = [self.expression()]
            while self.accept(','):
                arguments.append(self.expression())
            self.expect(')')
            return ('call', name, tuple(arguments))
        if self.accept('.'):
            return ('dot', name, self.name())
        return ('name', name)

    # -- effects

    def effect(self):
        if self.accept('if'):
            return ('if', self.expression(), self.block(self.effect), self.otherwise())
        if self.accept('with'):
            chance, first = self.expression(), self.block(self.effect)
            return ('branch', [(chance, first)], self.otherwise())
        if self.accept('branch'):
            rest, arms = [None], []

            def arm():
                if self.accept('else'):
                    rest[0] = self.block(self.effect)
                else:
                    chance = self.expression()
                    arms.append((chance, self.block(self.effect)))
            self.block(arm)
            return ('branch', arms, rest[0])
        if self.accept('pay'):
            payee, amount = self.name(), self.expression()
            self.note()
            return ('pay', payee, amount)
        variable = self.name()
        if self.word() not in (':=', '+=', '-='):
            self.fail('an effect')
        return ('write', variable, self.take()[1], self.expression())

    def otherwise(self):
        """The block of an `else`, which may stand on the next line; else an empty one."""
        mark = self.at
        self.newlines()
        if self.accept('else'):
            return self.block(self.effect)
        self.at = mark
        return []


def number_of(word):
    return float(word[:-1]) / 100 if word.endswith('%') else float(word)


# ----------------------------------------------------------------------------------- declarations

class Stage:
    def __init__(self, name, movers):
        self.name, self.movers = name, movers   # no movers: chance
        self.when = None                        # or an expression
        self.actions = {m: {} for m in movers}  # mover -> action -> (guard or None, effects)
        self.effects = []                       # of a chance stage


class Policy:
    def __init__(self, name):
        self.name, self.teams, self.roles, self.sets, self.starts = name, [], {}, {}, {}
        self.forbid, self.force = [], []        # (mover, action, condition or None)


class Model:
    """Everything declared, in the order of the text; expressions are resolved."""

    def __init__(self, text):
        self.name, self.horizon, self.lookahead = 'model', 1, 0
        self.actors, self.roles, self.params, self.lets = {}, {}, {}, {}
        self.variables, self.domains, self.start = [], {}, {}
        self.stages, self.payoffs, self.ends, self.outcomes, self.policies = [], [], [], {}, []
        self.read = Parser(text)
        self.read.newlines()
        while self.read.peek()[0] != 'eof':
            keyword = self.read.name()
            rule = getattr(self, 'declare_' + keyword, None)
            if rule is None:
                raise ModelError(f'line {self.read.peek()[2]}: {keyword!r} is not understood here')
            rule()
            closed = self.read.tokens[self.read.at - 1][1] == '}'
            if self.read.peek()[0] != 'newline' and not closed:
                self.read.fail('the end of the statement')
            self.read.newlines()
        self.policies = self.policies or [Policy('default')]
        self.resolve_all()

    def declare_model(self):
        self.name = self.read.name()
        self.read.note()

    def declare_horizon(self):
        self.horizon = int(self.read.number())

    def declare_lookahead(self):
        self.lookahead = None if self.read.accept('forever') else int(self.read.number())

    def declare_period(self):
        self.read.skip_statement()

    declare_source = declare_correlate = declare_expect = declare_period
    declare_question = declare_group = declare_period

    def declare_actor(self):
        read, name = self.read, self.read.name()
        discount, rationality = ('num', 1.0), ('num', 1.0)
        while True:
            read.note()
            if read.accept('discount'):
                discount = read.expression()
            elif read.accept('rationality'):
                rationality = read.expression()
            else:
                break
        self.actors[name] = (discount, rationality)

    def declare_param(self):
        read, name = self.read, self.read.name()
        read.expect('=')
        self.params[name] = read.number()
        while True:
            read.note()
            if read.accept('in'):
                read.number()
                read.expect('..')
                read.number()
            elif read.accept('~'):
                read.name()
                read.expect('(')
                read.number()
                while read.accept(','):
                    read.number()
                read.expect(')')
            else:
                break

    def declare_let(self):
        name = self.read.name()
        self.read.expect('=')
        self.lets[name] = self.read.expression()
        self.read.note()

    def declare_state(self):
        """state NAME : bool | LO..HI | {A, B, ...} = START; a domain is (lo, hi, names or None)."""
        read, name = self.read, self.read.name()
        read.expect(':')
        if read.accept('bool'):
            domain = (0, 1, None)
        elif read.accept('{'):
            read.newlines()
            values = read.names()
            read.newlines()
            read.expect('}')
            domain = (0, len(values) - 1, tuple(values))
        else:
            low = int(read.number())
            read.expect('..')
            domain = (low, int(read.number()), None)
        self.domains[name] = domain
        self.variables.append(name)
        read.expect('=')
        self.start[name] = self.start_value(name)
        read.note()

    def start_value(self, name):
        low, high, values = self.domains[name]
        if self.read.peek()[0] == 'name':
            word = self.read.name()
            value = values.index(word) if values else ('no', 'yes').index(word)
        else:
            value = self.read.number()
        if not low <= value <= high or value != int(value):
            raise ModelError(f'{name} cannot start at {value}')
        return int(value)

    def declare_role(self):
        name = self.read.name()
        self.read.expect('=')
        self.roles[name] = self.read.name()
        self.read.note()

    def declare_stage(self):
        read, name = self.read, self.read.name()
        read.note()
        read.expect(':')
        stage = Stage(name, [] if read.accept('chance') else read.names())
        read.note()
        if read.accept('when'):
            stage.when = read.expression()
        read.note()

        def action():
            mover = read.name()
            read.expect('.')
            title = read.name()
            read.note()
            guard = read.expression() if read.accept('if') else None
            read.note()
            effects = read.block(read.effect) if read.word() == '{' else []
            if mover not in stage.actions or title in stage.actions[mover]:
                raise ModelError(f'stage {name}: {mover}.{title}')
            stage.actions[mover][title] = (guard, effects)
        if stage.movers:
            read.block(action)
        else:
            stage.effects = read.block(read.effect)
        self.stages.append(stage)

    def declare_payoff(self):
        payee = self.read.name()
        self.read.note()

        def term():
            self.read.name()
            self.read.note()
            self.read.expect('=')
            self.payoffs.append((payee, self.read.expression()))
            self.read.note()
        self.read.block(term)

    def declare_end(self):
        self.read.name()
        self.read.note()
        self.read.expect('when')
        self.ends.append(self.read.expression())
        self.read.note()

    def declare_outcome(self):
        read, name = self.read, self.read.name()
        read.note()
        read.accept('minimise') or read.accept('maximise')
        read.accept('headline')
        read.expect('=')
        form = read.name()
        if form not in ('ever', 'first', 'last', 'mean', 'total', 'count'):
            raise ModelError(f'outcome {name}: no form {form}')
        read.expect('(')
        self.outcomes[name] = (form, read.expression())
        read.expect(')')
        read.note()
        read.accept('headline')

    def declare_policy(self):
        read, policy = self.read, Policy(self.read.name())
        read.note()

        def statement():
            keyword = read.name()
            if keyword == 'team':
                members = read.names()
                weights = [1 / len(members)] * len(members)
                if read.accept('weights'):
                    weights = [read.number()]
                    while read.accept(','):
                        weights.append(read.number())
                policy.teams.append(dict(zip(members, weights, strict=True)))
            elif keyword == 'role':
                role = read.name()
                read.expect('=')
                policy.roles[role] = read.name()
            elif keyword in ('forbid', 'force'):
                mover = read.name()
                read.expect('.')
                rule = (mover, read.name(), read.expression() if read.accept('when') else None)
                (policy.forbid if keyword == 'forbid' else policy.force).append(rule)
            elif keyword == 'set':
                param = read.name()
                read.expect('=')
                policy.sets[param] = read.number()
            elif keyword == 'start':
                name = read.name()
                read.expect('=')
                policy.starts[name] = self.start_value(name)
            else:
                raise ModelError(f'policy {policy.name}: {keyword!r} is not understood')
        if read.word() == '{':
            read.block(statement)
        self.policies.append(policy)

    # -- names

    def values_beside(self, e):
        """The names that may be read as constants beside the raw expression e, with what they mean."""
        if e[0] == 'name':
            if e[1] in self.domains:
                values = self.domains[e[1]][2] or ()
                return {v: ('num', rank) for rank, v in enumerate(values)}
            if e[1] in self.lets:
                return self.values_beside(self.lets[e[1]])
        if e[0] == 'dot':
            stage = next((s for s in self.stages if s.name == e[1]), None)
            if stage is None or e[2] not in stage.actions:
                raise ModelError(f'no choice {e[1]}.{e[2]}')
            return {a: ('action', a) for a in [*stage.actions[e[2]], 'none']}
        if e[0] == 'if':
            return self.values_beside(e[2])
        return {}

    def resolve(self, e, beside=None):
        """e with every name replaced by what it stands for; `beside`: see values_beside."""
        if e is None:
            return None
        kind = e[0]
        if kind == 'name':
            name = e[1]
            if beside and name in beside:
                return beside[name]
            if name in ('yes', 'no'):
                return ('num', int(name == 'yes'))
            if name in self.domains:
                return ('state', self.variables.index(name))
            if name in self.params:
                return ('param', name)
            if name in self.lets:
                return self.resolve(self.lets[name])
            if name in self.roles:
                return ('role', name)
            if name in self.actors:
                return ('actor', name)
            raise ModelError(f'unknown name {name!r}')
        if kind == 'dot':
            self.values_beside(e)
            return ('choice', (e[1], e[2]))
        if kind == 'bin' and e[1] in COMPARISONS:
            return ('bin', e[1], self.resolve(e[2], self.values_beside(e[3])),
                    self.resolve(e[3], self.values_beside(e[2])))
        if kind == 'bin':
            return ('bin', e[1], self.resolve(e[2]), self.resolve(e[3]))
        if kind == 'un':
            return ('un', e[1], self.resolve(e[2]))
        if kind == 'if':
            return ('if', self.resolve(e[1]), self.resolve(e[2], beside), self.resolve(e[3], beside))
        if kind == 'call':
            return ('call', e[1], tuple(self.resolve(a) for a in e[2]))
        return e

    def resolve_effect(self, effect):
        kind = effect[0]
        if kind == 'if':
            return ('if', self.resolve(effect[1]), self.resolve_effects(effect[2]),
                    self.resolve_effects(effect[3]))
        if kind == 'branch':
            arms = [(self.resolve(p), self.resolve_effects(body)) for p, body in effect[1]]
            return ('branch', arms, None if effect[2] is None else self.resolve_effects(effect[2]))
        if kind == 'pay':
            self.payee(effect[1])
            return ('pay', effect[1], self.resolve(effect[2]))
        if effect[1] not in self.domains:
            raise ModelError(f'{effect[1]} is not a state variable')
        value = self.resolve(effect[3], self.values_beside(('name', effect[1])))
        return ('write', self.variables.index(effect[1]), effect[2], value)

    def resolve_effects(self, effects):
        return [self.resolve_effect(effect) for effect in effects]

    def payee(self, name):
        if name not in self.actors and name not in self.roles:
            raise ModelError(f'{name} is neither an actor nor a role')

    def resolve_all(self):
        self.actors = {name: (self.resolve(d), self.resolve(r))
                       for name, (d, r) in self.actors.items()}
        for stage in self.stages:
            stage.when = self.resolve(stage.when)
            stage.effects = self.resolve_effects(stage.effects)
            for mover in stage.movers:
                self.payee(mover)
                stage.actions[mover] = {a: (self.resolve(guard), self.resolve_effects(effects))
                                        for a, (guard, effects) in stage.actions[mover].items()}
        for payee, _ in self.payoffs:
            self.payee(payee)
        self.payoffs = [(payee, self.resolve(e)) for payee, e in self.payoffs]
        self.ends = [self.resolve(e) for e in self.ends]
        self.outcomes = {name: (form, self.resolve(e)) for name, (form, e) in self.outcomes.items()}
        for policy in self.policies:
            policy.forbid = [(m, a, self.resolve(g)) for m, a, g in policy.forbid]
            policy.force = [(m, a, self.resolve(g)) for m, a, g in policy.force]


# ------------------------------------------------------------------------------------- evaluation

class Unknown:
    """A number that depends on the parameters. Only 0 times it is known."""

    def same(self, *_):
        return self

    def times(self, other):
        return 0 if not isinstance(other, Unknown) and other == 0 else self

    __add__ = __radd__ = __sub__ = __rsub__ = __truediv__ = __rtruediv__ = __neg__ = same
    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = same
    __mul__ = __rmul__ = times
    __hash__ = None


UNKNOWN = Unknown()

OPERATORS = {
    '+': lambda a, b: a + b, '-': lambda a, b: a - b, '*': lambda a, b: a * b,
    '/': lambda a, b: a / b, '==': lambda a, b: a == b, '!=': lambda a, b: a != b,
    '<': lambda a, b: a < b, '<=': lambda a, b: a <= b, '>': lambda a, b: a > b,
    '>=': lambda a, b: a >= b}


def evaluate(e, state, choices, roles, params):
    """The value of the resolved expression e. With params None every parameter is UNKNOWN, and the
    result says whether e is the same number whatever the parameters."""
    kind = e[0]
    if kind in ('num', 'action', 'actor'):
        return e[1]
    if kind == 'state':
        return state[e[1]]
    if kind == 'param':
        return UNKNOWN if params is None else params[e[1]]
    if kind == 'choice':
        if e[1] not in choices:
            raise ModelError(f'the choice {e[1]} is read where it is not alive')
        return choices[e[1]]
    if kind == 'role':
        return roles[e[1]]
    operand = e[1] if kind == 'if' else e[2][0] if kind == 'call' else e[2]
    first = evaluate(operand, state, choices, roles, params)
    if kind == 'un':
        return -first if e[1] == '-' else first if first is UNKNOWN else int(not first)
    if kind == 'if':
        if first is UNKNOWN:
            return UNKNOWN
        return evaluate(e[2] if first else e[3], state, choices, roles, params)
    if kind == 'call':
        values = [first] + [evaluate(a, state, choices, roles, params) for a in e[2][1:]]
        return UNKNOWN if any_unknown(values) else FUNCTIONS[e[1]](*values)
    if e[1] in ('and', 'or'):
        decided = e[1] == 'or'                     # the value of one side that settles the whole
        if first is not UNKNOWN and bool(first) == decided:
            return int(decided)
        second = evaluate(e[3], state, choices, roles, params)
        if second is not UNKNOWN and bool(second) == decided:
            return int(decided)
        return UNKNOWN if any_unknown((first, second)) else int(not decided)
    value = OPERATORS[e[1]](first, evaluate(e[3], state, choices, roles, params))
    return int(value) if isinstance(value, bool) else value


def any_unknown(values):
    return any(v is UNKNOWN for v in values)


def reads(thing):
    """The slots whose choices the resolved expression or list of effects reads."""
    if isinstance(thing, tuple) and thing and thing[0] == 'choice':
        return {thing[1]}
    if isinstance(thing, tuple) and len(thing) == 4 and thing[0] == 'if' and thing[2] == thing[3]:
        return reads(thing[2])          # c ? a : a is a (docs/method.md)
    if isinstance(thing, (tuple, list)):
        return set().union(*map(reads, thing))
    return set()
