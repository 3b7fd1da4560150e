"""Which constructs of the language occur in a set of models, and how often.

Most are told by a pattern in the text, so that layouts count too; those that depend on who holds
which move under a policy are read off the model itself.
"""
import re

import reference
from language import Model

CONSTRUCTS = {
    **{f'operator {op}': rf' {re.escape(op)} ' for op in
       ('or', 'and', '+', '-', '*', '/', '==', '!=', '<', '<=', '>', '>=', '?', '+=', '-=', ':=')},
    'operator not': r'\bnot ', 'unary minus': r'[(=] ?-[a-z(]', 'negative number': r'[= ]-\d',
    **{f'function {f}': rf'\b{f}\(' for f in ('min', 'max', 'abs', 'exp', 'log', 'sqrt', 'clamp',
                                                        'mod', 'floor', 'pow')},
    'mod by a negative number': r'\bmod\([^()]*, -', 'mod in a guard': r'(\bif|^ *stage .* when) [^{]*\bmod\(',
    'floor in a right side': r':= max\(floor', 'mod in a right side': r':= mod\(',
    'list of values': r'^param [^#]* in \{', 'list with a percentage': r'^param [^#]* in \{[^}]*%',
    'now in a probability': r'\bwith [^{}]*\bnow\b', 'now in an arm': r'\bbranch \{[^{}]*\bnow\b',
    'now in a payment': r'\bpay [^;}\n]*\bnow\b', 'now in a payoff': r'\bu\d[^;\n]*\bnow\b',
    'now in a let': r'^let [^\n]*\bnow\b',
    **{f'now in outcome {f}': rf'^outcome .* = {f}\(.*\bnow\b'
       for f in ('ever', 'first', 'last', 'mean', 'total', 'count')},
    **{f'date in {x}': rf'^(?!#|period|source).*\b\d{{4}}{x}\d*\b' for x in 'YHQMW'},
    'date before the first': r'\b1998|^period \w+ from 2017(.|\n)*\b2016',
    'period from nowhere': r'^period \w+ *(#|;|$)',
    'lever': r'^lever ', 'lever with a title': r'^lever \w+ "', 'three levers': r'^lever v2',
    'use': r'\buse v\d', 'use before the lever': r'\buse v(\d)(.|\n)*^lever v\1',
    'setting called as something else': r'\buse v\d (A|go|p0|none|low)\b',
    'type bool': r': bool', 'type range': r': \d+ ?\.\. ?\d', 'type range from below 0': r': -\d',
    'type enumeration': r': \{', 'let': r'^let ', 'let with choice': r'^let .*\bt\d\.',
    'role': r'^role ', 'let with parameter': r'^let .*\b[wp]\d\b',
    'stage of chance': r': chance', 'skipped stage': r'^stage .* when ',
    'when reading a choice': r'^stage .* when .*\bt\d\.', 'action guard': r'^ *\w+\.\w+.* if ',
    'effect if': r'\bif [^{]*\{', 'effect with': r'\bwith [^=]*\{', 'effect branch': r'\bbranch \{',
    'else': r'\} *else ', 'else on the next line': r'\}\n *else ', 'pay': r'\bpay [A-E] ',
    'pay a role': r'\bpay (envoy|chair) ', 'pay with label': r'\bpay [^;}\n]*"',
    'payoff': r'^payoff [A-E]', 'payoff of a role': r'^payoff (envoy|chair)',
    'payoff term with title': r'u\d "', 'payoff term without title': r'u\d =',
    'end': r'^end ', 'end reading a choice': r'^end .*\bt\d\.',
    **{f'outcome {f}': rf'^outcome .* = {f}\(' for f in ('ever', 'first', 'last', 'mean', 'total', 'count')},
    **{f'outcome {f} with a choice': rf'^outcome .* = {f}\(.*\bt\d\.'
       for f in ('ever', 'first', 'last', 'mean', 'total', 'count')},
    'minimise': r' minimise ', 'maximise': r' maximise ', 'policy': r'^policy ',
    'question': r'^question "', 'group': r'^group "', 'headline': r'^outcome [^=]* headline =',
    'tour': r'^tour .*\{', 'tour step show': r'\bstep "[^"]*" show ', 'tour step set': r'\bstep "[^"]*"[^;"]* set ',
    'unit': r'^actor .* unit "',
    'headline after the form': r'^outcome .*\) headline',
    'team': r'\bteam ', 'team of three': r'\bteam \w, \w, \w', 'team weights': r'\bteam .* weights ',
    'two teams': r'team[^}]*team', 'policy role': r'(?<!^)\brole \w+ = ', 'set': r'\bset ',
    'start': r'\bstart ', 'forbid': r'\bforbid ', 'forbid when': r'\bforbid \S+ when ',
    'force': r'\bforce ', 'force when': r'\bforce \S+ when ',
    'forbid or force reading a choice': r'\bfor(bid|ce) \S+ when [^;}\n]*\bt\d\.',
    'discount by parameter': r'discount [^r\n]*\bd\b', 'discount 0': r'discount 0( |$)',
    'rationality by parameter': r'rationality .*\blam\b', 'rationality 0': r'rationality 0( |$)',
    'default discount': r'^actor \w("[^"]*"| )*(rationality \S+)?$',
    **{f'lookahead {n}': rf'^lookahead {n}' for n in ('0', '1', '2', '3', 'forever')},
    'deep parameter': r'^param \w+ = \S+ in ', 'fixed parameter': r'^param \w+ = \S+( "[^"]*")?$',
    **{f'risk {d}': rf' ~ {d}\(' for d in ('uniform', 'normal', 'lognormal', 'beta', 'gamma',
                                           'triangular', 'pert')},
    'risk truncated': r' ~ \w+\(.*\) in ', 'correlate': r'^correlate ', 'percentage': r'\d%',
    'exponent': r'\d[eE][+-]?\d', 'source': r'source ', 'cite': r' cite ',
    'judgement': r' judgement', 'period': r'^period ', 'expect': r'^expect ',
    'expect under': r'^expect .* under ', 'expect with': r'^expect .* with ',
    'expect in': r'^expect .* in -?\d', 'comment': r'#', 'statement after ;': r'; \w',
    'statement after }': r'\} [a-z]\w* (:=|\+=|-=)', 'newline in ( )': r'\(\n', 'empty block': r'\{ *\}',
    'title of an action': r'^ *\w+\.\w+ "', 'reversed comparison': r'\b(no|low|mid|top|calm|-?\d) [=<>!]=? s\d',
    'role compared': r'(envoy|chair) [=!]= [A-E]', 'choice against none': r'== none',
    'action called yes or no': r'^ *\w+\.(yes|no)\b', 'choice against yes or no': r'\bt\d\.\w+ [!=]= (yes|no)\b',
}


def structure(text):
    """What only a reader of the whole model sees."""
    model, found = Model(text), set()
    if [p.name for p in model.policies] == ['default']:
        found.add('no policy')
    found |= {'first setting with changes' for settings in model.levers.values()
              if any(vars(next(iter(settings.values()))).values())}
    for policy in model.policies:
        found |= in_settings(model, policy)
        game = reference.Game(model, policy)
        for stage in model.stages:
            players = [game.player_of[game.holder(m)] for m in stage.movers]
            holders = [game.holder(m) for m in stage.movers]
            if len(set(holders)) < len(holders):
                found.add('one actor with two moves at once')
                if len(set(players)) > 1:
                    found.add('one actor with two moves at once, against others')
            if len(set(players)) < len(set(holders)):
                found.add('team moving at once')
                if len(set(players)) > 1:
                    found.add('team moving at once, against others')
            if len(players) == 1 and len(game.members[players[0]]) > 1:
                found.add('team moving through one member')
            found.add(f'stage of {len(players)}')
        discounts = {game.discount[i] for m in game.members if len(m) > 1 for i in m}
        if len(discounts) > 1:
            found.add('team of different discounts')
    return found


def in_settings(model, policy):
    """What the settings that are in force under a policy change, and how it joins the policy's own changes."""
    found = set()
    for lever, setting in model.settings(policy).items():
        changes = model.levers[lever][setting]
        found |= {f'{kind} in a setting' for kind, change in vars(changes).items() if change}
        if lever not in policy.uses:
            found.add('first setting by default')
        for kind in ('sets', 'roles', 'starts'):
            if getattr(changes, kind).keys() & getattr(policy.own, kind).keys():
                found.add(f"{kind} in place of a setting's")
        if changes.forbid and policy.own.forbid or changes.force and policy.own.force:
            found.add('rules of a setting and of its policy')
    return found


STRUCTURES = [*(f'{kind} in a setting' for kind in ('teams', 'sets', 'roles', 'starts', 'forbid', 'force')),
              *(f"{kind} in place of a setting's" for kind in ('sets', 'roles', 'starts')),
              'first setting by default', 'first setting with changes',
              'rules of a setting and of its policy',
              'no policy', 'one actor with two moves at once', 'team moving at once',
              'one actor with two moves at once, against others',
              'team moving at once, against others', 'team moving through one member',
              'team of different discounts'] + [f'stage of {n}' for n in range(6)]


def coverage(texts):
    """{construct: in how many of the models it occurs}."""
    counts = dict.fromkeys([*CONSTRUCTS, *STRUCTURES], 0)
    patterns = {name: re.compile(p, re.MULTILINE) for name, p in CONSTRUCTS.items()}
    for text in texts:
        for name, pattern in patterns.items():
            counts[name] += bool(pattern.search(text))
        for name in structure(text):
            counts[name] += 1
    return counts
