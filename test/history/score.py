#!/usr/bin/env python3
"""Likelihoods of histories against numbers computed by another program: the models of test/history and
test/verification beside which a NAME.csv stands, of which NAME.json has the log likelihood of each row.

    score.py
"""
import glob
import json
import math
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
CLOSE = 1e-9  # absolute where a row is certain, so that its logarithm is 0


def main():
    bad, looked = [], 0
    for path in sorted(glob.glob(os.path.join(ROOT, 'test/history/*.csv')) +
                       glob.glob(os.path.join(ROOT, 'test/verification/*.csv'))):
        base = path[:-len('.csv')]
        with open(base + '.json', encoding='utf-8') as file:
            wanted = json.load(file)
        for more in ([], ['--smooth']):
            done = subprocess.run([PROGRAM, 'score', base + '.dtn', '--history', path, '--rows', '--json', '-q'] + more,
                                  capture_output=True, text=True, timeout=600)
            if done.returncode != 0:
                bad.append('%s: exit status %d\n%s' % (path, done.returncode, done.stderr))
                continue
            found = json.loads(done.stdout)
            looked += 1
            for t, (one, other) in enumerate(zip(found['rows'], wanted['rows'])):
                if not math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE):
                    bad.append('%s: row %d has %r, expected %r' % (path, t + 2, one, other))
            if len(found['rows']) != len(wanted['rows']) or \
                    not math.isclose(found['loglik'], math.fsum(wanted['rows']), rel_tol=CLOSE, abs_tol=CLOSE):
                bad.append('%s: %r in %d rows' % (path, found['loglik'], len(found['rows'])))
    print('%d likelihoods compared' % looked)
    print('\n'.join(bad))
    return 1 if bad or looked < 20 else 0


if __name__ == '__main__':
    sys.exit(main())
