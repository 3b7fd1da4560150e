#!/usr/bin/env python3
"""Every number that the documents state of the program is the program's.

    facts.py

Limits are printed by `detente help limits`, which docs/language.md shows. Defaults are tried: the
command without the option answers what it answers with the default written out. Bounds and
tolerances inside are read where the source names them, and compared with the sentence that tells of
them, both listed in facts.txt: a sentence, or a name, that is gone is an error, too.
"""
import os
import re
import sqlite3
import sys
import tempfile

from tree import ROOT, detente, read, report

CRISIS = os.path.join(ROOT, 'models/classics/crisis.dtn')
WORDS = {'three': 3, 'four': 4, 'five': 5, 'eight': 8, 'ten': 10, 'twenty': 20, 'a fifth': 0.2,
         'nine tenths': 0.9, 'one in twenty': 0.05}
NUMBER = (r'(%s|10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|\d{1,3}(?: \d{3})+|\.?\d[\d.]*(?:e-?\d+)?(?: %%)?)'
          % '|'.join(WORDS))
UP = str.maketrans('⁰¹²³⁴⁵⁶⁷⁸⁹⁻', '0123456789-')


def document(name):
    """Its text; of `help COMMAND` what the program prints."""
    return detente(*name.split()) if name.startswith('help ') else read(name)


def stated(text):
    """The number that a sentence states, in any of the ways of the documents."""
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    power = re.fullmatch(r'10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)', text)
    if power:
        return 10.0 ** int(power.group(1).translate(UP))
    if text.endswith('%'):
        return float(text[:-1]) / 100
    return float(text.replace(' ', ''))


def programmed(where):
    """The number that the source gives to a name: `NAME = 5`, `#define NAME 5`, `LIMIT(NAME, 5`."""
    path, name = where.split()
    found = re.search(r'\b%s(?: = | |, )([\d.]+(?:e[+-]?\d+)?)' % name, document(path))
    return found and float(found.group(1))


def check_numbers():
    rows = []
    for line in document('test/docs/facts.txt').split('\n'):
        if line.startswith('    '):
            rows[-1][2].append(line.strip())
        elif line and not line.startswith('#'):
            rows.append((*line.split(': ', 1), []))
    for name, sentence, wheres in rows:
        words = [re.escape(word).replace(r'\{\}', NUMBER) for word in sentence.split()]
        found = re.search(r'\s+(?:\* )?'.join(words), document(name), re.I)
        if not found:
            yield '%s: nothing says "%s"' % (name, sentence)
            continue
        for text, where in zip(found.groups(), wheres, strict=True):
            wanted = programmed(where)
            if wanted is None:
                yield '%s: no number has this name' % where
            elif abs(stated(text) - wanted) > 0.005 * abs(wanted):
                yield '%s: "%s" says %s, and %s is %g' % (name, sentence, text, where, wanted)


# ---- defaults ---------------------------------------------------------------------------------

SHORT = '''model m
actor A {0}
state x : 0..3 = 0
stage s : A {{ A.up {{ x += 1 }} A.stay {{ pay A 0.7 }} }}
payoff A {{ x = x }}
outcome x = last(x)
{1}
'''


# Where the defaults that are tried below are stated.
STATED = {
    'help study': ['one-at-a-time (default: 9), grid (5) and morris (4)', 'default: latin',
                   'the seed of the design (default: 1)'],
    'help run': ['alone (default: 1)'],
    'help explain': ['the policy (default: the first)', 'that of the first decision',
                     '(default: the first)'],
    'help export': ['graph and strategies as JSON (default)'],
    'help compare': ['0 to 1 (default: 0.5)'],
    'help discover': ['peels off (default: 0.05)'],
    'docs/study.md': ['`--points` *p* = 4 levels', '`--points` 9 levels', '`--points` 5:'],
    'docs/language.md': ['N ≥ 1 | 1: a game', 'after them | 0 |', '1 if left out.',
                         'It is 1 if left out.'],
}


def same(one, default, **more):
    """A command answers alike with and without its default."""
    if detente(*one, **more) != detente(*one, *default.split(), **more):
        yield '%s isn\'t the default of %s' % (default, one[0])


def check_defaults(folder):
    short, long = (detente('run', '-', '--json', input=SHORT.format(*filling)) for filling in
                   (('', ''), ('discount 1 rationality 1', 'horizon 1\nlookahead 0')))
    if short != long:
        yield 'discount 1, rationality 1, horizon 1, lookahead 0 aren\'t the defaults'
    path = os.path.join(folder, 'a.study')
    detente('study', CRISIS, '--worlds', '64', '-o', path)
    for command, default in (('run %s --worlds 4 --json', '--seed 1'),
                             ('run %s --json', '--values average'),
                             ('explain %s --json', '--policy always --period 1 --stage challenge'),
                             ('export %s', '--policy always --format json')):
        yield from same((command % CRISIS).split(), default)
    for command, default in (('compare %s --json', '--optimism 0.5'),
                             ('discover %s --policy free --where quiet>0.5 --json', '--peel 0.05'),
                             ('sensitivity %s --outcome back --json', '--policy always')):
        yield from same((command % path).split(), default)
    for design, more, facts in (('latin', ['--worlds', '4'], {'seed': '1', 'design': 'latin'}),
                                ('morris', ['--base', '2'], {'points': '4'}),
                                ('one-at-a-time', [], {'points': '9'}),
                                ('grid', ['--vary', 'lambda,prize'], {'points': '5'})):
        path = os.path.join(folder, design + '.study')
        chosen = ['--design', design] if design != 'latin' else []
        detente('study', CRISIS, '-o', path, *chosen, *more)
        base = sqlite3.connect(path)
        found = dict(base.execute('SELECT key, value FROM study'))
        base.close()
        for key, value in facts.items():
            if found[key] != value:
                yield 'study: %s of %s is %s, not %s' % (key, design, found[key], value)
    for name, sentences in STATED.items():
        for sentence in sentences:
            if sentence not in re.sub(r'\s+', ' ', document(name)):
                yield '%s: no longer says "%s"' % (name, sentence)


def check_limits():
    limits = detente('help', 'limits')
    if '$ detente help limits\n%s```\n' % limits not in read('docs/language.md'):
        yield 'docs/language.md: doesn\'t show what `detente help limits` prints'


def check_excerpts():
    """A model that a document shows as that of a file has the file's lines, in their order."""
    text = read('README.md')
    block = re.search(r'```dtn\n(.*?)```', text, re.S).group(1)
    name = re.search(r'```dtn.*?\$ detente run (\S+)', text, re.S).group(1)
    lines = iter(read(name).split('\n'))
    for line in block.split('\n'):
        if line and line not in lines:
            yield 'README.md: %s doesn\'t have the line "%s" here' % (name, line)
            break
    if name not in text.split('```dtn')[0]:
        yield 'README.md: the model shown isn\'t said to be %s' % name


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(report(check_numbers(), check_limits(), check_defaults(temporary),
                        check_excerpts()))
