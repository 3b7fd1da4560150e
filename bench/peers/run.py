#!/usr/bin/env python3
"""Runs the peers that are installed and adds their numbers to those of the benchmark.

    run.py MODEL BENCH.json

BENCH.json is what bench/bench wrote (or is not there yet). Peers that are not installed, or
can't do this model, are null, and so is a ratio to a number that the benchmark doesn't have. A
peer that disagrees with detente ends the run with an error. The program is $DETENTE, or else that
of the Release build.
"""

import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DETENTE = os.environ.get("DETENTE", os.path.join(ROOT, "build", "release", "detente"))
BENCH = os.path.join(os.path.dirname(DETENTE), "bench", "bench")

TEXTS = {
    "numpy_ns": "nanoseconds per node, world and period: NumPy",
    "numba_ns": "nanoseconds per node, world and period: Numba",
    "numpy_over_lanes": "time of NumPy over that of the lanes",
    "numba_over_lanes": "time of Numba over that of the lanes",
    "sgamesolver_20x2x3_s": "seconds of sgamesolver, 20 states, 2 players, 3 actions",
    "detente_20x2x3_s": "seconds of detente, the same game",
    "sgamesolver_50x3x3_s": "seconds of sgamesolver, 50 states, 3 players, 3 actions",
    "detente_50x3x3_s": "seconds of detente, the same game",
    "sgamesolver_over_detente": "time of sgamesolver over that of detente, the least",
}


def missing(error):
    print(f"peers: no {error.name}; `make bench-peers` installs it", file=sys.stderr)
    return {}


def run_recursion(model, folder, lane_ns):
    try:
        import recursion
    except ModuleNotFoundError as error:
        return missing(error)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        path = os.path.join(work, "export.json")
        subprocess.run([DETENTE, "export", "-q", "-o", path, model], check=True)
        try:
            found = recursion.compare(path)
        except NotImplementedError as error:
            print(f"peers: no recursion: {error}", file=sys.stderr)
            return {}
    found = {name: found[name] for name in ("numpy_ns", "numba_ns")}
    if lane_ns:
        found["numpy_over_lanes"] = found["numpy_ns"] / lane_ns
        found["numba_over_lanes"] = found["numba_ns"] / lane_ns
    return found


def run_stochastic_games():
    try:
        import stochastic_games
    except ModuleNotFoundError as error:
        return missing(error)
    games = [stochastic_games.compare(DETENTE, BENCH, size) for size in stochastic_games.SIZES]
    found = {"sgamesolver_over_detente": min(game["ratio"] for game in games)}
    for game in games:
        found[f"sgamesolver_{game['game']}_s"] = game["sgamesolver_s"]
        found[f"detente_{game['game']}_s"] = game["detente_s"]
    return found


def main(model, path):
    results = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            results = json.load(file)
    folder = os.path.dirname(os.path.abspath(path))
    lanes = results.get("benchmarks", {}).get("lanes-values", {})
    found = run_recursion(model, folder, lanes.get("value"))
    found |= run_stochastic_games()
    results["peers"] = {name: found.get(name) for name in TEXTS}
    for name, text in TEXTS.items():
        number = found.get(name)
        print(f"{name:<28} {'-' if number is None else format(number, '.6g'):>14}  {text}")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: run.py MODEL BENCH.json")
    main(*sys.argv[1:])
