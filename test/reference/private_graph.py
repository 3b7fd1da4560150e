#!/usr/bin/env python3
"""Compares the game graph of models with private variables with the reference's, node by node.

The reference has types in its states and expands each joint type alone; the program has one graph for all of
them. At every node that any type can come to, for every profile and every joint type, what is paid and the
probabilities of (public place, type afterwards) must be the same to 1e-12, and so must what is paid and
reported at the ends of periods; no place may be missing or too much.

    private_graph.py PROGRAM RANDOM MODEL...     PROGRAM being private_graph.c; as many models of private_models.py, too
"""
import itertools
import json
import os
import subprocess
import sys
import tempfile

import private
import private_models
import reference

CLOSE = 1e-12


class Different(Exception):
    """The program says something else."""


def close(a, b):
    return abs(a - b) <= CLOSE * max(1.0, abs(a), abs(b))


class Comparison:
    def __init__(self, program, path, model, policy):
        done = subprocess.run([program, path, policy.name], capture_output=True, text=True)
        if done.returncode:
            raise Different(f'exit status {done.returncode}\n{done.stderr}')
        self.found = json.loads(done.stdout)
        self.game = game = private.PrivateGame(model, policy)
        self.names = [v for v in model.variables if v not in model.privates]
        self.types = list(itertools.product(*(range(grid.values) for grid in game.grids)))
        self.seen = {game.publics + x: {low + v: 2 * (v + 1) / (grid.values * (grid.values + 1))
                                        for v in range(grid.values)}
                     for x, (grid, low) in enumerate(zip(game.grids, game.lows))}
        self.places = [self.key(p) for p in self.found['places']]
        if len(set(self.places)) < len(self.places):
            raise Different('a place stands there twice')

    def key(self, place):
        """A place of the program as the reference writes it, without types."""
        choices = [(tuple(slot.split('.')), action) for slot, action in place['choices'].items()]
        return place['stage'], tuple(place['state'][v] for v in self.names), tuple(sorted(choices))

    def public(self, node):
        """A node of the reference without types; choices of skipped stages aren't told."""
        k, state, live = node
        return k, state[:self.game.publics], tuple(c for c in live if c[1] != 'none')

    def types_of(self, state):
        return tuple(v - low for v, low in zip(state[self.game.publics:], self.game.lows))

    def explore(self):
        """All public nodes that any type can come to, in the reference's way of writing them, by public key; and
        the number of states in which periods begin."""
        game = self.game
        nodes, begun = {}, {}
        states, t = [game.start[:game.publics]], 0
        while states if game.forever else t < game.periods:
            t += 1
            todo, following = [], {}
            for state in states:
                begun[state] = True
                todo.append(game.arrive(0, state, {}))
            done = set()
            while todo:
                node = todo.pop()
                if node in done:
                    continue
                done.add(node)
                nodes[self.public(node)] = node
                if node[0] == len(game.model.stages):
                    if not game.ended(node[1], dict(node[2])):
                        following[node[1]] = True
                    continue
                for theta in self.types:
                    for _, branches in game.expand(game.with_types(node, theta), t):
                        todo += [(k, state[:game.publics], live)
                                 for _, _, (k, state, live) in branches]
            states = [s for s in following if not game.forever or s not in begun]
        return nodes, begun

    def profiles(self, place):
        """The profiles that the program's cells stand for."""
        for options in itertools.product(*place['agents']):
            yield tuple(next(a for a in actions if a) for actions in zip(*options))

    def compare_node(self, place, node):
        game = self.game
        cells = dict(zip(self.profiles(place), place['cells']))
        for t, theta in enumerate(self.types):
            rows = dict(game.expand(game.with_types(node, theta), 1))
            if set(rows) != set(cells):
                raise Different(f'other profiles: {set(rows) ^ set(cells)}')
            for profile, branches in rows.items():
                wanted, found = {}, {}
                paid = [0.0] * len(game.actors)
                for p, pays, target in branches:
                    key = self.public(target), self.types_of(target[1])
                    wanted[key] = wanted.get(key, 0.0) + p
                    paid = [x + p * y for x, y in zip(paid, pays)]
                for p, target, after in cells[profile]['types'][t]:
                    key = self.places[target], tuple(after)
                    found[key] = found.get(key, 0.0) + p
                for key in set(wanted) | set(found):
                    if not close(wanted.get(key, 0.0), found.get(key, 0.0)):
                        raise Different(f'{profile} of type {theta} to {key}: {found.get(key)}, '
                                        f'expected {wanted.get(key)}')
                if not all(map(close, paid, cells[profile]['pays'][t])):
                    raise Different(f'{profile} of type {theta}: paid '
                                    f'{cells[profile]["pays"][t]}, expected {paid}')

    def compare_leaf(self, place, node):
        game = self.game
        choices = {**dict(node[2]), 'belief': self.seen}
        if bool(place['ended']) != game.ended(node[1], dict(node[2])):
            raise Different('ended or not')
        for t, theta in enumerate(self.types):
            state = game.with_types(node, theta)[1]
            paid = game.payoff(state, dict(node[2]), 1)
            said = [float(game.number(e, state, choices, 1))
                    for _, e in game.model.outcomes.values()]
            for wanted, found in ((paid, place['payoff'][t]), (said, place['outcome'][t])):
                if not all(map(close, wanted, found)):
                    raise Different(f'type {theta}: {found}, expected {wanted}')

    def compare(self):
        nodes, begun = self.explore()
        if set(nodes) != set(self.places):
            raise Different(f'other places: missing {set(nodes) - set(self.places)}, '
                            f'too much {set(self.places) - set(nodes)}')
        if len(begun) != self.found['states']:
            raise Different(f'{self.found["states"]} states, expected {len(begun)}')
        for wanted, found in zip(self.game.prior, self.found['prior']):
            if not all(map(close, wanted, found)):
                raise Different(f'the prior {found}, expected {wanted}')
        if [grid.n for grid in self.game.grids] != self.found['fineness']:
            raise Different(f'fineness {self.found["fineness"]}')
        for place, key in zip(self.found['places'], self.places):
            try:
                (self.compare_node if 'cells' in place else self.compare_leaf)(place, nodes[key])
            except Different as difference:
                raise Different(f'at {key}: {difference}') from None
        return len(self.places)


def main(program, random, paths):
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(random):
            paths.append(os.path.join(folder, f'{seed}.dtn'))
            with open(paths[-1], 'w', encoding='utf-8') as file:
                file.write(private_models.model(seed))
        return compare_all(program, paths)


def compare_all(program, paths):
    wrong = compared = 0
    for path in paths:
        with open(path, encoding='utf-8') as file:
            model = reference.read_model(file.read(), (), None)
        for policy in model.policies:
            try:
                compared += Comparison(program, path, model, policy).compare()
            except Different as difference:
                wrong += 1
                print(f'{path}, {policy.name}: {difference}')
    print(f'{len(paths)} models, {compared} places')
    return 1 if wrong or not compared else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
