"""`sim reforms`: what each lever contributes."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.experiments.reforms.levers import choose_levers
from sim.measures.contrasts import Estimate
from sim.report.reforms.report import reforms_data
from sim.scenario import ALL_OFF, Handling

HALF_TIME = """
name: {en: Half a clerk}
calendar: {country: weekdays}
period: {start: 2024-01-01, window: {from: 2024-01-08, to: 2024-02-04}, run_out: 60 cd}
hours: {day: {week: {mon-fri: "9:00-12:00 13:00-17:00"}}}
pools: {clerk: {}}
staff: {clerks: {serves: [clerk], count: 2, hours: day, share: 0.5}}
case_types:
  paper:
    arrivals: {yearly: {volume: 500}}
    steps: {handle: {pool: clerk, work: {constant: 45 min}}}
"""


SHORT = "period={start: 2021-02-01, window: {from: 2021-03-01, to: 2021-03-31}, run_out: 150 cd}"
"""A month of cases: enough for what does not depend on the number."""


@pytest.fixture(scope="module")
def base() -> sim.Scenario:
    return sim.load("yingkou/base", settings=[SHORT])


@pytest.fixture(scope="module")
def levers() -> sim.Scenario:
    return sim.load("yingkou/levers", settings=[SHORT])


@pytest.fixture(scope="module")
def found(base):
    return sim.reforms(base, replications=3, seed=5)


def command(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_all_off_is_off():
    assert not any(
        value not in {False, "none"} for name, value in ALL_OFF if name in Handling.__annotations__
    )


# --- which levers ----------------------------------------------------------------------------


def test_the_levers_of_today_lead_back_to_serial_counters(base):
    chosen = choose_levers(base)
    assert chosen.names == ("one_window", "parallel_approval", "integrated_startup")
    assert chosen.scenario(frozenset()).handling.model_copy(update={"source": None}) == ALL_OFF
    assert chosen.scenario(frozenset(chosen.names)) is base
    assert not chosen.always_on


def test_added_levers_lead_beyond_today(levers):
    chosen = choose_levers(levers, added=["online", "build_first", "devolved"])
    assert chosen.names[3:] == ("online", "build_first", "devolved")
    whole = chosen.scenario(frozenset(chosen.names)).handling
    assert (whole.online_share, whole.build_first, whole.delegation) == (0.5, True, "devolved")
    only = chosen.scenario(frozenset({"build_first"})).handling
    assert (only.online_share, only.build_first, only.one_window) == (0.0, True, False)


def test_a_switch_without_an_override_can_be_added(base):
    chosen = choose_levers(base, ["tacit_consent"])
    assert not chosen.scenario(frozenset()).handling.tacit_consent
    assert chosen.scenario(frozenset({"tacit_consent"})).handling.tacit_consent


def test_pre_review_needs_parallel_approval(levers):
    chosen = choose_levers(levers, added=["pre_review", "joint_meeting"])
    assert chosen.effective(frozenset({"pre_review", "one_window"})) == {"one_window"}
    with_it = frozenset({"pre_review", "joint_meeting", "parallel_approval"})
    assert chosen.effective(with_it) == with_it
    # a start-up that is integrated runs in parallel, too
    assert "pre_review" in chosen.effective(frozenset({"pre_review", "integrated_startup"}))


def test_a_lever_that_lacks_what_it_needs_adds_nothing_and_is_not_simulated_for_that(levers):
    made = []
    got = sim.reforms(
        levers,
        levers=["pre_review", "parallel_approval"],
        order=["pre_review", "parallel_approval"],
        replications=1,
        seed=1,
        progress=lambda done, total: made.append(total),
    )
    # integrated start-up stays on, so all four are told apart …
    assert made[-1] == 4
    serial = sim.vary(levers, settings=["handling.integrated_startup=false"])
    got = sim.reforms(
        serial,
        levers=["pre_review", "parallel_approval"],
        order=["pre_review", "parallel_approval"],
        replications=1,
        seed=1,
        progress=lambda done, total: made.append(total),
    )
    assert made[-1] == 3  # … and without it, pre-review alone is nobody
    days = got.effect("days_saved", "project_30").parts
    assert days["stepwise"]["pre_review"].exact == days["first"]["pre_review"].exact == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"names": ["one_windw"]}, "did you mean 'one_window'"),
        ({"added": ["one_window"]}, "named twice"),
        ({"added": ["devolved", "stationed"]}, "changes handling.delegation, as 'devolved' does"),
        ({"added": ["counters"]}, "changes handling.one_window"),
        ({"names": ["online_share"]}, "name an override that sets it"),
        ({"order": ["one_window", "parallel_approval"]}, "integrated_startup: is missing"),
        ({"order": ["x", "one_window"]}, "x: is not among the levers"),
    ],
)
def test_levers_that_cannot_be(levers, arguments, message):
    with pytest.raises(sim.ScenarioError, match=message):
        choose_levers(levers, **arguments)


def test_a_lever_in_vain_is_refused(levers):
    settings = ["handling.parallel_approval=false", "handling.integrated_startup=false"]
    with pytest.raises(sim.ScenarioError, match="does nothing without"):
        choose_levers(sim.vary(levers, settings=settings), added=["pre_review"])


def test_a_switch_in_vain_is_no_lever_of_today(levers):
    settings = [
        "handling.parallel_approval=false",
        "handling.integrated_startup=false",
        "handling.pre_review=true",
    ]
    assert choose_levers(sim.vary(levers, settings=settings)).names == ("one_window",)


# --- what they contribute --------------------------------------------------------------------


def test_contributions_add_up_to_the_last_digit(found):
    for effect in found.effects:
        for rule in ("stepwise", "shapley"):
            parts = effect.parts[rule].values()
            assert sum(part.exact for part in parts) == effect.total.exact


def test_the_ends_are_the_two_scenarios(base, found):
    """`yingkou/serial` was written by hand; the levers are switched off by the experiment."""
    before = sim.run(
        sim.load("yingkou/serial", settings=[SHORT]), replications=3, seed=5, keep="summary"
    )
    after = sim.run(base, replications=3, seed=5, keep="summary")
    olds, news = ({each.name: each for each in made.verdicts} for made in (before, after))
    for limit, old in olds.items():  # joint handling has a limit of the law that serial has not
        new = news[limit]
        effect = found.effect("on_time_share", limit)
        assert effect.levels[frozenset()] == Estimate(old.share, old.low, old.high)
        assert effect.levels[found.everything] == Estimate(new.share, new.low, new.high)
        days = found.effect("days_saved", limit)
        clock = base.limits[limit].clock
        saved = before.mean_days(limit, clock) - after.mean_days(limit, clock)
        assert days.total.estimate.value == pytest.approx(saved)
        told = {of.clock: of for of in found.clock_changes if of.limit == limit}
        assert set(told) == {"promised", "gross_span"}
        for clock, of in told.items():
            assert of.before.value == pytest.approx(before.mean_days(limit, clock))
            assert of.after.value == pytest.approx(after.mean_days(limit, clock))
            assert of.change.value == pytest.approx(of.after.value - of.before.value)
            assert of.change.low <= of.change.value <= of.change.high


def test_shapley_values_are_the_mean_over_all_orders(base, found):
    """Three levers: (2 first + alone in between + 2 last) / 6, written out."""
    effect = found.effect("days_saved", "project_30")
    share = {frozenset(on): level.value for on, level in effect.levels.items()}
    a, b, c = found.chosen.names
    by_hand = (
        2 * (share[frozenset({a})] - share[frozenset()])
        + (share[frozenset({a, b})] - share[frozenset({b})])
        + (share[frozenset({a, c})] - share[frozenset({c})])
        + 2 * (share[frozenset({a, b, c})] - share[frozenset({b, c})])
    ) / 6
    assert effect.parts["shapley"][a].estimate.value == pytest.approx(-by_hand)


def test_a_lever_that_changes_nothing_has_exactly_no_effect(found):
    """The window of projects keeps start-ups waiting, but gives them no time."""
    nothing = Estimate(0.0, 0.0, 0.0)
    startup = found.effect("staff_h_per_case", "startup").parts
    for rule in startup:
        assert startup[rule]["one_window"].estimate == nothing
        assert startup[rule]["parallel_approval"].estimate == nothing


def test_staff_time_is_that_of_the_case_not_of_the_clock(tmp_path):
    """Officers who give half their time take 90 minutes for 45 minutes of work."""
    file = tmp_path / "half.yaml"
    file.write_text(HALF_TIME, encoding="utf-8")
    got = sim.reforms(sim.load(file), levers=["one_window"], replications=2, seed=1)
    (effect,) = got.effects
    assert effect.levels[frozenset()] == Estimate(0.75, 0.75, 0.75)


def test_drawn_orders_add_up_too(base):
    got = sim.reforms(base, pairs=2, replications=2, seed=5)
    again = sim.reforms(base, pairs=2, replications=2, seed=5)
    assert got.pairs == 2
    for effect, same in zip(got.effects, again.effects, strict=True):
        parts = effect.parts["shapley"]
        assert sum(part.exact for part in parts.values()) == effect.total.exact
        assert parts == same.parts["shapley"]


def test_one_replication_proves_nothing(base):
    got = sim.reforms(base, levers=["integrated_startup"], replications=1, seed=5)
    share = got.effect("on_time_share", "startup_2").total.estimate
    assert share.sign == 0
    assert (share.low, share.high) == (-1, 1)


@pytest.mark.slow
def test_results_hold_on_fresh_seeds():
    """The intervals of independent runs overlap, and nothing proven is contradicted."""
    base = sim.load("yingkou/base")
    one, other = (sim.reforms(base, seed=seed) for seed in (1, 2))
    for effect, fresh in zip(one.effects, other.effects, strict=True):
        pairs = [(effect.total, fresh.total)]
        for rule, parts in effect.parts.items():
            pairs += [(part, fresh.parts[rule][name]) for name, part in parts.items()]
        for a, b in pairs:
            assert max(a.estimate.low, b.estimate.low) <= min(a.estimate.high, b.estimate.high)
            assert a.estimate.sign * b.estimate.sign >= 0


@pytest.mark.slow
def test_the_same_bytes_however_it_is_computed(base):
    def data(**how):
        return reforms_data(sim.reforms(base, replications=3, seed=3, **how))

    alone = data(jobs=1)
    assert data(jobs=2) == alone
    assert data(engine="simpy") == alone


# --- as a reader sees it ---------------------------------------------------------------------


def test_what_json_says_adds_up(found):
    data = json.loads(json.dumps(reforms_data(found)), parse_float=Decimal)
    for effect in data["effects"]:
        for rule in ("stepwise", "shapley"):
            total = sum(lever[rule]["value"] for lever in effect["levers"])
            assert total == effect["total"]["value"]


def test_the_command_says_it_in_sentences():
    wanted = {
        "en": "Without integrated start-up, all else in place, 0.0 % would be on time: it brings ",
        "zh": "若无企业开办集成、其余照旧，按期率为 0.0%：该项贡献 ",
    }
    for language, sentence in wanted.items():
        code, out, err = command(
            "reforms", "yingkou/base", "-n", 2, "--set", SHORT, "--lang", language
        )
        assert (code, err) == (0, "")
        assert sentence in out


def test_the_command_writes_tables(tmp_path: Path):
    import pandas as pd

    code, out, _ = command(
        *("reforms", "yingkou/base", "--lever", "one_window", "-n", 2, "--set", SHORT),
        *("--json", "--out", tmp_path / "out"),
    )
    assert code == 0
    assert json.loads(out) == json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    table = pd.read_parquet(tmp_path / "out" / "contributions.parquet")
    assert set(table["rule"]) == {"stepwise", "shapley", "first", "last", "total"}
    assert set(pd.read_parquet(tmp_path / "out" / "states.parquet")["levers"]) == {"", "one_window"}


def test_bad_input_is_told_without_a_traceback():
    code, out, err = command("reforms", "yingkou/base", "--lever", "one_windw")
    assert (code, out) == (2, "")
    assert err == "levers: one_windw: no lever of this name; did you mean 'one_window'?\n"


def test_a_set_of_levers_that_makes_no_scenario_is_named(tmp_path: Path):
    file = tmp_path / "no_counter.yaml"
    file.write_text(
        "extends: yingkou/base.yaml\ndepartments: {tax: {counter: null}}\n", encoding="utf-8"
    )
    code, _, err = command("reforms", file, "-n", 1)
    assert code == 2
    assert "with these levers on: none" in err
    assert "needs a counter" in err
