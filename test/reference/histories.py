#!/usr/bin/env python3
"""The likelihood of a history, row by row, as the sum over all ways in which it can have come about.

A *place* is what a row leaves: the public state, the grid point of each private variable, and the joint type. A
row is one period: every way through its stages is followed, each action with the probability that the strategy of
period 1 gives it, each branch and each signal with its own, and a way that says something else than the row's cells
is left. Ways that come to one place are added up; nothing else is done to them, so that the sum left after row t is
the probability of all rows up to t, and log p_t the difference of two logarithms. Strategies come from private.py,
worked out at whatever place they are asked for (a model without private variables has the one type and no grids).

    histories.py MODEL CSV [--set name=value]... [--policy P] [--values surplus]

prints {"loglik": number, "rows": [log p_t, ...]}.
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
    """A game in which everybody looks `furthest` periods ahead, at any place, period 1 being number `begins`."""

    def __init__(self, model, policy, settings, begins, surplus, most):
        super().__init__(model, policy, settings, surplus, most)
        self.begins, self.furthest = begins, None if self.forever else self.periods

    def now(self, ahead):
        return None if self.forever else self.begins + self.periods - ahead

    def stand(self, places):
        """If play is forever, looks far enough ahead for places (public state, grid points)."""
        if self.forever and not all(place in self.begun for place in places):
            self.furthest = self.look_ahead([*self.begun, *places])


class Games:
    """The games in which a history's periods are played. In each period everybody looks as far ahead as in the
    first; if not `receding`, only to the last period that the first looks ahead to, as `run` has it."""

    def __init__(self, model, settings=(), receding=True, surplus=False, most=math.inf):
        self.model, self.receding, self.surplus = model, receding, surplus
        by_name = {p.name: p for p in model.policies}
        timed = reads_now([e for s in model.stages for e in (s.effects, s.actions)] + model.payoffs)
        self.timed = timed and receding
        self.made = functools.lru_cache(maxsize=None)(
            lambda name, begins: Ahead(model, by_name[name], settings, begins, surplus, most))

    def of(self, policy, t):
        """The game of period t."""
        game = self.made(policy, t if self.timed else 1)
        if not self.receding and not game.forever:
            game.furthest = game.periods - t + 1
        return game


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
    """The rows of a history, under a policy where they name none, and the games that are played in them."""

    def __init__(self, games, rows, policy=None):
        self.games, self.model = games, games.model
        in_force = policy or self.model.policies[0].name
        self.rows = []
        for i, cells in enumerate(rows):
            in_force = (cells.get('policy') if i else None) or in_force
            self.rows.append(Row(self.model, cells, in_force))

    def game_of(self, t):
        """The game of the t-th period, which is row t + 1 of the file."""
        return self.games.of(self.rows[t].policy, t)

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


def rows_of(text, rows, settings=(), policy=None, surplus=False):
    """[log p_t] of a history of the model with this text."""
    model = reference.read_model(text, settings, [policy] if policy else None)
    return History(Games(model, settings, surplus=surplus), rows, policy).log_rows()


def spelled(model, v, value):
    """How a cell says the value of variable number v."""
    names = model.domains[model.variables[v]][2]
    return names[value] if names else str(value)


def draw(history, r):
    """Fills the cells of a history's rows by play, random.Random r deciding: [{column: text}], fewer rows if it
    ends. What the rows say already is kept to in the first row only, and as the policies in force."""
    model, places = history.model, history.first()
    if not places:
        raise HistoryError('row 1 cannot be')
    state, points, theta = r.choices(list(places), places.values())[0]
    rows = [{}]
    for t in range(1, len(history.rows)):
        game, row = history.game_of(t), history.rows[t]
        game.stand([(state, points)])
        node, left, taken = game.arrive(0, state, {}), -1, {'policy': row.policy}
        while True:
            for stage in model.stages[left + 1:node[0]]:
                taken.update({f'{stage.name}.{m}': 'none' for m in stage.movers})
            left = node[0]
            if left == len(model.stages):
                break
            options = list(ways(game, row, node, points, theta))
            profile, _, node, points, theta = r.choices(options, [p for _, p, *_ in options])[0]
            stage = model.stages[left]
            taken.update({f'{stage.name}.{m}': a for m, a in zip(stage.movers, profile)})
        state = node[1]
        whole = game.with_types(node, theta)[1]
        rows.append(taken | {name: spelled(model, v, whole[v]) for v, name in enumerate(model.variables)})
        if game.ended(state, dict(node[2])):
            break
    return rows


def main():
    parser = argparse.ArgumentParser(description='The likelihood of a history, as JSON.')
    parser.add_argument('model', metavar='MODEL')
    parser.add_argument('history', metavar='CSV')
    parser.add_argument('--set', action='append', default=[], metavar='name=value')
    parser.add_argument('--policy', metavar='P')
    parser.add_argument('--values', choices=['plain', 'surplus'], default='plain')
    options = parser.parse_args()
    try:
        with open(options.model, encoding='utf-8') as file:
            rows = rows_of(file.read(), cells_of(options.history), reference.numbers_set(options.set),
                           options.policy, options.values == 'surplus')
    except (HistoryError, ModelError, PathError) as trouble:
        print(f'{options.model}: {trouble}', file=sys.stderr)
        return 2
    print(json.dumps({'loglik': math.fsum(rows), 'rows': rows}, indent=1))
    return 0


if __name__ == '__main__':
    sys.exit(main())
