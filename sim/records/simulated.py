"""The register that offices would have kept of a simulation: its cases as recorded events.

The events are those that the national approval system records of an item (办理状态 BLZT), at the
instants at which the simulation has them. They do not tell all that clocks count: who had the
papers in between, waiting, delivery, and what is still to come. So the register also has the steps
of the simulation (`steps`, `courses`), from which every clock reads the same numbers again; who has
no use for them leaves these tables out. Officers are names of the roster, which are nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.clocks import History
from sim.engine.contract import OPEN
from sim.process.graph import Mark, Outcome, Owner
from sim.records.happenings import Happenings
from sim.records.register import INSTANT, Register, State, table
from sim.records.stacking import stacked
from sim.records.timeline import PUBLICITY, TOGETHER
from sim.scenario import CHANNEL, Scenario

if TYPE_CHECKING:
    import pandas as pd

REPLICATION: Final = "replication"
"""The attribute that tells the cases of several replications apart."""


def register_of(
    scenario: Scenario,
    history: History,
    *,
    officers: Sequence[str] = (),
    pools: Sequence[str] = (),
    prefix: str = "",
) -> Register:
    """Return the register of one replication, up to the stop of the run.

    Cases that were open at the start are left out: what happened to them before is not simulated.

    Parameters
    ----------
    officers, pools
        Names of the officers and pools, by number.
    prefix
        Begins the number of each case, as `3-`, to tell replications apart; the cases then have
        the attribute `REPLICATION`.
    """
    return _Recorder(scenario, history, tuple(officers), tuple(pools), prefix).register()


class _Recorder(Happenings):
    def __init__(
        self,
        scenario: Scenario,
        history: History,
        officers: tuple[str, ...],
        pools: tuple[str, ...],
        prefix: str,
    ) -> None:
        super().__init__(scenario, history)
        self.officers, self.pools, self.prefix = officers, pools, prefix

    def register(self) -> Register:
        items, events = self._items(), self._events()
        begun = np.unique(events["item"].to_numpy())  # the others are still to come
        events["item"] = np.searchsorted(begun, events["item"].to_numpy()).astype(np.int32)
        items = items.iloc[begun].reset_index(drop=True)
        return Register(
            cases=self._cases(),
            items=stacked(items, self._network_items()),
            events=stacked(events, self._network_events(len(items))),
            specials=self._specials(begun),
            matters=self._matters(),
            stages=self._stages(),
            steps=self._steps(),
            courses=self._courses(),
            as_of=self._instants(np.array([self.schedule.stopped_s]))[0],
        )

    # --- tables ------------------------------------------------------------------------------

    def _instants(self, t: Ints) -> NDArray[np.datetime64]:
        """Return instants for seconds; NaT for `OPEN`."""
        origin = np.datetime64(self.scenario.period.start, "s")
        at = (origin + t.astype("timedelta64[s]")).astype(INSTANT)
        return np.where(t == OPEN, np.datetime64("NaT", "ms"), at)

    @cached_property
    def numbers(self) -> NDArray[np.object_]:
        """[C'] the numbers of the cases, as an office would file them."""
        return np.array([f"{self.prefix}{case + 1:06d}" for case in self.cases], object)

    def _cases(self) -> pd.DataFrame:
        demand, cases = self.demand, self.cases
        attributes = {
            name: _named(codes[cases], demand.attribute_values[name])
            for name, codes in demand.attributes.items()
        }
        if self.prefix:
            attributes[REPLICATION] = _named(np.zeros(len(cases), np.int64), [self.prefix[:-1]])
        columns: dict[str, Any] = {
            "case": self.numbers,
            "flow": _named(demand.case_type[cases], self.process.case_types),
            "received": self._instants(demand.workload.arrival_s[cases]),
            "ended": self._instants(self._completed()),
        }
        return table("cases", {**columns, **attributes}, len(cases))

    def _completed(self) -> Ints:
        """Return [C'] when the last matter was decided (完全办结) or the case failed, or `OPEN`."""
        decides = ((self.marks & np.uint8(Mark.DECISION)) != 0) | self.fails
        has = np.zeros(len(self.demand.case_type), np.bool_)
        has[self.demand.case[decides]] = True
        awaited = decides | ~has[self.demand.case]
        case, end = self.demand.case[awaited], self.schedule.end[awaited]
        last = np.full(len(has), OPEN, np.int64)
        np.maximum.at(last, case, end)
        last[case[end == OPEN]] = OPEN
        return last[self.cases]

    def _items(self) -> pd.DataFrame:
        case, matter, _ = self.parts
        again = np.zeros(len(case), np.int64)  # applications of this matter before this one
        same = (case[1:] == case[:-1]) & (matter[1:] == matter[:-1])
        for position in np.flatnonzero(same) + 1:
            again[position] = again[position - 1] + 1
        codes = np.array([name for _, name in self.names], object)
        number = self.numbers[case] + "-" + codes[matter]
        specs = [self.scenario.case_types[kind].matters[name] for kind, name in self.names]
        promised, statutory = (
            np.array([_working_days(spec, key) for spec in specs])[matter]
            if len(specs)
            else np.empty(0)
            for key in ("promised", "statutory")
        )
        channel = self.demand.attributes.get(CHANNEL)
        columns: dict[str, Any] = {
            "item": np.where(
                again > 0, number + "-" + (again + 1).astype(str).astype(object), number
            ),
            "case": case,
            "matter": _named(
                matter,
                [_label(spec, name) for spec, (_, name) in zip(specs, self.names, strict=True)],
            ),
            "matter_code": _named(matter, [name for _, name in self.names]),
            "department": _named(matter, [spec.department for spec in specs]),
            "stage": _named(matter, [spec.stage for spec in specs]),
            "promised_wd": promised,
            "statutory_wd": statutory,
            "state": self._last_states(len(case)),
        }
        if channel is not None:
            values = self.demand.attribute_values[CHANNEL]
            columns["channel"] = _named(channel[self.cases][case], values)
        return table("items", columns, len(case))

    def _last_states(self, items: int) -> NDArray[np.int8]:
        item, state, _, _ = self.changes
        last = np.zeros(items, np.int8)
        last[item] = state  # in order of time: the last one stays
        return last

    def _events(self) -> pd.DataFrame:
        item, state, at, step = self.changes
        officer = self.schedule.officer[step]
        pool = self.demand.workload.pool[step]
        return table(
            "events",
            {
                "item": item,
                "state": state,
                "at": self._instants(at),
                "officer": self._officers(officer),
                "office": self._pools(pool),
            },
            len(item),
        )

    @cached_property
    def _in_network(self) -> Ints:
        """Rows of the cases without matters, of open networks."""
        without = [not graph.stages for graph in self.process.graphs]
        return np.flatnonzero(np.array(without, np.bool_)[self.demand.case_type[self.cases]])

    def _network_items(self) -> pd.DataFrame:
        """Return an item for each case of an open network: the case itself."""
        rows = self._in_network
        return table("items", {"item": self.numbers[rows], "case": rows}, len(rows))

    def _network_events(self, first: int) -> pd.DataFrame:
        """Return the begin and end of each step of an open network; `first`: row of its items."""
        row = np.full(len(self.cases), OPEN, np.int64)
        row[self._in_network] = first + np.arange(len(self._in_network))
        case = self.row_of_case[self.demand.case]
        mine = np.flatnonzero((case >= 0) & (row[np.maximum(case, 0)] >= 0))
        item = row[case[mine]]
        parts = []
        for lifecycle, times in (("start", self.schedule.start), ("complete", self.schedule.end)):
            happened = times[mine] != OPEN
            step = mine[happened]
            columns = {
                "item": item[happened],
                "activity": _named(self.node[step], [node.name for node in self.process.nodes]),
                "lifecycle": lifecycle,
                "at": self._instants(times[step]),
                "officer": self._officers(self.schedule.officer[step]),
                "office": self._pools(self.demand.workload.pool[step]),
            }
            parts.append(table("events", columns, len(step)))
        events = stacked(*parts)
        return events.sort_values(["item", "at"], kind="stable", ignore_index=True)

    def _officers(self, codes: Any) -> Any:
        return _named(codes, self.officers or _numbered(codes))

    def _pools(self, codes: Any) -> Any:
        return _named(codes, self.pools or _numbered(codes))

    def _specials(self, begun: Ints) -> pd.DataFrame:
        """Return the special procedures that began; publicity is told by its name."""
        item, state, at, step = self.changes
        here = np.flatnonzero(state == State.SPECIAL)
        nodes, public = self.process.nodes, Owner.PUBLICITY
        names = [
            PUBLICITY if node.owner is public else node.name.rpartition("/")[2] for node in nodes
        ]
        return table(
            "specials",
            {
                "item": np.searchsorted(begun, item[here]),
                "name": _named(self.node[step[here]], names),
                "start": self._instants(at[here]),
            },
            len(here),
        )

    def _matters(self) -> pd.DataFrame:
        rows = [
            {
                "flow": case_type,
                "stage": spec.stage,
                "matter_code": name,
                "matter": _label(spec, name),
                "department": spec.department,
                "promised_wd": _working_days(spec, "promised"),
                "after": " ".join(spec.requires),
                "commitment": spec.commitment is not None and self.scenario.handling.commitment,
            }
            for case_type, name in self.names
            for spec in [self.scenario.case_types[case_type].matters[name]]
        ]
        return table("matters", _columns(rows))

    def _stages(self) -> pd.DataFrame:
        rows = [
            {
                "flow": case_type,
                "stage": name,
                "name": _label(spec, name),
                "limit_wd": _working_days(spec, "budget"),
            }
            for case_type in self.process.case_types
            for name, spec in self.scenario.case_types[case_type].stages.items()
        ]
        return table("stages", _columns(rows))

    # --- what events do not tell -------------------------------------------------------------

    def _steps(self) -> pd.DataFrame:
        """Return a row for each time that somebody had a step in hand, in most cases one a step."""
        demand, schedule, nodes = self.demand, self.schedule, self.process.nodes
        step = np.flatnonzero(self.row_of_case[demand.case] >= 0)
        parts = schedule.parts
        handed_over = np.zeros(len(demand.node), np.bool_)
        handed_over[parts.item] = True
        whole = step[~handed_over[step]]
        again = np.flatnonzero(self.row_of_case[demand.case[parts.item]] >= 0)
        every = np.concatenate([whole, parts.item[again]])
        order = np.argsort(every, kind="stable")
        every = every[order]
        officer = np.concatenate([schedule.officer[whole], parts.officer[again]])[order]
        start = np.concatenate([schedule.start[whole], parts.start[again]])[order]
        until = np.concatenate([schedule.end[whole], parts.end[again]])[order]
        node = demand.node[every]
        first = demand.workload.first_item[demand.case]
        pool = demand.workload.pool[every]
        return table(
            "steps",
            {
                "case": self.row_of_case[demand.case[every]],
                "step": every - first[every],
                "name": _named(node, [one.name for one in nodes]),
                "matters": _named(node, [TOGETHER.join(one.covers) for one in nodes]),
                "application": self.application[every],
                "role": _named(node, [one.role.name.lower() for one in nodes]),
                "owner": _named(node, [one.owner.name.lower() for one in nodes]),
                "phase": _named(node, [one.phase.name.lower() for one in nodes]),
                "department": _named(node, [one.department for one in nodes]),
                "marks": _named(demand.marks[every], marks_texts()),
                "pool": self._pools(pool),
                "officer": self._officers(officer),
                "ready": self._instants(schedule.ready[every]),
                "start": self._instants(start),
                "until": self._instants(until),
                "end": self._instants(schedule.end[every]),
                "after": self._predecessors(first)[every],
            },
            len(every),
        )

    def _predecessors(self, first: Ints) -> NDArray[np.object_]:
        """Return [I] the numbers of the steps that a step followed, in its case."""
        workload = self.demand.workload
        count = np.diff(workload.pred_ptr)
        local = (workload.pred - np.repeat(first, count)).astype(str).tolist()
        bounds = workload.pred_ptr.tolist()
        texts = [" ".join(local[a:b]) for a, b in pairwise(bounds)]
        return np.array(texts, object)

    def _courses(self) -> pd.DataFrame:
        demand = self.demand
        extended = np.full(len(self.cases), "", object)
        for name, granted in demand.extended.items():
            extended[granted[self.cases]] += f"{name} "
        return table(
            "courses",
            {
                "case": np.arange(len(self.cases)),
                "outcome": _named(demand.outcome[self.cases], [o.name.lower() for o in Outcome]),
                "extended": np.array([text.strip() for text in extended], object),
            },
            len(self.cases),
        )


def marks_texts() -> list[str]:
    """Return the words for each combination of marks, by number."""
    return [
        TOGETHER.join(mark.name.lower() for mark in Mark if mark.value & bits and mark.name)
        for bits in range(2 ** len([mark for mark in Mark if mark.value]))
    ]


def _named(codes: Any, names: Sequence[str]) -> Any:
    """Return a column of names; "" for -1. Several numbers may have one name."""
    import pandas as pd

    known = {name: number for number, name in enumerate(dict.fromkeys(["", *names]))}
    of = np.array([*(known[name] for name in names), 0], np.int64)  # -1 is the last: ""
    return pd.Series(pd.Categorical.from_codes(of[np.asarray(codes)], pd.Index(list(known))))


def _numbered(codes: Any) -> list[str]:
    return [str(number) for number in range(int(np.max(codes, initial=-1)) + 1)]


def _label(spec: Any, name: str) -> str:
    """Return the Chinese label, as a register has it; else the name."""
    return str(spec.label.zh or spec.label.en or name)


def _working_days(spec: Any, key: str) -> float:
    """Return a limit in working days; NaN without one, or in another unit."""
    days = getattr(spec, key)
    days = getattr(days, "limit", days)
    return float(days.value) if days is not None and days.unit == "wd" else float("nan")


def _columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return rows as columns."""
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}
