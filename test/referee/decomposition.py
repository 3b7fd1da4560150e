#!/usr/bin/env python3
"""Three policies of the first Korea model, taken apart into ingredients, have the shares found elsewhere.

shapley.csv has what an independent program found by solving all cells between `as_is` and each policy:
Shapley's share of every ingredient in eight outcomes, its effect alone, and left out, rounded. Here the
ingredients are levers (korea-first.dtn). A policy written as a cell of them has every outcome of the
policy as its authors wrote it, to the last bit; and `levers` from `as_is` to that cell finds these ingredients,
and each number that was printed."""
import json
import os
import subprocess
import sys

import printed

DETENTE = os.environ['DETENTE']
MODEL = os.path.join(printed.HERE, 'korea-first.dtn')
COLUMNS = {'share': 'shapley', 'alone': 'alone', 'left_out': 'left_out'}
CELL = 'first_'  # a policy's name as a cell
SANITIZED = bool(os.environ.get('DETENTE_SANITIZE'))  # slow: the policy of fewest cells only


def detente(*arguments):
    return json.loads(subprocess.run([DETENTE, *arguments, '--json', '--quiet', '--jobs', '2'], check=True,
                                     stdout=subprocess.PIPE).stdout)


def main():
    bad, tables = [], {}
    for row in printed.rows('shapley.csv'):
        if not SANITIZED or row['policy'] == 'sequenced':
            tables.setdefault(row['policy'], []).append(row)
    asked = [option for name in tables for option in ('--policy', name, '--policy', CELL + name)]
    solved = detente('run', MODEL, *asked)['policies']
    for name, table in tables.items():
        written, cell = solved[name]['outcomes'], solved[CELL + name]['outcomes']
        bad += ['%s: %s is %r, and %r as a cell' % (name, outcome, written[outcome], cell[outcome])
                for outcome in written if written[outcome] != cell[outcome]]
        found = detente('levers', MODEL, '--from', 'as_is', '--to', CELL + name)
        ingredients = {row['ingredient'] for row in table}
        if set(found['ingredients']) != ingredients or found['cells'] != 2 ** len(ingredients):
            bad.append('%s: other ingredients: %s' % (name, ', '.join(found['ingredients'])))
            continue
        compared = 0
        for row in table:
            for column, key in COLUMNS.items():
                number = found['outcomes'][row['outcome']][key][row['ingredient']]
                compared += 1
                if not printed.agrees(number, row[column]):
                    bad.append('%s: %s, %s, %s is %r, not %s' % (name, row['ingredient'], row['outcome'],
                                                                 column, number, row[column]))
        print('%s: %d cells, %d numbers compared' % (name, found['cells'], compared))
    for line in bad:
        print(line)
    return bool(bad)


sys.exit(main())
