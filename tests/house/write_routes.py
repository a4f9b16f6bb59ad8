"""Writes routes.csv anew from what is so: `./check tests/house/write_routes.py`, then `git diff`.

A cell is a promise: read each one that has changed before you commit it.
"""

import csv

from tests.house.on_stage import with_rivals
from tests.house.test_authorisation_matrix import COLUMNS, DECLARED, cells, every_page_is_there
from tests.house.visitors import VISITORS

__all__ = ["every_page_is_there"]
stage, db, time, cast, rivals, _files_of_their_own = with_rivals()


def test_write_the_table(rivals):
    found = {visitor: list(cells(visitor, rivals)) for visitor in VISITORS}
    with DECLARED.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for place, (name, method, _cell) in enumerate(found["public"]):
            writer.writerow([name, method, *(found[one][place][2] for one in VISITORS)])
