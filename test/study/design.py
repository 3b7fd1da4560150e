#!/usr/bin/env python3
"""`design -o`, cells solved one by one, and searched: what is true of every file that keeps work (kept.py), and which files
belong to something else.

    design.py
"""
import os
import sys

import kept
from files import PROGRAM, ROOT, read, run, write
from kept import bad, expect

MODEL = os.path.join(ROOT, 'test/cli/flood.dtn')
WORLDS = ['--worlds', '200', '--seed', '3']


def command(path, *more, model=MODEL, worlds=WORLDS):
    file = ['-o', path] if path else []
    return [PROGRAM, 'design', model, '--json', *worlds, *file, *more]


def searching(path, *more):
    return command(path, '--cells', '12', *more)


def long(path):
    return command(path, worlds=['--worlds', '300000'])


def refused(path, whole):
    """A file of something else is left as it is, and what differs is said."""
    other = os.path.join(os.path.dirname(path), 'other.dtn')
    write(other, read(MODEL) + b'\n# more\n')
    write(path, whole)
    for name, told, arguments in (
            ('seed', "its seed is '3', not '4'", command(path, worlds=['--worlds', '200', '--seed', '4'])),
            ('worlds', "its draw of worlds is '200 of seed 3', not '201 of seed 3'",
             command(path, worlds=['--worlds', '201', '--seed', '3'])),
            ('one world', "not 'nominal'", command(path, worlds=['--seed', '3'])),
            ('a number', "not '200 of seed 3, dike_cost=0.5'", command(path, '--set', 'dike_cost=0.5')),
            ('policy', "not 'walled'", command(path, '--from', 'walled')),
            ('levers', "not 'dike'", command(path, '--free', 'dike')),
            ('objectives', "not 'minimise cost'", command(path, '--minimise', 'cost')),
            ('requirement', "its requirement is 'none', not 'hurt <= 0.2'", command(path, '--require', 'hurt <= 20%')),
            ('cells', "its most cells is '", command(path, '--cells', '5')),
            ('values', "its convention of values is 'average', not 'surplus'", command(path, '--values', 'surplus')),
            ('beliefs', "its fineness of beliefs is 'the model's', not '8'", command(path, '--beliefs', '8')),
            ('text', "its model's text differs", command(path, model=other))):
        expect(name, run(arguments), 2, told, '')
    for reading in (['run', path], ['compare', path]):
        expect(reading[0], run([PROGRAM, *reading]), 2, 'is work that was kept, and')
    expect('export', run([PROGRAM, 'export', MODEL, '-o', path]), 2, 'is work that was kept, and would be replaced')
    expect('levers', run([PROGRAM, 'levers', MODEL, '--from', 'as_is', '--to', 'walled', '-o', path]), 2,
           "it isn't what 'detente levers -o' writes")
    if read(path) != whole:
        bad.append('refused: the file was changed')


if __name__ == '__main__':
    kept.check(command, long, refused)
    kept.check(searching, lambda path: [*long(path), '--cells', '12'], lambda path, whole: None)
    print('\n'.join(bad) or 'the same numbers, however often it was ended')
    sys.exit(1 if bad else 0)
