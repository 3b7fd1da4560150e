#!/usr/bin/env python3
"""Alters a study as if it had been written so.

    alter.py FILE SQL…    runs the statements, then gives the file the digests of what it holds now
"""
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'study'))
from digest import seal  # noqa: E402

database = sqlite3.connect(sys.argv[1])
for statement in sys.argv[2:]:
    database.execute(statement)
database.commit()
database.close()
seal(sys.argv[1])
