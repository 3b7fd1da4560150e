#!/usr/bin/env python3
"""The strategies that Crisman-Cox and Gibilisco (AJPS 2018) publish for eleven dyads are found, not given.

published.csv has their probabilities, softmax of the action values in their replication data. For each
model of models/classics/dyads: the published strategy is another equilibrium than the one that `run`
selects; `equilibria` finds it among others; `export --select` writes it, every probability equal to 1e-9;
and begun from the file that was written, the search says so."""
import csv
import json
import os
import subprocess
import sys
import tempfile

DETENTE, MODELS = sys.argv[1:3]
HERE = os.path.dirname(os.path.abspath(__file__))
OPTIONS = ['--values', 'surplus']


def detente(*arguments):
    return json.loads(subprocess.run([DETENTE, *arguments, *OPTIONS], check=True,
                                     stdout=subprocess.PIPE).stdout)


def exported(model, *options):
    """{(state, actor): probabilities} of a stationary solution, and its text."""
    graph = detente('export', model, '--format', 'json', *options)
    strategy = {}
    for node, *lists in graph['strategy'][0]:
        state = graph['nodes'][node]['state']['relations']
        for actor, probabilities in zip('AB', lists):
            strategy[state, actor] = probabilities
    return strategy, graph


def apart(one, other):
    return max(abs(p - q) for key in one for p, q in zip(one[key], other[key]))


def main():
    published = {}
    with open(os.path.join(HERE, 'published.csv'), encoding='utf-8') as file:
        for row in csv.DictReader(file):
            published.setdefault(row['model'], {})[row['state'], row['actor']] = [
                float(row[action]) for action in ('calm', 'threaten', 'attack')]
    assert len(published) == 11
    for name, wanted in sorted(published.items()):
        model = os.path.join(MODELS, 'classics', 'dyads', name + '.dtn')
        distance = apart(exported(model)[0], wanted)
        assert distance > 0.02, '%s: the published strategy is the one that is selected' % name
        report = detente('equilibria', model, '--json')['policies']['default']
        found = report['equilibria']
        assert report['whole'] and report['limit'] and found[0]['limit'] and found[0]['distance'] == 0
        assert all(one['residual'] < 1e-8 for one in found)
        distances = [one['distance'] for one in found]
        numbers = [n for n, one in enumerate(distances) if abs(one - distance) < 1e-6]
        assert numbers, '%s: not found; %d others' % (name, len(found))
        for number in numbers:
            strategy, graph = exported(model, '--select', str(number + 1))
            if apart(strategy, wanted) < 1e-9:
                break
        else:
            raise AssertionError('%s: none of %s is the published strategy' % (name, numbers))
        with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
            json.dump(graph, file)
            file.flush()
            again = detente('equilibria', model, '--json', '--starts', '1', '--from', file.name)
        given = [one for one in again['policies']['default']['equilibria'] if one['file']]
        assert len(given) == 1 and abs(given[0]['distance'] - distance) < 1e-6
        print('%s: number %d of %d, %.3f from the limit, %sheld' % (
            name, number + 1, len(found), distance, '' if found[number]['held'] else 'not '))


main()
