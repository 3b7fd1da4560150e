"""What follows from the strategies of a game with private variables: outcomes, gaps and calibration.

All are expectations over the chain of (node, grid points, true types): a type's action by its own strategy, a
branch by its probability for the true types, and for each variable the signal's move from b' to the grid
point g with probability w_g(b') g(k)/b'(k), k being the true type.
"""
import functools
import itertools
import math

import reference


def flow(game, first):
    """(period, node, points, {joint types: probability}) wherever the chain comes over the horizon, leaves too, in
    the order of play."""
    mass = {}
    for points, weight, _ in game.first_points():
        beliefs = [grid.belief(p) for grid, p in zip(game.grids, points)]
        for theta in itertools.product(*(range(grid.values) for grid in game.grids)):
            chance = weight * math.prod(b[v] for b, v in zip(beliefs, theta))
            mass.setdefault((first, points), {})[theta] = chance
    for t in range(1, game.model.horizon + 1):
        following = {}
        while mass:
            stage = min(node[0] for node, _ in mass)
            here = {key: mass.pop(key) for key in list(mass) if key[0][0] == stage}
            for (node, points), by in here.items():
                yield t, node, points, by
                pass_on(game, node, points, by, t, mass, following)
        mass = following


def calibration(game, first):
    """The largest difference, anywhere in the chain over the horizon, between the share of a joint type at a
    place and a grid point, and what is believed there."""
    worst = 0.0
    for _, _, points, by in flow(game, first):
        total, beliefs = sum(by.values()), [g.belief(p) for g, p in zip(game.grids, points)]
        if total > 0:
            worst = max(worst, *(abs(m / total - math.prod(b[v] for b, v in zip(beliefs, theta)))
                                 for theta, m in by.items()))
    return worst


def pass_on(game, node, points, by, t, mass, following):
    """Spread the mass at a place over what follows: in this period, or in the next one."""
    def add(to, key, theta, amount):
        row = to.setdefault(key, dict.fromkeys(by, 0.0))
        row[theta] += amount
    if node[0] == len(game.model.stages):
        if not game.ended(node[1], dict(node[2])):
            for theta, amount in by.items():
                add(following, (game.arrive(0, node[1], {}), points), theta, amount)
        return
    place, sigma = game.play(node, points, game.ahead_at(t))
    signals = place.signals(place.posteriors(sigma))
    for profile, rows in place.rows.items():
        for theta, (_, follows) in rows.items():
            chance = by[theta] * place.probability(sigma, profile, theta)
            for p, event, after in follows:
                for to, weight, ratio in signals[event]:
                    for x in place.moved:
                        weight = weight * ratio[x][after[x]]
                    if weight:
                        add(mass, (event[1], to), after, chance * p * weight)


def outcomes(game, first):
    """The expectation of every outcome."""
    return average(game, from_start(game, first))


def outcomes_by_type(game, first):
    """{owner: {value: outcomes}} if its variable has that value at the start; of values that it can have."""
    begins, found = list(from_start(game, first)), {}
    for owner, x in game.owner_of.items():
        low, _, names = game.model.domains[list(game.model.privates)[x]]
        types = sorted({theta[x] for _, theta, _ in begins})
        found[game.actors[owner]] = {names[v] if names else str(low + v): average(
            game, [begin for begin in begins if begin[1][x] == v]) for v in types}
    return found


def average(game, begins):
    begins = list(begins)
    all_of_them = math.fsum(chance for chance, *_ in begins)
    return {name: math.fsum(chance * v[i] for chance, _, v in begins) / all_of_them
            for i, name in enumerate(game.model.outcomes)}


def from_start(game, first):
    """(chance, joint types, [outcomes from there]) as play begins, once the first signals are heard."""
    nothing = [0.0] * len(game.model.outcomes)

    def seen(points):
        return {game.publics + x: {low + v: b for v, b in enumerate(grid.belief(p))}
                for x, (grid, p, low) in enumerate(zip(game.grids, points, game.lows))}

    @functools.lru_cache(maxsize=None)
    def expected(node, points, theta, t):
        if node[0] == len(game.model.stages):
            return period_end(node, points, theta, t)
        place, sigma = game.play(node, points, game.ahead_at(t))
        signals = place.signals(place.posteriors(sigma))
        total = nothing[:]
        for profile, rows in place.rows.items():
            chance = place.probability(sigma, profile, theta)
            for p, event, after in rows[theta][1]:
                for to, weight, ratio in signals[event]:
                    for x in place.moved:
                        weight = weight * ratio[x][after[x]]
                    if weight:
                        for i, v in enumerate(expected(event[1], to, after, t)):
                            total[i] += chance * p * weight * v
        return total

    def period_end(node, points, theta, t):
        state, choices = game.with_types(node, theta)[1], dict(node[2])
        later = None
        if t < game.model.horizon and not game.ended(state, choices):
            later = expected(game.arrive(0, node[1], {}), points, theta, t + 1)
        return game.outcomes_from(t, state, choices, later, seen(points))

    for points, weight, _ in game.first_points():
        beliefs = [grid.belief(p) for grid, p in zip(game.grids, points)]
        for theta in itertools.product(*([v for v, b in enumerate(b) if b > 0] for b in beliefs)):
            chance = weight * math.prod(b[v] for b, v in zip(beliefs, theta))
            yield chance, theta, expected(first, points, theta, 1)


def gaps(game, first):
    """How much each player would gain by replying as well as it can, a type at a time; nothing that it does
    changes what is believed after an event."""
    periods = game.periods
    if game.forever:
        longest = max(game.discount)
        periods = 2 if longest == 0 else max(2, math.ceil(math.log(1e-17) / math.log(longest)))
    gains = []
    for p, members in enumerate(game.members):
        worth = [0.0, 0.0]
        for best in (False, True):
            value = replying(game, p, best, periods)
            x = game.owned[p]
            for points, weight, _ in game.first_points():
                types = [(None, 1.0)] if x is None else [
                    (v, b) for v, b in enumerate(game.grids[x].belief(points[x])) if b > 0]
                for own, b in types:
                    worth[best] += weight * b * value(first, points, own, 1)
        gains.append(worth[True] - worth[False])
    return {a: gains[game.player_of[a]] for a in game.actors}


def replying(game, p, best, periods):
    """The value function of player p, weighted by its members' own discounts:
    f(node, points, own type, t)."""
    x, memo = game.owned[p], {}

    def value(node, points, own, t):
        key = node, points, own, t
        if key not in memo:
            memo[key] = (end if node[0] == len(game.model.stages) else move)(node, points, own, t)
        return memo[key]

    def end(node, points, own, t):
        state, choices = node[1], dict(node[2])
        total = 0.0
        beliefs = [grid.belief(g) for grid, g in zip(game.grids, points)]
        for theta in itertools.product(*([own] if y == x else [v for v, b in enumerate(belief) if b > 0]
                                         for y, belief in enumerate(beliefs))):
            chance = math.prod(b[v] for y, (b, v) in enumerate(zip(beliefs, theta)) if y != x)
            paid = game.payoff(game.with_types(node, theta)[1], choices, game.now(game.ahead_at(t)))
            total += chance * sum(counted(game, p, i, t) * paid[i] for i in game.members[p])
        if t < periods and not game.ended(state, choices):
            total += value(game.arrive(0, state, {}), points, own, t + 1)
        return total

    def move(node, points, own, t):
        place, sigma = game.play(node, points, game.ahead_at(t))
        signals, q = place.signals(place.posteriors(sigma)), {}
        for profile, rows in place.rows.items():
            mine = tuple(profile[i] for i in place.players.get(p, ()))
            for theta, (paid, follows) in rows.items():
                if x is not None and theta[x] != own:
                    continue
                chance = place.chance[theta] / (1.0 if x is None else place.beliefs[x][own])
                for agent, positions in place.players.items():
                    if agent != p:
                        y = game.owned[agent]
                        chance *= sigma[agent, y, None if y is None else theta[y]][
                            tuple(profile[i] for i in positions)]
                total = sum(counted(game, p, i, t) * paid[i] for i in game.members[p])
                for prob, event, after in follows:
                    for to, weight, ratio in signals[event]:
                        if x in place.moved:
                            weight = weight * ratio[x][after[x]]
                        if weight:
                            total += prob * weight * value(
                                event[1], to, None if x is None else after[x], t)
                q[mine] = q.get(mine, 0.0) + chance * total
        if p not in place.players:
            return q[()]
        if best:
            return max(q.values())
        return sum(sigma[p, x, own][a] * v for a, v in q.items())
    return value


def counted(game, p, i, t):
    """What a payment to member i counts for player p in period t, seen from the start."""
    return game.members[p][i] * game.discount[i] ** (t - 1)
