"""A register as tables of the data exchange standard (工程建设项目审批管理系统数据共享交换标准).

Steps and courses, which the standard does not have, stand in tables of their own, whose headings
begin with ``sim:``; other readers pass them over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.records.headings import ATTRIBUTE, OWN, SOMEHOW
from sim.records.register import COLUMNS, Register, State

if TYPE_CHECKING:
    import pandas as pd

AS_OF: Final = f"{OWN}as_of"
"""Heading of the time to which open cases count."""
NOT_WRITTEN: Final = frozenset({"case", "source", "row"})
STEP_COLUMNS: Final = tuple(name for name in COLUMNS["steps"] if name not in NOT_WRITTEN)
CHANNELS: Final[Mapping[str, str]] = {"window": "1", "online": "4"}
"""Channel → SLFS 受理方式."""
CASES, ITEMS, EVENTS = "SPGL_XMJBXXB", "SPGL_XMSPSXBLXXB", "SPGL_XMSPSXBLXXXXB"
SPECIALS, MATTERS, STAGES = "SPGL_XMSPSXBLTBCXXXB", "SPGL_DFXMSPLCJDSXXXB", "SPGL_DFXMSPLCJDXXB"
STEPS, COURSES = "SIM_BLHJB", "SIM_BLGCB"
VALID: Final = ("SJYXBS", "1")


def exchange_tables(register: Register) -> dict[str, pd.DataFrame]:
    """Return name → table, in which every cell is a text; tables without rows are left out."""
    tables = {
        CASES: _cases(register),
        ITEMS: _items(register),
        EVENTS: _events(register),
        SPECIALS: _specials(register),
        MATTERS: _matters(register),
        STAGES: _stages(register),
        STEPS: _own_steps(register),
        COURSES: _own_courses(register),
    }
    return {name: table for name, table in tables.items() if len(table)}


def texts(column: Any) -> Any:
    """Return [n] the texts of a column; "" for NaN and NaT. Whole numbers have no decimals."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype(str).to_numpy(object)
    if column.dtype.kind == "M":
        return stamps(column)
    if column.dtype.kind == "f":
        return np.array(["" if np.isnan(v) else f"{v:g}" for v in column], object)
    return column.astype(str).to_numpy(object)


def stamps(column: Any) -> Any:
    """Return [n] instants as ``2021-03-04 09:30:00``, "" for NaT."""
    distinct, codes = np.unique(column.to_numpy().astype("datetime64[s]"), return_inverse=True)
    shown = ["" if np.isnat(at) else str(at).replace("T", " ") for at in distinct]
    return np.array([*shown, ""], object)[codes]


def _frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(dict(columns))


def _of(values: Any, rows: Any) -> Any:
    return np.asarray(values, object)[np.asarray(rows)]


def _cases(register: Register) -> pd.DataFrame:
    cases = register.cases
    ended = stamps(cases["ended"])
    return _frame(
        {
            "GCDM": texts(cases["case"]),
            "SPLCBM": texts(cases["flow"]),
            "SPLCBBH": "",
            "SBSJ": stamps(cases["received"]),
            "XMSFWQBJ": np.where(ended == "", "0", "1"),
            "XMWQBJSJ": ended,
            **{f"{ATTRIBUTE}{name}": texts(cases[name]) for name in register.attributes},
            VALID[0]: VALID[1],
        }
    )


def _items(register: Register) -> pd.DataFrame:
    items, cases = register.items, register.cases
    channel = texts(items["channel"])
    return _frame(
        {
            "GCDM": _of(texts(cases["case"]), items["case"]),
            "SPSXSLBM": texts(items["item"]),
            "SPSXBM": texts(items["matter_code"]),
            "SPSXMC": texts(items["matter"]),
            "SPLCBM": _of(texts(cases["flow"]), items["case"]),
            "SPLCBBH": "",
            "SPBMMC": texts(items["department"]),
            "SPJDXH": texts(items["stage"]),
            "SLFS": np.array([CHANNELS.get(text, text) for text in channel], object),
            "BLSPSLBM": texts(items["group"]),
            "SXBLSX": texts(items["promised_wd"]),
            VALID[0]: VALID[1],
        }
    )


def _events(register: Register) -> pd.DataFrame:
    events, items = register.events.iloc[register.in_order], register.items
    known = (events["state"] > 0).to_numpy()
    events = events[known]
    item = events["item"].to_numpy()
    return _frame(
        {
            "GCDM": _of(_of(texts(register.cases["case"]), items["case"]), item),
            "SPSXSLBM": _of(texts(items["item"]), item),
            "BLCS": texts(events["office"]),
            "BLR": texts(events["officer"]),
            "BLZT": codes(events["state"].to_numpy()),
            "BLSJ": stamps(events["at"]),
            VALID[0]: VALID[1],
        }
    )


def codes(state: Any) -> Any:
    """Return [n] states as BLZT writes them; "" for none."""
    written = [str(code) for code in range(len(State))]
    written[State.NONE], written[State.DECIDED_SOMEHOW] = "", SOMEHOW
    return np.array(written, object)[state]


def _specials(register: Register) -> pd.DataFrame:
    specials = register.specials
    return _frame(
        {
            "SPSXSLBM": _of(texts(register.items["item"]), specials["item"]),
            "TBCX": texts(specials["kind"]),
            "TBCXMC": texts(specials["name"]),
            "TBCXKSSJ": stamps(specials["start"]),
            VALID[0]: VALID[1],
        }
    )


def _matters(register: Register) -> pd.DataFrame:
    matters = register.matters
    return _frame(
        {
            "SPLCBM": texts(matters["flow"]),
            "SPLCBBH": "",
            "SPJDXH": texts(matters["stage"]),
            "SPSXBM": texts(matters["matter_code"]),
            "SPSXMC": texts(matters["matter"]),
            "SFSXGZCNZ": np.where(matters["commitment"], "1", "0").astype(object),
            "SPSXBLSX": texts(matters["promised_wd"]),
            "SPBMMC": texts(matters["department"]),
            "QZSPSXBM": texts(matters["after"]),
            VALID[0]: VALID[1],
        }
    )


def _stages(register: Register) -> pd.DataFrame:
    stages = register.stages
    standard = texts(stages["standard_stage"])
    return _frame(
        {
            "SPLCBM": texts(stages["flow"]),
            "SPLCBBH": "",
            "SPJDXH": texts(stages["stage"]),
            "SPJDMC": texts(stages["name"]),
            "DYBZSPJDXH": np.where(standard == "0", "", standard),
            "SPJDSX": texts(stages["limit_wd"]),
            VALID[0]: VALID[1],
        }
    )


def _own_steps(register: Register) -> pd.DataFrame:
    steps = register.steps
    columns = {f"{OWN}{name}": texts(steps[name]) for name in STEP_COLUMNS}
    return _frame({"GCDM": _of(texts(register.cases["case"]), steps["case"]), **columns})


def _own_courses(register: Register) -> pd.DataFrame:
    courses, as_of = register.courses, register.as_of
    return _frame(
        {
            "GCDM": _of(texts(register.cases["case"]), courses["case"]),
            f"{OWN}outcome": texts(courses["outcome"]),
            f"{OWN}extended": texts(courses["extended"]),
            AS_OF: "" if as_of is None else str(as_of.astype("datetime64[s]")).replace("T", " "),
        }
    )
