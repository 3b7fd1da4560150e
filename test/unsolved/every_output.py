#!/usr/bin/env python3
"""No output shows numbers of what isn't solved. Every command that `detente help` lists is run on models
that have no solution, in every form of output that its own help lists (--json, --format …, --worlds), and
must end with exit status 1, say the reason, and show no number of the solution. A command or a form that is
new fails here until OUTPUTS says how its numbers are found. Likewise every function of detente.h that takes
a solution must stand in FUNCTIONS with what it does about one that isn't solved.
"""
import csv
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
MODELS = {'unsolved.dtn': ('one', 'no solution'), 'unsettled.dtn': ('p1', "doesn't settle"),
          'unsettled-natural.dtn': ('plain', 'goes round')}

# Commands that show no number of a solution: what else they are tested by.
NONE = {'fmt': 'shows the text alone', 'study': 'test/unit/test_solved.c: worlds fail; read below',
        'compare': 'leaves out what failed', 'discover': 'leaves out what failed',
        'equilibria': 'each is solved by itself, the limit or not: test/unit/test_stationary.c',
        'design': 'leaves out a cell that is not solved: test/cli/design.test',
        'referee': 'says that it is not solved: test/cli/referee.test',
        'sample': 'refuses a game that is not solved: test/cli/sample.test',
        'play': 'refuses a game that is not solved: test/cli/play.test',
        'score': 'refuses a game that is not solved: test/cli/score.test',
        'fit': 'a world that is not solved counts as impossible; draws are as in study: test/unit/test_fit.c',
        'levers': 'refuses a cell that is not solved: test/cli/levers.test',
        'sensitivity': 'leaves out what failed', 'diagnose': 'counts what failed'}

FUNCTIONS = {
    'dt_solution_free': 'frees it', 'dt_solution_solved': 'says so', 'dt_solution_reason': 'says why',
    'dt_solution_cure': 'says what to do', 'dt_solution_failures': 'is a part of the reason',
    'dt_solution_failure': 'is a part of the reason', 'dt_solution_crossed': 'counts nodes',
    'dt_solution_sweeps': 'counts sweeps', 'dt_solution_points': 'counts points', 'dt_solution_bound': 'is of the values, not one of them', 'dt_solution_settled': 'is a part of the reason',
    'dt_solution_certificate': 'evidence, no result: the header says so',
    'dt_verify': 'recomputes that evidence', 'dt_solution_outcomes': 'DT_NO and NaN',
    'dt_solution_outcomes_and_chance': 'DT_NO and NaN',
    'dt_solution_prizes': 'finds none', 'dt_solution_leaks': 'finds none',
    'dt_solution_type_value': 'a part of the certificate, which see',
    'dt_solution_type_outcomes': 'DT_NO and NaN',
    'dt_match_new': 'DT_NO and a diagnostic', 'dt_match_spread': 'DT_NO and a diagnostic',
    'dt_explain': 'DT_NO and a diagnostic', 'dt_export': 'writes the game and the reason',
}


def detente(*arguments, cwd):
    done = subprocess.run([PROGRAM, *arguments], cwd=cwd, capture_output=True, text=True, timeout=300,
                          env={**os.environ, 'NO_COLOR': '1', 'COLUMNS': '400'})
    return done.returncode, done.stdout, done.stderr


def numbers(value, path=''):
    """Every number in a JSON value, with where it stands."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from numbers(item, path + '/' + key)
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, value


def shown_as_json(text, policy, harmless):
    """Numbers that JSON shows of a policy, but for those of the game itself."""
    value = json.loads(text)
    value = value.get('policies', {}).get(policy, value) if 'policies' in value else value
    return ['%s = %r' % n for n in numbers(value) if not re.search(harmless, n[0])]


def shown_in_column(text, policy):
    """Cells of a policy's column, or row, that hold a digit; counts of the graph are the game's."""
    lines, found, column = text.splitlines(), [], None
    for line in lines:
        cells = re.split(r'\s{2,}', line.strip())
        if policy in cells and not re.search(r'\d', line.replace(policy, '')):
            column = line.index(policy) + len(policy)
        elif re.fullmatch(r'\s*%s(\s+(-|-?[\d.e+-]+( %%)?))+\s*' % re.escape(policy), line):
            found += [line] if cells[1:] and cells[1] != '-' else []  # the nominal world
        elif not line.strip():
            column = None
        elif column is not None and not line.strip().startswith(('states', 'nodes')):
            cell = re.search(r'\S*$', line[:column])
            found += [line] if cell and re.search(r'\d', cell.group()) else []
    return found


def shown_in_csv(text, policy):
    """Numbers in a policy's column, but for those of the graph."""
    found, column = [], None
    for row in csv.reader(text.splitlines()):
        if policy in row:
            column = row.index(policy)
        elif column is not None and len(row) > column and row[column] and row[0] not in ('states', 'nodes'):
            found.append(','.join(row))
    return found


def shown_in_paper(text, policy):
    """The same in Markdown or LaTeX, of the headlines alone."""
    found, column, name = [], None, policy.replace('_', '\\_')
    for line in text.splitlines():
        cells = [cell.strip(' *\\') for cell in re.split(r'(?<!\\)[|&]', line)]
        if name in cells:
            column = cells.index(name)
        elif column is not None and len(cells) > column and re.search(r'\d', cells[column]):
            found.append(line)
    return found


GRAPH = r'/(states|nodes)$'
DRAWN = r'/(failed|median|p05|p95)$'  # of the worlds that are solved
EXPORTED = (r'^/(format|horizon|periods|start)$|/(discount|rationality|weights|members|actor|agent'
            r'|place|next|pay|outcomes|standing)$|^/parameters/|/state/')


def outputs(command, text, folder):
    """(arguments, how to find the numbers shown) of each form of a command's output."""
    table, said = shown_in_column, lambda text, policy: []
    if command == 'run':
        worlds = ['--worlds', '3', '--seed', '1']
        yield [], table
        yield ['--json'], lambda t, p: shown_as_json(t, p, GRAPH)
        yield worlds, table
        yield worlds + ['--json'], lambda t, p: shown_as_json(t, p, DRAWN)
        if '--full' in text:
            yield ['--full'], table
            yield ['--csv', '--full'], shown_in_csv
            for form in ('--markdown', '--latex'):
                yield [form], shown_in_paper
    elif command == 'explain':
        yield [], lambda t, p: [t] if t else []
        yield ['--json'], lambda t, p: shown_as_json(t, p, '^$')
    elif command == 'verify':
        yield [], lambda t, p: re.findall(r'(?:value|gap) of .*\d', t) if 'policy ' + p in t and \
            t.count('solver') and len(re.findall(r'^policy', t, re.M)) < 2 else []
        yield ['--json'], lambda t, p: shown_as_json(t, p, '^$')
    elif command == 'check':
        yield [], lambda t, p: re.findall(r'^ok  .*|.*\] = .*', t, re.M)
        yield ['--json'], lambda t, p: [e for e in json.loads(t)['expectations']
                                        if e['holds'] or not e['found'].startswith('not solved: ')]
    elif command == 'export':
        for form in re.search(r'--format=?\s*([a-z|,]+)', text, re.I).group(1).replace(',', '|') \
                .split('|'):
            yield ['--format', form], (lambda t, p: shown_as_json(t, p, EXPORTED)) \
                if form == 'json' else said
    elif command == 'report':
        def page(text, policy):
            with open(os.path.join(folder, 'page.html'), encoding='utf-8') as file:
                whole = file.read()
            base = re.search(r'"base":(\{.*?\}),"coverage"', whole, re.S)
            return shown_as_json('{"policies":%s}' % base.group(1), policy,
                                 r'/(failures|crossed|sweeps)$|/counts/')
        if subprocess.run([PROGRAM, 'report', os.path.join(HERE, 'unsolved.dtn'), '-o', os.devnull],
                          capture_output=True, text=True).stderr.find('without the page') < 0:
            yield ['-o', 'page.html', '--force'] if '--force' in text else ['-o', 'page.html'], page
    elif command not in NONE:
        raise SystemExit("how '%s' treats what isn't solved isn't tested here" % command)


def check_outputs(folder):
    bad, looked = [], 0
    commands = re.findall(r'^  ([a-z]+) ', detente('help', cwd=folder)[1], re.M)
    assert {'run', 'explain', 'verify', 'check', 'export', 'report', 'fmt'} <= set(commands), commands
    for command in commands:
        text = detente('help', command, cwd=folder)[1]
        for model, (policy, reason) in MODELS.items():
            path = os.path.join(folder, model)
            with open(os.path.join(HERE, model), encoding='utf-8') as source, \
                    open(path, 'w', encoding='utf-8') as copy:
                outcome = 'x' if model != 'unsettled-natural.dtn' else 'o0'
                copy.write(source.read() + '\nexpect "any" under %s : %s <= 1e9\n' % (policy, outcome))
            for arguments, shown in outputs(command, text, folder):
                chosen = [] if command == 'check' else ['--policy', policy]
                status, out, err = detente(command, path, *arguments, *chosen, cwd=folder)
                what = 'detente %s %s %s' % (command, model, ' '.join(arguments + chosen))
                forever = arguments[-1:] == ['efg'] and model != 'unsolved.dtn'
                looked += 1
                if status != (2 if forever else 1):
                    bad.append('%s: exit status %d\n%s' % (what, status, err))
                elif not forever:
                    if command != 'check' and reason not in err and 'principal branch' not in err:
                        bad.append('%s: no reason on stderr\n%s' % (what, err))
                    if command not in ('explain', 'report') and reason not in out \
                            and 'principal branch' not in out:
                        bad.append('%s: no reason on stdout\n%s' % (what, out))
                    bad += ['%s shows %s' % (what, n) for n in shown(out, policy)]
    return bad, looked


def check_functions():
    text = ''
    for header in ('include/detente.h', 'include/detente_explain.h', 'include/detente_play.h'):
        with open(os.path.join(ROOT, header), encoding='utf-8') as file:
            text += re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)
    taking = {m.group(1) for m in re.finditer(r'DT_API [^;]*?\b(dt_\w+)\(([^;]*?)\);', text)
              if re.search(r'\bdt_solution \*\w', m.group(2)) and '**' not in
              re.search(r'dt_solution \**', m.group(2)).group()}
    return ['%s takes a solution: what does it do about one that is not solved?' % f
            for f in sorted(taking - set(FUNCTIONS))] + \
        ['%s takes no solution' % f for f in sorted(set(FUNCTIONS) - taking)]


def main():
    with tempfile.TemporaryDirectory() as folder:
        bad, looked = check_outputs(folder)
    bad += check_functions()
    print('%d outputs looked at' % looked)
    print('\n'.join(bad))
    return 1 if bad or looked < 30 else 0


if __name__ == '__main__':
    sys.exit(main())
