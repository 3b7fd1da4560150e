#!/usr/bin/env python3
"""Compares the diagnostics of a bad model NAME.dtn with NAME.expected, which holds their first lines:

    NAME.dtn:3:7: error: message [code]

Of habit-*.dtn, whose point are the hints, it holds all that is told.

Run as `detente check NAME.dtn`, or as a first line `$ detente …` of NAME.expected says. With an error
the exit status must be 2, or what a last line `? 3` says; without one it is not looked at.

    compare.py [--update] FILE.dtn...
"""
import os
import re
import subprocess
import sys

HEADER = re.compile(r'^(?!  ).*?(error|warning): .* \[[a-z0-9-]+\]$')


def diagnose(path, command):
    done = subprocess.run(['sh', '-c', command], cwd=os.path.dirname(path), capture_output=True,
                          text=True, errors='replace', stdin=subprocess.DEVNULL,
                          env={**os.environ, 'NO_COLOR': '1', 'COLUMNS': '',
                               'PATH': os.path.dirname(os.environ['DETENTE']) + ':'
                               + os.environ['PATH']})
    hints = os.path.basename(path).startswith('habit-')
    return [x for x in done.stderr.splitlines() if hints or HEADER.match(x)], done.returncode, done.stderr


def main(arguments):
    update = '--update' in arguments
    bad = 0
    for path in (os.path.abspath(a) for a in arguments if a != '--update'):
        wanted = []
        expected = path[:-4] + '.expected'
        if os.path.exists(expected):
            with open(expected, encoding='utf-8') as file:
                wanted = file.read().splitlines()
        command = 'detente check ' + os.path.basename(path)
        given = [x[2:] for x in wanted if x.startswith('$ ')]
        status = [int(x[2:]) for x in wanted if x.startswith('? ')]
        found, code, text = diagnose(path, given[0] if given else command)
        errors = any(': error: ' in x for x in found)
        wanted = [x for x in wanted if not x.startswith(('$ ', '? '))]
        if update:
            lines = ['$ ' + x for x in given] + found
            if errors and code != 2:
                lines.append('? %d' % code)
            with open(expected, 'w', encoding='utf-8') as file:
                file.write('\n'.join(lines) + '\n')
            continue
        if found != wanted:
            bad += 1
            print('--- expected\n%s\n--- found\n%s\n--- all of it\n%s'
                  % ('\n'.join(wanted), '\n'.join(found), text))
        if errors and code != (status[0] if status else 2):
            bad += 1
            print('exit status %d' % code)
        if code < 0 or code > 4:
            bad += 1
            print('ended by %d\n%s' % (code, text))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
