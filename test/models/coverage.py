#!/usr/bin/env python3
"""Every row of the inventory of the Korea model has a home, and its events are dated soundly.

coverage.csv has each row once; what a row names exists in the model; few rows are left out, each
with a reason. events.csv has ISO dates in order, in the quarter that it says.
"""
import csv
import datetime
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KOREA = os.path.join(ROOT, 'models', 'korea')
ROWS, MOST_LEFT_OUT = 261, 25
EVENT_COLUMNS = ['date', 'quarter', 'actor', 'kind', 'count', 'source']


def names(text):
    """Declared names of a model; stage.MOVER, stage.MOVER.action; ACTOR.term of the payoffs."""
    found, stage, payoff = set(), None, None
    for line in text.split('\n'):
        declared = re.match(r'(actor|param|state|role|let|stage|outcome|policy) (\w+)', line)
        opened = re.match(r'payoff (\w+) \{', line)
        if re.match(r'\S', line):
            stage = payoff = None
        if declared:
            found.add(declared.group(2))
            if declared.group(1) == 'stage':
                stage = declared.group(2)
        elif opened:
            payoff = opened.group(1)
        elif stage:
            action = re.match(r'  (\w+)\.(\w+)', line)
            if action:
                found |= {'%s.%s' % (stage, action.group(1)),
                          '%s.%s.%s' % (stage, action.group(1), action.group(2))}
        elif payoff:
            term = re.match(r'  (\w+) +(?:"[^"]*" *)?=', line)
            if term:
                found.add('%s.%s' % (payoff, term.group(1)))
    return found


def check_coverage(known):
    bad = []
    with open(os.path.join(KOREA, 'coverage.csv'), encoding='utf-8', newline='') as file:
        rows = list(csv.DictReader(file))
    if [row['row'] for row in rows] != [str(i + 1) for i in range(ROWS)]:
        bad.append('coverage.csv: not each row from 1 to %d once, in order' % ROWS)
    for row in rows:
        elements = row['elements'].split()
        bad += ['coverage.csv: row %s: the model has no %s' % (row['row'], name)
                for name in elements if name not in known]
        if bool(elements) == bool(row['left_out'].strip()):
            bad.append('coverage.csv: row %s: needs elements or a reason, not both' % row['row'])
    left_out = sum(not row['elements'].split() for row in rows)
    if left_out > MOST_LEFT_OUT:
        bad.append('coverage.csv: %d rows are left out, more than %d' % (left_out, MOST_LEFT_OUT))
    return bad


def check_events():
    bad, last = [], datetime.date.min
    with open(os.path.join(KOREA, 'events.csv'), encoding='utf-8', newline='') as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != EVENT_COLUMNS:
            bad.append('events.csv: the header is %s' % reader.fieldnames)
            return bad
        for row in reader:
            where = 'events.csv:%d: ' % reader.line_num
            try:
                date = datetime.date.fromisoformat(row['date'])
            except ValueError:
                bad.append(where + 'no date: ' + row['date'])
                continue
            if row['quarter'] != '%dQ%d' % (date.year, (date.month + 2) // 3):
                bad.append(where + '%s is not in %s' % (row['date'], row['quarter']))
            if date < last:
                bad.append(where + '%s stands after %s' % (date, last))
            if not re.fullmatch(r'[1-9]\d*', row['count'] or ''):
                bad.append(where + 'the count is %r' % row['count'])
            if not (row['actor'] and row['kind'] and row['source']):
                bad.append(where + 'an empty field')
            last = date
    return bad


def main():
    with open(os.path.join(KOREA, 'korea.dtn'), encoding='utf-8') as file:
        bad = check_coverage(names(file.read())) + check_events()
    print('\n'.join(bad), end='\n' if bad else '')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
