#!/usr/bin/env python3
"""`levers -o`: what is true of every file that keeps work (kept.py), and which files belong to something else.

    levers.py
"""
import os
import sys

import kept
from files import PROGRAM, ROOT, read, run, write
from kept import bad, expect

MODEL = os.path.join(ROOT, 'test/cli/levers.dtn')
WORLDS = ['--worlds', '600', '--seed', '3']


def command(path, *more, model=MODEL, worlds=WORLDS):
    file = ['-o', path] if path else []
    return [PROGRAM, 'levers', model, '--from', 'as_is', '--to', 'led_cheaply', '--json', *worlds, *file, *more]


def long(path):
    return command(path, worlds=['--worlds', '1000000'])


def refused(path, whole):
    """A file of something else is left as it is, and what differs is said."""
    other = os.path.join(os.path.dirname(path), 'other.dtn')
    write(other, read(MODEL) + b'\n# more\n')
    write(path, whole)
    for name, told, arguments in (
            ('seed', "its draw of worlds is '600 of seed 3', not '600 of seed 4'",
             command(path, worlds=['--worlds', '600', '--seed', '4'])),
            ('more worlds', "not '601 of seed 3'", command(path, worlds=['--worlds', '601', '--seed', '3'])),
            ('fewer worlds', "not '599 of seed 3'", command(path, worlds=['--worlds', '599', '--seed', '3'])),
            ('one world', "not 'nominal'", command(path, worlds=[])),
            ('a number', "not '600 of seed 3, cost=0.5'", command(path, '--set', 'cost=0.5')),
            ('policy', "its second policy is 'led_cheaply', not 'led'", command(path, '--to', 'led')),
            ('other policy', "its first policy is 'as_is', not 'led'", command(path, '--from', 'led')),
            ('values', "its convention of values is 'average', not 'surplus'", command(path, '--values', 'surplus')),
            ('precision', "its precision is 'the model's', not 'times 2'", command(path, '--precision', '2')),
            ('chance', "not 'chance alone'", command(path, '--precision', '0')),
            ('lookahead', "its lookahead is 'the model's', not '1'", command(path, '--lookahead', '1')),
            ('beliefs', "its fineness of beliefs is 'the model's', not '8'", command(path, '--beliefs', '8')),
            ('text', "its model's text differs", command(path, model=other))):
        expect(name, run(arguments), 2, told, '')
    expect('hint', run(command(path, '--to', 'led')), 2, 'another -o makes a new file', '')
    for reading in (['run', path], ['referee', path], ['report', path, '-o', path + '.html'], ['compare', path]):
        expect(reading[0], run([PROGRAM, *reading]), 2, 'is work that was kept, and')
    for writing in (['export'], ['study', '--worlds', '3'], ['fit'], ['report']):
        expect(writing[0], run([PROGRAM, writing[0], MODEL, '-o', path, *writing[1:]]), 2,
               'is work that was kept, and would be replaced')
    expect('referee', run([PROGRAM, 'referee', MODEL, '-o', path]), 2, "it isn't what 'detente referee -o' writes")
    if read(path) != whole:
        bad.append('refused: the file was changed')
    for name in (MODEL, other):
        before = read(name)
        expect('a model', run(command(name)), 2)
        if read(name) != before:
            bad.append('a model was changed')


if __name__ == '__main__':
    print('\n'.join(kept.check(command, long, refused)) or 'the same numbers, however often it was ended')
    sys.exit(1 if bad else 0)
