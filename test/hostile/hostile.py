#!/usr/bin/env python3
"""Bad input never crashes, hangs or fills the memory. Each text here is given to `detente check` and
`detente fmt` with a bound on time and memory; a text that must be refused is to end with status 2 or 3 and
a message that has line and column."""
import glob
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SANITIZED = bool(os.environ.get('DETENTE_SANITIZE'))
MEMORY = 2 << 30
SECONDS = 300 if SANITIZED else 90  # of the processor: a busy machine makes nothing hang
LINE = re.compile(r'^[^:]+:\d+:\d+: error: ', re.M)

HEAD = 'model m\nhorizon 2\nactor A\n'
TAIL = 'stage s : A { A.go }\n'


def limit():
    if not SANITIZED:   # a sanitizer reserves terabytes of addresses
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Run:
    def __init__(self, text, *arguments):
        with tempfile.NamedTemporaryFile(suffix='.dtn') as file:
            file.write(text)
            file.flush()
            done = subprocess.run([os.environ['DETENTE'], *arguments, file.name], preexec_fn=limit,
                                  capture_output=True)
        self.status, self.errors = done.returncode, done.stderr.decode(errors='replace')


def deep_lets(n):
    return ''.join('let l%d = l%d + 1\n' % (i, i + 1) for i in range(n)) + 'let l%d = 1\n' % n


def doubling_lets(n):
    """A text of n lines that stands for an expression of 2^n parts."""
    lets = ''.join('let l%d = l%d + l%d\n' % (i, i - 1, i - 1) for i in range(1, n))
    return 'param p = 1\nlet l0 = p\n' + lets


# Texts that must be refused: (name, text, options, whether the message has a place).
REFUSED = [
    ('empty', b'', ()),
    ('blank', b'\n\n   \n', ()),
    ('comment', b'# nothing\n', ()),
    ('zeros', b'\0' * 5000, ()),
    ('random bytes', random.Random(1).randbytes(100000), ()),
    ('high bytes', bytes(range(128, 256)) * 100, ()),
    ('broken UTF-8', b'model m "\xff\xc0\x80"\n', ()),
    ('a megabyte of (', b'(' * (1 << 20), ()),
    ('a megabyte of ( in an expression', (HEAD + 'let x = ' + '(' * (1 << 20)).encode(), ()),
    ('a megabyte of {', (HEAD + 'stage s : A { A.go ' + '{' * (1 << 20)).encode(), ()),
    ('a megabyte of -', (HEAD + 'let x = ' + '-' * (1 << 20)).encode(), ()),
    ('a megabyte of not', (HEAD + 'let x = ' + 'not ' * (1 << 18)).encode(), ()),
    ('a megabyte of ?', (HEAD + 'let x = ' + 'yes ? 1 : ' * (1 << 17)).encode(), ()),
    ('nested ifs', (HEAD + 'state x : bool = no\nstage s : chance { '
                    + 'if x { ' * 100000 + '}' * 100000 + '}').encode(), ()),
    ('nested branches', (HEAD + 'state x : bool = no\nstage s : chance { '
                         + 'with 0.5 { ' * 100000 + '}' * 100000 + '}').encode(), ()),
    ('a megabyte of "', b'"' * (1 << 20), ()),
    ('a long name', (HEAD + 'let ' + 'x' * (1 << 20) + ' = nobody').encode(), ()),
    ('a long number', (HEAD + 'horizon ' + '9' * (1 << 20)).encode(), ()),
    ('a huge number', (HEAD + 'param p = 1e999').encode(), ()),
    ('a string without end', b'model m "' + b'x' * (1 << 20), ()),
    ('a let in itself', (HEAD + TAIL + 'let x = x + 1').encode(), ()),
    ('lets in a ring', (HEAD + TAIL + deep_lets(3000).replace('= 1\n', '= l0\n')).encode(), ()),
    ('a domain too wide', (HEAD + 'state x : 0..99999999999 = 0\n' + TAIL).encode(), ()),
    ('a horizon too long', b'model m\nhorizon 99999999999\nactor A\n' + TAIL.encode(), ()),
    ('10 million states', (HEAD.replace('2', '100000') + 'state x : 0..9999999 = 0\n'
                           'stage s : chance { with 0.5 { x += 1 } else { x += 99 } }\n').encode(),
     ('--max-nodes', '200000') if SANITIZED else ()),
    ('10 million states, few nodes', (HEAD.replace('2', '100000')
                                      + 'state x : 0..9999999 = 0\nstage s : chance '
                                      '{ with 0.5 { x += 1 } else { x += 99 } }\n').encode(),
     ('--max-nodes', '1000')),
    ('10 million states, little memory', (HEAD.replace('2', '100000')
                                          + 'state x : 0..9999999 = 0\nstage s : chance '
                                          '{ with 0.5 { x += 1 } else { x += 99 } }\n').encode(),
     ('--max-memory', '20M')),
    ('many variables', (HEAD.replace('2', '1000') + ''.join('state x%d : 0..999 = 0\n' % i
                                                            for i in range(40))
                        + 'stage s : chance { '
                        + ' '.join('with 0.5 { x%d += 1 }' % i for i in range(40)) + ' }\n').encode(),
     ()),
    ('many actions at once', (HEAD + ''.join('actor B%d\n' % i for i in range(4))
                              + 'stage s : A, B0, B1, B2, B3 {\n'
                              + ''.join('%s.a%d\n' % (m, i) for m in ('A', 'B0', 'B1', 'B2', 'B3')
                                        for i in range(100)) + '}\n').encode(), ()),
]

# Texts that may be right or wrong, but must come to an end.
ANSWERED = [
    ('lets after one another', (HEAD + TAIL + deep_lets(3000)).encode()),
    ('lets that double', (HEAD + TAIL + doubling_lets(60) + 'payoff A { x = l59 }\n').encode()),
    ('a long sum', (HEAD + TAIL + 'payoff A { x = ' + '1 + ' * 200000 + '1 }\n').encode()),
    ('many names', (HEAD + TAIL + ''.join('param p%d = 1\n' % i for i in range(20000))).encode()),
    ('many errors', (HEAD + ''.join('let x%d = nobody%d\n' % (i, i) for i in range(20000))).encode()),
    ('many policies', (HEAD + TAIL + ''.join('policy q%d\n' % i for i in range(300))).encode()),
    ('carriage returns', (HEAD + TAIL).replace('\n', '\r\n').encode()),
    ('byte order mark', b'\xef\xbb\xbf' + (HEAD + TAIL).encode()),
]

bad = 0


def complain(name, run, why):
    global bad
    bad += 1
    if run.status in (-signal.SIGXCPU, -signal.SIGKILL):
        why = 'not ended after %d s of the processor' % SECONDS
    print('%s: %s (status %d)\n%s' % (name, why, run.status, run.errors[:2000]))


def refuse(name, text, options):
    run = Run(text, 'check', *options)
    if run.status not in (2, 3):
        complain(name, run, 'not refused')
    elif not LINE.search(run.errors):
        complain(name, run, 'told without a place')
    elif len(run.errors) > 100000:
        complain(name, run, 'told at length')


def answer(name, text, *arguments):
    run = Run(text, *arguments)
    if not 0 <= run.status <= 3:
        complain(name, run, 'no orderly end')
    elif run.status == 2 and 'error' not in run.errors:
        complain(name, run, 'an error without a message')


def main():
    for name, text, options in REFUSED:
        refuse(name, text, options)
        answer(name + ', formatted', text, 'fmt')
    for name, text in ANSWERED:
        answer(name, text, 'check', '--max-nodes', '100000')
        answer(name + ', formatted', text, 'fmt')
    # Models cut off or with bytes changed at random (test/unit/test_truncation.c cuts at every byte).
    for path in sorted(glob.glob(os.path.join(ROOT, 'models/*/*.dtn'))):
        with open(path, 'rb') as file:
            text = file.read()
        for end in range(0, len(text), max(1, len(text) // 20)):
            answer('%s, first %d bytes' % (path, end), text[:end], 'check', '--max-nodes', '3000')
        chance = random.Random(path)
        for i in range(20):
            changed = bytearray(text)
            for _ in range(chance.randint(1, 10)):
                changed[chance.randrange(len(text))] = chance.randrange(256)
            answer('%s, change %d' % (path, i), bytes(changed), 'check', '--max-nodes', '3000')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
