"""The eleven zones: results by zone, the ranking, and pooled officers on the same cases."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.experiments import Model, Result
from sim.measures.limits import summarise
from sim.report.run.data import result_data
from sim.report.run.ranking import judgement
from tests.build.commands import SMALL, command

ZONES = [
    "beihai", "dashiqiao", "gaizhou", "gaoxinqu", "jingkaiqu", "laobian", "liaohe", "nanlou",
    "xianrendao", "yanhai", "zhanqian",
]  # fmt: skip
PARKS = ["zhanqian_1", "zhanqian_2", "zhanqian_3"]
QUARTER = ["period.window={from: 2021-01-01, to: 2021-03-31}", "period.run_out=400 cd"]


@cache
def run(name: str) -> Result:
    scenario = sim.load(f"yingkou/{name}", settings=QUARTER)
    return sim.run(scenario, replications=3, seed=1, keep="items")


@pytest.fixture
def two_zones(tmp_path: Path) -> Path:
    text = SMALL.replace("COUNT", "{east: 1, west: 1}").replace("clerk: {}", "clerk: {per: zone}")
    labels = "label: {en: Zone, zh: 片区}, labels: {east: {en: The east, zh: 东区}}"
    zone = f"zone: {{shares: {{east: 0.7, west: 0.3}}, {labels}}}"
    file = tmp_path / "zones.yaml"
    file.write_text(text.replace("    steps:", f"    attributes: {{{zone}}}\n    steps:"), "utf-8")
    return file


# --- the scenario of the eleven zones --------------------------------------------------------


def test_eleven_zones_by_all_limits():
    groups = run("zones").groups
    assert len(groups) == 33
    for limit in ("project_30", "project_45", "startup_2"):
        assert sorted(groups[groups["limit"] == limit]["value"]) == ZONES


@pytest.mark.parametrize("name", ["zones", "zones_pooled"])
def test_zones_add_up_to_the_limit(name):
    result = run(name)
    for each, groups in zip(result.verdicts, result.reported_groups, strict=True):
        assert groups.limit == each.limit
        limits = [member.limit for member in groups.members]
        for count in ("measured", "on_time", "late", "open", "open_overdue", "no_decision"):
            assert sum(getattr(limit, count) for limit in limits) == getattr(each, count), count


def test_the_pooled_variant_has_the_same_cases_and_the_same_efforts():
    apart, pooled = (
        Model(sim.load(f"yingkou/{name}", settings=QUARTER)).demand.draw(7, 2)
        for name in ("zones", "zones_pooled")
    )
    one, other = apart.workload, pooled.workload
    for name in ("arrival_s", "first_item", "measured", "amount", "priority", "pred_ptr", "pred"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ("case_type", "outcome", "case", "node", "marks"):
        assert np.array_equal(getattr(apart, name), getattr(pooled, name)), name
    assert np.array_equal(apart.attributes["zone"], pooled.attributes["zone"])
    assert not np.array_equal(one.pool, other.pool)


def test_the_same_officers_with_the_same_time():
    apart, pooled = (sim.load(f"yingkou/{name}") for name in ("zones", "zones_pooled"))
    for name in ("zone_clerks", "zone_reviewers"):
        one, other = apart.staff[name], pooled.staff[name]
        assert sum(one.count.values()) == other.count
        keys = ("serves", "hours", "share", "speed", "absence", "closing")
        assert [getattr(one, k) for k in keys] == [getattr(other, k) for k in keys]


def test_dispersing_takes_the_time_that_the_base_has():
    base, zones = sim.load("yingkou/base"), sim.load("yingkou/zones")

    def officers(scenario, names):
        groups = [scenario.staff[name] for name in names]
        counts = [g.count if isinstance(g.count, int) else sum(g.count.values()) for g in groups]
        return sum(n * g.share for n, g in zip(counts, groups, strict=True))

    clerks = ["window", "development", "registrars", "insurance_clerks", "fund_clerks"]
    assert officers(zones, ["zone_clerks"]) == pytest.approx(officers(base, clerks), abs=0.01)
    reviewers = ["planners", "builders"]
    assert officers(zones, ["zone_reviewers"]) == pytest.approx(officers(base, reviewers), abs=0.01)
    others = set(base.staff) - {*clerks, *reviewers}
    assert {name: zones.staff[name] for name in others} == {n: base.staff[n] for n in others}


def test_one_pool_keeps_both_promises_better():
    apart, pooled = run("zones").verdicts, run("zones_pooled").verdicts
    for one, other in zip(apart, pooled, strict=True):
        assert other.share > one.share


def test_zone_pools_and_officers_serve_their_own_cases_alone():
    result = run("zones")
    key = ["replication", "case"]
    zone = result.cases.set_index(key)["attribute.zone"].astype(str)
    items = result.items.set_index(key).join(zone, how="inner")
    begun = items[items["officer"].notna() & items["start"].notna()]
    own = begun[begun["pool"].astype(str).str.contains("[", regex=False)]
    pool_of = own["pool"].astype(str).str.extract(r"\[(.+)\]")[0]
    assert (pool_of.to_numpy() == own["attribute.zone"].to_numpy()).all()
    assert set(pool_of) == {*ZONES, *PARKS} - {"zhanqian"}
    officer = own["officer"].astype(str).str.extract(r"^(\w+)\[(.+)\]")
    site, of_zone = own["attribute.zone"], own["attribute.zone"].replace(PARKS, "zhanqian")
    clerk = (officer[0] == "zone_clerks").to_numpy()
    assert clerk.any()
    assert (officer[1][clerk].to_numpy() == site[clerk].to_numpy()).all()
    # one reviewer for the three parks
    assert (officer[1][~clerk].to_numpy() == of_zone[~clerk].to_numpy()).all()


# --- reports ---------------------------------------------------------------------------------


def test_text_in_both_languages(two_zones):
    code, out, err = command("run", two_zones, "-n", 4, "--by", "zone")
    assert (code, err) == (0, "")
    for text in ("same_day: by zone", "The east", "west", "In last 1", "The ranks of two years"):
        assert text in out
    _, out, _ = command("run", two_zones, "-n", 4, "--by", "zone", "--lang", "zh")
    for text in ("按片区", "东区", "平均名次", "落入后1名", "两个年度的名次一致程度"):
        assert text in out
    _, out, _ = command("run", two_zones, "-n", 4)
    assert "The ranks of two years" not in out
    _, out, _ = command("run", two_zones, "-n", 1, "--by", "zone")
    assert "One replication does not show" in out


def test_json_has_the_groups(two_zones):
    _, out, _ = command("run", two_zones, "-n", 4, "--by", "zone", "--json")
    data = json.loads(out)
    groups = data["groups"]
    for group in groups:
        assert (group["limit"], group["attribute"], group["bottom"]) == ("same_day", "zone", 1)
        assert 0 <= group["signal_if_alike"] <= 1
    assert set(groups[0]) == {
        "limit", "attribute", "bottom", "signal", "signal_if_alike", "value",
        "cases", "on_time", "late", "open", "open_overdue", "withdrawn", "no_decision",
        "on_time_share", "ci_low", "ci_high", "verdict", "p90", "mean_rank", "rank_low",
        "rank_high", "bottom_share", "bottom_if_alike",
        "undetermined", "on_time_share_at_best", "p90_at_least",
        "bottom_twice", "bottom_twice_low", "bottom_twice_high", "bottom_twice_if_alike",
    }  # fmt: skip
    assert sum(each["cases"] for each in groups) == data["limits"][0]["cases"]
    assert sum(each["bottom_share"] for each in groups) == pytest.approx(1)
    _, out, _ = command("run", two_zones, "-n", 4, "--json")
    assert json.loads(out)["groups"] == []


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_out_has_a_table_of_groups(two_zones, tmp_path, form):
    folder = tmp_path / "out"
    command("run", two_zones, "-n", 3, "--by", "zone", "--out", folder, "--format", form)
    read = pd.read_csv if form == "csv" else pd.read_parquet
    table = read(folder / f"groups.{form}")
    assert sorted(table["value"]) == ["east", "west"]
    assert list(table["attribute"]) == ["zone", "zone"]


def test_intervals_of_all_groups_hold_together(two_zones):
    result = sim.run(sim.load(two_zones), replications=6, seed=1)
    (groups,) = result.groups_by("zone")
    for number, value in enumerate(["east", "west"]):
        tallies = [summary.groups["same_day"]["zone"][number] for summary in result.summaries]
        # 95 % for both together is 97.5 % for each
        expected = summarise(groups.limit, tallies, confidence=0.975)
        (member,) = (each for each in groups.members if each.value == value)
        assert (member.limit.low, member.limit.high) == (expected.low, expected.high)


def test_a_group_without_cases_comes_last(two_zones):
    shares = "case_types.paper.attributes.zone.shares={east: 0.0, west: 1.0}"
    result = sim.run(sim.load(two_zones, settings=[shares]), replications=2, seed=1)
    (groups,) = result.groups_by("zone")
    assert [member.value for member in groups.members] == ["west", "east"]
    west, east = (member.limit for member in groups.members)
    assert (west.measured, east.measured) == (result.verdicts[0].measured, 0)
    assert (east.low, east.high, east.verdict) == (0, 1, "undecided")


def test_intervals_use_the_confidence_of_the_last_look(two_zones):
    result = sim.run(sim.load(two_zones), until=0.2, seed=1)
    (groups,) = result.groups_by("zone")
    wide = result.confidence_of["same_day"]
    assert wide > 0.95
    fixed = sim.run(sim.load(two_zones), replications=result.replications, seed=1)
    (narrower,) = fixed.groups_by("zone")
    widths = [sum(m.limit.high - m.limit.low for m in g.members) for g in (groups, narrower)]
    assert widths[0] > widths[1]


@pytest.mark.parametrize(
    ("signal", "alike", "word"),
    [
        (0.0, 0.0, "lottery"),
        (0.3, 0.3, "lottery"),  # no more than size alone
        (0.3, 0.0, "mostly_chance"),
        (0.6, 0.0, "partly_chance"),
        (0.9, 0.0, "mostly_real"),
        (1.0, 1.0, "lottery"),
    ],
)
def test_the_word_for_a_signal(signal, alike, word):
    assert judgement(signal, alike) == word


def test_one_replication_has_no_signal():
    result = sim.run(sim.load("yingkou/zones", settings=QUARTER), replications=1, seed=1)
    groups = result_data(result)["groups"]
    assert all(group["signal"] is None for group in groups)
    assert set(Counter(group["limit"] for group in groups).values()) == {11}


# --- mistakes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "message"),
    [
        ("shares: {a: 1.0}, labels: {b: B}", "'b' is no value here"),
        ("shares: {a: 1.0}, sites: {z: [b]}", "'b' has no share"),
        ("shares: {a: 1.0}, sites: {a: [a]}", "'a' is a value itself"),
        ("shares: {a: 1.0}, sites: {z: []}", "'z' has no values"),
        ("shares: {a: 1.0}, sites: {y: [a], z: [a]}", "'a' is named twice"),
    ],
)
def test_bad_sites_and_labels(tmp_path, zone, message):
    text = SMALL.replace("COUNT", "2")
    file = tmp_path / "bad.yaml"
    file.write_text(text.replace("    steps:", f"    attributes: {{zone: {{{zone}}}}}\n    steps:"))
    code, _, err = command("check", file)
    assert code == 2
    assert message in err


@pytest.mark.parametrize(
    ("count", "missing"),
    [("{west: null}", "west"), ("{west: 0}", "west"), ("{east: null}", "east")],
)
def test_a_zone_without_officers_is_refused(two_zones, count, missing):
    code, _, err = command("check", two_zones, "--set", f"staff.clerks.count={count}")
    assert code == 2
    assert f"no officer serves it for {missing}" in err


def test_officers_named_by_a_zone_serve_all_its_sites():
    model = Model(sim.load("yingkou/zones"))
    served = {
        officer.name: {model.pools.names[pool] for pool in officer.pools}
        for officer in model.supply.officers
    }
    pools = ("planners", "builders")
    every = {f"{pool}[{park}]" for pool in pools for park in PARKS}
    assert served["zone_reviewers[zhanqian]/1"] == every
    assert served["zone_reviewers[beihai]/1"] == {f"{pool}[beihai]" for pool in pools}


def test_an_unknown_attribute_is_refused_with_a_hint(two_zones):
    code, _, err = command("run", two_zones, "--by", "zones")
    assert code == 2
    assert "no case type with a limit has this attribute; did you mean 'zone'?" in err


def test_sites_must_be_the_same_in_all_case_types():
    one = "case_types.project.attributes.zone.sites={zhanqian: [zhanqian_1, zhanqian_2]}"
    with pytest.raises(sim.ScenarioError, match="another one's site in another case type"):
        sim.load("yingkou/zones", settings=[one])


def test_unknown_attribute_in_python(two_zones):
    result = sim.run(sim.load(two_zones), replications=1)
    with pytest.raises(ValueError, match="there are: zone"):
        result.by("colour")
    assert sorted(result.by("zone")["value"]) == ["east", "west"]
