"""Tables: names, dates and NA where they belong."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.measures.days import by_matter, days_used
from sim.measures.limits import Promise, read_limit
from sim.measures.pools import measure_pools
from sim.measures.tables import (
    cases_table,
    days_table,
    items_table,
    limits_table,
    pools_table,
)
from sim.process.graph import Mark, Outcome, Owner, Phase
from tests.build.schedules import DAY, HOUR, Case, Item, build, node, process, supply

P = process(
    node("check", phase=Phase.BEFORE, marks=Mark.ACCEPTANCE, covers=("a", "b")),
    node("correction", owner=Owner.APPLICANT, pool=None, department=""),
    node("decision", marks=Mark.DECISION),
    node("other", covers=("b",)),
)
CASES = [
    Case([Item(0, 0, HOUR, pool=0, start=0, officer=1), Item(1, HOUR, DAY), Item(2, DAY, 3 * DAY)]),
    Case([Item(0, 0, 0, marks=Mark.NONE)], outcome=Outcome.WITHDRAWN, measured=False),
    Case([Item(0, DAY, DAY), Item(2, DAY, None, pool=1)], arrival=DAY),
    Case([Item(3, DAY, 4 * DAY)], arrival=DAY),
    Case([Item(0, None, None)], arrival=9 * DAY),
]
ORIGIN = date(2024, 1, 1)
STAFF = supply(2, [([0], [(0, 9 * DAY)]), ([0, 1], [(0, 9 * DAY)])])
DEMAND, SCHEDULE = build(P, CASES, 5 * DAY)
DEMAND = replace(
    DEMAND,
    attributes={"zone": np.array([0, 1, -1, 0, 0], np.int32)},
    attribute_values={"zone": ("north", "south")},
)
PROMISE = Promise("limit", "project", ("a",), "promised", 3, 0.95, 0.95)
LIMIT = read_limit(PROMISE, P, DEMAND, SCHEDULE)


def test_cases():
    table = cases_table(P, DEMAND, SCHEDULE, ORIGIN, [LIMIT])
    assert table["case"].tolist() == [0, 1, 2, 3]  # the last had not arrived
    assert (
        table["arrival"].tolist()
        == [pd.Timestamp("2024-01-01")] * 2 + [pd.Timestamp("2024-01-02")] * 2
    )
    assert table["outcome"].tolist() == ["done", "withdrawn", "open", "done"]
    assert table["measured"].tolist() == [True, False, True, True]
    assert table["attribute.zone"].tolist()[:2] == ["north", "south"]
    assert table["attribute.zone"].isna().tolist() == [False, False, True, False]
    assert table["limit.promised"].tolist() == [2, 0, 4, pd.NA]
    assert table["limit.gross_span"].tolist() == [3, 0, 4, pd.NA]
    assert table["limit.standing"].tolist()[:3] == ["on_time", "withdrawn", "open_overdue"]
    assert table["limit.on_time"].tolist() == [True, pd.NA, False, pd.NA]


def test_items():
    table = items_table(P, DEMAND, SCHEDULE, ORIGIN, ["window", "desk"])
    assert len(table) == 7
    assert table["step"].tolist()[:3] == ["check", "correction", "decision"]
    assert table["matter"].tolist()[:3] == ["a + b", "a", "a"]
    assert table["owner"].tolist()[:3] == ["authority", "applicant", "authority"]
    assert table["role"][0] == "review"
    assert table["department"].tolist()[:3] == ["d", "", "d"]
    assert table["pool"].tolist()[0] == "window"
    assert table["pool"].isna().tolist()[1]
    assert table["officer"].tolist()[:2] == [1, pd.NA]
    assert table["start"][0] == pd.Timestamp("2024-01-01")
    assert table["end"][0] == pd.Timestamp("2024-01-01 01:00")
    waiting = table.iloc[5]
    assert waiting["ready"] == pd.Timestamp("2024-01-02")
    assert pd.isna(waiting["start"])
    assert pd.isna(waiting["end"])
    named = items_table(P, DEMAND, SCHEDULE, ORIGIN, ["window", "desk"], ["Li", "Wang"])
    assert named["officer"][0] == "Wang"
    assert pd.isna(named["officer"][1])


def test_limits():
    table = limits_table([LIMIT]).set_index("clock")
    assert table.loc["promised", "decides"]
    assert table["decides"].sum() == 1
    row = table.loc["promised"]
    assert (row["measured"], row["on_time"], row["open_overdue"], row["days"]) == (3, 1, 1, 3)


def test_pools():
    measures = measure_pools(DEMAND.workload, STAFF, SCHEDULE, 0, 5 * DAY)
    table = pools_table(measures, ["window", "desk"])
    assert table["pool"].tolist() == ["window", "desk"]
    assert table["officers"].tolist() == [2, 1]
    assert table["max_queue"].tolist() == [0, 1]


def test_days():
    used = days_used(P, DEMAND, SCHEDULE, np.ones(5, bool)).by(by_matter(P))
    table = days_table({"matter": used})
    assert table["account"].tolist() == ["a + b", "a", "a", "b"]
    assert table["category"].tolist() == ["work", "correction", "other", "other"]
    assert table["mean_wd"].tolist() == pytest.approx([1 / 120, 23 / 120, 2 / 5, 3 / 5])
    assert list(days_table({}).columns) == ["kind", "account", "category", "cases", "mean_wd"]


def test_tables_of_nothing():
    demand, schedule = build(P, [], 0)
    limit = read_limit(PROMISE, P, demand, schedule)
    assert len(cases_table(P, demand, schedule, ORIGIN, [limit])) == 0
    assert len(items_table(P, demand, schedule, ORIGIN, ["window", "desk"])) == 0


def test_tables_can_be_written(tmp_path):
    cases_table(P, DEMAND, SCHEDULE, ORIGIN, [LIMIT]).to_parquet(tmp_path / "cases.parquet")
    again = pd.read_parquet(tmp_path / "cases.parquet")
    assert again["limit.on_time"].tolist() == [True, pd.NA, False, pd.NA]
