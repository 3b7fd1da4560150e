"""What the tests of the documents share: the files of the tree, and in them what is set as code and
what is comment."""
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*', re.S)
FENCED = re.compile(r'^```.*?^```', re.M | re.S)


def files(*patterns):
    """Names below the root; what is built is left out."""
    found = []
    for pattern in patterns:
        for path in sorted(glob.glob(os.path.join(ROOT, pattern), recursive=True)):
            name = os.path.relpath(path, ROOT)
            if not re.match(r'build|.*node_modules', name):
                found.append(name)
    return found


def read(name):
    with open(os.path.join(ROOT, name), encoding='utf-8') as file:
        return file.read()


DOCUMENTS = files('*.md', 'docs/*.md', 'models/*/*.md', 'test/*/*.md')
SOURCES = files('include/*.h', 'src/*/*.[ch]', 'src/*/*.def', 'test/*/*.[ch]', 'bench/*.c',
                'examples/*.c', 'web/engine/*.c')


def place(name, at):
    """file:line of an offset in it."""
    return '%s:%d' % (name, read(name).count('\n', 0, at) + 1)


def code(name):
    """(offset, text) of what a document sets as code, in a line or in a block."""
    for found in re.finditer(r'```[^\n`]*\n(.*?)```|`([^`]+)`|(?<=\n)    ([^\n]+)', read(name), re.S):
        text = found.group(found.lastindex)
        yield found.start(found.lastindex), text if found.group(1) else text.replace('\n', ' ')


def comments(name):
    """(offset, text) of a source's comments."""
    return [(found.start(), found.group()) for found in COMMENT.finditer(read(name))]


def told(name):
    """Where names of code stand: a document's code, a source's comments."""
    return code(name) if name.endswith('.md') else comments(name)


def detente(*arguments, **more):
    """What the program prints, on a terminal of 200 columns; it must succeed."""
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True,
                          env={**os.environ, 'COLUMNS': '200'}, **more)
    if done.returncode:
        sys.exit('detente %s: status %d\n%s' % (' '.join(arguments), done.returncode, done.stderr))
    return done.stdout


def report(*checks):
    """Prints what the checks complain of; the exit status."""
    bad = [complaint for check in checks for complaint in check]
    print('\n'.join(bad))
    return 1 if bad else 0
