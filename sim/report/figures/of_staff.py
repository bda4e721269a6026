"""The plates of staff and reforms: who is needed, and what a way of working brings."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from sim.experiments import Reforms, Staffing
from sim.experiments.reforms.contributions import Effect
from sim.measures.attribution import NOBODY
from sim.report.drawing.intervals import signed
from sim.report.drawing.labels import Names
from sim.report.drawing.words import tell
from sim.report.figures.captions import caption, listed
from sim.report.figures.report_figures import Plate, plate
from sim.report.reforms.figures import (
    effect_of,
    lever_names,
    reform_bars,
    reform_waterfall,
)
from sim.report.staffing.figures import (
    one_more,
    plan_title,
    staff_frontier,
    staff_plan,
    team_label,
    worst_limit,
)
from sim.report.terminal import percent
from sim.report.words import Language


def staff_plates(staffing: Staffing, language: Language) -> Iterator[Plate]:
    """Yield the figures of a search for staff."""
    yield plate(
        "plan",
        plan_title(staffing, language),
        _plan_caption(staffing, language),
        partial(staff_plan, staffing, language=language),
    )
    limits = [(each, worst) for each in staffing.points if (worst := worst_limit(staffing, each))]
    if len(limits) > 1:
        (fewest, (_, least)), (most, (_, best)) = limits[0], limits[-1]
        yield plate(
            "frontier",
            tell("frontier_title", language),
            caption("frontier", language, fewest=fewest.heads, least=percent(least.value),
                    heads=most.heads, most=percent(best.value)),
            partial(staff_frontier, staffing, language=language),
        )  # fmt: skip
    for at in ("today", "plan"):
        found = [
            each
            for each in staffing.one_more
            if each.at == at and each.by == 1 and each.requirement.kind == "limit"
            if math.isfinite(each.change.low)
        ]
        if found:
            best_of = max(found, key=lambda each: each.change.value)
            low, value, high = (
                signed(100 * number, 1)
                for number in (best_of.change.low, best_of.change.value, best_of.change.high)
            )
            yield plate(
                f"one-more-{at}",
                tell(f"one_more_{at}", language),
                caption(
                    "one_more", language, team=team_label(staffing, best_of.team, language),
                    limit=Names(staffing.scenario, language).limit(best_of.requirement.name),
                    value=value, low=low, high=high, count=len(found),
                    proven=sum(each.change.sign != 0 for each in found),
                ),
                partial(one_more, staffing, at, language=language),
            )  # fmt: skip


def _plan_caption(staffing: Staffing, language: Language) -> str:
    today = sum(staffing.today)
    if staffing.plan is None:
        return caption("plan_none", language, today=today)
    changes = sorted(
        zip(staffing.teams, staffing.today, staffing.plan, strict=True),
        key=lambda each: -abs(each[2] - each[1]),
    )
    shown = [
        caption("team_changed", language, team=team_label(staffing, team, language), today=before,
                then=then)
        for team, before, then in changes[:3]
        if then != before
    ]  # fmt: skip
    key = "plan" if shown else "plan_same"
    return caption(
        key, language, plan=sum(staffing.plan), today=today, changed=listed(shown, language)
    )


def reform_plates(reforms: Reforms, language: Language) -> Iterator[Plate]:
    """Yield the figures of what levers contribute."""
    for number, limit in enumerate(reforms.scenario.limits):
        label = Names(reforms.scenario, language).limit(limit)
        share = effect_of(reforms, limit, "on_time_share")
        days = effect_of(reforms, limit, "days_saved")
        assert share is not None
        assert days is not None
        if math.isnan(share.total.estimate.value):
            continue
        yield plate(
            f"waterfall-{number}",
            tell("waterfall_on_time_share", language, limit=label),
            _step_caption(reforms, share, language),
            partial(reform_waterfall, reforms, limit, language=language),
        )
        if not math.isnan(days.total.estimate.value):
            yield plate(
                f"days-{number}",
                tell("waterfall_days_saved", language, limit=label),
                _step_caption(reforms, days, language),
                partial(reform_waterfall, reforms, limit, "days_saved", language=language),
            )
        best = max(share.parts["shapley"], key=lambda name: _size(share, "shapley", name))
        part = share.parts["shapley"][best].estimate
        yield plate(
            f"levers-{number}",
            tell("shapley_title", language, limit=label),
            caption(
                "shapley", language, lever=_lever(reforms, best, language),
                value=signed(100 * part.value, 1), low=signed(100 * part.low, 1),
                high=signed(100 * part.high, 1),
            ),
            partial(reform_bars, reforms, limit, language=language),
        )  # fmt: skip


def _size(effect: Effect, rule: str, name: str) -> float:
    value = effect.parts[rule][name].estimate.value  # type: ignore[index]
    return value if math.isfinite(value) else -math.inf


def _lever(reforms: Reforms, name: str, language: Language) -> str:
    return lever_names(reforms, language)[reforms.chosen.names.index(name)]


def _step_caption(reforms: Reforms, effect: Effect, language: Language) -> str:
    shares = effect.kind == "on_time_share"
    before, after = (
        percent(effect.levels[on].value) if shares else f"{effect.levels[on].value:.1f}"
        for on in (NOBODY, reforms.everything)
    )
    largest = max(effect.parts["stepwise"], key=lambda name: _size(effect, "stepwise", name))
    value = effect.parts["stepwise"][largest].estimate.value
    return caption(
        f"waterfall_{effect.kind}", language, before=before, after=after,
        lever=_lever(reforms, largest, language),
        value=signed(100 * value, 1) if shares else f"{value:.1f}",
    )  # fmt: skip
