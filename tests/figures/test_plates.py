"""The figures of a report: every kind of result, both languages, also where there is little."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib import pyplot as plt

import sim
from sim.report.figures import figures_of
from sim.report.run.figures.pools import longest_queues
from tests.build import results

SHAPES = {"svg", "g", "defs", "use", "path", "rect", "text", "tspan", "clipPath", "pattern"}


SLOW = {("city", "zh"), ("run", "en"), ("staff", "en"), ("reforms", "zh"), ("comparison", "zh")}
"""What is much like what is drawn without them."""
LITTLE = {"one replication": "zh", "all late": "en", "none late": "zh", "sweep of three": "en"}


def kinds() -> list:
    return [
        pytest.param(
            kind,
            language,
            marks=[pytest.mark.slow] if kind in LITTLE or (kind, language) in SLOW else [],
        )
        for kind in results.ALL
        for language in ("en", "zh")
        if LITTLE.get(kind, language) == language
    ]


@pytest.mark.parametrize(("kind", "language"), kinds())
def test_every_plate_can_be_drawn(kind, language) -> None:
    before = plt.get_fignums()
    plates = list(sim.figures.plates(results.ALL[kind](), language))
    assert plates
    assert len({plate.name for plate in plates}) == len(plates)
    ids: set[str] = set()
    for plate in plates:
        assert re.fullmatch(r"[a-z][a-z0-9-]*", plate.name)
        assert plate.title
        assert "\n" not in plate.title + plate.caption
        assert plate.caption[-1] in ".。", plate.caption
        assert not re.search(r"\{|nan|None|inf\b", plate.caption + plate.title), plate.caption
        svg = sim.figures.to_svg(plate.draw(), plate.name)
        tree = ET.fromstring(svg)
        assert {element.tag.partition("}")[2] for element in tree.iter()} <= SHAPES
        own = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(set(own)) == len(own)
        assert all(each.startswith(plate.name + "-") for each in own)
        assert {*re.findall(r"url\(#([^)]+)\)", svg), *re.findall(r'href="#([^"]+)"', svg)} <= set(
            own
        )
        assert ids.isdisjoint(own)
        ids.update(own)
    assert plt.get_fignums() == before, "a plate belongs to nobody"


def caption_of(result, name: str, language: str = "en"):
    (plate,) = [p for p in sim.figures.plates(result, language) if p.name == name]
    return plate.title, plate.caption


def test_captions_hold_the_numbers_of_the_result() -> None:
    result = results.run()
    (of,) = result.verdicts
    late = f"{100 * (1 - of.share):.1f} %"
    title, caption = caption_of(result, "clock-0")
    assert title == f"Within two days: {late} late"
    assert f"{of.late} of {of.on_time + of.late:,} judged cases are late ({late})" in caption
    title, caption = caption_of(result, "clock-0", "zh")
    assert title == f"两日办结\uff1a超期 {late.replace(' ', '')}"
    assert f"超期 {of.late} 件({late})" in caption
    busiest = result.pool_summaries[0]
    assert (
        f"{100 * busiest.utilisation:.0f} % of its rostered time" in caption_of(result, "pools")[1]
    )
    _, caption = caption_of(result, "periods-0")
    assert (
        f"{100 * min(each.share for each in result.limits_over_time['two_days']):.1f} %" in caption
    )


def test_the_caption_names_the_longest_of_the_queues_drawn() -> None:
    """Not that of the pool whose queue is the longest over the whole window."""
    result = dataclasses.replace(results.city())
    second = longest_queues(result)[1]
    over_time = dict(result.pools_over_time)
    peak = np.arange(len(result.periods)) * 1000.0
    over_time[second] = dataclasses.replace(over_time[second], mean_queue=peak)
    vars(result)["pools_over_time"] = over_time
    _, caption = caption_of(result, "queues")
    assert result.scenario.pools[second].label.en in caption
    assert f"{peak[-1]:.1f} items" in caption


def test_hatching_is_explained_where_there_is_some() -> None:
    assert "Hatched" in caption_of(results.city(), "days-0")[1]
    assert "Hatched" not in caption_of(results.run(), "days-0")[1]


def test_captions_of_experiments() -> None:
    curve = results.load_curve()
    found = curve.crossing(curve.resolved_limits[0])
    _, caption = caption_of(curve, "load-0")
    assert f"breaks at {found.load:.2f} times today's load" in caption
    staffing = results.staffing()
    _, caption = caption_of(staffing, "plan")
    assert f"has {sum(staffing.plan)} officers where there are {sum(staffing.today)}" in caption
    swept = results.sweep()
    _, caption = caption_of(swept, "sweep-0")
    said = swept.limits["verdict"].tolist()
    assert f"{said.count('holds')} hold the target of 90 %, {said.count('fails')} fail" in caption
    comparison = results.comparison()
    _, caption = caption_of(comparison, "differences-on-time-share")
    proven = [d.difference.sign for d in comparison.differences if d.measure == "on_time_share"]
    assert f"{proven.count(1)} proven better, {proven.count(-1)} proven worse" in caption


def test_what_has_no_data_is_left_out() -> None:
    names = {plate.name for plate in sim.figures.plates(results.run(results.QUICK))}
    assert {"on-time", "clock-0", "days-0"} <= names
    nobody = results.run("case_types.paper.arrivals.yearly.volume=0")
    assert {p.name for p in sim.figures.plates(nobody)} == {"on-time", "graph-0"}
    mm1 = sim.run(sim.load("textbook/mm1"), replications=1, jobs=1)
    names = {plate.name for plate in sim.figures.plates(mm1)}
    assert "pools" in names
    assert not names & {"on-time", "clock-0", "case"}


def test_figures_say_where_there_is_nothing_to_show() -> None:
    mm1 = sim.run(sim.load("textbook/mm1"), replications=1, jobs=1)
    for draw in (
        sim.figures.clock_distribution,
        sim.figures.days_used,
        sim.figures.on_time_by_period,
    ):
        assert "states no limits" in draw(mm1).texts[-1].get_text()
    nobody = results.run("case_types.paper.arrivals.yearly.volume=0")
    assert "No case" in sim.figures.clock_distribution(nobody).texts[-1].get_text()
    assert "No pool" in sim.figures.pool_load(nobody).texts[-1].get_text()
    plt.close("all")


@pytest.mark.parametrize("kind", results.ALL)
def test_plot_draws_the_default_or_the_one_named(kind) -> None:
    result = results.ALL[kind]()
    assert sim.figures.plot(result).get_figure() is not None
    for name in (figure.name for figure in figures_of(result)):
        _, ax = plt.subplots()
        drawn = sim.figures.plot(result, name, ax=ax, language="zh")
        assert drawn is ax
    with pytest.raises(ValueError, match=f"no figure 'pie' of a {type(result).__name__}; there"):
        sim.figures.plot(result, "pie")
    plt.close("all")


def test_plot_takes_options_and_refuses_what_has_no_figures() -> None:
    ax = sim.figures.plot(results.run(), "on_time_by_group", attribute="zone")
    assert len(ax.get_yticks()) == 2
    with pytest.raises(ValueError, match="no limit 'other'"):
        sim.figures.plot(results.run(), "clock_distribution", limit="other")
    for call in (sim.figures.plot, lambda it: list(sim.figures.plates(it))):
        with pytest.raises(TypeError, match="no figures of a int"):
            call(3)
    plt.close("all")
