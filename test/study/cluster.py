#!/usr/bin/env python3
"""The same study by two and by three ranks of an mpirun is the study of one process, row for row. When a rank
is killed the run ends, says so, and leaves a sound file that goes on, alone or in company.

    cluster.py MPIRUN
"""
import glob
import os
import signal
import subprocess
import sys
import tempfile
import time

from files import ENVIRONMENT, ROOT, command, content, differences, has_results, run

MODEL = os.path.join(ROOT, 'models/classics/mckelvey-mclennan.dtn')
# mpirun minds being run by root, having fewer processors than ranks, and a network it can't use
LAUNCH = ['--allow-run-as-root', '--oversubscribe', '--mca', 'btl', 'self,vader', '--mca',
          'btl_vader_single_copy_mechanism', 'none']
if os.environ.get('DETENTE_SANITIZE'):  # MPI leaks a little
    ENVIRONMENT['ASAN_OPTIONS'] = 'detect_leaks=0'
bad = []


def study(path, worlds):
    return command(path, '--worlds', str(worlds), '--jobs', '1', model=MODEL)


def expect(what, done, status, message=''):
    if done.returncode != status or message not in done.stdout + done.stderr:
        bad.append('%s: status %d, not %d; told:\n%s%s' % (what, done.returncode, status, done.stdout,
                                                          done.stderr))


def ranks_of(path):
    """The processes that run a study of this file, by their rank."""
    found = {}
    for folder in glob.glob('/proc/[0-9]*'):
        try:
            with open(folder + '/cmdline', 'rb') as file:
                arguments = file.read().split(b'\0')
            with open(folder + '/environ', 'rb') as file:
                environment = dict(x.split(b'=', 1) for x in file.read().split(b'\0') if b'=' in x)
        except OSError:
            continue
        rank = environment.get(b'OMPI_COMM_WORLD_RANK')
        if path.encode() in arguments and rank is not None:
            found[int(rank)] = int(os.path.basename(folder))
    return found


def kill_one(mpirun, path, rank, worlds):
    """Kills a rank once the study has results; whether it came to that before the study's end."""
    arguments = [mpirun, *LAUNCH, '-n', '3', *study(path, worlds)]
    with subprocess.Popen(arguments, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as launched:
        while launched.poll() is None and not has_results(path):
            time.sleep(0.001)
        process = ranks_of(path).get(rank)
        if process:
            os.kill(process, signal.SIGKILL)
        told = launched.communicate()[0]
    if launched.returncode == 0:
        return False
    if 'exited on signal 9' not in told:
        bad.append('rank %d killed: status %d, told:\n%s' % (rank, launched.returncode, told))
    while ranks_of(path):  # those that are ended with it take their time
        time.sleep(0.01)
    return True


def kill_and_go_on(mpirun, folder, rank, worlds):
    """Whether a study of so many worlds could be killed in its midst, as it must on any machine if they are many."""
    path = os.path.join(folder, 'killed-%d-%d.study' % (rank, worlds))
    if not kill_one(mpirun, path, rank, worlds):
        return False
    whole = os.path.join(folder, 'whole-%d.study' % worlds)
    if not os.path.exists(whole):
        expect('whole', run(study(whole, worlds)), 0)
    wanted = content(whole)
    done = len(content(path).get('results', ()))
    if not 0 < done < len(wanted['results']):
        bad.append('rank %d killed: %d results in the file' % (rank, done))
    expect('taken up again', run([mpirun, *LAUNCH, '-n', '2', *study(path, worlds)]
                                 if rank else study(path, worlds)), 0, 'is complete')
    bad.extend('rank %d killed: %s' % (rank, x) for x in differences(wanted, content(path)))
    return True


def main(mpirun):
    with tempfile.TemporaryDirectory() as folder:
        alone = os.path.join(folder, 'alone.study')
        expect('alone', run(study(alone, 4000)), 0)
        wanted = content(alone)
        for ranks in (2, 3):
            path = os.path.join(folder, '%d.study' % ranks)
            launch = [mpirun, *LAUNCH, '-n', str(ranks), *study(path, 4000)]
            expect('%d ranks' % ranks, run(launch), 0, 'is complete')
            bad.extend('%d ranks: %s' % (ranks, x) for x in differences(wanted, content(path)))
            expect('%d ranks, again' % ranks, run(launch), 0, 'it was complete before')
        expect('refused', run([mpirun, *LAUNCH, '-n', '2', *study(alone, 4001)]), 2,
               'holds another study')

        worlds = 60000
        for rank in (0, 2):
            while not kill_and_go_on(mpirun, folder, rank, worlds):
                worlds *= 2
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
