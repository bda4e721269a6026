"""A result as one file, which `sim.read` reads.

The file begins with the program and the version that wrote it. Only the same version reads it:
another one may count differently, and a result must not change its meaning unnoticed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from sim.experiments.compare.comparison import Comparison
from sim.experiments.forecast.result import Forecast
from sim.experiments.judge.judged import Judged
from sim.experiments.load_curve.curve import LoadCurve
from sim.experiments.promise.result import ShortestPromises
from sim.experiments.reforms.reforms import Reforms
from sim.experiments.sensitivity.result import Sensitivity
from sim.experiments.staffing.result import Staffing
from sim.experiments.sweep.sweep import Sweep
from sim.experiments.validate.result import Validation
from sim.replications import store
from sim.replications.model import Model
from sim.results.finding import Finding
from sim.results.run import Result
from sim.scenario import ReadError, Scenario
from sim.scenario import snapshot as kept
from sim.scenario.calls import checked_call
from sim.storage.codec import (
    MOST_BYTES,
    Codec,
    Kind,
    compressed,
    conforms,
    decompressed,
    hints_of,
    kind_of,
)
from sim.storage.folders import MANIFEST, is_sealed
from sim.storage.table_files import Columns, KeptTables, columns_of
from sim.storage.versions import PROGRAM, version
from sim.translation import tr

FILE: Final = "result.json.z"
FORMAT: Final = 1

OF_RESULT: Final = tuple(field.name for field in fields(Result) if field.name != "kept")


def _of_result(result: Result) -> Iterator[Any]:
    """Yield the parts of a run's result; its tables lie beside it, so only their columns."""
    yield {name: columns_of(table) for name, table in result.kept.items()}
    yield from (getattr(result, name) for name in OF_RESULT)


def _result(tables: dict[str, Columns], *parts: Any) -> Result:
    by_name = dict(zip(OF_RESULT, parts, strict=True))
    for name, part in by_name.items():
        if not conforms(part, hints_of(Result)[name]):
            raise TypeError(tr("not what Result.{name} holds", name=name))
    if not by_name["summaries"] or not conforms(tables, Mapping[str, Columns]):
        raise ValueError(tr("not the result of a run"))
    return Result(**by_name, kept=KeptTables(tables))


EXPERIMENTS: Final = (
    *(Comparison, LoadCurve, Reforms, Staffing, ShortestPromises, Sensitivity, Sweep),
    *(Judged, Forecast, Validation),
)
"""The findings that are written field by field; `Result` is not, as its tables lie beside it."""
PARTS: Final = tuple(
    dict.fromkeys(part for finding in EXPERIMENTS for part in (finding, *finding.made_of))
)


@cache
def codec() -> Codec:
    """Return what writes and reads results: no other objects, so that reading is harmless."""
    return Codec(
        (
            *store.kinds(),
            *map(kind_of, PARTS),
            Kind("Result", Result, _of_result, _result),
            Kind("Model", Model, lambda model: (model.scenario,), Model),
            Kind("Scenario", Scenario, kept.take_apart, kept.put_together),
        )
    )


def packed(finding: Finding) -> bytes:
    """Return a result as the content of `FILE`: the same bytes for the same result.

    The tables `cases` and `items` are not in it: they are read from the files beside it. Raises
    `OSError` if a data file of the scenario can no longer be read.
    """
    header = {"program": PROGRAM, "format": FORMAT, "version": version()}
    return compressed(f"{json.dumps(header)}\n{codec().text(finding)}")


@checked_call
def read(folder: str | Path, *, most_bytes: int = MOST_BYTES) -> Finding:
    """Read a result from a folder that a command wrote with ``--out``.

    Parameters
    ----------
    folder
        The folder, or the file `result.json.z` in it.
    most_bytes
        Largest size of the unpacked file, in bytes.

    Returns
    -------
    Result, Comparison, Reforms, LoadCurve, Staffing, ShortestPromises, Sensitivity, Sweep, Judged,
    Forecast or Validation
        The result, as the function returned it. The tables `cases` and `items` of a run are read
        from the files beside it, on first use.

    Raises
    ------
    ReadError
        If there is no result, it was written by another version, or it is damaged.
    """
    path = Path(folder)
    path = path if path.name == FILE and not path.is_dir() else path / FILE
    header, _, rest = _text(path, most_bytes).partition("\n")
    _check(path, header)
    try:
        finding = codec().read(rest)
        if not isinstance(finding, Finding):
            raise TypeError(tr("not a result"))
    except Exception as error:  # a damaged file can raise anything
        raise ReadError(
            tr("{path}: is damaged: {reason}", path=path, reason=_reason(error))
        ) from error
    if isinstance(finding, Result) and isinstance(finding.kept, KeptTables):
        return replace(finding, kept=replace(finding.kept, folder=path.parent))
    return finding


def _text(path: Path, most_bytes: int) -> str:
    if not path.exists():
        wanted = tr("give a folder written with --out, such as results/base")
        if not path.parent.exists():
            raise ReadError(
                tr("{parent}: there is no such folder; {wanted}", parent=path.parent, wanted=wanted)
            )
        rule = tr("is no result, or was written by an older version: {wanted}", wanted=wanted)
        raise ReadError(f"{path.parent}: {rule}")
    try:
        if is_sealed(path) is False:
            raise ValueError(tr("{manifest} has another checksum of it", manifest=MANIFEST))
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
        return decompressed(content, most_bytes)
    except OSError as error:
        place = path if path.exists() else path.parent
        raise ReadError(
            tr(
                "{place}: cannot be read: {strerror}",
                place=place,
                strerror=tr(error.strerror or str(error)),
            )
        ) from None
    except (ValueError, zlib.error, MemoryError) as error:
        raise ReadError(
            tr("{path}: is damaged, or no result: {reason}", path=path, reason=_reason(error))
        ) from None


def _check(path: Path, header: str) -> None:
    """Raise `ReadError` unless this program and version wrote the file."""
    try:
        written = json.loads(header)
        program, form, by = (written[key] for key in ("program", "format", "version"))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ReadError(
            tr("{path}: is not a result of {program}", path=path, program=PROGRAM)
        ) from None
    if program != PROGRAM:
        raise ReadError(tr("{path}: is not a result of {program}", path=path, program=PROGRAM))
    if (form, by) != (FORMAT, version()):
        mine, theirs = _shown(version(), FORMAT), _shown(by, form)
        rule = tr(
            "written by {program} {theirs}, this is {mine}: read it with that version, or run",
            program=PROGRAM,
            theirs=theirs,
            mine=mine,
        )
        raise ReadError(
            tr("{path}: {rule} it anew; manifest.json says what was run", path=path, rule=rule)
        )


def _shown(by: Any, form: Any) -> str:
    return f"{str(by)[:20]!r} (format {str(form)[:20]})".replace("'", "")


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"
