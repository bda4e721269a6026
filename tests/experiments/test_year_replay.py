"""A replay shows what was simulated: queues, cases and clocks at any minute."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import sim
from sim.engine.contract import OPEN, Parts
from sim.engine.parts import waits
from sim.experiments.replay import replay as replays
from sim.experiments.replay.choice import middle_replication
from sim.replications.readings import read_limits
from sim.report.replay.film import Film
from tests.build import results
from tests.build.replay_data import GOOD, NEAR, NEVER, NONE, OVER, Shown

SEED = 20


@cache
def shown(name: str):
    """Return the replay of a run, the data of its page, and the replication itself."""
    result = results.city() if name == "city" else results.run()
    replay = sim.replay(result)
    history = result.model_of(replay.replication).replicate(result.seed, replay.replication)
    return replay, Shown(Film(replay).data), history


def instants(replay, count: int) -> np.ndarray:
    """Return minutes in which much or little happens."""
    rng = np.random.default_rng(SEED)
    return rng.integers(replay.first, replay.last, count, endpoint=True)


@pytest.mark.parametrize("name", ["city", "office"])
def test_queues_are_those_of_the_schedule(name):
    replay, data, history = shown(name)
    waited, pool = waits(history.demand.workload, history.schedule), history.demand.workload.pool
    some = 0
    for minute in [replay.first, replay.last, *instants(replay, 60)]:
        t = minute * 60
        here = (waited.begin <= t) & (t < waited.end)
        expected = np.bincount(pool[waited.item[here]], minlength=len(replay.model.pools.names))
        queue = np.bincount(data.waiting(minute), minlength=len(expected))
        assert queue.tolist() == expected.tolist(), minute
        some += expected.sum()
    assert some > 60, "the test has something to compare"


def test_queues_are_those_of_the_table_of_items():
    result = sim.run(results.office(), replications=2, seed=3, jobs=1, keep="items")
    replay = sim.replay(result, 1)
    items = result.items[result.items.replication == 1]
    data = Shown(Film(replay).data)
    for minute in instants(replay, 30):
        t = replay.date(int(minute))
        waits_now = (items.ready <= t) & (items.start.isna() | (items.start > t))
        expected = items[waits_now & items.pool.notna()].pool.value_counts()
        queue = np.bincount(data.waiting(minute), minlength=len(replay.model.pools.names))
        assert {n: expected.get(n, 0) for n in replay.model.pools.names} == dict(
            zip(replay.model.pools.names, queue.tolist(), strict=True)
        )


@pytest.mark.parametrize("name", ["city", "office"])
def test_cases_are_in_the_state_of_the_schedule(name):
    replay, data, history = shown(name)
    workload, end = history.demand.workload, history.schedule.end
    last = np.split(end, workload.first_item[1:-1])
    for minute in instants(replay, 40):
        t = minute * 60
        expected = [
            case
            for case, ends in enumerate(last)
            if workload.arrival_s[case] <= t and len(ends) and ((ends == OPEN) | (ends > t)).any()
        ]
        assert data.number[data.open_cases(minute)].tolist() == expected


def until(history, t: int):
    """Return a replication as if it had been stopped at an instant."""

    def known(instants):
        return np.where(instants > t, OPEN, instants)

    schedule = history.schedule
    parts = schedule.parts
    begun = (parts.start <= t) & (parts.start != OPEN)
    return replace(
        history,
        schedule=replace(
            schedule,
            ready=known(schedule.ready),
            start=known(schedule.start),
            end=known(schedule.end),
            stopped_s=t,
            parts=Parts(parts.item[begun], parts.officer[begun], parts.start[begun],
                        known(parts.end[begun])),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["city", "office"])
def test_colours_are_the_rule_of_the_limit_used_so_far(name):
    replay, data, history = shown(name)
    scenario = replay.model.scenario
    seen = []
    for minute in instants(replay, 12):
        stopped = until(history, minute * 60)
        for number, reading in enumerate(read_limits(scenario, stopped)):
            clock = reading.readings.clocks[reading.limit.clock]
            cases = {int(case): place for place, case in enumerate(reading.readings.case)}
            for place, case in enumerate(data.number.tolist()):
                if case not in cases or place not in data.clocks[number]:
                    continue
                row = cases[case]
                used, allowed = clock.value[row], data.clocks[number][place]["allowed"]
                colour = (
                    NONE
                    if not clock.started[row]
                    else OVER
                    if used > allowed
                    else NEAR
                    if 5 * used >= 4 * allowed
                    else GOOD
                )
                assert data.colour(number, place, minute) == colour, (minute, case)
                assert data.used(number, place, minute) == used
                seen.append(colour)
    assert {NONE, GOOD, NEAR, OVER} <= set(seen) if name == "city" else {GOOD, OVER} <= set(seen)


def test_a_clock_stops_as_it_was_read():
    replay, data, history = shown("city")
    for number, reading in enumerate(read_limits(replay.model.scenario, history)):
        clock = reading.readings.clocks[reading.limit.clock]
        for place, own in data.clocks[number].items():
            row = int(np.searchsorted(reading.readings.case, data.number[place]))
            stop = int(clock.stop_s[row])
            assert own["stop"] == (NEVER if stop == OPEN else -(-stop // 60))


def test_all_that_was_open_is_shown_and_nothing_else():
    replay, data, history = shown("city")
    arrived = history.demand.workload.arrival_s[data.number] // 60
    assert (arrived <= replay.last).all()
    assert ((data.end == NEVER) | (data.end > replay.first)).all()
    assert replay.date(replay.first).isoformat() == "2021-03-01T00:00:00"
    assert replay.date(replay.last).isoformat() == "2021-03-31T23:59:00"


def test_the_replication_in_the_middle_is_shown():
    result = results.run()
    shares = [tally.on_time / tally.judged for tally in result.tallies("two_days", "gross_span")]
    middle = result.summaries[int(np.argsort(shares, kind="stable")[1])].number
    assert middle_replication(result) == middle == sim.replay(result).replication
    assert not sim.replay(result).chosen
    assert sim.replay(result, 2).replication == 2
    with pytest.raises(ValueError, match="replication: 7; the run has 0 to 2"):
        sim.replay(result, 7)


def test_with_too_many_steps_fewer_days_are_shown(monkeypatch):
    whole = sim.replay(results.run(), 0)
    monkeypatch.setattr(replays, "MOST_ITEMS", len(whole.items.case) // 2)
    half = sim.replay(results.run(), 0)
    assert half.shortened
    assert not whole.shortened
    assert half.first == whole.first
    assert len(half.items.case) <= len(whole.items.case) // 2
    assert whole.first < half.last < whole.last


def test_without_cases_nothing_is_shown():
    replay = sim.replay(results.run("case_types.paper.arrivals.yearly.volume=0"))
    assert len(replay.case) == 0
    assert Shown(Film(replay).data).number.tolist() == []


def test_a_notebook_shows_a_frame_that_asks_for_nothing():
    frame = shown("office")[0]._repr_html_()
    assert frame.startswith('<iframe srcdoc="&lt;!doctype html&gt;')
    assert 'sandbox="allow-scripts"' in frame
    assert frame.count("<") == 2
