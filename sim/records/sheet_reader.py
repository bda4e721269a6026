"""The program of the child process that reads one spreadsheet: its cells come out as CSV.

It runs by itself, with a limit on its memory: whatever a damaged or hostile file does to the reader
ends here. It knows nothing of this package. Arguments: the file, and the limit in bytes.

Each line of the output is the name of a sheet, the number of a row, and the texts of its cells.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys


def main() -> None:
    """Write all visible sheets of a workbook to standard output."""
    path, most_bytes = sys.argv[1], int(sys.argv[2])
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
    for sheet in book.sheets_metadata:
        if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
            continue
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        for number, cells in enumerate(rows, start=1):
            if any(cell != "" for cell in cells):
                writer.writerow([sheet.name, number, *map(_text, cells)])


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    main()
