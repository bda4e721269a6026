"""Records to learn on: the exchange tables and a spreadsheet of a city, with faults that are known.

The same spreadsheet stands in a CSV file as Excel in China writes it (GBK), with times in every
form, and in a workbook (XLSX), where most times are Excel's own.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.records.exchange import CASES, EVENTS, ITEMS, exchange_tables
from sim.records.planting import (
    HEADINGS,
    NUMBER,
    TIMES,
    TITLES,
    Cell,
    Ledger,
    Planted,
    Row,
    clean_ledger,
    name_of,
    plant,
    plant_in_tables,
)
from sim.records.register import ENDED
from sim.storage.folders import MANIFEST, write_folder
from sim.storage.versions import PROGRAM, version
from sim.streams import stable_hash

if TYPE_CHECKING:
    import pandas as pd

    from sim.records.register import Register

LEDGER_CSV: Final = "ledger.csv"
LEDGER_XLSX: Final = "ledger.xlsx"
PLANTED: Final = "planted.csv"
BLANK_EVERY: Final = 500
"""Rows of the spreadsheet between two blank ones."""
_EXCEL_0: Final = dt.datetime(1899, 12, 30)


def write_example(
    register: Register,
    folder: Path | str,
    *,
    departments: Mapping[str, str] = MappingProxyType({}),
    seed: int = 1,
    overwrite: bool = False,
) -> list[Planted]:
    """Write a clean register as a city would hand it over; return the faults planted in it.

    `departments`: the names that the spreadsheet has for those of the register. The folder also
    holds the faults, in `planted.csv`. ValueError: the register is too small.
    """
    ledger = clean_ledger(register, departments)
    plant(ledger, _draw(seed, "ledger"))
    names = (CASES, ITEMS, EVENTS)
    tables = _as_exported(exchange_tables(register))
    tables, faults = plant_in_tables(tables, names, _draw(seed, "tables"))
    planted = [Planted(f"{name}.csv", at + 2, check, column) for name, at, check, column in faults]
    still_open = np.flatnonzero(~np.isin(register.items["state"].to_numpy(), list(ENDED)))
    planted += [Planted(f"{ITEMS}.csv", at + 2, "open") for at in still_open.tolist()]
    planted += [*_of_ledger(ledger, LEDGER_CSV), *_of_ledger(ledger, LEDGER_XLSX)]
    torn = _number(ledger, len(ledger.rows))
    planted.append(Planted(LEDGER_CSV, torn, "torn_rows"))
    planted.sort()
    files = [MANIFEST, LEDGER_CSV, LEDGER_XLSX, PLANTED, *(f"{name}.csv" for name in tables)]

    def fill(new: Path) -> None:
        for name, table in tables.items():
            _write_csv(new / f"{name}.csv", [list(table.columns), *table.to_numpy().tolist()])
        _write_csv(new / LEDGER_CSV, _csv_rows(ledger))
        _write_xlsx(new / LEDGER_XLSX, ledger)
        rows = [[p.file, str(p.row), p.check, p.column] for p in planted]
        _write_csv(new / PLANTED, [["file", "row", "check", "column"], *rows], "utf-8-sig")
        manifest = {"program": PROGRAM, "version": version(), "files": sorted(files)}
        (new / MANIFEST).write_text(f"{json.dumps(manifest, indent=2)}\n", encoding="utf-8")

    write_folder(Path(folder), fill, overwrite=overwrite)
    return planted


def _draw(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, stable_hash(name)])


def _as_exported(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of the national standard, with names for officers and projects."""
    kept = {name: table.copy() for name, table in tables.items() if name.startswith("SPGL")}
    events, cases = kept[EVENTS], kept[CASES]
    events["BLR"] = [name_of(officer) for officer in events["BLR"]]
    cases["XMMC"] = [f"{number}号厂房新建项目" for number in cases["GCDM"]]
    return kept


def _number(ledger: Ledger, index: int) -> int:
    """Return the number of a row in the file: titles, headings and blank rows come before it."""
    return len(TITLES) + 2 + index + index // BLANK_EVERY


def _of_ledger(ledger: Ledger, file: str) -> Iterator[Planted]:
    for row in range(1, len(TITLES) + 1):
        yield Planted(file, row, "title_rows")
    for index, check, heading in ledger.faults:
        yield Planted(file, _number(ledger, index), check, heading)
    after = len(ledger.rows) + (file == LEDGER_CSV)
    yield Planted(file, _number(ledger, after), "footer_rows")


# --- the spreadsheet ------------------------------------------------------------------------------


def _csv_rows(ledger: Ledger) -> Iterator[list[str]]:
    for title in TITLES:
        yield [title, *[""] * (len(HEADINGS) - 1)]
    yield list(HEADINGS)
    for index, row in enumerate(ledger.rows):
        if index and index % BLANK_EVERY == 0:
            yield [""] * len(HEADINGS)
        yield [_written(row, heading) for heading in HEADINGS]
    if len(ledger.rows) % BLANK_EVERY == 0:
        yield [""] * len(HEADINGS)
    first = ledger.rows[0]
    yield [*(_written(first, heading) for heading in HEADINGS), "多出的一格"]
    if (len(ledger.rows) + 1) % BLANK_EVERY == 0:
        yield [""] * len(HEADINGS)
    yield ["合计", f"{len(ledger.rows)}件", *[""] * (len(HEADINGS) - 2)]


def _written(row: Row, heading: str) -> str:
    """Return a cell as text; times of one column have many forms."""
    cell = row[heading]
    form = stable_hash(f"{row[NUMBER]} {heading}") % 5
    if isinstance(cell, dt.datetime):
        if cell.time() == dt.time():
            return f"{cell:%Y-%m-%d %H:%M:%S}"  # a number could not tell midnight from a date
        return _WRITTEN_TIMES[form](cell)
    if isinstance(cell, dt.date):
        return _WRITTEN_DATES[form](cell)
    return str(cell)


_WRITTEN_TIMES: Final[Sequence[Callable[[dt.datetime], str]]] = (
    lambda t: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M:%S}",
    lambda t: f"{t.year}/{t.month}/{t.day} {t.hour}:{t:%M:%S}",
    lambda t: f"{t:%Y-%m-%d %H:%M:%S}",
    lambda t: f"{t.year}年{t.month}月{t.day}日 {t.hour}时{t.minute}分{t.second}秒",
    lambda t: f"{(t - _EXCEL_0) / dt.timedelta(days=1):.6f}",
)
_WRITTEN_DATES: Final[Sequence[Callable[[dt.date], str]]] = (
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: str((d - _EXCEL_0.date()).days),
)


def _write_csv(file: Path, rows: Any, encoding: str = "gb18030") -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    file.write_bytes(out.getvalue().encode(encoding))


def _write_xlsx(file: Path, ledger: Ledger) -> None:
    """Write the spreadsheet as a workbook; a fifth of its times are texts."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(str(file), options) as book:
        book.set_properties({"created": dt.datetime(2021, 1, 1)})
        sheet = book.add_worksheet("办件台账")
        formats = {
            dt.datetime: book.add_format({"num_format": "yyyy/m/d h:mm:ss"}),
            dt.date: book.add_format({"num_format": "yyyy/m/d"}),
        }
        for at, title in enumerate(TITLES):
            sheet.write_string(at, 0, title)
        sheet.write_row(len(TITLES), 0, HEADINGS)
        for index, row in enumerate(ledger.rows):
            for column, heading in enumerate(HEADINGS):
                _write_cell(sheet, _number(ledger, index) - 1, column, row, heading, formats)
        last = _number(ledger, len(ledger.rows)) - 1
        sheet.write_string(last, 0, "合计")
        sheet.write_string(last, 1, f"{len(ledger.rows)}件")


def _write_cell(
    sheet: Any, at: int, column: int, row: Row, heading: str, formats: Mapping[type[dt.date], Any]
) -> None:
    cell: Cell = row[heading]
    as_text = stable_hash(f"{row[NUMBER]} {heading}") % 5 == 0
    midnight = isinstance(cell, dt.datetime) and cell.time() == dt.time()
    if isinstance(cell, dt.date) and heading in TIMES and not as_text and not midnight:
        sheet.write_datetime(at, column, cell, formats[type(cell)])
    elif cell != "":
        sheet.write_string(at, column, _written(row, heading))
