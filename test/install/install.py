#!/usr/bin/env python3
"""Installs what was built under a fresh prefix, compiles the example program with the flags that
pkg-config gives for it there, and compares what it and the installed program print.

    install.py BUILD COMPILER
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def output(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **more)
    if done.returncode:
        print('%s\n%s%s? %d' % (' '.join(command), done.stdout, done.stderr, done.returncode))
        sys.exit(1)
    return done.stdout


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
        found = output(program, os.path.join(ROOT, 'models/classics/prisoners-dilemma.dtn'))
        with open(os.path.join(ROOT, 'examples/solve.expected'), encoding='utf-8') as file:
            wanted = file.read()
        version = output(os.path.join(prefix, 'bin', 'detente'), '--version')
        declared = output('pkg-config', '--modversion', 'detente', env=path)
    if found != wanted:
        print('--- expected\n%s--- found\n%s' % (wanted, found))
        return 1
    if version != 'detente ' + declared:
        print('the program says %sand the pkg-config file %s' % (version, declared))
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
