#!/usr/bin/env python3
"""Fits of the crisis game, whose likelihood is three logistic functions: posterior and evidence are those of a
quadrature over the two free numbers, within three stated errors; so is the factor between two policies in
force; the mode is where no direction goes up, also of a game with types; one thread or two, killed often or never, the file holds the same.

    fit.py        DETENTE_FIT_KILLS: how often it is killed (5)
"""
import json
import math
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
MODEL = os.path.join(ROOT, 'models', 'classics', 'crisis.dtn')
SIGNALS = os.path.join(ROOT, 'models', 'classics', 'signals.dtn')
KILLS = int(os.environ.get('DETENTE_FIT_KILLS', '5'))
WAR, CONCEDE = (-3, 1), (-4, 1)  # the ranges of war_a and concede_b
COUNTS = {'leave': 9, 'concede': 14, 'firm': 27, 'back': 10}
ENVIRONMENT = {**os.environ, 'NO_COLOR': '1', 'COLUMNS': '100'}
FIT = ['--free', 'war_a,concede_b']


def logistic(x):
    return 1 / (1 + math.exp(-x))


def loglik(war_a, concede_b, free, counts):
    """Of so many histories that ended so; the other numbers are the model's: lambda 1, prize 1, audience 0.5,
    war_b -0.2. Unless the challenger is free a challenge is forced."""
    firm = logistic(war_a + 0.5)
    concede = logistic(concede_b - firm * -0.2 - (1 - firm))
    challenge = logistic(concede + (1 - concede) * (firm * war_a - (1 - firm) * 0.5)) if free else 1
    p = {'leave': 1 - challenge, 'concede': challenge * concede, 'firm': challenge * (1 - concede) * firm,
         'back': challenge * (1 - concede) * (1 - firm)}
    return sum(n * math.log(p[kind]) for kind, n in counts.items() if n)


def quadrature(free, counts, steps=300):
    """Log evidence, means and deviations, by the midpoint rule over the two ranges."""
    points = []
    for i in range(steps):
        for j in range(steps):
            x = WAR[0] + (WAR[1] - WAR[0]) * (i + 0.5) / steps
            y = CONCEDE[0] + (CONCEDE[1] - CONCEDE[0]) * (j + 0.5) / steps
            points.append((loglik(x, y, free, counts), x, y))
    most = max(points)[0]
    weights = [math.exp(p[0] - most) for p in points]
    total = sum(weights)
    mean = [sum(w * p[k] for w, p in zip(weights, points)) / total for k in (1, 2)]
    sd = [math.sqrt(sum(w * (p[k] - m) ** 2 for w, p in zip(weights, points)) / total)
          for k, m in ((1, mean[0]), (2, mean[1]))]
    return most + math.log(total / steps ** 2), mean, sd


def history(path, counts):
    ways = {'leave': 'leave,none,none', 'concede': 'challenge,concede,none', 'firm': 'challenge,resist,firm',
            'back': 'challenge,resist,back'}
    rows = [ways[kind] for kind, n in counts.items() for _ in range(n)]
    random.Random(3).shuffle(rows)
    with open(path, 'w', encoding='utf-8') as file:
        file.write('challenge.A,response.B,nerve.A\n,,\n' + ''.join(row + '\n' for row in rows))


def fit(folder, name, policy, *more):
    done = subprocess.run([PROGRAM, 'fit', MODEL, '--history', 'h.csv', '--policy', policy, '-o', name, '--json',
                           '--quiet', *FIT, *more], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, (done.returncode, done.stderr)
    return json.loads(done.stdout)


def content(path):
    base = sqlite3.connect(path)
    tables = [name for name, in base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found = {table: sorted(base.execute('SELECT * FROM ' + table), key=repr) for table in tables}
    base.close()
    return found


def check_known(found, known, what):
    evidence, mean, sd = known
    off = abs(found['fit']['evidence'] - evidence) / found['fit']['evidence_error']
    if off > 3:
        yield '%s: log evidence %g is not %g: %.1f errors' % (what, found['fit']['evidence'], evidence, off)
    for row, m, s in zip(found['tables']['numbers'], mean, sd):
        error = s / math.sqrt(row['ess'])
        if abs(row['mean'] - m) > 4 * error or abs(row['sd'] / s - 1) > 4 / math.sqrt(2 * row['ess']):
            yield '%s: %s is %g (sd %g), not %g (%g)' % (what, row['number'], row['mean'], row['sd'], m, s)


def check_mode(found, free, counts):
    """In normal scores, where the prior is a standard normal density, no step from the mode goes up."""
    normal = statistics.NormalDist()
    rows = found['tables']['mode']
    z = [normal.inv_cdf((row['mode'] - low) / (high - low)) for row, (low, high) in zip(rows, (WAR, CONCEDE))]

    def density(z):
        x, y = (low + (high - low) * normal.cdf(s) for s, (low, high) in zip(z, (WAR, CONCEDE)))
        return loglik(x, y, free, counts) - sum(s * s for s in z) / 2
    here = density(z)
    for a in range(2):
        for step in (-0.02, 0.02):
            there = list(z)
            there[a] += step
            if density(there) > here + 1e-6:
                yield 'mode: a step of %g in %s goes up by %g' % (step, rows[a]['number'], density(there) - here)


def signals(rate):
    """Probabilities of what the sender sends and the receiver answers, by `run`."""
    done = subprocess.run([PROGRAM, 'run', SIGNALS, '--policy', 'one', '--set', 'lambda=%r' % rate, '--json'],
                          env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    o = json.loads(done.stdout)['policies']['one']['outcomes']
    sent = o['a_sends_i'] + o['b_sends_i']
    return {'i,c': o['i_c'], 'i,d': sent - o['i_c'], 's,c': o['s_c'], 's,d': 1 - sent - o['s_c']}


def check_private(folder):
    """The mode of a game in which one side knows its type alone: 24 histories of one period each, for what is learned
    of a type goes on. The likelihood there is that of `run`, and no step from it goes up."""
    counts, rest = {'i,c': 4, 'i,d': 9, 's,c': 8, 's,d': 3}, []
    for kind, n in counts.items():
        for i in range(n):
            name = '%s%d.csv' % (kind.replace(',', ''), i)
            with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
                file.write('send.S,answer.R\n,\n%s\n' % kind)
            rest += ['--history', name]
    done = subprocess.run([PROGRAM, 'fit', SIGNALS, *rest, '--policy', 'one', '--free', 'lambda', '--mode', '--json', '--quiet'],
                          cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    normal = statistics.NormalDist()
    z = normal.inv_cdf(found['tables']['mode'][0]['mode'] / 10)

    def at(z):
        p = signals(10 * normal.cdf(z))
        return sum(n * math.log(p[kind]) for kind, n in counts.items())
    here = at(z)
    if abs(here - found['mode_found']['loglik']) > 1e-9:
        yield 'types: the log likelihood %.12g is not %.12g' % (found['mode_found']['loglik'], here)
    for step in (-0.02, 0.02):
        if at(z + step) - (z + step) ** 2 / 2 > here - z * z / 2:
            yield 'types: a step of %g goes up' % step


def kill(folder, name, kills, chance):
    """Kills a fit now and then, until it has ended by itself; how often it was killed, at most so often."""
    killed = 0
    while True:
        process = subprocess.Popen([PROGRAM, 'fit', MODEL, '--history', 'h.csv', '--policy', 'free', '-o', name,
                                    '--quiet', '--particles', '2048', *FIT], cwd=folder, env=ENVIRONMENT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if killed < kills:
            try:
                process.communicate(timeout=chance.uniform(0.02, 0.4))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                killed += 1
                continue
        errors = process.communicate()[1] if process.returncode is None else ''
        assert process.returncode == 0, errors
        return killed


def main():
    bad = []
    with tempfile.TemporaryDirectory() as folder:
        history(os.path.join(folder, 'h.csv'), COUNTS)
        known = quadrature(True, COUNTS)
        found = fit(folder, 'free.fit', 'free', '--mode', '--particles', '2048', '--jobs', '1')
        bad += check_known(found, known, 'free')
        bad += check_mode(found, True, COUNTS)
        if abs(found['mode_found']['evidence'] - known[0]) > 0.3:  # Laplace's, of 60 rows
            bad.append('Laplace: %g is not near %g' % (found['mode_found']['evidence'], known[0]))

        other = fit(folder, 'other.fit', 'free', '--evidence', 'free.fit', '--seed', '2')
        if abs(other['against']['log_factor']) > 3 * other['against']['error']:
            bad.append('the same game, another seed: log factor %g' % other['against']['log_factor'])

        killed, files, chance = 0, 0, random.Random(5)
        while killed < KILLS and files < 10 * KILLS + 10 and not bad:
            name = 'killed-%d.fit' % files
            times = kill(folder, name, KILLS - killed, chance)
            if content(os.path.join(folder, name)) != content(os.path.join(folder, 'free.fit')):
                bad.append('killed %d times, the file holds something else' % times)
            killed, files = killed + times, files + 1

        bad += check_private(folder)
        known = quadrature(False, {**COUNTS, 'leave': 0})
        history(os.path.join(folder, 'h.csv'), {**COUNTS, 'leave': 0})
        bad += check_known(fit(folder, 'always.fit', 'always'), known, 'always')
        weighed = fit(folder, 'weighed.fit', 'free', '--evidence', 'always.fit')
        factor = quadrature(True, {**COUNTS, 'leave': 0})[0] - known[0]
        if abs(weighed['against']['log_factor'] - factor) > 3 * weighed['against']['error']:
            bad.append('in force: log factor %g, not %g' % (weighed['against']['log_factor'], factor))
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
