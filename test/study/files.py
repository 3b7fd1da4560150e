"""What the tests of studies share: running the program, and all that a study file holds, in order."""
import os
import sqlite3
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
MODEL = os.path.join(ROOT, 'models/classics/arms-race.dtn')
SOME_RESULTS = 1 << 18  # bytes of a study's log; without results it has less
ENVIRONMENT = {**os.environ, 'NO_COLOR': '1', 'LC_ALL': 'C.UTF-8'}


def command(path, *more, model=MODEL):
    return [PROGRAM, 'study', model, '-o', path, *more]


def run(arguments, **more):
    return subprocess.run(arguments, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, **more)


def logged(path):
    """The size of a study's log, 0 if there is none: it grows with every commit until it is folded in."""
    try:
        return os.path.getsize(path + '-wal')
    except FileNotFoundError:
        return 0


def has_results(path):
    return logged(path) > SOME_RESULTS


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
