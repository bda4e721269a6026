"""Networks of steps from event logs: each rule on a log small enough to be worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from sim.logs.choice import choose
from sim.logs.distances import NAMES, distances, earth_movers
from sim.logs.document import hours_text, network_text, read_network, save_network
from sim.logs.duty import ALWAYS, SLOTS, Week, week_of, weeks_of
from sim.logs.event_log import EventLog, event_log, part_before_and_after
from sim.logs.fit import fit_network
from sim.logs.network import Activity, Delay, Network, Origin, Route
from sim.logs.routes import concurrent, waited_for
from sim.logs.simulate import simulate
from sim.scenario import ReadError, ScenarioError

MONDAY = dt.datetime(2024, 1, 1)
MIN = 60_000
DAY = 24 * 60 * MIN


def at(day: int, clock: str) -> int:
    """Return an instant: day 0 is a Monday."""
    hour, minute = clock.split(":")
    when = MONDAY + dt.timedelta(days=day, hours=int(hour), minutes=int(minute))
    return int((when - dt.datetime(1970, 1, 1)).total_seconds()) * 1000


def log_of_rows(rows: Iterable[tuple[str, str, str, int, int]]) -> EventLog:
    return event_log(*zip(*rows, strict=True))


def week(text_days: range, begin: float, end: float) -> Week:
    open_ = np.zeros(SLOTS, np.bool_)
    for day in text_days:
        open_[day * 48 + int(begin * 2) : day * 48 + int(end * 2)] = True
    return Week(open_)


OFFICE = week(range(5), 9, 17)


def network_of(
    *activities: Activity,
    officers: int = 1,
    hours: Week = OFFICE,
    routes: tuple[Route, ...] = (),
    gaps: tuple[int, ...] = (0,),
) -> Network:
    origin = Origin("hand", 1, 1, MONDAY, MONDAY, 1, True, False)
    names = tuple(f"officer {n + 1}" for n in range(officers))
    return Network(
        origin, activities, names, (hours,) * officers, hours, hours, False, np.array(gaps),
        routes or (Route(1, (0,), ((),)),),
    )  # fmt: skip


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


# --- logs ------------------------------------------------------------------------------------


def test_cases_are_in_the_order_of_their_arrivals_and_an_end_never_precedes_its_start() -> None:
    early = ("b", "X", "", at(0, "10:00"), at(0, "09:00"))
    log = log_of_rows([early, ("a", "Y", "o", at(0, "11:00"), at(0, "12:00"))])
    assert log.cases == ("b", "a")
    assert log.officers == ("o",)
    assert log.officer.tolist() == [-1, 0]
    assert (log.end >= log.start).all()


def test_cases_under_way_at_the_instant_are_in_neither_part() -> None:
    rows = [(str(n), "A", "", at(n, "09:00"), at(n, "10:00")) for n in range(10)]
    rows += [("long", "A", "", at(0, "08:00"), at(0, "09:00"))]
    rows += [("long", "A", "", at(9, "10:00"), at(9, "11:00"))]
    before, after = part_before_and_after(log_of_rows(rows), 0.25)
    assert before.cases == tuple("01234567")
    assert after.cases == tuple("89")


# --- routes ----------------------------------------------------------------------------------


def parallel_case(name: str, day: int) -> list[tuple[str, str, str, int, int]]:
    """A, then B and C beside each other, then D."""
    return [
        (name, "A", "", at(day, "09:00"), at(day, "10:00")),
        (name, "B", "", at(day, "10:00"), at(day, "12:00")),
        (name, "C", "", at(day, "10:30"), at(day, "11:00")),
        (name, "D", "", at(day, "12:00"), at(day, "13:00")),
    ]


def test_activities_that_overlap_wait_for_the_same_and_what_follows_waits_for_both() -> None:
    log = log_of_rows(parallel_case("1", 0) + parallel_case("2", 1))
    beside = concurrent(log)
    assert np.argwhere(np.triu(beside)).tolist() == [[1, 2]]  # B and C
    after, ready = waited_for(log)
    assert after[:4] == [(), (0,), (0,), (1, 2)]
    assert ready[:4].tolist() == [at(0, "09:00"), at(0, "10:00"), at(0, "10:00"), at(0, "12:00")]


def test_both_orders_with_few_overlaps_are_concurrent_one_order_is_not() -> None:
    def case(name: str, first: str, second: str, gap: int) -> list[tuple[str, str, str, int, int]]:
        begin = at(int(name), "09:00")
        return [
            (name, first, "", begin, begin + 10 * MIN),
            (name, second, "", begin + (10 + gap) * MIN, begin + 30 * MIN),
        ]

    orders = [case(str(n), *("BC" if n % 2 else "CB"), -5 if n == 0 else 5) for n in range(20)]
    assert concurrent(log_of_rows(list(chain(*orders))))[0, 1]
    one_way = [case(str(n), "B", "C", -5 if n == 0 else 5) for n in range(20)]
    assert not concurrent(log_of_rows(list(chain(*one_way))))[0, 1]


def test_a_route_is_kept_once_with_the_number_of_its_cases() -> None:
    short = ("3", "A", "", at(2, "09:00"), at(2, "09:30"))
    log = log_of_rows([*parallel_case("1", 0), *parallel_case("2", 1), short])
    routes = fit_network(log).routes
    assert [route.cases for route in routes] == [1, 2]
    assert routes[1] == Route(2, (0, 1, 2, 3), ((), (0,), (0,), (1, 2)))


# --- hours of duty ---------------------------------------------------------------------------


def test_time_worked_and_the_end_of_work_pause_off_duty() -> None:
    friday = at(4, "16:00")
    assert OFFICE.worked(ints(at(7, "10:00")))[0] - OFFICE.worked(ints(friday))[0] == 120 * MIN
    assert OFFICE.finish(friday, 120 * MIN) == at(7, "10:00")
    assert OFFICE.finish(friday, 60 * MIN) == at(4, "17:00")  # with the closing second
    assert OFFICE.finish(at(5, "12:00"), 0) == at(5, "12:00")
    assert OFFICE.begin(at(5, "12:00")) == at(7, "09:00")
    assert OFFICE.begin(at(4, "17:00")) == at(4, "17:00")  # begun then, worked on Monday
    assert OFFICE.finish(at(4, "17:00"), 5 * MIN) == at(7, "09:05")


def test_stamps_on_the_edge_of_a_half_hour_open_no_further_one() -> None:
    """Work ends at 17:00:00, and one step begins then: the office still closes at 17:00."""
    starts = [at(d, c) for d in (0, 7, 14) for c in ("09:00", "16:30", "17:00")]
    ends = [at(d, c) for d in (0, 7, 14) for c in ("09:30", "17:00", "17:00")]
    found = week_of(ints(*starts), ints(*ends), 3)
    assert found is not None
    assert hours_text(found) == "Mon 09:00-09:30 16:30-17:00"


def test_a_half_hour_seen_in_one_of_many_weeks_is_no_habit() -> None:
    starts = [at(7 * n, "10:10") for n in range(20)] + [at(3, "22:10")]
    found = week_of(ints(*starts), ints(*[s + 5 * MIN for s in starts]), 20)
    assert found is not None
    assert hours_text(found) == "Mon 10:00-10:30"


def test_an_officer_who_is_away_in_the_afternoon_is_found_and_few_stamps_tell_nothing() -> None:
    rows = []
    for day in (7 * w + d for w in range(10) for d in range(5)):
        for hour in range(9, 17):
            begin = at(day, f"{hour}:05")
            rows.append((f"{day}-{hour}", "A", "all day", begin, begin + 50 * MIN))
            if hour < 12:
                rows.append((f"{day}-{hour}m", "A", "mornings", begin, begin + 50 * MIN))
    rows.append(("x", "A", "seldom", at(1, "10:05"), at(1, "10:25")))
    log = log_of_rows(rows)
    together, hours = weeks_of(log)
    by = {name: hours_text(one) for name, one in zip(log.officers, hours, strict=True)}
    assert hours_text(together) == by["all day"] == by["seldom"] == "Mon-Fri 09:00-17:00"
    assert by["mornings"] == "Mon-Fri 09:00-12:00"


# --- simulation ------------------------------------------------------------------------------


def test_the_officer_who_can_begin_first_takes_it_of_equals_who_worked_least() -> None:
    work = Activity("A", {0: 1, 1: 1}, ints(60 * MIN), {0: ints(30 * MIN)})
    log = simulate(network_of(work, officers=2), 4, at(0, "09:00"))
    by = np.array(log.officers)[log.officer].tolist()
    nine, half, ten = at(0, "09:00"), at(0, "09:30"), at(0, "10:00")
    assert log.start.tolist() == [nine, nine, half, ten]
    assert by == ["officer 1", "officer 2", "officer 1", "officer 1"]  # both had worked an hour
    assert log.end.tolist() == [half, ten, ten, at(0, "10:30")]


def test_steps_wait_for_all_their_predecessors_and_for_the_hours_of_officers() -> None:
    a, b, c = (Activity(x, {n: 1}, ints(n * 60 * MIN + MIN), {}) for n, x in enumerate("ABC"))
    route = Route(1, (0, 1, 2, 0), ((), (0,), (0,), (1, 2)))
    log = simulate(network_of(a, b, c, officers=3, routes=(route,)), 1, at(4, "15:00"))
    assert log.start.tolist() == [at(4, "15:00"), at(4, "15:01"), at(4, "15:01"), at(7, "09:02")]
    assert log.end.tolist() == [at(4, "15:01"), at(4, "16:02"), at(7, "09:02"), at(7, "09:03")]


def test_a_delay_by_the_clock_is_one_of_a_like_hour_and_day_and_nobody_queues() -> None:
    morning, evening = ints(*[at(0, "09:00") - at(0, "00:00")] * 15), ints(*[20 * 60 * MIN] * 15)
    delay = Delay("clock", np.repeat(ints(5 * MIN, 9 * 60 * MIN), 15), np.append(morning, evening))
    late = Activity("A", {0: 1}, ints(30 * MIN), {}, delay)
    for begin, wait in (("08:00", 5 * MIN), ("21:00", 9 * 60 * MIN)):
        log = simulate(network_of(late), 3, at(1, begin))
        assert (log.start == at(1, begin) + wait).all()  # all three at once, by one officer


def test_a_delay_on_the_weekend_is_one_of_a_weekend() -> None:
    noon = 12 * 60 * MIN
    delays = np.repeat(ints(5 * MIN, 9 * 60 * MIN), 15)
    ready = np.repeat(ints(noon, 5 * DAY + noon + 60 * MIN), 15)  # Monday 12:00, Saturday 13:00
    step = Activity("A", {0: 1}, ints(30 * MIN), {}, Delay("clock", delays, ready))
    for day, wait in ((3, 5 * MIN), (6, 9 * 60 * MIN)):
        log = simulate(network_of(step), 1, at(day, "12:10"))
        assert log.start.tolist() == [at(day, "12:10") + wait]


def test_a_delay_on_duty_passes_in_hours_of_duty_and_then_the_officer_is_awaited() -> None:
    delay = Delay("working", ints(60 * MIN), ints(0))
    step = Activity("A", {0: 1}, ints(30 * MIN), {}, delay)
    log = simulate(network_of(step), 2, at(4, "16:30"))
    assert log.start.tolist() == [at(7, "09:30"), at(7, "10:00")]


def test_arrivals_follow_the_recorded_gaps_in_hours_of_arrival() -> None:
    step = Activity("A", {}, ints(0), {})
    log = simulate(network_of(step, gaps=(3 * 60 * MIN,)), 5, at(4, "12:00"))
    expected = [(4, "12:00"), (4, "15:00"), (7, "10:00"), (7, "13:00"), (7, "16:00")]
    assert log.arrival.tolist() == [at(*one) for one in expected]


@pytest.mark.parametrize("closing", [True, False])
def test_who_comes_with_the_closing_second_is_there_or_comes_with_the_next_opening(closing) -> None:
    step = Activity("A", {}, ints(0), {})
    network = replace(network_of(step, gaps=(60 * MIN,)), at_closing=closing)
    log = simulate(network, 3, at(4, "16:00"))
    expected = [(4, "16:00"), (4, "17:00") if closing else (7, "09:00"), (7, "10:00")]
    assert log.arrival.tolist() == [at(*one) for one in expected]


def test_routes_come_in_recorded_proportions_in_every_stretch_and_seeds_decide() -> None:
    steps = [Activity(x, {}, ints(0), {}) for x in "AB"]
    routes = (Route(30, (0,), ((),)), Route(10, (1,), ((),)))
    network = network_of(*steps, routes=routes, gaps=(MIN,))
    log = simulate(network, 200, at(0, "09:00"), seed=3)
    for part in np.split(log.activity, 4):
        assert 11 <= part.sum() <= 14  # a quarter of 50
    again, other = (simulate(network, 200, at(0, "09:00"), seed=s) for s in (3, 4))
    assert again.table().equals(log.table())
    assert not other.table().equals(log.table())


# --- what is fitted --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def invented() -> tuple[Network, EventLog]:
    """An invented office: its network, and a log of 400 cases of it."""
    rng = np.random.default_rng(5)

    def minutes(low: int, high: int) -> np.ndarray:
        return rng.integers(low, high, 50) * MIN

    check = Activity("check", {0: 1, 1: 1}, minutes(5, 15), {1: minutes(25, 35)})
    decide = Activity("decide", {2: 1}, minutes(10, 20), {})
    wait = Delay("working", minutes(60, 300), np.zeros(50, np.int64))
    letter = Activity("letter", {}, ints(0), {}, wait)
    routes = (Route(3, (0, 1, 2), ((), (0,), (1,))), Route(1, (0, 2), ((), (0,))))
    gaps = tuple(minutes(20, 60).tolist())
    made = network_of(check, decide, letter, officers=3, routes=routes, gaps=gaps)
    made = replace(made, hours=(OFFICE, OFFICE, week(range(5), 9, 13)))
    return made, simulate(made, 400, at(0, "09:00"), seed=2)


def test_hours_officers_durations_and_delays_of_an_invented_log_are_found_again(invented) -> None:
    _, log = invented
    found = fit_network(log)
    names = {name: n for n, name in enumerate(log.officers)}
    assert hours_text(found.hours[names["officer 1"]]) == "Mon-Fri 09:00-17:00"
    assert hours_text(found.hours[names["officer 3"]]) == "Mon-Fri 09:00-13:00"
    by = {one.name: one for one in found.activities}
    assert by["check"].delay is None
    assert by["decide"].delay is None  # he is away in the afternoon: that explains the waits
    assert by["letter"].delay is not None
    fast, slow = (by["check"].own[names[f"officer {n}"]] / MIN for n in (1, 2))
    assert 5 <= fast.min() <= fast.max() < 15
    assert 25 <= slow.min() <= slow.max() < 35
    assert (
        60 <= by["letter"].delay.delays.min() / MIN <= by["letter"].delay.delays.max() / MIN < 300
    )
    assert {route.activities: route.cases for route in found.routes} == {
        (0, 1, 2): 300,
        (0, 2): 100,
    }
    assert 20 <= found.gaps.min() / MIN <= found.gaps.max() / MIN < 60


def test_a_network_fitted_to_its_own_log_reproduces_it(invented) -> None:
    _, log = invented
    near = distances(log, simulate(fit_network(log), 400, at(0, "09:00"), seed=9))
    assert near["NGD"] < 0.02
    assert near["CEDD"] < 0.5
    assert near["REDD"] < 1
    assert near["CTDD"] < 1
    assert near["AEDD"] < 8  # of some 270 hours


# --- distances -------------------------------------------------------------------------------


def test_distances_by_hand() -> None:
    one = log_of_rows([("1", "A", "", at(0, "09:10"), at(0, "10:10"))])
    other = log_of_rows([("x", "B", "", at(1, "09:10"), at(1, "12:10"))])
    assert earth_movers(ints(0, 4), ints(1, 1)) == 2
    assert distances(one, one) == dict.fromkeys(NAMES, 0)
    found = distances(one, other)
    assert found["NGD"] == 1  # --A, -A-, A-- against --B, -B-, B--
    assert found["AEDD"] == 25  # hours 0 and 1 against 24 and 27
    assert found["CEDD"] == pytest.approx(2 * 23 / 7)  # a Monday, a Tuesday
    assert found["REDD"] == 1  # hours 0 and 1 against 0 and 3
    assert found["CTDD"] == 2


# --- choices ---------------------------------------------------------------------------------


def test_a_thin_log_makes_no_choice_and_a_log_without_delays_needs_none(invented) -> None:
    _, log = invented
    few = log.of_cases(np.arange(len(log.cases)) < 30)
    assert choose(few).trials == ()
    assert choose(few).share == 1
    without = log_of_rows([(str(n), "A", "o", at(n, "09:00"), at(n, "10:00")) for n in range(30)])
    assert choose(without).delay is None


def test_who_did_an_activity_once_only_helps() -> None:
    once = ("x", "A", "Wang", at(70, "09:00"), at(70, "10:00"))
    rows = [*rows_of(60, 1, "Li", "09:00", "09:30"), once]
    log = log_of_rows(rows)
    (activity,) = fit_network(log).activities
    assert [log.officers[one] for one in activity.officers] == ["Li"]


def test_the_kind_of_delay_is_the_one_that_reproduces_the_log() -> None:
    """Letters leave at 14:00 of the next day, whenever they were ready."""
    rows = []
    for n in range(60):
        done = at(n, f"{9 + n % 8:02}:10")
        rows.append((str(n), "check", "Li", done - 10 * MIN, done))
        rows.append((str(n), "letter", "Wang", at(n + 1, "14:00"), at(n + 1, "14:05")))
    choice = choose(log_of_rows(rows))
    assert choice.delay == "clock"
    assert choice.reproduced["clock"]["CEDD"] < choice.reproduced["working"]["CEDD"]


def test_when_the_office_changed_only_its_last_cases_are_used() -> None:
    rows = []
    for n in range(240):
        then = at(n, "09:00")
        rows.append((f"{n}", "A" if n < 60 else "B", "o", then, then + 10 * MIN))
    choice = choose(log_of_rows(rows))
    assert choice.recency_decides
    assert [one.name for one in choice.network.activities if one.officers] == ["B"]


# --- bad and thin logs -----------------------------------------------------------------------


def rows_of(count: int, each: int, officer: str, begin: str, end: str) -> list[tuple]:
    """Return one event a day; `each` in a row are of one case."""
    return [
        (str(n // each), "AB"[n % min(each, 2)], officer, at(n, begin), at(n, end))
        for n in range(count)
    ]


THIN = {
    "one event": rows_of(1, 1, "", "09:00", "09:00"),
    "one activity": rows_of(30, 1, "o", "09:00", "10:00"),
    "no officers": rows_of(60, 2, "", "09:00", "10:00"),
    "only ends": rows_of(60, 2, "o", "09:00", "09:00"),
    "all midnight": rows_of(60, 2, "o", "00:00", "00:00"),
    "all at once": [(str(n), "A", "o", at(0, "09:00"), at(0, "09:00")) for n in range(50)],
    "one long case": rows_of(200, 200, "o", "09:00", "09:30"),
}


@pytest.mark.parametrize("name", THIN)
def test_thin_logs_are_fitted_simulated_kept_and_read_again(name, tmp_path) -> None:
    log = log_of_rows(THIN[name])
    network = choose(log).network
    file = tmp_path / "network.yaml"
    save_network(network, file)
    again = read_network(file)
    assert network_text(again) == network_text(network)
    one, other = (simulate(each, len(log.cases), int(log.start[0])) for each in (network, again))
    assert one.table().equals(other.table())
    assert len(one) >= len(log.cases)
    assert all(np.isfinite(value) for value in distances(log, one).values())


# --- files -----------------------------------------------------------------------------------


def test_a_network_is_the_same_after_it_was_written_and_read(invented, tmp_path) -> None:
    _, log = invented
    network = fit_network(log, 'a "quoted" name: 审批 #1', delay="clock")
    file = tmp_path / "network.yaml"
    save_network(network, file)
    again = read_network(file)
    assert network_text(again) == network_text(network)
    assert again.origin.log == network.origin.log
    one, other = (simulate(each, 50, at(0, "09:00")) for each in (network, again))
    assert one.table().equals(other.table())


SPOILT = {
    "gaps: >-\n    1200": "gaps: >-\n    soon 1200",
    "Mon-Fri 09:00-17:00": "Mon-Fri 09:10-17:00",
    "kind: clock": "kind: lunar",
    "300: 1 2<1 3<2": "300: 1 2<3 3<2",
    "100: 1 3<1": "100: 1 9<1",
    'officers: {"officer 2"': 'officers: {"officer 22"',
    "  events: ": "  events: -",
    "first: \"2024": "first: \"when 2024",
    "starts_known: true": "starts_known: perhaps",
}  # fmt: skip


def test_every_mistake_in_a_file_is_told_at_once(invented, tmp_path) -> None:
    _, log = invented
    text = network_text(fit_network(log, delay="clock"))
    for right, wrong in SPOILT.items():
        assert right in text
        text = text.replace(right, wrong)
    file = tmp_path / "spoilt.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_network(file)
    keys = {problem.key for problem in caught.value.problems}
    assert keys >= {
        "arrivals.gaps", "hours", "activities.letter.delay.kind", "routes[1]", "routes[2]",
        "activities.decide.officers", "network.events", "network.first", "network.starts_known",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "[1, 2]", "name: x", "a: [", "\x00", "&a [*a]", "{" * 5000])
def test_a_file_that_is_no_network_is_refused(text, tmp_path) -> None:
    file = tmp_path / "no.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError):
        read_network(file)


@pytest.mark.parametrize(
    ("right", "wrong"), [("600x", "9999999999x"), ("gaps: >-\n", "gaps: >-\n    1x999999\n")]
)
def test_a_file_with_absurd_times_is_refused_in_words(right, wrong, tmp_path) -> None:
    rows = [(str(n), "A", "o", at(n, "09:00"), at(n, "09:10")) for n in range(40)]
    text = network_text(fit_network(log_of_rows(rows)))
    assert right in text
    file = tmp_path / "absurd.yaml"
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises((ReadError, ScenarioError), match=r"year 9999|more than 100,000 times"):
        simulate(read_network(file), 200, at(0, "09:00"))


def test_hours_are_told_by_days_in_a_row() -> None:
    assert hours_text(ALWAYS) == "Mon-Sun 00:00-24:00"
    open_ = np.zeros(SLOTS, np.bool_)
    for day, (begin, end) in (
        (0, (18, 24)),
        (0, (27, 34)),
        (1, (18, 24)),
        (1, (27, 34)),
        (5, (0, 1)),
    ):
        open_[day * 48 + begin : day * 48 + end] = True
    assert hours_text(Week(open_)) == "Mon-Tue 09:00-12:00 13:30-17:00, Sat 00:00-00:30"
