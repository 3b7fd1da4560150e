#!/usr/bin/env python3
"""Every number that the Korea model's README gives is what the program finds, to the digits shown.

    readme.py         all tables; of "What decides" three rows beside the nominal one
    readme.py --all   every row of that too; the same if KOREA_ALL is set

Nominal numbers come from one run of all policies. A row of the ledger says an outcome and commands:
its numbers stand before a colon, in the order of the commands and of the policies within each.
"""
import json
import os
import re
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get('DETENTE', os.path.join(ROOT, 'build', 'detente'))
MODEL = 'models/korea/korea.dtn'
NUMBER = r'-?\d+(?:,\d{3})*(?:\.\d+)?|-?\.\d+'

# The columns of "What the nominal world says".
NOMINAL = {'war': 'war', 'ICBM': 'icbm', 'tests': 'tests', 'crises': 'crises', 'deal': 'under_deal',
           'cohesion': 'cohesion', 'lethal': 'lethal', 'deaths': 'deaths'}


def a_year(outcomes):
    return 100 * (1 - (1 - outcomes['war']) ** (1 / 5))


def coerced_quarters(outcomes):
    return outcomes['coercion'] / 2.1  # KRW trillion a quarter: `coerced_gdp`


# The rows of "Against the record", by how they begin: what each number of the model's column is.
# None: not an outcome of the model.
RECORD = {
    'quarters with a long-range': ['tests'], 'missile events': ['fire'],
    'crises, merely tense': ['crises', 'tense'], 'quarters under a deal': ['under_deal'],
    'lethal incidents': ['lethal'], 'serious accidents': ['accidents'], 'war': [a_year],
    'warheads after': ['warheads'], 'quarters of Chinese coercion': [coerced_quarters],
    'the Council answers': None, 'trade with China': ['trade']}

SANITIZED = bool(os.environ.get('DETENTE_SANITIZE'))  # slow: one run of all policies
SAMPLE = 4  # rows of "What decides", the nominal one first

solved = {}


def run(policies, settings):
    """Outcomes of policies, each solved once under the same settings."""
    known = solved.setdefault(tuple(settings), {})
    if not all(policy in known for policy in policies):
        command = [PROGRAM, 'run', '--quiet', '--json', MODEL]
        if settings:
            command += ['--policy=' + p for p in policies if p not in known]
            command += ['--set=' + s for s in settings]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            sys.exit('%s: %s' % (' '.join(command), done.stderr))
        for policy, result in json.loads(done.stdout)['policies'].items():
            known[policy] = result['outcomes']
    return [known[policy] for policy in policies]


def table(text, heading):
    """Rows of the first table of a section, its header first."""
    pattern = r'^## %s\n(.*?)(?=^## |\Z)' % re.escape(heading)
    section = re.search(pattern, text, re.M | re.S).group(1)
    lines = re.search(r'(?:^\|.*\n)+', section, re.M).group(0).splitlines()
    rows = [[cell.strip() for cell in line.strip('|').split('|')] for line in lines]
    return rows[:1] + rows[2:]


def agrees(shown, value):
    """Whether a number as shown is the value, rounded to as many digits (comma: hundreds)."""
    plain = shown.replace(',', '')
    digits = len(plain.partition('.')[2])
    if ',' in shown:
        return float(plain) == round(value, -2)
    return abs(float(plain) - value) <= 0.5 * 10 ** -digits + 1e-9


def differs(where, shown, values):
    """Complaints about the numbers of a cell."""
    if len(shown) != len(values):
        return ['%s: %d numbers instead of %d' % (where, len(shown), len(values))]
    return ['%s: %s in the README, %.6g found' % (where, s, v)
            for s, v in zip(shown, values) if not agrees(s, v)]


def check_nominal(text):
    header, *rows = table(text, 'What the nominal world says')
    bad = []
    for row in rows:
        policy = row[0].strip('`')
        outcomes = run([policy], [])[0]
        for column, name in NOMINAL.items():
            shown = [row[header.index(column)]]
            bad += differs('%s, %s' % (policy, column), shown, [outcomes[name]])
    if sorted(row[0].strip('`') for row in rows) != sorted(solved[()]):
        bad.append('the policies of the table are not those of the model')
    return bad


def check_record(text):
    bad, outcomes = [], run(['as_is'], [])[0]
    for title, model, _ in table(text, 'Against the record')[1:]:
        key = max((key for key in RECORD if title.startswith(key)), key=len, default='')
        if not key:
            bad.append('%s: no such row is known' % title)
        elif RECORD[key]:
            values = [name(outcomes) if callable(name) else outcomes[name] for name in RECORD[key]]
            bad += differs(title, re.findall(NUMBER, model), values)
    return bad


def check_decides(text, every):
    header, *rows = table(text, 'What decides')
    bad = []
    for row in rows if every else rows[:SAMPLE]:
        settings = []
        for setting in re.findall(r'[\w*]+=-?[\d.]+', row[0]):
            name, _, value = setting.partition('=')
            settings += ['%s%s=%s' % (name[:-1], who, value) for who in ('us', 'rok', 'dprk', 'prc')
                         ] if name.endswith('*') else [setting]
        values = [outcomes['under_deal'] for outcomes in run(header[1:], settings)]
        bad += differs(row[0], row[1:], values)
    return bad


def check_ledger(text):
    """Columns: claim, record, outcome in `...`, the numbers found, commands in `...`."""
    bad, rows = [], []
    for claim, _, outcome, found, commands in table(text, 'Ledger')[1:]:
        asked = []
        for command in re.findall('`([^`]+)`', commands):
            words = shlex.split(command)
            if words[:3] != ['detente', 'run', MODEL]:
                bad.append('%s: %s is no such command' % (claim, command))
            options = list(zip(words[3::2], words[4::2]))
            settings = [value for option, value in options if option == '--set']
            asked += [(value, settings) for option, value in options if option == '--policy']
        rows.append((claim, outcome.strip('`'), re.findall(NUMBER, found.split(':')[0]), asked))
    for claim, outcome, found, asked in rows:
        values = [run([policy], settings)[0][outcome] for policy, settings in asked]
        bad += differs(claim, found, values)
    return bad


def main(arguments):
    with open(os.path.join(ROOT, 'models', 'korea', 'README.md'), encoding='utf-8') as file:
        text = file.read()
    every = '--all' in arguments or bool(os.environ.get('KOREA_ALL'))
    bad = check_nominal(text) + check_record(text)
    if not SANITIZED:
        bad += check_decides(text, every) + check_ledger(text)
    print('\n'.join(bad), end='\n' if bad else '')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
