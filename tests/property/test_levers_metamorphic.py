"""What each lever must never worsen, and what it costs elsewhere: the Yingkou zones, same cases.

Common random numbers: off and on have the same cases and draws. With *plenty* of staff nobody waits
for an officer, and what must hold for each case is asserted for each. With the staff of the
scenario there are queues: what one case gains may be another's loss, and averages are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pytest

from sim.clocks import ClockReadings, Counting, History, read_clocks
from sim.limits import Scope
from sim.measures.checks import run_checks
from sim.measures.limits import Standing
from sim.process.graph import Outcome, Owner
from sim.replications.model import Model
from sim.replications.readings import read_limits
from sim.scenario import load

SHORT = (
    "period.start=2021-01-04",
    "period.window={from: 2021-03-01, to: 2021-05-31}",
    "period.run_out=250 cd",
)
REPLICATIONS = 2
PROJECT = ("LUP", "DES", "PUB", "CAD", "CPP", "DWG", "FIRE", "QSS", "CP")
CLOCKS = ("statutory", "promised", "net_approval", "gross_span", "calendar_days")


@dataclass(frozen=True)
class World:
    """Some replications of one scenario."""

    model: Model
    replications: tuple[History, ...]

    @cached_property
    def names(self) -> np.ndarray:
        return np.array([node.name for node in self.model.process.nodes])

    def step(self, done: History) -> np.ndarray:
        """Return [items] its step."""
        return self.names[done.demand.node]

    def worked_h(self, pool: str) -> float:
        """Return the effort that the pool was asked for, in hours."""
        numbers = self.model.pools.numbers(pool)
        return (
            sum(
                float(d.demand.workload.amount[np.isin(d.demand.workload.pool, numbers)].sum())
                for d in self.replications
            )
            / 3600
        )

    def count(self, text: str, case_type: str = "project") -> int:
        """Return how many items there are of steps with this text in their name."""
        found = 0
        kind = self.model.process.case_types.index(case_type)
        for done in self.replications:
            here = np.char.find(self.step(done), text) >= 0
            found += int((here & (done.demand.case_type[done.demand.case] == kind)).sum())
        return found

    def clocks(self, case_type: str = "project", scope=PROJECT) -> list[ClockReadings]:
        scope = Scope(case_type, scope)
        return [
            read_clocks(d, scope, Counting.of(self.model.scenario, d)) for d in self.replications
        ]

    def days(self, clock: str, case_type: str = "project", scope=PROJECT) -> np.ndarray:
        """Return the days of each case, of all replications, in order of arrival."""
        return np.concatenate([c.clocks[clock].value for c in self.clocks(case_type, scope)])

    def outcome(self, case_type: str = "project") -> np.ndarray:
        kind = self.model.process.case_types.index(case_type)
        return np.concatenate(
            [d.demand.outcome[d.demand.case_type == kind] for d in self.replications]
        )

    def measured(self, case_type: str = "project") -> np.ndarray:
        kind = self.model.process.case_types.index(case_type)
        return np.concatenate(
            [d.demand.workload.measured[d.demand.case_type == kind] for d in self.replications]
        )

    def mean(self, clock: str, case_type: str = "project", scope=PROJECT) -> float:
        return float(self.days(clock, case_type, scope)[self.measured(case_type)].mean())


@cache
def plenty_of_staff() -> tuple[str, ...]:
    """So many officers that nobody waits for one, and none of them away with a case in hand."""
    return tuple(
        setting
        for name in load("yingkou/levers").staff
        for setting in (f"staff.{name}.count=20", f"staff.{name}.absence=0.0")
    )


@cache
def world(*levers: str, plenty: bool = False, settings: tuple[str, ...] = ()) -> World:
    more = (*(plenty_of_staff() if plenty else ()), *settings)
    model = Model(load("yingkou/levers", overrides=levers, settings=(*SHORT, *more)))
    done = tuple(model.replicate(1, number) for number in range(REPLICATIONS))
    for each in done:
        checks = run_checks(each, each.horizon_s)
        assert all(check.ok for check in checks), checks
    return World(model, done)


def never_worse(on: World, off: World, clock: str, *, among=True, **scope) -> float:
    """Assert that no case has more days; return how many days the cases have less on average."""
    gain = off.days(clock, **scope) - on.days(clock, **scope)
    chosen = on.measured(scope.get("case_type", "project")) & among
    assert chosen.sum() > 40
    assert (gain[chosen] >= 0).all(), (clock, np.flatnonzero(chosen & (gain < 0)))
    return float(gain[chosen].mean())


# --- the further levers --------------------------------------------------------------------------


def test_online_saves_counters_and_circulation_and_leaves_the_checks():
    off, on = world(), world("online")
    for clock in ("promised", "net_approval", "gross_span"):
        assert on.mean(clock) < off.mean(clock)
    assert on.worked_h("general_window") < off.worked_h("general_window")
    assert on.count("/intake") == pytest.approx(0.5 * off.count("/intake"), rel=0.2)
    assert on.count("/transfer_out") == pytest.approx(0.5 * off.count("/transfer_out"), rel=0.2)
    # what is checked and reviewed is checked and reviewed as ever
    assert on.count("/check") == off.count("/check")
    for pool in ("planners", "ecologists", "builders", "registrars"):
        assert on.worked_h(pool) == off.worked_h(pool)


def test_all_online_nobody_comes_to_a_counter():
    on = world("online", settings=("handling.online_share=1.0",))
    assert on.count("/intake") == on.count("/transfer") == on.count("/delivery") == 0


def test_conditional_acceptance_ends_cases_earlier_but_starts_their_clock_earlier_too():
    off, on = world(plenty=True), world("conditional", plenty=True)
    lapsed = on.outcome() == Outcome.LAPSED
    assert 0 < lapsed.mean() < 0.2
    assert not (off.outcome() == Outcome.LAPSED).any()
    ended = ~lapsed & (on.outcome() == Outcome.DONE)
    assert never_worse(on, off, "gross_span", among=ended, scope=None) > 1
    never_worse(on, off, "calendar_days", among=ended, scope=None)
    # The price: the legal clock runs while the papers are missing.
    longer = on.days("promised") - off.days("promised")
    assert longer[ended & on.measured()].mean() > 1
    assert on.count("/papers") > 20
    assert on.count("/correction") < off.count("/correction")


def test_commitment_shortens_the_clock_and_adds_verification():
    off, on = world(plenty=True), world("commitment", plenty=True)
    scope = ("WSC", "CAD")
    for clock in ("statutory", "promised", "net_approval"):
        assert never_worse(on, off, clock, scope=scope) > 0.2
    # A stage delivers everything together, and the permit waits for much else.
    assert never_worse(on, off, "gross_span", scope=None) >= 0
    assert off.count("/verification") == off.count("QSS/verification")
    assert on.count("WSC/commitment/verification") > 50
    assert on.count("CAD/commitment/verification") > 50
    assert on.worked_h("hydrologists") != off.worked_h("hydrologists")
    # reviews of 6 and 3 hours become decisions of 1 hour, and verifications of 4 and 2 hours
    reviews = off.count("WSC/review") - on.count("WSC/review")
    assert reviews == pytest.approx(0.8 * off.count("WSC/review"), rel=0.1)
    assert (on.outcome() == Outcome.REVOKED).mean() < 0.05


def test_build_first_moves_the_visits_and_does_all_of_them():
    off, on = world(plenty=True), world("build_first", plenty=True)
    for clock in ("statutory", "promised", "net_approval"):
        assert on.mean(clock, scope=("QSS",)) < off.mean(clock, scope=("QSS",))
        assert on.mean(clock) <= off.mean(clock)
    never_worse(on, off, "gross_span", scope=None)
    assert on.worked_h("builders") == off.worked_h("builders")
    for step in ("QSS/verification", "QSS/rectification"):
        assert on.count(step) - on.count(f"{step}/due") == off.count(step) > 0


@pytest.mark.parametrize("form", ["devolved", "authorised", "entrusted", "stationed"])
def test_delegation_takes_the_papers_off_the_road_and_loads_the_zone(form):
    off, on = world(), world(form)
    pool = "stationed_staff" if form == "stationed" else "zone_reviewers"
    for matter in ("LUP", "CPP"):
        assert on.count(f"{matter}/transfer") == 0 < off.count(f"{matter}/transfer")
        assert on.count(f"{matter}/review/handle") >= off.count(f"{matter}/review/handle")
    assert on.count("DES/transfer") == off.count("DES/transfer")
    assert off.worked_h(pool) == 0
    city = sum(off.worked_h(p) - on.worked_h(p) for p in ("planners", "planning_leader"))
    assert city > 0
    effort = 1.0 if form == "stationed" else 1.2
    errors = sum(
        d.demand.workload.amount[np.char.endswith(on.step(d), "/again")].sum() / 3600
        for d in on.replications
    )
    assert (errors > 0) == (form != "stationed")
    assert on.worked_h(pool) - errors == pytest.approx(effort * city, rel=1e-3)
    owners = {
        on.model.process.nodes[n].department for n in np.flatnonzero(on.names == "LUP/decision")
    }
    assert owners == {"zone" if form in {"devolved", "authorised"} else "natural_resources"}


def test_stationed_staff_works_on_its_days_only_and_cases_wait_for_them():
    off, on = world(plenty=True), world("stationed", plenty=True)
    for done in on.replications:
        here = np.isin(on.step(done), ["LUP/decision", "CPP/review/handle"])
        here &= done.schedule.end >= 0
        begun = np.datetime64("2021-01-04") + (done.schedule.start[here] // 86_400)
        weekday = (begun.astype("datetime64[D]").astype(int) + 3) % 7
        assert set(weekday) == {1, 3}
    assert on.mean("promised", scope=("LUP",)) > off.mean("promised", scope=("LUP",))


def test_area_assessment_spares_work_and_worsens_nothing():
    off, on = world(plenty=True), world("area_assessment", plenty=True)
    for clock in ("gross_span", "calendar_days"):
        never_worse(on, off, clock, scope=None)
    for clock in CLOCKS:  # the assessments do not lie on the way to the permits
        assert np.array_equal(on.days(clock), off.days(clock))
    # Not for each case on clocks that pause: days that overlapped, and counted once, may lie apart.
    assert on.mean("promised", scope=None) < off.mean("promised", scope=None)
    assert never_worse(on, off, "promised", scope=("EIA", "WSC")) > 1
    assert on.count("WSC/") == 0 < off.count("WSC/")
    assert on.worked_h("ecologists") < 0.5 * off.worked_h("ecologists")
    assert on.worked_h("hydrologists") < off.worked_h("hydrologists")
    # with the staff of the scenario the water reviewers are free for the design sooner
    assert world("area_assessment").mean("promised") < world().mean("promised")


def test_assisted_service_takes_corrections_away_and_assistants_time():
    off, on = world(), world("assisted")
    assert on.count("/correction") < 0.5 * off.count("/correction")
    assert on.count("DES/review_correction") < off.count("DES/review_correction")
    assert on.count("DWG/review_correction") == off.count("DWG/review_correction")  # no papers
    for one, other in zip(on.replications, off.replications, strict=True):
        rounds = [
            np.bincount(
                d.demand.case[np.char.find(w.step(d), "/correction") >= 0],
                minlength=len(d.demand.case_type),
            )
            for w, d in ((on, one), (off, other))
        ]
        assert (rounds[0] <= rounds[1]).all()  # for each case
    assert off.worked_h("assistants") == 0 < on.worked_h("assistants")
    assert on.count("/assistance") > on.count("FIL/decision")  # one for every stage
    assert on.worked_h("general_window") < off.worked_h("general_window")
    assert on.mean("gross_span") < off.mean("gross_span")
    # The promised clock leaves out the applicant's time, so that there is little to gain; and who
    # is not sent back is in the reviewers' queue sooner, with the others.
    assert world("assisted", plenty=True).mean("promised") < world(plenty=True).mean("promised")


def test_tacit_consent_bounds_co_reviews_and_leaves_them_undone():
    off, on = world(), world("tacit_consent")
    late = 0
    for one, other in zip(on.replications, off.replications, strict=True):
        days = on.model.working_days
        here = np.char.startswith(on.step(one), "DES/co_review")
        assert np.array_equal(here, np.char.startswith(off.step(other), "DES/co_review"))
        both = here & (one.schedule.end >= 0) & (other.schedule.end >= 0)
        waited = [
            days.count(s.ready[both] // 86_400, s.end[both] // 86_400)
            for s in (one.schedule, other.schedule)
        ]
        assert waited[0].max() <= 3
        late += int((waited[1] > 3).sum())
    assert late > 5  # which now count as consent without having been given
    assert on.mean("promised", scope=("DES",)) <= off.mean("promised", scope=("DES",))
    assert on.mean("promised") <= off.mean("promised")


def test_deemed_acceptance_only_ever_adds_days_to_the_legal_clocks():
    busy = ("staff.window.share=0.25",)
    off, on = world("ignore_deemed_acceptance", settings=busy), world(settings=busy)
    for one, other in zip(on.replications, off.replications, strict=True):
        assert np.array_equal(one.schedule.end, other.schedule.end)
    for clock in ("statutory", "promised", "net_approval"):
        assert (on.days(clock, scope=None) >= off.days(clock, scope=None)).all()
        assert on.days(clock, scope=None).sum() > off.days(clock, scope=None).sum()
    for clock in ("gross_span", "calendar_days"):
        assert np.array_equal(on.days(clock, scope=None), off.days(clock, scope=None))


def test_an_extension_saves_late_cases_and_touches_no_other():
    off, on = world("short_handed"), world("short_handed", "extension")
    late, saved = [], []
    for one, other in zip(on.replications, off.replications, strict=True):
        assert np.array_equal(one.schedule.end, other.schedule.end)
        with_it, without = (
            {each.limit.name: each for each in read_limits(w.model.scenario, d)}
            for w, d in ((on, one), (off, other))
        )
        before, after = (
            each["project_45"].standing["statutory"] == Standing.LATE for each in (without, with_it)
        )
        assert (before | ~after).all()  # nobody is late who was not
        late.append(before)
        saved.append(before & ~after)
        days = without["project_45"].readings.clocks["statutory"].value
        assert ((days > 45) & (days <= 60))[saved[-1]].all()
        for name, clock in (("startup_2", "gross_span"), ("project_30", "promised")):
            assert np.array_equal(with_it[name].standing[clock], without[name].standing[clock])
    assert 0 < np.concatenate(saved).sum() < 0.2 * np.concatenate(late).sum()


# --- the older levers ----------------------------------------------------------------------------


def test_parallel_approval_never_makes_a_case_later():
    # Who is refused has no further steps: other steps one by one than in parallel.
    nobody = tuple(f"case_types.project.matters.{name}.refusal=null" for name in ("CPP", "CP"))
    off = world("one_by_one", plenty=True, settings=nobody)
    on = world(plenty=True, settings=nobody)
    assert never_worse(on, off, "gross_span", scope=None) > 5
    never_worse(on, off, "calendar_days", scope=None)
    # the same work
    for pool in ("planners", "ecologists", "builders", "general_window"):
        assert on.worked_h(pool) == off.worked_h(pool)


def test_pre_review_never_makes_a_case_later():
    off, on = world(plenty=True), world("pre_review", plenty=True)
    assert never_worse(on, off, "gross_span", scope=None) > 0
    assert on.worked_h("planners") == off.worked_h("planners")
    # The price: CP is reviewed in vain where CPP is then refused; and papers of later stages come
    # sooner, so that start-ups wait behind them at the window.
    in_vain = on.count("CP/review/handle") - off.count("CP/review/handle")
    assert in_vain == on.count("CP/review/handle") - on.count("CP/decision") > 0
    assert on.worked_h("builders") > off.worked_h("builders")
    off, on = world(), world("pre_review")
    start = {"case_type": "startup", "scope": None}
    assert on.mean("gross_span", **start) > off.mean("gross_span", **start)


def test_a_joint_meeting_halves_the_opinions_and_keeps_cases_for_its_day():
    off, on = world(plenty=True), world("joint_meeting", plenty=True)
    for one, other in zip(on.replications, off.replications, strict=True):
        opinions = [
            np.flatnonzero(np.char.startswith(w.step(d), "DES/co_review"))
            for w, d in ((on, one), (off, other))
        ]
        cases, amount, ready, end = (
            [array(d)[items] for d, items in zip((one, other), opinions, strict=True)]
            for array in (
                lambda d: d.demand.case,
                lambda d: d.demand.workload.amount,
                lambda d: d.schedule.ready,
                lambda d: d.schedule.end,
            )
        )
        assert np.array_equal(*cases)
        assert np.abs(2 * amount[0] - amount[1]).max() <= 2  # whole seconds
        known = (end[0] >= 0) & (end[1] >= 0)
        # A leader who is busy with another case at the time of a meeting may sign later.
        alike = known & (ready[0] == ready[1])
        assert alike.sum() > 0.99 * known.sum()
        assert (end[0] <= end[1])[alike].all()  # no opinion comes later
        held = one.schedule.start[on.step(one) == "DES/meeting"]
        held = held[held >= 0]
        weekday = (np.datetime64("2021-01-04").astype(int) + held // 86_400 + 3) % 7
        assert set(weekday) == {1}
        assert (held % 86_400 >= 14 * 3600).all()
        assert (held % 86_400 < 17 * 3600).all()
    # The price: the design is decided days later, and the meeting takes its hours.
    assert on.mean("promised", scope=("DES",)) > off.mean("promised", scope=("DES",)) + 1
    assert on.mean("gross_span", scope=None) > off.mean("gross_span", scope=None)
    assert off.worked_h("design_meeting") == 0 < on.worked_h("design_meeting")
    assert on.worked_h("gardeners") == pytest.approx(0.5 * off.worked_h("gardeners"), rel=1e-3)
    for pool in ("planners", "planning_leader", "general_window", "ecologists"):
        assert on.worked_h(pool) == off.worked_h(pool)


def test_one_window_spares_trips_and_adds_circulation():
    off, on = world("counters", plenty=True), world(plenty=True)
    assert on.count("/trip") == off.count("/transfer") == 0
    assert on.count("/transfer") > 0 < off.count("/trip")
    assert on.mean("gross_span", scope=None) < off.mean("gross_span", scope=None)
    assert on.mean("net_approval") > off.mean("net_approval")  # papers circulate on the clock
    assert on.count("/intake") < off.count("/intake")


def test_integrated_startup_never_makes_a_case_later():
    off, on = world("startup_apart", plenty=True), world(plenty=True)
    start = {"case_type": "startup", "scope": None}
    assert never_worse(on, off, "gross_span", **start) > 2
    never_worse(on, off, "calendar_days", **start)
    assert on.worked_h("general_window") > off.worked_h("general_window")  # which takes it all in
    for clock in CLOCKS:  # and changes no project
        assert np.array_equal(on.days(clock), off.days(clock))


def test_supervision_is_on_no_clock_and_every_case_ends():
    on = world("everything")
    nodes = on.model.process.nodes
    assert {n.owner for n in nodes if "/commitment/" in n.name} == {Owner.SUPERVISION}
    for done in on.replications:
        measured = done.demand.workload.measured[done.demand.case]
        assert (done.schedule.end[measured] >= 0).all()
