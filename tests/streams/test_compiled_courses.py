"""Machine code and arrays draw the same cases: every course, amount, mark and link."""

from __future__ import annotations

import numpy as np
import pytest
from ruamel.yaml import YAML

from sim.demand.compiled_items import CompiledItems
from sim.replications.model import Model
from sim.scenario import load
from sim.scenario.files.library import library_folder
from sim.scenario.schema.distributions import KINDS
from tests.build.backlogs import GENERATED, generated
from tests.build.city import CITY
from tests.build.same import assert_same
from tests.build.stories import scenario

SHORT = (
    "period.start=2021-01-04",
    "period.window={from: 2021-03-01, to: 2021-03-31}",
    "period.run_out=20 cd",
)
LIBRARY = library_folder()
LEVERS = tuple(
    YAML(typ="safe").load((LIBRARY / "yingkou" / "levers.yaml").read_text("utf-8"))["overrides"]
)
TEXTBOOK = sorted(f"textbook/{file.stem}" for file in (LIBRARY / "textbook").glob("*.yaml"))
AGAIN = """
case_types:
  project:
    matters:
      A:
        refusal:
          at_acceptance: 0.2
          at_decision: 0.4
          resubmission: {probability: 0.8, after: {exponential: 5 wd}, max_times: 3}
"""
FAMILIES = """
case_types:
  network:
    attributes: {kind: {shares: {x: 0.5, y: 0.5}}}
    arrivals: {every: null, yearly: {volume: 3000, batch: {low: 1, high: 3}}, factor: 1.4}
    more_arrivals:
      others: {yearly: {volume: 500, day_to_day_cv: 0.5}, attributes: {kind: y}}
    steps:
      d: {after: [c], delay: {uniform: {low: 1 h, high: 3 h}}}
      e: {after: [c], delay: {lognormal: {median: 1 h, p90: 9 h}}, if: {kind: x}}
      f: {after: [c], delay: {gamma: {mean: 1 h, cv: 2.0}}}
      g: {after: [c], delay: {triangular: {low: 1 h, mode: 2 h, high: 5 h}}}
      h: {after: [c], delay: {pert: {low: 1 h, mode: 2 h, high: 5 h}}}
      i: {after: [c], delay: {empirical: {file: log.csv, column: h, unit: h}, scale: 0.5}}
      j: {after: [d, e, f, g, h, i], delay: 2 wd}
      k: {after: [e], delay: 1 h}
      l: {after: [k], delay: 1 h, probability: 0.5}
      m: {after: [l, e], delay: 1 h}
    one_of:
      way: {k: 0.4, none: 0.6}
"""


def same(model: Model, replications: int = 2) -> int:
    """Compare some replications; return the number of items."""
    items = 0
    for number in range(replications):
        compiled, arrays = (model.demand.draw(1, number, compiled=by) for by in (True, False))
        assert_same(compiled, arrays, "demand")
        items += len(compiled.node)
    return items


@pytest.mark.parametrize("lever", [(), *((lever,) for lever in LEVERS)])
def test_under_every_lever(lever):
    model = Model(load("yingkou/levers", overrides=lever, settings=SHORT))
    assert same(model, 1) > 2000


@pytest.mark.parametrize("name", TEXTBOOK)
def test_textbook_systems(name):
    same(Model(load(name)), 1)


@pytest.mark.parametrize("name", ["startup_variants", "zones_pooled", "load_2025", "serial"])
def test_the_other_scenarios_of_the_library(name):
    assert same(Model(load(f"yingkou/{name}", settings=SHORT)), 1) > 2000


@pytest.mark.parametrize("text", ["note: as it is", AGAIN])
def test_ends_and_new_applications(text):
    model = Model(scenario(CITY, text))
    assert same(model, 3) > 1000
    again = [node.name for node in model.process.nodes if node.handed_in]
    assert (len(again) > 10) == (text == AGAIN)


def test_every_family_and_every_kind_of_arrival(tmp_path):
    (tmp_path / "log.csv").write_text("h\n1\n2.5\n7\n")
    (tmp_path / "city.yaml").write_text(CITY, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(f"extends: city.yaml\n{FAMILIES}", encoding="utf-8")
    model = Model(load(tmp_path / "s.yaml"))
    assert same(model) > 10_000
    drawn = {term.distribution.kind for node in model.process.nodes for term in node.terms}
    assert drawn >= set(KINDS)


def test_open_cases_of_groups(tmp_path):
    model = Model(generated(tmp_path, GENERATED))
    compiled, arrays = (model.demand.draw(1, 0, compiled=by) for by in (True, False))
    for column in ("workload", "outcome", "marks", "cut_off", "node"):
        assert_same(getattr(compiled, column), getattr(arrays, column), column)
    assert compiled.workload.due_wd is not None


def test_open_cases_of_a_file():
    """Of two case types, with rounds that have begun, delays under way, and steps that are over."""
    model = Model(load("yingkou/backlog", settings=SHORT[2:]))
    given = model.demand.backlog.given
    assert given is not None
    cases = given[0].values()
    assert len(cases) == 2
    assert all(of.decided.any() or of.finished.any() for of in cases)
    assert any(of.under_way.any() for of in cases)
    assert same(model, 4) > 4000  # of a replication alone, and of several drawn at once


def test_where_room_runs_out_the_rest_is_drawn_later(monkeypatch):
    model = Model(scenario(CITY, AGAIN))
    whole = model.demand.draw(1, 0)
    rooms = []

    def one_case(self: CompiledItems, kind: np.ndarray) -> tuple[int, int]:
        rooms.append(len(kind))
        return self._most_nodes, self._most_links

    monkeypatch.setattr(CompiledItems, "_room", one_case)
    assert_same(model.demand.draw(1, 0), whole, "demand")
    assert len(rooms) == 1
