#!/usr/bin/env python3
"""What must not change: properties of games with private variables, on models written at random.

    unread     a public game to which a variable is added that nothing reads: the same outcomes and values for any N,
               whether that variable stays, drifts by chance, or moves in a hidden stage
    revealed   the first thing that happens shows the type to everybody, by chance or because to pretend costs
               too much: the mixture, by the prior, of the public games in which the variable is a state
    constant   without drift the expected belief at any time is the prior; with drift, the chance of the event
    renamed    two values listed in the other order: nothing changes
    memory     what memory held before it is given out (glibc's MALLOC_PERTURB_): the same numbers, to the last bit

The models are those of test/reference/private_games.py, and for `unread` of generate.py.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'reference'))
import generate  # noqa: E402
import private_games  # noqa: E402

SAME, CONSTANT = 1e-12, 1e-13
MODELS = 25
FORBIDDING = 'no-action'              # a policy that leaves a mover nothing: another model is taken


class Refused(Exception):
    """The model can't be played under one of its policies."""


class Bench:
    """Where models are run, and what was wrong with them."""

    def __init__(self, directory):
        self.path, self.bad, self.compared = os.path.join(directory, 'model.dtn'), [], 0

    def run(self, text, *options, **environment):
        with open(self.path, 'w', encoding='utf-8') as file:
            file.write(text)
        done = subprocess.run([os.environ['DETENTE'], 'run', '--json', '--quiet', *options, self.path],
                              capture_output=True, text=True, env={**os.environ, **environment})
        if done.returncode:
            if FORBIDDING in done.stderr:
                raise Refused()
            sys.exit(f'exit status {done.returncode}\n{done.stderr}\n{text}')
        return json.loads(done.stdout)['policies']

    def same(self, what, found, wanted, close=SAME):
        self.compared += 1
        for name, number in wanted.items():
            if not abs(found[name] - number) <= close * max(1.0, abs(number)):
                self.bad.append(f'{what}: {name} is {found[name]!r}, expected {number!r}')


def numbers(policy):
    return {**policy['outcomes'], **{f'value of {a}': v for a, v in policy['values'].items()}}


def unread(bench, seed):
    """Public games with a variable more."""
    text = generate.Writer(random.Random(seed)).write()
    try:
        public = bench.run(text)
    except SystemExit:                # not every model of the generator can be played
        raise Refused() from None
    owners = set(re.findall(r'^actor (\w)', text, re.M)) - {
        member for team in re.findall(r'team ([^;}\n]*)', text) for member in re.findall(r'\b[A-E]\b', team)}
    if not owners:
        raise Refused()
    owner = sorted(owners)[0]
    for n in (2, 6, 16):
        for drift in ('', 'stage idle : chance { with 0.3 { unread := c } }\n',
                      f'hidden stage idle : {owner} {{ {owner}.one {{ unread := a }}; {owner}.two }}\n'):
            more = f'private {owner} unread : {{a, b, c}} = {{a: 0.3, b: 0.25, c: 0.45}}\n{drift}beliefs {n}\n'
            for policy, found in bench.run(text + '\n' + more).items():
                bench.same(f'unread {seed}, N = {n}, {policy}', numbers(found), numbers(public[policy]))


def shown(text, seed, values, by_chance):
    """The model with a state `shown` that says at the end of the first stage of the first period what x0 is."""
    text = text.replace('state s0', f'state shown : 0..{len(values)} = 0\nstate s0', 1)
    if by_chance:
        arms = ' '.join(f'(x0 == {v}) {{ shown := {i + 1} }}' for i, v in enumerate(values))
        first = f'stage show : chance when shown == 0 {{ branch {{ {arms} }} }}\n'
    else:
        first = 'stage show : A when shown == 0 {\n' + ''.join(
            f'  A.say{i} {{ shown := {i + 1}; pay A -100 * (x0 != {v}) }}\n' for i, v in enumerate(values)) + '}\n'
    return re.sub(r'^((?:hidden )?stage t0)', lambda m: first + m.group(1), text, count=1, flags=re.M)


def revealed(bench, seed):
    """Everybody learns the type before anything else happens."""
    writer = private_games.Writer(seed, drift=False, owners=1)
    text = writer.text().split('policy plain')[0]
    values = writer.privates['x0'][1]
    prior = {}
    for i, v in enumerate(values):     # the parameter q, and what the generator makes of it
        q = float(re.search(r'param q = (\S+)', text).group(1))
        prior[v] = ((1 - q, q) if len(values) == 2 else (q / 2, q / 2, 1 - q))[i]
    mixture = {}
    for i, v in enumerate(values):
        public = re.sub(r'private \w x0 : (.*) = \{.*', rf'state x0 : \1 = {v}', text)
        public = re.sub(r'belief\(([^()]*)\)', r'(\1)', public)
        public = public.replace('hidden ', '').replace('beliefs', '# beliefs')
        for name, number in numbers(bench.run(public)['default']).items():
            mixture[name] = mixture.get(name, 0.0) + prior[v] * number
    for by_chance in (True, False):
        found = numbers(bench.run(shown(text, seed, values, by_chance))['default'])
        bench.same(f'revealed {seed}, {"by chance" if by_chance else "by force"}', found, mixture)


def constant(bench, seed):
    """Beliefs are right on average: at each time, over all that may have been seen."""
    for drift in (False, True):
        writer = private_games.Writer(seed, drift=drift)
        text = writer.text()
        for x, (_, values) in writer.privates.items():
            for i, v in enumerate(values):
                text = text.replace('policy plain', f'outcome at_{x}_{i} = mean({x} == {v})\n'
                                    f'outcome on_{x}_{i} = mean(belief({x} == {v}))\npolicy plain')
        for policy, found in bench.run(text).items():
            outcomes = found['outcomes']
            for name, number in outcomes.items():
                if name.startswith(('is_', 'at_')):
                    believed = name.replace('is_', 'seems_').replace('at_', 'on_')
                    bench.same(f'constant {seed}, {policy}', {believed: outcomes[believed]},
                               {believed: number}, CONSTANT)
            if not drift:
                prior = bench.run(text.replace('horizon', 'horizon 1 #', 1).replace('lookahead', 'lookahead 0 #', 1))
                for name, number in prior[policy]['outcomes'].items():
                    if name.startswith(('at_', 'on_')):
                        bench.same(f'constant {seed}, {policy}, the prior', {name: outcomes[name]},
                                   {name: number}, CONSTANT)


def renamed(bench, seed):
    """The first value last."""
    text = private_games.model(seed)
    other = text.replace('{weak, firm}', '{firm, weak}')
    if other == text:
        raise Refused()
    before, after = bench.run(text), bench.run(other)
    for policy, found in after.items():
        bench.same(f'renamed {seed}, {policy}', numbers(found), numbers(before[policy]))


def memory(bench, seed):
    """Other numbers where nothing was written."""
    text = private_games.model(seed)
    before = bench.run(text, MALLOC_PERTURB_='0')
    for byte in ('1', '85', '255'):
        bench.compared += 1
        if bench.run(text, MALLOC_PERTURB_=byte) != before:
            bench.bad.append(f'memory {seed}: filled with {byte} the numbers are others')


def main():
    with tempfile.TemporaryDirectory() as directory:
        for check in (unread, revealed, constant, renamed, memory):
            bench, seed, made = Bench(directory), 0, 0
            while made < MODELS:
                seed += 1
                try:
                    check(bench, seed)
                    made += 1
                except Refused:
                    pass
            print(f'{check.__name__}: {made} models, {bench.compared} comparisons, {len(bench.bad)} differ')
            print('\n'.join(bench.bad[:20]))
            if bench.bad:
                return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
