#!/usr/bin/env python3
"""Holds the verifier to models with private variables: it must confirm the solver, and the values and gaps
that it finds from the strategies alone must be those computed by another program (NAME.json), to 1e-9; some read the
period. Then
the same models with surplus values, on a coarser grid, and with lookahead forever, where no numbers are given
and the two certificates have to do.

    verify.py MODEL.dtn...
"""
import json
import os
import subprocess
import sys

CLOSE = 1e-9
CALIBRATED = 1e-12
VARIANTS = (['--values', 'surplus'], ['--beliefs', '2'], ['--lookahead', 'forever'])
# What isn't defined for a model: surplus values with teams, play forever without discounting or by the calendar.
REFUSED = ('[surplus-team]', '[world-forever]', '[calendar-forever]')


def verify(path, *options):
    done = subprocess.run([os.environ['DETENTE'], 'verify', '--json', path, *options], capture_output=True,
                          text=True)
    if done.returncode == 2 and options and any(code in done.stderr for code in REFUSED):
        return None
    if done.returncode not in (0, 1) or not done.stdout:
        sys.exit('%s %s: exit status %d\n%s' % (path, ' '.join(options), done.returncode, done.stderr))
    return json.loads(done.stdout)['policies']


def complaints(path, options, found, wanted):
    for policy, said in found.items():
        where = '%s %s: policy %s' % (os.path.basename(path), ' '.join(options), policy)
        if not said['solved'] or not said['agree']:
            yield '%s: %s' % (where, json.dumps(said))
            continue
        if said['verifier']['calibration'] > CALIBRATED:
            yield '%s: a calibration of %r' % (where, said['verifier']['calibration'])
        for kind in ('values', 'gaps'):
            for actor, number in wanted.get(policy, {}).get(kind, {}).items():
                own = said['verifier'][kind][actor]
                if not abs(own - number) <= CLOSE * max(1, abs(number)):
                    yield '%s: %s of %s is %r, expected %r' % (where, kind, actor, own, number)


def main(paths):
    bad, confirmed = [], [0] * (1 + len(VARIANTS))
    for path in paths:
        with open(path[:-4] + '.json', encoding='utf-8') as file:
            known = json.load(file)
        known = known.get('run', known)['policies']
        for i, options in enumerate(([], *VARIANTS)):
            found = verify(path, *options)
            if found is None:
                continue
            bad += complaints(path, options, found, {} if options else known)
            confirmed[i] += 1
    print('\n'.join(bad + ['confirmed: %s of %d models' % (confirmed, len(paths))]))
    return 1 if bad or min(confirmed) < len(paths) // 4 else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
