"""The plates of one run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from sim.experiments import CaseLife, Groups, Result
from sim.experiments import case_life as life_of
from sim.limits import CLOCKS
from sim.measures.days import Category
from sim.measures.limits import LimitJudgement
from sim.report.case_life.figure import case_life, clock_of, life_title
from sim.report.drawing.labels import Names
from sim.report.drawing.words import tell
from sim.report.figures.captions import caption, listed
from sim.report.figures.report_figures import Plate, plate
from sim.report.run.figures.clock import clock_distribution, clock_title
from sim.report.run.figures.days import accounts_of, days_used, hatched
from sim.report.run.figures.pools import (
    MOST_POOLS,
    longest_queues,
    pool_load,
    pools_heat_map,
    pools_title,
    queue_over_time,
    used_pools,
)
from sim.report.run.figures.process_graph import boxes_of, process_graph
from sim.report.run.figures.shares import on_time, on_time_by_group, on_time_by_period
from sim.report.run.ranking import worth
from sim.report.terminal import percent, rounded
from sim.report.words import Language, say


def result_plates(result: Result, language: Language) -> Iterator[Plate]:
    """Yield the figures of one run."""
    if result.verdicts:
        yield _on_time(result, language)
    judged = [each for each in result.verdicts if each.on_time + each.late + each.open_overdue]
    for number, of in enumerate(judged):
        yield _clock(result, of, number, language)
        yield from _days(result, of, number, language)
    for number, groups in enumerate(result.reported_groups if judged else ()):
        yield from _groups(result, groups, number, language)
    if len(result.periods) > 1:
        for number, of in enumerate(judged):
            yield _periods(result, of, number, language)
    yield from _pools(result, language)
    for number, name in enumerate(result.scenario.case_types):
        yield _graph(result, name, number, language)
    if judged:
        yield from _life(result, language)


def _on_time(result: Result, language: Language) -> Plate:
    names = Names(result.scenario, language)
    each = [
        caption(
            "share_of",
            language,
            name=names.limit(of.limit.name),
            share=percent(of.share),
            verdict=say(of.verdict, language),
        )
        for of in result.verdicts
    ]
    return plate(
        "on-time",
        tell("limits_title", language),
        caption("on_time", language, each=listed(each, language)),
        partial(on_time, result, language=language),
    )


def _clock(result: Result, of: LimitJudgement, number: int, language: Language) -> Plate:
    label = Names(result.scenario, language).limit(of.limit.name)
    p50, p90 = (rounded(each.days, 0) + ("+" if each.at_least else "") for each in of.quantiles[:2])
    late = of.late + of.open_overdue
    return plate(
        f"clock-{number}",
        clock_title(of, label, language),
        caption(
            "clock", language, limit=label, p50=p50, p90=p90, days=of.limit.days,
            unit=tell(f"unit_{CLOCKS[of.clock].unit}", language),
            late=f"{late:,}", judged=f"{of.on_time + late:,}", share=percent(1 - of.share),
            clock=say(of.clock, language),
        ),
        partial(clock_distribution, result, of.limit.name, language=language),
    )  # fmt: skip


def _days(result: Result, of: LimitJudgement, number: int, language: Language) -> Iterator[Plate]:
    everyone, late = accounts_of(result, of, "department")
    shown = late or everyone
    if not shown:
        return
    names = Names(result.scenario, language)
    label = names.limit(of.limit.name)
    first = max(shown, key=lambda account: (account.total_wd, account.name))
    most = max(Category, key=lambda each: first.days_wd[each.name.lower()])
    said = caption(
        "days_late" if late else "days_all", language, limit=label,
        total=f"{sum(each.total_wd for each in shown):.1f}",
        first=names.department(first.name), days=f"{first.total_wd:.1f}",
        category=say(most.name.lower(), language).lower(),
    )  # fmt: skip
    if hatched(result, of, [*everyone, *late]):
        said += caption("days_hatched", language, clock=say(of.clock, language))
    yield plate(
        f"days-{number}",
        tell("days_title", language, limit=label),
        said,
        partial(days_used, result, of.limit.name, language=language),
    )


def _groups(result: Result, groups: Groups, number: int, language: Language) -> Iterator[Plate]:
    ranked = [each for each in groups.members if not math.isnan(each.mean_rank)]
    if not ranked:
        return
    names = Names(result.scenario, language)
    best, worst = ranked[0], ranked[-1]
    yield plate(
        f"groups-{number}",
        tell("by_group_title", language, limit=names.limit(groups.limit.name),
             attribute=names.attribute(groups.attribute)),
        caption(
            "groups", language, best=names.value(groups.attribute, best.value),
            best_share=percent(best.limit.share), worst=names.value(groups.attribute, worst.value),
            worst_share=percent(worst.limit.share),
            worth=worth(groups, result.replications, language),
        ),
        partial(on_time_by_group, groups, scenario=result.scenario, language=language),
    )  # fmt: skip


def _periods(result: Result, of: LimitJudgement, number: int, language: Language) -> Plate:
    label = Names(result.scenario, language).limit(of.limit.name)
    pairs = zip(result.periods, result.limits_over_time[of.limit.name], strict=True)
    known = [(period.label, each) for period, each in pairs if not math.isnan(each.share)]
    lowest = min(known, key=lambda pair: pair[1].share)
    highest = max(known, key=lambda pair: pair[1].share)
    return plate(
        f"periods-{number}",
        tell("by_period_title", language, limit=label),
        caption(
            "periods_alike" if lowest[1].share == highest[1].share else "periods",
            language, limit=label, lowest=lowest[0], least=percent(lowest[1].share),
            low=percent(lowest[1].low), high=percent(lowest[1].high), highest=highest[0],
            most=percent(highest[1].share), target=percent(of.limit.target_share, None),
        ),
        partial(on_time_by_period, result, of.limit.name, language=language),
    )  # fmt: skip


def _pools(result: Result, language: Language) -> Iterator[Plate]:
    used = used_pools(result)
    if not used:
        return
    names, first = Names(result.scenario, language), used[0]
    yield plate(
        "pools",
        pools_title(min(len(used), MOST_POOLS), len(used), language),
        caption(
            "pools", language, first=names.pool(first.name), busy=percent(first.utilisation, 0),
            wait=rounded(first.mean_wait_h, 1), queue=f"{first.mean_queue:.1f}",
        ),
        partial(pool_load, result, language=language),
    )  # fmt: skip
    if len(result.periods) > 1:
        yield _heat(result, names, language)
        if any(pool.mean_queue > 0 for pool in used):
            yield _queues(result, names, language)


def _heat(result: Result, names: Names, language: Language) -> Plate:
    shown = [pool.name for pool in used_pools(result)[:MOST_POOLS]]
    values = np.array([result.pools_over_time[name].utilisation for name in shown])
    row, column = np.unravel_index(int(np.argmax(np.nan_to_num(values))), values.shape)
    return plate(
        "pools-over-time",
        tell("utilisation_title", language),
        caption(
            "heat", language, pool=names.pool(shown[int(row)]),
            period=result.periods[int(column)].label, value=percent(float(values[row, column]), 0),
        ),
        partial(pools_heat_map, result, language=language),
    )  # fmt: skip


def _queues(result: Result, names: Names, language: Language) -> Plate:
    of = {name: result.pools_over_time[name].mean_queue for name in longest_queues(result)}
    longest = max(of, key=lambda name: of[name].max())
    place = int(np.argmax(of[longest]))
    return plate(
        "queues",
        tell("queue_title", language),
        caption(
            "queues", language, pool=names.pool(longest), period=result.periods[place].label,
            most=f"{of[longest][place]:.1f}",
        ),
        partial(queue_over_time, result, language=language),
    )  # fmt: skip


def _graph(result: Result, name: str, number: int, language: Language) -> Plate:
    boxes = boxes_of(result, name, language)
    busy = [box for box in boxes if box.pool is not None]
    used = [box for box in boxes if not math.isnan(box.days_wd)]
    text = caption("graph_idle", language, count=len(boxes))
    if busy and used:
        busiest = max(busy, key=lambda box: box.load)
        longest = max(used, key=lambda box: box.days_wd)
        text = caption(
            "graph", language, count=len(boxes), pool=busiest.pool, load=percent(busiest.load, 0),
            first=longest.label, days=f"{longest.days_wd:.1f}",
        )  # fmt: skip
    label = Names(result.scenario, language).case_type(name)
    return plate(
        f"graph-{number}",
        tell("graph_title", language, case_type=label),
        text,
        partial(process_graph, result, name, language=language),
    )


def _life(result: Result, language: Language) -> Iterator[Plate]:
    life = life_of(result)
    clock = clock_of(life, None)
    if clock is None:
        return
    yield plate(
        "case",
        life_title(life, clock, language),
        life_caption(life, language),
        partial(case_life, life, language=language),
    )


def life_caption(life: CaseLife, language: Language) -> str:
    """Say which case it is, why, and how long it took."""
    clock = clock_of(life, None)
    assert clock is not None
    return caption(
        f"life_{life.choice}", language, case=life.case, value=clock.value, days=clock.limit.days,
        unit=tell(f"unit_{clock.unit}", language), clock=say(clock.limit.clock, language),
        first=f"{life.instant(life.first_s):%Y-%m-%d}",
        last=f"{life.instant(life.last_s):%Y-%m-%d}",
    )  # fmt: skip
