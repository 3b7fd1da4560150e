"""Random stochastic games, solved by sgamesolver and by `detente run` with `lookahead forever`.

    stochastic_games.py DETENTE BENCH

sgamesolver (Eibelshäuser & Poensgen) follows the logit Markov equilibria of a stochastic game from
λ = 0 by a homotopy in all strategies and values at once; detente repeats the sweep of backward
induction. Each has its own rule of selection, so λ is chosen so small that there is one
equilibrium to find; `same_from_everywhere` looks for others from many starts, among them pure
strategies and values far apart. That is evidence, not a proof.

The conventions are the same: from state s all players move at once, are paid u_i(s, a), and the
next state is drawn from φ(s, a); V_i = E[u_i + δ V_i(next)], Q_i(a_i) is the same given a_i, and
σ_i ∝ exp(λ Q_i). In the model for detente the players move in one stage, and a chance stage that
knows the choices pays and moves the state: a node for each state and a chance node for each cell.

Prints a list of JSON objects, one for each game: the processor's seconds, on one core, of
sgamesolver's continuation and of detente (detente_s: dt_solve with its certificate, measured within
a process by the benchmark `solve`, without reading and exploring, as the other's is without building the
game; detente_program_s: all of `detente run`), the ratio of the first two, and the greatest
difference of values at the start and of strategies in any state.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_threads] = "1"  # read when NumPy is imported

import numpy as np
import sgamesolver

SIZES = ((20, 2, 3), (50, 3, 3))  # states, players, actions
RATIONALITY = 1.0
DISCOUNT = 0.95
SEED = 1
AGREE = 1e-6  # sgamesolver stops where its equations and λ are right to 1e-7
STARTS = 20
MOST_ROUNDS = 10000
REPEATS = 3


def respond(game, sigma, value):
    """Logit responses to sigma [states][players][actions], and values, before `value`."""
    players = game.num_players
    q = game.u + DISCOUNT * np.moveaxis(game.phi @ value, -1, 1)
    response, after = np.empty_like(sigma), np.empty_like(value)
    for i in range(players):
        mean = q[:, i]
        for j in reversed(range(players)):  # from the last axis to the first
            if j != i:
                mean = np.moveaxis(mean, 1 + j, -1)
                shape = (game.num_states,) + (1,) * (mean.ndim - 2) + (-1,)
                mean = (mean * sigma[:, j].reshape(shape)).sum(axis=-1)
        odds = np.exp(RATIONALITY * (mean - mean.max(axis=1, keepdims=True)))
        response[:, i] = odds / odds.sum(axis=1, keepdims=True)
        after[:, i] = (mean * sigma[:, i]).sum(axis=1)
    return response, after


def same_from_everywhere(game, sigma, value):
    """Whether repeated responses, from random starts, all end at the equilibrium given."""
    rng = np.random.default_rng(SEED)
    span = 1 / (1 - DISCOUNT)  # payments are between 0 and 1
    for start in range(STARTS):
        if start % 2:
            mixed = rng.dirichlet(np.ones(game.num_actions_max), sigma.shape[:2])
        else:
            mixed = np.eye(game.num_actions_max)[rng.integers(0, sigma.shape[2], sigma.shape[:2])]
        worth = rng.uniform(-span, 2 * span, value.shape)
        for _ in range(MOST_ROUNDS):
            before = mixed, worth
            mixed, worth = respond(game, mixed, worth)
            change = max(np.abs(mixed - before[0]).max(), np.abs(worth - before[1]).max())
            if change <= 1e-12 * span:
                break
        if max(np.abs(mixed - sigma).max(), np.abs(worth - value).max()) > AGREE:
            return False
    return True


def solve_sgamesolver(game):
    """Processor's seconds, strategies [states][players][actions] and values [states][players]."""
    homotopy = sgamesolver.homotopy.QRE(game)
    homotopy.solver_setup(target_lambda=RATIONALITY)
    homotopy.solver.verbose = 0
    start = time.process_time()
    homotopy.solve()
    seconds = time.process_time() - start
    if not homotopy.solver.converged:
        raise ArithmeticError("sgamesolver doesn't converge")
    return seconds, homotopy.equilibrium.strategies, homotopy.equilibrium.values


def write_model(game, file):
    """The game as a model: states, players and actions are numbered from 0."""
    players, actions = range(game.num_players), range(game.num_actions_max)

    def line(depth, text):
        file.write(" " * depth + text + "\n")

    def write_cell(depth, state, profile):
        for i in players:
            line(depth, f"pay p{i} {float(game.u[(state, i, *profile)])!r}")
        line(depth, "branch {")
        for after, chance in enumerate(game.phi[(state, *profile)]):
            line(depth + 1, f"{float(chance)!r} {{ s := {after} }}")
        line(depth, "}")

    def write_profiles(depth, state, profile):
        if len(profile) == game.num_players:
            write_cell(depth, state, profile)
            return
        for a in actions:
            line(depth, f"if move.p{len(profile)} == a{a} {{")
            write_profiles(depth + 1, state, (*profile, a))
            line(depth, "}")

    def write_states(depth, first, last):
        if last - first == 1:
            write_profiles(depth, first, ())
            return
        middle = (first + last) // 2
        line(depth, f"if s < {middle} {{")
        write_states(depth + 1, first, middle)
        line(depth, "} else {")
        write_states(depth + 1, middle, last)
        line(depth, "}")

    line(0, "model random")
    line(0, "period step")
    line(0, "horizon 1")
    line(0, "lookahead forever")
    for i in players:
        line(0, f"actor p{i} discount {DISCOUNT} rationality {RATIONALITY}")
    line(0, f"state s : 0..{game.num_states - 1} = 0")
    line(0, "stage move : " + ", ".join(f"p{i}" for i in players) + " {")
    for i in players:
        for a in actions:
            line(1, f"p{i}.a{a}")
    line(0, "}")
    line(0, "stage follow : chance {")
    write_states(1, 0, game.num_states)
    line(0, "}")


def processor_seconds(command):
    """The median of what the command takes, and what it prints."""
    seconds = []
    for _ in range(REPEATS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        output = subprocess.run(command, check=True, capture_output=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(seconds), output


def solve_detente(detente, bench, game):
    """Seconds of `run`, of dt_solve, values at the start, and strategies as sgamesolver has them."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "random.dtn")
        with open(path, "w", encoding="utf-8") as file:
            write_model(game, file)
        run_s, output = processor_seconds([detente, "run", "-q", "--json", path])
        results = os.path.join(folder, "bench.json")
        subprocess.run([bench, "--model", path, "--rounds", "101", "--seconds", "2", "--json", results,
                        "solve"], check=True, capture_output=True)
        with open(results, encoding="utf-8") as file:
            solve_s = json.load(file)["benchmarks"]["solve"]["value"]
        export = subprocess.run([detente, "export", "-q", path], check=True, capture_output=True)
    (policy,) = json.loads(output)["policies"].values()
    value = np.array([policy["values"][f"p{i}"] for i in range(game.num_players)])
    graph = json.loads(export.stdout)
    sigma = np.full((game.num_states, game.num_players, game.num_actions_max), np.nan)
    for node, *mixed in graph["strategy"][0]:
        sigma[graph["nodes"][node]["state"]["s"]] = mixed
    return run_s, solve_s, value, sigma


def compare(detente, bench, size):
    """What is printed for a game of a size."""
    game = sgamesolver.SGame.random_game(*size, delta=DISCOUNT, seed=SEED)
    runs = [solve_sgamesolver(game) for _ in range(REPEATS)]
    sgamesolver_s = statistics.median(seconds for seconds, _, _ in runs)
    _, their_sigma, their_value = runs[0]
    if not same_from_everywhere(game, their_sigma, their_value):
        raise ArithmeticError("there may be several equilibria")
    run_s, solve_s, value, sigma = solve_detente(detente, bench, game)
    difference = max(np.abs(value - their_value[0]).max(), np.abs(sigma - their_sigma).max())
    if not difference <= AGREE:
        raise ArithmeticError(f"sgamesolver and detente differ by {difference:.3g}")
    return {
        "game": "x".join(map(str, size)),
        "rationality": RATIONALITY,
        "discount": DISCOUNT,
        "sgamesolver_s": sgamesolver_s,
        "detente_s": solve_s,
        "detente_program_s": run_s,
        "ratio": sgamesolver_s / solve_s,
        "program_ratio": sgamesolver_s / run_s,
        "max_difference": float(difference),
    }


if __name__ == "__main__":
    print(json.dumps([compare(*sys.argv[1:], size) for size in SIZES], indent=2))
