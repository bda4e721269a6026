"""Tables: names, dates and NA where they belong."""

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from sim.limits import PRESETS, ResolvedLimit, Scope
from sim.measures.limits import read_limit
from sim.measures.tables import cases_table, items_table
from sim.process.graph import Mark, Outcome, Owner, Phase
from sim.storage.table_files import write_list
from tests.build.schedules import DAY, HOUR, Case, Item, build, history, node, process

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
DEMAND, SCHEDULE = build(P, CASES, 5 * DAY)
DEMAND = replace(
    DEMAND,
    attributes={"zone": np.array([0, 1, -1, 0, 0], np.int32)},
    attribute_values={"zone": ("north", "south")},
)
LIMIT = ResolvedLimit("limit", Scope("project", ("a",)), PRESETS["promised"], 3, 0.95, 0.95)
HISTORY = history(P, DEMAND, SCHEDULE)
READING = read_limit(LIMIT, HISTORY)


def test_cases():
    table = cases_table(HISTORY, ORIGIN, [READING])
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
    table = items_table(HISTORY, ORIGIN, ["window", "desk"])
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
    named = items_table(HISTORY, ORIGIN, ["window", "desk"], ["Li", "Wang"])
    assert named["officer"][0] == "Wang"
    assert pd.isna(named["officer"][1])


def test_tables_of_nothing():
    demand, schedule = build(P, [], 0)
    nothing = history(P, demand, schedule)
    assert len(cases_table(nothing, ORIGIN, [read_limit(LIMIT, nothing)])) == 0
    assert len(items_table(nothing, ORIGIN, ["window", "desk"])) == 0


def test_tables_can_be_written(tmp_path):
    cases_table(HISTORY, ORIGIN, [READING]).to_parquet(tmp_path / "cases.parquet")
    again = pd.read_parquet(tmp_path / "cases.parquet")
    assert again["limit.on_time"].tolist() == [True, pd.NA, False, pd.NA]


def test_no_text_of_a_list_becomes_a_formula_or_an_address(tmp_path: Path) -> None:
    texts = ["=1+1", "https://x.org", "+1", "-1", "@a", "名称"]
    file = tmp_path / "list.xlsx"
    write_list(pd.DataFrame({"=name": texts, "n": [1.5, None, 3, 4, 5, 6]}), file)
    with zipfile.ZipFile(file) as book:
        sheet, shared = (
            book.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "sharedStrings")
        )
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert all(f">{text}<" in shared for text in [*texts, "=name"])
    assert ">1.5<" in sheet
