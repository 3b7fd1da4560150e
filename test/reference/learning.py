"""The strategies of a stage in which others learn from what is played: a path of fixed points.

Unknowns are the logits y of all agents (players, and types of players), relative to their first action; the
solutions at scale t are the zeros of H = y - t lambda (Q(a) - Q(first)), where Q depends on all strategies,
through the beliefs that follow each event too. With the piece of the grid (grid.py) held for every event H is
smooth; its Jacobian is taken by complex steps (Squire & Trapp 1998), exact to rounding. Near scale 0 the map is
a contraction and its fixed point the only one: it is iterated, and says which pieces the path enters. From
there pseudo-arclength (Allgower & Georg 1990), with the Jacobian of the last tangent in the corrector, to the
first event on each step: the scale reaches 1, or a weight reaches 0. There all pieces that are being left
change, and the new tangent has the old sign of det(J; tangent), so that the path may turn back.
"""
import cmath
import math

from branch import PathError, solve

MOST_STEPS, MOST_CROSSINGS = 20_000, 500
STEP_LIMIT, AFTER_CROSSING = 0.2, 1e-3
CROSSING = 1e-6          # a flip of the sign within this length is a bifurcation
OUTSIDE = 1e-11          # so far below 0 a weight has left its piece
COMPLEX_STEP = 1e-30


class Path:
    def __init__(self, place, value, rationality):
        self.place, self.value = place, value
        self.scale = {agent: rationality[agent[0]] for agent in place.agents}
        self.coordinates = [(agent, a) for agent in place.agents for a in place.actions[agent[0]][1:]]
        self.actors = {i for agent in place.agents for i in place.game.members[agent[0]]}
        self.pieces, self.held = None, None

    def strategies(self, y):
        logits = {agent: {place_first(self.place, agent): 0.0} for agent in self.place.agents}
        for (agent, a), x in zip(self.coordinates, y):
            logits[agent][a] = x
        return {agent: softmax(row) for agent, row in logits.items()}

    def gains(self, y):
        """lambda (Q(a) - Q(first)) for each coordinate."""
        sigma = self.strategies(y)
        q = self.place.quality(sigma, self.place.worth(sigma, self.value, self.pieces, self.actors))
        return [self.scale[agent] * (q[agent][a] - q[agent][place_first(self.place, agent)])
                for agent, a in self.coordinates]

    def equations(self, point):
        """H and its Jacobian, the last column dH/dt."""
        y, t = point[:-1], point[-1]
        gains = self.gains(y)
        rows = [[float(m == n) for m in range(len(y))] + [-g] for n, g in enumerate(gains)]
        for m in range(len(y)):
            moved = [x + (COMPLEX_STEP * 1j if n == m else 0) for n, x in enumerate(y)]
            for n, g in enumerate(self.gains(moved)):
                rows[n][m] -= t * (g.imag if isinstance(g, complex) else 0.0) / COMPLEX_STEP
        return [x - t * g for x, g in zip(y, gains)], rows

    def weights(self, point):
        """{(event, variable): [weights of the corners]} on the pieces held."""
        posteriors = self.place.posteriors(self.strategies(point[:-1]))
        return {(event, x): [w for _, w in self.place.game.grids[x].corners(
            self.place.support[event, x], piece, posteriors[event][x])]
            for (event, x), piece in self.pieces.items()}

    def beyond(self, point):
        """The events that lie before the point: weights (key, number) that have left their piece, or None
        for scale 1."""
        return [(key, i) for key, row in self.weights(point).items() for i, w in enumerate(row)
                if w < -OUTSIDE] + ([None] if point[-1] >= 1 else [])

    def slack(self, point, events):
        """How far the point is from the first of the events: negative beyond it."""
        weights = self.weights(point)
        return min(1 - point[-1] if event is None else weights[event[0]][event[1]] for event in events)

    def begin(self):
        """A point of the path close to scale 0, and the pieces in which it lies."""
        t = 1e-3
        while t > 1e-12:
            y, change = [0.0] * len(self.coordinates), math.inf
            for _ in range(100):
                new = [t * g for g in self.gains(y)]
                before, change = change, max((abs(a - b) for a, b in zip(new, y)), default=0.0)
                y = new
                if change <= 1e-17 or change > 0.2 * before and before < math.inf and change > 1e-15:
                    break
            if change <= 1e-15:
                posteriors = self.place.posteriors(self.strategies(y))
                self.pieces = {(event, x): self.place.game.grids[x].piece(self.place.support[event, x], b)
                               for event, by in posteriors.items() for x, b in by.items()}
                return y + [t]
            t /= 10
        raise PathError('no contraction near scale 0')

    def tangent(self, point, along):
        """The unit tangent with along . tangent > 0, and the sign of det(J; tangent)."""
        _, rows = self.equations(point)
        self.held = rows
        direction, sign = solve(rows + [along], [0.0] * len(rows) + [1.0])
        if direction is None:
            return None, 0
        length = math.hypot(*direction)
        return [x / length for x in direction], sign

    def correct(self, point, normal):
        """Newton's steps with the Jacobian of the last tangent, orthogonal to `normal`."""
        start, rows = point, self.held
        for _ in range(30):
            values = [x - point[-1] * g for x, g in zip(point[:-1], self.gains(point[:-1]))]
            change, _ = solve(rows + [normal], [-v for v in values] + [0.0])
            if change is None:
                return None
            point = [x + dx for x, dx in zip(point, change)]
            size = max(map(abs, change))
            if size > 10:
                return None
            if size < 1e-12 * (1 + max(map(abs, point))):
                return point, math.dist(start, point)
        return None

    def ahead(self, point, direction, step):
        found = self.correct([x + step * dx for x, dx in zip(point, direction)], direction)
        return found[0] if found and found[1] <= 0.2 * step + 1e-9 else None

    def dips(self, point, direction, reached, turned):
        """Whether the path may leave a piece, or pass scale 1, and come back between two points: a cubic through
        the weights and their slopes goes below 0."""
        length = math.dist(point, reached)
        ends = []
        for at, along in ((point, direction), (reached, turned)):
            moved = [x + COMPLEX_STEP * 1j * d for x, d in zip(at, along)]
            row = [1 - moved[-1]] + [w for row in self.weights(moved).values() for w in row]
            ends.append([(w.real, length * w.imag / COMPLEX_STEP) for w in map(complex, row)])
        for (a, slope_a), (b, slope_b) in zip(*ends):
            for s in (1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 7 / 8):
                w = ((1 + 2 * s) * (1 - s) ** 2 * a + s * (1 - s) ** 2 * slope_a
                     + s * s * (3 - 2 * s) * b + s * s * (s - 1) * slope_b)
                if w < -OUTSIDE:
                    return True
        return False

    def first_event(self, point, direction, step, reached):
        """The first event between two points of the path, [events], point: bisection with secants."""
        events = self.beyond(reached)
        low, at_low = 0.0, max(self.slack(point, events), 0.0)
        high, at_high = step, self.slack(reached, events)
        for n in range(200):
            share = at_low / (at_low - at_high) if n % 3 and at_low > at_high else 0.5
            middle = low + min(max(share, 0.01), 0.99) * (high - low)
            reached = self.ahead(point, direction, middle)
            if reached is None:
                return None, None
            slack = self.slack(reached, events)
            if slack >= 0:
                low, at_low = middle, slack
            else:
                high, at_high = middle, slack
            if abs(slack) < 1e-14 or high - low < 1e-15 * (1 + step):
                break
        return [event for event in events if self.slack(reached, [event]) < 1e-9], reached

    def leave(self, events, point, direction, orientation):
        """Change all pieces that are being left at a point: the new tangent."""
        for key in {event[0] for event in events}:
            lost = {i for event_key, i in events if event_key == key}
            self.pieces[key] = self.place.game.grids[key[1]].next_piece(self.pieces[key], lost)
            if self.pieces[key] is None or min(self.weights(point)[key]) < -1e-8:
                raise PathError('a belief leaves its piece, and no other begins there')
        turned, sign = self.tangent(point, direction)
        if turned is None:
            raise PathError('singular at a kink')
        return turned if sign == orientation else [-x for x in turned]

    def cross(self, point, direction, orientation):
        """Step over a simple bifurcation just ahead, along the continuous tangent and within the piece."""
        for step in (1e-3, 3e-3, 3e-4, 1e-4, 1e-5):
            reached = self.ahead(point, direction, step)
            if reached and not self.beyond(reached):
                turned, sign = self.tangent(reached, direction)
                if turned and sign == -orientation and math.dist(direction, turned) < 0.25:
                    return reached, turned
        raise PathError('the path is lost')

    def follow(self):
        if not self.coordinates:
            return self.strategies([])
        point = self.begin()
        direction, orientation = self.tangent(point, [0.0] * len(self.coordinates) + [1.0])
        step, crossings = 0.02, 0
        for _ in range(MOST_STEPS):
            reached = self.ahead(point, direction, step)
            turned, sign = self.tangent(reached, direction) if reached else (None, 0)
            if turned is None or math.dist(direction, turned) > 0.25 or sign != orientation:
                step /= 2
                if step < CROSSING:
                    point, direction = self.cross(point, direction, orientation)
                    orientation, step = -orientation, AFTER_CROSSING
                continue
            if self.beyond(reached):
                events, at = self.first_event(point, direction, step, reached)
                if not events:
                    step /= 2
                    if step < 1e-12:
                        raise PathError('the path is lost at an event')
                    continue
                if None in events:
                    return self.strategies(self.finish(at))
                direction = self.leave(events, at, direction, orientation)
                point, step, crossings = at, AFTER_CROSSING, crossings + 1
                if crossings > MOST_CROSSINGS:
                    raise PathError('too many kinks')
                continue
            if step > AFTER_CROSSING / 100 and self.dips(point, direction, reached, turned):
                step /= 2
                continue
            bend = math.dist(direction, turned)
            point, direction = reached, turned
            if bend < 0.06:
                step = min(step * 1.7, STEP_LIMIT)
            elif bend > 0.12:
                step *= 0.6
        raise PathError('too many steps')

    def finish(self, point):
        """Newton at scale 1 from a point next to it."""
        y = point[:-1]
        best = math.inf
        for _ in range(30):
            values, rows = self.equations(y + [1.0])
            change, _ = solve([row[:-1] for row in rows], [-v for v in values])
            if change is None:
                break
            y = [x + dx for x, dx in zip(y, change)]
            size = max(map(abs, change))
            if size == 0 or size >= best and size < 1e-11 * (1 + max(map(abs, y))):
                return y
            best = min(best, size)
        raise PathError('the path is singular at its end')


def place_first(place, agent):
    return place.actions[agent[0]][0]


def softmax(row):
    top = max(x.real for x in row.values())
    weights = {a: cmath.exp(x - top) if isinstance(x, complex) else math.exp(x - top)
               for a, x in row.items()}
    total = sum(weights.values())
    return {a: w / total for a, w in weights.items()}


def follow(place, value, rationality):
    """{agent: {action: probability}} at a Place, on the principal branch."""
    return Path(place, value, rationality).follow()
