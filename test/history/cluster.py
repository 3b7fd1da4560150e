#!/usr/bin/env python3
"""A fit by two and by three ranks of an mpirun holds what that of one process does, row for row, particles included; so does
one of which a rank was killed, taken up again alone; and the mode is the same.

    cluster.py MPIRUN
"""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test', 'study'))
from cluster import LAUNCH, bad, expect, ranks_of  # noqa: E402
from files import ENVIRONMENT, PROGRAM, content, differences, run  # noqa: E402

MODEL = os.path.join(ROOT, 'test/history/fit/resolve.dtn')
PLAYED = ('press,concede', 'press,resist', 'rest,none')


def fit(history, path, particles=48):
    return [PROGRAM, 'fit', MODEL, '--history', history, '--free', 'lam,prize,harm', '--particles', str(particles),
            '--jobs', '1', '--quiet', '-o', path]


def has_particles(path):
    """Whether the row is there, by the bytes of the file: to ask for it would keep the program out for a moment."""
    try:
        with open(path, 'rb') as file:
            return b'particles' in file.read()
    except FileNotFoundError:
        return False


def kill_one(mpirun, arguments, path):
    """Kills a rank once something was drawn; whether it came to that before the end."""
    with subprocess.Popen([mpirun, *LAUNCH, '-n', '3', *arguments], env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as launched:
        while launched.poll() is None and not has_particles(path):
            time.sleep(0.001)
        process = ranks_of(path).get(2)
        if process:
            os.kill(process, signal.SIGKILL)
        told = launched.communicate()[0]
    while ranks_of(path):
        time.sleep(0.01)
    if launched.returncode != 0 and 'exited on signal 9' not in told:
        bad.append('killed: status %d, told:\n%s' % (launched.returncode, told))
    return launched.returncode != 0


def main(mpirun):
    with tempfile.TemporaryDirectory() as folder:
        history = os.path.join(folder, 'h.csv')
        chance = random.Random(3)
        with open(history, 'w', encoding='utf-8') as file:
            file.write('demand.A,reply.B\n,\n')
            file.writelines(chance.choice(PLAYED) + '\n' for _ in range(12))
        alone = os.path.join(folder, 'alone.fit')
        expect('alone', run(fit(history, alone)), 0)
        wanted = content(alone)
        for ranks in (2, 3):
            path = os.path.join(folder, '%d.fit' % ranks)
            launch = [mpirun, *LAUNCH, '-n', str(ranks), *fit(history, path)]
            expect('%d ranks' % ranks, run(launch), 0, 'complete')
            bad.extend('%d ranks: %s' % (ranks, x) for x in differences(wanted, content(path)))
        expect('again', run(launch), 0, 'were in the file before')
        modes = [run([*launch, *fit(history, path)[:-2], '--mode']).stdout.splitlines()[:2]
                 for launch in ([], [mpirun, *LAUNCH, '-n', '2'])]
        if modes[0] != modes[1] or not modes[0]:
            bad.append('modes: %r' % modes)
        particles = 96
        while not kill_one(mpirun, fit(history, os.path.join(folder, '%d.fit' % particles), particles),
                           os.path.join(folder, '%d.fit' % particles)):
            particles *= 2
        path, whole = (os.path.join(folder, name % particles) for name in ('%d.fit', 'whole-%d.fit'))
        expect('taken up again', run(fit(history, path, particles)), 0, 'complete')
        expect('whole', run(fit(history, whole, particles)), 0)
        bad.extend('killed: %s' % x for x in differences(content(whole), content(path)))
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
