#!/usr/bin/env python3
"""Korea's record as a history: the file is what its script writes, from facts that are in order, the page that
explains it says how many quarters each column has, and how likely the record is under which policies; draws of a
posterior are solved again at the numbers that they have.
"""
import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KOREA = os.path.join(ROOT, 'models', 'korea')
LABEL = r'(19|20)\d\dQ[1-4]'


def read(name):
    with open(os.path.join(KOREA, name), encoding='utf-8', newline='') as file:
        return file.read()


def check_spells():
    taken = {}
    for row in csv.DictReader(read('spells.csv').splitlines()):
        where = 'spells.csv: %(column)s, %(first)s: ' % row
        if not all(re.fullmatch(LABEL, row[end]) for end in ('first', 'last')) or row['first'] > row['last']:
            yield where + 'no spell of quarters'
        if row['first'] <= taken.get(row['column'], ''):
            yield where + 'begins before the one above has ended'
        if not (row['fact'] and row['source']):
            yield where + 'needs a fact and a source'
        taken[row['column']] = row['last']


def check_page(rows):
    said = dict(re.findall(r'^\| `([\w.]+)` \| (\d+) \|', read('record.md'), re.M))
    counts = {name: sum(bool(row[name]) for row in rows[1:]) for name in rows[0] if name != 'period'}
    for name, count in counts.items():
        if said.pop(name, None) != str(count):
            yield 'record.md: %s has %d quarters' % (name, count)
    for name in said:
        yield 'record.md: %s is no column' % name


def undated():
    """The model against which the record is held."""
    return subprocess.run([sys.executable, '-B', os.path.join(KOREA, 'undated.py')], capture_output=True,
                          text=True, check=True).stdout


def score(history, policy):
    """The log-likelihood, None if a row is impossible, and what was said."""
    done = subprocess.run([os.environ['DETENTE'], 'score', '/dev/stdin', '--history', history, '--policy', policy, '--rows', '--json',
                           '--quiet'], input=undated(), capture_output=True, text=True)
    return None if done.returncode else json.loads(done.stdout)['loglik'], done.stderr


def check_likelihoods(text):
    """The page names the policies under which every row is possible, and how likely the record is under each."""
    said = dict(re.findall(r'^\| `(\w+)` \| (-[\d.]+) \|', read('record.md'), re.M))
    policies = re.findall(r'^policy (\w+)', read('korea.dtn'), re.M)
    with tempfile.NamedTemporaryFile('w', suffix='.csv') as file:
        file.write(text.replace(',as_is,', ',,'))
        file.flush()
        for policy in policies:
            loglik, trouble = score(file.name, policy)
            found = None if loglik is None else '%.2f' % loglik
            if found != said.get(policy):
                yield 'record.md: under %s %s, not %s\n%s' % (policy, found, said.get(policy), trouble)
    loglik, trouble = score(os.path.join(KOREA, 'record.csv'), policies[-1])
    if loglik is None or '%.2f' % loglik != said['as_is']:
        yield 'record.csv: %s %s' % (loglik, trouble)


def check_ahead():
    """At the draws of a study of korea.dtn itself ahead.py finds what the study has."""
    with tempfile.TemporaryDirectory() as folder:
        study = os.path.join(folder, 'two.dts')
        subprocess.run([os.environ['DETENTE'], 'study', os.path.join(KOREA, 'korea.dtn'), '--worlds', '2', '--seed', '5', '--vary',
                        'reach,aid', '--policy', 'as_is', '--policy', 'seoul_leads', '-o', study, '--quiet'],
                       stdout=subprocess.DEVNULL, check=True)
        found = json.loads(subprocess.run([sys.executable, '-B', os.path.join(KOREA, 'ahead.py'), study, '--json'],
                                          capture_output=True, text=True, check=True).stdout)
        database = sqlite3.connect(study)
        for policy in ('as_is', 'seoul_leads'):
            one, two = [100 * row[0] for row in database.execute(
                'SELECT o_icbm FROM results WHERE policy = ? AND world > 0 ORDER BY world', (policy,))]
            there = found[policy]['icbm']
            for key, number in (('median', (one + two) / 2), ('p05', min(one, two) + abs(one - two) / 20)):
                if abs(there[key] - number) > 1e-9 * 100:
                    yield 'ahead.py: %s of icbm under %s is %r, not %r' % (key, policy, there[key], number)


def main():
    done = subprocess.run([sys.executable, '-B', os.path.join(KOREA, 'record.py')], capture_output=True, text=True)
    text = read('record.csv')
    rows = list(csv.DictReader(text.splitlines()))
    bad = list(check_spells()) + list(check_page(rows)) + list(check_likelihoods(text)) + list(check_ahead())
    if done.stdout != text:
        bad.append('record.csv is not what record.py writes\n' + done.stderr)
    if len(rows) != 96 or rows[0]['period'] != '2002Q4' or rows[-1]['period'] != '2026Q3':
        bad.append('record.csv: not the quarters from 2002Q4 to 2026Q3')
    print('\n'.join(bad), end='\n' if bad else '')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
