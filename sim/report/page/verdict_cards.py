"""The verdicts of a run as cards, and what used the days of late cases in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from sim.experiments import Result
from sim.measures.limits import LimitJudgement
from sim.report.labels import Labels
from sim.report.numbers import percent, rounded
from sim.report.page.model import Card, Ruler
from sim.report.page.words import say
from sim.report.run.report import unit_of

NAMED: Final = 3
"""Most departments, or uses of time, that a sentence names."""
SMALLEST: Final = 0.05
"""Share of the days below which a sentence does not name them."""


def cards(result: Result, labels: Labels) -> Iterator[Card]:
    """Yield the verdict on each limit."""
    for limit in result.verdicts:
        yield _card(result, limit, labels)


def _card(result: Result, limit: LimitJudgement, labels: Labels) -> Card:
    words, promise = labels.language, limit.limit
    judged = not math.isnan(limit.share)
    confidence = result.confidence_of.get(promise.name, promise.confidence)
    sentence = say(
        f"card_{limit.verdict}" if judged else "no_cases",
        words,
        share=percent(limit.share),
        confidence=percent(round(confidence, 4), None),
        low=percent(limit.low),
        high=percent(limit.high),
        target=percent(promise.target_share, None),
    )
    unit = unit_of(limit, words)
    facts = (
        (say("limit", words), f"{promise.days} {unit}"),
        (say("clock", words), say(limit.clock, words)),
        (say("cases", words), f"{limit.measured:,}"),
        (say("late", words), f"{limit.late + limit.open_overdue:,}"),
        (say("open", words), f"{limit.open:,}"),
        (say("spare", words), f"{rounded(limit.spare_days, 0)} {unit}"),
    )
    return Card(
        verdict=limit.verdict,
        heading=labels.limit(promise.name),
        word=say(limit.verdict, words),
        sentence=sentence,
        facts=facts,
        ruler=_ruler(limit) if judged else None,
    )


def _ruler(limit: LimitJudgement) -> Ruler:
    """Return the interval on a ruler that begins at a round share below everything on it."""
    target_share = limit.limit.target_share
    lowest = min(limit.low, target_share)
    begins = max(0.0, math.floor(10 * lowest - 0.5) / 10)
    low, high, share, target = (
        100 * (value - begins) / (1 - begins)
        for value in (limit.low, limit.high, limit.share, target_share)
    )
    return Ruler(low, high, share, target, percent(begins, 0))


def late_sentences(result: Result, labels: Labels) -> Iterator[str]:
    """Yield for each limit which departments used the days of its late cases, and for what."""
    words = labels.language
    for limit in result.verdicts:
        name = limit.limit.name
        days = result.late_days(name)
        if days:
            departments = result.late_days(name, by="department")
            yield say(
                "late_days",
                words,
                limit=labels.limit(name),
                days=f"{result.late_total_wd(name):.1f}",
                names=_listed(
                    [(labels.department(k), wd) for k, wd in departments.items()], labels
                ),
                kinds=_listed([(say(k, words).lower(), d) for k, d in days.items()], labels),
            )
        elif not limit.late + limit.open_overdue and not math.isnan(limit.share):
            yield say("none_late", words, limit=labels.limit(name))


def _listed(parts: Sequence[tuple[str, float]], labels: Labels) -> str:
    """Name the largest parts, with their share of all days."""
    words, whole = labels.language, sum(days for _, days in parts)
    return say("comma", words).join(
        say("days_share", words, name=name, days=f"{days:.1f}", share=percent(days / whole, 0))
        for name, days in parts[:NAMED]
        if days / whole >= SMALLEST
    )
