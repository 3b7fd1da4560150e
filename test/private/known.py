#!/usr/bin/env python3
"""What is certain costs nothing and changes nothing: games with private variables, written at random, in which one
of them is known to everybody.

    start      under a policy with `start x0 = v`: the game in which x0 is a state that everybody sees
    prior      with the parameter of its prior at 0 or 1: the same
    mixed      over worlds of both kinds each world is what it is by itself
    levers     between two policies which both make it certain, the mechanical chain included; test/reference has those
               of which only one does
    histories  the twin's history, drawn at the same numbers, has the same rows, each as likely; a match can be played; after a
               policy under which it is certain, another goes on with what is believed, wherever its own prior lies
    export     as JSON: the twin's graph, numbers and strategy

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
    write(bench.path, text)
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


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def ask(bench, text, *command, also=0, given=''):
    """What a command prints about a model; `also`: an exit status that isn't a mistake."""
    write(bench.path, text)
    done = subprocess.run([os.environ['DETENTE'], command[0], bench.path, '--quiet', *command[1:]], input=given, capture_output=True, text=True)
    if done.returncode not in (0, also):
        sys.exit(f'{command}: exit status {done.returncode}\n{done.stderr}\n{text}')
    return done.stdout if done.returncode == 0 else done.stderr


def rows(bench, text, history, *options):
    found = json.loads(ask(bench, text, 'score', '--history', history, '--rows', '--json', *options))['rows']
    return {f'row {t}': p for t, p in enumerate(found)}


def histories(bench, seed, folder):
    """A record of the game, drawn, read, and played, and of policies that follow each other."""
    writer = private_games.Writer(seed, drift=False, owners=1)
    text = writer.text().split('policy plain')[0]
    owner, values = writer.privates['x0']
    (q, value), other, changes = sure_of(values)[0], values[0], 'set w0 = 0.7; set w1 = -0.4'
    public = twin(text, owner, value)
    private = () if 'hidden' in text else ('--private',)
    run, receding = [], []
    for game in (text, public):
        for drawn, how in (run, ('--periods=1',)), (receding, ('--receding', '--periods=5')):
            into = os.path.join(folder, f'{seed}-{len(run)}-{len(receding)}')
            ask(bench, game, 'sample', f'--set=q={q}', '--histories=4', '--seed=3', '-o', into, *how, *private)
            drawn.append({file: read(os.path.join(into, file)) for file in sorted(os.listdir(into))})
    for ours, twins in run, receding:
        bench.compared += 1
        if private and ours != twins:
            bench.bad.append(f'sampled {seed}: {ours}, but of the twin {twins}')
    for file, record in receding[1].items():
        history = os.path.join(folder, file)
        seen = [line.split(',') for line in record.splitlines()]
        if 'x0' in seen[0]:           # in the twin everybody sees it
            column = seen[0].index('x0')
            seen = [line[:column] + line[column + 1:] for line in seen]
        policy = seen[0].index('policy')
        plain = [line[:policy] + line[policy + 1:] for line in seen]
        write(history, '\n'.join(map(','.join, plain)) + '\n')
        wanted = rows(bench, public, history, f'--set=q={q}')
        bench.same(f'score {seed}', rows(bench, text, history, f'--set=q={q}'), wanted)
        # policies in turn: both sure of it; and one whose prior isn't, when it comes into force
        changed = [line[:policy] + [('policy' if t == 0 else 'one' if t < 3 else 'two')] + line[policy + 1:] for t, line in enumerate(seen)]
        write(history, '\n'.join(map(','.join, changed)) + '\n')
        both = rows(bench, f'{public}policy one\npolicy two {{ {changes} }}\n', history)
        start = f'start x0 = {value}'
        bench.same(f'two policies {seed}', rows(bench, f'{text}policy one {{ {start} }}\npolicy two {{ {start}; {changes} }}\n', history), both)
        bench.same(f'the first alone {seed}', rows(bench, f'{text}policy one {{ {start} }}\npolicy two {{ {changes} }}\n', history), both)
    impossible = os.path.join(folder, 'impossible.csv')
    write(impossible, f'x0\n{other}\n{value}\n')
    said = ask(bench, text, 'score', '--history', impossible, '--rows', f'--set=q={q}', also=2)
    write(impossible, f'x0\n{value}\n{other}\n')
    later = ask(bench, text, 'score', '--history', impossible, '--rows', f'--set=q={q}', also=2)
    bench.compared += 2
    if "can't be as play begins" not in said or f'not even alone is possible x0 = {other}' not in later:
        bench.bad.append(f'impossible {seed}: {said}{later}')
    played = ask(bench, text, 'play', f'--as={owner}', f'--set=q={q}', '--seed=2', given='1\n' * 40)
    bench.compared += 1
    if 'decides: ' in played and value not in played:
        bench.bad.append(f'played {seed}: nobody says that x0 is {value}: {played}')


def exports(bench, seed):
    writer = private_games.Writer(seed, drift=False, owners=1)
    text = writer.text().split('policy plain')[0]
    owner, values = writer.privates['x0']
    q, value = sure_of(values)[0]
    if 'hidden' in text:              # its owner may move it
        return
    found = json.loads(ask(bench, text, 'export', '--format=json', f'--set=q={q}'))
    wanted = json.loads(ask(bench, twin(text, owner, value), 'export', '--format=json', f'--set=q={q}'))
    for part in 'strategy', 'value', 'outcomes':
        bench.compared += 1
        if part in wanted and found[part] != wanted[part]:
            bench.bad.append(f'export {seed}: {part} is {found[part]}, of the twin {wanted[part]}')


def confirm(bench, seed):
    """The verifier recomputes the certificates of what is known."""
    writer = private_games.Writer(seed, drift=False, owners=2)
    text = writer.text().split('policy plain')[0]
    value = writer.privates['x0'][1][0]
    write(bench.path, f'{text}policy sure {{ start x0 = {value} }}\n')
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
                exports(bench, seed)
                histories(bench, seed, directory)
        print(f'{bench.compared} comparisons, {len(bench.bad)} differ')
        print('\n'.join(bench.bad[:20]))
        return 1 if bench.bad else 0


if __name__ == '__main__':
    sys.exit(main())
