#!/usr/bin/env python3
"""A secret that everybody knows is none: the forms of the Korea model in which Pyongyang's aim, or Beijing's will, is
private give, where the belief is certain, the outcomes of the model in which it is a number, to 1e-9; and between,
beliefs are right (the calibration of the certificate). Two quarters without lookahead: the forms are what is
tested, and at full length each takes minutes."""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KOREA = os.path.join(ROOT, 'models', 'korea')
FORMS = {'--hidden': 'p_aim', '--beijing': 'p_will'}
POLICIES = ('as_is', 'seoul_leads')
LEAST = 1e-9


def short(text):
    return re.sub(r'^lookahead .*', 'lookahead 0', re.sub(r'^horizon .*', 'horizon 2', text, flags=re.M), flags=re.M)


def run(text, setting):
    command = [os.environ['DETENTE'], 'run', '/dev/stdin', '--json', '--quiet', '--set', setting]
    done = subprocess.run(command + ['--policy=' + policy for policy in POLICIES], input=short(text), capture_output=True,
                          text=True)
    if done.returncode:
        sys.exit('%s: %s' % (setting, done.stderr))
    return json.loads(done.stdout)['policies']


def main():
    bad = []
    with open(os.path.join(KOREA, 'korea.dtn'), encoding='utf-8') as file:
        public = file.read()
    for form, number in FORMS.items():
        private = subprocess.run([sys.executable, '-B', os.path.join(KOREA, 'variants.py'), form], capture_output=True,
                                 text=True, check=True).stdout
        for value in (0, 1):
            setting = '%s=%d' % (number, value)
            known, secret = run(public, setting), run(private, setting)
            bad += ['%s: %s under %s: %.12g, known %.12g' % (setting, name, policy, secret[policy]['outcomes'][name], outcome)
                    for policy in POLICIES for name, outcome in known[policy]['outcomes'].items()
                    if not abs(secret[policy]['outcomes'][name] - outcome) <= LEAST * max(1, abs(outcome))]
        for policy, numbers in run(private, number + '=0.5').items():
            if not numbers['calibration'] <= LEAST:
                bad.append('%s under %s: beliefs are wrong by %g' % (form, policy, numbers['calibration']))
    print('\n'.join(bad), end='\n' if bad else '')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
