"""What stands on the axes is what the results hold."""

from __future__ import annotations

import math

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

import sim
from sim.measures.attribution import NOBODY
from sim.measures.days import Category, not_counted
from sim.report.run.figures.process_graph import boxes_of
from tests.build import results

LIMIT = "two_days"


@pytest.fixture(autouse=True)
def closed():
    """Draw without a screen, and leave no figure behind."""
    before = dict(mpl.rcParams)
    yield
    plt.close("all")
    assert dict(mpl.rcParams) == before, "a figure changed the settings for good"


def line(ax, label: str):
    (found,) = [each for each in ax.lines if each.get_label() == label]
    return np.asarray(found.get_xdata(), float), np.asarray(found.get_ydata(), float)


def points(ax) -> list[tuple[float, float]]:
    """Return the marks that are single points with a marker, and no tick."""
    return [
        (float(each.get_xdata()[0]), float(each.get_ydata()[0]))
        for each in ax.lines
        if len(each.get_xdata()) == 1 and each.get_marker() not in {"None", "|"}
    ]


def widths(ax) -> list[float]:
    return [float(patch.get_width()) for patch in ax.patches]


def texts(ax) -> str:
    return "\n".join(text.get_text() for text in ax.texts)


# --- clocks and shares ---------------------------------------------------------------------------


def test_the_curve_of_the_clock_is_the_distribution_of_all_replications() -> None:
    result = results.run()
    (of,) = result.verdicts
    assert of.late > 0 < of.on_time
    ax = sim.figures.clock_distribution(result, LIMIT)
    days = np.concatenate([s.tallies[LIMIT][of.clock].ended_days for s in result.summaries])
    (curve,) = [each for each in ax.lines if each.get_gid() == "curve"]
    x, y = curve.get_data()
    for day in np.unique(days):
        assert y[x <= day][-1] == pytest.approx((days <= day).mean())
    assert y[x <= of.limit.days][-1] == pytest.approx(of.share)
    (mark,) = [each for each in ax.lines if each.get_gid() == "limit"]
    assert mark.get_xdata()[0] == of.limit.days == 2
    p50, p90 = (q.days for q in of.quantiles[:2])
    marked = {each.get_gid(): each.get_xdata()[0] for each in ax.lines}
    assert (marked["P50"], marked["P90"]) == (p50, p90)
    assert f"{100 * (1 - of.share):.1f} % late" in texts(ax)
    assert "total working days" in ax.get_legend().get_texts()[0].get_text()


def test_open_overdue_cases_keep_the_curve_below_the_top() -> None:
    result = results.run(
        "staff.clerks.count=1",
        "case_types.paper.steps.handle.work={constant: 2 h}",
        "period={start: 2024-01-01, window: {from: 2024-01-08, to: 2024-02-04}, run_out: 3 cd}",
    )
    (of,) = result.verdicts
    assert of.open_overdue > of.late > 0
    ax = sim.figures.clock_distribution(result)
    (curve,) = [each for each in ax.lines if each.get_gid() == "curve"]
    judged = of.on_time + of.late + of.open_overdue
    assert max(curve.get_ydata()) == pytest.approx((of.on_time + of.late) / judged)
    assert f"{of.open_overdue:,} open and overdue" in texts(ax)


def test_several_results_are_laid_over_each_other() -> None:
    of = results.comparison().results
    ax = sim.figures.clock_distribution(of, LIMIT)
    assert [e.get_label() for e in ax.lines if e.get_gid() == "curve"] == list(of)


def test_shares_by_scenario_stand_in_their_rows() -> None:
    comparison = results.comparison()
    ax = sim.figures.on_time_by_scenario(comparison, LIMIT)
    shares = [result.verdicts[0].share for result in comparison.results.values()]
    assert points(ax) == [(pytest.approx(share), row) for row, share in enumerate(shares)]
    assert [label.get_text() for label in ax.get_yticklabels()] == list(comparison.results)


def test_a_scenario_without_the_limit_is_left_out() -> None:
    without = results.run("limits.two_days.limit=3 wd")
    renamed = {"a": results.run(), "b": results.city()}
    assert len(points(sim.figures.on_time_by_scenario(renamed, LIMIT))) == 1
    assert len(points(sim.figures.on_time_by_scenario({"a": without}, LIMIT))) == 1
    with pytest.raises(ValueError, match="no limit 'none'; there are: two_days"):
        sim.figures.on_time_by_scenario(renamed, "none")


def test_verdicts_are_told_apart_by_marker_and_colour() -> None:
    comparison = results.comparison()
    ax = sim.figures.on_time_by_scenario(comparison, LIMIT)
    looks = {
        (each.get_marker(), each.get_color())
        for each in ax.lines
        if len(each.get_xdata()) == 1 and each.get_marker() != "None"
    }
    verdicts = {result.verdicts[0].verdict for result in comparison.results.values()}
    assert len(verdicts) > 1
    assert len({marker for marker, _ in looks}) == len({colour for _, colour in looks})
    assert len(looks) == len(verdicts)


def test_groups_come_in_the_order_of_their_rank() -> None:
    result = results.run()
    (groups,) = result.groups_by("zone")
    ax = sim.figures.on_time_by_group(groups, scenario=result.scenario)
    assert points(ax) == [(m.limit.share, row) for row, m in enumerate(groups.members)]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        member.value for member in groups.members
    ]


def test_every_period_has_its_share_and_interval() -> None:
    result = results.run()
    found = result.limits_over_time[LIMIT]
    ax = sim.figures.on_time_by_period(result, LIMIT)
    assert points(ax) == [(at, each.share) for at, each in enumerate(found)]
    spans = [tuple(each.get_ydata()) for each in ax.lines if len(each.get_xdata()) == 2]
    assert spans[: len(found)] == [(each.low, each.high) for each in found]


# --- days and pools ------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["department", "matter"])
def test_bars_of_days_add_up_to_the_accounts(by) -> None:
    result = results.city()
    limit = next(of for of in result.verdicts if of.late)
    ax = sim.figures.days_used(result, limit.limit.name, by=by)
    right = ax.get_figure().axes[1]
    for panel, late in ((ax, False), (right, True)):
        of = limit.limit.name if late else limit.limit.case_type
        mine = [a for a in result.accounts if (a.kind, a.of, a.late_only) == (by, of, late)]
        total = sum(a.total_wd for a in mine)
        assert sum(widths(panel)) == pytest.approx(total, abs=0.05 * len(mine) * 8)
        assert f"{max(a.total_wd for a in mine):.1f}" in texts(panel)


def test_what_the_clock_does_not_count_is_hatched() -> None:
    result = results.city()
    of = next(of for of in result.verdicts if of.limit.case_type == "project")
    ax = sim.figures.days_used(result, of.limit.name)
    aside = not_counted(result.model.process, of.rule) | {Category.SUPERVISION}
    assert Category.CORRECTION in aside
    hatched = {c.get_label() for c in ax.containers if any(p.get_hatch() for p in c.patches)}
    assert hatched == {each.name.lower() for each in aside} & {c.get_label() for c in ax.containers}


def test_pools_come_busiest_first_with_wait_and_queue() -> None:
    result = results.city()
    shown = [pool for pool in result.pool_summaries if pool.items][:15]
    ax = sim.figures.pool_load(result)
    busy, waits, queues = ax.get_figure().axes
    assert widths(busy) == [pytest.approx(pool.utilisation) for pool in shown]
    assert widths(waits) == [pytest.approx(pool.mean_wait_h) for pool in shown]
    assert widths(queues) == [pytest.approx(pool.mean_queue) for pool in shown]
    assert "15 busiest of" in ax.get_title(loc="left")


def test_queues_over_time_are_those_of_the_result() -> None:
    result = results.run()
    ax = sim.figures.queue_over_time(result, ["desk"])
    _, y = line(ax, "desk")
    assert y.tolist() == result.pools_over_time["desk"].mean_queue.tolist()
    with pytest.raises(ValueError, match="no pool 'none'; there are: desk"):
        sim.figures.queue_over_time(result, ["none"])


@pytest.mark.parametrize("measure", ["utilisation", "mean_wait_h", "mean_queue"])
def test_cells_of_the_heat_map_are_those_of_the_result(measure) -> None:
    result = results.run()
    ax = sim.figures.pools_heat_map(result, measure)
    shown = [pool.name for pool in result.pool_summaries if pool.items]
    expected = np.array([getattr(result.pools_over_time[name], measure) for name in shown])
    assert np.allclose(ax.collections[0].get_array().reshape(expected.shape), expected)


# --- experiments ---------------------------------------------------------------------------------


def test_the_load_curve_marks_where_the_limit_breaks() -> None:
    curve = results.load_curve()
    (promise,) = curve.resolved_limits
    found = curve.crossing(promise)
    assert found.status == "breaks"
    ax = sim.figures.load_curve(curve, LIMIT)
    x, y = line(ax, "share")
    assert list(zip(x, y, strict=True)) == [(p.load, p.share) for p in curve.points(promise)]
    assert line(ax, "breaks")[0][0] == found.load
    assert f"breaks at × {found.load:.2f}" in ax.get_title(loc="left")


def test_shortest_promises_have_a_mark_an_interval_and_a_tick() -> None:
    found = results.promises_of_city()
    ax = sim.figures.shortest_promises(found, "project")
    own = [row for row in found.promise_rows if row.case_type == "project"]
    drawn = {each.get_gid(): each.get_xdata() for each in ax.lines if each.get_gid()}
    edge = ax.get_xlim()[1]
    for number, row in enumerate(own):
        place, target = divmod(number, len(found.targets))
        low, high = drawn[f"interval-{place}-{target}"]
        assert (low, high) == (row.low, edge if row.high is None else row.high)
        assert drawn.get(f"days-{place}-{target}", [None])[0] == row.days
        assert drawn.get(f"now-{place}", [None])[0] == row.promised_now
    assert len(ax.get_yticklabels()) == len(own) / len(found.targets)


def test_joint_promises_show_every_length_and_what_is_proven() -> None:
    found = results.promises_of_city()
    one = found.together[0]
    ax = sim.figures.joint_promises(found, one.name)
    x, y = line(ax, "share")
    assert list(zip(x, y, strict=True)) == [(each.path_days, each.share) for each in one.sets]
    answers = [found.joint_at(one, target).answer for target in found.targets]
    expected = [(each.path_days, each.share) for each in answers if each.proven]
    assert expected
    assert list(zip(*line(ax, "proven"), strict=True)) == expected


def test_staff_today_and_the_plan() -> None:
    staffing = results.staffing()
    assert staffing.plan is not None
    ax = sim.figures.staff_plan(staffing)
    for place, (today, then) in enumerate(zip(staffing.today, staffing.plan, strict=True)):
        assert {x for x, y in points(ax) if y == place} == {today, then}
    assert staffing.plan != staffing.today
    assert ax.get_title(loc="left") == (
        f"Staff: {sum(staffing.today)} today, {sum(staffing.plan)} in the plan"
    )


def test_the_frontier_shows_the_worst_limit_of_every_point() -> None:
    staffing = results.staffing()
    ax = sim.figures.staff_frontier(staffing)
    expected = [(p.heads, p.judged[p.worst].value) for p in staffing.points]
    assert points(ax) == expected
    assert line(ax, "plan")[0][0] == sum(staffing.plan)
    assert line(ax, "today")[0][0] == sum(staffing.today)


def test_one_more_officer() -> None:
    staffing = results.staffing()
    ax = sim.figures.one_more(staffing)
    changes = [e.change.value for e in staffing.one_more if e.at == "today" and e.by == 1]
    assert sorted(x for x, _ in points(ax)) == pytest.approx(sorted(changes))


@pytest.mark.parametrize("measure", ["on_time_share", "days_saved"])
def test_the_waterfall_leads_from_counters_to_today(measure) -> None:
    reforms = results.reforms()
    limit = list(reforms.scenario.limits)[1]
    effect = reforms.effect(measure, limit)
    ax = sim.figures.reform_waterfall(reforms, limit, measure)
    first, last = [x for x, _ in points(ax)]
    assert first == effect.levels[NOBODY].value
    assert last == effect.levels[reforms.everything].value
    sign = 1 if measure == "on_time_share" else -1
    assert first + sum(widths(ax)) == pytest.approx(last)
    steps = [effect.parts["stepwise"][lever.name].estimate.value for lever in reforms.levers]
    assert widths(ax) == pytest.approx([sign * step for step in steps])


def test_bars_of_levers_have_staff_time_beside() -> None:
    reforms = results.reforms()
    limit = next(iter(reforms.scenario.limits))
    ax = sim.figures.reform_bars(reforms, limit)
    side = ax.get_figure().axes[1]
    hours = reforms.effect("staff_h_per_case", reforms.scenario.limits[limit].case_type)
    for panel, effect in ((ax, reforms.effect("on_time_share", limit)), (side, hours)):
        parts = [effect.parts["shapley"][each.name].estimate.value for each in reforms.levers]
        assert widths(panel) == pytest.approx(parts)


def test_the_tornado_leads_from_today_to_both_ends() -> None:
    found = results.sensitivity()
    ax = sim.figures.tornado(found, LIMIT)
    expected = [
        share - each.base.share
        for each in found.swings
        for share in (each.at_low.share, each.at_high.share)
    ]
    assert widths(ax) == pytest.approx(expected)
    labels = [label.get_text().replace("\n", "") for label in ax.get_yticklabels()]
    assert labels == [each.factor.path for each in found.swings]


def test_screening_and_variance() -> None:
    screened = results.sensitivity("morris")
    ax = sim.figures.screening(screened, LIMIT)
    assert widths(ax) == [pytest.approx(s.effects.mu_star.value) for s in screened.screened]
    explained = results.sensitivity("sobol")
    ax = sim.figures.sobol(explained, LIMIT)
    expected = [
        value
        for e in explained.explained
        for value in (e.indices.first.value, e.indices.total.value)
    ]
    assert [x for x, _ in points(ax)] == [pytest.approx(value, nan_ok=True) for value in expected]


def test_differences_have_their_intervals_and_a_zero_line() -> None:
    comparison = results.comparison()
    ax = sim.figures.differences(comparison)
    found = [d for d in comparison.differences if d.measure == "on_time_share"]
    assert points(ax) == [(d.difference.value, row) for row, d in enumerate(found)]
    spans = [tuple(each.get_xdata()) for each in ax.lines if len(each.get_xdata()) == 2]
    assert [(d.difference.low, d.difference.high) for d in found] == spans[: len(found)]
    worse = [each for each in ax.lines if each.get_marker() == "X"]
    assert len(worse) == sum(d.difference.sign < 0 for d in found) > 0
    with pytest.raises(ValueError, match="no measure 'speed'; there are: on_time_share"):
        sim.figures.differences(comparison, "speed")


def test_a_shorter_wait_is_better() -> None:
    comparison = results.comparison()
    ax = sim.figures.differences(comparison, "mean_wait_h")
    found = [d for d in comparison.differences if d.measure == "mean_wait_h"]
    assert any(d.difference.sign < 0 for d in found)
    better = [each.get_xdata()[0] for each in ax.lines if each.get_marker() == "o"]
    assert sorted(better) == sorted(d.difference.value for d in found if d.difference.sign < 0)


@pytest.mark.parametrize("axes", [1, 2])
def test_sweeps_over_one_axis_and_two(axes) -> None:
    swept = results.sweep(axes)
    ax = sim.figures.sweep(swept, LIMIT)
    shares = swept.limits["on_time_share"].tolist()
    assert sorted(y for _, y in points(ax)) == sorted(shares)
    if axes == 2:
        ax = sim.figures.sweep(swept, form="map")
        assert ax.collections[0].get_array().ravel().tolist() == shares


# --- one case, one case type ---------------------------------------------------------------------


def test_the_life_of_a_case_shows_when_its_clock_ran() -> None:
    life = sim.case_life(results.city())
    clock = next(c for c in life.clocks if c.value > c.limit.days)
    ax = sim.figures.case_life(life)
    runs = [p for p in ax.patches if p.get_label() == "runs"]
    spans = [(p.get_x(), p.get_x() + p.get_width()) for p in runs]
    assert spans == [
        (pytest.approx(a / 86_400), pytest.approx(b / 86_400)) for a, b in clock.running
    ]
    assert line(ax, "clock_start")[0][0] == clock.start_s / 86_400
    assert line(ax, "clock_stop")[0][0] == clock.stop_s / 86_400
    work = [s for s in life.steps if s.pool is not None and s.end_s > s.start_s >= 0]
    begins = {round(float(patch.get_x()), 6) for patch in ax.patches}
    assert {round(step.start_s / 86_400, 6) for step in work} <= begins


def test_the_graph_has_a_box_for_every_matter_with_its_busiest_pool() -> None:
    result = results.city()
    ax = sim.figures.process_graph(result, "project")
    matters = result.scenario.case_types["project"].matters
    boxes = [patch.get_label() for patch in ax.patches]
    assert set(matters) <= set(boxes)
    load = {pool.name: pool.utilisation for pool in result.pool_summaries}
    assert f"{100 * load['planners']:.0f} %" in texts(ax)
    used = next(
        a for a in result.accounts if (a.kind, a.name, a.late_only) == ("matter", "DES", False)
    )
    assert f"{used.total_wd:.1f} wd per case" in texts(ax)
    with pytest.raises(ValueError, match="no case type 'none'; there are: project, startup"):
        sim.figures.process_graph(result, "none")


def test_the_graph_of_an_open_network_has_its_steps() -> None:
    ax = sim.figures.process_graph(results.run())
    assert {"handle", "lie", "sign"} <= {patch.get_label() for patch in ax.patches}
    assert not any(math.isnan(x) for x in ax.get_xlim())


def test_every_limit_of_several_results_is_drawn() -> None:
    other = results.run("limits.two_days.limit=3 wd")
    ax = sim.figures.clock_distribution({"two": results.run(), "three": other}, LIMIT)
    assert [line.get_xdata()[0] for line in ax.lines if line.get_gid() == "limit"] == [2, 3]


def test_a_matter_is_drawn_with_its_own_reviewers_not_the_window_of_all() -> None:
    short = sim.load("yingkou/base", settings=[results.MONTH, "staff.window.count=2"])
    result = sim.run(short, replications=1, seed=1, jobs=1, keep="summary")
    assert result.pool_summaries[0].name == "general_window"
    boxes = {box.name: box for box in boxes_of(result, "project", "en")}
    assert boxes["EIA"].pool == "Environmental reviewers"
