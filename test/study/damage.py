#!/usr/bin/env python3
"""A study that isn't as it was written is refused with its place, exit 4: values changed, rows taken out, put
in or exchanged, columns renamed, pages cut off, bits turned over. (Bits anywhere: test/unit/test_study.c.)"""
import os
import shutil
import sqlite3
import sys
import tempfile

import digest
from files import PROGRAM, command, run

WORLDS = ('--worlds', '60')
bad = []


def expect(what, done, status, *messages):
    if done.returncode != status or any(x not in done.stderr + done.stdout for x in messages):
        bad.append('%s: status %d, not %d with %s; told:\n%s' % (what, done.returncode, status, messages,
                                                                 done.stderr))


def alter(path, *statements):
    database = sqlite3.connect(path)
    for sql in statements:
        database.execute(sql)
    database.commit()
    database.close()


def ask(path):
    return run([PROGRAM, 'compare', path])


class Copies:
    """Copies of a study, each altered in one way."""

    def __init__(self, folder, whole):
        self.folder, self.whole, self.count = folder, whole, 0

    def new(self):
        self.count += 1
        return shutil.copy(self.whole, os.path.join(self.folder, '%d.study' % self.count))

    def refused(self, what, *statements, messages=()):
        path = self.new()
        alter(path, *statements)
        expect(what, ask(path), 4, 'is damaged: ', *messages)

    def bytes_refused(self, what, change):
        path = self.new()
        with open(path, 'r+b') as file:
            change(file)
        expect(what, ask(path), 4)


def values(copies):
    """Every column of every table, the digest too; rows taken out, put in and exchanged."""
    database = sqlite3.connect(copies.whole)
    tables = {table: [row[1] for row in database.execute('PRAGMA table_info(%s)' % table)]
              for table in digest.TABLES}
    database.close()
    for table, names in tables.items():
        row = "(SELECT min(%s) FROM %s)" % (names[0], table)
        where = "WHERE %s = %s" % (names[0], row) + (" AND policy = 'separate'" if table == 'results' else '')
        for name in names:
            other = ("CASE typeof(%s) WHEN 'integer' THEN %s + 1000 WHEN 'real' THEN %s + 1e-9 "
                     "ELSE coalesce(%s, '') || 'x' END" % (name, name, name, name))
            copies.refused('%s.%s' % (table, name), 'UPDATE %s SET %s = %s %s' % (table, name, other, where),
                           messages=("of the table '%s' 1 of" % table, names[0]))
        copies.refused('a row of %s' % table, 'DELETE FROM %s %s' % (table, where),
                       messages=("rows written into the table '%s'" % table,))
    copies.refused('rows of a policy', "DELETE FROM results WHERE policy = 'separate'",
                   messages=("of 122 rows written into the table 'results' 61 are left",
                             'makes what is missing again'))
    copies.refused('a world more', 'INSERT INTO worlds SELECT 61, %s FROM worlds WHERE world = 3' % ', '.join(
        tables['worlds'][1:]), messages=("'worlds' 1 of 62 rows isn't as written, world 61",))
    number = tables['results'][9]
    of_world = '(SELECT %s FROM before WHERE world = %%d)' % number
    copies.refused('two numbers exchanged', "CREATE TEMP TABLE before AS SELECT * FROM results WHERE policy = 'control'",
                   *["UPDATE results SET %s = %s WHERE world = %d AND policy = 'control'" % (number, of_world % a, b)
                     for a, b in ((3, 4), (4, 3))],
                   messages=("of the table 'results' 2 of 122 rows aren't as written, the first: world 3, policy "
                             'control',))
    copies.refused('rows exchanged whole', *['UPDATE worlds SET world = %d WHERE world = %d' % pair
                                             for pair in ((1000, 3), (3, 4), (4, 1000))],
                   messages=("of the table 'worlds' 2 of 61 rows aren't as written, the first: world 3",))
    for column in ('written = written + 1', 'written = written - 1', 'digest = digest + 1', "name = 'x'"):
        copies.refused('digests, %s' % column, "UPDATE digests SET %s WHERE name = 'results'" % column,
                       messages=('results' if 'name' not in column else 'digests',))
    parameter = tables['worlds'][1]
    copies.refused('a column renamed', 'ALTER TABLE worlds RENAME COLUMN "%s" TO other' % parameter,
                   messages=("the table 'worlds' isn't there as it was made",))


def files(copies):
    """Bytes of the file: its header, an index, its end."""
    size = os.path.getsize(copies.whole)
    database = sqlite3.connect(copies.whole)
    roots = dict(database.execute("SELECT name, rootpage FROM sqlite_schema"))
    page = database.execute('PRAGMA page_size').fetchone()[0]
    database.close()

    def turned(at, bit=0):
        def change(file):
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 1 << bit]))
        return change
    header = {'magic': 3, 'page size': 16, 'payload': 21, 'pages': 31, 'free pages': 39, 'format': 47,
              'encoding': 59, 'version of the schema': 63, 'whose it is': 71}
    for name, at in header.items():
        copies.bytes_refused('header, %s' % name, turned(at, name == 'encoding'))
    for name, root in roots.items():
        copies.bytes_refused('%s, kind of page' % name, turned((root - 1) * page))
        copies.bytes_refused('%s, cells' % name, turned((root - 1) * page + 4))
        if root > 1:
            copies.bytes_refused('%s, end of page' % name, turned(root * page - 3, 2))
    for end in (size - 1, size - page, size // 2, page, 100, 20, 0):
        copies.bytes_refused('cut off at %d' % end, lambda file, end=end: file.truncate(end))


def unfinished(copies):
    """Begun studies are read and say so, and are as well guarded."""
    path = copies.new()
    alter(path, "UPDATE study SET value = 'running' WHERE key = 'state'", 'DELETE FROM results WHERE world > 40',
          'DELETE FROM worlds WHERE world > 50')
    digest.seal(path)
    expect('begun', ask(path), 0, '20 worlds not done')
    alter(path, 'DELETE FROM results WHERE world = 7')
    expect('begun, less', ask(path), 4, "of 82 rows written into the table 'results' 80 are left")
    path = copies.new()
    alter(path, 'DELETE FROM results WHERE world > 40')
    digest.seal(path)
    expect('complete without all', ask(path), 4, 'it calls itself complete, and has 61 of 61 worlds and 82 of '
                                                 '122 results')


def taken_up(copies):
    """A run doesn't build upon damage, but makes lost rows again."""
    path = copies.new()
    alter(path, 'UPDATE results SET residual = residual + 1e-9 WHERE world = 9')
    expect('taken up, damaged', run(command(path, *WORLDS)), 4, "of the table 'results' 2 of 122 rows")
    path = copies.new()
    alter(path, 'DELETE FROM results WHERE world = 9', 'DELETE FROM worlds WHERE world = 8')
    expect('taken up, less', run(command(path, *WORLDS)), 0, 'is complete; 120 of 122 results were in it')
    expect('as written again', ask(path), 0)
    bad.extend(digest.complaints(path))


def old(copies):
    path = copies.new()
    alter(path, 'PRAGMA user_version = 2')
    expect('old', ask(path), 4, 'is a study of schema version 2; this program knows version 4',
           "the same 'detente study' command with another -o makes it anew")


def main():
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, 'whole.study')
        expect('whole', run(command(whole, *WORLDS)), 0)
        expect('whole', ask(whole), 0)
        bad.extend(digest.complaints(whole))
        copies = Copies(folder, whole)
        for what in (values, files, unfinished, taken_up, old):
            what(copies)
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
