#!/usr/bin/env python3
"""Every limit that `detente help limits` lists holds: so much is accepted, and one more is refused with
that number. Those that one can't count up to here stand in ELSEWHERE, with the test that reaches them.
"""
import os
import re
import subprocess
import sys

PROGRAM = os.environ['DETENTE']
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# The last line is an error of another kind, so that a model that is accepted isn't explored.
FRAME = 'model m\nactor A\nstate x : 0..1 = 0\n%s\noutcome o = last(unknown)\n'


def lines(form, count):
    return '\n'.join(form.replace('#', str(i)) for i in range(count))


def correlations(count):
    """So many, among the fewest numbers that have them, each pair once."""
    pairs = [(a, b) for a in range(500) for b in range(a)][:count]
    most = max(a for a, _ in pairs)
    return (lines('param p# = 0.5 ~ uniform(0, 1) judgement', most + 1) + '\n'
            + '\n'.join('correlate p%d, p%d 0' % pair for pair in pairs))


def correlated(count):
    return (lines('param p# = 0.5 ~ uniform(0, 1) judgement', count) + '\n'
            + '\n'.join('correlate p0, p%d 0' % i for i in range(1, count)))


def movers(count):
    names = ['B%d' % i for i in range(count)]
    return '%s\nstage s : %s {\n%s }' % (lines('actor B#', count), ', '.join(names),
                                        '\n'.join(name + '.go' for name in names))


def forms(count):
    """The declared outcome of the frame, and the others two in each expectation."""
    written = ['last(x + %d)' % i for i in range(count - 1)]
    return '\n'.join('expect "e" : %s > 0' % ' + '.join(written[i:i + 2])
                     for i in range(0, count - 1, 2))


# What the list says: the text that holds so many of it. What FRAME has counts.
MODELS = {
    'characters of a number': lambda n: 'param p = 0.%s judgement' % ('1' * (n - 2)),
    'levels of expressions and effects inside each other':
        lambda n: 'let l = %s1%s' % ('(' * (n - 1), ')' * (n - 1)),
    'steps of the tour': lambda n: 'tour { %s }' % ' ; '.join(['step "s"'] * n),
    'actors': lambda n: lines('actor B#', n - 1),
    'roles': lambda n: lines('role r# = A', n),
    'parameters': lambda n: lines('param p# = 1 judgement', n),
    'correlations': correlations,
    'correlated parameters': correlated,
    'sources': lambda n: lines('source s# "s"', n),
    'state variables': lambda n: lines('state y# : bool = no', n - 1),
    'values of a variable': lambda n: 'state y : -5..%d = 0' % (n - 6),
    "the bound of a variable's range, either sign":
        lambda n: 'state y : %d..%d = %d' % (-n, 9 - n, -n),
    'the fineness of the grid of beliefs': lambda n: 'beliefs %d' % n,
    'stages': lambda n: lines('stage s# : A { A.go }', n),
    'movers in one stage': movers,
    'actions in one stage': lambda n: 'stage s : A { %s }' % lines('A.a#', n),
    'payoff terms, with the names of payments':
        lambda n: 'payoff A { %s }' % lines('t# = x', n),
    'outcomes': lambda n: lines('outcome o# = last(x)', n - 1),
    'outcomes, with those written in expectations': forms,
    'levers': lambda n: lines('lever l# { a ; b }', n),
    'settings of one lever': lambda n: 'lever l { %s }' % lines('s#', n),
    'values of a list':
        lambda n: 'param p = 0 in {%s} judgement' % ', '.join(str(i) for i in range(n)),
    'policies': lambda n: lines('policy p#', n),
    'ends': lambda n: lines('end e# when x == 1', n),
    'expectations': lambda n: lines('expect "e" : 1 > 0', n),
    "levels of an expectation's condition":
        lambda n: 'expect "e" : ' + ' + '.join(['1'] * (n - 1)) + ' > 0',
    'periods of the horizon, and of the lookahead': lambda n: 'horizon %d\nlookahead %d' % (n, n),
}
ELSEWHERE = {
    'bytes of a text': 'test/cli/files.test',
    'values of a private variable with chances': 'test/diagnostics/large-domain.expected',
    'points of the grid of beliefs, for all private variables together': 'test/unit/test_beliefs.c',
    'ways for an action, or a chance stage, to come out':
        'test/diagnostics/too-many-branches.expected',
    'joint actions at one node': 'test/diagnostics/too-many-profiles.expected',
    'ways for a joint action to come out': 'test/diagnostics/too-many-ways.expected',
    'bytes of a history': 'test/unit/test_history.c',
    'rows of a history': 'test/unit/test_history.c',
    'sweeps with lookahead forever': 'test/unit/test_solved.c',
    'nodes of a policy, unless --max-nodes says otherwise': 'test/cli/limits.test',
    'of the memory that is free, unless --max-memory says otherwise': 'test/cli/limits.test',
}
REFUSED = r'\[(too-many|too-deep|long-number|large-domain|deep-condition|whole-number|fineness)\]'


def refused(text):
    """What is told of too much, and the exit status."""
    done = subprocess.run([PROGRAM, 'check', '-'], input=FRAME % text, capture_output=True,
                          text=True)
    return [line for line in done.stderr.splitlines() if re.search(REFUSED, line)], done.returncode


def main():
    bad = []
    listed = subprocess.run([PROGRAM, 'help', 'limits'], capture_output=True, text=True, check=True)
    limits = re.findall(r'^ *(\S+)  (.*)$', listed.stdout, re.M)
    for number, what in limits:
        if what in ELSEWHERE:
            if not os.path.exists(os.path.join(ROOT, ELSEWHERE[what])):
                bad.append('%s: there is no %s' % (what, ELSEWHERE[what]))
            continue
        most = int(number)
        told, _ = refused(MODELS[what](most))
        if told:
            bad.append('%s: %d is refused: %s' % (what, most, told[0]))
        told, status = refused(MODELS[what](most + 1))
        if status != 2 or not told or not re.search(r'\b%d\b' % most, told[0]):
            bad.append('%s: %d isn\'t refused with the number: %s' % (what, most + 1, told[:1]))
    for what in set(MODELS) | set(ELSEWHERE):
        if what not in [w for _, w in limits]:
            bad.append('no limit is called "%s"' % what)
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
