"""From the text of a model to checked declarations: the reference's own reader of the language.

Written from the design of the language alone, on the parser of expression.py. It assumes that the model
is valid: it keeps what the computation needs, skips what is only told to people (descriptions,
sources, expectations, tours), and raises ModelError on what it does not understand. `Policy.in_force`
puts together what a policy amounts to: the settings of all levers, and its own changes.
"""
from expression import COMPARISONS, ModelError, Parser, date_of


class Stage:
    def __init__(self, name, movers):
        self.name, self.movers = name, movers   # no movers: chance
        self.when = None                        # or an expression
        self.actions = {m: {} for m in movers}  # mover -> action -> (guard or None, effects)
        self.effects = []                       # of a chance stage
        self.hidden = False


class Changes:
    """What a setting of a lever, a policy of its own, or a policy in all does to the game."""

    def __init__(self):
        self.teams = []                         # member -> weight
        self.sets, self.roles, self.starts = {}, {}, {}
        self.forbid, self.force = [], []        # (mover, action, condition or None)


class Policy:
    def __init__(self, name, own=None, uses=()):
        self.name, self.own, self.uses = name, own or Changes(), dict(uses)


class Model:
    """Everything declared, in the order of the text; expressions are resolved."""

    def __init__(self, text):
        self.name, self.horizon, self.lookahead = 'model', 1, 0
        self.actors, self.roles, self.params, self.lets = {}, {}, {}, {}
        self.variables, self.domains, self.start = [], {}, {}
        self.stages, self.payoffs, self.ends, self.outcomes, self.policies = [], [], [], {}, []
        self.levers = {}                        # lever -> setting -> Changes
        self.privates, self.fineness = {}, None # variable -> (owner, {value: chance}); beliefs N
        self.origin = None                      # the date of period 1
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
        self.read.name()
        if self.read.accept('from'):
            self.origin = date_of(self.read.take()[1])
        self.read.note()

    def declare_source(self):
        self.read.skip_statement()

    declare_correlate = declare_expect = declare_question = declare_group = declare_source

    def declare_tour(self):
        self.read.note()
        self.read.skip_block()

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
                if read.word() == '{':
                    read.skip_block()
                else:
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
        name = self.domain()
        self.variables.append(name)
        self.start[name] = self.value()
        self.read.note()

    def domain(self):
        """NAME : bool | LO..HI | {A, B, ...} = ; a domain is (lo, hi, names or None). Returns the name."""
        read, name = self.read, self.read.name()
        read.expect(':')
        if read.accept('bool'):
            domain = (0, 1, ('no', 'yes'))
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
        read.expect('=')
        return name

    def declare_private(self):
        """private OWNER NAME : DOMAIN = VALUE | {VALUE: chance, ...}"""
        read, owner = self.read, self.read.name()
        name = self.domain()
        if read.accept('{'):
            read.newlines()
            prior = {}
            while not read.accept('}'):
                value = self.value()
                read.expect(':')
                prior[value] = read.expression()
                read.accept(',')
                read.newlines()
        else:
            prior = {self.value(): ('num', 1.0)}
        self.privates[name] = (owner, prior)
        read.note()

    def declare_beliefs(self):
        self.fineness = int(self.read.number())

    def value(self):
        """A value as it is written: a name or a number; `start_value` says what it is."""
        return self.read.name() if self.read.peek()[0] == 'name' else self.read.number()

    def start_value(self, name, value):
        if name not in self.domains:
            raise ModelError(f'{name} is not a state variable')
        low, high, values = self.domains[name]
        if isinstance(value, str):
            value = (values or ('no', 'yes')).index(value)
        if not low <= value <= high or value != int(value):
            raise ModelError(f'{name} cannot start at {value}')
        return int(value)

    def declare_role(self):
        name = self.read.name()
        self.read.expect('=')
        self.roles[name] = self.read.name()
        self.read.note()

    def declare_hidden(self):
        self.read.expect('stage')
        self.declare_stage()
        self.stages[-1].hidden = True

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

    def change(self, changes):
        """One change that a policy or a setting makes."""
        read, keyword = self.read, self.read.name()
        if keyword == 'team':
            members = read.names()
            weights = [1 / len(members)] * len(members)
            if read.accept('weights'):
                weights = [read.number()]
                while read.accept(','):
                    weights.append(read.number())
            changes.teams.append(dict(zip(members, weights, strict=True)))
        elif keyword in ('forbid', 'force'):
            mover = read.name()
            read.expect('.')
            rule = (mover, read.name(), read.expression() if read.accept('when') else None)
            getattr(changes, keyword).append(rule)
        elif keyword in ('set', 'role', 'start'):
            name = read.name()
            read.expect('=')
            value = {'set': read.number, 'role': read.name, 'start': self.value}[keyword]()
            getattr(changes, keyword + 's')[name] = value
        else:
            raise ModelError(f'line {read.peek()[2]}: {keyword!r} is not understood')

    def declare_lever(self):
        read, settings = self.read, {}
        self.levers[read.name()] = settings
        read.note()

        def setting():
            settings[read.name()] = changes = Changes()
            read.note()
            if read.word() == '{':
                read.block(lambda: self.change(changes))
        read.block(setting)

    def declare_policy(self):
        read, policy = self.read, Policy(self.read.name())
        read.note()

        def statement():
            if read.accept('use'):
                lever = read.name()
                policy.uses[lever] = read.name()
            else:
                self.change(policy.own)
        if read.word() == '{':
            read.block(statement)
        self.policies.append(policy)

    # -- what a policy amounts to

    def settings(self, policy):
        """The setting in force of each lever: the one that the policy uses, or the first."""
        for lever, setting in policy.uses.items():
            if setting not in self.levers.get(lever, ()):
                raise ModelError(f'policy {policy.name}: there is no {lever} {setting}')
        return {lever: policy.uses.get(lever, next(iter(settings)))
                for lever, settings in self.levers.items()}

    def in_force(self, policy):
        """The Changes of the settings in force and of the policy together."""
        whole, own = Changes(), policy.own
        parts = {f'{lever} {setting}': self.levers[lever][setting]
                 for lever, setting in self.settings(policy).items()}
        for kind in ('sets', 'roles', 'starts'):
            together = getattr(whole, kind)
            by = {}
            for title, part in parts.items():
                for name, value in getattr(part, kind).items():
                    if name in getattr(own, kind):
                        continue                # the policy itself decides
                    if together.setdefault(name, value) != value:
                        raise ModelError(f'{by[name]} and {title} disagree about {name}')
                    by.setdefault(name, title)
            together.update(getattr(own, kind))
        for part in [*parts.values(), own]:
            whole.forbid += part.forbid
            whole.force += part.force
            whole.teams += part.teams
        members = [member for team in whole.teams for member in team]
        if len(set(members)) < len(members):
            raise ModelError(f'policy {policy.name}: an actor is in two teams')
        return whole

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
            if name == 'now':
                return ('now',)
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
        if kind == 'date':
            letter, number = date_of(e[1])
            if self.origin is None or letter != self.origin[0]:
                raise ModelError(f'{e[1]}: not a date of this model')
            return ('num', number - self.origin[1] + 1)
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
        if kind == 'call' and e[1] == 'belief':
            return ('belief', self.resolve(e[2][0]))
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
        self.variables += self.privates         # after all public ones
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
        self.privates = {
            name: (owner, {self.start_value(name, v): self.resolve(e) for v, e in prior.items()})
            for name, (owner, prior) in self.privates.items()}
        self.start = {name: self.start_value(name, value) for name, value in self.start.items()}
        for changes in [*(p.own for p in self.policies),
                        *(c for settings in self.levers.values() for c in settings.values())]:
            changes.forbid = [(m, a, self.resolve(g)) for m, a, g in changes.forbid]
            changes.force = [(m, a, self.resolve(g)) for m, a, g in changes.force]
            changes.starts = {name: self.start_value(name, value)
                              for name, value in changes.starts.items()}
