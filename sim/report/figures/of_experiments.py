"""The plates of comparisons, loads, sensitivity and sweeps."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import partial

from sim.experiments import Comparison, LoadCurve, Sensitivity, Sweep
from sim.experiments.compare.differences import Measure
from sim.limits import ResolvedLimit
from sim.report.compare.figures import SHARES, differences, differences_of, gain
from sim.report.drawing.intervals import signed
from sim.report.drawing.labels import LONG, Names, tame
from sim.report.drawing.words import tell
from sim.report.figures.captions import caption, listed
from sim.report.figures.report_figures import Plate, plate
from sim.report.load_curve.figures import load_curve, load_title
from sim.report.run.figures.clock import clock_distribution
from sim.report.run.figures.shares import on_time_by_scenario
from sim.report.sensitivity.figures import of_limit, screening, sobol, tornado
from sim.report.sweep.figures import sweep
from sim.report.terminal import percent, rounded
from sim.report.words import Language, say


def comparison_plates(comparison: Comparison, language: Language) -> Iterator[Plate]:
    """Yield the figures of a comparison."""
    reference = comparison.results[comparison.reference]
    names = Names(reference.scenario, language)
    limits = [each.limit.name for each in reference.verdicts]
    for number, limit in enumerate(limits):
        label = names.limit(limit)
        summaries = {
            name: next(each for each in result.verdicts if each.limit.name == limit)
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
            name: next(e for e in result.verdicts if e.limit.name == limit).quantiles[0]
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
    for number, limit in enumerate(curve.resolved_limits):
        found = curve.crossing(limit)
        if found.status == "no_cases":
            continue
        label = names.limit(limit.name)
        yield plate(
            f"load-{number}",
            load_title(label, found, curve, language),
            _load_caption(curve, limit, label, language),
            partial(load_curve, curve, limit.name, language=language),
        )


def _load_caption(curve: LoadCurve, limit: ResolvedLimit, label: str, language: Language) -> str:
    found = curve.crossing(limit)
    at = {each.load: each for each in curve.points(limit)}[curve.pool_load(limit)]
    return caption(
        f"load_{found.status}", language, limit=label, load=f"{found.load:.2f}",
        low=f"{found.low:.2f}", high="∞" if math.isinf(found.high) else f"{found.high:.2f}",
        confidence=percent(limit.confidence, None), lowest=f"{curve.grid[0]:.2f}",
        highest=f"{curve.grid[-1]:.2f}", share=percent(at.share),
        target=percent(limit.target_share, None),
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
