"""Putting a scenario together: order of priority, origin, hash, files; and whatever is fuzzed."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

import sim
from sim.scenario import (
    Scenario,
    ScenarioError,
    json_schema,
    library_folder,
    library_names,
    load,
    vary,
)

BASE = """\
name: Base
calendar: {country: everyday}
period: {start: 2024-01-01, window: 2024-01-02}
hours: {always: 24x7}
pools:
  a: {}
  b: {}
staff:
  all: {serves: [a, b], count: {value: 1, source: "measured: roster", range: [1, 4]}, hours: always}
case_types:
  one:
    arrivals: {every: 1 h}
    steps:
      first: {pool: a, work: 10 min}
      second: {pool: b, work: 10 min}
  two:
    arrivals: {every: 2 h}
    steps:
      first: {pool: a, work: 10 min}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE)
    return tmp_path


def count(scenario: Scenario) -> int:
    found = scenario.staff["all"].count
    assert isinstance(found, int)
    return found


def test_completion_shows_what_a_scenario_has() -> None:
    scenario = sim.load("textbook/mm1")
    for part in (scenario, next(iter(scenario.staff.values()))):
        shown = {name for name in dir(part) if not name.startswith("_")}
        assert shown >= type(part).model_fields.keys()
        assert not {name for name in shown if name.startswith(("model_", "parse_", "from_"))}
        assert not shown & {"dict", "json", "copy", "construct", "schema", "validate"}


def test_an_anchor_may_be_set_again(folder: Path) -> None:
    """As in YAML 1.2, the last one counts; the parser would warn, in words of its own."""
    again = BASE.replace("a: {}", "a: &pool {}").replace(
        "b: {}", "b: &pool {rule: priority}\n  c: *pool"
    )
    (folder / "again.yaml").write_text(again)
    assert load("again").pools["c"].rule == "priority"


# --- order of priority ---------------------------------------------------------------------------


def test_order_of_priority(folder: Path) -> None:
    """Defaults < extended files in order < the file < overrides in order < --set in order."""
    (folder / "p1.yaml").write_text("staff: {all: {count: 2, speed: 2.0}}\n")
    (folder / "p2.yaml").write_text("staff: {all: {count: 3}}\n")
    (folder / "child.yaml").write_text(
        "extends: [base, p1, p2.yaml]\nstaff: {all: {count: 4}}\n"
        "overrides:\n  x: {staff: {all: {count: 5}}}\n  y: {staff: {all: {count: 6}}}\n"
    )
    assert load("base").staff["all"].speed == 1.0
    child = load("child")
    assert (count(child), child.staff["all"].speed) == (4, 2.0)
    (folder / "heir.yaml").write_text("extends: [base, p1, p2]\n")
    assert count(load("heir")) == 3
    assert count(load("child", overrides=["x", "y"])) == 6
    assert count(load("child", overrides=["y", "x"])) == 5
    path = "staff.all.count"
    assert count(load("child", overrides=["x"], settings=[f"{path}=7", f"{path}=8"])) == 8
    assert count(load("child", overrides=["x"], settings=[f"{path}=8", f"{path}=7"])) == 7


def test_null_removes(folder: Path) -> None:
    (folder / "child.yaml").write_text("extends: base\ncase_types: {two: null}\n")
    assert list(load("child").case_types) == ["one"]
    assert list(load("base", settings=["case_types.one="]).case_types) == ["two"]


def test_a_mapping_is_merged_and_a_list_replaced(folder: Path) -> None:
    (folder / "child.yaml").write_text(
        "extends: base\npools: {c: {}}\nstaff: {all: {serves: [c, b, a]}}\n"
    )
    child = load("child")
    assert list(child.pools) == ["a", "b", "c"]
    assert child.staff["all"].serves == ("c", "b", "a")


def test_matter_defaults_stand_below_each_matter() -> None:
    matters = load("yingkou/base").case_types["project"].matters
    assert matters["FIL"].correction is not None
    assert matters["FIL"].correction.probability == 0.05  # its own
    assert matters["FIL"].correction.redo == 0.5  # the default's
    assert matters["QSS"].delivery is not None


# --- origin --------------------------------------------------------------------------------------


def source_of(scenario: Scenario, path: str) -> tuple[str, Any]:
    (found,) = [p for p in scenario.provenance.parameters() if ".".join(map(str, p.path)) == path]
    return found.source.text, found.range


def test_a_value_that_is_changed_loses_its_origin(folder: Path) -> None:
    path = "staff.all.count"
    assert source_of(load("base"), path) == ("measured: roster", (1, 4))
    (folder / "child.yaml").write_text(
        "extends: base\nstaff: {all: {count: 3}}\n"
        "overrides: {x: {staff: {all: {count: {value: 4, source: 'assumed: more'}}}}}\n"
    )
    child = load("child")
    assert source_of(child, path) == ("set in child.yaml", None)
    assert child.provenance.completed.places["staff", "all", "count"].line == 2
    assert source_of(load("child", overrides=["x"]), path) == ("assumed: more", None)
    said = load("base", settings=[f"{path}=9"])
    assert source_of(said, path) == (f"set in --set {path}=9", None)


def test_every_number_of_yingkou_has_a_source() -> None:
    allowed = {"calendar", "period", "run"}  # decisions of the analyst, not facts
    bare = [
        ".".join(map(str, each.path))
        for each in load("yingkou/base").provenance.parameters()
        if each.source.kind == "none"
        and each.source.file
        and each.path[0] not in allowed
        and _is_quantity(each.value)
    ]
    assert bare == []


def _is_quantity(value: Any) -> bool:
    if isinstance(value, list):
        return any(_is_quantity(each) for each in value)
    if isinstance(value, str):
        return value[:1].isdigit()
    return isinstance(value, int | float) and not isinstance(value, bool)


# --- hash ----------------------------------------------------------------------------------------


def test_hash_does_not_depend_on_the_order_of_names(folder: Path) -> None:
    one, two = BASE.index("  one:"), BASE.index("  two:")
    swapped = BASE[:one] + BASE[two:] + BASE[one:two]
    swapped = swapped.replace("  a: {}\n  b: {}\n", "  b: {}\n  a: {}\n")
    (folder / "swapped.yaml").write_text(swapped)
    assert list(load("swapped").case_types) == ["two", "one"]
    assert load("swapped").sha256() == load("base").sha256()


@pytest.mark.parametrize(
    "setting",
    ["staff.all.count=2", "case_types.one.arrivals.every=61 min", "calendar.country=weekdays"],
)
def test_hash_depends_on_every_value(folder: Path, setting: str) -> None:
    assert load("base", settings=[setting]).sha256() != load("base").sha256()


def test_hash_depends_on_the_order_of_matters() -> None:
    """It is the order in which they are handled one after another."""
    order = "case_types.project.serial_order"
    given_order = "[FIL, WSC, EIA, LUP, LAND, DES, PUB, CAD, CPP, DWG, FIRE, QSS, CP]"
    base = load("yingkou/base")
    assert load("yingkou/base", settings=[f"{order}={given_order}"]).sha256() != base.sha256()


MATTERS = """\
name: Matters
calendar: {country: everyday}
period: {start: 2024-01-01, window: 2024-01-02}
hours: {always: 24x7}
departments: {d: {}}
pools: {a: {}}
staff: {all: {serves: [a], count: 1, hours: always}}
case_types:
  one:
    arrivals: {every: 1 h}
    window: {pool: a, transfer_out: 1 h, transfer_back: 1 h}
    trip: 1 h
    stages: {s: {lead: d}}
    matter_defaults: {department: d, stage: s, at_window: false}
    matters:
"""


def test_hash_depends_on_the_order_of_matters_in_the_file(folder: Path) -> None:
    """Without `serial_order` they are handled as they stand."""
    m, n = "      M: {publicity: 1 cd}\n", "      N: {publicity: 2 cd}\n"
    (folder / "mn.yaml").write_text(MATTERS + m + n)
    (folder / "nm.yaml").write_text(MATTERS + n + m)
    assert load("mn").sha256() != load("nm").sha256()


# --- files ---------------------------------------------------------------------------------------


def test_a_data_file_is_found_beside_the_file_that_names_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sub").mkdir()
    replay = BASE.replace("every: 1 h", "replay: {file: log.csv, time: t}")
    (folder / "sub" / "parent.yaml").write_text(replay)
    (folder / "sub" / "log.csv").write_text("t\n2024-01-02\n")
    (folder / "log.csv").write_text("t\n2024-01-03\n")
    (folder / "child.yaml").write_text("extends: sub/parent\n")
    expected = {"log.csv": (folder / "sub" / "log.csv").resolve()}
    assert load("child").provenance.data_files == expected
    monkeypatch.chdir("/")
    assert load(folder / "child.yaml").provenance.data_files == expected
    first = load(folder / "child.yaml").sha256()
    (folder / "sub" / "log.csv").write_text("t\n2024-01-04\n")
    assert load(folder / "child.yaml").sha256() != first  # files count by their content


def test_an_attribute_called_file_is_no_file(folder: Path) -> None:
    text = BASE.replace(
        "every: 1 h", "replay: {file: log.csv, time: t, attributes: {file: nowhere}}"
    ).replace("    steps:\n      first: {pool: a, work: 10 min}\n      second", (
        "    attributes: {file: {shares: {x: 1.0}}}\n    steps:\n"
        "      first: {pool: a, work: 10 min}\n      second"
    ))  # fmt: skip
    (folder / "log.csv").write_text("t,nowhere\n2024-01-02,x\n")
    (folder / "named.yaml").write_text(text)
    assert list(load("named").provenance.data_files) == ["log.csv"]


def test_library_names_from_another_folder(folder: Path) -> None:
    assert load("textbook/replay").provenance.data_files["replay.csv"] == (
        library_folder() / "textbook" / "replay.csv"
    )
    assert load("yingkou/base").provenance.origin == "yingkou/base.yaml"
    assert {"yingkou/base", "textbook/mm1"} <= set(library_names())


def with_text_keys(value: Any) -> Any:
    """Keys as editors show them to a JSON schema: a date is text there."""
    if isinstance(value, dict):
        return {str(key): with_text_keys(child) for key, child in value.items()}
    return [with_text_keys(child) for child in value] if isinstance(value, list) else value


def schema_errors(text: str) -> list[str]:
    import jsonschema  # takes seconds to load

    document = YAML(typ="safe", pure=True).load(text)
    as_json = json.loads(json.dumps(with_text_keys(document), default=str))
    validator = jsonschema.Draft202012Validator(json_schema())
    return [error.json_path for error in validator.iter_errors(as_json)]


def test_library_scenarios_satisfy_the_schema() -> None:
    for name in library_names():
        text = (library_folder() / f"{name}.yaml").read_text(encoding="utf-8")
        assert not schema_errors(text), name


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("nmae: x", "$"),
        ("name: 5", "$.name"),
        ("run: {replications: many}", "$.run"),
        ("period: {window: {from: 2024-01-01, until: 2024-02-01}}", "$.period"),
        ("hours: {day: always}", "$.hours"),
        ("hours: {day: {week: {mon-fry: '9:00-17:00'}}}", "$.hours"),
        ("hours: {day: {week: {周六: '9:00-17:00'}}}", "$.hours"),
        ("hours: {day: {week: {mon-fri: 9-17}}}", "$.hours"),
        ("hours: {day: {always: true, except: {8 March 2024: closed}}}", "$.hours"),
        ("hours: {day: {always: true, except: {2024-03-08: '9-12'}}}", "$.hours"),
        ("case_types: {a: {steps: {b: {delay: 30 minutes}}}}", "$.case_types"),
        ("staff: {a: {count: {value: 2, sauce: assumed}}}", "$.staff"),
    ],
)
def test_the_schema_refuses_what_the_program_refuses(folder: Path, text: str, path: str) -> None:
    assert schema_errors(text) == [path]
    (folder / "other.yaml").write_text(f"extends: base.yaml\n{text}\n")
    with pytest.raises(ScenarioError):
        load("other.yaml")


def test_the_schema_takes_hours_in_every_form(folder: Path) -> None:
    text = """
hours:
  day:
    week: {Mon-fri: ["8:30–11:30", "13:00-17:00"], sat: "9:00 - 11:30, 14:00-16:00", sun: closed}
    except:
      2024-01-05: Closed
      2024-01-08 to 2024-01-10: "8:30-11:30 13:00-17:00 18:00-20:00"
"""
    assert not schema_errors(text)
    (folder / "other.yaml").write_text(f"extends: base.yaml\n{text}")
    assert len(load("other").hours["day"].exceptions or {}) == 2


def test_all_mistakes_in_hours_are_told_at_once_each_at_its_line(folder: Path) -> None:
    text = """extends: base.yaml
hours:
  day:
    week:
      mon-fri: "8:30-12:00 11:00-17:00"
      mon: "9:00-10:00"
      周六: "9:00-10:00"
    except:
      2024-01-05: 9-11
      2024-01-04 to 2024-01-06: closed
  night: {week: {daily: "22:00-3:00"}}
"""
    (folder / "other.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load("other")
    assert [(problem.line, problem.key) for problem in error.value.problems] == [
        (5, "hours.day.week.mon-fri"),
        (6, "hours.day.week.mon"),
        (7, "hours.day.week.周六"),
        (9, "hours.day.except.2024-01-05"),  # cannot be read
        (9, "hours.day.except.2024-01-05"),  # in the range of the next line, too
        (11, "hours.night.week.daily"),
    ]


def test_an_exception_of_a_base_file_can_be_changed_added_to_and_taken_away(folder: Path) -> None:
    (folder / "one.yaml").write_text(
        "extends: base.yaml\nhours: {day: {always: true, except: {2024-01-03: closed,"
        " 2024-01-04: closed}}}\n"
    )
    (folder / "two.yaml").write_text(
        "extends: one.yaml\nhours: {day: {except: {2024-01-03: null, 2024-01-05: '9:00-12:00'}}}\n"
    )
    setting = "hours.day.except.2024-01-04=8:30-11:30"
    known = load("two", settings=[setting]).hours["day"].exceptions
    assert known == {"2024-01-04": "8:30-11:30", "2024-01-05": "9:00-12:00"}


# --- whatever may be in a file -------------------------------------------------------------------

DOCUMENT = YAML(typ="safe", pure=True).load(
    (library_folder() / "yingkou" / "base.yaml").read_text(encoding="utf-8")
)
ODD: list[Any] = [
    None, True, -1, 0, 2, 0.5, 1e308, float("nan"), float("inf"), 10**30, "", "x", "5 wd", "-3 h",
    "1e9 h", "planners", "LUP", "24x7", "2024-02-30", [], [1], ["x"], {}, {"x": 1}, {"value": 1},
    {"value": {"value": []}}, {"lognormal": {"mean": "1 h"}}, [[[]]], {"file": "x"}, "\u202e", "\0",
]  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return (container, key) of every node."""
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    inside = [
        found for _, child in pairs if isinstance(child, dict | list) for found in places(child)
    ]
    return [(value, key) for key, _ in pairs] + inside


def spoilt(seed: int) -> Any:
    """Return the document with one to three nodes deleted, doubled, replaced or renamed."""
    rng = random.Random(seed)
    document = copy.deepcopy(DOCUMENT)
    left_out = rng.choice([("project", "project_30"), ("startup", "startup_2")])  # half is faster
    del document["case_types"][left_out[0]], document["limits"][left_out[1]]
    for _ in range(rng.randint(1, 3)):
        container, key = rng.choice(places(document))
        what = rng.choice(["delete", "double", "replace", "rename", "move"])
        if what == "delete":
            del container[key]
        elif what == "replace":
            container[key] = rng.choice(ODD)
        elif what == "move":
            other, where = rng.choice(places(document))
            container[key] = copy.deepcopy(other[where])
        elif isinstance(container, list):
            container.insert(key, container[key])
        else:
            container[f"{key}{'x' if what == 'rename' else '2'}"] = copy.deepcopy(container[key])
            if what == "rename":
                del container[key]
    return document


@settings(
    max_examples=40,  # thousands are tried by the campaigns
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_a_spoilt_file_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "spoilt.yaml"
    text = json.dumps(spoilt(seed), ensure_ascii=False, default=str, indent=1)
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    read_or_refused(file)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(start=st.integers(0, len(BASE)), length=st.integers(0, 40), put=st.text(max_size=20))
def test_a_spoilt_text_is_read_or_refused(
    tmp_path: Path, start: int, length: int, put: str
) -> None:
    file = tmp_path / "spoilt.yaml"
    text = BASE[:start] + put + BASE[start + length :]
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    read_or_refused(file)


def read_or_refused(file: Path) -> None:
    try:
        assert isinstance(load(file), Scenario)
    except ScenarioError as error:
        assert error.problems
        assert all(str(problem).isprintable() for problem in error.problems)
        assert "Input should" not in str(error)


def test_another_kind_of_distribution_replaces_the_old_one(tmp_path) -> None:
    changed = "case_types.project.matters.LUP.intake={constant: 5 min}"
    scenario = load("yingkou/base", settings=[changed])
    assert str(scenario.case_types["project"].matters["LUP"].intake) == "5 min"
    same_kind = "case_types.project.matters.LUP.review.handle.work.lognormal.mean=2 h"
    scenario = load("yingkou/base", settings=[same_kind])
    work = scenario.case_types["project"].matters["LUP"].review["handle"].work
    assert str(work) == "lognormal (mean 2 h, cv 0.6)"


def test_a_source_backs_only_what_stands_in_its_own_file() -> None:
    scenario = load("yingkou/serial", settings=["staff.planners.count=7"])
    sources = {each.path: each.source.text for each in scenario.provenance.parameters()}
    assert sources["handling", "one_window"] == "set in yingkou/serial.yaml"
    assert sources["handling", "pre_review"].startswith("policy")
    assert sources["staff", "planners", "share"].startswith("assumed")
    assert sources["staff", "planners", "count"].startswith("set in --set")


def test_defaults_of_matters_are_listed_once() -> None:
    paths = [each.path for each in load("yingkou/base").provenance.parameters()]
    turnarounds = [path for path in paths if "turnaround" in path and "correction" in path]
    assert len({path[:4] for path in turnarounds if path[1] == "project"}) == 1


def test_the_channel_of_the_online_lever_is_no_attribute_of_ones_own() -> None:
    own = "case_types.startup.attributes.channel={shares: {post: 1.0}}"
    assert load("yingkou/base", settings=[own]).case_types["startup"].attributes["channel"]
    with pytest.raises(ScenarioError, match=r"attributes\.channel: is the attribute that"):
        load("yingkou/base", settings=[own, "handling.online_share=0.5"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("staff: {planners: {count:1}}", "a blank is missing after the colon: write 'count: 1'"),
        (
            "handling: {one_window：false}",
            "of full width, as a Chinese keyboard writes it; write ':'",
        ),
        ("staf: null", "unknown key; did you mean 'staff'?"),
        ("staff: {plannerz: null}", "nothing of this name to remove; did you mean 'planners'?"),
    ],
)
def test_a_null_that_removes_nothing_is_a_slip(tmp_path, text, words) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"extends: yingkou/base\n{text}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        sim.load(file)
    assert words in str(caught.value)
    assert "mine.yaml:2" in str(caught.value)


def test_a_variant_is_what_loading_it_would_have_given() -> None:
    settings = ["staff.planners.count=7", "handling.one_window=false"]
    base = sim.load("yingkou/levers")
    loaded = sim.load("yingkou/levers", overrides=["commitment"], settings=settings)
    varied = sim.vary(sim.vary(base, overrides=["commitment"]), settings=settings)
    assert varied.sha256() == loaded.sha256()
    assert sim.vary(base).sha256() == base.sha256() != varied.sha256()


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.staff.update(x=1),
        lambda s: s.case_types["startup"].matters.pop("REG"),
        lambda s: s.case_types["startup"].matter_defaults["delivery"].clear(),
        lambda s: s.limits.__setitem__("x", 1),
        lambda s: s.model_copy(update={"staff": {}}).staff.setdefault("x", 1),
        lambda s: pickle.loads(pickle.dumps(s)).pools.popitem(),
        lambda s: copy.deepcopy(s).departments.__delitem__("tax"),
    ],
)
def test_nothing_in_a_scenario_can_be_changed(change) -> None:
    scenario = load("yingkou/base")
    before = scenario.sha256()
    with pytest.raises(TypeError, match=r"make a variant with sim\.vary"):
        change(scenario)
    assert scenario.sha256() == before
    assert copy.deepcopy(scenario) == pickle.loads(pickle.dumps(scenario)) == scenario


def test_settings_may_be_a_mapping_of_paths_to_values() -> None:
    values = {
        "staff.planners.count": 7,
        "handling.joint_meeting": True,
        "period.run_out": "90 cd",
        "calendar.make_up_days": [],
        "period.start": dt.date(2020, 6, 1),
        "case_types.project.trip": {"gamma": {"mean": "2 h", "cv": 0.5}},
    }
    texts = [
        "staff.planners.count=7",
        "handling.joint_meeting=true",
        "period.run_out=90 cd",
        "calendar.make_up_days=[]",
        "period.start=2020-06-01",
        "case_types.project.trip={gamma: {mean: 2 h, cv: 0.5}}",
    ]
    base = load("yingkou/base")
    hashes = {vary(base, values).sha256(), load("yingkou/base", settings=values).sha256()}
    assert hashes == {vary(base, texts).sha256()} != {base.sha256()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_file_is_read_as_editors_in_china_write_it(encoding, tmp_path):
    text = Path("scenarios/textbook/first_come.yaml").read_text("utf-8")
    file = tmp_path / "city.yaml"
    file.write_bytes(f"{text}note: 经济开发区一般工业项目，镕\n".encode(encoding))
    assert load(file).note == "经济开发区一般工业项目，镕"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16-be"])
def test_a_file_in_another_encoding_is_refused(encoding, tmp_path):
    text = Path("scenarios/textbook/first_come.yaml").read_text("utf-8")
    file = tmp_path / "city.yaml"
    file.write_bytes(f"{text}note: Bürgerbüro Süd, Ärzte, Café\n".encode(encoding, "replace"))
    with pytest.raises(ScenarioError, match="UTF-8"):
        load(file)


@pytest.mark.parametrize("word", ["on", "yes", "On", "true"])
def test_a_file_of_yaml_1_1_may_say_on(tmp_path: Path, word: str) -> None:
    """Old files have `on` and `yes`, if they say of which version they are."""
    text = BASE.replace("country: everyday", f"country: everyday, count_start_day: {word}")
    file = tmp_path / "old.yaml"
    file.write_text(f"%YAML 1.1\n---\n{text}", encoding="utf-8")
    assert load(file).calendar.count_start_day is True
