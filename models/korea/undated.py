#!/usr/bin/env python3
"""Writes korea.dtn with elections by chance, at the rate at which they are held. With dates every row of the record
would be a game of its own, and nothing could be fitted to it.

    undated.py > undated.dtn
"""
import os
import re
import sys

MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'korea.dtn')
CHANCES = ((r'^let poll_us += .*', 'let poll_us = 1 / 16'), (r'^let poll_rok += .*', 'let poll_rok = 1 / 20'))


def main():
    with open(MODEL, encoding='utf-8') as file:
        text = file.read()
    for pattern, instead in CHANCES:
        text, count = re.subn(pattern, instead, text, flags=re.M)
        if count != 1:
            sys.exit('undated.py: korea.dtn has nothing like %s' % pattern)
    sys.stdout.write(text)


if __name__ == '__main__':
    main()
