"""The mechanical chain of two policies P and Q where there are private variables.

A game here is met with a grid point for each variable, and is solved where something asks for it (private.py).
`Rules` is P asked at the situations of Q's chain; `Mechanical` is Q, with strategies that are P's at the same
node and points: type by type, renormalised over what Q allows, and averaged over the belief for whoever
doesn't know under Q what it knew under P. Beliefs then follow from what is played, by the same Place that
serves every game; a profile that nobody plays is no event of it.
"""
import itertools
import math

import branch
import chain
import private
from ingredients import Elsewhere, Remembering


class Rules(Elsewhere, private.PrivateGame):
    """P at all situations of another game."""

    def logits_of(self, node, points, ahead):
        """{agent: {actions: lambda Q}} at one of P's own nodes."""
        place, sigma = self.play(node, points, ahead)
        quality = place.quality(sigma, place.worth(sigma, self.later(ahead)))
        return {agent: {a: self.player_rationality[agent[0]] * q for a, q in row.items()}
                for agent, row in quality.items()}


class Mechanical(Remembering, private.PrivateGame):
    """Q's game, played as P's rules say. Players are P's, numbered as there; those who don't know what they
    know there have the numbers after all of these."""

    def follow(self, rules):
        self.rules, self.uniform = rules, {}
        self.others = len(rules.members)
        self.owned = rules.owned + [None] * self.others

    def slots(self, node):
        found = {}
        for p, positions in self.rules.slots(node).items():
            owner = next(iter(self.rules.members[p])) if self.rules.owned[p] is not None else None
            movers = [self.model.stages[node[0]].movers[x] for x in positions]
            knows = owner is None or all(self.actor_index(mover) == owner for mover in movers)
            found[p if knows else p + self.others] = positions
        return found

    def play(self, node, points, ahead):
        key = node, points, ahead
        if key not in self.solved:
            place = private.Place(self, node, points, self.now(ahead))
            sigma = self.carry(place, ahead) if place.players else {}
            for profile, rows in list(place.rows.items()):
                if not any(place.probability(sigma, profile, theta) for theta in rows):
                    del place.rows[profile]
            place.find_events()
            self.solved[key] = place, sigma
        return self.solved[key]

    def carry(self, place, ahead):
        """{agent: {action: probability}}."""
        rules, now = self.rules, 1 if self.forever else self.now(ahead)
        own, logits = rules.situation(place.node), {}
        if own and (now, own) not in rules.lost:
            logits = rules.logits_of(own, place.points, rules.furthest if self.forever else ahead)
        sigma, self.uniform[place.node, now] = {}, 0
        for player, positions in place.players.items():
            p, actions = player % self.others, place.actions[player]
            mixed = {k: restricted(row, actions) for (q, _, k), row in logits.items() if q == p}
            if not mixed or None in mixed.values():
                assert not any(mixed.values())
                self.uniform[place.node, now] += len(positions)
                mixed = dict.fromkeys(mixed or [None], dict.fromkeys(actions, 1 / len(actions)))
            for agent in place.agents:
                if agent[0] == player and agent[2] in mixed:
                    sigma[agent] = mixed[agent[2]]
                elif agent[0] == player:
                    weights = {k: place.beliefs[rules.owned[p]][k] if k is not None else 1.0 for k in mixed}
                    sigma[agent] = {a: sum(weights[k] * row[a] for k, row in mixed.items()) for a in actions}
        return sigma


def restricted(row, actions):
    """The probabilities of some actions alone, from logits; None if there are none of these."""
    known = [a for a in actions if a in row]
    if not known:
        return None
    return {**dict.fromkeys(actions, 0.0), **dict(zip(known, branch.softmax([row[a] for a in known])))}


def solve(model, policy, settings, surplus, most):
    game = private.PrivateGame(model, policy, settings, surplus, most)
    return chain.outcomes(game, game.begin())


def carry(model, start, goal, settings, surplus, most):
    """The outcomes of the mechanical chain, and the share of decisions taken uniformly."""
    play = Mechanical(model, goal, settings, most=most)
    play.explore()
    rules = Rules(model, start, settings, surplus, most)
    rules.explore_from(play)
    rules.begin()
    play.furthest = 1 if play.forever else play.periods
    play.follow(rules)
    first, known = play.arrive(0, play.start, {}), None
    while known != len(rules.begun):        # play forever must have settled wherever the chain comes
        known = len(rules.begun)
        play.solved.clear()
        outcomes = chain.outcomes(play, first)
        if play.forever:
            rules.furthest = rules.look_ahead(list(rules.begun))
        else:
            break
    decisions = uniform = 0.0
    for t, node, _, by in chain.flow(play, first):
        if node[0] < len(model.stages):
            decisions += sum(by.values()) * len(model.stages[node[0]].movers)
            uniform += sum(by.values()) * play.uniform.get((node, 1 if play.forever else t), 0)
    return outcomes, uniform / decisions if decisions else 0.0
