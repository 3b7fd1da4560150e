#!/usr/bin/env python3
"""Writes korea.dtn in another form, for what the form in the file can't do.

--hidden   Pyongyang's aim is its own secret: `private DPRK aim` in place of a number that everybody knows. A policy takes a minute or two then.
--beijing  whether Beijing would press in earnest is its own secret, likewise. One secret at a time.
--undated  elections come by chance, at the rate at which they are held. With dates every row of the record would be a game of its own,
           and nothing could be fitted to it.

    variants.py --undated > undated.dtn
"""
import os
import re
import sys

MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'korea.dtn')
FORMS = {
    '--hidden': [
        (r'let stalls += .*\n', ''),
        (r'state arms +:', 'private DPRK aim : {bargain, stall} = {bargain: p_aim, stall: 1 - p_aim}\nstate arms :'),
        (r'\bstalls == 1\b', 'aim == stall'),
        (r'^horizon \d+$', r'\g<0>\nbeliefs 8'),
    ],
    '--beijing': [
        (r'state arms +:', 'private PRC will : {press, spare} = {press: p_will, spare: 1 - p_will}\nstate arms :'),
        (r'\bp_will == 1 \?', 'will == press ?'),
        (r'^horizon \d+$', r'\g<0>\nbeliefs 8'),
    ],
    '--undated': [
        (r'^let poll_us += .*', 'let poll_us = 1 / 16'),
        (r'^let poll_rok += .*', 'let poll_rok = 1 / 20'),
    ],
}


def variant(text, form):
    for pattern, instead in FORMS[form]:
        text, count = re.subn(pattern, instead, text, flags=re.M)
        if not count:
            raise ValueError('korea.dtn has nothing like %s' % pattern)
    return text


def main():
    forms = sys.argv[1:]
    if not forms or not set(forms) <= set(FORMS):
        sys.exit('usage: variants.py [%s]' % '] ['.join(FORMS))
    with open(MODEL, encoding='utf-8') as file:
        text = file.read()
    for form in forms:
        text = variant(text, form)
    sys.stdout.write(text)


if __name__ == '__main__':
    main()
