#!/usr/bin/env python3
"""Compares the reference with numbers computed by another program: the models of test/verification and test/history.

NAME.json beside NAME.dtn holds what `run --json` says, what `levers --json` says, or both under the keys
`run` and `levers`; where NAME.csv stands there too it also has the `rows` of that history. The calibration of
private variables must be 0 to rounding.

    known.py MODEL...
"""
import json
import math
import sys

import histories
import ingredients
import private
import reference
from language import Model

CLOSE, ROUNDING = 1e-9, 1e-12
GROUPS = ('values', 'outcomes', 'gaps')     # of a policy


def differences(wanted, found, where):
    """What differs between two JSON values, a number being near if it is within 1e-9, absolute or relative."""
    if isinstance(wanted, dict):
        if list(wanted) != list(found):
            yield f'{where}: {list(found)}, expected {list(wanted)}'
            return
        for key, value in wanted.items():
            yield from differences(value, found[key], f'{where} / {key}')
    elif isinstance(wanted, (int, float)):
        if not math.isclose(found, wanted, rel_tol=CLOSE, abs_tol=CLOSE):
            yield f'{where}: {found!r}, expected {wanted!r}'
    elif wanted != found:
        yield f'{where}: {found!r}, expected {wanted!r}'


def compare(path):
    with open(path, encoding='utf-8') as file:
        text = file.read()
    with open(path[:-len('dtn')] + 'json', encoding='utf-8') as file:
        wanted = json.load(file)
    run = wanted if 'policies' in wanted else wanted.get('run')
    levers = wanted if 'ingredients' in wanted else wanted.get('levers')
    if run:
        found = (private if Model(text).privates else reference).solve_text(text)
        yield from differences(list(run['policies']), list(found['policies']), 'policies')
        for policy, numbers in run['policies'].items():
            for group in filter(numbers.get, GROUPS):
                yield from differences(numbers[group], found['policies'][policy][group],
                                       f'{policy} / {group}')
            here = found['policies'][policy]
            if here.get('beliefs', numbers.get('beliefs')) != numbers.get('beliefs'):
                yield f'{policy}: {here["beliefs"]} beliefs, expected {numbers["beliefs"]}'
            if not here.get('calibration', 0) <= ROUNDING:
                yield f'{policy}: a calibration of {here["calibration"]}'
    if levers and not Model(text).privates:
        yield from differences(levers, ingredients.compare(text, levers['from'], levers['to']), 'levers')
    if 'rows' in wanted:
        found = histories.rows_of(text, histories.cells_of(path[:-len('dtn')] + 'csv'))
        yield from differences(dict(enumerate(wanted['rows'], 2)), dict(enumerate(found, 2)), 'row')


def main(paths):
    failed = not paths
    for path in paths:
        for line in compare(path):
            failed = True
            print(f'{path}: {line}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
