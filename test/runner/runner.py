#!/usr/bin/env python3
"""scripts/run-tests on a tree of three tests: what has passed isn't run again until anything changes, whatever that
is; what failed is; ALL runs all; the closing line counts all of them."""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROJECT = '''cmake_minimum_required(VERSION 3.25)
project(tried LANGUAGES NONE)
enable_testing()
add_custom_target(one)
foreach(name one two.x three)
  add_test(NAME ${name} COMMAND sh "${PROJECT_SOURCE_DIR}/test.sh" ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${name} SKIP_REGULAR_EXPRESSION "skipped:")
endforeach()
'''
TEST = '''echo $1 >> "$LOG"
if test -e "$BAD/$1"; then exit 1; fi
if test -e "$BAD/skip-$1"; then echo skipped: it; fi
'''
bad = []


class Tree:
    def __init__(self, folder):
        self.tree, self.log, self.bad = (os.path.join(folder, name) for name in ('tree', 'log', 'bad'))
        os.makedirs(os.path.join(self.tree, 'scripts'))
        os.makedirs(os.path.join(self.tree, 'docs'))
        os.makedirs(self.bad)
        shutil.copy(os.path.join(ROOT, 'scripts/run-tests'), os.path.join(self.tree, 'scripts'))
        self.write('CMakeLists.txt', PROJECT)
        self.write('test.sh', TEST)
        self.write('docs/read.md', 'read')

    def write(self, name, text):
        with open(os.path.join(self.tree, name), 'w', encoding='utf-8') as file:
            file.write(text)

    def expect(self, what, ran, closing, *arguments, told='', **environment):
        """Runs the tests: which of them ran, the last line, and something said before it."""
        open(self.log, 'w', encoding='utf-8').close()
        known = {name: value for name, value in os.environ.items() if name not in ('ALL', 'CI')}
        done = subprocess.run([os.path.join(self.tree, 'scripts/run-tests'), 'build', *arguments],
                              env={**known, 'LOG': self.log, 'BAD': self.bad, **environment}, cwd='/',
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        with open(self.log, encoding='utf-8') as file:
            found = sorted(file.read().split())
        last = done.stdout.splitlines()[-1] if done.stdout else ''
        good = closing.endswith(', 0 failed')
        if found != sorted(ran) or last != closing or told not in done.stdout or (done.returncode == 0) != good:
            bad.append('%s: ran %s, not %s; status %d; told:\n%s%s' % (what, found, ran, done.returncode, done.stdout,
                                                                      done.stderr))


def main():
    every = ['one', 'three', 'two.x']
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(folder)
        tree.expect('first', every, '3 passed, 0 failed')
        again = '3 of them not run again'
        tree.expect('second', [], '3 passed, 0 failed', told=again)
        tree.expect('all', every, '3 passed, 0 failed', ALL='1')
        tree.expect('after all', [], '3 passed, 0 failed', told=again)
        changes = {'a document': lambda: tree.write('docs/read.md', 'reads'),
                   'a script': lambda: tree.write('test.sh', TEST + '# more\n'),
                   'a new file': lambda: tree.write('new', ''),
                   'a file less': lambda: os.remove(os.path.join(tree.tree, 'new')),
                   'a mode': lambda: os.chmod(os.path.join(tree.tree, 'docs/read.md'), 0o600),
                   'a test more': lambda: tree.write('CMakeLists.txt', PROJECT.replace('three)', 'three four)')),
                   'a test less': lambda: tree.write('CMakeLists.txt', PROJECT)}
        for what, change in changes.items():
            change()
            ran = every + ['four'] if what == 'a test more' else every
            tree.expect(what, ran, '%d passed, 0 failed' % len(ran))
            tree.expect(what + ', again', [], '%d passed, 0 failed' % len(ran), told='%d of them' % len(ran))
        tree.expect('built otherwise', every, '3 passed, 0 failed', '-DOTHER=1')
        tree.write('docs/read.md', 'last')
        for name in ('two.x', 'skip-one'):
            open(os.path.join(tree.bad, name), 'w', encoding='utf-8').close()
        tree.expect('failing', every, '1 passed, 1 failed', told='1 skipped')
        tree.expect('failing again', ['one', 'two.x'], '1 passed, 1 failed', told='1 of them not run again')
        for name in ('two.x', 'skip-one'):
            os.remove(os.path.join(tree.bad, name))
        tree.expect('mended', ['one', 'two.x'], '3 passed, 0 failed', told='1 of them not run again')
        tree.expect('by label', [], '1 passed, 0 failed', '--label', 'one')
        tree.write('docs/read.md', 'by label')
        tree.expect('by label, changed', ['one'], '1 passed, 0 failed', '--label', 'one')
        tree.expect('the others', ['three', 'two.x'], '3 passed, 0 failed', told='1 of them not run again')
        tree.write('CMakeLists.txt', 'nonsense(')
        tree.expect('not built', [], '0 passed, 1 failed', told='the build failed')
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
