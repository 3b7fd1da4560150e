#!/usr/bin/env python3
"""Puts van der Corput's sequence into the file of a study of cutoff.dtn with 1000 worlds.

    corput.py FILE

World i gets x_k = the radical inverse of i in the k-th prime base, and the outcome that follows: what the
program would have solved if these had been its worlds.
"""
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'study'))
from digest import seal  # noqa: E402


def radical_inverse(i, base):
    x, unit = 0.0, 1.0 / base
    while i:
        x += i % base * unit
        i //= base
        unit /= base
    return x


def main(path):
    file = sqlite3.connect(path)
    for i in range(1, 1001):
        x = [radical_inverse(i, base) for base in (2, 3, 5, 7, 11)]
        sets = ', '.join('p_x%d = ?' % k for k in range(1, 6))
        file.execute('update worlds set %s where world = ?' % sets, x + [i])
        file.execute('update results set o_y = ? where world = ?',
                     (float(x[0] < .5 and x[1] > .6 and x[2] < .7), i))
    file.commit()
    file.close()
    seal(path)


if __name__ == '__main__':
    main(sys.argv[1])
