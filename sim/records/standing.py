"""Where one recorded case stands, in the words of a backlog: done, accepted, under way."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from sim.arrays import Ints
from sim.process.graph import Node, Role
from sim.records.register import DECIDED, ENDED, Register, State
from sim.records.timeline import PUBLICITY, TOGETHER
from sim.scenario import CaseType, Scenario, nearest, single_window
from sim.translation import tr

if TYPE_CHECKING:
    pass

Matter = Callable[[str], str]
"""Code or name of the records → matter of the scenario; an unknown text stays as it is."""


class EndedError(Exception):
    """The case ended without success: nothing of it is left to do."""


class Notes(Protocol):
    """Takes what could not be taken over."""

    def tell(self, column: str, value: str, rule: str, /) -> None:
        """Note a value, and what was done instead."""


@dataclass(frozen=True)
class Standing:
    """Where a case stands; names are those of a backlog's columns."""

    done: list[str] = field(default_factory=list)
    """Matters, and single steps."""
    under_way: dict[str, dt.datetime] = field(default_factory=dict)
    """Delay → since when."""
    accepted: dict[str, dt.datetime] = field(default_factory=dict)
    """Matter or stage → when."""
    handed_in: dict[str, dt.datetime] = field(default_factory=dict)
    """Matter or stage → when."""
    waits_since: dt.datetime | None = None
    """Since when work of it waits, or is in hand."""


class Course(Protocol):
    """What is recorded of one case."""

    def in_scenario(
        self,
        scenario: Scenario,
        case_type: str,
        nodes: Mapping[str, Node],
        of: Matter,
        notes: Notes,
    ) -> Standing:
        """Return where the case stands in the process of a scenario; `nodes`: by name.

        EndedError if it ended without success.
        """


# --- recorded steps ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A step that became ready by the evening."""

    name: str
    matters: tuple[str, ...]
    role: str
    is_work: bool
    marks: frozenset[str]
    ready: dt.datetime
    end: dt.datetime | None
    """None: not yet."""


def courses_by_steps(register: Register, rows: Ints, until: np.datetime64) -> Sequence[Course]:
    """Return what the steps of a register say of some of its cases, in the order of `rows`."""
    place = np.full(len(register.cases), -1, np.int64)
    place[rows] = np.arange(len(rows))
    steps = register.steps
    known = (place[steps["case"].to_numpy()] >= 0) & (steps["ready"].to_numpy() <= until)
    last = steps["application"].groupby(steps["case"]).transform("max").to_numpy()
    known &= steps["application"].to_numpy() == last  # what was handed in again begins anew
    table = steps[known]
    again = table.duplicated(["case", "step"], keep="last")  # several officers had it in hand
    found: list[list[Step]] = [[] for _ in rows]
    for row in table[~again].itertuples(index=False):
        end = row.end
        found[place[row.case]].append(
            Step(
                name=str(row.name),
                matters=tuple(str(row.matters).split(TOGETHER)) if row.matters else (),
                role=str(row.role),
                is_work=bool(row.pool),
                marks=frozenset(str(row.marks).split(TOGETHER)),
                ready=row.ready.to_pydatetime(),
                end=None if end is None or not end <= until else end.to_pydatetime(),
            )
        )
    return [CourseOfSteps(tuple(one)) for one in found]


@dataclass(frozen=True)
class CourseOfSteps:
    """The recorded steps of one case."""

    steps: tuple[Step, ...]

    def in_scenario(
        self,
        scenario: Scenario,
        case_type: str,
        nodes: Mapping[str, Node],
        of: Matter,
        notes: Notes,
    ) -> Standing:
        """Return where the case stands: a name of a step is one of the scenario's."""
        spec = scenario.case_types[case_type]
        steps = []
        for step in self.steps:
            if step.name in nodes:
                if nodes[step.name].seat_of is None:  # else told by the first officer's part
                    steps.append(step)
            else:
                rule = tr("no such step{hint}; it is left out", hint=nearest(step.name, nodes))
                notes.tell("step", step.name, rule)
        standing = Standing(waits_since=_waits_since(steps))
        for step in steps:
            if step.end is None and not step.is_work:
                standing.under_way[step.name] = step.ready
        if not spec.matters:
            standing.done.extend(_whole_steps(steps))
            return standing
        self._matters(steps, spec, nodes, standing)
        return standing

    @staticmethod
    def _matters(
        steps: Sequence[Step], spec: CaseType, nodes: Mapping[str, Node], standing: Standing
    ) -> None:
        """Enter what is done, accepted and handed in."""
        decided: set[str] = set()
        for step in steps:
            name = part_of(nodes[step.name].covers, spec)
            if "submission" in step.marks or step.role == Role.INTAKE.name.lower():
                earliest(standing.handed_in, name, step.ready)
            if step.end is not None and "acceptance" in step.marks:
                earliest(standing.accepted, name, step.end)
            if step.end is not None and "decision" in step.marks:
                decided.update(nodes[step.name].covers)
        begun = {nodes[step.name].covers for step in steps}
        decided.update(
            name
            for name, matter in spec.matters.items()
            if matter.decision is None and (name,) in begun  # a period of publicity
        )
        for step in steps:
            if step.end is None:
                decided -= set(nodes[step.name].covers)
        standing.done.extend(sorted(decided))
        standing.done.extend(
            step.name
            for step in steps
            if step.end is not None and not decided.issuperset(nodes[step.name].covers)
        )


def _waits_since(steps: Sequence[Step]) -> dt.datetime | None:
    return min((step.ready for step in steps if step.end is None and step.is_work), default=None)


def _whole_steps(steps: Sequence[Step]) -> Iterator[str]:
    """Yield the steps of a network that are over, with their loops."""
    rounds: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        rounds[step.name.split("/")[0]].append(step)
    for name, of in rounds.items():
        if all(step.end is not None for step in of):
            yield name


def part_of(covers: Sequence[str], spec: CaseType) -> str:
    """Return the matter of a step; of one that serves several, their stage."""
    return covers[0] if len(covers) == 1 else spec.matters[covers[0]].stage


def earliest(known: dict[str, dt.datetime], name: str, at: dt.datetime) -> None:
    """Enter the earlier one of two instants."""
    known[name] = min(known.get(name, at), at)


# --- states --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """A change of state."""

    state: int
    at: dt.datetime


@dataclass(frozen=True)
class Item:
    """One application for a matter, and what happened to it by the evening."""

    code: str
    name: str
    events: tuple[Event, ...]
    """By time."""
    procedures: tuple[str, ...]
    """Names of its special procedures, in order; fewer than began, where a table lacks them."""

    def times(self, *states: int) -> list[dt.datetime]:
        """Return when it came to these states."""
        return [event.at for event in self.events if event.state in states]

    @property
    def ended_in(self) -> int:
        """The state in which it ended, or 0."""
        return next((e.state for e in reversed(self.events) if e.state in ENDED), 0)


def courses_by_states(register: Register, rows: Ints, until: np.datetime64) -> Sequence[Course]:
    """Return what the states of a register say of some of its cases, in the order of `rows`."""
    place = np.full(len(register.cases), -1, np.int64)
    place[rows] = np.arange(len(rows))
    of_case = place[register.items["case"].to_numpy()] if len(register.items) else rows
    events = register.events.iloc[register.in_order]
    at = events["at"].to_numpy()
    known = (at <= until) & (events["state"].to_numpy() != State.NONE)
    item = events["item"].to_numpy()
    known &= of_case[item] >= 0
    changes: dict[int, list[Event]] = defaultdict(list)
    for number, state, when in zip(
        item[known].tolist(),
        events["state"].to_numpy()[known].tolist(),
        events["at"][known].dt.to_pydatetime(),
        strict=True,
    ):
        changes[number].append(Event(state, when))
    procedures: dict[int, list[str]] = defaultdict(list)
    specials = register.specials.sort_values(["item", "start"], kind="stable")
    for number, name in zip(specials["item"].tolist(), specials["name"].astype(str), strict=True):
        procedures[number].append(name)
    found: list[list[Item]] = [[] for _ in rows]
    for number in sorted(changes, key=lambda n: changes[n][0].at):
        row = register.items.iloc[number]
        found[of_case[number]].append(
            Item(
                str(row["matter_code"]),
                str(row["matter"]),
                tuple(changes[number]),
                tuple(procedures[number]),
            )
        )
    return [CourseOfStates(tuple(one)) for one in found]


_SENT_BACK: Final = (State.CORRECTION, State.CORRECTED)
_SPECIAL: Final = (State.SPECIAL, State.SPECIAL_DONE)


@dataclass(frozen=True)
class CourseOfStates:
    """The items of one case, by receipt."""

    items: tuple[Item, ...]

    def in_scenario(
        self,
        scenario: Scenario,
        case_type: str,
        nodes: Mapping[str, Node],
        of: Matter,
        notes: Notes,
    ) -> Standing:
        """Return where the case stands: the last application for each matter counts."""
        return _ByStates(scenario, case_type, nodes, of, notes).standing(self.items)


class _ByStates:
    def __init__(
        self,
        scenario: Scenario,
        case_type: str,
        nodes: Mapping[str, Node],
        of: Matter,
        notes: Notes,
    ) -> None:
        self.spec = scenario.case_types[case_type]
        self.together = single_window(scenario, self.spec)
        self.nodes, self.of, self.notes = nodes, of, notes
        self.found = Standing()

    def standing(self, items: Sequence[Item]) -> Standing:
        """Return where a case with these items stands."""
        last: dict[str, Item] = {}
        for item in items:
            names = map(self.of, (item.code, item.name))
            name = next((one for one in names if one in self.spec.matters), "")
            if name:
                last[name] = item
            else:
                text = item.code or item.name
                rule = tr(
                    "no such matter{hint}; it is left out", hint=nearest(text, self.spec.matters)
                )
                self.notes.tell("matter", text, rule)
        ended = {name: item.ended_in for name, item in last.items()}
        failed = [name for name, state in ended.items() if state and state not in DECIDED]
        failed += [name for name, state in ended.items() if state == State.REFUSED]
        if failed and all(ended.values()):
            raise EndedError
        for name in failed:
            rule = tr("ended without success while others go on; it is taken as done")
            self.notes.tell("state", name, rule)
        decided = [name for name, state in ended.items() if state]
        self.found.done.extend(self._with_required(decided))
        ends = {name: item.events[-1].at for name, item in last.items() if item.ended_in}
        for name, item in last.items():
            if name not in self.found.done:
                self._open(name, item, ends)
        self._together()
        return self._with_waiting(last)

    def _with_required(self, decided: Sequence[str]) -> list[str]:
        """Return matters that are decided, with all that they require."""
        done = list(decided)
        for name in done:
            for needed in self.spec.matters[name].requires:
                if needed not in done and not self.spec.matters[needed].when:
                    rule = tr(
                        "is decided before '{needed}', which it requires: taken as done, too",
                        needed=needed,
                    )
                    self.notes.tell("state", name, rule)
                    done.append(needed)
        return done

    def _window(self, name: str) -> str:
        """Return the window of a matter as steps name it."""
        matter = self.spec.matters[name]
        return matter.stage if self.together and matter.at_window else name

    def _open(self, name: str, item: Item, ends: Mapping[str, dt.datetime]) -> None:
        """Enter what is known of an item that has not ended; `ends`: of those that did."""
        window = self._window(name)
        earliest(self.found.handed_in, window, item.events[0].at)
        accepted = item.times(State.ACCEPTED, State.IN_REVIEW)
        if not accepted:
            self._rounds(f"{window}/correction", item, _SENT_BACK)
            return
        earliest(self.found.accepted, window, accepted[0])
        later = Item(
            item.code,
            item.name,
            tuple(event for event in item.events if event.at >= accepted[0]),
            item.procedures,
        )
        paused = self._rounds(f"{name}/review_correction", later, _SENT_BACK)
        paused |= self._procedures(name, later)
        way, needed = f"{name}/transfer_out", self.spec.matters[name].requires
        if way not in self.nodes or paused:
            return
        if item.times(State.IN_REVIEW):
            self.found.done.append(way)
        elif all(one in self.found.done for one in needed):
            self.found.under_way[way] = max([accepted[0], *(ends[n] for n in needed if n in ends)])

    def _rounds(self, step: str, item: Item, states: tuple[int, int]) -> bool:
        """Enter the rounds of correction; return whether one is under way."""
        begun, over = item.times(states[0]), item.times(states[1])
        for number, at in enumerate(begun, 1):
            node = step if number == 1 else f"{step}/{number}"
            if node not in self.nodes:
                rule = tr(
                    "the scenario has no such round{hint}; it is left out",
                    hint=nearest(node, self.nodes),
                )
                self.notes.tell("state", node, rule)
            elif number > len(over):
                self.found.under_way.setdefault(node, at)
                return True
            elif node not in self.found.done:
                self.found.done.append(node)
        return False

    def _procedures(self, name: str, item: Item) -> bool:
        """Enter special procedures and publicity; return whether one is under way."""
        begun, over = item.times(_SPECIAL[0]), item.times(_SPECIAL[1])
        running = False
        for number, at in enumerate(begun):
            kind = item.procedures[number] if number < len(item.procedures) else ""
            node = self._procedure(name, kind)
            if node is None:
                known = [n for n in self.nodes if n.startswith(f"{name}/special/")]
                rule = tr(
                    "'{name}' has no such special procedure{hint}; left out",
                    name=name,
                    hint=nearest(kind, known),
                )
                self.notes.tell("special", kind or name, rule)
            elif number >= len(over):
                if self.nodes[node].pool is None:
                    self.found.under_way[node] = at
                    running = True
            else:
                self.found.done.append(node)
        return running

    def _procedure(self, name: str, kind: str) -> str | None:
        """Return the step of a special procedure; None: the scenario has none like it."""
        publicity = f"{name}/publicity"
        special = [n for n in self.nodes if n.startswith(f"{name}/special/")]
        if publicity in self.nodes and (PUBLICITY in kind or not special):
            return publicity
        exact = [n for n in special if n.rpartition("/")[2] == kind]
        if exact or len(special) == 1:
            return (exact or special)[0]
        return None

    def _together(self) -> None:
        """Where papers are accepted together, what the stage is accepted with is accepted."""
        for name in self.found.accepted:
            for round_ in [n for n in self.found.under_way if n.startswith(f"{name}/correction")]:
                rule = tr(
                    "is sent back, but others handed in with it are accepted; taken as accepted"
                )
                self.notes.tell("state", round_, rule)
                del self.found.under_way[round_]

    def _with_waiting(self, last: Mapping[str, Item]) -> Standing:
        """Return the standing with the last change of its open items, since when they wait."""
        open_ = [item.events[-1].at for item in last.values() if not item.ended_in]
        every = open_ or [item.events[-1].at for item in last.values()]
        found = self.found
        return Standing(
            found.done, found.under_way, found.accepted, found.handed_in, min(every, default=None)
        )
