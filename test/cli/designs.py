#!/usr/bin/env python3
"""`detente design` against brute force. Small models with three or four levers are drawn at random; every cell is
written out as a policy of its own and solved by `run`, in drawn worlds by `study`; fronts, shares and regrets are
found from these numbers here. Which cells contradict themselves follows from what their settings set. A search with a
small budget must find the optimum of a design that can be enumerated; an interruption must leave no result.

    designs.py
"""
import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
MODELS, WORLDS = 10, 24
GAME = '''model drawn
horizon 3
actor A rationality 2
actor B rationality k
actor C
param k = 1.5 in 0.5 .. 4
param cost = 0.3 in 0 .. 1
param p = 0.4 ~ beta(2, 3)
param q = 0.5 in {0.25, 0.5, 1}
state heat : 0..3 = 1
state calm : bool = no
role envoy = A
stage talk : envoy, C {
  envoy.step { heat -= 1 ; pay envoy -cost }
  envoy.push { with p { heat += 2 } }
  envoy.hush
  C.join { calm := yes }
  C.leave { calm := no }
}
stage reply : B when talk.envoy != hush {
  B.yield { heat -= 1 }
  B.stand { with q { heat += 1 } }
}
payoff A { heat = -heat ; calm = calm }
payoff B { heat = heat * (1 - cost) }
payoff C { heat = -0.5 * heat ; calm = -0.2 * calm }
outcome heat minimise = mean(heat)
outcome calm maximise = last(calm)
outcome steps = total(talk.envoy == step)
outcome top = ever(heat == 3)
'''
CHANGES = ['set cost = 0.1', 'set cost = 0.6', 'set q = 0.9', 'role envoy = B', 'role envoy = C', 'start heat = 2',
           'forbid envoy.push', 'forbid envoy.step', 'force envoy.hush when heat < 2', 'force C.join', 'forbid C.join',
           'forbid C.leave when calm', 'forbid B.stand when heat > 1', 'forbid B.yield', 'set p = 0.7',
           'force envoy.step when heat > 0']
DIRECTION = {'heat': -1, 'calm': 1}


def detente(*arguments, cwd, status=(0,)):
    done = subprocess.run([PROGRAM, *arguments], cwd=cwd, capture_output=True, text=True, timeout=300,
                          env={**os.environ, 'NO_COLOR': '1'})
    assert done.returncode in status, (arguments, done.returncode, done.stderr)
    return done


def draw_levers(seed):
    """[(lever, [(setting, changes)])], and a policy's own changes."""
    rng = random.Random(seed)
    levers = []
    for l in range(rng.choice((3, 3, 4))):
        settings = [('s0', [])] + [('s%d' % s, rng.sample(CHANGES, rng.choice((1, 1, 2))))
                                   for s in range(1, rng.choice((2, 2, 3)) + (l == 0))]
        settings = [(name, c) for name, c in settings if not clash(c)]
        levers.append(('l%d' % l, settings))
    return levers, rng.choice(([], [], ['set cost = 0.2'], ['forbid envoy.push']))


def about(change):
    """What can be set but once, "set cost", and to what; None of orders."""
    left, _, right = change.partition(' = ')
    return (left, right) if right and left.split()[0] in ('set', 'role', 'start') else None


def clash(changes):
    values = {}
    for one in filter(None, map(about, changes)):
        values.setdefault(one[0], set()).add(one[1])
    return any(len(v) > 1 for v in values.values())


def write_out(levers, own, cell):
    """The changes of a cell in full; None if its settings contradict each other."""
    mine = {about(c)[0] for c in own if about(c)}
    changes = [c for (_, settings), s in zip(levers, cell) for c in settings[s][1]
               if not (about(c) and about(c)[0] in mine)]
    return None if clash(changes) else list(dict.fromkeys(changes + own))


def lever_text(levers):
    return ''.join('lever %s { %s }\n' % (name, ' ; '.join('%s { %s }' % (s, ' ; '.join(c)) if c else s
                                                           for s, c in settings)) for name, settings in levers)


def better(a, b, size):
    """dt_better: 1e-9 of the larger, or 1e-12 of the size."""
    return 0 if abs(a - b) <= max(1e-9 * max(abs(a), abs(b)), 1e-12 * size) else 1 if a > b else -1


def pareto(scores):
    """Keys of those that nothing beats; scores {key: [more is better]}."""
    sizes = [max((abs(s[i]) for s in scores.values()), default=0) for i in range(len(next(iter(scores.values()), [])))]

    def beats(a, b):
        order = [better(x, y, size) for x, y, size in zip(a, b, sizes)]
        return min(order) >= 0 and max(order) > 0
    return {k for k, s in scores.items() if not any(beats(other, s) for other in scores.values())}


def quantile(numbers, share):
    """Hyndman and Fan's type 7."""
    numbers, at = sorted(numbers), share * (len(numbers) - 1)
    low = int(at)
    return numbers[low] + (at - low) * (numbers[min(low + 1, len(numbers) - 1)] - numbers[low])


def solve_alone(folder, text, changes):
    """The outcomes of one policy, or the code of what is wrong."""
    with open(os.path.join(folder, 'one.dtn'), 'w', encoding='utf-8') as file:
        file.write(text + 'policy one { %s }\n' % ' ; '.join(changes))
    done = detente('run', 'one.dtn', '--json', '-q', cwd=folder, status=(0, 2))
    if done.returncode == 2:
        assert '[no-action]' in done.stderr, done.stderr
        return 'no-action'
    return json.loads(done.stdout)['policies']['one']['outcomes']


def solve_worlds(folder, text, policies):
    """{policy: [outcomes]} in the worlds of seed 1, by `study`."""
    with open(os.path.join(folder, 'all.dtn'), 'w', encoding='utf-8') as file:
        file.write(text + ''.join('policy %s { %s }\n' % (name, ' ; '.join(c)) for name, c in policies.items()))
    path = os.path.join(folder, 'all.study')
    if os.path.exists(path):
        os.remove(path)
    detente('study', 'all.dtn', '--design', 'random', '--worlds', str(WORLDS), '-o', 'all.study', '-q', cwd=folder)
    with sqlite3.connect(path) as database:
        columns = dict(database.execute('SELECT name, name_of_column FROM outcomes'))
        found = {}
        for name in policies:
            rows = database.execute('SELECT %s FROM results WHERE policy = ? AND world > 0 ORDER BY world' %
                                    ', '.join('"%s"' % c for c in columns.values()), (name,)).fetchall()
            found[name] = [dict(zip(columns, row)) for row in rows]
    return found


def near(a, b):
    return abs(a - b) <= 1e-12 + 1e-9 * max(abs(a), abs(b))


def compare(folder, seed):
    levers, own = draw_levers(seed)
    with open(os.path.join(folder, 'levers.dtn'), 'w', encoding='utf-8') as file:
        file.write(GAME + lever_text(levers) + 'policy base { %s }\n' % ' ; '.join(own))
    cells = list(itertools.product(*(range(len(s)) for _, s in levers)))
    alone, expected_errors, written = {}, {}, {}
    for cell in cells:
        changes = write_out(levers, own, cell)
        found = 'settings-clash' if changes is None else solve_alone(folder, GAME, changes)
        if isinstance(found, str):
            expected_errors[found] = expected_errors.get(found, 0) + 1
        else:
            alone[cell], written[cell] = found, changes
    limit = quantile([o['steps'] for o in alone.values()], 0.6)
    require = ['steps <= %.17g' % limit] if seed % 2 else []
    meets = {c for c in alone if not require or alone[c]['steps'] <= limit}
    front = pareto({c: [d * alone[c][o] for o, d in DIRECTION.items()] for c in meets})
    arguments = ['design', 'levers.dtn', '--json', '-q', '--worlds', str(WORLDS)] + \
        [a for r in require for a in ('--require', r)]
    done = detente(*arguments, cwd=folder)
    assert done.stdout == detente(*arguments, '--jobs', '1', cwd=folder).stdout, seed
    told = json.loads(done.stdout)
    assert len(told['cells']) == len(cells) and told['errors'] == expected_errors, (seed, told['errors'], expected_errors)
    index = {tuple([s for s, _ in settings].index(c['settings'][name])
                   for name, settings in levers): c for c in told['cells']}
    assert set(index) == set(cells)
    for cell in cells:
        one = index[cell]
        assert one['solved'] == (cell in alone), (seed, cell)
        if cell in alone:
            assert all(near(one['outcomes'][o], alone[cell][o]) for o in alone[cell]), (seed, cell)
            assert (one['meets'], one['front']) == (cell in meets, cell in front), (seed, cell, one)
    for i in told['front']:
        assert told['cells'][i]['front'] and told['cells'][i]['game'] == i

    drawn = solve_worlds(folder, GAME, {'c' + '_'.join(map(str, c)): w for c, w in written.items()})
    drawn = {c: drawn['c' + '_'.join(map(str, c))] for c in written}
    scores = {}
    best = {o: [max(d * drawn[c][w][o] for c in drawn) for w in range(WORLDS)] for o, d in DIRECTION.items()}
    for c in drawn:
        regret = {o: [best[o][w] - d * drawn[c][w][o] for w in range(WORLDS)] for o, d in DIRECTION.items()}
        share = sum(not require or drawn[c][w]['steps'] <= limit for w in range(WORLDS)) / WORLDS
        scores[c] = [-quantile(regret[o], 0.9) for o in DIRECTION] + [share]
        one = index[c]
        for o, d in DIRECTION.items():
            numbers = [drawn[c][w][o] for w in range(WORLDS)]
            assert near(one['regret'][o], max(regret[o])), (seed, c, o)
            assert near(one['regret_p90'][o], quantile(regret[o], 0.9)), (seed, c, o)
            assert near(one['mean'][o], sum(numbers) / WORLDS), (seed, c, o)
            assert near(one['quantile90'][o], quantile(numbers, 0.9 if d < 0 else 0.1)), (seed, c, o)
        assert near(one['share_met'], share), (seed, c)
    robust = pareto(scores)
    assert {c for c in drawn if index[c]['robust']} == robust, (seed, robust)

    # in which worlds a cell is best; and its line is the policy that has its numbers
    for one in told['named']:
        cell = next(c for c in cells if index[c] is told['cells'][one['cell']])
        count = 0
        for w in range(WORLDS):
            good = {c: [d * drawn[c][w][o] for o, d in DIRECTION.items()] for c in drawn
                    if not require or drawn[c][w]['steps'] <= limit}
            count += cell in good and cell in pareto(good)
        assert one['best_where']['best'] == count, (seed, cell, one['best_where'], count)
    with open(os.path.join(folder, 'pasted.dtn'), 'w', encoding='utf-8') as file:
        file.write(GAME + lever_text(levers) + ''.join(one['policy'] + '\n' for one in told['named']))
    pasted = json.loads(detente('run', 'pasted.dtn', '--json', '-q', cwd=folder).stdout)['policies']
    for one in told['named']:
        mine = told['cells'][one['cell']]['outcomes']
        assert pasted[one['name']]['outcomes'] == mine, (seed, one)


def search(folder):
    """Five levers of three settings: the optimum of 243 cells from 60 at most."""
    levers = [('l%d' % l, [('s0', []), ('s1', [a]), ('s2', [b])]) for l, (a, b) in enumerate(
        [('set cost = 0.1', 'set cost = 0.6'), ('role envoy = B', 'role envoy = C'), ('set q = 0.9', 'set q = 0.1'),
         ('forbid B.stand when heat > 1', 'force B.stand when heat == 2'), ('set p = 0.05', 'start heat = 2')])]
    with open(os.path.join(folder, 'many.dtn'), 'w', encoding='utf-8') as file:
        file.write(GAME + lever_text(levers))
    for how in (['--minimise', 'heat'], ['--maximise', 'calm'], ['--minimise', 'top', '--require', 'steps < 1.2'],
                ['--minimise', 'heat', '--worlds', '40']):
        whole = json.loads(detente('design', 'many.dtn', '--json', '-q', *how, cwd=folder).stdout)
        assert not whole['search'] and len(whole['cells']) == 243
        outcome = how[1]
        best = {whole['cells'][i]['outcomes'][outcome] for i in whole['front']}
        for seed in '1', '2':
            some = json.loads(detente('design', 'many.dtn', '--json', '-q', '--cells', '60', '--seed', seed, *how,
                                      cwd=folder).stdout)
            assert some['search'] and len(some['cells']) <= 60 and some['design'] == 243
            found = {some['cells'][i]['outcomes'][outcome] for i in some['front']}
            assert found and all(any(near(f, b) for b in best) for f in found), (how, seed, found, best)


def interrupt(folder):
    """Ctrl-C ends it with status 3, and no result."""
    arguments = [PROGRAM, 'design', 'many.dtn', '--json', '--worlds', '20000']
    with subprocess.Popen(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        told = process.stderr.readline()
        assert '243 cells' in told and '20001 worlds' in told, told
        process.send_signal(signal.SIGINT)
        shown, rest = process.communicate(timeout=300)
        assert process.returncode == 3 and shown == '' and '[interrupted]' in rest, (process.returncode, rest)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(MODELS):
            compare(folder, seed)
        search(folder)
        interrupt(folder)
    return 0


if __name__ == '__main__':
    sys.exit(main())
