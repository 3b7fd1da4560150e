#!/usr/bin/env python3
"""The panels that a tour can show are those of the page, in its order, and docs/language.md names them."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as file:
        return file.read()


def main():
    known = re.findall(r'"(\w+)"', re.search(r'PANEL\[\] = \{(.*?)\};', read('src/model/check_tour.c'), re.S)[1])
    shown = re.findall(r"name: '(\w+)'", re.search(r'const PANELS = \[(.*?)\];', read('web/page/app.tsx'), re.S)[1])
    named = re.search(r'a panel of the page \((.*?)\)', read('docs/language.md'), re.S)[1]
    bad = 0
    for what, names in (('the page', shown), ('docs/language.md', re.findall(r'`(\w+)`', named))):
        if names != known:
            print('panels of a tour: %s; %s has %s' % (known, what, names))
            bad = 1
    return bad


if __name__ == '__main__':
    sys.exit(main())
