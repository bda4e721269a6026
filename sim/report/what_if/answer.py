"""The answer of a live what-if as HTML: each limit before and after, and where it is busy."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Final

from sim.experiments.compare.comparison import Comparison
from sim.experiments.compare.differences import Difference
from sim.experiments.what_if.workbench import START, TRIED
from sim.measures.limits import LimitJudgement
from sim.report.labels import Labels
from sim.report.language import Language, typeset
from sim.report.numbers import bound, bounded_percent, percent, rounded
from sim.report.what_if.words import say
from sim.results.rows import PoolSummary
from sim.results.run import Result

MOST_POOLS: Final = 6
"""Pools that are shown, the busiest of the variant."""
TAGS: Final = {"en": "en", "zh": "zh-CN"}


@dataclass(frozen=True)
class Told:
    """One answer, and what was changed."""

    comparison: Comparison
    changes: Sequence[str]
    """What differs from the scenario, in words; empty: nothing."""
    planned: int
    """Replications of the last answer."""
    language: Language

    @cached_property
    def labels(self) -> Labels:
        """Labels of the variant."""
        return Labels(self.tried.scenario, self.language, say)

    @property
    def start(self) -> Result:
        """The scenario as it was."""
        return self.comparison.results[START]

    @property
    def tried(self) -> Result:
        """The scenario with the changes."""
        return self.comparison.results[TRIED]

    @property
    def final(self) -> bool:
        """Whether no further answer follows."""
        return self.comparison.replications >= self.planned

    def say(self, key: str, /, **values: object) -> str:
        """Return a word or sentence, with the punctuation of the language, not yet escaped."""
        return typeset(say(key, self.language, **values), self.language)

    @cached_property
    def differences(self) -> dict[tuple[str, str], Difference]:
        """(measure, limit or pool) → difference."""
        return {(each.measure, each.of): each for each in self.comparison.differences}


def status_html(told: Told) -> str:
    """Return what was changed, and how far the answer is; screen readers speak it."""
    key = "final" if told.final else "provisional"
    made = told.say(key, made=told.comparison.replications, all=told.planned)
    joined = typeset(say("semicolon", told.language).join(told.changes), told.language)
    changes = joined or told.say("nothing_set")
    lines = [f"<p class='changes'>{escape(changes)}</p>", f"<p class='faint'>{escape(made)}</p>"]
    for check in told.comparison.failed_checks[:1]:
        failed = told.say("check_failed", name=check.name, detail=check.detail)
        lines.append(f"<p class='worse'>{escape(failed)}</p>")
    return _within("".join(lines), told.language, "role='status' aria-live='polite'")


def limits_html(told: Told) -> str:
    """Return every limit: its shares as a chart, and the change with its interval."""
    parts = "".join(_limit(told, judged) for judged in told.tried.verdicts)
    legend = f"<p class='faint'>{escape(told.say('legend'))}</p>" if told.changes else ""
    none = f"<p>{escape(told.say('no_limits'))}</p>"
    return _within(parts + legend if parts else none, told.language)


def pools_html(told: Told) -> str:
    """Return the busiest pools, and what the intervals mean."""
    heads = "".join(f"<th>{escape(told.say(key))}</th>" for key in ("pool", "busy", "wait_h"))
    pools = [pool for pool in told.tried.pool_summaries if pool.items][:MOST_POOLS]
    rows = "".join(_pool(told, pool) for pool in pools)
    title = f"<h4>{escape(told.say('busiest'))}</h4>"
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    confidence = percent(told.comparison.confidence, None)
    note = f"<p class='faint'>{escape(told.say('together', confidence=confidence))}</p>"
    return _within(title + table + note, told.language)


def message_html(heading: str, message: str, language: Language) -> str:
    """Return a message, such as that settings do not go together."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in message.splitlines())
    text = f"<p class='worse'>{escape(typeset(heading, language))}</p>{lines}"
    return _within(text, language, "role='alert'")


def _within(html: str, language: Language, more: str = "") -> str:
    return f"<div class='sim-what-if-text' lang='{TAGS[language]}' {more}>{html}</div>"


def _limit(told: Told, judged: LimitJudgement) -> str:
    name = judged.limit.name
    label = told.labels.limit(name)
    before = next((each for each in told.start.verdicts if each.limit.name == name), judged)
    lines = [f"<h4>{escape(typeset(label, told.language))}</h4>", _chart(told, before, judged)]
    lines += [f"<p{tone}>{escape(text)}</p>" for text, tone in _sentences(told, before, judged)]
    return f"<section>{''.join(lines)}</section>"


def _sentences(
    told: Told, before: LimitJudgement, judged: LimitJudgement
) -> Iterator[tuple[str, str]]:
    """Yield each sentence on a limit, with the attribute of its tone."""
    share = told.differences.get(("on_time_share", judged.limit.name))
    after = bounded_percent(judged.share, judged.share_at_best)
    if not told.changes or share is None:
        yield told.say("level", share=after), " class='strong'"
    else:
        was = bounded_percent(before.share, before.share_at_best)
        yield told.say("before_after", before=was, after=after), " class='strong'"
        yield _points(told, share, same=_same(told, judged.limit.name))
    yield from _days(told, judged)
    if told.final:
        verdict = say(judged.verdict, told.language)
        yield told.say("verdict_is", verdict=verdict), f" class='{judged.verdict}'"


def _points(told: Told, change: Difference, *, same: bool) -> tuple[str, str]:
    """Return the difference of the shares, and whether it is proven; early answers prove none."""
    if same:
        return told.say("same"), ""
    ends = (change.difference.value, change.difference.low, change.difference.high)
    if math.isnan(ends[0]):
        return told.say("unknown"), ""
    value, low, high = (bound(100 * number, 1) for number in ends)
    text = told.say("points", value=value, low=low, high=high)
    if not told.final:
        return text, ""
    key = {1: "better", -1: "worse", 0: "unproven"}[change.proven]
    return told.say("proven", text=text, verdict=told.say(key)), f" class='{key}'"


def _same(told: Told, limit: str) -> bool:
    """Whether every replication has as many cases, and as many on time, as before."""
    before, after = (
        result.on_time_counts(limit, judged.clock)
        for result in (told.start, told.tried)
        for judged in result.verdicts
        if judged.limit.name == limit
    )
    pairs = ((getattr(before, at), getattr(after, at)) for at in ("surely", "at_best", "judged"))
    return bool(before.judged.any()) and all((one == other).all() for one, other in pairs)


def _days(told: Told, judged: LimitJudgement) -> Iterator[tuple[str, str]]:
    change = told.differences.get(("p90", judged.limit.name))
    if change is None or math.isnan(change.value):
        return
    words = {"after": rounded(change.value, 1), "unit": told.say(judged.unit)}
    if not told.changes or not math.isfinite(change.difference.value):
        yield told.say("days_level", **words), ""
        return
    ends = (change.difference.value, change.difference.low, change.difference.high)
    value, low, high = (bound(number, 1) for number in ends)
    before = rounded(change.reference, 1)
    text = told.say("days_change", before=before, value=value, low=low, high=high, **words)
    tone = {1: " class='worse'", -1: " class='better'", 0: ""}[change.proven if told.final else 0]
    yield text, tone


def _chart(told: Told, before: LimitJudgement, judged: LimitJudgement) -> str:
    """Return the shares on an axis from 0 to 100 %: intervals, points and the required share."""
    required = percent(judged.limit.target_share, None)
    shares = {"before": percent(before.share), "after": percent(judged.share)}
    key = "chart" if told.changes else "chart_start"
    about = told.say(key, limit=told.labels.limit(judged.limit.name), required=required,
                     share=required, **shares)  # fmt: skip
    marks = [*(_marks(before, "old") if told.changes else ()), *_marks(judged, "new")]
    need = f"<i class='need' style='left:{_place(judged.limit.target_share)}'></i>"
    axis = "<span class='axis'><span>0</span><span>50</span><span>100&nbsp;%</span></span>"
    bar = f"<div class='bar' role='img' aria-label='{escape(about)}'>{''.join(marks)}{need}</div>"
    return bar + axis


def _marks(judged: LimitJudgement, age: str) -> Iterator[str]:
    if math.isnan(judged.share):
        return
    low, high = max(judged.low, 0.0), min(judged.high, 1.0)
    yield f"<i class='reach {age}' style='left:{_place(low)};width:{_place(high - low)}'></i>"
    yield f"<i class='point {age}' style='left:{_place(judged.share)}'></i>"


def _place(share: float) -> str:
    return f"{100 * share:.2f}%"


def _pool(told: Told, pool: PoolSummary) -> str:
    before = {each.name: each for each in told.start.pool_summaries}.get(pool.name)
    cells = []
    for measure, write in (("utilisation", percent), ("mean_wait_h", lambda x: rounded(x, 1))):
        after = write(getattr(pool, measure))
        was = "–" if before is None or not before.items else write(getattr(before, measure))
        text = f"{was} → {after}" if told.changes and was != after else after
        change = told.differences.get((measure, pool.name)) if measure == "mean_wait_h" else None
        sign = change.proven if change is not None and told.final and told.changes else 0
        tone = {1: " class='worse'", -1: " class='better'", 0: ""}[sign]
        cells.append(f"<td{tone}>{escape(typeset(text, told.language))}</td>")
    label = escape(typeset(told.labels.pool(pool.name), told.language))
    return f"<tr><th scope='row'>{label}</th>{''.join(cells)}</tr>"
