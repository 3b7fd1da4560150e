#!/usr/bin/env python3
"""Every code of src/base/diagnostic.def stands in some *.expected here, or in EXCEPT with the reason
why no text of a model brings it about, and in the test that is named there. Every way of writing of src/lang/habits.def stands in some habit-*.dtn,
and every hint in its *.expected."""
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
EXCEPT = {  # why, and the test that it is told in
    'cant-read': ('about a file', 'test/cli/files.test'),
    'memory': ('depends on the machine', 'test/cli/limits.test'),
    'too-large': ('needs a text of megabytes', 'test/cli/files.test'),
    'interrupted': ('another program interrupts', 'test/unit/test_api.c'),
    'bad-call': ('another program calls', 'test/unit/calls.h'),
    'no-kernel': ('depends on the machine', 'test/unit/test_lanes.c'),
    'at-syntax': ('about --at', 'test/unit/test_trace.c'),
    'at-name': ('about --at', 'test/unit/test_trace.c'),
    'at-value': ('about --at', 'test/unit/test_trace.c'),
    'at-belief': ('about --believing', 'test/unit/test_private_read.c'),
    'believing-syntax': ('about --believing', 'test/cli/private.test'),
    'believing-name': ('about --believing', 'test/cli/private.test'),
    'at-known': ('about --believing', 'test/unit/test_known.c'),
    'world-known': ('another program calls', 'test/unit/test_known.c'),
    'at-twice': ('about --at', 'test/unit/test_trace.c'),
    'explain-stage': ('about --stage', 'test/unit/test_trace.c'),
    'explain-chance': ('about --stage', 'test/unit/test_trace.c'),
    'explain-period': ('about --period', 'test/unit/test_trace.c'),
    'explain-action': ('about --against', 'test/cli/explain.test'),
    'explain-nowhere': ('about --at', 'test/unit/test_trace.c'),
    'no-period': ('about --period', 'test/cli/slips.test'),
    'too-large-dot': ('told by export', 'test/export/compare.py'),
    'too-large-tree': ('told by export', 'test/export/compare.py'),
    'tree-forever': ('told by export', 'test/export/compare.py'),
    'too-many-ingredients': ('told by levers', 'test/unit/test_mechanical.c'),
    'carried-underflow': ('told by levers', 'test/unit/test_mechanical.c'),
    'undrawable': ('told by drawing worlds', 'test/unit/test_draw_worlds.c'),
    'bad-design': ('told by study', 'test/cli/study.test'),
    'poor-design': ('told by study', 'test/cli/study.test'),
    'study-file': ('about a study', 'test/unit/test_damage.c'),
    'not-a-study': ('about a study', 'test/unit/test_damage.c'),
    'study-schema': ('about a study', 'test/unit/test_damage.c'),
    'study-damaged': ('about a study', 'test/unit/test_damage.c'),
    'study-differs': ('about a study', 'test/cli/study.test'),
    'study-columns': ('needs a thousand parameters', 'test/unit/test_study.c'),
    'private': ('told by what is asked of a solution', 'test/cli/private.test'),
    'bad-fit': ('about a fit', 'test/unit/test_fit.c'),
    'no-likelihood': ('about a fit', 'test/unit/test_fit.c'),
    'csv-quote': ('about a history', 'test/unit/test_history.c'),
    'csv-after-quote': ('about a history', 'test/unit/test_history.c'),
    'csv-cells': ('about a history', 'test/unit/test_history.c'),
    'no-first-row': ('about a history', 'test/unit/test_history.c'),
    'unknown-column': ('about a history', 'test/unit/test_history.c'),
    'column-twice': ('about a history', 'test/unit/test_history.c'),
    'no-such-value': ('about a history', 'test/unit/test_history.c'),
    'period-twice': ('about a history', 'test/unit/test_history.c'),
    'impossible-row': ('told by score', 'test/cli/score.test'),
    'sample-periods': ('told by sample', 'test/cli/sample.test'),
    'impossible-start': ('told by score', 'test/cli/score.test'),
    'match-code': ('told by play', 'test/unit/test_match.c'),
    'match-mark': ('told by play', 'test/cli/play.test'),
    'match-parts': ('told by play', 'test/cli/play.test'),
    'match-longer': ('told by play', 'test/cli/play.test'),
    'no-worlds': ('told by questions', 'test/unit/test_compare.c'),
    'criterion-syntax': ('told by compare', 'test/cli/compare.test'),
    'criterion-outcome': ('told by compare', 'test/cli/compare.test'),
    'no-box': ('told by discover', 'test/cli/discover.test'),
    'no-direction': ('told by dt_decide', 'test/unit/test_sensitivity.c'),
    'one-policy': ('told by dt_decide', 'test/unit/test_compare.c'),
    'nominal-failed': ('told by dt_decide', 'test/unit/test_sensitivity.c'),
    'kept-file': ('about a file', 'test/unit/test_referee_kept.c'),
    'not-kept': ('about a file', 'test/unit/test_referee_kept.c'),
    'not-from-morris': ('told by dt_decide', 'test/unit/test_sensitivity.c'),
}


def read(pattern):
    texts = []
    for path in sorted(glob.glob(os.path.join(HERE, pattern))):
        with open(path, encoding='utf-8') as file:
            texts.append(file.read())
    assert texts, pattern
    return '\n'.join(texts)


def untested_habits():
    """Ways of writing, and hints, of the table of habits that no test has."""
    hints = dict(re.findall(r'#define (\w+)\s*(?:\\\n\s*)?"(.*)"', read('../../src/lang/habits.c')))
    written, told = read('habit-*.dtn'), read('habit-*.expected')
    for ways, hint in re.findall(r'HABIT\(\w+, "(.*?)", (.*)\)\n', read('../../src/lang/habits.def')):
        ways = re.sub(r'(?:\\x[0-9a-f]{2})+', lambda m: bytes.fromhex(m.group().replace('\\x', '')).decode(), ways)
        yield from (way for way in ways.replace('\\\\', '\\').split(' ') if way not in written)
        hint = hints.get(hint, hint.strip('"'))
        if '  hint: ' + hint not in told:
            yield hint


def main():
    with open(os.path.join(HERE, '../../src/base/diagnostic.def'), encoding='utf-8') as file:
        codes = set(re.findall(r'DIAGNOSTIC\(\s*\w+,\s*\w+,\s*"([^"]+)"', file.read()))
    told = set()
    for path in glob.glob(os.path.join(HERE, '*.expected')):
        with open(path, encoding='utf-8') as file:
            told |= set(re.findall(r'\[([a-z0-9-]+)\]$', file.read(), re.M))
    unnamed = {code for code, (_, path) in EXCEPT.items()
               if not re.search(r'(?<![\w-])%s(?![\w-])' % code, read('../../' + path))}
    bad = False
    for what, which in (('without a test', codes - told - set(EXCEPT)),
                        ('excepted though tested', told & set(EXCEPT)),
                        ('excepted but unknown', set(EXCEPT) - codes),
                        ('expected but unknown', told - codes),
                        ('excepted, and the test named doesn\'t have it', unnamed),
                        ('habits without a test', set(untested_habits()))):
        if which:
            bad = True
            print('%s: %s' % (what, ', '.join(sorted(which))))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
