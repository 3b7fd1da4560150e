"""The principal branch of logit equilibria of one simultaneous move.

Players i = 0..n-1 choose from sizes[i] actions; payoffs[profile][i] is player i's payoff at a
profile (a tuple of action numbers). In logit space y_i(a) = log s_i(a) - log s_i(0), the logit
equilibria at scale t are the zeros of

    H_i(a) = y_i(a) - t lambda_i (Q_i(a) - Q_i(0)),      a = 1 .. sizes[i]-1,

with Q_i(a) the expectation over the others' s. The path of zeros that starts at t = 0, y = 0 is
followed by pseudo-arclength: an Euler step along the tangent, then Newton steps orthogonal to it
(Allgower and Georg, Numerical Continuation Methods, 1990). The tangent keeps its direction, so
folds are no event. The sign of det [H'; tangent] is constant along a regular path: where it flips
the step is halved, which brings back a path that was about to be left; if it still flips over a
tiny step the point is a simple bifurcation, and is crossed along the continuous tangent.
"""
import functools
import itertools
import math

STEP_LIMIT = 0.4        # longest step, in logits
CROSSING = 1e-7         # a flip of the sign within this length is a bifurcation
MAX_STEPS = 200_000


class PathError(Exception):
    """The branch could not be followed to its end."""


def softmax(logits):
    top = max(logits)
    weights = [math.exp(x - top) for x in logits]
    total = sum(weights)
    return [w / total for w in weights]


def solve(matrix, right):
    """Gaussian elimination with partial pivoting: (solution, sign of the determinant); the
    solution is None when the matrix is singular to working precision."""
    n = len(matrix)
    rows = [list(matrix[i]) + [right[i]] for i in range(n)]
    sign = 1
    for k in range(n):
        pivot = max(range(k, n), key=lambda r: abs(rows[r][k]))
        if abs(rows[pivot][k]) < 1e-13:
            return None, 0
        if pivot != k:
            rows[k], rows[pivot] = rows[pivot], rows[k]
            sign = -sign
        if rows[k][k] < 0:
            sign = -sign
        top = rows[k]
        for r in range(k + 1, n):
            row = rows[r]
            factor = row[k] / top[k]
            if factor:
                for c in range(k, n + 1):
                    row[c] -= factor * top[c]
    solution = [0.0] * n
    for k in reversed(range(n)):
        rest = sum(rows[k][c] * solution[c] for c in range(k + 1, n))
        solution[k] = (rows[k][n] - rest) / rows[k][k]
    return solution, sign


class Move:
    """The equations of one simultaneous move."""

    def __init__(self, sizes, payoffs, rationality):
        self.sizes, self.payoffs, self.rationality = sizes, payoffs, rationality
        self.players = range(len(sizes))
        self.profiles = list(itertools.product(*map(range, sizes)))
        self.coordinates = [(i, a) for i in self.players for a in range(1, sizes[i])]
        largest = max((abs(x) * l for u in payoffs.values() for x, l in zip(u, rationality)))
        self.rounding = 1e-15 * (1 + largest)

    def strategies(self, y):
        logits = [[0.0] for _ in self.players]
        for (i, _), value in zip(self.coordinates, y):
            logits[i].append(value)
        return [softmax(row) for row in logits]

    def expected(self, s):
        """Q[i][a], the payoff of i's action a against the others' s."""
        q = [[0.0] * k for k in self.sizes]
        for profile in self.profiles:
            for i in self.players:
                weight = self.payoffs[profile][i]
                for j in self.players:
                    if j != i:
                        weight *= s[j][profile[j]]
                q[i][profile[i]] += weight
        return q

    def pairs(self, s):
        """D[i, j][a][b], the payoff of i when i plays a, j plays b, the others s."""
        d = {(i, j): [[0.0] * self.sizes[j] for _ in range(self.sizes[i])]
             for i in self.players for j in self.players if i != j}
        for profile in self.profiles:
            for (i, j), table in d.items():
                weight = self.payoffs[profile][i]
                for k in self.players:
                    if k != i and k != j:
                        weight *= s[k][profile[k]]
                table[profile[i]][profile[j]] += weight
        return d

    def equations(self, y, t):
        """H and its Jacobian, one row per equation, the last column dH/dt."""
        s = self.strategies(y)
        q, d = self.expected(s), self.pairs(s)
        values, rows = [], []
        for n, (i, a) in enumerate(self.coordinates):
            gain = q[i][a] - q[i][0]
            scale = self.rationality[i]
            values.append(y[n] - t * scale * gain)
            row = []
            for m, (j, b) in enumerate(self.coordinates):
                if i == j:
                    row.append(1.0 if m == n else 0.0)
                else:                                   # sum_c (D_ac - D_0c) ds_j(c)/dy_j(b)
                    table = d[i, j]
                    row.append(-t * scale * s[j][b] * (table[a][b] - table[0][b] - gain))
            rows.append(row + [-scale * gain])
        return values, rows

    def tangent(self, point, along):
        """The unit tangent at a point of the path with along . tangent > 0, and its orientation."""
        _, rows = self.equations(point[:-1], point[-1])
        direction, sign = solve(rows + [along], [0.0] * len(rows) + [1.0])
        if direction is None:
            return None, 0
        length = math.sqrt(sum(x * x for x in direction))
        return [x / length for x in direction], sign

    def correct(self, point, normal, tries=8):
        """Newton from a point to the path inside the hyperplane orthogonal to `normal`: (point,
        distance moved), or None."""
        start = point
        for _ in range(tries):
            values, rows = self.equations(point[:-1], point[-1])
            if max(map(abs, values)) <= self.rounding * (1 + max(map(abs, point))):
                return point, math.dist(start, point)
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


def principal_branch(sizes, payoffs, rationality, shrink=1.0):
    """The strategies at scale 1: a list of probabilities per player, and the number of
    bifurcations crossed. `shrink` scales every step (to check that it does not matter)."""
    move = Move(sizes, payoffs, rationality)
    dimension = len(move.coordinates)
    point = [0.0] * (dimension + 1)
    if dimension == 0:
        return move.strategies([]), 0
    direction, orientation = move.tangent(point, [0.0] * dimension + [1.0])
    crossed, step = 0, 0.1 * shrink
    for _ in range(MAX_STEPS):
        ahead = advance(move, point, direction, step)
        if not ahead or ahead[2] != orientation:        # too long, off the path, or a bifurcation
            step /= 2
            if step < CROSSING:
                point, direction = cross(move, point, direction, orientation, shrink)
                orientation, crossed, step = -orientation, crossed + 1, 1e-3 * shrink
            continue
        reached, turned, _ = ahead
        if reached[-1] >= 1:
            final = finish(move, point, reached, orientation)
            if final:
                return move.strategies(final), crossed
            step /= 2
            if step < CROSSING:
                raise PathError('the path of logit equilibria is singular at its end')
            continue
        bend = math.dist(direction, turned)
        point, direction = reached, turned
        if bend < 0.06 * shrink:
            step = min(step * 1.7, STEP_LIMIT * shrink)
        elif bend > 0.12 * shrink:
            step *= 0.6
    raise PathError('too many steps along the path of logit equilibria')


def advance(move, point, direction, step):
    """One step: (point, tangent, orientation), or None if it is too long to be trusted."""
    found = move.correct([x + step * dx for x, dx in zip(point, direction)], direction)
    if not found or found[1] > 0.2 * step + 1e-9:
        return None
    turned, sign = move.tangent(found[0], direction)
    if turned is None or math.dist(direction, turned) > 0.25:
        return None
    return found[0], turned, sign


def cross(move, point, direction, orientation, shrink):
    """Step over a bifurcation that lies just ahead, far enough to stand on regular ground again."""
    for step in (1e-3, 3e-3, 3e-4, 1e-4, 1e-5):
        ahead = advance(move, point, direction, step * shrink)
        if ahead and ahead[2] == -orientation and ahead[0][-1] < 1:
            return ahead[0], ahead[1]
    raise PathError('a bifurcation could not be crossed')


def finish(move, before, after, orientation):
    """Newton at scale 1 from between two points of the path: the logits, or None if it strays."""
    share = (1 - before[-1]) / (after[-1] - before[-1])
    y = [b + share * (a - b) for b, a in zip(before[:-1], after[:-1])]
    near, length = y, math.dist(before, after)
    best = math.inf
    for _ in range(30):
        values, rows = move.equations(y, 1.0)
        change, sign = solve([row[:-1] for row in rows], [-v for v in values])
        if change is None or sign != orientation:
            return None
        y = [x + dx for x, dx in zip(y, change)]
        size = max(map(abs, change))
        if math.dist(near, y) > 0.5 * length + 1e-9:
            return None
        if size >= best and size < 1e-11 * (1 + max(map(abs, y))) or size == 0:
            return y                                    # no longer shrinking: rounding is all
        best = min(best, size)
    return None


@functools.lru_cache(maxsize=200_000)
def equilibrium(sizes, payoffs, rationality):
    """principal_branch with hashable arguments (payoffs in the order of the profiles), remembered:
    many nodes pose the same problem."""
    profiles = itertools.product(*map(range, sizes))
    return principal_branch(sizes, dict(zip(profiles, payoffs)), rationality)[0]
