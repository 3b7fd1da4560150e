#!/usr/bin/env python3
"""`levers -o`: ended by the size of its file, by hand or by a full disk, and gone on with; files that are cut short or
damaged, that two runs share, that are complete, or that belong to something else. Whatever happened, what is printed in
the end has the same bytes as without a file.

    levers.py
"""
import functools
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

from files import ENVIRONMENT, PROGRAM, ROOT, run

MODEL = os.path.join(ROOT, 'test/cli/levers.dtn')
WORLDS = ['--worlds', '600', '--seed', '3']
bad = []


def command(path, *more, model=MODEL, worlds=WORLDS):
    kept = ['-o', path] if path else []
    return [PROGRAM, 'levers', model, '--from', 'as_is', '--to', 'led_cheaply', '--json', *worlds, *kept, *more]


def expect(name, done, status, told='', printed=None):
    if done.returncode != status or told not in done.stderr:
        bad.append('%s: status %d, wanted %d and %r, told:\n%s' % (name, done.returncode, status, told, done.stderr))
    if printed is not None and done.stdout != printed:
        bad.append('%s: other numbers' % name)


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def write(path, content):
    with open(path, 'wb') as file:
        file.write(content)


def limited(size):
    return functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def killed(path, wanted, size):
    """Killed wherever the file would grow past a size, in the midst of a line."""
    kills = 0
    for limit in range(30, size, size // 40):
        done = run(command(path), preexec_fn=limited(limit))
        kills += done.returncode == -signal.SIGXFSZ
        if done.returncode not in (0, -signal.SIGXFSZ):
            bad.append('killed at %d bytes: status %d: %s' % (limit, done.returncode, done.stderr))
        if os.path.getsize(path) > limit:
            bad.append('killed: the file has more than %d bytes' % limit)
    expect('killed and gone on with', run(command(path)), 0, '', wanted)
    if kills < 30:
        bad.append('killed: %d times' % kills)


def full(path, wanted, size):
    """A full disk ends the work at once."""
    done = run(command(path), preexec_fn=limited(size // 3), restore_signals=False)
    expect('full disk', done, 4, "can't use '%s': it can't be written" % path, '')
    expect('room again', run(command(path)), 0, '', wanted)


def damaged(path, whole, wanted):
    """Whatever is lost is done once more."""
    start = whole.index(b'\n\n') + 2
    for at in range(0, len(whole), len(whole) // 25):
        write(path, whole[:at])
        expect('cut at %d' % at, run(command(path)), 0, '', wanted)
        if at > start:
            write(path, whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
            expect('damaged at %d' % at, run(command(path)), 0, '', wanted)
    lines = whole[start:].split(b'\n')
    write(path, whole[:start] + b'\n'.join(reversed(lines)))
    expect('in another order', run(command(path)), 0, '', wanted)


def shared(path, wanted):
    """Two runs at a time spoil nothing."""
    two = [subprocess.Popen(command(path), env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in two:
        printed, told = process.communicate()
        if process.returncode != 0 or printed != wanted:
            bad.append('two at a time: status %d: %s' % (process.returncode, told))
    expect('after two at a time', run(command(path)), 0, '', wanted)


def complete(path, whole, wanted):
    """A complete file is read alone."""
    write(path, whole)
    os.chmod(path, 0o444)
    for more in ([], ['--jobs', '1'], ['-q']):
        expect('complete', run(command(path, *more)), 0, '', wanted)
    if read(path) != whole:
        bad.append('complete: the file was changed')


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
    head = whole[:whole.index(b'\n\n')]
    for name, content in (('something', b'something of mine\n'), ('half', head[:head.index(b'seed')] + b'\n')):
        write(path, content)
        expect(name, run(command(path)), 2, "can't go on with", '')
        if read(path) != content:
            bad.append('%s: the file was changed' % name)
    expect('no end', run(command('/dev/zero')), 2, "it isn't what 'detente levers -o' writes", '')
    expect('no folder', run(command(os.path.join(path, 'no'))), 4, "can't use", '')
    for name in (MODEL, other):
        before = read(name)
        expect('a model', run(command(name)), 2)
        if read(name) != before:
            bad.append('a model was changed')


def interrupted(path):
    """By Ctrl-C, once something is in the file."""
    long = command(path, worlds=['--worlds', '1000000'])
    with subprocess.Popen(long, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not (os.path.exists(path) and b'\ncell ' in read(path)):
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        told = process.communicate()[1]
    if process.returncode != 3 or 'the same command goes on with it' not in told:
        bad.append('interrupted: status %d, told:\n%s' % (process.returncode, told))


def main():
    with tempfile.TemporaryDirectory() as folder:
        def path(name):
            return os.path.join(folder, name)
        done = run(command(None))
        expect('without a file', done, 0)
        wanted = done.stdout
        expect('with one', run(command(path('whole'))), 0, '', wanted)
        whole = read(path('whole'))
        killed(path('killed'), wanted, len(whole))
        full(path('full'), wanted, len(whole))
        damaged(path('damaged'), whole, wanted)
        shared(path('shared'), wanted)
        complete(path('complete'), whole, wanted)
        refused(path('refused'), whole)
        interrupted(path('interrupted'))
    print('\n'.join(bad) or 'the same numbers, however often it was ended')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
