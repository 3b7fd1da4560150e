"""Expressions and effects: from text to nested tuples, and from these to numbers.

A tokenizer and a recursive-descent parser of the parts of the language that stand inside declarations,
and the evaluator. An expression is a nested tuple `(kind, ...)`; once language.py has put what
they mean in the place of names, the kinds are

    ('num', v)  ('state', i)  ('param', name)  ('now',)  ('choice', slot)  ('action', name)
    ('role', name)  ('actor', name)  ('belief', condition)  ('un', op, a)  ('bin', op, a, b)  ('call', f, args)
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
  | (?P<date>\d{4}(Y|[HQMW]\d{1,2})\b)
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
             'sqrt': math.sqrt, 'clamp': lambda x, lo, hi: min(max(x, lo), hi),
             'mod': lambda a, b: a % b,             # in Python too it has the sign of b
             'floor': math.floor, 'pow': math.pow}
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

    def skip_block(self):
        self.expect('{')
        depth = 1
        while depth:
            word = self.take()[1]
            depth += (word == '{') - (word == '}')

    def note(self):
        """Descriptions, sources, judgements, units: told to people, not computed with."""
        while True:
            if self.peek()[0] == 'string' or self.word() in ('judgement', 'unit'):
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
        if self.peek()[0] == 'date':
            return ('date', self.take()[1])
        name = self.name()
        if (name in FUNCTIONS or name == 'belief') and self.accept('('):
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


PERIODS_A_YEAR = {'Y': 1, 'H': 2, 'Q': 4, 'M': 12, 'W': 52}


def date_of(word):
    """('Q', 8072) for 2018Q1: the letter, and the number of such periods since the year 0."""
    year, letter, part = int(word[:4]), word[4], word[5:] or '1'
    return letter, year * PERIODS_A_YEAR[letter] + int(part) - 1


def number_of(word):
    return float(word[:-1]) / 100 if word.endswith('%') else float(word)


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


def evaluate(e, state, choices, roles, params, now):
    """The value of the resolved expression e in period `now`. With params None every parameter is
    UNKNOWN, and with now UNKNOWN the period: the result says whether e is the same number whatever they are."""
    kind = e[0]
    if kind in ('num', 'action', 'actor'):
        return e[1]
    if kind == 'state':
        return state[e[1]]
    if kind == 'param':
        return UNKNOWN if params is None else params[e[1]]
    if kind == 'now':
        return now
    if kind == 'choice':
        return choices.get(e[1], UNKNOWN)       # one that is no longer alive
    if kind == 'role':
        return roles[e[1]]
    if kind == 'belief':
        if 'belief' not in choices:
            return UNKNOWN
        x, = states_read(e[1])
        return sum(chance for value, chance in choices['belief'][x].items()
                   if evaluate(e[1], {x: value}, {}, roles, params, now))
    if kind == 'if' and e[2] == e[3]:
        return evaluate(e[2], state, choices, roles, params, now)
    operand = e[1] if kind == 'if' else e[2][0] if kind == 'call' else e[2]
    first = evaluate(operand, state, choices, roles, params, now)
    if kind == 'un':
        return -first if e[1] == '-' else first if first is UNKNOWN else int(not first)
    if kind == 'if':
        if first is UNKNOWN:
            return UNKNOWN
        return evaluate(e[2] if first else e[3], state, choices, roles, params, now)
    if kind == 'call':
        values = [first] + [evaluate(a, state, choices, roles, params, now) for a in e[2][1:]]
        return UNKNOWN if any_unknown(values) else FUNCTIONS[e[1]](*values)
    if e[1] in ('and', 'or'):
        decided = e[1] == 'or'                     # the value of one side that settles the whole
        if first is not UNKNOWN and bool(first) == decided:
            return int(decided)
        second = evaluate(e[3], state, choices, roles, params, now)
        if second is not UNKNOWN and bool(second) == decided:
            return int(decided)
        return UNKNOWN if any_unknown((first, second)) else int(not decided)
    value = OPERATORS[e[1]](first, evaluate(e[3], state, choices, roles, params, now))
    return int(value) if isinstance(value, bool) else value


def any_unknown(values):
    return any(v is UNKNOWN for v in values)


def states_read(thing):
    """The indices of the state variables that expressions in nested tuples and lists read."""
    if isinstance(thing, (tuple, list)):
        return {thing[1]} if len(thing) == 2 and thing[0] == 'state' else set().union(
            *map(states_read, thing))
    return set()


def reads_now(thing):
    """Whether the expressions in nested tuples, lists and dictionaries read the period."""
    if isinstance(thing, dict):
        return reads_now(list(thing.values()))
    if isinstance(thing, (tuple, list)):
        return thing == ('now',) or any(map(reads_now, thing))
    return False


def constant(e):
    """Whether e is the same whatever the state, the choices, the roles, the parameters and the period are."""
    class Nothing:                     # whatever is looked up is unknown
        def __getitem__(self, _):
            return UNKNOWN
    try:
        return evaluate(e, Nothing(), {}, Nothing(), None, UNKNOWN) is not UNKNOWN
    except (ArithmeticError, ValueError, AttributeError):
        return False


def reads(thing):
    """The slots whose choices the resolved expression or list of effects reads."""
    if isinstance(thing, tuple) and thing and thing[0] == 'choice':
        return {thing[1]}
    if isinstance(thing, tuple) and thing and thing[0] in ('bin', 'un', 'call') and constant(thing):
        return set()
    if (isinstance(thing, tuple) and len(thing) == 4 and thing[0] == 'if'
            and isinstance(thing[2], tuple) and thing[2] == thing[3]):
        return reads(thing[2])          # c ? a : a is a (docs/method.md); an effect's blocks are lists
    if isinstance(thing, (tuple, list)):
        return set().union(*map(reads, thing))
    return set()
