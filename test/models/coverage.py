#!/usr/bin/env python3
"""Every row of the inventory of the Korea model has a home, and its events are dated soundly.

coverage.csv has each row once, with how it is carried: in spirit, by a mechanism of mechanisms.csv that can come
out either way (mechanisms.py shows it); weakly, by an element that moves little or one way only; by name only; or
left out, with a reason. What a row names exists in the model. What the sources prescribe is carried in spirit or
left out. events.csv has ISO dates in order, in the quarter that it says.
"""
import csv
import datetime
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KOREA = os.path.join(ROOT, 'models', 'korea')
ROWS, MOST_LEFT_OUT, LEAST_IN_SPIRIT = 261, 25, 80
COVERAGE_COLUMNS = ['row', 'carried', 'mechanism', 'elements', 'left_out']
CARRIED = ('spirit', 'weak', 'named', 'left out')
PRESCRIBED = {76, 77, 90, 95, 100, 101, 110, 116, 117, 118, 120, 121, 125, 126, 146, 147, 151, 153, 156, 161, 171,
              192, 239, 257, 258, 260}
EVENT_COLUMNS = ['date', 'quarter', 'actor', 'kind', 'count', 'source']


def names(text):
    """Declared names of a model; stage.MOVER, stage.MOVER.action; ACTOR.term of the payoffs."""
    found, stage, payoff = set(), None, None
    for line in text.split('\n'):
        declared = re.match(r'(actor|param|state|role|let|stage|outcome|lever|policy) (\w+)', line)
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


def check_row(row, known, mechanisms):
    elements, reason = row['elements'].split(), row['left_out'].strip()
    bad = ['the model has no %s' % name for name in elements if name not in known]
    if row['carried'] not in CARRIED:
        bad.append('carried is %s' % row['carried'])
    if (row['carried'] == 'left out') != bool(reason) or bool(elements) == bool(reason):
        bad.append('needs elements, or to be left out with a reason')
    if (row['carried'] == 'spirit') != bool(row['mechanism']):
        bad.append('what is carried in spirit, and only that, has a mechanism')
    elif row['mechanism'] and row['mechanism'] not in mechanisms:
        bad.append('mechanisms.csv has no %s' % row['mechanism'])
    if int(row['row']) in PRESCRIBED and row['carried'] not in ('spirit', 'left out'):
        bad.append('a prescription is carried in spirit or left out')
    return ['coverage.csv: row %s: %s' % (row['row'], what) for what in bad]


def check_coverage(known):
    with open(os.path.join(KOREA, 'coverage.csv'), encoding='utf-8', newline='') as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COVERAGE_COLUMNS:
            return ['coverage.csv: the header is %s' % reader.fieldnames]
        rows = list(reader)
    with open(os.path.join(KOREA, 'mechanisms.csv'), encoding='utf-8', newline='') as file:
        mechanisms = {row['mechanism'] for row in csv.DictReader(file)}
    if [row['row'] for row in rows] != [str(i + 1) for i in range(ROWS)]:
        return ['coverage.csv: not each row from 1 to %d once, in order' % ROWS]
    bad = [line for row in rows for line in check_row(row, known, mechanisms)]
    counts = {status: sum(row['carried'] == status for row in rows) for status in CARRIED}
    if counts['left out'] > MOST_LEFT_OUT or counts['spirit'] < LEAST_IN_SPIRIT:
        bad.append('coverage.csv: %d rows left out, at most %d may be; %d in spirit, at least %d are wanted' % (
            counts['left out'], MOST_LEFT_OUT, counts['spirit'], LEAST_IN_SPIRIT))
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
