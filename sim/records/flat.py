"""A register as one log: a row an event, with what its item and case are; and taken apart again.

The columns have the names that tools for event logs know (``case:concept:name``, ``concept:name``,
``time:timestamp`` …) and those of the exchange tables. What the events do not tell, steps and
courses, stands packed in two columns, once for each case, in its first row: records separated by
``;``, fields by ``|``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.arrays import Ints
from sim.records.exchange import (
    AS_OF,
    CASES,
    COURSES,
    EVENTS,
    ITEMS,
    SPECIALS,
    STEP_COLUMNS,
    STEPS,
    codes,
    exchange_tables,
    texts,
)
from sim.records.headings import OWN, SOMEHOW
from sim.records.raw import RawTable
from sim.records.register import Register, State
from sim.scenario import Problem, ScenarioError
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

CASE: Final = "case:concept:name"
OF_CASE: Final = "case:"
"""Begins the columns that say the same in every row of a case."""
FORM: Final = f"{OWN}log"
"""Tells that `flat_log` made a log: its first row says in which form."""
PACKED_STEPS: Final = f"{OWN}steps"
PACKED_COURSE: Final = f"{OWN}course"
SPECIAL: Final = f"{OWN}special"
"""Name of the special procedure that begins."""
ITEM_COLUMNS: Final = ("SPSXBM", "SPSXMC", "SPBMMC", "SPJDXH", "SLFS", "BLSPSLBM", "SXBLSX")
FIELD, RECORD = "|", ";"
ESCAPES: Final = (("%", "%25"), (FIELD, "%7C"), (RECORD, "%3B"))
STATE_NAMES: Final = {
    State.RECEIVED: "接件",
    State.WITHDRAWN: "撤件",
    State.ACCEPTED: "受理",
    State.NOT_TAKEN: "不受理",
    State.NOT_ACCEPTED: "不予受理",
    State.CORRECTION: "补正(开始)",
    State.CORRECTED: "补正(结束)",
    State.IN_REVIEW: "部门开始办理",
    State.SPECIAL: "特别程序(开始)",
    State.SPECIAL_DONE: "特别程序(结束)",
    State.PASSED: "办结(通过)",
    State.PASSED_CONDITIONALLY: "办结(容缺通过)",
    State.REFUSED: "办结(不通过)",
    State.LAPSED: "撤回",
    State.REVOKED: "撤销",
    State.DECIDED_SOMEHOW: SOMEHOW,
}


def flat_log(register: Register) -> pd.DataFrame:
    """Return the log, by case and time; every cell is a text."""
    import pandas as pd

    tables = exchange_tables(register)
    events = register.events.reset_index(drop=True)
    item = events["item"].to_numpy()
    case = register.items["case"].to_numpy()[item]
    at, state = events["at"].to_numpy(), events["state"].to_numpy()
    order = np.lexsort((np.arange(len(events)), at, case))
    events, item, case, state = events.iloc[order], item[order], case[order], state[order]
    cases, items = tables[CASES], tables[ITEMS]
    columns: dict[str, Any] = {CASE: cases["GCDM"].to_numpy(object)[case]}
    for name in cases.columns:
        if name not in {"GCDM", "SPLCBBH", "XMSFWQBJ", "SJYXBS"}:
            columns[f"{OF_CASE}{name}"] = cases[name].to_numpy(object)[case]
    matter = items["SPSXMC"].to_numpy(object)[item]
    said = np.array([STATE_NAMES.get(State(code), "") for code in range(len(State))], object)[state]
    activity = np.where(state > 0, matter + " " + said, texts(events["activity"]))
    lifecycle = texts(events["lifecycle"])
    columns |= {
        "concept:name": activity,
        "time:timestamp": texts(events["at"]),
        "lifecycle:transition": np.where(lifecycle == "", "complete", lifecycle),
        "org:resource": texts(events["officer"]),
        "org:group": texts(events["office"]),
        "SPSXSLBM": items["SPSXSLBM"].to_numpy(object)[item],
        "BLZT": codes(state),
        **{name: items[name].to_numpy(object)[item] for name in ITEM_COLUMNS},
        SPECIAL: _special_names(register, item, state),
    }
    first = np.append(True, case[1:] != case[:-1])[: len(case)]
    for name, own in ((PACKED_STEPS, STEPS), (PACKED_COURSE, COURSES)):
        if own in tables:
            packed = np.full(len(case), "", object)
            packed[first] = _packed(tables[own], cases["GCDM"].to_numpy(object))[case[first]]
            columns[name] = packed
    columns[FORM] = np.where(np.arange(len(case)) == 0, "1", "").astype(object)
    return pd.DataFrame(columns)


def _special_names(register: Register, item: Ints, state: Ints) -> Any:
    """Return [n] the name of the special procedure that begins with an event, "" for others."""
    names = np.full(len(item), "", object)
    begins = np.flatnonzero(state == State.SPECIAL)
    begins = begins[np.argsort(item[begins], kind="stable")]
    specials = register.specials
    order = np.lexsort((specials["start"].to_numpy(), specials["item"].to_numpy()))
    of = specials["item"].to_numpy()[order]
    if len(of) == len(begins) and (of == item[begins]).all():
        names[begins] = texts(specials["name"])[order]
    return names


def _packed(table: pd.DataFrame, cases: Any) -> Any:
    """Return [cases] the rows of each case as one text."""
    columns = [_escaped(table[name].to_numpy(object)) for name in table.columns if name != "GCDM"]
    records = columns[0]
    for column in columns[1:]:
        records = records + FIELD + column
    row = {name: number for number, name in enumerate(cases)}
    of = np.array([row[name] for name in table["GCDM"]], np.int64)
    bounds = np.searchsorted(of, np.arange(len(cases) + 1)).tolist()
    listed = records.tolist()
    joined = [RECORD.join(listed[a:b]) for a, b in pairwise(bounds)]
    return np.array(joined, object)


def _escaped(column: Any) -> Any:
    import pandas as pd

    codes, distinct = pd.factorize(column)
    safe = []
    for text in distinct:
        escaped = text
        for sign, escape in ESCAPES:
            escaped = escaped.replace(sign, escape)
        safe.append(escaped)
    return np.array([*safe, ""], object)[codes]


# --- and back ----------------------------------------------------------------------------------


def taken_apart(raw: RawTable) -> list[RawTable]:
    """Return a log that `flat_log` made as the tables that it was made from; others as they are.

    ScenarioError if what is packed in it is damaged.
    """
    if FORM not in raw.columns:
        return [raw]
    case, item = (raw.columns.get(name) for name in (CASE, "SPSXSLBM"))
    if case is None or item is None:
        return [raw]
    columns = dict(raw.columns)
    of_case = {
        name.removeprefix(OF_CASE): column
        for name, column in columns.items()
        if name.startswith(OF_CASE) and name != CASE
    }
    times = {"BLSJ": columns["time:timestamp"]} if "time:timestamp" in columns else {}
    words = {"BLR": "org:resource", "BLCS": "org:group", "BLZT": "BLZT"}
    events = {heading: columns[name] for heading, name in words.items() if name in columns}
    flow = {"SPLCBM": of_case["SPLCBM"]} if "SPLCBM" in of_case else {}
    of_item: dict[str, Any] = {name: columns[name] for name in ITEM_COLUMNS if name in columns}
    tables: dict[str, tuple[dict[str, Any], Ints | None]] = {
        CASES: ({"GCDM": case, **of_case}, _firsts(case)),
        ITEMS: ({"GCDM": case, "SPSXSLBM": item, **flow, **of_item}, _firsts(item)),
    }
    if "BLZT" in columns:  # an open network has activities, and no states
        told = {"GCDM": case, "SPSXSLBM": item, **events, **times}
        tables[EVENTS] = told, _filled(columns["BLZT"])
    if SPECIAL in columns:
        told = {"SPSXSLBM": item, "TBCXMC": columns[SPECIAL], "TBCXKSSJ": columns["time:timestamp"]}
        tables[SPECIALS] = told, _filled(columns[SPECIAL])
    found = [_part(raw, name, *table) for name, table in tables.items()]
    for packed, name, fields in (
        (PACKED_STEPS, STEPS, [f"{OWN}{column}" for column in STEP_COLUMNS]),
        (PACKED_COURSE, COURSES, [f"{OWN}outcome", f"{OWN}extended", AS_OF]),
    ):
        if packed in columns:
            found.append(_unpacked(raw, packed, name, fields))
    return found


def _firsts(column: Any) -> Ints:
    """Return the first row of each text."""
    from sim.records.raw import encoded

    first: Ints = np.sort(np.unique(encoded(column)[1], return_index=True)[1])
    return first


def _filled(column: Any) -> Ints:
    import pyarrow.compute as pc

    return np.flatnonzero(pc.not_equal(column, "").to_numpy())


def _part(raw: RawTable, sheet: str, columns: dict[str, Any], rows: Ints | None) -> RawTable:
    if rows is not None:
        columns = {name: column.take(rows) for name, column in columns.items()}
    number = raw.number if rows is None else raw.number[rows]
    left_out = raw.left_out if sheet == EVENTS else ()
    return RawTable(raw.file, sheet, raw.in_lines, number, columns, left_out)


def _unpacked(raw: RawTable, packed: str, sheet: str, fields: Sequence[str]) -> RawTable:
    """Return the records of a packed column as a table, a row each."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = _filled(raw.columns[packed])
    listed = pc.split_pattern(raw.columns[packed].take(rows).combine_chunks(), RECORD)
    of = np.repeat(rows, pc.list_value_length(listed).to_numpy())
    cells = pc.split_pattern(pc.list_flatten(listed), FIELD)
    wrong = np.flatnonzero(pc.list_value_length(cells).to_numpy() != len(fields))
    if len(wrong):
        rule = tr(
            "is damaged: a record has not {count} fields; write the log again", count=len(fields)
        )
        line = int(raw.number[of[wrong[0]]])
        raise ScenarioError([Problem(rule, raw.file, line if raw.in_lines else None, packed)])
    flat = pc.list_flatten(cells)
    columns: dict[str, Any] = {"GCDM": raw.columns[CASE].take(of)}
    for place, name in enumerate(fields):
        column = flat.take(np.arange(place, len(flat), len(fields)))
        for sign, escape in reversed(ESCAPES):
            column = pc.replace_substring(column, escape, sign)
        columns[name] = pa.chunked_array([column])
    return RawTable(raw.file, sheet, raw.in_lines, raw.number[of], columns)
