#!/usr/bin/env python3
"""A study killed at random moments, and started again each time, ends as an undisturbed one: the same rows,
to the last bit, in a sound file with nothing left beside it.

    kill.py KILLS [SEED]    so many kills in all, over as many studies as that takes
"""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

from files import ENVIRONMENT, ROOT, command, content, differences, run

WORLDS = '20000'
MODEL = os.path.join(ROOT, 'models/classics/mckelvey-mclennan.dtn')


def wait_for_commits(process, path, commits):
    """Until the study's log has changed so often, or the study has ended."""
    seen, last = 0, None
    while process.poll() is None and seen < commits:
        try:
            log = os.stat(path + '-wal')
            now = (log.st_mtime_ns, log.st_size)
        except FileNotFoundError:
            now = None
        seen += now != last
        last = now
        time.sleep(0.001)


def main(kills, seed=1):
    chance = random.Random(int(seed))
    bad, killed, studies, longest = [], 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, 'whole.study')
        done = run(command(whole, '--worlds', WORLDS, model=MODEL))
        status = done.returncode  # 1: some worlds fail, and are rows like others
        if status not in (0, 1):
            print('status %d: %s' % (done.returncode, done.stderr))
            return 1
        wanted = content(whole)
        while killed < int(kills) and not bad:
            path = os.path.join(folder, '%d.study' % studies)
            times = 0
            while True:
                process = subprocess.Popen(command(path, '--worlds', WORLDS, model=MODEL), env=ENVIRONMENT,
                                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                           stderr=subprocess.PIPE)
                # a third of them while the file is being made or opened; the others once something was
                # done, so that all of it is in the end, however slow the machine is
                if chance.random() >= 1 / 3:
                    wait_for_commits(process, path, chance.randint(2, 8))
                time.sleep(chance.uniform(0, 0.03))
                process.kill()
                errors = process.communicate()[1]
                if process.returncode == -signal.SIGKILL:
                    times += 1
                    continue
                if process.returncode != status:
                    bad.append('status %d after %d kills: %s' % (process.returncode, times,
                                                                  errors.decode()))
                break
            bad += differences(wanted, content(path)) if not bad else []
            left = [name for name in os.listdir(folder) if name.startswith('%d.study-' % studies)]
            bad += ['left beside the file: %s' % left] if left else []
            killed += times
            longest = max(longest, times)
            studies += 1
            if not bad and studies == 1:  # as a kill while the journal is given up leaves it
                with open(path + '-journal', 'wb') as file:
                    file.write(bytes(512))
                run(command(path, '--worlds', WORLDS, model=MODEL))
                bad += ['a journal of no use stays'] if os.path.exists(path + '-journal') else []
                bad += differences(wanted, content(path))
            if not bad:
                os.remove(path)
    print('\n'.join(bad) or '%d kills of %d studies, at most %d of one: all equal' % (
        killed, studies, longest))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
