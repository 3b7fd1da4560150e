#!/usr/bin/env python3
"""The shipped models are in the canonical layout; every good model among the tests keeps its meaning
and its layout when it is formatted, however its text was laid out before."""
import glob
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def detente(*arguments):
    return subprocess.run([os.environ['DETENTE'], *arguments], capture_output=True)


def main():
    bad = 0
    for path in sorted(glob.glob(os.path.join(ROOT, 'models/*/*.dtn'))):
        if detente('fmt', '--check', path).returncode != 0:
            bad += 1
            print('%s is not in the canonical layout' % os.path.relpath(path, ROOT))
    for path in sorted(glob.glob(os.path.join(ROOT, 'test/verification/*.dtn'))):
        once = detente('fmt', path)
        with tempfile.NamedTemporaryFile(suffix='.dtn') as file:
            file.write(once.stdout)
            file.flush()
            twice = detente('fmt', file.name)
            before, after = detente('run', '--json', path), detente('run', '--json', file.name)
        if once.returncode or twice.returncode or once.stdout != twice.stdout:
            bad += 1
            print('formatting %s again changes it\n%s' % (path, once.stderr.decode()))
        if before.returncode or after.returncode or json.loads(before.stdout) != json.loads(
                after.stdout):
            bad += 1
            print('formatting %s changes its meaning' % path)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
