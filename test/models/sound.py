#!/usr/bin/env python3
"""A shipped model passes `check` with all its expectations, `run` with a residual of at most 1e-8
everywhere, and `verify`; its numbers all cite a source or say that they are a judgement."""
import json
import os
import subprocess
import sys


def detente(*arguments):
    done = subprocess.run([os.environ['DETENTE'], *arguments], capture_output=True, text=True)
    if done.returncode:
        print('$ detente %s\n%s%s? %d' % (' '.join(arguments), done.stdout, done.stderr,
                                          done.returncode))
        sys.exit(1)
    return json.loads(done.stdout)


def main(path):
    checked = detente('check', '--json', path)
    if checked['warnings'] or checked['parameters']['uncited']:
        print('%d warnings, %d numbers without a source'
              % (checked['warnings'], checked['parameters']['uncited']))
        return 1
    for policy, numbers in detente('run', '--json', path)['policies'].items():
        if not numbers['residual'] <= 1e-8 or 'failures' in numbers:
            print('%s: residual %r' % (policy, numbers['residual']))
            return 1
    detente('verify', '--json', path)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
