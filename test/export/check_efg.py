#!/usr/bin/env python3
"""Reads a Gambit extensive game (.efg) by its grammar and checks that it is well formed.

    efgfile  = "EFG" "2" ("R" | "D") TEXT "{" TEXT* "}" [TEXT] node
    node     = chance node* | player node* | terminal      (prefix order: children follow)
    chance   = "c" TEXT NUMBER [TEXT] "{" (TEXT NUMBER)* "}" outcome
    player   = "p" TEXT NUMBER NUMBER [TEXT] "{" TEXT* "}" outcome
    terminal = "t" TEXT outcome
    outcome  = NUMBER [[TEXT] "{" NUMBER* "}"]             (commas between numbers are allowed)

Checked beyond the grammar: players exist; nodes of one information set have the same actions; no
history meets an information set twice, and every player remembers what it knew and did (perfect
recall); probabilities are positive or zero and sum to exactly one; payoffs are as many as players;
an outcome's number stands for one list of payoffs; nothing is left over at the end.
"""
import re
import sys
from fractions import Fraction

TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([{},])|([+-]?\d+(?:\.\d*)?(?:/\d+)?)(?=[\s{},]|$)'
                   r'|([A-Za-z]+))')


class BadGame(Exception):
    pass


class Node:
    def __init__(self, kind, label):
        self.kind, self.label = kind, label
        self.player = self.infoset = 0
        self.actions, self.chances, self.children, self.payoffs = [], [], [], None


class Reader:
    def __init__(self, text):
        self.tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise BadGame('no token: %r' % text[at:at + 40])
            self.tokens.append((match.lastindex, match.group(match.lastindex)))
            at = match.end()
        self.next = 0

    def peek(self):
        return self.tokens[self.next] if self.next < len(self.tokens) else (0, '')

    def take(self, kind, what=None):
        found = self.peek()
        if found[0] != kind or (what is not None and found[1] != what):
            raise BadGame('expected %s, found %r' % (what or 'token %d' % kind, found[1]))
        self.next += 1
        return found[1]

    def text(self):
        return self.take(1)[1:-1]

    def number(self):
        return Fraction(self.take(3))

    def integer(self):
        value = self.number()
        if value.denominator != 1 or value < 0:
            raise BadGame('expected a whole number, found %s' % value)
        return int(value)


class Game:
    def __init__(self, text):
        self.read = read = Reader(text)
        read.take(4, 'EFG')
        if read.integer() != 2 or read.take(4) not in 'RD':
            raise BadGame('not an EFG of version 2')
        self.title = read.text()
        read.take(2, '{')
        self.players = []
        while read.peek()[0] == 1:
            self.players.append(read.text())
        read.take(2, '}')
        self.comment = read.text() if read.peek()[0] == 1 else ''
        self.outcomes, self.infosets, self.size = {0: None}, {}, 0
        self.labels = set()
        self.root = self.read_tree()
        if read.peek()[0] != 0:
            raise BadGame('left over: %r' % (read.peek()[1],))

    def read_tree(self):
        """Prefix order, with a stack of its own as trees may be deep."""
        root = self.read_node()
        stack = [root]
        while stack:
            if len(stack[-1].children) == len(stack[-1].actions):
                stack.pop()
                continue
            node = self.read_node()
            stack[-1].children.append(node)
            stack.append(node)
        return root

    def read_node(self):
        read = self.read
        kind = read.take(4)
        if kind not in 'cpt':
            raise BadGame('no kind of node: %r' % kind)
        node = Node(kind, read.text())
        self.size += 1
        if node.label and node.label in self.labels:
            raise BadGame('two nodes are called %r' % node.label)
        self.labels.add(node.label)
        if kind == 'p':
            node.player = read.integer()
            if not 1 <= node.player <= len(self.players):
                raise BadGame('no player %d' % node.player)
        if kind != 't':
            node.infoset = read.integer()
            if node.infoset < 1:
                raise BadGame('an information set numbered %d' % node.infoset)
            if read.peek()[0] == 1:
                read.text()
            read.take(2, '{')
            while read.peek()[0] == 1:
                node.actions.append(read.text())
                if kind == 'c':
                    node.chances.append(read.number())
            read.take(2, '}')
            self.check_infoset(node)
        self.read_outcome(node)
        return node

    def check_infoset(self, node):
        if not node.actions:
            raise BadGame('a node without actions: %r' % node.label)
        if len(set(node.actions)) != len(node.actions):
            raise BadGame('actions of one name: %r' % node.actions)
        if node.kind == 'c' and (sum(node.chances) != 1 or min(node.chances) < 0):
            raise BadGame('probabilities %s sum to %s' % (node.chances, sum(node.chances)))
        same = (node.actions, node.chances)
        if self.infosets.setdefault((node.kind, node.player, node.infoset), same) != same:
            raise BadGame('information set %d of player %d changes' % (node.infoset, node.player))

    def read_outcome(self, node):
        read = self.read
        index = read.integer()
        if read.peek()[0] == 1:
            read.text()
        if read.peek() == (2, '{'):
            read.take(2, '{')
            payoffs = []
            while read.peek()[0] == 3:
                payoffs.append(read.number())
                if read.peek() == (2, ','):
                    read.take(2, ',')
            read.take(2, '}')
            if len(payoffs) != len(self.players):
                raise BadGame('%d payoffs for %d players' % (len(payoffs), len(self.players)))
            if self.outcomes.setdefault(index, payoffs) != payoffs or index == 0:
                raise BadGame('outcome %d changes' % index)
        if index not in self.outcomes:
            raise BadGame('outcome %d has no payoffs' % index)
        node.payoffs = self.outcomes[index]
        if (node.kind == 't') != (node.payoffs is not None):
            raise BadGame('payoffs belong to terminal nodes, and to each')

    def check_recall(self):
        """What a player knew and did on the way is the same at all nodes of an information set."""
        memory = {}
        stack = [(self.root, ((),) * len(self.players))]
        while stack:
            node, known = stack.pop()
            if node.kind == 'p':
                key = (node.player, node.infoset)
                own = known[node.player - 1]
                if memory.setdefault(key, own) != own:
                    raise BadGame('player %d forgets at information set %d' % key)
            for n, child in enumerate(node.children):
                after = known
                if node.kind == 'p':
                    own = known[node.player - 1] + ((node.infoset, n),)
                    after = known[:node.player - 1] + (own,) + known[node.player:]
                stack.append((child, after))

    def uniform_values(self):
        """What each player expects if every action of an information set is equally likely."""
        total = [0.0] * len(self.players)
        stack = [(self.root, 1.0)]
        while stack:
            node, chance = stack.pop()
            if node.kind == 't':
                total = [x + chance * float(y) for x, y in zip(total, node.payoffs)]
            for n, child in enumerate(node.children):
                p = float(node.chances[n]) if node.kind == 'c' else 1 / len(node.children)
                stack.append((child, chance * p))
        return total


def check(text):
    game = Game(text)
    game.check_recall()
    return game


def main():
    for path in sys.argv[1:]:
        with open(path, encoding='utf-8') as file:
            try:
                game = check(file.read())
            except BadGame as trouble:
                print('%s: %s' % (path, trouble))
                return 1
        print('%s: %d nodes, %d information sets' % (path, game.size, len(game.infosets)))
    return 0


if __name__ == '__main__':
    sys.exit(main())
