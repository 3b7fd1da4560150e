#!/usr/bin/env python3
"""Runs the code blocks of a document.

    blocks.py [--update] FILE.md

A block ```dtn is a model, whole or in part, and must pass `detente check` with at most a failing
expectation. A model in part is completed: see `complete`. A block ```dtn FILE is that model of the
tree, whole or some lines of it, which must stand in it as they stand here. A block ```console is a
transcript (see ../cli/transcript.py) run in the root of the tree; with --update its output is written
anew.
"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'cli'))
import transcript  # noqa: E402


def complete(text, whole):
    """A block that doesn't say `model` continues the document's last block that did."""
    if re.search(r'^\s*model\s', text, re.M):
        return text
    return whole + '\n' + text


def blocks(lines):
    """(language, file or '', first line, line after the last) of each fenced block."""
    start = language = None
    for i, line in enumerate(lines):
        if start is None and re.match(r'```(\w+)', line):
            start, (language, _, file) = i + 1, line[3:].strip().partition(' ')
        elif start is not None and line.startswith('```'):
            yield language, file, start, i
            start = None


def check_part(name, number, text, file):
    """Whether a block is in the model that it names, and that model is sound."""
    with open(os.path.join(transcript.ROOT, file), encoding='utf-8') as model:
        whole = model.read()
    if '\n' + text + '\n' not in '\n' + whole:
        print('%s:%d: these lines are not in %s' % (name, number, file))
        return 1
    return check_model(name, number, whole)


def check_model(name, number, text):
    with tempfile.NamedTemporaryFile('w', suffix='.dtn', encoding='utf-8') as file:
        file.write(text)
        file.flush()
        done = subprocess.run([transcript.PROGRAM, 'check', file.name], capture_output=True,
                              text=True, env=transcript.environment('.'))
    if done.returncode in (0, 1):
        return 0
    print('%s:%d: the model is refused\n%s' % (name, number, done.stderr))
    return 1


def main(arguments):
    update = '--update' in arguments
    path = [a for a in arguments if a != '--update'][0]
    with open(path, encoding='utf-8') as file:
        lines = file.read().split('\n')
    bad, whole, out, last = 0, '', [], 0
    for language, named, start, end in blocks(lines):
        text = '\n'.join(lines[start:end])
        if named:
            bad += check_part(path, start, text, named)
        elif language in ('dtn', 'detente'):
            whole_text = complete(text, whole)
            bad += check_model(path, start, whole_text)
            if whole_text == text:
                whole = text
        elif language == 'console':
            differing, block = transcript.compare('%s, block at line %d' % (path, start),
                                                  lines[start:end], transcript.ROOT,
                                                  transcript.ROOT, update)
            bad += differing
            out += lines[last:start] + block
            last = end
    if update:
        with open(path, 'w', encoding='utf-8') as file:
            file.write('\n'.join(out + lines[last:]))
        return 0
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
