"""The report on shortest promises, and shortest promises as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.experiments import ShortestPromises
from sim.experiments.promise.days import Kind
from sim.experiments.promise.result import JointPromises, PromiseRow, Together
from sim.report.blocks import Block, Cell, Column, Line, Part, Report, Row, Table
from sim.report.labels import Labels
from sim.report.language import Language
from sim.report.lines import how_made
from sim.report.numbers import percent
from sim.report.plain_data import finding_data
from sim.report.promise.names import days_text, name_of
from sim.report.promise.words import say
from sim.results.rows import records


def promise_report(result: ShortestPromises, language: Language) -> Report:
    """Return the safe promises: for each limit, for every part, and for matters together."""
    labels = Labels(result.scenario, language)
    parts = [Part(tuple(_lead(result, labels)))]
    for case_type in dict.fromkeys(row.case_type for row in result.promise_rows):
        blocks = (_table(result, case_type, labels), Line(say("table_note", language), "faint"))
        parts.append(Part(blocks, labels.case_type(case_type)))
    parts += [_together(result, together, labels) for together in result.together]
    return Report(labels.text(result.scenario.name), tuple(_under(result, language)), tuple(parts))


def _under(result: ShortestPromises, language: Language) -> Iterator[Line]:
    replications = say("replications_made", language, count=result.replications)
    yield how_made(result.scenario, result.seed, replications, language)
    clock = Labels(result.scenario, language).clock(result.clock)
    confidence = percent(result.confidence, None)
    yield Line(say("counted_on", language, clock=clock, confidence=confidence), "faint")


def _lead(result: ShortestPromises, labels: Labels) -> Iterator[Line]:
    """Yield a sentence for each limit and target; without limits, for each case type and target."""
    kinds = {row.kind for row in result.promise_rows}
    kind: Kind = "limit" if "limit" in kinds else "case_type"
    rows = [row for row in result.promise_rows if row.kind == kind]
    if not rows:
        yield Line(say("nothing_bound", labels.language), "warning")
    yield from (Line(_sentence(row, labels)) for row in rows)
    opened = {(row.case_type, row.name): row.open for row in rows if row.open}
    for (case_type, name), count in opened.items():
        label = name_of(kind, case_type, name, labels)
        yield Line(say("still_open", labels.language, name=label, open=count), "warning")


def _sentence(row: PromiseRow, labels: Labels) -> str:
    language = labels.language
    texts = {
        "name": name_of(row.kind, row.case_type, row.name, labels),
        "target": percent(row.target, None),
        "now": say("no_promise", language)
        if row.promised_now is None
        else days_text(row.promised_now, row.unit, language),
    }
    if row.days is None:
        least = days_text(row.low, row.unit, language)
        return say("longer_than_seen", language, least=least, **texts)
    texts |= {"days": days_text(row.days, row.unit, language), "low": str(row.low)}
    if row.high is None:
        return say("kept_not_proven", language, **texts)
    safe = days_text(row.high, row.unit, language)
    return say("kept", language, high=row.high, safe=safe, **texts)


def _table(result: ShortestPromises, case_type: str, labels: Labels) -> Table:
    """Return a row for each part of a case type, with the days of every target."""
    language = labels.language
    columns = [
        *(Column(say(key, language)) for key in ("kind", "name")),
        *(Column(say(key, language), number=True) for key in ("cases", "now")),
        Column(say("unit", language)),
    ]
    for target in result.targets:
        columns.append(Column(percent(target, None), number=True))
        columns.append(Column(say("interval", language), number=True))
    own = [row for row in result.promise_rows if row.case_type == case_type]
    parts = dict.fromkeys((row.kind, row.name) for row in own)
    rows = tuple(_part_row(result.rows_of(kind, case_type, name), labels) for kind, name in parts)
    return Table(tuple(columns), rows, grouped=True)


def _part_row(rows: Sequence[PromiseRow], labels: Labels) -> Row:
    first, language = rows[0], labels.language
    cells: list[str | Cell] = [
        say(first.kind, language),
        name_of(first.kind, first.case_type, first.name, labels),
        f"{first.cases:,}",
        _days(first.promised_now),
        say(first.unit, language),
    ]
    for row in rows:
        safe = "?" if row.high is None else str(row.high)
        cells += [Cell(_days(row.days), "strong"), f"{row.low} – {safe}"]
    return tuple(cells)


def _days(days: float | None) -> str:
    return "–" if days is None else str(days)


def _together(result: ShortestPromises, together: Together, labels: Labels) -> Part:
    """Return the promises that hold for all matters at once."""
    answers = [result.joint_at(together, target) for target in result.targets]
    name = name_of(together.kind, together.case_type, together.name, labels)
    blocks: tuple[Block, ...] = (
        *(_joint_line(answer, labels) for answer in answers),
        _joint_table(together, answers, labels),
        Line(say("path_mark", labels.language), "faint"),
    )
    return Part(blocks, say("joint_heading", labels.language, name=name))


def _joint_line(promises: JointPromises, labels: Labels) -> Line:
    language, answer = labels.language, promises.answer
    target = percent(answer.target, None)
    if answer.path_days is None:
        return Line(say("joint_none", language, target=target), "warning")
    path_days = days_text(answer.path_days, answer.unit, language)
    if not answer.proven:
        text = say("joint_not_proven", language, target=target, path_days=path_days)
        return Line(text, "undecided")
    text = say(
        "joint_proven",
        language,
        target=target,
        path_days=path_days,
        path=" → ".join(
            name_of("matter", answer.case_type, matter, labels) for matter in promises.path
        ),
        share=percent(answer.share),
        low=percent(answer.low),
        high=percent(answer.high),
    )
    return Line(text)


def _joint_table(together: Together, answers: Sequence[JointPromises], labels: Labels) -> Table:
    """Return the days of every matter at every target, then their sum along the path."""
    language = labels.language
    columns = (
        Column(say("matter", language).capitalize()),
        *(Column(percent(joint.answer.target, None), number=True) for joint in answers),
    )
    rows: list[Row] = [
        (
            name_of("matter", together.case_type, matter, labels),
            *(_joint_days(joint, matter) for joint in answers),
        )
        for matter in together.matters
    ]
    rows.append((say("sum_of_path", language), *map(_sum, answers)))
    return Table(columns, tuple(rows), total=True, strong=frozenset({len(together.matters)}))


def _sum(joint: JointPromises) -> Cell:
    """Return the length of the critical path, marked where it is not proven."""
    mark = "  " if joint.answer.proven else " ?"
    return Cell(f"{_days(joint.answer.path_days)}{mark}")


def _joint_days(joint: JointPromises, matter: str) -> Cell:
    if matter not in joint.days:
        return Cell("–")
    return Cell(f"{joint.days[matter]}{' •' if matter in joint.path else '  '}")


def promise_data(result: ShortestPromises) -> dict[str, Any]:
    """Return the stable JSON object; every key is documented in ``docs/reference/json.md``."""
    data = {
        "clock": result.clock,
        "confidence": result.confidence,
        "targets": result.targets,
        "promises": records(result.promise_rows),
        "joint": records(result.joint_rows),
        "lengths": records(result.length_rows),
    }
    return finding_data(result, data)
