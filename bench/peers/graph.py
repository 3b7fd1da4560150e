"""Reads what `detente export --format json` writes into flat arrays.

The export's form is described in src/trace/export_json.c. Places are nodes, then leaves; nodes lie
in the order of stages, and within a stage in that of `depth`, the first period in which they can
occur: so what occurs in period t is a prefix of each stage. Lists of lists become one array of the
items and one of where each list begins.
"""

import json

import numpy as np


def _pack(lists, kind):
    """The items of all lists, one after the other, and [lists + 1] where each list begins."""
    first = np.zeros(len(lists) + 1, np.int64)
    np.cumsum([len(items) for items in lists], out=first[1:])
    return np.array([item for items in lists for item in items], kind), first


class Graph:
    """A game in one world. Arrays, by place, node, cell and branch:

    weight     [agents][actors] of the actors in what an agent maximises; rationality [agents]
    discount, value            [actors]; value: at the start
    node_agent, node_option    which agents choose at a node, and among how many actions
    node_agent_first           [nodes + 1] into the two
    sigma      the exported strategies, see _read_strategy; sigma_first [nodes + 1] into it
    node_cell  [nodes + 1] first cell; cell_branch [cells + 1] first branch
    cell_pay   [cells][actors]; branch_target, branch_probability [branches]
    leaf_pay   [leaves][actors]; leaf_next [leaves] the state that follows, or -1
    state_place [states] the place where play begins in a period
    stage      [places] ordinal of the node's stage; of leaves: stages
    depth      [places] the first period, from 0, in which a place can occur
    stage_first [stages + 2] first place of a stage, of the leaves, end
    stage_count [periods][stages + 1] how many of them can occur
    """

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            export = json.load(file)
        if export["format"] != 1 or export["values"] != "average" or export["periods"] is None:
            raise NotImplementedError("average values and a finite lookahead alone")
        self.periods = export["periods"]
        self._read_actors(export)
        self._read_nodes(export["nodes"])
        self._read_leaves(export["leaves"])
        self.start = export["start"]
        self.state_place = np.array([state["place"] for state in export["states"]], np.int64)
        self._find_depths()
        self._read_strategy(export["strategy"])

    def _read_actors(self, export):
        actors = export["actors"]
        self.actors = len(actors)
        self.discount = np.array([actor["discount"] for actor in actors])
        self.value = np.array([actor["value"] for actor in actors])
        self.rationality = np.array([agent["rationality"] for agent in export["agents"]])
        self.weight = np.zeros((len(export["agents"]), self.actors))
        for k, agent in enumerate(export["agents"]):
            self.weight[k, agent["members"]] = agent["weights"]
        self.term_actor = [term["actor"] for term in export["terms"]]

    def _pay(self, rows):
        pay = np.zeros((len(rows), self.actors))
        for at, row in enumerate(rows):
            for term, amount in row:
                pay[at, self.term_actor[term]] += amount
        return pay

    def _read_nodes(self, nodes):
        self.nodes = len(nodes)
        ordinal = {name: at for at, name in enumerate(dict.fromkeys(n["stage"] for n in nodes))}
        self.stages = len(ordinal)
        self.node_stage = np.array([ordinal[node["stage"]] for node in nodes], np.int64)
        agents = [[agent["agent"] for agent in node["agents"]] for node in nodes]
        options = [[len(agent["actions"]) for agent in node["agents"]] for node in nodes]
        self.node_agent, self.node_agent_first = _pack(agents, np.int64)
        self.node_option, _ = _pack(options, np.int64)
        cells, self.node_cell = _pack([node["cells"] for node in nodes], object)
        branches = [cell["next"] for cell in cells]
        self.cell_pay = self._pay([cell["pay"] for cell in cells])
        self.branch_target, self.cell_branch = _pack(
            [[place for place, _ in next] for next in branches], np.int64
        )
        self.branch_probability, _ = _pack([[p for _, p in next] for next in branches], np.float64)

    def _read_leaves(self, leaves):
        self.leaves = len(leaves)
        self.leaf_pay = self._pay([leaf["pay"] for leaf in leaves])
        self.leaf_next = np.array(
            [-1 if leaf["next"] is None else leaf["next"] for leaf in leaves], np.int64
        )
        self.stage = np.append(self.node_stage, np.full(self.leaves, self.stages))

    def _find_depths(self):
        """First periods of places: from state to place to leaf to the next state."""
        branches_of_node = np.diff(self.cell_branch[self.node_cell])
        branch_node = np.repeat(np.arange(self.nodes), branches_of_node)
        first = self.cell_branch[self.node_cell]
        never = np.iinfo(np.int64).max - 1
        state_depth = np.full(len(self.state_place), never)
        state_depth[self.start] = 0
        follows = self.leaf_next >= 0
        while True:
            depth = np.full(self.nodes + self.leaves, never)
            depth[self.state_place] = state_depth
            for s in range(self.stages):
                node = np.flatnonzero(self.node_stage == s)
                run = slice(first[node[0]], first[node[-1] + 1])
                np.minimum.at(depth, self.branch_target[run], depth[branch_node[run]])
            before = state_depth.copy()
            np.minimum.at(state_depth, self.leaf_next[follows], depth[self.nodes :][follows] + 1)
            if np.array_equal(before, state_depth):
                break
        self.depth = depth
        self.stage_first = np.searchsorted(self.stage, np.arange(self.stages + 2))
        for s in range(self.stages + 1):
            assert np.all(np.diff(depth[self.stage_first[s] : self.stage_first[s + 1]]) >= 0)
        self.stage_count = np.array(
            [
                [
                    np.searchsorted(
                        depth[self.stage_first[s] : self.stage_first[s + 1]], t, side="right"
                    )
                    for s in range(self.stages + 1)
                ]
                for t in range(self.periods)
            ]
        )

    def _read_strategy(self, strategy):
        """Each node's strategy in the first period in which it can occur: [sum of node_option]."""
        self.sigma_first = np.append(0, np.cumsum(self.node_option))[self.node_agent_first]
        self.sigma = np.full(self.sigma_first[-1], np.nan)
        for t, nodes in enumerate(strategy):
            deciding = (self.depth[: self.nodes] <= t) & (np.diff(self.node_agent_first) > 0)
            assert len(nodes) == np.count_nonzero(deciding)
            for node, *mixed in nodes:
                if self.depth[node] == t:
                    self.sigma[self.sigma_first[node] : self.sigma_first[node + 1]] = [
                        p for agent in mixed for p in agent
                    ]
        assert not np.isnan(self.sigma).any()
