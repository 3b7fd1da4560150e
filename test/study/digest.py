#!/usr/bin/env python3
"""The digests of a study as docs/study.md describes them, computed by other code.

    digest.py FILE    checks a study; exit 1, and says where, if it isn't as it was written
"""
import sqlite3
import struct
import sys

TABLES = ('study', 'parameters', 'policies', 'outcomes', 'actors', 'worlds', 'results')


def piece(value):
    """The bytes of a value: a letter for its type, then what it is."""
    if value is None:
        return b'N'
    if isinstance(value, int):
        return b'I' + struct.pack('<q', value)
    if isinstance(value, float):
        return b'R' + struct.pack('<d', value + 0.0)
    text = value.encode()
    return b'T' + struct.pack('<Q', len(text)) + text


def digest(table, values):
    """FNV-1a, 64 bits, of the table's name and the values; SQLite's integers have a sign."""
    found = 0xcbf29ce484222325
    for byte in b''.join(map(piece, (table, *values))):
        found = (found ^ byte) * 0x100000001b3 & 0xffffffffffffffff
    return signed(found)


def signed(word):
    word &= 0xffffffffffffffff
    return word - (word >> 63 << 64)


def rows(database, table):
    return database.execute('SELECT * FROM %s' % table).fetchall()


def complaints(path):
    database = sqlite3.connect('file:%s?mode=ro' % path, uri=True)
    written = {name: (count, total) for name, count, total in rows(database, 'digests')}
    for table in TABLES:
        found = rows(database, table)
        for row in found:
            if digest(table, row[:-1]) != row[-1]:
                yield '%s: row %s' % (table, row[0])
        if written[table] != (len(found), signed(sum(row[-1] for row in found))):
            yield '%s: %d rows, and not what was written' % (table, len(found))
    database.close()


def seal(path):
    """Gives an altered study the digests that it would have if it had been written so."""
    database = sqlite3.connect(path)
    for table in TABLES:
        names = [row[1] for row in database.execute('PRAGMA table_info(%s)' % table)]
        keys = names[:2] if table == 'results' else names[:1]
        for row in rows(database, table):
            database.execute('UPDATE %s SET digest = ? WHERE %s' % (
                table, ' AND '.join('%s = ?' % key for key in keys)),
                (digest(table, row[:-1]), *row[:len(keys)]))
        found = rows(database, table)
        database.execute('UPDATE digests SET written = ?, digest = ? WHERE name = ?',
                         (len(found), signed(sum(row[-1] for row in found)), table))
    database.commit()
    database.close()


if __name__ == '__main__':
    told = list(complaints(sys.argv[1]))
    print('\n'.join(told))
    sys.exit(1 if told else 0)
