#!/usr/bin/env python3
"""The likelihood of a history, row by row, as the sum over all ways in which it can have come about.

A *place* is what a row leaves: the public state, the grid point of each private variable, and the joint type. A
row is one period: every way through its stages is followed, each action with the probability that the strategy of
period 1 gives it, each branch and each signal with its own, and a way that says something else than the row's cells
is left. Ways that come to one place are added up; nothing else is done to them, so that the sum left after row t is
the probability of all rows up to t, and log p_t the difference of two logarithms. Strategies come from private.py,
worked out at whatever place they are asked for (a model without private variables has the one type and no grids).

    histories.py MODEL CSV [--set name=value]... [--policy P]     {"loglik": number, "rows": [log p_t, ...]}
"""
import argparse
import csv
import functools
import itertools
import json
import math
import sys

import private
import reference
from branch import PathError
from expression import ModelError, reads_now
from language import Model


class HistoryError(Exception):
    """The history doesn't fit the model, or can't have happened."""


class Ahead(private.PrivateGame):
    """A game in which everybody looks horizon + lookahead periods ahead from period `begins`, at any place."""

    def __init__(self, model, policy, settings, begins, most):
        super().__init__(model, policy, settings, most=most)
        self.begins, self.furthest = begins, None if self.forever else self.periods

    def now(self, ahead):
        return None if self.forever else self.begins + self.periods - ahead

    def stand(self, places):
        """If play is forever, looks far enough ahead for places (public state, grid points)."""
        if self.forever and not all(place in self.begun for place in places):
            self.furthest = self.look_ahead([*self.begun, *places])


def cells_of(path):
    """The rows of a CSV file: [{column: text}]."""
    with open(path, encoding='utf-8', newline='') as file:
        header, *rows = csv.reader(file)
    header = [name.strip() for name in header]
    return [dict(zip(header, (cell.strip() for cell in row), strict=True)) for row in rows]


class Row:
    """What a row says: of variables, by number, and of choices; and the policy in force."""

    def __init__(self, model, cells, policy):
        self.policy, self.variables, self.choices = policy, {}, {}
        slots = {f'{s.name}.{m}': (s.name, m) for s in model.stages for m in s.movers}
        for name, cell in cells.items():
            if name.startswith('_') or name in ('period', 'policy') or not cell:
                continue
            if name in slots:
                self.choices[slots[name]] = cell
            else:
                try:
                    cell = float(cell)
                except ValueError:
                    pass
                self.variables[model.variables.index(name)] = model.start_value(name, cell)

    def allows(self, stage, profile):
        """Whether the stage's movers may have taken these actions; None: the stage was skipped."""
        return all(self.choices.get((stage.name, m)) in (None, a)
                   for m, a in zip(stage.movers, profile or ['none'] * len(stage.movers)))

    def leaves(self, state):
        return all(state[v] == value for v, value in self.variables.items())


class History:
    """The rows of a history, and the games that are played in them."""

    def __init__(self, model, rows, settings=(), policy=None, most=math.inf):
        self.model = model
        by_name = {p.name: p for p in model.policies}
        in_force = policy or model.policies[0].name
        self.rows = []
        for i, cells in enumerate(rows):
            in_force = (cells.get('policy') if i else None) or in_force
            self.rows.append(Row(model, cells, by_name[in_force]))
        timed = reads_now([e for s in model.stages for e in (s.effects, s.actions)] + model.payoffs)
        self.game = functools.lru_cache(maxsize=None)(
            lambda name, begins: Ahead(model, by_name[name], settings, begins, most))
        self.begins = (lambda t: t) if timed else (lambda t: 1)

    def game_of(self, t):
        """The game of the t-th period, which is row t + 1 of the file."""
        return self.game(self.rows[t].policy.name, self.begins(t))

    def first(self):
        """{place: probability}: what the first row leaves, under the policy of the second."""
        game, row = self.game_of(min(1, len(self.rows) - 1)), self.rows[0]
        state = tuple(row.variables.get(v, value) for v, value in enumerate(game.start[:game.publics]))
        found = {}
        for points, weight, ratio in game.first_points():
            for theta in itertools.product(*(range(grid.values) for grid in game.grids)):
                chance = weight * math.prod(p[k] * r[k] for p, r, k in zip(game.prior, ratio, theta))
                types = tuple(low + k for low, k in zip(game.lows, theta))
                if chance and row.leaves(state + types):
                    found[state, points, theta] = chance
        total = sum(found.values())
        return {place: chance / total for place, chance in found.items()}

    def period(self, t, places):
        """{(place, ended): probability}: what row t + 1 leaves of the ways that come to `places`."""
        game, row = self.game_of(t), self.rows[t]
        game.stand([place[:2] for place in places])
        here, found = {}, {}
        for (state, points, theta), chance in places.items():
            self.arrive(here, row, -1, game.arrive(0, state, {}), points, theta, chance)
        while here:
            k = min(node[0] for node, _, _ in here)
            for key in [key for key in here if key[0][0] == k]:
                node, points, theta = key
                chance = here.pop(key)
                if k < len(self.model.stages):
                    for _, p, to, moved, after in ways(game, row, node, points, theta):
                        self.arrive(here, row, k, to, moved, after, chance * p)
                elif row.leaves(game.with_types(node, theta)[1]):
                    ended = game.ended(node[1], dict(node[2]))
                    place = (node[1], points, theta), ended
                    found[place] = found.get(place, 0.0) + chance
        return found

    def arrive(self, here, row, left, node, points, theta, chance):
        """Adds a way that comes to a node from stage number `left`, unless the row denies that the stages
        between were skipped."""
        if all(row.allows(stage, None) for stage in self.model.stages[left + 1:node[0]] if stage.movers):
            key = node, points, theta
            here[key] = here.get(key, 0.0) + chance

    def log_rows(self):
        """[log p_t]"""
        places, result = self.first(), []
        before = sum(places.values())
        if not before:
            raise HistoryError('row 1 cannot be')
        for t in range(1, len(self.rows)):
            found = self.period(t, places)
            total = sum(found.values())
            if not total:
                raise HistoryError(f'row {t + 1} cannot have followed')
            result.append(math.log(total / before))
            # What ended has no next row: that there is one is part of what the next row says.
            places = {place: chance for (place, ended), chance in found.items() if not ended}
            before = total
        return result


def ways(game, row, node, points, theta):
    """(actions, probability, next node, grid points, types): what the stage at a node may lead to, of all that
    the row doesn't deny."""
    place, sigma = game.play(node, points, game.furthest)
    signals = place.signals(place.posteriors(sigma))
    for profile, rows in place.rows.items():
        if not row.allows(place.stage, profile):
            continue
        chance = place.probability(sigma, profile, theta)
        for p, event, after in rows[theta][1]:
            for to, weight, ratio in signals[event]:
                for x in place.moved:
                    weight = weight * ratio[x][after[x]]
                if weight:
                    yield profile, chance * p * weight, event[1], to, after


def rows_of(text, rows, settings=(), policy=None, most=math.inf):
    """[log p_t] of a history of the model with this text."""
    model = reference.read_model(text, settings, [policy] if policy else None)
    return History(model, rows, settings, policy, most).log_rows()


def main():
    parser = argparse.ArgumentParser(description='The likelihood of a history, as JSON.')
    parser.add_argument('model', metavar='MODEL')
    parser.add_argument('history', metavar='CSV')
    parser.add_argument('--set', action='append', default=[], metavar='name=value')
    parser.add_argument('--policy', metavar='P')
    options = parser.parse_args()
    try:
        with open(options.model, encoding='utf-8') as file:
            rows = rows_of(file.read(), cells_of(options.history), reference.numbers_set(options.set),
                           options.policy)
    except (HistoryError, ModelError, PathError) as trouble:
        print(f'{options.model}: {trouble}', file=sys.stderr)
        return 2
    print(json.dumps({'loglik': math.fsum(rows), 'rows': rows}, indent=1))
    return 0


if __name__ == '__main__':
    sys.exit(main())
