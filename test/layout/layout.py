#!/usr/bin/env python3
"""The order of the house: which folder may include which, and that every file says what it is.

Data flows down the folders once: a file includes headers of its own folder and of folders before it.
`verify` doesn't know the solver, `cli` sees the public headers alone, the core needs the C library
alone. Every C file and script opens with a paragraph of comment; no file passes 700 lines.
"""
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ORDER = ['base', 'lang', 'model', 'game', 'solve', 'trace', 'verify', 'study', 'stationary', 'robust', 'history', 'play', 'referee', 'fit', 'lab', 'api']
CORE = ['base', 'lang', 'model', 'game', 'solve', 'trace', 'verify', 'lab', 'api']
NEVER = {'verify': {'solve', 'trace'}}
LIBC = {'assert.h', 'ctype.h', 'errno.h', 'fenv.h', 'float.h', 'inttypes.h', 'limits.h', 'locale.h',
        'math.h', 'setjmp.h', 'stdalign.h', 'stdatomic.h', 'stdarg.h', 'stdbool.h', 'stddef.h', 'stdint.h',
        'stdio.h', 'stdlib.h', 'string.h'}
THREADS = {'pthread.h', 'sched.h'}  # of the core, src/base/threads.c alone
PAGES = {'sys/mman.h'}  # src/base/arena.c alone
VECTORS = {'immintrin.h', 'wasm_simd128.h'}  # of the core, src/base/lane.h alone
DEFLATE = {'zlib.h'}  # of the core, src/lab/packed.c alone, which makes pages and isn't in their engine
LONGEST = 700


def may_include(folder, other):
    if folder == 'cli':
        return other == 'cli'
    return (other in ORDER and ORDER.index(other) <= ORDER.index(folder)
            and other not in NEVER.get(folder, ()))


def complaints(path):
    name = os.path.relpath(path, ROOT)
    folder = name.split(os.sep)[1]
    with open(path, encoding='utf-8') as file:
        text = file.read()
    if not re.match(r'/\*\n \* .{20,}', text):
        yield '%s: opens with no paragraph that says what it is' % name
    if text.count('\n') > LONGEST:
        yield '%s: %d lines; look for the second idea' % (name, text.count('\n'))
    if folder not in ORDER + ['cli']:
        yield '%s: the folder is not in the order' % name
        return
    for kind, header in re.findall(r'^#\s*include\s+([<"])([^>"]+)[>"]', text, re.M):
        if kind == '<':
            known = LIBC | (THREADS if name == 'src/base/threads.c' else
                            PAGES if name == 'src/base/arena.c' else
                            VECTORS if name == 'src/base/lane.h' else
                            DEFLATE if name == 'src/lab/packed.c' else set())
            if folder in CORE and header not in known:
                yield '%s: the core includes <%s>' % (name, header)
        elif (header in ('detente.h', 'detente_levers.h')
              or (header == 'detente_explain.h' and folder in ('trace', 'lab', 'cli'))
              or (header == 'detente_referee.h' and folder in ('referee', 'lab', 'cli'))
              or (header in ('detente_study.h', 'detente_equilibria.h', 'detente_design.h', 'detente_fit.h', 'detente_history.h') and folder not in CORE)
              or (header == 'detente_play.h' and folder in ('play', 'lab', 'cli'))
              or (header == 'detente_lab.h' and folder in ('lab', 'cli'))):
            pass
        elif folder == 'cli' and os.path.dirname(header) == '':
            if not os.path.exists(os.path.join(os.path.dirname(path), header)):
                yield '%s: no "%s" in its folder' % (name, header)
        elif not may_include(folder, os.path.dirname(header)):
            yield '%s: may not include "%s"' % (name, header)
        elif not os.path.exists(os.path.join(ROOT, 'src', header)):
            yield '%s: there is no "%s"' % (name, header)


def main():
    bad = []
    for path in sorted(glob.glob(os.path.join(ROOT, 'src/*/*.[ch]'))):
        bad += complaints(path)
    for pattern in ('include/*.h', 'web/engine/*.c', 'test/*/*.c', 'bench/*.c', 'examples/*.c'):
        for path in sorted(glob.glob(os.path.join(ROOT, pattern))):
            with open(path, encoding='utf-8') as file:
                if not re.match(r'/\*\n \* .{20,}', file.read()):
                    bad.append('%s: opens with no paragraph' % os.path.relpath(path, ROOT))
    print('\n'.join(bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
