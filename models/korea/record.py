#!/usr/bin/env python3
"""Writes the record of 2003Q1 to 2026Q3 as a history of korea.dtn: record.csv is what this prints.

What was done is read off events.csv, quarter by quarter, by the rules of `done`; what was so for some time, and
what is not to be read off the events after all, is in spells.csv (an empty value: not observed). record.md gives
the reasons, column by column. A rule may not ask which of two actions it was: a column is either observed in a
quarter whatever was done then, or not at all, so that what is missing says nothing about what was done.

    record.py > record.csv
"""
import csv
import datetime
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FIRST, LAST = '2002Q4', '2026Q3'           # the state before the first quarter, and the last full quarter
STATES = ['arms', 'deal', 'cohesion', 'tension', 'sanctions', 'shield', 'us', 'rok', 'war']
CHOICES = ['press.US', 'exercises.US', 'exercises.ROK', 'conduct.DPRK', 'defend.ROK', 'squeeze.PRC']
ANSWERED = 120                             # days within which the Council's resolution answers a test
TESTS = {'icbm_test', 'slv_launch', 'nuclear_test'}
SHOTS = {'conventional_incident', 'lethal_incident'}
SIGNALS = {'signal_carrier', 'signal_bomber', 'signal_ssbn'}
DRILLS = {'drill_held', 'drill_reduced', 'drill_suspended'}


def table(name):
    with open(os.path.join(HERE, name), encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def quarters(first, last):
    """The labels from one quarter to another, both included."""
    number = [4 * int(q[:4]) + int(q[-1]) - 1 for q in (first, last)]
    return [f'{n // 4}Q{n % 4 + 1}' for n in range(number[0], number[1] + 1)]


def days(events, kinds):
    return [datetime.date.fromisoformat(e['date']) for e in events if e['kind'] in kinds]


def done(here, events):
    """{column: action}: what the events `here`, of one quarter, say; `events`: all of them."""
    kinds, found = {e['kind'] for e in here}, {}
    tests = days(here, TESTS)

    # A test counts before a shot, and both before waiting.
    if tests:
        found['conduct.DPRK'] = 'test'
    else:
        found['conduct.DPRK'] = 'provoke' if kinds & SHOTS else 'quiet'

    # Drills have a season: a quarter in which none was due says nothing. One cut short is neither held nor not.
    season = kinds & DRILLS
    if season == {'drill_held'}:
        found['exercises.US'] = 'show' if kinds & SIGNALS else 'drill'
    elif season == {'drill_suspended'}:
        found['exercises.US'] = 'suspend'

    found['press.US'] = 'push' if 'sanctions_us' in kinds else 'uphold'

    # Beijing's choice is known where a test asked for an answer, except while it punished Seoul: then it did
    # two things of which the model allows one.
    start, = days(events, {'china_coercion'})[:1]
    end, = days(events, {'china_coercion_end'})
    if tests and not any(start <= test <= end for test in tests):
        answers = days(events, {'unsc_resolution'})
        answered = any(0 <= (answer - test).days <= ANSWERED for test in tests for answer in answers)
        found['squeeze.PRC'] = 'enforce' if answered else 'spare'
    return found


def record():
    """The rows: [{column: value}]."""
    events, spells = table('events.csv'), table('spells.csv')
    rows = {}
    for quarter in quarters(FIRST, LAST):
        here = [e for e in events if e['quarter'] == quarter]
        rows[quarter] = {'period': quarter}
        if quarter != FIRST:
            rows[quarter].update(done(here, events))
    for spell in spells:
        for quarter in quarters(spell['first'], spell['last']):
            rows[quarter][spell['column']] = spell['value']
    rows[quarters(FIRST, LAST)[1]]['policy'] = 'as_is'
    return list(rows.values())


def main():
    out = csv.DictWriter(sys.stdout, ['period', 'policy'] + STATES + CHOICES, restval='', lineterminator='\n')
    out.writeheader()
    out.writerows(record())
    return 0


if __name__ == '__main__':
    sys.exit(main())
