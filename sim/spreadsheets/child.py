"""The program of the child process that reads one spreadsheet: its cells come out as CSV.

It runs by itself, with a limit on its memory: whatever a damaged or hostile file does to the reader
ends here. It knows nothing of this package. Arguments: the file, the limit in bytes, and what is
wanted: ``table``, or ``form``.

Of a table, each line of the output is the name of a sheet, the number of a row, and the texts of
its cells. The first line of a sheet has no number, but 1 if it is hidden, 1 if its days count from
1904, and row and column of each cell of which no value is stored, one after the other.

Of a form, a word follows the name: ``cells``, with the number of the row and the texts; ``merged``,
with first row, first column, last row and last column; ``uncounted``, with row and column of a
formula without a stored value or of an error value; or ``sheet``, once for each.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EXACT = 2.0**53
SUSPECT = re.compile(rb"<(?:\w+:)?f[\s/>]|\bt\s*=\s*[\"']e[\"']")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def main() -> None:
    """Write the sheets of a workbook to standard output."""
    path, most_bytes, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except ImportError:  # not on Windows: there the guards before must do
        pass
    import python_calamine

    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    writer = csv.writer(sys.stdout)
    book = python_calamine.CalamineWorkbook.from_path(path)
    parts = _parts(path)
    from_1904 = mode == "table" and _counts_from_1904(path)
    for sheet in book.sheets_metadata:
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        if mode == "form":
            _write_form(writer, path, book.get_sheet_by_name(sheet.name), parts)
        else:
            hidden = sheet.visible != python_calamine.SheetVisibleEnum.Visible
            found = book.get_sheet_by_name(sheet.name)
            lost: list[int] = []
            if sheet.name in parts and not hidden and _may_lack(path, parts[sheet.name]):
                for place in _uncounted(path, parts[sheet.name]):
                    lost += place
            writer.writerow([sheet.name, "", int(hidden), int(from_1904), *lost])
            for number, cells in _merged_down(_rows(found), found.merged_cell_ranges or ()):
                writer.writerow([sheet.name, number, *cells])


def _merged_down(
    rows: Iterator[tuple[int, list[str]]], ranges: Any
) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with the text of the first cell in all that are merged with it downwards."""
    begin: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in ranges:
        if bottom > top:
            begin.setdefault(top + 1, []).append((left, bottom + 1))
    running: dict[int, tuple[int, str]] = {}  # column → last row, text
    for number, cells in rows:
        for column, (last, text) in list(running.items()):
            if number > last:
                del running[column]
            elif column < len(cells) and not cells[column]:
                cells[column] = text
        for column, last in begin.get(number, ()):
            if column < len(cells):
                running[column] = last, cells[column]
        yield number, cells


def _counts_from_1904(path: str) -> bool:
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return False
        return any(
            one.tag == f"{MAIN}workbookPr" and one.get("date1904") in {"1", "true"}
            for one in _elements(archive, "xl/workbook.xml")
        )


def _may_lack(path: str, part: str) -> bool:
    """Whether a sheet holds formulas or errors at all: to look at each cell takes long."""
    kept = b""
    with zipfile.ZipFile(path) as archive, archive.open(part) as opened:
        while piece := opened.read(2**20):
            if SUSPECT.search(kept + piece):
                return True
            kept = piece[-16:]
    return False


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    rows = sheet.to_python(skip_empty_area=False)
    for number, cells in enumerate(rows, start=1):
        if any(cell != "" for cell in cells):
            yield number, [*map(_text, cells)]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        if abs(cell) >= EXACT or (abs(cell) >= 1e15 and cell % 10 == 0):
            return f"{cell:.14E}"  # a spreadsheet keeps 15 digits: the others are lost
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _write_form(writer: Any, path: str, sheet: Any, parts: dict[str, str]) -> None:
    writer.writerow([sheet.name, "sheet"])
    for number, cells in _rows(sheet):
        writer.writerow([sheet.name, "cells", number, *cells])
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        writer.writerow([sheet.name, "merged", top + 1, left + 1, bottom + 1, right + 1])
    if sheet.name in parts:
        for row, column in _uncounted(path, parts[sheet.name]):
            writer.writerow([sheet.name, "uncounted", row, column])


def _parts(path: str) -> dict[str, str]:
    """Return name of a sheet → the part of the file that holds it."""
    with zipfile.ZipFile(path) as archive:
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(archive.namelist()):
            return {}
        targets = {
            str(one.get("Id")): str(one.get("Target"))
            for one in _elements(archive, "xl/_rels/workbook.xml.rels")
        }
        return {
            str(one.get("name")): _place(targets[one.get(RELATION)])
            for one in _elements(archive, "xl/workbook.xml")
            if one.tag == f"{MAIN}sheet" and one.get(RELATION) in targets
        }


def _place(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[Any]:
    """Yield the elements of a part as they end; nothing outside of the file is read."""
    from lxml import etree

    with archive.open(part) as opened:
        events = etree.iterparse(opened, resolve_entities=False, no_network=True, load_dtd=False)
        for _, element in events:
            yield element


def _uncounted(path: str, part: str) -> Iterator[tuple[int, int]]:
    """Yield row and column of each formula without a stored value, and of each error value."""
    with zipfile.ZipFile(path) as archive:
        for cell in _elements(archive, part):
            if cell.tag == f"{MAIN}row":
                cell.clear()
                while cell.getprevious() is not None:
                    del cell.getparent()[0]
            if cell.tag != f"{MAIN}c":
                continue
            formula = cell.find(f"{MAIN}f") is not None
            if cell.get("t") == "e" or (formula and not cell.findtext(f"{MAIN}v")):
                place = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", str(cell.get("r")))
                if place is not None:
                    column = 0
                    for letter in place[1]:
                        column = 26 * column + ord(letter) - 64
                    yield int(place[2]), column
            cell.clear()


if __name__ == "__main__":
    main()
