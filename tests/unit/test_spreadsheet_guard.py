"""How large a table of a workbook may be: the rectangle that its cells span."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from sim.spreadsheets.reader import UnreadableError, _guard

CELLS = '<row><c r="B2"/><c r="AB3"/></row><row><c r="A1"/></row>'
"""Three rows to column AB, the 28th; the largest row and column do not come last."""


def test_cells_may_span_as_much_as_is_allowed_and_no_more(tmp_path: Path) -> None:
    file = tmp_path / "table.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", CELLS)
    _guard(file, "save it anew", 3 * 28)
    with pytest.raises(UnreadableError, match=r"sheet1.*3 rows × 28 columns.*save it anew"):
        _guard(file, "save it anew", 3 * 28 - 1)
