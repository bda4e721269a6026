"""Writing a register: exchange tables, an event log in XES, CSV or Parquet, by the ending."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sim.atomic_write import write_whole
from sim.records.exchange import exchange_tables
from sim.records.flat import CASE, OF_CASE, flat_log
from sim.records.register import Register
from sim.storage.folders import MANIFEST, refusal, write_folder
from sim.storage.table_files import write_table
from sim.storage.versions import PROGRAM, version
from sim.translation import noted, tr

if TYPE_CHECKING:
    import pandas as pd

Form: TypeAlias = Literal["tables", "xes", "csv", "parquet"]
ENDINGS: Final = noted(
    "a folder for the exchange tables, or a file that ends in .xes, .csv or .parquet"
)
LOG_ENDINGS: Final = noted("a file that ends in .xes, .csv or .parquet")
_HEAD: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" \
uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00.000"/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="creator" value={creator}/>
"""
_DATES: Final = frozenset({"time:timestamp", "start_timestamp"})
_ROWS: Final = 20_000
"""Events that are written at once."""


def form_of(path: Path) -> Form:
    """Return the form that the ending of a name asks for; ValueError for another one."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    last = (suffixes[:-1] if packed else suffixes)[-1:]
    if last == [".xes"]:
        return "xes"
    if last == [".csv"]:
        return "csv"
    if last == [".parquet"] and not packed:
        return "parquet"
    if not suffixes or path.is_dir():
        return "tables"
    raise ValueError(
        tr(
            "'{name}': events can be written into {endings} (.xes and .csv also .gz)",
            name=path.name,
            endings=tr(ENDINGS),
        )
    )


def writing_refusal(path: Path, *, overwrite: bool) -> str | None:
    """Return why events may not be written to a path, or None."""
    try:
        form = form_of(path)
    except ValueError as error:
        return str(error)
    if form == "tables":
        return refusal(path, overwrite=overwrite)
    if path.is_dir():
        return tr("{path} is a folder", path=path)
    if path.exists() and not overwrite:
        return tr("{path} is there already; give --overwrite to replace it", path=path)
    return (
        None
        if path.absolute().parent.is_dir()
        else tr("{parent}: no such folder", parent=path.parent)
    )


def write_register(register: Register, path: Path | str, *, overwrite: bool = False) -> None:
    """Write a register; what it is written as follows from the ending of the name.

    Parameters
    ----------
    path
        A folder: the exchange tables as CSV. A file that ends in .xes, .csv (also .gz) or .parquet:
        one event a row, with its item and case.
    overwrite
        Replace the file, or the folder if this program wrote everything in it.

    Raises
    ------
    ValueError
        If the ending is another one.
    FileExistsError
        If it may not be replaced.
    OSError
        If it cannot be written.
    """
    path = Path(path)
    form = form_of(path)
    reason = writing_refusal(path, overwrite=overwrite)
    if reason is not None:
        raise FileExistsError(reason)
    if form == "tables":
        _write_tables(register, path, overwrite=overwrite)
        return
    _write_whole_log(flat_log(register), path, form)


def write_events(log: pd.DataFrame, path: Path, *, overwrite: bool = False) -> None:
    """Write the events of a log, with texts in all columns, into one file, as its name ends.

    The rows of a case stand together. Raises as `write_register` does.
    """
    form = form_of(path)
    reason = writing_refusal(path, overwrite=overwrite)
    if form == "tables":
        raise ValueError(
            tr(
                "'{name}': events can be written into {endings} (.xes and .csv also .gz)",
                name=path.name,
                endings=tr(LOG_ENDINGS),
            )
        )
    if reason is not None:
        raise FileExistsError(reason)
    _write_whole_log(log, path, form)


def _write_whole_log(log: pd.DataFrame, path: Path, form: Form) -> None:
    write_whole(
        path, lambda temporary: _write_log(log, temporary, form, packed=path.suffix == ".gz")
    )


def _write_tables(register: Register, folder: Path, *, overwrite: bool) -> None:
    tables = exchange_tables(register)

    def fill(new: Path) -> None:
        for name, table in tables.items():
            write_table(table, new / f"{name}.csv", "csv")
        files = sorted([MANIFEST, *(f"{name}.csv" for name in tables)])
        manifest = {"program": PROGRAM, "version": version(), "files": files}
        text = json.dumps(manifest, ensure_ascii=False, indent=2)
        (new / MANIFEST).write_text(f"{text}\n", encoding="utf-8")

    write_folder(folder, fill, overwrite=overwrite)


def _write_log(log: pd.DataFrame, file: Path, form: Form, *, packed: bool) -> None:
    if form == "parquet":
        log.to_parquet(file, index=False)
        return
    with file.open("wb") as raw:
        if not packed:
            _write_text(log, raw, form)
            return
        # Name and time in the header would make other bytes of the same log.
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as zipped:
            _write_text(log, zipped, form)


def _write_text(log: pd.DataFrame, file: IO[bytes] | gzip.GzipFile, form: Form) -> None:
    from sim.storage.table_files import harmless

    text = io.TextIOWrapper(file, encoding="utf-8", newline="\n", write_through=True)
    if form == "csv":
        text.write("\ufeff")
        harmless(log).to_csv(text, index=False, lineterminator="\n")
    else:
        text.writelines(_xes(log))
    text.detach()


def _xes(log: pd.DataFrame) -> Iterator[str]:
    """Yield the parts of an XES log; the rows of a case stand together."""
    yield _HEAD.format(creator=_quoted(f"{PROGRAM} {version()}"))
    of_case = [name for name in log.columns if name.startswith(OF_CASE)]
    of_event = [name for name in log.columns if name not in of_case]
    case = log[CASE].to_numpy()
    begins = [True, *(case[1:] != case[:-1]).tolist()][: len(case)]
    for first in range(0, len(log), _ROWS):
        part = log.iloc[first : first + _ROWS]
        traces = _elements(part, of_case, len(OF_CASE))
        events = _elements(part, of_event, 0)
        for row, event in enumerate(events):
            if begins[first + row]:
                end = "</trace>\n" if first + row else ""
                yield f"{end}<trace>\n{traces[row]}\n"
            yield f"<event>{event}</event>\n"
    yield "</trace>\n</log>\n" if len(log) else "</log>\n"


def _elements(log: pd.DataFrame, names: list[str], cut: int) -> list[str]:
    """Return each row's attributes; empty ones are left out."""
    import numpy as np
    import pandas as pd

    rows: Any = np.full(len(log), "", object)
    for name in names:
        codes, distinct = pd.factorize(log[name].to_numpy(object))
        key, kind = _quoted(name[cut:]), "date" if name in _DATES else "string"
        shown = [
            f"<{kind} key={key} value={_quoted(_date(text) if kind == 'date' else text)}/>"
            if text
            else ""
            for text in distinct
        ]
        rows = rows + np.array([*shown, ""], object)[codes]
    return list(rows)


def _date(text: str) -> str:
    return text.replace(" ", "T") + ("" if "." in text else ".000")


def _quoted(text: str) -> str:
    """Return an attribute's value, escaped; signs that XML cannot hold are left out."""
    from xml.sax.saxutils import quoteattr

    kept = "".join(sign for sign in str(text) if sign >= " " or sign in "\t\n\r")
    return quoteattr(kept.encode("utf-8", "ignore").decode())
