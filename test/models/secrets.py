#!/usr/bin/env python3
"""A secret that everybody knows is none: where Pyongyang's aim, or Beijing's will, is certain, the Korea model gives the
outcomes of the same model with a number in the secret's place, to 1e-9, and so it does where the other is hidden: one
secret at a time has its own grid, not the product of two. Where one is hidden beliefs are right (the calibration of the
certificate). Two quarters without lookahead: the forms are what is tested, and at full length a secret takes minutes."""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MODEL = os.path.join(ROOT, 'models', 'korea', 'korea.dtn')
# The number of each secret, and the condition that reads it, with what it is where the number is 0 or 1.
NUMBERS = {'p_aim': ('aim == stall', 'p_aim == 0'), 'p_will': ('will == press', 'p_will == 1')}
POLICIES = ('as_is', 'seoul_leads')
POINTS = 9
LEAST = 1e-9

bad = []


def run(text, *settings, full=False):
    command = [os.environ['DETENTE'], 'run', '/dev/stdin', '--full' if full else '--json', '--quiet']
    command += ['--set=' + setting for setting in settings] + ['--policy=' + policy for policy in POLICIES[:1 if full else 2]]
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        sys.exit('%s: %s' % (settings, done.stderr))
    return done.stdout if full else json.loads(done.stdout)['policies']


def public(text, numbers):
    """The model with a number in the place of a secret."""
    for number in numbers:
        secret, known = NUMBERS[number]
        text, count = re.subn(r'\b%s\b' % secret.replace(' ', r'\s+'), known, text)
        text, gone = re.subn(r'^private \w+ %s +:.*\n' % secret.split()[0], '', text, flags=re.M)
        if not count or gone != 1:
            sys.exit('korea.dtn: no secret of %s' % number)
    return text if len(numbers) < len(NUMBERS) else re.sub(r'^beliefs .*\n', '', text, flags=re.M)


def compare(what, found, wanted):
    for policy in POLICIES:
        for name, outcome in wanted[policy]['outcomes'].items():
            if not abs(found[policy]['outcomes'][name] - outcome) <= LEAST * max(1, abs(outcome)):
                bad.append('%s: %s under %s: %.12g, known %.12g' % (what, name, policy, found[policy]['outcomes'][name], outcome))


def main():
    with open(MODEL, encoding='utf-8') as file:
        text = file.read()
    for head, number in (('horizon', 2), ('lookahead', 0)):
        text = re.sub(r'^%s .*' % head, '%s %d' % (head, number), text, flags=re.M)
    open_ = public(text, NUMBERS)
    for number in NUMBERS:
        for value in (0, 1):
            setting = '%s=%d' % (number, value)
            compare(setting, run(text, setting), run(open_, setting))
    for settings in (('p_aim=0.5', 'p_will=1'), ('p_will=0.5', 'p_aim=0')):
        found = run(text, *settings)
        compare(', '.join(settings), found, run(public(text, [settings[1].split('=')[0]]), *settings))
        bad.extend('%s under %s: beliefs are wrong by %g' % (settings[0], policy, numbers['calibration'])
                   for policy, numbers in found.items() if not numbers['calibration'] <= LEAST)
        told = run(re.sub(r'^horizon .*', 'horizon 1', text, flags=re.M), *settings, full=True)
        points = re.findall(r'^ *points of belief +(.*)$', told, re.M)
        if points != [str(POINTS)]:
            bad.append('%s: %s points of belief, not %d' % (settings[0], points, POINTS))
    print('\n'.join(bad), end='\n' if bad else '')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
