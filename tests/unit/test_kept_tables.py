"""Tables that a stored result keeps beside it, and what is told while it is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.replications.execution import Execution, counted_on, make_replications
from sim.storage.table_files import KeptTables

COLUMNS = dict.fromkeys(("cases", "items", "others"), (("day", "int64", None),))


def test_the_tables_that_are_kept_are_those_with_a_file(tmp_path: Path) -> None:
    """Of tables whose columns are known, of the two that are kept, where there is a folder."""
    for name in ("cases", "others", "unknown"):
        (tmp_path / f"{name}.csv").write_text("day\n1\n", encoding="utf-8")
    kept = KeptTables(COLUMNS, tmp_path)
    assert list(kept) == ["cases"]
    assert len(kept) == 1
    assert "items" not in kept
    assert list(KeptTables(COLUMNS)) == []
    assert list(KeptTables({}, tmp_path)) == []
    for name in ("items", "others", "unknown"):
        with pytest.raises(KeyError, match=name):
            kept[name]


class Tens:
    def replicate(self, number: int) -> int:
        return number * 10


@pytest.mark.parametrize("earlier", [0, 5])
def test_replications_are_told_one_by_one(earlier: int) -> None:
    told = list[tuple[int, int | None]]()
    how: Execution = {"jobs": 1, "progress": lambda done, total: told.append((done, total))}
    task = Tens()
    wanted = [(task, number) for number in (3, 4, 7)]
    made = make_replications(wanted, counted_on(how, earlier, 9), 3)
    assert list(made) == [30, 40, 70]
    assert told == [(earlier + done, 9) for done in (1, 2, 3)]
