#!/usr/bin/env python3
"""Runs the commands of a transcript and compares what they print with what stands below them.

    transcript.py FILE...            compare; exit 1 if anything differs
    transcript.py --update FILE...   write what the commands print into the files

A transcript is text in which a line `$ command` starts a command for the shell. The lines up to the
next command are what it must print: on stdout, or on stderr where the line begins with `! `.
A line `? 2` is its exit status, 0 without one. `...` stands for any characters of a line, and alone on
a line for any number of lines; rounding errors, such as 3.1e-16, are all alike. Lines beginning with
`#` before the first command, and after an empty line that ends a command's output, are comments.

Commands run in an empty directory, `detente` being the program under test, with $MODELS the folder of
the models and $HERE that of the transcript.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
ROUNDING = re.compile(r'(?<![\w.-])-?\d\.\d+e-(?:09|[1-9]\d|\d{3})(?!\w)')


def environment(here):
    """What the program sees: no colour, no width, no locale but C's, the program first in the path."""
    kept = {name: value for name, value in os.environ.items() if name != 'COLUMNS'}
    return {**kept, 'PATH': os.path.dirname(PROGRAM) + os.pathsep + os.environ['PATH'],
            'NO_COLOR': '1', 'LC_ALL': 'C.UTF-8', 'MODELS': os.path.join(ROOT, 'models'),
            'HERE': here}


def run(command, directory, here):
    """What a command prints, as a transcript has it."""
    known = environment(here)
    done = subprocess.run(['sh', '-c', command], cwd=directory, env=known,
                          stdin=subprocess.DEVNULL, capture_output=True)

    def lines_of(output):
        text = output.decode(errors='replace')
        for name in ('MODELS', 'HERE'):
            text = text.replace(known[name], '$' + name)
        return [line.rstrip() for line in text.splitlines()]
    lines = lines_of(done.stdout) + ['! ' + line for line in lines_of(done.stderr)]
    if done.returncode:
        lines.append('? %d' % done.returncode)
    return lines


def matches(wanted, found):
    """Whether lines with `...` describe the lines found."""
    wanted, found = ([ROUNDING.sub('0.0e+00', line) for line in lines] for lines in (wanted, found))

    def pattern(line):
        return '.*'.join(re.escape(part.rstrip()) if i == line.count('...') else re.escape(part)
                         for i, part in enumerate(line.split('...')))
    expression = ''.join('(?:.*\n)*?' if line == '...' else pattern(line) + ' *\n'
                         for line in wanted)
    return re.fullmatch(expression, ''.join(line + '\n' for line in found)) is not None


def commands(lines):
    """(number of the line, command, lines expected, lines after them) of each command."""
    starts = [i for i, line in enumerate(lines) if line.startswith('$ ')]
    for start, end in zip(starts, starts[1:] + [len(lines)]):
        wanted = lines[start + 1:end]
        after = []
        for i, line in enumerate(wanted):   # comments after an empty line belong to what follows
            if line == '' and all(x == '' or x.startswith('#') for x in wanted[i:]):
                after, wanted = wanted[i:], wanted[:i]
                break
        yield start, lines[start][2:], wanted, after


def compare(name, lines, directory, here, update=False):
    """The number of commands that differ, and the lines as they should be."""
    differing, out, last = 0, [], 0
    for start, command, wanted, after in commands(lines):
        out += lines[last:start + 1]
        last = start + 1 + len(wanted)
        found = run(command, directory, here)
        if matches(wanted, found):
            out += wanted
            continue
        out += found
        differing += 1
        if not update:
            print('%s:%d: $ %s\n--- expected' % (name, start + 1, command))
            print('\n'.join(wanted))
            print('--- found')
            print('\n'.join(found) + '\n')
    return differing, out + lines[last:]


def main(arguments):
    update = '--update' in arguments
    bad = 0
    for path in arguments:
        if path == '--update':
            continue
        with open(path, encoding='utf-8') as file:
            lines = file.read().split('\n')
        with tempfile.TemporaryDirectory() as directory:
            differing, lines = compare(path, lines, directory,
                                       os.path.dirname(os.path.abspath(path)), update)
        bad += differing
        if update and differing:
            with open(path, 'w', encoding='utf-8') as file:
                file.write('\n'.join(lines))
    return 1 if bad and not update else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
