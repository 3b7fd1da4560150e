#!/usr/bin/env python3
"""Times Gambit on the tree of the chain store, beside detente on the game with beliefs on a grid.

    chain_store.py [PERIODS…]        3, 4 and 5 if none are given

An incumbent, weak or strong, meets an entrant in each period (Kreps & Wilson 1982; the payoffs are
those of models/classics/chain-store.dtn). Each period's two stages are written one after the other
within one period, and each entrant is an actor: an entrant with discount 0 would be paid nothing in
the tree's later periods. Gambit follows the agent logit equilibria of the tree from λ = 0 (Turocy
2010); detente's game has a signal after each stage, so values differ, less so on finer grids: the
largest difference is printed.

Gambit is pygambit 16.7.0 (`pip install pygambit==16.7.0`; where there is no wheel of it that takes a
C++ compiler and minutes, hence it isn't in requirements.txt). Times are the processor's, Gambit's
those of the continuation alone, detente's of the whole command. The program is $DETENTE, or else
that of the Release build.
"""

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DETENTE = os.environ.get("DETENTE", os.path.join(ROOT, "build", "release", "detente"))
RATIONALITY = 5
GRIDS = (16, 64)
RUNS = 5
LIMIT = 300  # seconds of the processor's time for one run of Gambit

PERIOD = """\
stage entry{t} : E{t} {{ E{t}.enter; E{t}.stay }}
stage reply{t} : I when entry{t}.E{t} == enter {{
  I.fight {{ pay I (nerve == strong ? 0 : -1); pay E{t} -0.5 }}
  I.yield {{ pay I (nerve == strong ? -1 : 0); pay E{t} 0.5 }}
}}
"""


def write_model(path, periods):
    numbers = range(1, periods + 1)
    actors = ["I"] + [f"E{t}" for t in numbers]
    text = "model chain_store\nhorizon 1\n"
    text += "".join(f"actor {name} rationality {RATIONALITY}\n" for name in actors)
    text += "private I nerve : {weak, strong} = {weak: 0.9, strong: 0.1}\n"
    text += "".join(PERIOD.format(t=t) for t in numbers)
    alone = " + ".join(f"2 * (entry{t}.E{t} == stay)" for t in numbers)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{text}payoff I {{ alone = {alone} }}\n")


def seconds(command):
    """The processor's time of a command, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, done.stdout


def follow(path):
    """In a process of its own, which the system ends at the limit: Gambit's time and values."""
    import time

    import pygambit

    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
    game = pygambit.read_efg(path)
    start = time.process_time()
    point = pygambit.qre.logit_solve_lambda(game, [float(RATIONALITY)])[-1]
    spent = time.process_time() - start
    profile = game.mixed_behavior_profile()
    actions = [a for player in game.players for place in player.infosets for a in place.actions]
    for at, action in enumerate(actions):
        profile[action] = point[at]
    values = {player.label: float(profile.payoff(player)) for player in game.players}
    print(json.dumps({"seconds": spent, "values": values}))


def time_gambit(path):
    """The median time and the values, or None where Gambit doesn't get through."""
    runs = []
    while len(runs) < RUNS:
        try:
            runs.append(json.loads(seconds([sys.executable, __file__, "--follow", path])[1]))
        except subprocess.CalledProcessError as error:
            if error.returncode >= 0:
                sys.exit(error.stderr)
            return None
    return statistics.median(run["seconds"] for run in runs), runs[0]["values"]


def compare(periods, folder):
    model, tree = (os.path.join(folder, "chain_store" + end) for end in (".dtn", ".efg"))
    write_model(model, periods)
    _, text = seconds([DETENTE, "export", "-q", "--format", "efg", model])
    with open(tree, "w", encoding="utf-8") as file:
        file.write(text)
    nodes = len(re.findall(r"^[cpt] ", text, flags=re.MULTILINE))
    found = time_gambit(tree)
    told = f"{found[0]:.3g} s" if found else "not within the limit"
    print(f"{periods} periods, {nodes} nodes: Gambit {told}")
    for grid in GRIDS:
        command = [DETENTE, "run", "--json", "-q", "--jobs", "1", f"--beliefs={grid}", model]
        runs = [seconds(command) for _ in range(RUNS)]
        spent = statistics.median(run[0] for run in runs)
        values = json.loads(runs[0][1])["policies"]["default"]["values"]
        far = f", off by {max(abs(values[x] - found[1][x]) for x in values):.2g}" if found else ""
        print(f"  N = {grid}: {spent:.3g} s{far}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--follow":
        follow(sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as work:
            for count in [int(word) for word in sys.argv[1:]] or [3, 4, 5]:
                compare(count, work)
