"""Numbers as they were printed, and whether a number found would be printed so."""
import csv
import os
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))


def rows(name):
    """The rows of a table of this folder, every cell as it was printed."""
    with open(os.path.join(HERE, name), encoding='utf-8') as file:
        return list(csv.DictReader(file))


def agrees(found, printed):
    """Whether a number is within half a unit of the last printed place."""
    wanted = Decimal(printed)
    unit = Decimal(1).scaleb(wanted.as_tuple().exponent)
    return abs(Decimal(found) - wanted) <= unit / 2
