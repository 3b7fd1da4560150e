"""Backward induction on an exported graph, one world at a time, in NumPy and in Numba.

    recursion.py EXPORT.json

This is what an analyst would write who has the graph: the recursion of docs/method.md, as plainly
as each of the two allows it. NumPy works at once on all nodes of a stage that have the same agents
and numbers of actions; Numba compiles loops over nodes, cells and branches. Where two agents move
at once, each answers the other's strategy by its logit response, in turn, until nothing changes,
beginning with the strategies of the period after. That finds some equilibrium, or none; so the
outcome is held against the export: the values at the start, and each node's strategy in the first
period in which it can occur, must agree to 1e-9. More than two agents at once are not provided
for.

Prints a JSON object: seconds of the processor for the values of one world (the median of several;
without compiling, and without what is worked out once for a graph), the same in nanoseconds for a
node and period (of all nodes times all periods), and the greatest difference from the export.
"""

import json
import os
import statistics
import sys
import time

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"  # read when NumPy is imported

import numba
import numpy as np

from graph import Graph

AGREE = 1e-9
SETTLED = 1e-11  # change of a strategy in a round of responses
MOST_ROUNDS = 10000
REPEATS = 5


class Group:
    """Nodes of one stage with the same agents and the same numbers of actions."""

    def __init__(self, graph, nodes):
        first = graph.node_agent_first[nodes[0]]
        last = graph.node_agent_first[nodes[0] + 1]
        agent = graph.node_agent[first:last]
        self.nodes = nodes
        self.options = graph.node_option[first:last]
        self.cells = int(np.prod(self.options))
        cell = (graph.node_cell[nodes][:, None] + np.arange(self.cells)).ravel()
        length = graph.cell_branch[cell + 1] - graph.cell_branch[cell]
        self.cell_first = np.append(0, np.cumsum(length))
        branch = np.repeat(graph.cell_branch[cell] - self.cell_first[:-1], length)
        branch += np.arange(len(branch))
        self.pay = graph.cell_pay[cell]
        self.target = graph.branch_target[branch]
        self.probability = graph.branch_probability[branch][:, None]
        self.sigma = [np.full((len(nodes), options), 1 / options) for options in self.options]
        self.weight = graph.weight[agent] * graph.rationality[agent, None]
        depth = graph.depth[nodes]
        self.count = [np.searchsorted(depth, t, side="right") for t in range(graph.periods)]


def make_groups(graph):
    """The groups, from the last stage to the first."""
    groups = {}
    for node in range(graph.nodes):
        agents = slice(graph.node_agent_first[node], graph.node_agent_first[node + 1])
        stage = graph.stage[node]
        key = (-stage, *graph.node_agent[agents], *graph.node_option[agents])
        groups.setdefault(key, []).append(node)
    return [Group(graph, np.array(groups[key])) for key in sorted(groups)]


def softmax(logit):
    odds = np.exp(logit - logit.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def respond_in_turn(utility, sigma):
    """Equilibria of two agents; utility: for each of them [nodes][its actions][the other's]."""
    for _ in range(MOST_ROUNDS):
        before = sigma[1].copy()
        for mine, theirs in ((0, 1), (1, 0)):
            sigma[mine][:] = softmax((utility[mine] @ sigma[theirs][:, :, None])[:, :, 0])
        if np.abs(sigma[1] - before).max() <= SETTLED:
            return
    raise ArithmeticError("responses don't settle")


def node_values(group, q):
    """The values [nodes][actors] from q [nodes][cells][actors]; strategies into group.sigma."""
    sigma = [mixed[: len(q)] for mixed in group.sigma]
    if len(sigma) == 0:
        return q[:, 0]
    if len(sigma) == 1:
        sigma[0][:] = softmax(q @ group.weight[0])
        return (sigma[0][:, :, None] * q).sum(axis=1)
    utility = [(q @ weight).reshape(-1, *group.options) for weight in group.weight]
    respond_in_turn((utility[0], utility[1].transpose(0, 2, 1)), sigma)
    profile = (sigma[0][:, :, None] * sigma[1][:, None, :]).reshape(len(q), -1)
    return (profile[:, :, None] * q).sum(axis=1)


def solve_numpy(graph, groups):
    """The actors' values at the start."""
    value = np.zeros((graph.nodes + graph.leaves, graph.actors))
    after = np.zeros((len(graph.state_place) + 1, graph.actors))  # the last one: nothing follows
    for t in reversed(range(graph.periods)):
        leaves = graph.stage_count[t, graph.stages]
        value[graph.nodes : graph.nodes + leaves] = (
            graph.leaf_pay[:leaves] + graph.discount * after[graph.leaf_next[:leaves]]
        )
        for group in groups:
            nodes = group.count[t]
            cells = nodes * group.cells
            branches = group.cell_first[cells]
            if nodes > 0:
                flow = group.probability[:branches] * value[group.target[:branches]]
                q = group.pay[:cells] + np.add.reduceat(flow, group.cell_first[:cells])
                q = q.reshape(nodes, group.cells, graph.actors)
                value[group.nodes[:nodes]] = node_values(group, q)
        after[:-1] = value[graph.state_place]
    return after[graph.start]


def sigma_of(graph, groups):
    """The groups' strategies in the order of the export."""
    sigma = np.empty_like(graph.sigma)
    for group in groups:
        at = graph.sigma_first[group.nodes][:, None]
        for mixed in group.sigma:
            sigma[at + np.arange(mixed.shape[1])] = mixed
            at = at + mixed.shape[1]
    return sigma


@numba.njit
def respond(rationality, utility, sigma):
    """sigma: the logit response to utility, which is overwritten; returns the greatest change."""
    best = utility[0]
    for a in range(1, len(sigma)):
        best = max(best, utility[a])
    total = 0.0
    for a in range(len(sigma)):
        utility[a] = np.exp(rationality * (utility[a] - best))
        total += utility[a]
    change = 0.0
    for a in range(len(sigma)):
        p = utility[a] / total
        change = max(change, abs(p - sigma[a]))
        sigma[a] = p
    return change


@numba.njit
def choose_alone(rationality, weight, q, sigma, utility, value):
    for a in range(len(sigma)):
        utility[a] = 0.0
        for i in range(len(value)):
            utility[a] += weight[i] * q[a, i]
    respond(rationality, utility, sigma)
    for i in range(len(value)):
        value[i] = 0.0
        for a in range(len(sigma)):
            value[i] += sigma[a] * q[a, i]


@numba.njit
def choose_at_once(rationality, weight, agents, q, sigma, theirs, utility, mean, value):
    """theirs: the other agent's strategy; utility: work space [2][cells], mean: [actions]."""
    rows, columns = len(sigma), len(theirs)
    first, second = agents
    for cell in range(rows * columns):
        utility[0, cell] = utility[1, cell] = 0.0
        for i in range(len(value)):
            utility[0, cell] += weight[first, i] * q[cell, i]
            utility[1, cell] += weight[second, i] * q[cell, i]
    for _ in range(MOST_ROUNDS):
        for a in range(rows):
            mean[a] = 0.0
            for b in range(columns):
                mean[a] += theirs[b] * utility[0, a * columns + b]
        respond(rationality[first], mean, sigma)
        for b in range(columns):
            mean[b] = 0.0
            for a in range(rows):
                mean[b] += sigma[a] * utility[1, a * columns + b]
        if respond(rationality[second], mean, theirs) <= SETTLED:
            break
    else:
        raise ArithmeticError("responses don't settle")
    for i in range(len(value)):
        value[i] = 0.0
        for a in range(rows):
            for b in range(columns):
                value[i] += sigma[a] * theirs[b] * q[a * columns + b, i]


@numba.njit
def sweep_numba(
    periods, stage_first, stage_count, node_agent_first, node_agent, node_option, node_cell,
    cell_branch, cell_pay, branch_target, branch_probability, leaf_pay, leaf_next, state_place,
    start, discount, weight, rationality, sigma_first, sigma,
):  # fmt: skip
    """The actors' values at the start, all nodes' strategies into sigma: arrays as in Graph."""
    nodes, stages, actors = len(node_cell) - 1, len(stage_first) - 2, len(discount)
    value = np.zeros((nodes + len(leaf_next), actors))
    after = np.zeros((len(state_place), actors))
    most_cells = np.diff(node_cell).max()
    q = np.empty((most_cells, actors))
    utility = np.empty((2, most_cells))
    mean = np.empty(most_cells)
    for t in range(periods - 1, -1, -1):
        for leaf in range(stage_count[t, stages]):
            for i in range(actors):
                value[nodes + leaf, i] = leaf_pay[leaf, i]
                if leaf_next[leaf] >= 0:
                    value[nodes + leaf, i] += discount[i] * after[leaf_next[leaf], i]
        for stage in range(stages - 1, -1, -1):
            for n in range(stage_first[stage], stage_first[stage] + stage_count[t, stage]):
                for cell in range(node_cell[n], node_cell[n + 1]):
                    c = cell - node_cell[n]
                    for i in range(actors):
                        q[c, i] = cell_pay[cell, i]
                    for b in range(cell_branch[cell], cell_branch[cell + 1]):
                        for i in range(actors):
                            q[c, i] += branch_probability[b] * value[branch_target[b], i]
                agents = node_agent[node_agent_first[n] : node_agent_first[n + 1]]
                mixed = sigma[sigma_first[n] : sigma_first[n + 1]]
                if len(agents) == 0:
                    for i in range(actors):
                        value[n, i] = q[0, i]
                elif len(agents) == 1:
                    agent = agents[0]
                    choose_alone(rationality[agent], weight[agent], q, mixed, mean, value[n])
                else:
                    rows = node_option[node_agent_first[n]]
                    choose_at_once(
                        rationality, weight, (agents[0], agents[1]), q, mixed[:rows], mixed[rows:],
                        utility, mean, value[n],
                    )  # fmt: skip
        for state in range(len(state_place)):
            for i in range(actors):
                after[state, i] = value[state_place[state], i]
    return after[start].copy()


def solve_numba(graph, sigma):
    return sweep_numba(
        graph.periods, graph.stage_first, graph.stage_count, graph.node_agent_first,
        graph.node_agent, graph.node_option, graph.node_cell, graph.cell_branch, graph.cell_pay,
        graph.branch_target, graph.branch_probability, graph.leaf_pay, graph.leaf_next,
        graph.state_place, graph.start, graph.discount, graph.weight, graph.rationality,
        graph.sigma_first, sigma,
    )  # fmt: skip


def measure(graph, prepare, solve, strategies):
    """Processor's seconds of solve(graph, prepare(graph)), and how far it is from the export."""
    seconds = []
    for _ in range(1 + REPEATS):  # the first compiles
        work_space = prepare(graph)
        start = time.process_time()
        value = solve(graph, work_space)
        seconds.append(time.process_time() - start)
    sigma = strategies(graph, work_space)
    difference = max(np.abs(value - graph.value).max(), np.abs(sigma - graph.sigma).max())
    if not difference <= AGREE:
        raise ArithmeticError(f"{solve.__name__} is {difference:.3g} from the export")
    return statistics.median(seconds[1:]), float(difference)


def centroids(graph):
    """The uniform strategies: [sum of node_option]."""
    return np.repeat(1 / graph.node_option, graph.node_option)


def compare(path):
    """All that is printed: see above."""
    graph = Graph(path)
    if np.diff(graph.node_agent_first).max() > 2:
        raise NotImplementedError("more than two agents at once")
    numpy_s, numpy_off = measure(graph, make_groups, solve_numpy, sigma_of)
    numba_s, numba_off = measure(graph, centroids, solve_numba, lambda _, sigma: sigma)
    node_periods = graph.nodes * graph.periods
    return {
        "numpy_s": numpy_s,
        "numba_s": numba_s,
        "node_periods": node_periods,
        "numpy_ns": 1e9 * numpy_s / node_periods,
        "numba_ns": 1e9 * numba_s / node_periods,
        "recursion_difference": max(numpy_off, numba_off),
    }


if __name__ == "__main__":
    print(json.dumps(compare(sys.argv[1]), indent=2))
