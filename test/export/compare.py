#!/usr/bin/env python3
"""Exports a model under each of its policies in every format and checks what comes out: the JSON is
enough to work out all that `run --json` says; the tree for Gambit is well formed, and random play is
worth the same in it as in the JSON; the drawing mentions every place once. Trees of games with private variables
are secret_trees.py's."""
import json
import math
import os
import re
import subprocess
import sys

import check_efg
import check_json
import check_private

LARGE = 300_000  # cells × periods, above which the plain programs here take too long;
LARGE_PRIVATE = 6_000  # with private variables × points × types


def detente(*arguments):
    return subprocess.run([os.environ['DETENTE'], *arguments], capture_output=True, text=True)


def check_tree(path, options, export, bad):
    done = detente('export', path, '--format', 'efg', *options)
    if export.forever:
        if done.returncode != 2 or 'tree-forever' not in done.stderr:
            bad.append('a tree of play forever: exit status %d' % done.returncode)
        return
    if done.returncode == 3 and 'too-large-tree' in done.stderr and not done.stdout:
        return
    if done.returncode:
        bad.append('efg: exit status %d\n%s' % (done.returncode, done.stderr))
        return
    game = check_efg.check(done.stdout)
    values, _ = export.values(uniform=True)
    if game.players != [agent['name'] for agent in export.agents]:
        bad.append('efg: other players')
    for agent, found in zip(export.agents, game.uniform_values()):
        given = sum(w * values[i] for i, w in zip(agent['members'], agent['weights']))
        if not abs(found - given) <= 1e-9 * max(1, abs(given)):
            bad.append('efg: random play is worth %r to %s, not %r' % (found, agent['name'], given))


def check_drawing(path, options, places, bad):
    done = detente('export', path, '--format', 'dot', *options)
    if places > 400:
        if done.returncode != 3 or 'too-large-dot' not in done.stderr:
            bad.append('a drawing of %d places: exit status %d' % (places, done.returncode))
        return
    declared = re.findall(r'^  n(\d+) \[', done.stdout, re.M)
    if sorted(map(int, declared)) != list(range(places)) or not done.stdout.endswith('}\n'):
        bad.append('dot: not every place is drawn once')
    for line in done.stdout.splitlines():
        if len(re.findall(r'(?<!\\)"', line)) % 2:
            bad.append('dot: a quote is open: ' + line)


def check_policy(path, policy, run, options, bad):
    options = ['--quiet', '--policy', policy, *options]
    done = detente('export', path, '--format', 'json', *options)
    if done.returncode:
        bad.append('json: exit status %d\n%s' % (done.returncode, done.stderr))
        return
    game = json.loads(done.stdout)
    check_drawing(path, options, len(game['nodes']) + len(game['leaves']), bad)
    cells = sum(len(node['cells']) for node in game['nodes'])
    if 'private' in game:
        each = math.prod(len(v['points']) * len(v['values']) for v in game['private'])
        if game['values'] == 'average' and cells * (game['periods'] or math.inf) * each <= LARGE_PRIVATE:
            bad += ['%s: %s' % (policy, b) for b in check_private.compare(game, run)]
        return
    export = check_json.Export(game)
    if cells * export.periods <= LARGE:
        bad += ['%s: %s' % (policy, b) for b in check_json.compare(game, run)]
        check_tree(path, options, export, bad)


def main(path):
    bad = []
    for values in ('average', 'surplus'):
        options = ['--values', values]
        done = detente('run', '--json', '--quiet', path, *options)
        if values == 'surplus' and done.returncode == 2 and 'surplus-' in done.stderr:
            break  # a team, or a rationality of 0
        if done.returncode:
            print('exit status %d\n%s' % (done.returncode, done.stderr))
            return 1
        for policy, run in json.loads(done.stdout)['policies'].items():
            check_policy(path, policy, run, options, bad)
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
