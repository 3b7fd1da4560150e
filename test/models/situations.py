#!/usr/bin/env python3
"""Ten situations of the Korea model in which an expert would know what is likelier.

Each compares the probability of an action in two situations, and may say which term comes first in
the reason that `detente explain` gives in the first of them. The README's table, "Ten situations",
has a row for each, with both probabilities.
"""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
MODEL = 'models/korea/korea.dtn'
PERIOD = '5'
USUAL = {'arsenal': '1', 'icbm': 'no', 'deal': 'none', 'cohesion': '1', 'tension': 'tense',
         'sanctions': '1', 'us': 'transactional', 'rok': 'progressive'}
MARGIN = 0.01
SANITIZED = bool(os.environ.get('DETENTE_SANITIZE'))  # slow: the first situations only

STEP, GRAND = {'talks.envoy': 'step'}, {'talks.envoy': 'grand'}
KEPT = {'shield.ROK': 'keep', 'conduct.DPRK': 'quiet'}
# name; likelier: policy, stage, what differs from the usual, action; less likely: so too; reason
SITUATIONS = [
    ('a test pays while the missile is missing',
     ('as_is', 'conduct', {}, 'DPRK.test'),
     ('as_is', 'conduct', {'icbm': 'yes'}, 'DPRK.test'), 'arms'),
    ('a moratorium holds back tests',
     ('sequenced', 'conduct', {}, 'DPRK.test'),
     ('sequenced', 'conduct', {'deal': 'moratorium'}, 'DPRK.breakout'), 'arms'),
    ('under a moratorium the South is provoked instead',
     ('sequenced', 'conduct', {'deal': 'moratorium'}, 'DPRK.provoke'),
     ('sequenced', 'conduct', {}, 'DPRK.provoke'), 'price of a provocation'),
    ('Pyongyang signs once it has the missile',
     ('sequenced', 'reply', {**STEP, 'icbm': 'yes'}, 'DPRK.accept'),
     ('sequenced', 'reply', STEP, 'DPRK.accept'), 'aid'),
    ('a rung is taken, everything at once is not',
     ('as_is', 'reply', STEP, 'DPRK.accept'),
     ('as_is', 'reply', GRAND, 'DPRK.accept'), None),
    ('a crisis makes signing likelier',
     ('as_is', 'reply', {**STEP, 'tension': 'crisis'}, 'DPRK.accept'),
     ('as_is', 'reply', {**STEP, 'tension': 'calm'}, 'DPRK.accept'), None),
    ('two cops who agree get a signature',
     ('two_cops', 'reply', STEP, 'DPRK.accept'),
     ('cross_purposes', 'reply', STEP, 'DPRK.accept'), 'aid'),
    ('a firm alliance is provoked less',
     ('as_is', 'conduct', {'cohesion': '0'}, 'DPRK.provoke'),
     ('as_is', 'conduct', {'cohesion': '2'}, 'DPRK.provoke'), None),
    ('Beijing enforces after a test',
     ('as_is', 'squeeze', {**KEPT, 'conduct.DPRK': 'test'}, 'PRC.enforce'),
     ('as_is', 'squeeze', KEPT, 'PRC.enforce'), None),
    ('an institutional Washington stands by Seoul',
     ('as_is', 'squeeze', {**KEPT, 'us': 'institutional'}, 'US.consult'),
     ('as_is', 'squeeze', KEPT, 'US.consult'), 'alliance'),
]

explained = {}


def explain(policy, stage, differs):
    """The movers of a situation: action -> (probability, the mover's reason)."""
    at = ','.join('%s=%s' % pair for pair in {**USUAL, **differs}.items())
    if (policy, stage, at) not in explained:
        command = [PROGRAM, 'explain', '--quiet', '--json', MODEL, '--policy', policy,
                   '--stage', stage, '--period', PERIOD, '--at', at]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            sys.exit('%s: %s' % (' '.join(command), done.stderr))
        explained[policy, stage, at] = {
            action['name']: (action['probability'], mover['why'])
            for mover in json.loads(done.stdout)['movers'] for action in mover['actions']}
    return explained[policy, stage, at]


def shown_numbers():
    """The README's table: situation -> its two numbers."""
    with open(os.path.join(ROOT, 'models', 'korea', 'README.md'), encoding='utf-8') as file:
        section = file.read().partition('\n## Ten situations\n')[2].partition('\n## ')[0]
    rows = (line.strip('|').split('|') for line in section.split('\n') if line.startswith('|'))
    return {row[0].strip(): [row[-2].strip(), row[-1].strip()] for row in rows}


def main():
    bad, found, shown = [], [], shown_numbers()
    for name, likelier, other, reason in SITUATIONS[:3 if SANITIZED else None]:
        ours, why = explain(*likelier[:3])[likelier[3]]
        theirs = explain(*other[:3])[other[3]][0]
        numbers = [('%.2f' % number).lstrip('0') for number in (ours, theirs)]
        found.append('| %s | %s |' % (name, ' | '.join(numbers)))
        if not ours > theirs + MARGIN:
            bad.append('%s: %.4f is not above %.4f' % (name, ours, theirs))
        first = why['because']['reasons'][0]['term']
        if reason and first != reason:
            bad.append('%s: the first reason is not %s but %s' % (name, reason, first))
        if shown.get(name) != numbers:
            bad.append('%s: the README has %s instead of %s' % (name, shown.get(name), numbers))
    if bad:
        print('\n'.join(bad + found))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
