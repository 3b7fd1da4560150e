#!/usr/bin/env python3
"""Compares values and outcomes of `detente run --json NAME.dtn` with NAME.json, computed by another
program, to 1e-9; and holds the run to a residual of at most 1e-8. Of a comparison of two policies (its
keys are "from" and "to") the outcomes under each of them are compared."""
import json
import os
import subprocess
import sys

CLOSE = 1e-9


def main(path):
    done = subprocess.run([os.environ['DETENTE'], 'run', '--json', path], capture_output=True,
                          text=True)
    if done.returncode:
        print('exit status %d\n%s' % (done.returncode, done.stderr))
        return 1
    with open(path[:-4] + '.json', encoding='utf-8') as file:
        wanted = json.load(file)
    found = json.loads(done.stdout)
    bad = []
    if 'from' in wanted:
        wanted = {'model': found['model'], 'policies': {
            wanted[side]: {'values': {}, 'outcomes': {name: outcome[side] for name, outcome
                                                      in wanted['outcomes'].items()}}
            for side in ('from', 'to')}}
    if found['model'] != wanted['model'] or list(found['policies']) != list(wanted['policies']):
        bad.append('another model or other policies')
    for policy, numbers in wanted['policies'].items():
        here = found['policies'][policy]
        for group in ('values', 'outcomes'):
            for name, number in numbers[group].items():
                if abs(here[group][name] - number) > CLOSE * max(1, abs(number)):
                    bad.append('%s of %s under %s: %r, expected %r'
                               % (group, name, policy, here[group][name], number))
        if not here['residual'] <= 1e-8:
            bad.append('residual under %s: %r' % (policy, here['residual']))
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
