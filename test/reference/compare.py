#!/usr/bin/env python3
"""Writes random models, solves each with the reference and with the program, and compares outcomes,
values, gaps, states and nodes under every policy; every fourth model with surplus values too. With
--levers also what makes the difference between two policies of each model, taken at random. With --private
the models are those of private_games.py, and their calibration must be 0 to rounding.

    compare.py [--levers] [--private] DIRECTORY COUNT [SEED]

COUNT models at least must be compared; those on which the reference itself gives up don't count. If COUNT is
500 or more, the models of generate.py together must use every construct that it knows.
Models and the reference's answers are kept in DIRECTORY until the reference, the generator or the
arguments change.
"""
import argparse
import glob
import hashlib
import json
import multiprocessing
import os
import random
import re
import subprocess
import sys

import branch
import ingredients
import private
import reference
from expression import ModelError
from known import differences as unlike
from language import Model

HERE = os.path.dirname(os.path.abspath(__file__))
CLOSE, SMALL_RESIDUAL, CALIBRATED = 1e-9, 1e-8, 1e-12
PROCESSES = 2
MOST_INGREDIENTS = 6      # all their cells are solved
MOST_PROFILES = 100_000   # of joint types, that the reference works out for a model with private variables


def refer(text, surplus, policies=None):
    """The reference's answer, or what it says is wrong with the model; None: it gives up."""
    try:
        if Model(text).privates:
            return private.solve_text(text, surplus=surplus, policies=policies, most=MOST_PROFILES)
        return reference.solve_text(text, surplus=surplus, policies=policies)
    except ModelError as trouble:
        return str(trouble)
    except branch.PathError:
        return None


def differences(model, wanted, *options):
    done = subprocess.run([os.environ['DETENTE'], 'run', '--json', '--quiet', *options, model],
                          capture_output=True, text=True)
    if isinstance(wanted, str):
        if done.returncode != 2:
            yield 'the reference says: %s; the program answers %d' % (wanted, done.returncode)
        return
    if done.returncode:
        yield 'exit status %d\n%s' % (done.returncode, done.stderr)
        return
    found = json.loads(done.stdout)['policies']
    if list(found) != list(wanted['policies']):
        yield 'policies %s, expected %s' % (list(found), list(wanted['policies']))
        return
    for policy, numbers in wanted['policies'].items():
        here = found[policy]
        for group in ('outcomes', 'values', 'gaps'):
            for name, number in numbers[group].items():
                got = here[group].get(name)
                if got is None or not abs(got - number) <= CLOSE * max(1, abs(number)):
                    yield '%s of %s under %s: %r, expected %r' % (group, name, policy, got, number)
        if 'outcomes_by_type' in numbers:
            yield from unlike(numbers['outcomes_by_type'], here['outcomes_by_type'], f'by type under {policy}')
        for count in ('states', 'nodes', 'beliefs'):
            if count in numbers and here[count] != numbers[count]:
                yield '%s under %s: %r, expected %r' % (count, policy, here[count], numbers[count])
        if not here.get('calibration', 0) <= CALIBRATED:
            yield 'calibration under %s: %r' % (policy, here['calibration'])
        if not here['residual'] <= SMALL_RESIDUAL:
            yield 'residual under %s: %r' % (policy, here['residual'])


def refer_levers(text):
    """[P, Q, the reference's answer or what it says is wrong] for two policies of the model; None: it has
    only one, they differ in too much, or the reference gives up."""
    model = Model(text)
    if len(model.policies) < 2:
        return None
    start, goal = random.Random(text).sample(model.policies, 2)
    try:
        if len(ingredients.Ingredients(model, start, goal).names) > MOST_INGREDIENTS:
            return None
        return [start.name, goal.name, ingredients.compare(text, start.name, goal.name,
                                                            most=MOST_PROFILES)]
    except ModelError as trouble:
        return [start.name, goal.name, str(trouble)]
    except branch.PathError:
        return None


def differences_of_levers(model, start, goal, wanted):
    done = subprocess.run([os.environ['DETENTE'], 'levers', '--json', '--quiet', '--from', start,
                           '--to', goal, model], capture_output=True, text=True)
    where = f'levers from {start} to {goal}'
    if isinstance(wanted, str):
        if done.returncode != 2:
            yield f'{where}: the reference says: {wanted}; the program answers {done.returncode}'
    elif done.returncode:
        yield f'{where}: exit status {done.returncode}\n{done.stderr}'
    else:
        yield from unlike(wanted, json.loads(done.stdout), where)


def answer(job):
    """The reference's answers for a model: with average values, by policy with surplus, and between two
    policies."""
    path, with_surplus, with_levers = job
    with open(path, encoding='utf-8') as file:
        text = file.read()
    plain = refer(text, False)
    policies = plain['policies'] if with_surplus and isinstance(plain, dict) else ()
    return (plain, {policy: refer(text, True, [policy]) for policy in policies},
            refer_levers(text) if with_levers and isinstance(plain, dict) else None)


def compare(job):
    """(comparisons made, what differs) for a model and the reference's answers."""
    path, (plain, surplus, levers) = job
    if plain is None:
        return 0, []
    bad = list(differences(path, plain))
    for policy, wanted in surplus.items():
        if wanted is not None:
            bad += ['surplus: ' + line for line in
                    differences(path, wanted, '--values', 'surplus', '--policy', policy)]
    if levers is not None:
        bad += differences_of_levers(path, *levers)
    return 1, bad


def fingerprint(*arguments):
    """Changes when the models or the answers may."""
    state = hashlib.sha256(('%s %s' % (arguments, sys.version)).encode())
    for path in sorted(glob.glob(os.path.join(HERE, '*.py'))):
        with open(path, 'rb') as file:
            state.update(file.read())
    return state.hexdigest()


def write_models(directory, count, seed, hidden):
    """Writes the models, some more than are needed; without private variables they must cover the language."""
    command = [sys.executable, '-B', os.path.join(HERE, 'private_games.py' if hidden else 'generate.py'),
               '--seed', str(seed), '--count', str(count + count // 20 + 1), '--out', directory]
    written = subprocess.run(command + ['--coverage'] * (not hidden), stdout=subprocess.PIPE, text=True)
    unused = re.findall(r'^ +0  (.*)', written.stdout, re.M)
    if written.returncode and (count >= 500 or not unused):
        sys.exit('the models could not be written, or lack: ' + ', '.join(unused))


def prepare(directory, count, seed, levers, hidden, pool):
    """The paths of the models and the reference's answers, made anew if they must be."""
    kept = os.path.join(directory, 'answers.json')
    now = fingerprint(count, seed, levers, hidden)
    if os.path.exists(kept):
        with open(kept, encoding='utf-8') as file:
            old = json.load(file)
        if old['fingerprint'] == now:
            return old['paths'], old['answers']
    os.makedirs(directory, exist_ok=True)
    for path in glob.glob(os.path.join(directory, '*')):
        os.unlink(path)
    write_models(directory, count, seed, hidden)
    paths = sorted(glob.glob(os.path.join(directory, '*.dtn')))
    answers = pool.map(answer, [(path, i % 4 == 0, levers) for i, path in enumerate(paths)],
                       1 if hidden else 4)
    with open(kept, 'w', encoding='utf-8') as file:
        json.dump({'fingerprint': now, 'paths': paths, 'answers': answers}, file)
    return paths, answers


def main():
    parser = argparse.ArgumentParser(description='Compare the program with the reference.')
    parser.add_argument('--levers', action='store_true', help='two policies of each model as well')
    parser.add_argument('--private', action='store_true', help='models with private variables')
    parser.add_argument('directory')
    parser.add_argument('count', type=int)
    parser.add_argument('seed', type=int, nargs='?', default=1)
    options = parser.parse_args()
    directory, count = options.directory, options.count
    compared = differing = 0
    with multiprocessing.Pool(PROCESSES) as pool:
        paths, answers = prepare(directory, count, options.seed, options.levers,
                                 options.private, pool)
        for path, (made, bad) in zip(paths, pool.imap(compare, zip(paths, answers), 4)):
            compared += made
            differing += bool(bad)
            if bad and differing <= 20:
                print('%s\n  %s' % (path, '\n  '.join(bad[:10])))
    between = sum(levers is not None for *_, levers in answers)
    print('%d of %d models compared, %d of them between two policies, %d differ'
          % (compared, len(paths), between, differing))
    return 1 if differing or compared < count else 0


if __name__ == '__main__':
    sys.exit(main())
