"""What is true of every file in which long work is kept: it is ended by the size of its file, by hand or by a full disk, and gone
on with; it is cut short or damaged, shared by two runs, complete. Whatever happened, what is printed in the end has the same bytes as
without a file. A command is a function of a path (None: no file) and of more arguments."""
import functools
import os
import resource
import signal
import subprocess
import tempfile
import time

from files import ENVIRONMENT, read, run, write

bad = []


def expect(name, done, status, told='', printed=None):
    if done.returncode != status or told not in done.stderr:
        bad.append('%s: status %d, wanted %d and %r, told:\n%s' % (name, done.returncode, status, told, done.stderr))
    if printed is not None and done.stdout != printed:
        bad.append('%s: other numbers' % name)


def limited(size):
    return functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def killed(command, path, wanted, size):
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


def full(command, path, wanted, size):
    """A full disk ends the work at once."""
    done = run(command(path), preexec_fn=limited(size // 3), restore_signals=False)
    expect('full disk', done, 4, "can't use '%s': it can't be written" % path, '')
    expect('room again', run(command(path)), 0, '', wanted)


def damaged(command, path, whole, wanted):
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


def shared(command, path, wanted):
    """Two runs at a time spoil nothing."""
    two = [subprocess.Popen(command(path), env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in two:
        printed, told = process.communicate()
        if process.returncode != 0 or printed != wanted:
            bad.append('two at a time: status %d: %s' % (process.returncode, told))
    expect('after two at a time', run(command(path)), 0, '', wanted)


def complete(command, path, whole, wanted):
    """A complete file is read alone."""
    write(path, whole)
    os.chmod(path, 0o444)
    for more in ([], ['--jobs', '1'], ['-q']):
        expect('complete', run(command(path, *more)), 0, '', wanted)
    if read(path) != whole:
        bad.append('complete: the file was changed')


def interrupted(long, path):
    """By Ctrl-C, once something is in the file."""
    with subprocess.Popen(long, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not (os.path.exists(path) and b'\ncell ' in read(path)):
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        told = process.communicate()[1]
    if process.returncode != 3 or 'the same command goes on with it' not in told:
        bad.append('interrupted: status %d, told:\n%s' % (process.returncode, told))


def other_files(command, path, whole):
    """What isn't such a file is left as it is."""
    head = whole[:whole.index(b'\n\n')]
    for name, content in (('something', b'something of mine\n'), ('half', head[:head.index(b'seed')] + b'\n')):
        write(path, content)
        expect(name, run(command(path)), 2, "can't go on with", '')
        if read(path) != content:
            bad.append('%s: the file was changed' % name)
    expect('no end', run(command('/dev/zero')), 2, "it isn't what 'detente ", '')
    pipe = os.path.join(os.path.dirname(path), 'pipe')
    os.mkfifo(pipe)
    expect('a pipe', run(command(pipe)), 4, 'is a pipe, and', '')
    expect('no folder', run(command(os.path.join(path, 'no'))), 4, "can't use", '')


def check(command, long, refused):
    """All of it; `long` works for long, `refused` looks at what a whole file refuses. Returns what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        def path(name):
            return os.path.join(folder, name)
        done = run(command(None))
        expect('without a file', done, 0)
        wanted = done.stdout
        expect('with one', run(command(path('whole'))), 0, '', wanted)
        whole = read(path('whole'))
        killed(command, path('killed'), wanted, len(whole))
        full(command, path('full'), wanted, len(whole))
        damaged(command, path('damaged'), whole, wanted)
        shared(command, path('shared'), wanted)
        complete(command, path('complete'), whole, wanted)
        refused(path('refused'), whole)
        other_files(command, path('other'), whole)
        interrupted(long(path('interrupted')), path('interrupted'))
    return bad
