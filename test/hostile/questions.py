#!/usr/bin/env python3
"""Questions put to files that another program has written to.

Studies of every design are made, and each spoilt in one way after the other: numbers taken away or made
infinite, rows deleted, sizes and designs that don't fit. The digests are made to fit what was written,
so that the questions are reached. Every question must then be answered or refused with a message, and
never crash, hang, or print what isn't JSON.
"""
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'study'))
import digest  # noqa: E402

PROGRAM = os.environ.get('DETENTE', os.path.join(HERE, '..', '..', 'build', 'detente'))
MODEL = os.path.join(HERE, '..', 'cli', 'choice.dtn')
DESIGNS = {
    'latin': ['--worlds', '40'],
    'saltelli': ['--base', '16'],
    'morris': ['--base', '6'],
    'one-at-a-time': [],
    'grid': ['--points', '3', '--vary', 'x,sure,luck'],
}
SPOILT = [
    'update results set o_right = null where world = 5',
    'update results set o_right = 9e999 where world = 5',
    'update results set o_right = 1e308 * (world % 2 * 2 - 1)',
    'update results set residual = null',
    'update results set g_A = null',
    "update results set status = 'unsolved'",
    "update results set status = 'unsolved' where policy = 'free'",
    'delete from results where world = 0',
    'delete from results where world = 1',
    'delete from results where world > 7',
    'delete from results',
    'update worlds set p_x = null where world = 5',
    'update worlds set p_x = 9e999 where world = 5',
    'update worlds set p_x = 1e308 where world <= 9',
    'update worlds set p_x = 0.5',
    'update worlds set u_x = null where world = 5',
    'update worlds set u_x = 0.5',
    'delete from worlds where world = 3',
    'delete from worlds',
    "update parameters set nominal = 0.123 where name = 'x'",
    "update parameters set nominal = 9e999 where name = 'x'",
    'update parameters set varied = 0',
    "delete from policies where name = 'free'",
    "update study set value = '7' where key = 'points'",
    "update study set value = '7' where key = 'base'",
    "update study set value = '12' where key = 'worlds'",
    "update study set value = '2' where key in ('deep', 'risk')",
] + ["update study set value = '%s' where key = 'design'" % design for design in DESIGNS]
QUESTIONS = [
    ['compare', '--json', '--require', 'right > 0.5'],
    ['sensitivity', '--json', '--outcome', 'right', '--outcome', 'plain'],
    ['diagnose', '--json'],
    ['discover', '--json', '--policy', 'fixed', '--where', 'right > 0.64'],
]


def wrong(path, question):
    """What is wrong with the answer, or None; and whether there was one."""
    done = subprocess.run([PROGRAM, question[0], path] + question[1:], capture_output=True)
    if done.returncode not in (0, 1, 2, 3, 4):
        message = done.stderr.decode(errors='replace')
        return 'exit %d: %s' % (done.returncode, message[-300:]), False
    if done.returncode > 1:
        return None if done.stderr else 'refused without a word', False
    if done.stdout:
        json.loads(done.stdout)
    return None, bool(done.stdout)


def main():
    bad = asked = answered = 0
    with tempfile.TemporaryDirectory() as folder:
        whole, path = os.path.join(folder, 'whole'), os.path.join(folder, 'spoilt')
        for design, size in DESIGNS.items():
            subprocess.run([PROGRAM, 'study', MODEL, '--design', design, '-o', whole, '-q'] + size,
                           check=True, stdout=subprocess.DEVNULL)
            with open(whole, 'rb') as file:
                content = file.read()
            os.remove(whole)
            for sql in SPOILT:
                with open(path, 'wb') as file:
                    file.write(content)
                database = sqlite3.connect(path)
                database.execute(sql)
                database.commit()
                database.close()
                digest.seal(path)
                for question in QUESTIONS:
                    asked += 1
                    what, answer = wrong(path, question)
                    answered += answer
                    if what:
                        bad += 1
                        print('%s, %s: %s: %s' % (design, sql, question[0], what))
    print('%d questions, %d answered, %d badly' % (asked, answered, bad))
    return 1 if bad or answered < asked / 4 else 0


if __name__ == '__main__':
    sys.exit(main())
