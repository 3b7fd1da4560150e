#!/usr/bin/env python3
"""Installs what was built under a fresh prefix, compiles the example program, and the example in the
header's first comment, with the flags that pkg-config gives for it there, and compares what they and
the installed program print.

    install.py BUILD COMPILER
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def output(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode:
        print('%s\n%s%s? %d' % (' '.join(command), done.stdout, done.stderr, done.returncode))
        sys.exit(1)
    return done.stdout


def header_example():
    """The lines of code in detente.h's first comment, as a program that prints the outcomes."""
    with open(os.path.join(ROOT, 'include/detente.h'), encoding='utf-8') as file:
        comment = file.read().split('*/')[0]
    lines = re.findall(r'^ \*     (.*)$', comment, re.M)
    return """#include <detente.h>
#include <stdio.h>
int main(void)
{
    static char text[1 << 16];
    const size_t length = fread(text, 1, sizeof text, stdin);
    const dt_options options = {0};
%s
    for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++)
        printf("%%s: %%s = %%.6f\\n", dt_model_item(model, DT_POLICIES, 0),
               dt_model_item(model, DT_OUTCOMES, o), outcome[o]);
    dt_solution_free(s);
    dt_game_free(game);
    dt_model_free(model);
}
""" % '\n'.join(lines)


def main(build, compiler):
    with tempfile.TemporaryDirectory() as prefix:
        output('cmake', '--install', build, '--prefix', prefix)
        pc = [os.path.join(d, f) for d, _, files in os.walk(prefix) for f in files
              if f == 'detente.pc']
        path = {**os.environ, 'PKG_CONFIG_PATH': os.path.dirname(pc[0])}
        flags = output('pkg-config', '--cflags', '--libs', 'detente', env=path).split()
        sanitize = os.environ.get('DETENTE_SANITIZE')
        if sanitize:
            flags.append('-fsanitize=' + sanitize)
        program = os.path.join(prefix, 'solve')
        output(compiler, '-std=c17', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-o', program,
               os.path.join(ROOT, 'examples/solve.c'), *flags)
        model = os.path.join(ROOT, 'models/classics/prisoners-dilemma.dtn')
        found = output(program, model)
        source = os.path.join(prefix, 'header.c')
        with open(source, 'w', encoding='utf-8') as file:
            file.write(header_example())
        output(compiler, '-std=c17', '-Wall', '-Wextra', '-Werror', '-o', program, source, *flags)
        with open(model, encoding='utf-8') as file:
            of_header = output(program, stdin=file)
        with open(os.path.join(ROOT, 'examples/solve.expected'), encoding='utf-8') as file:
            wanted = file.read()
        version = output(os.path.join(prefix, 'bin', 'detente'), '--version')
        declared = output('pkg-config', '--modversion', 'detente', env=path)
    if found != wanted:
        print('--- expected\n%s--- found\n%s' % (wanted, found))
        return 1
    if not of_header or not wanted.startswith(of_header):
        print('--- the example of detente.h prints\n%s' % of_header)
        return 1
    if version != 'detente ' + declared:
        print('the program says %sand the pkg-config file %s' % (version, declared))
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
