"""The grid on which beliefs about a private variable are kept, and the signal that moves them there.

A belief about a variable of K values is written c_m = b(1)+...+b(m), m = 1..K-1; a grid point has every c_m
in {(1 - cos(pi j/N))/2}, and is named by the tuple of its j. A belief off the grid lies in one simplex of a
triangulation (Kuhn 1960), the *piece*: for each c_m its interval, and the order in which the c_m are raised,
that of falling place r in the interval. On a piece the weights of the corners are linear in c; a piece may be
held while c moves, and weights go below 0 where c leaves it. Where the types that are left say that two c_m
are equal, or that one is 0 or 1, whatever the strategies, they move together or not at all: so no weight is 0
all along.
"""
import math


class Grid:
    """The grid of one variable with K values."""

    def __init__(self, values, fineness):
        self.values, self.n = values, fineness
        self.knots = [(1 - math.cos(math.pi * j / fineness)) / 2 for j in range(fineness + 1)]
        self.knots[fineness // 2] = 0.5

    def belief(self, point):
        """b(1..K) at a grid point."""
        c = [0.0, *(self.knots[j] for j in point), 1.0]
        return [c[m + 1] - c[m] for m in range(self.values)]

    def groups(self, support):
        """[(m, ...)]: the c_m that move, those that are equal together; m counts from 0. And the c_m that
        are 0 or 1: {m: j}."""
        found, fixed = [], {}
        for m in range(self.values - 1):
            if not any(support[:m + 1]):
                fixed[m] = 0
            elif not any(support[m + 1:]):
                fixed[m] = self.n
            elif m and not support[m] and found and found[-1][-1] == m - 1:
                found[-1].append(m)
            else:
                found.append([m])
        return found, fixed

    def piece(self, support, b):
        """The piece in which b lies: (interval of each group, groups in the order of raising)."""
        groups, _ = self.groups(support)
        c = self.sums(b)
        lows = []
        for group in groups:
            x = c[group[0]].real
            lows.append(next((j for j in range(self.n) if x <= self.knots[j + 1]), self.n - 1))
        places = self.places(groups, lows, c)
        # Ties: the smaller m last. Types that only differ by rounding are a tie.
        order = sorted(range(len(groups)), key=lambda i: (-round(places[i].real, 14), -i))
        return tuple(lows), tuple(order)

    def sums(self, b):
        total, c = 0.0, []
        for x in b[:-1]:
            total = total + x
            c.append(total)
        return c

    def places(self, groups, lows, c):
        """r of each group: its place in its interval."""
        return [(c[g[0]] - self.knots[j]) / (self.knots[j + 1] - self.knots[j])
                for g, j in zip(groups, lows)]

    def corners(self, support, piece, b):
        """[(grid point, weight)] of b, by the given piece."""
        groups, fixed = self.groups(support)
        lows, order = piece
        r = self.places(groups, lows, self.sums(b))
        point = [fixed.get(m, 0) for m in range(self.values - 1)]
        for group, j in zip(groups, lows):
            for m in group:
                point[m] = j
        found, last = [], 1.0
        for i in order:
            found.append((tuple(point), last - r[i]))
            last = r[i]
            for m in groups[i]:
                point[m] += 1
        return found + [(tuple(point), last)]

    def next_piece(self, piece, lost):
        """The piece beyond the corners whose weights (by number, in the order of `corners`) reach 0."""
        lows, order = list(piece[0]), list(piece[1])
        n = len(order)
        # Groups that reach the same place change their order; those at an end change the interval.
        blocks, at = [], 0
        while at < n:
            end = at
            while end + 1 < n and end + 1 in lost:
                end += 1
            blocks.append(order[at:end + 1][::-1])
            at = end + 1
        up = blocks.pop(0) if blocks and 0 in lost else []
        down = blocks.pop() if blocks and n in lost else []
        if any(lows[i] + 1 >= self.n for i in up) or any(lows[i] == 0 for i in down):
            return None
        for i in up:
            lows[i] += 1
        for i in down:
            lows[i] -= 1
        return tuple(lows), tuple(down + [i for block in blocks for i in block] + up)
