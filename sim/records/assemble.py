"""Rows of all tables become one register: keys become row numbers, what is given twice is noted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import Bools, Ints
from sim.records.parts import Columns, Parts
from sim.records.raw import Remarks
from sim.records.register import COLUMNS, ENDED, NO_OFFSET, Register, State, table

if TYPE_CHECKING:
    import pandas as pd


def assemble(
    parts: Parts, sources: pd.DataFrame, as_of: np.datetime64 | None, remarks: Remarks
) -> Register:
    """Return the register of all rows; what contradicts itself is noted.

    An item that only events name, and a case that only items name, get a row of their own.
    """
    events, items, specials, steps, courses = (
        _stacked(p) for p in (parts.events, parts.items, parts.specials, parts.steps, parts.courses)
    )
    cases = _stacked([*parts.projects, *parts.cases])
    matters = table("matters", _stacked(parts.matters))
    items, item_of = _with_named(items, [events, specials], "item_twice", remarks)
    case_keys = _column(items, "case_key")
    none = case_keys == ""
    items["case_key"] = np.where(none, items["key"], case_keys) if len(none) else case_keys
    own = sum(len(part["key"]) for part in parts.projects)
    cases, case_of = _with_named(
        cases,
        [{"key": items["case_key"]}, steps, courses],
        "case_twice",
        remarks,
        of_their_own=own,
    )
    _fill_flow(cases, items, case_of[0])
    _fill_from_process(items, matters)
    register = Register(
        cases=table("cases", _without(cases, "key") | {"case": cases["key"]}),
        items=table("items", _known("items", items) | {"item": items["key"], "case": case_of[0]}),
        events=_events(events, item_of[0], remarks),
        specials=table("specials", _known("specials", specials) | {"item": item_of[1]}),
        matters=matters,
        stages=table("stages", _stacked(parts.stages)),
        steps=table("steps", _known("steps", steps) | {"case": case_of[1]}),
        courses=table("courses", _known("courses", courses) | {"case": case_of[2]}),
        sources=sources,
        as_of=_stated(courses) if as_of is None else as_of,
    )
    _fill_states(register)
    return register


def _stated(courses: Columns) -> np.datetime64 | None:
    """Return the time to which open cases count, as a simulation wrote it."""
    if "as_of" not in courses:
        return None
    times = np.asarray(courses["as_of"], "datetime64[ms]")
    known = times[~np.isnat(times)]
    return known.max() if len(known) else None


def _fill_flow(cases: Columns, items: Columns, case: Ints) -> None:
    """Give cases the process of their items, where they name none themselves."""
    if "flow" not in items:
        return
    flow = np.full(len(cases["key"]), "", object)
    flow[case[::-1]] = _column(items, "flow")[::-1]  # the first item is written last
    own = _column(cases, "flow") if "flow" in cases else np.full(len(flow), "", object)
    cases["flow"] = np.where(own == "", flow, own)


def _without(columns: Columns, *names: str) -> Columns:
    return {name: column for name, column in columns.items() if name not in names}


def _known(name: str, columns: Columns) -> Columns:
    return {column: values for column, values in columns.items() if column in COLUMNS[name]}


def _column(columns: Columns, name: str) -> Any:
    return np.asarray(columns.get(name, np.zeros(0, object)), object)


def _stacked(parts: Sequence[Columns]) -> Columns:
    """Return the parts one below the other; a column that one lacks is filled."""
    names = list(dict.fromkeys(name for part in parts for name in part))
    return {name: _stack([_of(part, name) for part in parts]) for name in names}


def _of(part: Columns, name: str) -> Any:
    if name in part:
        return part[name]
    rows = len(part["key"]) if "key" in part else len(part["row"])
    kinds = {column: kind for columns in COLUMNS.values() for column, kind in columns.items()}
    kind = kinds.get(name, "category")
    if kind.startswith("datetime64"):
        return np.full(rows, np.datetime64("NaT", "ms"))
    if name == "offset_s":
        return np.full(rows, NO_OFFSET)
    empty: Any = {"float64": np.nan, "bool": False, "int8": 0}.get(kind, "")
    return np.full(rows, empty, object if empty == "" else None)


def _stack(columns: Sequence[Any]) -> Any:
    import pandas as pd

    if len(columns) == 1:
        return columns[0]
    if all(isinstance(column, pd.Categorical) for column in columns):
        from pandas.api.types import union_categoricals

        return union_categoricals(list(columns))
    return np.concatenate([np.asarray(column) for column in columns])


def _with_named(
    rows: Columns,
    namers: Sequence[Columns],
    check: str,
    remarks: Remarks,
    of_their_own: int | None = None,
) -> tuple[Columns, list[Ints]]:
    """Return rows with distinct keys, also those that others name; and who names which row.

    A key given twice keeps its first row; the others are noted. `of_their_own`: only so many rows,
    the first, may not repeat a key; None: all.
    """
    import pandas as pd

    keys = [_column(rows, "key"), *(_column(namer, "key") for namer in namers)]
    lengths = np.cumsum([len(column) for column in keys])
    code, distinct = pd.factorize(np.concatenate(keys), use_na_sentinel=False)
    own = code[: lengths[0]]
    first = np.unique(own, return_index=True)[1]
    again = np.ones(len(own), np.bool_)
    again[first] = False
    noted = again & (np.arange(len(own)) < (len(own) if of_their_own is None else of_their_own))
    _note(remarks, check, rows, noted)
    kept = {name: column[np.sort(first)] for name, column in rows.items()}
    missing = len(distinct) - len(first)
    if missing:
        added = _named_only(distinct[len(first) :], namers, remarks, noted=check == "item_twice")
        kept = _stacked([kept, added]) if len(own) else added
    kept.setdefault("key", np.zeros(0, object))
    return kept, [code[a:b] for a, b in pairwise(lengths)]


def _named_only(keys: Any, namers: Sequence[Columns], remarks: Remarks, *, noted: bool) -> Columns:
    """Return rows for keys that only others name, with the case that these give."""
    import pandas as pd

    wanted = pd.Index(keys)
    case = np.full(len(keys), "", object)
    for namer in namers:
        at = wanted.get_indexer(pd.Index(_column(namer, "key")))
        rows = np.flatnonzero(at >= 0)
        if noted:
            first = rows[np.sort(np.unique(at[rows], return_index=True)[1])]
            named = np.zeros(len(at), np.bool_)
            named[first] = True
            _note(remarks, "item_not_listed", namer, named)
        if "case_key" in namer:
            case[at[rows][::-1]] = _column(namer, "case_key")[rows][::-1]
    return {
        "key": np.asarray(keys, object),
        "case_key": case,
        "source": np.full(len(keys), -1),
        "row": np.zeros(len(keys), np.int64),
    }


def _note(remarks: Remarks, check: str, rows: Columns, noted: Bools) -> None:
    if not noted.any():
        return
    source, row = np.asarray(rows["source"])[noted], np.asarray(rows["row"])[noted]
    for number in np.unique(source):
        remarks.add(check, int(number), row[source == number])


def _events(events: Columns, item: Ints, remarks: Remarks) -> pd.DataFrame:
    """Return the table of events without those that say the same of an item again."""
    import pandas as pd

    if not len(item):
        return table("events")
    state = np.asarray(events["state"])
    said = pd.DataFrame({"item": item, "state": state, "at": events["at"]})
    again = said.duplicated().to_numpy() & (state > 0) & ~np.isnat(np.asarray(events["at"]))
    _note(remarks, "event_twice", events, again)
    columns = _known("events", events) | {"item": item}
    return table("events", {name: column[~again] for name, column in columns.items()})


def _fill_from_process(items: Columns, matters: pd.DataFrame) -> None:
    """Give items what the definition of their process says of their matter, where they lack it."""
    if not len(matters) or "matter_code" not in items or "flow" not in items:
        return
    of = matters[["flow", "matter_code", "stage", "matter", "department", "promised_wd"]].copy()
    of["flow"], of["matter_code"] = of["flow"].astype(str), of["matter_code"].astype(str)
    exact = of.drop_duplicates(["flow", "matter_code"]).set_index(["flow", "matter_code"])
    import pandas as pd

    pairs = pd.MultiIndex.from_arrays([_column(items, "flow"), _column(items, "matter_code")])
    at = exact.index.get_indexer(pairs)
    found, code = at >= 0, _column(items, "matter_code")
    for name in ("stage", "department", "matter"):
        old = _column(items, name) if name in items else np.full(len(code), "", object)
        lacks = found & ((old == "") | ((name == "matter") & (old == code)))
        old = old.copy()
        old[lacks] = exact[name].astype(str).to_numpy()[at[lacks]]
        items[name] = old
    promised = np.asarray(items["promised_wd"], np.float64).copy()
    lacks = found & np.isnan(promised)
    promised[lacks] = exact["promised_wd"].to_numpy()[at[lacks]]
    items["promised_wd"] = promised


def _fill_states(register: Register) -> None:
    """Give each item without a stated outcome the state of its last event.

    Its end, if it has one, whatever is recorded later; never receipt, if there is anything else:
    a stamp in the wrong order does not open a case again.
    """
    order = register.in_order
    events = register.events
    state, item = events["state"].to_numpy()[order], events["item"].to_numpy()[order]
    told = (state > 0) & ~np.isnat(events["at"].to_numpy()[order])
    last = np.zeros(len(register.items), np.int64)
    ends = np.isin(state, list(ENDED))
    for which in (state == State.RECEIVED, state > State.RECEIVED, ends):
        last[item[told & which]] = state[told & which]  # the last of equal indices stays
    stated = register.items["state"].to_numpy()
    filled = np.where(stated == State.NONE, last, stated)
    register.items["state"] = filled.astype(np.int8)
