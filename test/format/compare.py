#!/usr/bin/env python3
"""NAME.dtn formatted must be NAME.formatted, and that formatted again itself.

    compare.py [--update] FILE.dtn...
"""
import os
import subprocess
import sys


def layout(path):
    done = subprocess.run([os.environ['DETENTE'], 'fmt', path], capture_output=True)
    if done.returncode:
        print(done.stderr.decode(errors='replace'))
    return done.stdout.decode() if done.returncode == 0 else None


def main(arguments):
    update = '--update' in arguments
    for path in [a for a in arguments if a != '--update']:
        goal = path[:-4] + '.formatted'
        found = layout(path)
        if update:
            with open(goal, 'w', encoding='utf-8') as file:
                file.write(found)
            continue
        with open(goal, encoding='utf-8') as file:
            wanted = file.read()
        if found != wanted:
            print('--- expected\n%s--- found\n%s' % (wanted, found))
            return 1
        if layout(goal) != wanted:
            print('formatting again changes %s' % goal)
            return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
