#!/usr/bin/env python3
"""Pictures of a model: the flow of a period has every guard in full, and whatever moves an outcome, found by solving the
game at another number, stands among the causes drawn of it; a number that nothing reads doesn't."""
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
MODEL = '''model m "A \'quoted\' title"
period week
horizon 3
actor A "Side A" discount d rationality 2
actor B rationality 1
param d = 0.9 in 0.5 .. 1
param p = 0.3 in 0 .. 1 "chance of rain"
param w = 1 in 0 .. 2
param apart = 0.2 in 0 .. 1
param idle = 1 in 0 .. 2
state wet : bool = no
state dry : 0..3 = 0
state luck : bool = no
let fine = not wet and dry < 2
role chair = B
stage sky "The sky" : chance { with p { wet := yes } }
stage talk : chair, A when fine {
  chair.speak if (dry < # before it is late
    1)
  chair.wait { dry += 1 }
  A.stay { pay A w * wet }
  A.leave
}
stage dice : chance { with apart { luck := yes } }
payoff chair { rain = -wet }
end late "Too late" when dry == 3
outcome rain "It rains" = ever(wet)
outcome left = mean(talk.A == leave)
outcome lucky = last(luck)
policy one
policy two { role chair = A }
'''


def call(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, check=True).stdout.decode()


def read(text):
    """Labels by node, and the edges, of a drawing; every line must be one of the two, or a setting."""
    label, edges = {}, []
    for line in text.strip().split('\n')[1:-1]:
        node = re.fullmatch(r'  (\w+) \[shape=\w+, label="((?:[^"\\]|\\.)*)"\];', line)
        edge = re.fullmatch(r'  (\w+) -> (\w+)(?: \[.*\])?;', line)
        if node:
            label[node.group(1)] = node.group(2).replace('\\l', '\n')
        elif edge:
            edges.append(edge.groups())
        else:
            assert re.fullmatch(r'  (?:label|rankdir|node|edge).*;', line), line
    assert all(end in label for edge in edges for end in edge)
    return label, edges


def causes_of(path, outcome, policy):
    label, edges = read(call('export', path, '--format', 'dot', '--of', 'causes', '--outcome', outcome, '--policy', policy))
    to = [node for node in label if not any(edge[0] == node for edge in edges)]
    assert len(to) == 1, to
    return set(label.values()), {(label[a], label[b]) for a, b in edges}


def check_moves(path, params, outcomes, policy):
    """Each number, moved alone to both ends of its range, moves only what it is drawn to reach."""
    def at(*words):
        return json.loads(call('run', path, '--json', '--quiet', '--policy', policy, *words))['policies'][policy]['outcomes']
    base = at()
    drawn = {name: causes_of(path, name, policy)[0] for name in outcomes}
    moved = 0
    for name, title, ends in params:
        for end in ends:
            there = at('--set', '%s=%s' % (name, end))
            for outcome in outcomes:
                if abs(there[outcome] - base[outcome]) > 1e-9:
                    moved += 1
                    assert title in drawn[outcome], '%s moves %s under %s' % (name, outcome, policy)
    return moved


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'm.dtn')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(MODEL)
        params = [('d', 'd', (0.5, 1)), ('p', 'chance of rain', (0, 1)), ('w', 'w', (0, 2)), ('apart', 'apart', (0, 1)), ('idle', 'idle', (0, 2))]
        for policy in ('one', 'two'):
            assert check_moves(path, params, ['rain', 'left', 'lucky'], policy) > 5
        parts, links = causes_of(path, 'rain', 'one')
        assert parts == {'chance of rain', 'The sky', 'wet', 'It rains'}, parts
        assert links == {('chance of rain', 'The sky'), ('The sky', 'wet'), ('wet', 'It rains')}, links
        assert causes_of(path, 'lucky', 'one')[0] == {'apart', 'dice', 'luck', 'lucky'}
        parts, links = causes_of(path, 'left', 'one')
        assert ('B', 'talk') in links and ('wet', 'B') in links and not parts & {'idle', 'apart', 'luck'}
        assert ('B', 'talk') not in causes_of(path, 'left', 'two')[1]

        label, edges = read(call('export', path, '--format', 'dot', '--of', 'period'))
        assert 'speak if (dry < 1)\n' in label['s1'] and 'chair (B):' in label['s1'], label
        assert label['w1'] == 'fine' and 'Too late' in label['end']
        assert 'reads wet, dry\n' in label['s1'] and 'changes dry\n' in label['s1']
        assert edges == [('begin', 's0'), ('s0', 'w1'), ('w1', 's1'), ('w1', 's2'), ('s1', 's2'), ('s2', 'end')], edges
        for wrong in (['--of', 'period'], ['--format', 'dot', '--outcome', 'rain'], ['--format', 'dot', '--of', 'causes', '--outcome', 'reign']):
            assert subprocess.run([PROGRAM, 'export', path, *wrong], capture_output=True).returncode == 2, wrong


if __name__ == '__main__':
    sys.exit(main())
