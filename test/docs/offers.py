#!/usr/bin/env python3
"""What the program offers is in the documents, and what they say it offers is there: commands with
their options, exit statuses, tables of a study's file with their columns, tables and JSON of
answers.

    offers.py

Options are those that `detente help COMMAND` prints; a study is made and looked into.
"""
import json
import os
import re
import sqlite3
import sys
import tempfile

from tree import DOCUMENTS, ROOT, code, detente, place, read, report

CRISIS = os.path.join(ROOT, 'models/classics/crisis.dtn')
# Options of other programs that the documents name: mpirun's, sbatch's, pkg-config's, ctest's.
OTHERS = {'oversubscribe', 'map-by', 'job-name', 'nodes', 'ntasks-per-node', 'time', 'requeue',
          'open-mode', 'cflags', 'libs', 'test-dir'}
# Options of the tree's own scripts, with the script.
SCRIPTS = {'update': 'test/cli/transcript.py',
           'seed': 'test/reference/generate.py', 'count': 'test/reference/generate.py',
           'out': 'test/reference/generate.py', 'coverage': 'test/reference/generate.py',
           'chance': 'test/reference/reference.py', 'from': 'test/reference/ingredients.py',
           'to': 'test/reference/ingredients.py', 'list': 'bench/bench.c', 'rounds': 'bench/compare',
           'seconds': 'bench/peers/stochastic_games.py', 'bench': 'bench/compare',
           'old-model': 'bench/compare'}
# Values of columns that docs/study.md names in the same cell.
VALUES = {'study': {'running', 'complete'}, 'parameters': {'fixed', 'deep', 'risk'},
          'outcomes': {'more', 'less'}}


def commands():
    """The options of every command, and the short options with the long ones they stand for."""
    known, short = {}, {}
    for name in re.findall(r'^  (\w+) +\w', detente('help'), re.M):
        found = re.findall(r'^ +(?:-(\w), )?--([\w-]+)', detente('help', name), re.M)
        known[name] = {option for _, option in found}
        short |= {key: option for key, option in found if key}
    return known, short


def lines_of_code():
    """(place, line, command of detente or None) of all documents; a line is one call."""
    for name in DOCUMENTS:
        for at, text in code(name):
            for line in re.finditer(r'[^\n|;&]+', text):
                said = re.search(r'(?:^|[\s/])detente ([a-z]\w+)', line.group())
                yield place(name, at + line.start()), line.group(), said and said.group(1)


def check_options(known, short):
    everywhere = {'version'}.union(*known.values())
    named = {'help', 'usage', 'version'}
    for where, line, command in lines_of_code():
        if command and command not in known and command != 'help':
            yield '%s: there is no command %s' % (where, command)
        options = re.findall(r'(?<![\w-])--([a-z][\w-]*)', line)
        if command in known:
            keys = re.findall(r'(?<![\w-])-(\w)\b', line)
            options += [short[key] for key in keys if key in short]
        named |= set(options)
        for option in set(options) - OTHERS:
            if command in known and option not in known[command]:
                yield '%s: %s has no option --%s' % (where, command, option)
            elif option not in everywhere and option not in SCRIPTS:
                yield '%s: there is no option --%s' % (where, option)
    for command in known:
        if not re.search(r'`(?:detente )?%s\b' % command, read('README.md')):
            yield 'README.md: the command %s is not named' % command
    for option, script in SCRIPTS.items():
        if '--' + option not in read(script):
            yield '%s: has no option --%s' % (script, option)
    for option in sorted(everywhere - named):
        yield 'no document names --%s' % option


def statuses(text):
    """(number, meaning) of a sentence on exit statuses, without what stands in parentheses."""
    text = re.sub(r'\s*\([^)]*\)', '', re.sub(r'\s+', ' ', text)).replace("can't", 'could not')
    return re.findall(r'\b([0-4]) ([^,;.]+)', text)[:5]


def check_statuses():
    """They mean everywhere what `detente help` says."""
    wanted = statuses(detente('help').split('status:')[1])
    for name, start in (('README.md', 'Exit status:'),
                        ('docs/language.md', 'Exit statuses of all commands:')):
        found = statuses(read(name).split(start)[1])
        if found != wanted:
            yield '%s: the exit statuses are %s, not %s' % (name, wanted, found)
    listed = read('include/detente.h').split('dt_status {')[1].split('}')[0]
    if re.findall(r'DT_\w+ = (\d)', listed) != [number for number, _ in wanted]:
        yield 'include/detente.h: dt_status has other numbers'


def family(column):
    """o_quiet, o_war, … are one family, o_."""
    return re.sub(r'^([pouvg])_.*', r'\1_', column)


def check_study():
    """docs/study.md names every table of a study's file, every column and fact, and no more."""
    text = read('docs/study.md')
    section = text.split('\n## The file\n')[1]
    rows = dict(re.findall(r'^\| `(\w+)` \| [^|]+ \| (.*) \|$', section, re.M))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'a.study')
        detente('study', CRISIS, '--worlds', '5', '-o', path)
        base = sqlite3.connect(path)
        there = {table: [row[1] for row in base.execute('PRAGMA table_info(%s)' % table)]
                 for table, in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        there['study'] += [key for key, in base.execute('SELECT key FROM study')]
        numbers = [next(base.execute('PRAGMA ' + pragma))[0]
                   for pragma in ('application_id', 'user_version')]
        for query in re.findall(r'"(SELECT [^"]+)"', text):
            base.execute(query)
        base.close()
    if set(rows) != set(there):
        yield 'docs/study.md: the tables are %s' % ', '.join(there)
        return
    # A column of all tables but one is told of once, below them.
    last = re.search(r'Every row of the other tables has a last column, `(\w+)`', section).group(1)
    for table, columns in there.items():
        if table != 'digests' and last not in columns:
            yield 'docs/study.md: %s has no %s' % (table, last)
        wanted = {family(column) for column in columns if table == 'digests' or column != last}
        found = {family(column) for column in re.findall(r'`(\w+)`', rows[table])}
        for column in wanted - found:
            yield 'docs/study.md: %s.%s is not named' % (table, column)
        for column in found - wanted - VALUES.get(table, set()):
            yield 'docs/study.md: %s has no %s' % (table, column)
    for stated, number in zip(('is 0x%08x ', 'the version of this schema, %d.'), numbers):
        if stated % number not in text:
            yield 'docs/study.md: should say "%s"' % (stated % number)


# Members of JSON that a document names: the command, {} being a study.
JSON = [
    ('docs/questions.md', 'compare {} --json', ['tables', 'said', 'notes', 'absent']),
    ('docs/questions.md', 'discover {} --policy free --where quiet<0.4 --json', ['tables', 'said']),
    ('docs/questions.md', 'sensitivity {} --policy free --json', ['tables', 'notes', 'absent']),
    ('docs/scale.md', 'study %s --worlds 5 -o {} --json' % CRISIS, ['seconds', 'storing']),
]


def check_json():
    """The members of JSON that a document names are written."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'a.study')
        detente('study', CRISIS, '--worlds', '5', '-o', path)
        for name, command, members in JSON:
            written = json.loads(detente(*command.format(path).split()))
            for member in members:
                if member not in written or '`%s`' % member not in read(name):
                    yield '%s: "%s" of %s is not there or not named' % (name, member, command)


def check_answers():
    """docs/questions.md describes every table that answers a question."""
    text = read('docs/questions.md')
    for command in ('compare', 'discover', 'sensitivity', 'diagnose'):
        section = text.split('\n## %s\n' % command)[1].split('\n## ')[0]
        tables = re.findall(r'cli_sheet_new\([^"]*"(\w+)"', read('src/cli/%s.c' % command))
        if not tables:
            yield 'src/cli/%s.c: makes no table' % command
        for table in tables:
            if not re.search(r'\*\*%s\*\*|`%s`' % (table, table), section):
                yield 'docs/questions.md: the table %s of %s is not described' % (table, command)


if __name__ == '__main__':
    sys.exit(report(check_options(*commands()), check_statuses(), check_study(), check_json(),
                    check_answers()))
