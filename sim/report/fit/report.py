"""The report on a scenario that was fitted to records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.fitting.document import source_of
from sim.report.blocks import Column, Line, Part, Report, Table, number
from sim.report.fit.words import say
from sim.report.language import Language
from sim.scenario.errors import printable

if TYPE_CHECKING:
    from sim.fitting.fitted import Fitted
    from sim.fitting.measured import Measured


SHORT: Final = 40
"""Characters of a value; the file and the JSON have all of it."""


def fit_report(fitted: Fitted, language: Language) -> Report:
    """Return what was measured and inferred, with ranges, and what the records do not tell."""
    values = list(fitted.values())
    inferred, untold = (
        [(path, value) for path, value in values if value.how == how]
        for how in ("simulated", "assumed")
    )
    measured = [
        (path, value) for path, value in values if value.how not in {"simulated", "assumed"}
    ]
    counts = say(
        "counts_inferred" if inferred else "counts",
        language,
        file=printable(fitted.file),
        measured=len(measured),
        inferred=len(inferred),
        assumed=len(untold),
    )
    tables = (("values", measured), ("simulated", inferred), ("untold", untold))
    remarks = tuple(
        Line(say(one.kind, language, what=printable(one.what), number=one.number), "notice")
        for one in fitted.remarks
    )
    return Report(
        say("title", language),
        (Line(counts),),
        (
            Part(remarks, say("remarks", language)),
            *(
                Part((_table(of, say(title, language), language),))
                for title, of in tables
                if of or title != "simulated"
            ),
        ),
    )


def _table(values: list[tuple[str, Measured]], title: str, language: Language) -> Table:
    columns = (
        Column(say("path", language)),
        Column(say("value", language)),
        Column(say("range", language)),
        number(say("n", language)),
    )
    rows = tuple(
        (
            printable(path.removeprefix("case_types.")),
            printable(_short(value.value)),
            "–" if value.low is None else f"{value.low} – {value.high}",
            f"{value.n:,}" if value.n else "–",
        )
        for path, value in values
    )
    return Table(columns, rows, title)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{name} {part}" for name, part in value.items())
    elif isinstance(value, list):
        value = " ".join(str(part) for part in value)
    text = str(value)
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def fit_data(fitted: Fitted) -> dict[str, Any]:
    """Return the fit as plain data."""
    values = [
        {
            "path": path,
            "value": value.value,
            "low": value.low,
            "high": value.high,
            "n": value.n,
            "source": source_of(value, fitted.file),
            "note": value.note,
        }
        for path, value in fitted.values()
    ]
    remarks = [{"kind": one.kind, "what": one.what, "number": one.number} for one in fitted.remarks]
    return {"records": fitted.file, "values": values, "remarks": remarks}


def fit_topics(language: Language) -> tuple[tuple[str, str], ...]:
    """Return the words of the report that need an explanation, each with it."""
    return ((say("read_range", language), say("read_range_text", language)),)
