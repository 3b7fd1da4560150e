#!/usr/bin/env python3
"""Compares values, outcomes and, where they are given, gaps of `detente run --json NAME.dtn` with NAME.json,
computed by another program, to 1e-9; and holds the run to a residual of at most 1e-8, and with private
variables to a calibration of at most 1e-12 and to as many beliefs. Of a comparison of two policies (its keys
are "from" and "to") the outcomes under each of them are compared, and all that `levers --json` says; a file
may hold both, under "run" and "levers"."""
import json
import os
import subprocess
import sys

CLOSE, CALIBRATED = 1e-9, 1e-12


def numbers(value, path=''):
    """Every number in a JSON value, with where it stands."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from numbers(item, path + '/' + key)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from numbers(item, '%s/%d' % (path, i))
    else:
        yield path, value


def differing_levers(path, wanted):
    """Where `levers --json` says something else."""
    done = subprocess.run([os.environ['DETENTE'], 'levers', '--json', path, '--from', wanted['from'],
                           '--to', wanted['to']], capture_output=True, text=True)
    if done.returncode:
        return ['levers: exit status %d\n%s' % (done.returncode, done.stderr)]
    expected, found = dict(numbers(wanted)), dict(numbers(json.loads(done.stdout)))
    if set(expected) != set(found):
        return ['levers: other keys: %s' % ', '.join(sorted(set(expected) ^ set(found)))]
    return ['levers: %s is %r, expected %r' % (key, found[key], value)
            for key, value in expected.items()
            if not (abs(found[key] - value) <= CLOSE * max(1, abs(value))
                    if isinstance(value, float) else found[key] == value)]


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
    if 'run' in wanted:
        bad += differing_levers(path, wanted['levers'])
        wanted = wanted['run']
    if 'from' in wanted:
        bad += differing_levers(path, wanted)
        wanted = {'model': found['model'], 'policies': {
            wanted[side]: {'values': {}, 'outcomes': {name: outcome[side] for name, outcome
                                                      in wanted['outcomes'].items()}}
            for side in ('from', 'to')}}
    if found['model'] != wanted.get('model', found['model']) or list(found['policies']) != list(wanted['policies']):
        bad.append('another model or other policies')
    for policy, numbers in wanted['policies'].items():
        here = found['policies'][policy]
        for group in ('values', 'outcomes', 'gaps'):
            for name, number in numbers.get(group, {}).items():
                if abs(here[group][name] - number) > CLOSE * max(1, abs(number)):
                    bad.append('%s of %s under %s: %r, expected %r'
                               % (group, name, policy, here[group][name], number))
        if not here['residual'] <= 1e-8:
            bad.append('residual under %s: %r' % (policy, here['residual']))
        if 'beliefs' in numbers and numbers['beliefs'] != here.get('beliefs', 1):
            bad.append('beliefs under %s: %r' % (policy, here.get('beliefs')))
        if not here.get('calibration', 0) <= CALIBRATED:
            bad.append('calibration under %s: %r' % (policy, here['calibration']))
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
