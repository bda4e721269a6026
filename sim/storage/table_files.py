"""Tables as files: harmless in a spreadsheet, and read on first use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sim.storage.folders import MANIFEST, is_sealed
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

TableFormat: TypeAlias = Literal["parquet", "csv"]
Columns: TypeAlias = tuple[tuple[str, str, tuple[Any, ...] | None], ...]
"""Name, type and categories of each column."""

TYPES: Final = frozenset(
    {"bool", "boolean", "category", "datetime64[ms]", "datetime64[s]", "float64", "object", "str"}
    | {f"{signed}nt{bits}" for signed in ("i", "I", "ui", "UI") for bits in (8, 16, 32, 64)}
)
"""Types of columns that can be read."""
LABEL: Final = "_label"
"""Ending of a column that CSV files have beside a column of codes, with their labels."""
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""Starts of cells that a spreadsheet would run; in CSV, an apostrophe precedes them."""


def write_table(table: pd.DataFrame, file: Path, form: TableFormat) -> None:
    """Write a table as Parquet or CSV."""
    if form == "parquet":
        table.to_parquet(file, index=False)
    else:
        harmless(table).to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n")


def write_list(table: pd.DataFrame, file: Path) -> None:
    """Write a table as a spreadsheet for people: XLSX, or CSV if its name ends so."""
    from sim.atomic_write import write_whole

    if file.suffix.lower() == ".csv":
        write_whole(file, lambda path: write_table(table, path, "csv"))
        return
    write_whole(file, lambda path: _write_xlsx(table, path))


def _write_xlsx(table: pd.DataFrame, file: Path) -> None:
    """Write a table as a workbook; no text becomes a formula or an address."""
    import datetime as dt
    import math

    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with file.open("wb") as out, xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": dt.datetime(2021, 1, 1)})
        sheet = book.add_worksheet("forecast")
        as_date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, [str(name) for name in table.columns])
        for at, row in enumerate(table.itertuples(index=False), 1):
            for column, value in enumerate(row):
                if value is None or (isinstance(value, float) and math.isnan(value)):
                    continue
                if isinstance(value, dt.date):
                    sheet.write_datetime(at, column, value, as_date)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value)
                else:
                    sheet.write_number(at, column, float(value))
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before each text that a spreadsheet would run."""
    safe = table.rename(columns=lambda name: _quoted(str(name)))
    for column in safe.columns:
        values = safe[column]
        if values.dtype == "category":
            safe[column] = values.cat.rename_categories(
                [_quoted(str(text)) for text in values.cat.categories]
            )
        elif str(values.dtype) in {"object", "str", "string"}:  # a dtype is in no set of texts
            safe[column] = [_quoted(v) if isinstance(v, str) else v for v in values]
    return safe


def _quoted(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def columns_of(table: pd.DataFrame) -> Columns:
    """Return what a CSV file loses of a table: the types and categories of its columns."""
    return tuple(
        (
            str(name),
            str(column.dtype),
            tuple(column.cat.categories.tolist()) if column.dtype == "category" else None,
        )
        for name, column in table.items()
    )


@dataclass(frozen=True, eq=False, repr=False)
class KeptTables(Mapping[str, "pd.DataFrame"]):
    """Name → table; holds the tables whose files exist."""

    columns: Mapping[str, Columns]
    folder: Path | None = None
    _read: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table; raise `ValueError` if its file is not the one that was written."""
        if name not in self._read:
            path = self._path(name)
            if path is None:
                raise KeyError(name)
            self._read[name] = read_table(path, self.columns[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return any(name == present for present in self)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.columns if self._path(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _path(self, name: str) -> Path | None:
        if self.folder is None or name not in {"cases", "items"} & self.columns.keys():
            return None
        paths = (self.folder / f"{name}.{form}" for form in ("parquet", "csv"))
        return next((path for path in paths if path.is_file()), None)


def read_table(path: Path, columns: Columns) -> pd.DataFrame:
    """Read a table that `write_table` wrote; `ValueError` unless the manifest beside covers it."""
    import pandas as pd

    try:
        if not is_sealed(path):
            raise ValueError(tr("{manifest} has no or another checksum of it", manifest=MANIFEST))
        if path.suffix == ".parquet":
            table = pd.read_parquet(path)
        else:
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
            known = {_quoted(name) for name, _, _ in columns}
            labels = [name for name in table.columns if name.endswith(LABEL) and name not in known]
            table = table.drop(columns=labels)
        if table.shape[1] != len(columns):
            raise ValueError(tr("has other columns"))
        table.columns = pd.Index([name for name, _, _ in columns])
        typed = {
            name: _typed(table[name], kind, among, from_csv=path.suffix == ".csv")
            for name, kind, among in columns
        }
    except Exception as error:  # each format has errors of its own
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ValueError(
            tr("{path}: is not the table that was written: {reason}", path=path, reason=reason)
        ) from error
    return pd.DataFrame(typed)


def _typed(
    column: pd.Series[Any], kind: str, among: tuple[Any, ...] | None, *, from_csv: bool
) -> pd.Series[Any]:
    """Return the column with type `kind`; from CSV it holds texts, "" for a missing value."""
    import pandas as pd

    if kind not in TYPES:
        raise ValueError(tr("has a column of {kind}", kind=kind))
    texts = str(column.dtype) in {"str", "object", "string"}
    if texts and from_csv:
        column = column.map(_unquoted)
    if texts and "" not in (among or ()):
        column = column.mask(column == "")
    if among is not None:
        return column.astype(pd.CategoricalDtype(list(among)))
    if texts and kind.startswith("datetime64"):
        column = pd.to_datetime(column, format="ISO8601")
    elif texts and kind in {"bool", "boolean"}:
        column = column.map({"True": True, "False": False})
    typed: pd.Series[Any] = column.astype(kind)  # type: ignore[call-overload]
    return typed


def _unquoted(text: str) -> str:
    quoted = text.startswith("'") and text[1:].startswith(FORMULA_STARTS)
    return text[1:] if quoted else text
