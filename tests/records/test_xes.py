"""An event log in XES is what the standard (IEEE 1849) asks for, and its tools can open it."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import pytest
from lxml import etree

from sim.records.simulated import register_of
from sim.records.writing import write_register
from tests.build.recorded import situation

XES = "{http://www.xes-standard.org/}"
TYPES = {"string", "date", "int", "float", "boolean", "id", "list", "container"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario, history = situation("levers, many open")
    path = tmp_path_factory.mktemp("xes") / "log.xes"
    write_register(register_of(scenario, history), path)
    return path


def test_the_log_is_well_formed_by_the_rules_of_the_standard(log: Path) -> None:
    root = etree.parse(str(log)).getroot()
    assert root.tag == f"{XES}log"
    assert root.get("xes.version") == "1849.2016"
    order = [child.tag.removeprefix(XES) for child in root]
    kinds = [kind for kind, _ in itertools.groupby(order)]
    assert kinds == ["extension", "global", "classifier", "string", "trace"]  # as its schema says
    known = {extension.get("prefix") for extension in root.findall(f"{XES}extension")}
    scopes = {one.get("scope"): {a.get("key") for a in one} for one in root.findall(f"{XES}global")}
    assert set(scopes) == {"trace", "event"}
    for trace in root.findall(f"{XES}trace"):
        events = trace.findall(f"{XES}event")
        assert events
        assert scopes["trace"] <= {a.get("key") for a in trace}
        times = []
        for event in events:
            keys = [attribute.get("key") for attribute in event]
            assert len(keys) == len(set(keys))
            assert scopes["event"] <= set(keys)
            assert {a.tag.removeprefix(XES) for a in event} <= TYPES
            standard = {key.partition(":")[0] for key in keys if ":" in key} - {"sim"}
            assert standard <= known
            (time,) = (a.get("value") for a in event if a.get("key") == "time:timestamp")
            times.append(dt.datetime.fromisoformat(time))
        assert times == sorted(times)


def test_pm4py_opens_it(log: Path) -> None:
    """PM4Py is under the AGPL, so it is no dependency: this runs where somebody installed it."""
    pm4py = pytest.importorskip("pm4py")
    table = pm4py.read_xes(str(log))
    assert {"case:concept:name", "concept:name", "time:timestamp"} <= set(table.columns)
    assert table["case:concept:name"].nunique() > 100
    assert len(pm4py.get_start_activities(table)) > 0
