"""The plates of comparisons, loads, staff, reforms, sensitivity and sweeps."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import partial

from sim.experiments import Comparison, LoadCurve, Reforms, Sensitivity, Staffing, Sweep
from sim.experiments.contributions import Effect
from sim.experiments.differences import Measure
from sim.measures.attribution import NOBODY
from sim.measures.limits import Promise
from sim.report.figures.captions import caption, listed
from sim.report.figures.clock import clock_distribution
from sim.report.figures.comparison import SHARES, differences, differences_of, gain
from sim.report.figures.labels import LONG, Names, tame
from sim.report.figures.load import load_curve, load_title
from sim.report.figures.marks import signed
from sim.report.figures.plates import Plate, plate
from sim.report.figures.reforms import (
    effect_of,
    lever_names,
    reform_bars,
    reform_waterfall,
)
from sim.report.figures.sensitivity import of_limit, screening, sobol, tornado
from sim.report.figures.shares import on_time_by_scenario
from sim.report.figures.staffing import (
    one_more,
    plan_title,
    staff_frontier,
    staff_plan,
    team_label,
    worst_limit,
)
from sim.report.figures.sweeps import sweep
from sim.report.figures.words import tell
from sim.report.layout import percent, rounded
from sim.report.words import Language, say


def comparison_plates(comparison: Comparison, language: Language) -> Iterator[Plate]:
    """Yield the figures of a comparison."""
    reference = comparison.results[comparison.reference]
    names = Names(reference.scenario, language)
    limits = [each.promise.name for each in reference.verdicts]
    for number, limit in enumerate(limits):
        label = names.limit(limit)
        summaries = {
            name: next(each for each in result.verdicts if each.promise.name == limit)
            for name, result in comparison.results.items()
            if limit in result.scenario.limits
        }
        each = [
            caption("share_of", language, name=tame(name), share=percent(of.share),
                    verdict=say(of.verdict, language))
            for name, of in summaries.items()
        ]  # fmt: skip
        yield plate(
            f"on-time-{number}",
            tell("by_scenario_title", language, limit=label),
            caption("by_scenario", language, limit=label, each=listed(each, language)),
            partial(on_time_by_scenario, comparison, limit, language=language),
        )
    measures: tuple[Measure, ...] = ("on_time_share", "p90", "mean_wait_h")
    for measure in measures:
        yield from _differences(comparison, measure, language)
    for number, limit in enumerate(limits):
        shown = {
            name: result
            for name, result in comparison.results.items()
            if limit in result.scenario.limits
        }
        half = {
            name: next(e for e in result.verdicts if e.promise.name == limit).quantiles[0]
            for name, result in shown.items()
        }
        each = [
            caption("half_of", language, name=tame(name),
                    days=rounded(of.days, 0) + ("+" if of.at_least else ""))
            for name, of in half.items()
        ]  # fmt: skip
        label = names.limit(limit)
        yield plate(
            f"clock-{number}",
            tell("clock_title", language, limit=label),
            caption("overlaid", language, limit=label, each=listed(each, language)),
            partial(clock_distribution, shown, limit, language=language),
        )


def _differences(comparison: Comparison, measure: Measure, language: Language) -> Iterator[Plate]:
    shown = differences_of(comparison, measure)
    if not shown:
        return
    largest = max(shown, key=lambda each: abs(each.difference.value))
    scale = 100 if measure in SHARES else 1
    signs = Counter(gain(each) for each in shown)
    names = Names(comparison.results[comparison.reference].scenario, language)
    of = names.pool(largest.of) if measure == "mean_wait_h" else names.limit(largest.of)
    value = signed(scale * largest.difference.value, 1)
    yield plate(
        f"differences-{measure.replace('_', '-')}",
        f"{tell('differences_title', language, reference=tame(comparison.reference))}"
        f" · {tell(f'difference_{measure}', language)}",
        caption(
            "differences", language, count=len(shown), reference=tame(comparison.reference),
            confidence=percent(comparison.confidence, None), better=signs[1], worse=signs[-1],
            largest=f"{value} ({tame(largest.scenario, 30)}, {of})",
        ),
        partial(differences, comparison, measure, language=language),
    )  # fmt: skip


def load_plates(curve: LoadCurve, language: Language) -> Iterator[Plate]:
    """Yield the figures of a load curve."""
    names = Names(curve.scenario, language)
    for number, promise in enumerate(curve.promises):
        found = curve.crossing(promise)
        if found.status == "no_cases":
            continue
        label = names.limit(promise.name)
        yield plate(
            f"load-{number}",
            load_title(label, found, curve, language),
            _load_caption(curve, promise, label, language),
            partial(load_curve, curve, promise.name, language=language),
        )


def _load_caption(curve: LoadCurve, promise: Promise, label: str, language: Language) -> str:
    found = curve.crossing(promise)
    at = {each.load: each for each in curve.points(promise)}[curve.pool_load(promise)]
    return caption(
        f"load_{found.status}", language, limit=label, load=f"{found.load:.2f}",
        low=f"{found.low:.2f}", high="∞" if math.isinf(found.high) else f"{found.high:.2f}",
        confidence=percent(promise.confidence, None), lowest=f"{curve.grid[0]:.2f}",
        highest=f"{curve.grid[-1]:.2f}", share=percent(at.share),
        target=percent(promise.target_share, None),
    )  # fmt: skip


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


def sensitivity_plates(found: Sensitivity, language: Language) -> Iterator[Plate]:
    """Yield the figures of a sensitivity analysis."""
    names = Names(found.scenario, language)
    for number, limit in enumerate(found.scenario.limits):
        label = names.limit(limit)
        if swings := of_limit(found, limit, found.swings)[1]:
            first, factor = swings[0], swings[0].factor
            yield plate(
                f"tornado-{number}",
                tell("tornado_title", language, limit=label),
                caption(
                    "tornado", language, limit=label, path=tame(factor.path, LONG),
                    low=factor.written(factor.low), high=factor.written(factor.high),
                    low_share=percent(first.at_low.share), high_share=percent(first.at_high.share),
                    base=percent(first.base.share),
                ),
                partial(tornado, found, limit, language=language),
            )  # fmt: skip
        if screened := of_limit(found, limit, found.screened)[1]:
            yield plate(
                f"screening-{number}",
                tell("screening_title", language, limit=label),
                caption(
                    "screening", language, limit=label, path=tame(screened[0].factor.path, LONG),
                    value=f"{100 * screened[0].effects.mu_star.value:.1f}",
                ),
                partial(screening, found, limit, language=language),
            )  # fmt: skip
        if explained := of_limit(found, limit, found.explained)[1]:
            indices = explained[0].indices
            yield plate(
                f"sobol-{number}",
                tell("sobol_title", language, limit=label),
                caption(
                    "sobol", language, limit=label, path=tame(explained[0].factor.path, LONG),
                    first=percent(indices.first.value, 0), total=percent(indices.total.value, 0),
                ),
                partial(sobol, found, limit, language=language),
            )  # fmt: skip


def sweep_plates(result: Sweep, language: Language) -> Iterator[Plate]:
    """Yield the figures of a sweep."""
    if result.limits.empty:
        return
    names = Names(result.scenario, language)
    for number, (limit, rows) in enumerate(result.limits.groupby("limit", sort=False)):
        label = names.limit(str(limit))
        said = Counter(rows["verdict"])
        yield plate(
            f"sweep-{number}",
            tell("sweep_title", language, limit=label),
            caption(
                "sweep", language, limit=label, count=len(rows),
                least=percent(float(rows["on_time_share"].min())),
                most=percent(float(rows["on_time_share"].max())),
                target=percent(float(rows["target_share"].iloc[0]), None),
                holds=said["holds"], fails=said["fails"], undecided=said["undecided"],
            ),
            partial(sweep, result, str(limit), language=language),
        )  # fmt: skip
