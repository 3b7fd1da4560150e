#!/usr/bin/env python3
"""Studies and checks played on another equilibrium than the limit.

A stag hunt's equilibria are known: of log(s/(1-s)) = lambda (6s - 4) there are three roots while lambda is large, and
the two upper ones meet and vanish where its slope is 0 as well. So a study on the third must have the third root in every
world on this side of that number, and no solution in any beyond it. The file knows which equilibrium it is of. In the
published dyads a study's worlds are those of `run --set`, and what is solved there is an equilibrium to the verifier."""
import json
import math
import os
import re
import sqlite3
import sys
import tempfile

from files import PROGRAM, ROOT, command, content, differences, run

HUNT = '''model hunt
horizon 1
lookahead forever
actor A discount 0 rationality lambda
actor B discount 0 rationality lambda
param lambda = 2 in 0.6 .. 3 judgement
stage hunt : A, B { A.stag ; A.hare ; B.stag ; B.hare }
payoff A { game = hunt.A == stag ? (hunt.B == stag ? 10 : 1) : (hunt.B == stag ? 8 : 5) }
payoff B { game = hunt.B == stag ? (hunt.A == stag ? 10 : 1) : (hunt.A == stag ? 8 : 5) }
outcome stag maximise = mean(hunt.A == stag)
expect "all hunt" with lambda = 3 : stag > 0.9
expect "all hunt, nearly folded" with lambda = %(inside)r : stag > 0.8
expect "folded" with lambda = %(outside)r : stag > 0
'''


def off(s, rationality):
    return math.log(s / (1 - s)) - rationality * (6 * s - 4)


def turns(rationality):
    """Where the slope of the equation is 0: 1/(s(1-s)) = 6 lambda."""
    half = math.sqrt(max(0, 0.25 - 1 / (6 * rationality)))
    return 0.5 - half, 0.5 + half


def root(low, high, rationality):
    rising = off(low, rationality) < 0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if (off(middle, rationality) < 0) == rising else (low, middle)
    return low


def fold():
    """The lambda at which the equation touches 0 at its upper turn."""
    low, high = 2 / 3, 2.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if off(turns(middle)[1], middle) < 0 else (middle, high)
    return low


def hunt(folder):
    at = fold()
    model = os.path.join(folder, 'hunt.dtn')
    with open(model, 'w', encoding='utf-8') as file:
        file.write(HUNT % {'inside': at + 1e-6, 'outside': at - 1e-6})
    plain = ['--worlds', '300', '--seed', '4', '-q']
    for select in ('2', '3'):
        path = os.path.join(folder, 'hunt-%s.study' % select)
        asked = command(path, *plain, '--select', select, model=model)
        done = run([*asked, '--jobs', '1'])
        assert done.returncode == 1 and 'folds back' in done.stdout, done
        database = sqlite3.connect(path)
        worlds = database.execute(
            'SELECT p_lambda, status, reason, o_stag FROM worlds JOIN results USING (world)').fetchall()
        database.close()
        assert len(worlds) == 301
        solved = 0
        for rationality, status, reason, stag in worlds:
            if rationality < at:
                assert status == 'unsolved' and 'folds back' in reason, (rationality, status, reason)
                continue
            assert status == 'solved', (rationality, reason)
            lower, upper = turns(rationality)
            known = root(lower, upper, rationality) if select == '2' else root(upper, 1 - 1e-15, rationality)
            assert abs(stag - known) < 1e-9, (rationality, stag, known)
            solved += 1
        assert 50 < solved < 250
        again = run(asked)
        assert again.returncode == 1 and 'it was complete before' in ' '.join(again.stdout.split()), again
        more = os.path.join(folder, 'more-%s.study' % select)
        run([*command(more, *plain, '--select', select, model=model), '--jobs', '3'])
        assert not differences(content(path), content(more))
        other = run(command(path, *plain, model=model))
        assert other.returncode == 2 and "its selected equilibrium is '%s', not 'limit'" % select in other.stderr, other
    checked = run([PROGRAM, 'check', model, '--select', '3', '--json', '-q'])
    held = [one['holds'] for one in json.loads(checked.stdout)['expectations']]
    assert checked.returncode == 1 and held == [True, True, False], checked
    assert 'folds back' in checked.stdout
    told = run([PROGRAM, 'diagnose', path])
    assert 'Left out: the selected equilibrium' in ' '.join(told.stdout.split()), told


def ranged(folder, name, width):
    """A dyad whose numbers have ranges of so much about what was estimated."""
    def widen(match):
        number = float(match.group(2))
        return '%s%s in %r .. %r ' % (match.group(1), match.group(2), number - abs(number) * width,
                                      number + abs(number) * width)
    with open(os.path.join(ROOT, 'models/classics/dyads', name), encoding='utf-8') as file:
        text = re.sub(r'^(param \w+ *= )(-?[\d.]+) ', widen, file.read(), flags=re.M)
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def dyads(folder):
    names = sorted(name for name in os.listdir(os.path.join(ROOT, 'models/classics/dyads')) if name.endswith('.dtn'))
    assert len(names) == 11
    solved = folded = 0
    for name in names:
        model = ranged(folder, name, 0.01)
        path = os.path.join(folder, name + '.study')
        chosen = ['--values', 'surplus', '--select', '4', '-q']
        done = run(command(path, '--worlds', '20', *chosen, model=model))
        assert done.returncode in (0, 1), done
        rows = content(path)
        parameters = [row[1] for row in rows['parameters']]
        database = sqlite3.connect(path)
        database.row_factory = sqlite3.Row
        worlds = database.execute('SELECT * FROM worlds JOIN results USING (world) WHERE world = 1').fetchall()
        for row in worlds:
            numbers = [part for p in parameters for part in ('--set', '%s=%r' % (p, row['p_' + p]))]
            one = run([PROGRAM, 'run', model, '--json', *chosen, *numbers])
            found = json.loads(one.stdout)['policies']['default']
            assert found['solved'] == (row['status'] == 'solved'), (name, row['world'], found)
            if not found['solved']:
                folded += 1
                assert 'folds back' in row['reason']
                continue
            assert all(found['outcomes'][o] == row['o_' + o] for o in found['outcomes']), (name, row['world'])
            confirmed = run([PROGRAM, 'verify', model, *chosen, *numbers])
            assert confirmed.returncode == 0, (name, row['world'], confirmed.stdout)
            solved += 1
        database.close()
    assert solved + folded == 11 and solved >= 9, (solved, folded)


def main():
    with tempfile.TemporaryDirectory() as folder:
        hunt(folder)
        dyads(folder)


if __name__ == '__main__':
    sys.exit(main())
