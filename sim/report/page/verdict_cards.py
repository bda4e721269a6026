"""The verdicts of a run as cards, and what made cases late in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from sim.experiments import Account, Result
from sim.limits import CLOCKS
from sim.measures.limits import LimitJudgement
from sim.report.labels import Labels
from sim.report.page.model import Card, Ruler
from sim.report.page.words import tell
from sim.report.terminal import percent, rounded
from sim.report.words import say

NAMED: Final = 3
"""How many departments, or uses of time, a sentence names."""
SMALLEST: Final = 0.05
"""Share of the days below which it names none."""


def cards(result: Result, labels: Labels) -> Iterator[Card]:
    """Yield the verdict on each limit."""
    for each in result.verdicts:
        yield _card(result, each, labels)


def _card(result: Result, each: LimitJudgement, labels: Labels) -> Card:
    words = labels.language
    judged = not math.isnan(each.share)
    confidence = result.confidence_of.get(each.limit.name, each.limit.confidence)
    sentence = tell(
        each.verdict if judged else "not_judged",
        words,
        share=percent(each.share),
        confidence=percent(round(confidence, 4), None),
        low=percent(each.low),
        high=percent(each.high),
        target=percent(each.limit.target_share, None),
    )
    unit = CLOCKS[each.clock].unit
    facts = (
        (tell("limit", words), f"{each.limit.days} {say(unit, words)}"),
        (say("clock", words), say(each.clock, words)),
        (say("cases", words), f"{each.measured:,}"),
        (say("late", words), f"{each.late + each.open_overdue:,}"),
        (say("open", words), f"{each.open:,}"),
        (say("spare", words), f"{rounded(each.spare_days, 0)} {say(unit, words)}"),
    )
    return Card(
        verdict=each.verdict,
        heading=labels.limit(each.limit.name),
        word=say(each.verdict, words),
        sentence=sentence,
        facts=facts,
        ruler=_ruler(each) if judged else None,
    )


def _ruler(each: LimitJudgement) -> Ruler:
    """Return the interval on a ruler that begins at a round share below everything on it."""
    lowest = min(each.low, each.limit.target_share)
    begins = max(0.0, math.floor(10 * lowest - 0.5) / 10)
    low, high, share, target = (
        100 * (value - begins) / (1 - begins)
        for value in (each.low, each.high, each.share, each.limit.target_share)
    )
    return Ruler(low, high, share, target, percent(begins, 0))


def late_sentences(result: Result, labels: Labels) -> Iterator[str]:
    """Yield for each limit who used the days of its late cases, and for what."""
    words = labels.language
    for each in result.verdicts:
        limit = labels.limit(each.limit.name)
        accounts = [
            account
            for account in result.accounts
            if account.late_only and (account.kind, account.of) == ("department", each.limit.name)
        ]
        if not accounts:
            if not each.late + each.open_overdue and not math.isnan(each.share):
                yield tell("none_late", words, limit=limit)
            continue
        days = sum(account.total_wd for account in accounts)
        accounts.sort(key=lambda account: -account.total_wd)
        by = [(labels.department(account.name), account.total_wd) for account in accounts]
        names = _listed(by, days, labels)
        kinds = _listed(_by_category(accounts, labels), days, labels)
        told = {"days": f"{days:.1f}", "names": names, "kinds": kinds}
        yield tell("used", words, limit=limit, **told)


def _by_category(accounts: Sequence[Account], labels: Labels) -> list[tuple[str, float]]:
    words = labels.language
    totals = {
        category: sum(account.days_wd[category] for account in accounts)
        for category in accounts[0].days_wd
    }
    found = sorted(totals.items(), key=lambda pair: -pair[1])
    return [(say(name, words).lower(), days) for name, days in found]


def _listed(parts: Sequence[tuple[str, float]], whole: float, labels: Labels) -> str:
    words = labels.language
    return tell("comma", words).join(
        tell("used_by", words, name=name, days=f"{days:.1f}", share=percent(days / whole, 0))
        for name, days in parts[:NAMED]
        if days / whole >= SMALLEST
    )
