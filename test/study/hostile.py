#!/usr/bin/env python3
"""Files that aren't the study they should be, folders that can't be written, a disk that fills up: each
gets a clear message and its exit status, and nothing that was there is lost. (What dt_study_open makes of
such files: test/unit/test_study.c.)"""
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import digest
from files import ENVIRONMENT, MODEL, PROGRAM, command, content, differences, has_results, logged, read, run, write

WORLDS = ('--worlds', '400')
NOBODY = 65534
bad = []


def expect(what, done, status, message):
    if done.returncode != status or message not in done.stderr:
        bad.append('%s: status %d, not %d; told:\n%s' % (what, done.returncode, status, done.stderr))


def alter(path, sql):
    database = sqlite3.connect(path)
    database.executescript(sql)
    database.close()


def rows(path):
    """What a database holds; None if it is none, or no sound one."""
    try:
        return content(path)
    except (sqlite3.DatabaseError, AssertionError):
        return None


def refused(folder, whole):
    """Files that are refused and stay as they are: (name, what makes it, status, message)."""
    def truncated(path):
        write(path, read(whole)[:len(read(whole)) * 2 // 3])

    def overwritten(path):
        data = bytearray(read(whole))
        data[4096 * 3:4096 * 12] = b'\xa5' * (4096 * 9)
        write(path, data)

    def copied(sql, sealed=False):
        def make(path):
            shutil.copy(whole, path)
            alter(path, sql)
            if sealed:
                digest.seal(path)
        return make
    cases = [
        ('text', lambda path: write(path, b'Not a database at all.\n' * 500), 4,
         'is no study: it is no SQLite database'),
        ('short', lambda path: write(path, b'SQLite'), 4, 'is no study: it is no SQLite database'),
        ('truncated', truncated, 4, 'is damaged'),
        ('overwritten', overwritten, 4, 'is damaged'),
        ('stranger', lambda path: alter(path, 'CREATE TABLE mine (x); INSERT INTO mine VALUES (1)'), 4,
         "is no study: it is another program's database"),
        ('newer', copied('PRAGMA user_version = 5'), 4,
         'is a study of schema version 5; this program knows version 4'),
        ('no facts', copied('DELETE FROM study', True), 4, "is damaged: the table 'study' isn't complete"),
        ('no table', copied('DROP TABLE results'), 4, "is damaged: the table 'results' isn't there as it was made"),
        ('no key', copied('CREATE TABLE other AS SELECT * FROM results; DROP TABLE results; '
                          'ALTER TABLE other RENAME TO results'), 4,
         "is damaged: the table 'results' isn't there as it was made"),
        ('more rows', copied('INSERT INTO worlds (world, digest) VALUES (401, 0)', True), 4,
         'is damaged: it has rows of worlds or policies not its own'),
        ('strange policy', copied("UPDATE results SET policy = 'x' WHERE world = 9 AND policy = "
                                  "'separate'", True), 4,
         'is damaged: it has rows of worlds or policies not its own'),
        ('strange world', copied("UPDATE results SET world = 500 WHERE world = 9", True), 4,
         'is damaged: it has rows of worlds or policies not its own'),
        ('other version', copied("UPDATE study SET value = '0.0.9' WHERE key = 'detente'", True), 2,
         "its version of detente is '0.0.9', not '"),
    ]
    for name, make, status, message in cases:
        path = os.path.join(folder, name + '.study')
        make(path)
        before, rows_before = read(path), rows(path)
        expect(name, run(command(path, *WORLDS)), status, message)
        if read(path) != before and (rows_before is None or rows(path) != rows_before):
            bad.append('%s: the file was changed' % name)


def completed(folder, whole):
    """Files that are made complete: nothing in them, or not everything."""
    wanted = content(whole)

    def holes(path):
        shutil.copy(whole, path)
        alter(path, 'DELETE FROM results WHERE world % 11 = 5; DELETE FROM worlds WHERE world < 30')
    for name, make in (('empty', lambda path: write(path, b'')), ('holes', holes)):
        path = os.path.join(folder, name + '.study')
        make(path)
        expect(name, run(command(path, *WORLDS)), 0, '')
        bad.extend('%s: %s' % (name, line) for line in differences(wanted, content(path)))


def one_at_a_time(folder):
    """While one run has the file another can't."""
    path = os.path.join(folder, 'busy.study')
    long = command(path, '--worlds', '1000000')
    with subprocess.Popen(long, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) as first:
        while first.poll() is None and logged(path) == 0:
            time.sleep(0.001)
        expect('busy', run(long), 4, 'another program is using it')
        while first.poll() is None and not has_results(path):
            time.sleep(0.001)
        first.send_signal(signal.SIGTERM)
        told = first.communicate()[1]
        if first.returncode != 3 or 'interrupted' not in told:
            bad.append('interrupted: status %d, told:\n%s' % (first.returncode, told))
    if os.path.exists(path + '-wal') or not content(path)['results']:
        bad.append('interrupted: the file is not whole by itself')


def unprivileged():
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def read_only(folder, whole):
    """A complete study in a folder where nothing may be written is complete; another can't be made there."""
    closed = os.path.join(folder, 'closed')
    os.mkdir(closed)
    path = os.path.join(closed, 'whole.study')
    begun = os.path.join(closed, 'begun.study')
    shutil.copy(whole, path)
    shutil.copy(whole, begun)
    alter(begun, 'DELETE FROM results WHERE world = 3')
    for name, mode in ((path, 0o444), (begun, 0o444), (closed, 0o555)):
        os.chmod(name, mode)
    os.chmod(folder, 0o755)
    before = read(begun)
    # nobody may not be let into the tree's folder
    program, model = (shutil.copy(name, folder) for name in (PROGRAM, MODEL))

    def study(path):
        return run([program, *command(path, *WORLDS, model=model)[1:]], preexec_fn=unprivileged,
                   cwd=folder)

    expect('read-only, complete', study(path), 0, '')
    expect('read-only, begun', study(begun), 4, 'it may not be written')
    expect('read-only, new', study(os.path.join(closed, 'new.study')), 4, "can't use '")
    os.chmod(folder, 0o777)  # where files may be made and renamed, and one of them not be written
    drawing = os.path.join(folder, 'kept.dot')
    write(drawing, b'kept')
    os.chmod(drawing, 0o444)
    expect('read-only, drawing', run([program, 'export', model, '--format', 'dot', '-o', drawing],
                                     preexec_fn=unprivileged, cwd=folder), 4, "can't write '")
    if read(drawing) != b'kept':
        bad.append('read-only: a file was replaced that may not be written')
    if read(begun) != before or sorted(os.listdir(closed)) != ['begun.study', 'whole.study']:
        bad.append('read-only: the folder was changed')
    os.chmod(closed, 0o755)


def full_disk(folder, whole):
    """No more room, at many moments: what was written stays, and the study goes on where there is room."""
    wanted = content(whole)
    path = os.path.join(folder, 'full.study')
    for size in range(0, len(read(whole)) // 2, len(read(whole)) // 24):
        def limited():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        done = run(command(path, *WORLDS), preexec_fn=limited, restore_signals=False)
        expect('full at %d bytes' % size, done, 4, "can't use '%s': " % path)
    expect('full, then room', run(command(path, *WORLDS)), 0, '')
    bad.extend('full: %s' % line for line in differences(wanted, content(path)))


def main():
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, 'whole.study')
        expect('whole', run(command(whole, *WORLDS)), 0, '')
        refused(folder, whole)
        completed(folder, whole)
        one_at_a_time(folder)
        read_only(folder, whole)
        full_disk(folder, whole)
        expect('no folder', run(command(os.path.join(folder, 'none/x.study'), *WORLDS)), 4,
               'No such file or directory')
        expect('a folder', run(command(folder, *WORLDS)), 4, "can't use '")
        expect('no name', run(command('', *WORLDS)), 4, "can't use ''")
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
