#!/usr/bin/env python3
"""Whatever documents and comments name is there: files, folders, functions and constants of the
code, links with their anchors, and the codes and the keys of JSON that a header shows.

    names.py
"""
import os
import re
import sys

from tree import (COMMENT, DOCUMENTS, FENCED, ROOT, SOURCES, comments, files, place, read, report,
                  told)

FOLDERS = 'bench|docs|examples|include|models|scripts|src|test|web'
PATH = re.compile(r'(?<![\w./$-])(?:%s)/[\w./<>*-]*\w' % FOLDERS)
FILE = re.compile(r'(?<![\w./<>*-])[\w-]+\.(?:c|h|py|def|ts|tsx|mjs)\b')
IDENTIFIER = re.compile(r'\b(?:dt|DT|cli|CLI)_\w+\b(?!\*)')
# What a line of a table makes beside its own name.
MADE = {'src/base/diagnostic.def': ['DT_'], 'src/base/limits.def': ['DT_MAX_', 'DT_LIMIT_']}


def opening(name):
    """A script's first words."""
    found = re.match(r'(?:#!.*\n)?"""(.*?)"""', read(name), re.S)
    return [(found.start(1), found.group(1))] if found else []


def check_files():
    known = {os.path.basename(name) for name in files('**/*.*')}
    scripts = files('test/*/*.py')
    for name in DOCUMENTS + SOURCES + scripts:
        for at, text in opening(name) if name in scripts else told(name):
            for found in PATH.finditer(text):
                pattern = re.sub(r'<\w+>', '*', found.group())
                if 'NAME' not in pattern and not files(pattern) and not files(pattern + '*'):
                    yield '%s: there is no %s' % (place(name, at + found.start()), found.group())
            for found in FILE.finditer(text) if name not in scripts else ():
                if found.group() not in known:
                    yield '%s: no file is called %s' % (place(name, at + found.start()),
                                                        found.group())


def check_identifiers():
    known = set()
    for name in SOURCES:
        known |= set(IDENTIFIER.findall(COMMENT.sub('', read(name))))
    for name, prefixes in MADE.items():
        for row in re.findall(r'^[A-Z]+\((\w+)', read(name), re.M):
            known |= {prefix + row for prefix in prefixes}
    for name in DOCUMENTS + SOURCES:
        for at, text in told(name):
            for found in IDENTIFIER.finditer(text):
                if found.group() not in known:
                    yield '%s: there is no %s' % (place(name, at + found.start()), found.group())


def anchors(name):
    """Those that GitHub makes of the headings."""
    for heading in re.findall(r'^#+ (.+)$', FENCED.sub('', read(name)), re.M):
        heading = re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', heading)
        yield re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-')


def check_links():
    for name in DOCUMENTS:
        text = FENCED.sub(lambda fenced: re.sub(r'[^\n]', ' ', fenced.group()), read(name))
        for found in re.finditer(r'\]\(([^)\s]+)\)', text):
            target, _, anchor = found.group(1).partition('#')
            if re.match(r'https?:', target):
                continue
            to = os.path.normpath(os.path.join(os.path.dirname(name), target)) if target else name
            if not os.path.exists(os.path.join(ROOT, to)):
                yield '%s: the link to %s leads nowhere' % (place(name, found.start()), target)
            elif anchor and anchor not in anchors(to):
                yield '%s: %s has no heading #%s' % (place(name, found.start()), to, anchor)


def check_shapes():
    """A key of JSON that a header's comment shows is written by the code of its folder."""
    for name in files('src/*/*.h'):
        folder = os.path.dirname(name)
        written = ''.join(COMMENT.sub('', read(source)) for source in files(folder + '/*.c'))
        for at, text in comments(name):
            for found in re.finditer(r'(?<!:)"(\w+)"(?=[:,}…])', text) if '{"' in text else ():
                # quoted, or in the shape of a dt_json_print
                if not re.search(r'"%s\\?"|\b%s:' % (found.group(1), found.group(1)), written):
                    where = place(name, at + found.start())
                    yield '%s: nothing in %s writes "%s"' % (where, folder, found.group(1))


def check_codes():
    """A code that a public header quotes, such as "unknown-name", is one of the library's."""
    written = ''.join(COMMENT.sub('', read(source)) for source in files('src/*/*.c', 'src/*/*.def'))
    for name in files('include/*.h'):
        for at, text in comments(name):
            for found in re.finditer(r'"[a-z]+(?:-[a-z]+)+"', text):
                if found.group() not in written:
                    yield '%s: %s is no code' % (place(name, at + found.start()), found.group())


def check_steps():
    """The steps to an outcome in CONTRIBUTING.md name every file that knows the forms."""
    steps = read('CONTRIBUTING.md').split('### … an outcome')[1].split('###')[0]
    for name in files('src/*/*.[ch]', 'web/**/*.ts*', 'test/reference/*.py'):
        text = COMMENT.sub('', read(name))
        if re.search(r"""\bDT_(EVER|TOTAL)\b|['"]ever['"]|\bever:""", text):
            if not re.search(r'\b%s\b' % re.escape(os.path.basename(name)), steps):
                yield 'CONTRIBUTING.md: the steps to an outcome don\'t name %s' % name


if __name__ == '__main__':
    sys.exit(report(check_files(), check_identifiers(), check_links(), check_shapes(),
                    check_codes(), check_steps()))
