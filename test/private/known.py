#!/usr/bin/env python3
"""What is certain costs nothing and changes nothing: games with private variables, written at random, in which one
of them is known to everybody.

    start      under a policy with `start x0 = v`: the game in which x0 is a state that everybody sees
    prior      with the parameter of its prior at 0 or 1: the same
    mixed      over worlds of both kinds each world is what it is by itself
    levers     between two policies which both make it certain, the mechanical chain included; test/reference has those
               of which only one does

With one owner the twin is a public game, solved by the public solver; with two it has the other's variable left.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import invariance  # noqa: E402
from invariance import private_games  # noqa: E402

MODELS = 12


def numbers(policy):
    return {**invariance.numbers(policy), **{f'gap of {a}': g for a, g in policy['gaps'].items()}}


def twin(text, owner, value):
    """The model in which x0 is seen by everybody, and with it what its owner does with it."""
    public = re.sub(r'private \w x0 : (.*) = .*', rf'state x0 : \1 = {value}', text)
    public = re.sub(r'belief\(([^()]*\bx0\b[^()]*)\)', r'(\1)', public)
    return re.sub(rf'hidden (stage \w+ : {owner}\b)', r'\1', public)


def sure_of(values):
    """The parameter of the prior, and the value that it makes certain (see private_games.Writer.prior)."""
    return [('1', values[1]), ('0', values[0])] if len(values) == 2 else [('0', values[2])]


def look_at(bench, seed, owners):
    writer = private_games.Writer(seed, drift=False, owners=owners)
    text = writer.text().split('policy plain')[0]
    owner, values = writer.privates['x0']
    for q, value in sure_of(values):
        public = bench.run(twin(text, owner, value), '--set', f'q={q}' if owners == 1 else 'q=0.5')['default']
        what = f'{seed}, {owners} owners, {value}'
        started = bench.run(f'{text}policy sure {{ start x0 = {value} }}\n', '--set', 'q=0.5')['sure']
        bench.same(f'start {what}', numbers(started), numbers(public))
        by_type = started['values_by_type'][owner]
        bench.same(f'by type {what}', by_type, {value: public['values'][owner]})
        if set(by_type) != {value}:
            bench.bad.append(f'{what}: impossible types have values: {by_type}')
        bench.same(f'certificate {what}', started, {'calibration': public.get('calibration', 0.0)})
        if owners == 1:
            drawn = bench.run(text, '--set', f'q={q}')['default']
            bench.same(f'prior {what}', numbers(drawn), numbers(public))
            if 'hidden' not in text and any(drawn['half_grid'].values()):
                bench.bad.append(f'{what}: certain, and the grid makes a difference: {drawn["half_grid"]}')


def worlds(bench, seed):
    """A study of two worlds, one of them certain, and each of them run alone."""
    writer = private_games.Writer(seed, drift=False, owners=1)
    text = writer.text().split('policy plain')[0]
    text = re.sub(r'^param q = \S+', 'param q = 1 in {0.5, 1}', text, flags=re.M)
    text = re.sub(r'^(param (?!q )\w+ = \S+).*', r'\1', text, flags=re.M)
    outcomes = [bench.run(text, '--set', f'q={q}')['default']['outcomes'] for q in ('1', '0.5')]
    both = bench.run(text, '--worlds', '8')['default']['outcomes']
    for name, found in both.items():
        bench.same(f'mixed {seed}', {name: found['nominal']}, {name: outcomes[0][name]})
        low, high = sorted(o[name] for o in outcomes)
        bench.same(f'mixed {seed}, lowest and highest', {'p05': found['p05'], 'p95': found['p95']},
                   {'p05': low, 'p95': high}, 1e-9)


def ingredients(bench, text):
    with open(bench.path, 'w', encoding='utf-8') as file:
        file.write(text)
    done = subprocess.run([os.environ['DETENTE'], 'levers', '--json', '--quiet', '--from', 'one', '--to', 'two', bench.path],
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'exit status {done.returncode}\n{done.stderr}\n{text}')
    found = json.loads(done.stdout)['outcomes']
    return {f'{o} {part}': f[part] for o, f in found.items() for part in ('from', 'to', 'mechanical', 'adaptive')}


def levers(bench, seed):
    """Two policies that differ in numbers, and both know x0."""
    writer = private_games.Writer(seed, drift=False, owners=2)
    text = writer.text().split('policy plain')[0]
    (owner, values), changes = writer.privates['x0'], 'set w0 = 0.7; set w1 = -0.4; set p0 = 0.35'
    start = f'start x0 = {values[-1]}'
    known = ingredients(bench, f'{text}policy one {{ {start} }}\npolicy two {{ {changes}; {start} }}\n')
    public = ingredients(bench, twin(text, owner, values[-1]) + f'policy one\npolicy two {{ {changes} }}\n')
    bench.same(f'levers {seed}', known, public)


def confirm(bench, seed):
    """The verifier recomputes the certificates of what is known."""
    writer = private_games.Writer(seed, drift=False, owners=2)
    text = writer.text().split('policy plain')[0]
    value = writer.privates['x0'][1][0]
    with open(bench.path, 'w', encoding='utf-8') as file:
        file.write(f'{text}policy sure {{ start x0 = {value} }}\n')
    done = subprocess.run([os.environ['DETENTE'], 'verify', '--quiet', bench.path], capture_output=True, text=True)
    bench.compared += 1
    if done.returncode:
        bench.bad.append(f'verify {seed}: {done.stdout}{done.stderr}')


def main():
    with tempfile.TemporaryDirectory() as directory:
        bench = invariance.Bench(directory)
        for seed in range(1, MODELS + 1):
            look_at(bench, seed, 1)
            look_at(bench, seed, 2)
            confirm(bench, seed)
            if seed <= MODELS // 3:
                worlds(bench, seed)
                levers(bench, seed)
        print(f'{bench.compared} comparisons, {len(bench.bad)} differ')
        print('\n'.join(bench.bad[:20]))
        return 1 if bench.bad else 0


if __name__ == '__main__':
    sys.exit(main())
