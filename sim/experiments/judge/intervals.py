"""Intervals of one history: cases, or months, are taken as independent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from sim.limits import ClockRule, ResolvedLimit
from sim.measures.limits import LimitJudgement, ShareJudgement, Tally, judge_share, summarise
from sim.measures.shares import clopper_pearson, verdict

MONTHS_ENOUGH: Final = 24
"""Months with cases from which on they take the place of replications: with fewer, an interval from
their spread is too short too often."""
Independent: TypeAlias = Literal["cases", "months"]


def exact(share: float, at_best: float, cases: int, confidence: float) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson for independent cases.

    The lower end is that of the share with every unknown case late, the upper end that of the share
    with every unknown case on time.
    """
    if cases == 0:
        return 0.0, 1.0
    low, _ = clopper_pearson(share, cases, confidence)
    _, high = clopper_pearson(at_best, cases, confidence)
    return low, high


def judge_tally(tally: Tally, target: float, confidence: float) -> ShareJudgement:
    """Judge the on-time share of one history, of independent cases."""
    judged = judge_share([tally], target, confidence)
    low, high = exact(judged.share, judged.share_at_best, tally.judged, confidence)
    return replace(judged, low=low, high=high, verdict=verdict(low, high, target))


def judge_days(
    limit: ResolvedLimit,
    tally: Tally,
    rule: ClockRule | None = None,
    confidence: float | None = None,
) -> LimitJudgement:
    """Judge a limit on one clock in one history, of independent cases; see `summarise`."""
    confidence = limit.confidence if confidence is None else confidence
    judged = summarise(limit, [tally], rule, confidence)
    low, high = exact(judged.share, judged.share_at_best, tally.judged, confidence)
    return replace(judged, low=low, high=high, verdict=verdict(low, high, limit.target_share))


def judge_months(
    limit: ResolvedLimit, months: Sequence[Tally], rule: ClockRule
) -> tuple[LimitJudgement, Independent]:
    """Judge a limit from the cases of each month, and say what is taken as independent."""
    from sim.measures.limits import joined

    known = [tally for tally in months if tally.judged]
    if len(known) >= MONTHS_ENOUGH:
        return summarise(limit, list(months), rule), "months"
    return judge_days(limit, joined(months), rule), "cases"


def kept(share: float, at_best: float, target: float) -> str:
    """Tell whether a year kept its target: `yes`, `no`, or `open`; empty without cases."""
    if math.isnan(share):
        return ""
    if share >= target - 1e-9:
        return "yes"
    return "no" if at_best < target - 1e-9 else "open"
