"""A register as a folder: its tables, the mapping, and the audit; written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.records.mapping import written
from sim.records.register import COLUMNS, Register, table
from sim.scenario import ReadError
from sim.storage.folders import MANIFEST, SEALS, seals_of, write_folder
from sim.storage.table_files import TableFormat, read_table, write_table
from sim.storage.versions import PROGRAM, version
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

    from sim.records.auditing import Audit
    from sim.records.reading import Reading

FORMAT: Final = 1
"""Changes with what the tables hold."""
MAPPING: Final = "mapping.yaml"
AUDIT: Final = "audit.json"
FAULTS: Final = "faults"
"""Table of every row that a check found."""
MOST_MANIFEST: Final = 2**24


def save(
    reading: Reading,
    audit: Audit,
    folder: Path | str,
    *,
    tables: TableFormat = "parquet",
    overwrite: bool = False,
) -> None:
    """Write a register, its mapping and its audit into a folder.

    FileExistsError if the folder holds anything else, or a register and `overwrite` is not set.
    """
    register = reading.register
    names = [*COLUMNS, FAULTS]
    files = sorted([MANIFEST, MAPPING, AUDIT, *(f"{name}.{tables}" for name in names)])
    manifest = {
        "program": PROGRAM,
        "version": version(),
        "records_format": FORMAT,
        "tables": tables,
        "as_of": None if register.as_of is None else str(register.as_of),
        "attributes": list(register.attributes),
        "rows": list(reading.rows),
        "files": files,
    }

    def fill(new: Path) -> None:
        for name in COLUMNS:
            write_table(getattr(register, name), new / f"{name}.{tables}", tables)
        write_table(audit.table(), new / f"{FAULTS}.{tables}", tables)
        (new / MAPPING).write_text(written(reading.maps), encoding="utf-8")
        _write_json(audit.data(), new / AUDIT)
        _write_json({**manifest, SEALS: seals_of(new)}, new / MANIFEST)

    write_folder(Path(folder), fill, overwrite=overwrite)


def _write_json(data: object, file: Path) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    file.write_text(f"{text}\n", encoding="utf-8")


def open_register(folder: Path | str) -> Register:
    """Read a register from a folder that `save` wrote; ReadError with the reason if it is none."""
    folder = Path(folder)
    manifest = _manifest(folder)
    form = manifest["tables"]
    attributes = [str(name) for name in manifest["attributes"]]
    try:
        read = {name: _table(folder, name, form, attributes) for name in COLUMNS}
        as_of = manifest["as_of"]
        time = None if as_of is None else np.datetime64(as_of, "ms")
        return Register(**read, as_of=time)
    except (ValueError, TypeError) as error:
        raise ReadError(
            tr("{error}; read the files again with sim records read", error=error)
        ) from None


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder with a register."""
    path = folder / MANIFEST
    if not folder.is_dir():
        rule = tr("is a file; name the folder that sim records read wrote")
        raise ReadError(f"{folder}: {rule if folder.exists() else 'no such folder'}")
    try:
        if path.stat().st_size > MOST_MANIFEST:
            raise ValueError
        manifest = json.loads(path.read_text(encoding="utf-8"))
        ours = manifest["program"] == PROGRAM
        form, known = manifest["records_format"], manifest["tables"] in {"parquet", "csv"}
        fits = isinstance(manifest["attributes"], list) and "as_of" in manifest
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        ours = known = fits = False
        form = None
    if not (ours and known and fits):
        raise ReadError(
            tr(
                "{folder}: holds no register; sim records read FILE… -o DIR writes one",
                folder=folder,
            )
        )
    if form != FORMAT:
        rule = tr(
            "holds a register in format {form}, this program reads {format}",
            form=form,
            format=FORMAT,
        )
        raise ReadError(
            tr(
                "{folder}: {rule}; read the files again with sim records read",
                folder=folder,
                rule=rule,
            )
        )
    return manifest  # type: ignore[no-any-return]


def _table(folder: Path, name: str, form: str, attributes: list[str]) -> pd.DataFrame:
    kinds = dict(COLUMNS[name])
    if name == "cases":
        kinds |= dict.fromkeys(attributes, "category")
    plain = {column: "str" if kind == "category" else kind for column, kind in kinds.items()}
    path = folder / f"{name}.{form}"
    if not path.is_file():
        raise ValueError(tr("{path}: is missing", path=path))
    read = read_table(path, tuple((column, kind, None) for column, kind in plain.items()))
    columns = {
        column: read[column].fillna("") if kind == "str" else read[column]
        for column, kind in plain.items()
    }
    return table(name, columns, rows=len(read))
