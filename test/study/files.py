"""What the tests of studies share: running the program, and all that a study file holds, in order."""
import os
import sqlite3
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
MODEL = os.path.join(ROOT, 'models/classics/arms-race.dtn')
SOME_RESULTS = 1 << 18  # bytes that were committed to a study's log; without results it has less
LOG_HEADER, FRAME_HEADER = 32, 24  # https://sqlite.org/fileformat.html#the_write_ahead_log
ENVIRONMENT = {**os.environ, 'NO_COLOR': '1', 'LC_ALL': 'C.UTF-8'}


def command(path, *more, model=MODEL):
    return [PROGRAM, 'study', model, '-o', path, *more]


def run(arguments, **more):
    return subprocess.run(arguments, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, **more)


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def write(path, data):
    with open(path, 'wb') as file:
        file.write(data)


def logged(path):
    """The size of a study's log, 0 if there is none: it grows with every commit until it is folded in."""
    try:
        return os.path.getsize(path + '-wal')
    except FileNotFoundError:
        return 0


def committed(path):
    """How much of the log is committed: up to the last frame that says how large the file is then. Who is killed loses what
    comes after. No lock is taken, as that could keep out the program."""
    if logged(path) <= SOME_RESULTS:
        return 0
    with open(path + '-wal', 'rb') as file:
        log = file.read()
    size, at, last = FRAME_HEADER + int.from_bytes(log[8:12], 'big'), LOG_HEADER, 0
    while at + size <= len(log) and log[at + 8:at + 16] == log[16:24]:  # of this round of the log
        at += size
        if int.from_bytes(log[at - size + 4:at - size + 8], 'big'):
            last = at
    return last


def has_results(path):
    return committed(path) > SOME_RESULTS


def content(path):
    """Every row of every table, and that the file is sound."""
    database = sqlite3.connect('file:%s?mode=ro' % path, uri=True)
    assert database.execute('PRAGMA integrity_check').fetchall() == [('ok',)], path
    tables = [name for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    rows = {}
    for table in tables:
        order = 'world, policy' if table == 'results' else '1'
        rows[table] = database.execute('SELECT * FROM %s ORDER BY %s' % (table, order)).fetchall()
    database.close()
    return rows


def differences(a, b):
    """How two contents differ, as lines; none if they don't."""
    found = ['tables %s and %s' % (sorted(a), sorted(b))] if sorted(a) != sorted(b) else []
    for table in sorted(set(a) & set(b)):
        rows = [(x, y) for x, y in zip(a[table], b[table]) if x != y]
        if rows or len(a[table]) != len(b[table]):
            found.append('%s: %d and %d rows, %d differ%s' % (
                table, len(a[table]), len(b[table]), len(rows),
                ', first %s and %s' % rows[0] if rows else ''))
    return found
