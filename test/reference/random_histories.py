#!/usr/bin/env python3
"""Compares the program's likelihood of random histories with the reference's, row by row, to 1e-10, and what it
says of a cell that wasn't seen.

Three models in four are of generate.py, one has private variables (private_games.py). A history is drawn from its
model by the reference: a first row that may stand elsewhere than the model's start, then two to six periods, each
under a policy taken at random, unless it ends before. Columns and cells are blanked, so that what isn't seen is
summed out. In one history of eight a cell is changed: where that can't have happened, the program must say so and
name the row. Every fifth is played with surplus values, where there is no team.

    random_histories.py DIRECTORY COUNT [SEED]

COUNT histories at least must be compared; those on which the reference gives up, or whose model is in error where
the history takes it, don't count. They are kept in DIRECTORY with the reference's answers, until the reference,
the generators or the arguments change.
"""
import argparse
import csv
import glob
import json
import math
import multiprocessing
import os
import random
import subprocess
import sys

import compare
import generate
import private_games
from branch import PathError
from expression import ModelError
from histories import Games, History, HistoryError, cells_of, draw, spelled
from language import Model

CLOSE = 1e-10
MOST_PROFILES = 20_000    # of joint types, that the reference works out for one history


def first_row(model, r):
    """Some public variables elsewhere than at the start; here and there a private one, for the reader alone."""
    row = {}
    for v, name in enumerate(model.variables):
        low, high, _ = model.domains[name]
        if r.random() < 0.25:
            row[name] = spelled(model, v, r.randint(low, high))
    return row


def whole(model, games, r):
    """A history with every cell filled."""
    rows, rival = [first_row(model, r)], r.random() < 0.7     # else the model's first policy all along
    for _ in range(r.randint(2, 6)):
        rows.append({'policy': r.choice(model.policies).name} if rival else {})
    filled = draw(History(games, rows), r)
    if not rival:
        for row in filled[1:]:
            del row['policy']
    return [rows[0], *filled[1:]]


def blank(rows, r):
    """Takes columns, and cells of others, out of a full history. A policy's cell goes if the one above says it."""
    keep = {name: r.random() < 0.7 for row in rows[1:] for name in row}
    often = r.choice((0.3, 0.6, 0.9))
    above, seen = None, [rows[0]]
    for row in rows[1:]:
        cells = {name: cell for name, cell in row.items() if name != 'policy'
                 and keep[name] and r.random() < often}
        policy = row.get('policy')
        if policy and (policy != above or r.random() < 0.5):
            cells['policy'] = policy
        above = policy
        seen.append(cells)
    return seen


def change(model, rows, r):
    """Says something else in one cell: it may be that this can't have happened."""
    options = [(row, name) for row in rows[1:] for name in row if name != 'policy']
    if not options:
        return
    row, name = r.choice(options)
    if '.' in name:
        stage, mover = name.split('.')
        actions = next(s.actions[mover] for s in model.stages if s.name == stage)
        row[name] = r.choice([a for a in [*actions, 'none'] if a != row[name]])
    else:
        v = model.variables.index(name)
        low, high, _ = model.domains[name]
        row[name] = r.choice([x for x in (spelled(model, v, n) for n in range(low, high + 1))
                              if x != row[name]] or [row[name]])


def write(path, rows, r):
    """The rows as a file, in one of the ways in which it may be written."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    columns += [name for name in ('_note', 'period') if r.random() < 0.5]
    if len(columns) < 2 and 'period' not in columns:
        columns.append('period')                   # else a row may be an empty line
    r.shuffle(columns)
    for i, row in enumerate(rows):
        row['period'] = str(i)
        if r.random() < 0.3:
            row['_note'] = r.choice(('so it is', 'a, b', '"c"', 'no'))
    pad = r.choice(('', '', ' '))
    with open(path, 'w', encoding='utf-8', newline='') as file:
        out = csv.writer(file, lineterminator=r.choice(('\n', '\r\n')),
                         quoting=r.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)) if not pad else csv.QUOTE_MINIMAL)
        out.writerow(columns)
        out.writerows([pad + row.get(name, '') for name in columns] for row in rows)


def model_of(seed, number):
    return (private_games.model(f'{seed} {number}') if number % 4 == 0
            else generate.generate(f'histories {seed}', number))


def surplus(number, model):
    """Whether the taste shock is enjoyed: every fifth, where no team is."""
    return number % 5 == 0 and not any(model.in_force(policy).teams for policy in model.policies)


def values_of(model, name):
    """How a cell of a column may be filled."""
    if '.' in name:
        stage, mover = name.split('.')
        return [*next(s.actions[mover] for s in model.stages if s.name == stage), 'none']
    low, high, _ = model.domains[name]
    return [spelled(model, model.variables.index(name), value) for value in range(low, high + 1)]


def probability(games, rows):
    try:
        return math.exp(math.fsum(History(games, rows).log_rows()))
    except HistoryError:
        return 0.0


def unseen(games, rows, r):
    """[number of the row, column, {value: [probability given the rows so far, given all of them]}] for a cell
    that says nothing: the probability of the history with the cell filled, divided by that without."""
    model = games.model
    slots = [f'{stage.name}.{m}' for stage in model.stages for m in stage.movers]
    options = [(t, name) for t in range(1, len(rows)) for name in (*model.variables, *slots)
               if not rows[t].get(name)]
    if not options:
        return None
    t, name = r.choice(options)
    found = {value: [] for value in values_of(model, name)}
    for given in (rows[:t + 1], rows):
        whole = probability(games, given)
        for value, row in found.items():
            filled = [*given[:t], {**given[t], name: value}, *given[t + 1:]]
            row.append(probability(games, filled) / whole)
    return t, name, found


def prepare(job):
    """Writes history `number` beside its model: (path without ending, with surplus values?, [log p_t, a cell that
    says nothing] or what can't have happened). None: the reference gives up."""
    directory, seed, number = job
    r = random.Random(f'history {seed} {number}')
    for attempt in range(20):
        try:
            text = model_of(f'{seed}/{attempt}', number)
            model = Model(text)
            games = Games(model, surplus=surplus(number, model), most=MOST_PROFILES)
            full = whole(model, games, r)
            if len(full) < 3 and r.random() < 0.8:       # it ended at once
                continue
            rows = blank(full, r)
            changed = r.random() < 0.125
            if changed:
                change(model, rows, r)
            stem = os.path.join(directory, f'history-{number:04}')
            write(stem + '.csv', rows, r)
            with open(stem + '.dtn', 'w', encoding='utf-8') as file:
                file.write(text)
            try:
                rows = cells_of(stem + '.csv')
                return stem, games.surplus, [History(games, rows).log_rows(), unseen(games, rows, r)]
            except HistoryError as trouble:
                if not changed:
                    raise AssertionError(f'{stem}: drawn, but impossible') from trouble
                return stem, games.surplus, str(trouble)
        except (ModelError, PathError, HistoryError):
            continue
    return None


def differences(stem, shocks, wanted):
    """What the program says otherwise about a history."""
    done = subprocess.run([os.environ['DETENTE'], 'score', stem + '.dtn', '--history', stem + '.csv', '--rows',
                           '--smooth', '--json', '--quiet', '--values', 'surplus' if shocks else 'average'],
                          capture_output=True, text=True)
    if isinstance(wanted, str):
        if done.returncode != 2 or wanted.split(' cannot')[0] not in done.stderr:
            yield f'the reference says: {wanted}; the program answers {done.returncode}\n{done.stderr}'
        return
    if done.returncode:
        yield f'exit status {done.returncode}\n{done.stderr}'
        return
    found = json.loads(done.stdout)
    wanted, cell = wanted
    if len(found['rows']) != len(wanted):
        yield f'{len(found["rows"])} rows, expected {len(wanted)}'
    for row, (a, b) in enumerate(zip(found['rows'], wanted), 2):
        if not abs(a - b) <= CLOSE * max(1, abs(b)):
            yield f'row {row}: {a!r}, expected {b!r}'
    if not abs(found['loglik'] - math.fsum(wanted)) <= CLOSE * max(1, abs(math.fsum(wanted))):
        yield f'loglik {found["loglik"]!r}, expected {math.fsum(wanted)!r}'
    if cell:
        t, name, values = cell
        said = found['smooth'][0][t][name]
        for value, numbers in values.items():
            for kind, b in zip(('filtered', 'smoothed'), numbers):
                if not abs(said[value][kind] - b) <= CLOSE:
                    yield f'row {t + 1}, {name} = {value}, {kind}: {said[value][kind]!r}, expected {b!r}'


def histories(directory, count, seed, pool):
    """[(path, answer)], made anew if they must be."""
    kept, now = os.path.join(directory, 'answers.json'), compare.fingerprint('histories', count, seed)
    if os.path.exists(kept):
        with open(kept, encoding='utf-8') as file:
            old = json.load(file)
        if old['fingerprint'] == now:
            return old['answers']
    os.makedirs(directory, exist_ok=True)
    for path in glob.glob(os.path.join(directory, 'history-*')):
        os.unlink(path)
    jobs = [(directory, seed, number) for number in range(1, count + count // 10 + 2)]
    answers = [answer for answer in pool.imap(prepare, jobs, 4) if answer]
    with open(kept, 'w', encoding='utf-8') as file:
        json.dump({'fingerprint': now, 'answers': answers}, file)
    return answers


def main():
    parser = argparse.ArgumentParser(description='Compare likelihoods of random histories.')
    parser.add_argument('directory')
    parser.add_argument('count', type=int)
    parser.add_argument('seed', type=int, nargs='?', default=1)
    options = parser.parse_args()
    with multiprocessing.Pool(compare.PROCESSES) as pool:
        answers = histories(options.directory, options.count, options.seed, pool)
    differing = 0
    for stem, shocks, wanted in answers:
        bad = list(differences(stem, shocks, wanted))
        differing += bool(bad)
        if bad and differing <= 20:
            print('%s\n  %s' % (stem, '\n  '.join(bad[:10])))
    rows = sum(len(wanted[0]) for *_, wanted in answers if not isinstance(wanted, str))
    refused = sum(isinstance(wanted, str) for *_, wanted in answers)
    print(f'{len(answers)} histories compared, {rows} rows, {refused} of them impossible; {differing} differ')
    return 1 if differing or len(answers) < options.count else 0


if __name__ == '__main__':
    sys.exit(main())
