"""The answer of a run for whoever decides: what holds, what to do, at what cost, and when.

A run tries no change. What it says to try first follows from where late cases lost their days.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from sim.experiments import Result
from sim.measures.limits import LimitJudgement
from sim.measures.years import is_year
from sim.report.labels import Labels
from sim.report.numbers import bounded_percent, month_text, percent
from sim.report.page.model import Answer
from sim.results.rows import PoolSummary

WORST_FIRST: Final = ("fails", "undecided", "holds")
OFFICE_WORK: Final = frozenset({"waiting", "work"})
"""Categories of days that more officers shorten."""
OTHERS_TIME: Final = frozenset({"correction", "third_party", "transfer"})
"""Categories of days for which a reform is the first thing to try."""
MOST_MONTHS: Final = 4
"""Most months at risk that are named."""


def answer(result: Result, labels: Labels) -> Answer | None:
    """Return the answer of a run; None if no limit could be judged."""
    judged = [limit for limit in result.verdicts if not math.isnan(limit.share)]
    if not judged:
        return None
    worst = min(judged, key=lambda each: (WORST_FIRST.index(each.verdict), each.low))
    todo, cost = _to_do(result, worst, labels)
    rows = (
        ("to_do", todo),
        ("costs", cost),
        ("at_risk", " ".join(_at_risk(result, worst, labels))),
    )
    said = tuple((labels.say(key), text) for key, text in rows if text)
    return Answer(_verdict(judged, labels), worst.verdict, said)


def _verdict(judged: Sequence[LimitJudgement], labels: Labels) -> str:
    """Say which promises hold, with the shares of those that do not."""
    by_word = {word: [each for each in judged if each.verdict == word] for word in WORST_FIRST}
    if len(by_word["holds"]) == len(judged):
        return labels.say("answer_all_hold", count=len(judged))
    parts = []
    for word in WORST_FIRST:
        named = [
            labels.say(
                "answer_share",
                limit=labels.limit(each.limit.name),
                share=bounded_percent(each.share, each.share_at_best),
                target=percent(each.limit.target_share, None),
            )
            if word != "holds"
            else labels.limit(each.limit.name)
            for each in by_word[word]
        ]
        if named:
            parts.append(labels.say(f"answer_{word}", limits=labels.say("semicolon").join(named)))
    return labels.say("sentence_gap").join(parts)


# --- what to do -----------------------------------------------------------------------------------


def _to_do(result: Result, worst: LimitJudgement, labels: Labels) -> tuple[str, str]:
    """Return what to try first for the limit that stands worst, and what that costs."""
    pool = next(iter(_pools_that_delay(result, worst)), None)
    if worst.verdict == "holds":
        watch = labels.say("do_watch", **_pool_words(pool, labels)) if pool else ""
        return labels.say("do_nothing", watch=watch), labels.say("cost_nothing")
    days = result.late_days(worst.limit.name)
    office = sum(used for key, used in days.items() if key in OFFICE_WORK)
    most = next(iter(days), "")
    if pool is not None and office >= sum(days.values()) / 3:
        return labels.say("do_officer", **_pool_words(pool, labels)), labels.say("cost_officer")
    kind = most if most in OTHERS_TIME else "other"
    return labels.say(f"do_{kind}"), labels.say(f"cost_{kind}")


def _pools_that_delay(result: Result, limit: LimitJudgement) -> list[PoolSummary]:
    """Return the pools in which cases wait, of the departments of late cases, the worst first.

    Without a late case, of all departments.
    """
    days = result.late_days(limit.limit.name, by="department")
    declared = result.scenario.pools
    pools = [pool for pool in result.pool_summaries if pool.items and pool.mean_queue > 0]
    concerned = [
        pool
        for pool in pools
        if declared[pool.name.partition("[")[0]].department in days or not days
    ]
    return sorted(concerned, key=lambda pool: -pool.mean_queue)


def _pool_words(pool: PoolSummary, labels: Labels) -> dict[str, object]:
    return {
        "pool": labels.pool(pool.name),
        "count": pool.officers,
        "busy": percent(pool.utilisation, 0),
        "queue": pool.max_queue,
    }


# --- when -----------------------------------------------------------------------------------------


def _at_risk(result: Result, worst: LimitJudgement, labels: Labels) -> Iterator[str]:
    """Yield the months whose target is missed or unsure, and the years that miss it."""
    name = worst.limit.name
    pairs = list(zip(result.periods, result.limits_over_time[name], strict=True))
    judged = [pair for pair in pairs if not math.isnan(pair[1].share)]
    weak = [pair for pair in judged if pair[1].share < worst.limit.target_share]
    limit = labels.limit(name)
    if weak:
        period, lowest = min(weak, key=lambda pair: pair[1].share)
        key = "risk_months" if len(weak) < len(judged) else "risk_always"
        yield labels.say(
            key,
            limit=limit,
            months=labels.say("comma").join(
                month_text(first.first, labels.language) for first, _ in weak[:MOST_MONTHS]
            )
            + (labels.say("and_more", count=len(weak) - MOST_MONTHS) if len(weak) > MOST_MONTHS
               else ""),
            lowest=month_text(period.first, labels.language),
            share=bounded_percent(lowest.share, lowest.share_at_best),
        )  # fmt: skip
    elif judged:
        yield labels.say("risk_no_month", limit=limit)
    years = result.years_of[name]
    if years.number > 1 and is_year(result.periods):
        missed = years.number - years.kept_at_best
        yield labels.say("risk_years", limit=limit, missed=missed, years=years.number)
