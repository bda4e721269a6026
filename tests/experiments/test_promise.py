"""The shortest promises: the function and its result."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import sim
from sim import ShortestPromises, promise
from sim.clocks import Counting
from sim.experiments.promise.days import parts_of, read_days
from sim.experiments.promise.order import dependencies
from sim.experiments.promise.result import JointPromises, PromiseRow
from sim.measures.shortest_promise import NOT_BOUND, shown_days, still_open
from sim.replications.model import Model
from sim.replications.readings import read_limits
from sim.replications.workers import Task
from sim.report.blocks import Line
from sim.report.promise.report import promise_report
from tests.build.commands import command
from tests.build.offices import office


@pytest.fixture(scope="module")
def yingkou() -> sim.Scenario:
    return sim.load("yingkou/base", settings=["period.window.to=2021-03-31"])


@pytest.fixture(scope="module")
def found(yingkou) -> ShortestPromises:
    return promise(yingkou, replications=6, seed=5, jobs=1)


def row(found: ShortestPromises, kind, case_type, name, target=0.95) -> PromiseRow:
    (one,) = (r for r in found.rows_of(kind, case_type, name) if r.target == target)
    return one


def joint(found: ShortestPromises, name: str, target=0.9) -> JointPromises:
    (one,) = (r for r in found.joint_promises if (r.answer.name, r.answer.target) == (name, target))
    return one


def test_every_limit_case_type_stage_and_matter_is_there(found, yingkou) -> None:
    names = {(r.kind, r.case_type, r.name) for r in found.promise_rows}
    assert ("limit", "project", "project_30") in names
    for case_type, spec in yingkou.case_types.items():
        assert ("case_type", case_type, case_type) in names
        assert {n for k, c, n in names if (k, c) == ("stage", case_type)} == set(spec.stages)
        assert {n for k, c, n in names if (k, c) == ("matter", case_type)} == set(spec.matters)
    assert len(found.promise_rows) == 3 * len(names)


def test_a_limit_is_read_as_run_reads_it(found, yingkou) -> None:
    """The same days at the limit's own target, and proven exactly where the verdict holds."""
    run = sim.run(yingkou, replications=6, seed=5, keep="summary")
    for verdict in run.verdicts:
        limit = verdict.limit
        one = row(found, "limit", limit.case_type, limit.name, limit.target_share)
        assert (one.days, one.promised_now) == (verdict.kept_days.days, limit.days)
        assert one.cases == verdict.on_time + verdict.late
        assert one.clock == limit.clock
        assert (one.high is not None and one.high <= limit.days) == (verdict.verdict == "holds")
        assert (one.low > limit.days) == (verdict.verdict == "fails")


def test_what_is_promised_now_is_told_in_days_of_the_clock_alone(found) -> None:
    assert row(found, "stage", "project", "land").promised_now == 5
    assert row(found, "matter", "project", "EIA").promised_now == 7
    assert row(found, "matter", "startup", "REG").promised_now is None  # 4 hours


def test_a_conditional_matter_binds_only_the_cases_that_have_it(found) -> None:
    """FIRE is for a tenth of the projects, though the window receives the stage for all."""
    stage = row(found, "stage", "project", "construction")
    assert 0.05 < row(found, "matter", "project", "FIRE").cases / stage.cases < 0.15


def test_promises_together_add_up_along_the_critical_path(found) -> None:
    for found_set in found.joint_promises:
        one = found_set.answer
        assert sum(found_set.days[matter] for matter in found_set.path) == one.path_days
        assert one.proven == (one.low >= one.target)
        assert one.path_days >= one.estimated_days
        assert one.low <= one.share <= one.high
    assert set(joint(found, "project_30").days) == {
        *("LUP", "DES", "PUB", "CAD", "CPP", "DWG", "FIRE", "QSS", "CP")
    }
    assert joint(found, "project").answer.path_days >= joint(found, "project_30").answer.path_days


def test_each_matter_alone_needs_no_more_than_in_a_set_kept_together(found) -> None:
    for target in (0.9, 0.95):
        together = joint(found, "startup", target)
        for matter, days in together.days.items():
            assert days >= row(found, "matter", "startup", matter, target).low


def test_the_same_whatever_computes_it(yingkou, found) -> None:
    told: list[int] = []
    again = promise(
        yingkou,
        replications=6,
        seed=5,
        jobs=2,
        engine="simpy",
        progress=lambda done, _: told.append(done),
    )
    assert again.promise_rows == found.promise_rows
    assert again.joint_promises == found.joint_promises
    assert told == [1, 2, 3, 4, 5, 6]


def test_tables(found) -> None:
    table = found.promises
    assert list(table.columns)[:6] == ["kind", "case_type", "name", "clock", "unit", "target"]
    assert table["days"].dtype == "Int64"
    assert len(table) == len(found.promise_rows)
    together = found.joint
    assert len(together) == sum(len(one.days) for one in found.joint_promises)
    on_path = together[together["on_critical_path"]]
    sums = on_path.groupby(["name", "target"])["days"].sum()
    assert sums["project", 0.9] == joint(found, "project").answer.path_days
    lengths = pd.DataFrame([(r.name, r.path_days, r.share) for r in found.length_rows])
    assert (lengths.groupby(0)[1].diff().dropna() < 0).all()


def test_no_self_check_fails(found) -> None:
    assert found.failed_checks == ()


def test_another_clock_for_all_but_limits(yingkou) -> None:
    other = promise(yingkou, (0.9,), clock="calendar_days", replications=2, seed=5)
    assert row(other, "limit", "project", "project_30", 0.9).unit == "wd"
    assert {(r.clock, r.unit) for r in other.promise_rows if r.kind != "limit"} == {
        ("calendar_days", "cd")
    }
    assert row(other, "stage", "project", "land", 0.9).promised_now is None


def test_open_cases_leave_the_promise_open(tmp_path) -> None:
    """One clerk cannot do the work, and the run ends with the window."""
    settings = (
        "staff.clerks.count=1",
        "period.run_out=0 cd",
        "case_types.paper.arrivals.yearly.volume=4000",
    )
    flooded = promise(office(tmp_path, *settings), (0.5, 0.9))
    late = row(flooded, "limit", "paper", "same_day", 0.9)
    assert late.open > 0.1 * late.cases
    assert (late.days, late.high) == (None, None)
    assert late.at_best is not None
    assert late.low <= late.at_best
    assert flooded.promises["days"].isna().any()


def test_a_network_has_no_parts_to_be_promised_together(tmp_path) -> None:
    plain = promise(office(tmp_path), (0.9,))
    assert {(r.kind, r.name) for r in plain.promise_rows} == {
        *(("limit", "same_day"), ("case_type", "paper"), ("case_type", "form"))
    }
    assert plain.joint_promises == plain.length_rows == ()
    assert plain.joint.empty


def test_a_case_type_without_cases_has_no_rows(tmp_path) -> None:
    none = promise(office(tmp_path, "case_types.form.arrivals.factor=0.000001"), (0.9,))
    assert {r.case_type for r in none.promise_rows} == {"paper"}


def test_an_extended_case_has_its_extension(yingkou) -> None:
    """Everyone has 5 days more, so the limit itself can be 5 days shorter, but not below 0."""
    extended = sim.vary(
        yingkou,
        settings=[
            "limits.project_30.clock=statutory",
            "limits.project_30.extension={days: 5 wd, probability: 1.0}",
        ],
    )
    plain = sim.vary(yingkou, settings=["limits.project_30.clock=statutory"])
    longer, shorter = (
        row(promise(one, (0.95,), replications=2), "limit", "project", "project_30")
        for one in (plain, extended)
    )
    assert shorter.days == longer.days - 5


@pytest.mark.parametrize("settings", [(), ("period.run_out=10 cd",)])
def test_the_cases_that_count_are_those_of_the_limit(yingkou, settings) -> None:
    model = Model(sim.vary(yingkou, settings=list(settings)))
    history = model.replicate(3, 1)
    parts = parts_of(model.scenario, "promised")
    days = read_days(parts, Counting.of(model.scenario, history), history)
    for reading in read_limits(model.scenario, history):
        limit, tally = reading.limit, reading.tallies[reading.clock]
        code = days[:, [(part.kind, part.name) for part in parts].index(("limit", limit.name))]
        assert (code != NOT_BOUND).sum() == tally.decided + tally.open
        assert still_open(code).sum() == tally.open
        assert (~still_open(code) & (code >= 0) & (code <= limit.days)).sum() == tally.on_time
        assert (still_open(code) & (shown_days(code) > limit.days)).sum() == tally.open_overdue


def test_who_waits_for_whom() -> None:
    """Left out, a matter hands on what it waits for; without parallel approval all is one chain."""
    base = sim.load("yingkou/base")
    matters = ("LUP", "DES", "CPP", "CP")  # through PUB, and through CAD, DWG, FIRE and QSS
    assert dependencies(base, "project", matters).requires == ((), (0,), (1,), (0, 1, 2))
    serial = sim.load("yingkou/serial")
    order = tuple(serial.case_types["project"].serial_order)
    chain = dependencies(serial, "project", order).requires
    assert chain == ((), *((n,) for n in range(len(order) - 1)))


def test_what_cannot_be_asked(yingkou) -> None:
    for wrong, rule in (
        ({"targets": ()}, "at least one share"),
        ({"targets": (0.9, 1.0)}, "between 0 and 1"),
        ({"confidence": 1.0}, "confidence 1"),
        ({"clock": "sundial"}, "no clock 'sundial'; valid: calendar_days, gross_span"),
        ({"replications": 1}, "at least 2"),
    ):
        with pytest.raises(ValueError, match=rule):
            promise(yingkou, **wrong)


def test_few_replications_prove_nothing(tmp_path) -> None:
    two = promise(office(tmp_path), (0.9,), replications=2)
    assert all(r.low <= r.days for r in two.promise_rows)
    assert math.isfinite(two.promise_rows[0].low)


# --- what is said of it ----------------------------------------------------------------------


def texts(found: ShortestPromises, language: str) -> list[str]:
    report = promise_report(found, language)
    blocks = [block for part in report.parts for block in part.blocks]
    return [block.text for block in blocks if isinstance(block, Line)]


def test_a_sentence_says_what_is_safe_to_promise(yingkou) -> None:
    found = promise(yingkou, (0.5,), replications=8, seed=5, jobs=1)
    one = row(found, "limit", "project", "project_30", 0.5)
    assert (
        f"Three permits within 30 working days: a promise of {one.days} working days is kept by "
        f"50 % of the cases ({one.low} to {one.high}); {one.high} working days can safely be "
        "promised. Today: 30 working days."
    ) in texts(found, "en")
    assert any(f"承诺{one.high}个工作日是稳妥的" in text for text in texts(found, "zh"))


def test_nothing_is_called_safe_that_is_not_proven(found) -> None:
    for one in found.joint_promises:
        said = [
            text
            for text in texts(found, "en")
            if f"{one.answer.target:.0%}".replace("%", " %") in text
            and f"{one.answer.path_days} working day" in text
        ]
        proofs = [text for text in said if "proven on cases that were not used" in text]
        doubts = [text for text in said if "but not proven" in text]
        assert proofs if one.answer.proven else doubts


def test_the_report_counts_open_cases_and_says_what_no_promise_reaches(tmp_path) -> None:
    settings = ("staff.clerks.count=1", "period.run_out=0 cd")
    volume = "case_types.paper.arrivals.yearly.volume=4000"
    flooded = promise(office(tmp_path, *settings, volume), (0.1, 0.9))
    one = row(flooded, "limit", "paper", "same_day", 0.9)
    said = "\n".join(texts(flooded, "en"))
    assert f"{one.open} cases were still open when the run ended. Here they count as late." in said
    assert "no number of days seen is kept by 90 % of the cases; it takes at least" in said


def test_two_replications_prove_no_promise_and_the_report_asks_for_more(tmp_path) -> None:
    said = "\n".join(texts(promise(office(tmp_path), (0.9,), replications=2), "en"))
    assert "more replications are needed" in said


def test_what_is_stored_is_not_made_again(tmp_path, monkeypatch) -> None:
    """The days on another clock are other tables; those of `run` lie beside them."""
    scenario, store, made = office(tmp_path), tmp_path / "store", []
    replicate = Task.replicate
    monkeypatch.setattr(
        Task, "replicate", lambda self, number: made.append(number) or replicate(self, number)
    )
    sim.run(scenario, replications=2, store=store)
    promise(scenario, replications=4, store=store)
    assert made == [0, 1, 0, 1, 2, 3]
    again = promise(scenario, replications=6, store=store)
    assert made == [0, 1, 0, 1, 2, 3, 4, 5]
    assert again.promise_rows == promise(scenario, replications=6).promise_rows
    made.clear()
    promise(scenario, clock="calendar_days", replications=6, store=store)
    assert made == [0, 1, 2, 3, 4, 5]
    (damaged,) = store.glob("*-days-promised/000003.cases.feather")
    damaged.write_bytes(b"nonsense")
    made.clear()
    assert promise(scenario, replications=6, store=store).promise_rows == again.promise_rows
    assert made == [3]


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("--target", "1.5"), "between 0 and 1"),
        (("--clock", "sundial"), "no clock 'sundial'; valid: calendar_days"),
        (("-n", "1"), "at least 2 replications"),
    ],
)
def test_a_command_that_cannot_be_answered_says_why(words, rule) -> None:
    code, out, err = command("promise", "textbook/mm1", *words)
    assert (code, out) == (2, "")
    assert rule in err
