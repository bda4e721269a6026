"""Steps of cases from the events of a register: who had the papers between two states.

An item is with the authority from 接件 to its end, except during its pauses: corrections (补正),
which belong to the applicant, and special procedures (特别程序), to which publicity (公示) belongs
if it is named so. The k-th start of a pause goes with the k-th end by time; a start without an end
still runs, until the item ends. An item that was decided without 受理 counts as accepted when the
department began (部门开始办理), else at its receipt. Revocation (撤销) is on no clock.

Before an item is handed in lies the applicant's own time, from the last decision before it in its
case. A second item for one matter of a case is a further application (退件重报).

Walked through: received Mon 9:00, corrected Tue to Thu, accepted Fri 10:00, begun Fri 14:00,
decided Mon 15:00. Its steps: receipt (no time), check Mon 9:00 to Tue, correction Tue to Thu, check
again Thu to Fri 10:00, acceptance (no time), review Fri 10:00 to Mon 15:00, waiting until 14:00,
decision (no time). The statutory clock runs over the review, as the state's does; total days over
everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from sim.arrays import Bools, Ints
from sim.clocks.intervals import merge, minus, ordered
from sim.engine.contract import NO_OFFICER, OPEN
from sim.process.graph import Mark, Owner, Phase, Role
from sim.records.definition import Definition
from sim.records.register import DECIDED, ENDED, PAUSES, Register, State
from sim.records.timeline import PUBLICITY, Kind, Timeline, first_seen, seconds

_KINDS: Final = {
    "way": (Role.TRIP, Owner.APPLICANT, Phase.BEFORE),
    "resubmission": (Role.RESUBMISSION, Owner.APPLICANT, Phase.BEFORE),
    "receipt": (Role.INTAKE, Owner.AUTHORITY, Phase.BEFORE),
    "check": (Role.CHECK, Owner.AUTHORITY, Phase.BEFORE),
    "check/2": (Role.CHECK, Owner.AUTHORITY, Phase.BEFORE),
    "acceptance": (Role.CHECK, Owner.AUTHORITY, Phase.BEFORE),
    "correction": (Role.CORRECTION, Owner.APPLICANT, Phase.BEFORE),
    "review": (Role.REVIEW, Owner.AUTHORITY, Phase.RUNNING),
    "review_correction": (Role.CORRECTION, Owner.APPLICANT, Phase.RUNNING),
    "special": (Role.SPECIAL, Owner.SPECIAL, Phase.RUNNING),
    "publicity": (Role.PUBLICITY, Owner.PUBLICITY, Phase.RUNNING),
    "decision": (Role.DECISION, Owner.AUTHORITY, Phase.RUNNING),
    "not_accepted": (Role.CHECK, Owner.AUTHORITY, Phase.RUNNING),
    "withdrawn": (Role.CORRECTION, Owner.APPLICANT, Phase.RUNNING),
    "lapsed": (Role.CORRECTION, Owner.DEFERRED, Phase.RUNNING),
    "revoked": (Role.VERIFICATION, Owner.SUPERVISION, Phase.AFTER),
}
"""Kind of step → what it is in the anatomy of a matter."""
KIND_NUMBER: Final = {name: number for number, name in enumerate(_KINDS)}
_END: Final = {
    State.WITHDRAWN: ("withdrawn", Mark.FAILURE),
    State.NOT_TAKEN: ("not_accepted", Mark.FAILURE),
    State.NOT_ACCEPTED: ("not_accepted", Mark.FAILURE),
    State.PASSED: ("decision", Mark.DECISION),
    State.PASSED_CONDITIONALLY: ("decision", Mark.DECISION),
    State.REFUSED: ("decision", Mark.DECISION | Mark.FAILURE),
    State.DECIDED_SOMEHOW: ("decision", Mark.DECISION),
    State.LAPSED: ("lapsed", Mark.FAILURE),
}
"""State that ends an item → the kind of its last step, and what this marks."""
NEVER: Final = np.iinfo(np.int64).max
"""Later than everything."""


@dataclass(frozen=True, eq=False)
class _Rows:
    """Steps as they are found; n rows."""

    item: Ints
    kind: Ints
    """[n] position in `_KINDS`."""
    ready: Ints
    end: Ints
    marks: Ints


def timeline_of_events(
    register: Register, definition: Definition, origin: np.datetime64, until: np.datetime64
) -> Timeline:
    """Return the steps that the events of a register imply.

    `origin`: second 0; `until`: the time at which it is asked whether cases are complete. Items
    without any event that has a time and a state are left out.
    """
    return ItemReader(register, definition, origin, until).timeline()


class ItemReader:
    """The lives of items, read from their events: receipt, acceptance, pauses, end."""

    def __init__(
        self,
        register: Register,
        definition: Definition,
        origin: np.datetime64,
        until: np.datetime64,
    ) -> None:
        self.register, self.definition, self.now = register, definition, until
        events = register.events
        order = register.in_order
        at = seconds(events["at"].to_numpy()[order], origin)
        state = events["state"].to_numpy()[order].astype(np.int64)
        known = (at != OPEN) & (state != State.NONE)
        self.row = order[known]
        """[E] rows of the events that have a time and a state, by item and time."""
        self.at, self.state = at[known], state[known]
        self.item = events["item"].to_numpy()[self.row].astype(np.int64)
        self.items = len(register.items)
        self.case = register.items["case"].to_numpy().astype(np.int64)

    # --- the life of an item -----------------------------------------------------------------

    def first(self, states: tuple[int, ...] | None = None) -> Ints:
        """Return [items] the first event with one of the states (default: any), or `NEVER`."""
        here = slice(None) if states is None else np.isin(self.state, states)
        first = np.full(self.items, NEVER)
        np.minimum.at(first, self.item[here], self.at[here])
        return first

    @cached_property
    def received(self) -> Ints:
        """[items] the receipt: the first event; `NEVER` without any."""
        return self.first()

    @cached_property
    def ended(self) -> tuple[Ints, Ints]:
        """[items] when each item ended, or `NEVER`, and in which state, or 0."""
        here = np.isin(self.state, sorted(ENDED - {State.REVOKED}))
        end, state = np.full(self.items, NEVER), np.zeros(self.items, np.int64)
        end[self.item[here]] = self.at[here]  # by time: the last one stays
        state[self.item[here]] = self.state[here]
        return end, state

    @cached_property
    def accepted(self) -> Ints:
        """[items] the acceptance, or `NEVER`."""
        accepted, begun = self.first((State.ACCEPTED,)), self.first((State.IN_REVIEW,))
        decided = np.isin(self.ended[1], [*DECIDED])
        implied = np.where(begun != NEVER, begun, np.where(decided, self.received, NEVER))
        return np.minimum(np.where(accepted != NEVER, accepted, implied), self.ended[0])

    @cached_property
    def until(self) -> Ints:
        """[items] the end, not before receipt; `NEVER` for an open item."""
        return np.maximum(self.ended[0], self.received)

    @cached_property
    def pauses(self) -> _Rows:
        """The pauses of all items; one that still runs in an open item ends at `NEVER`."""
        found = [self._pauses(begin, end) for begin, end in PAUSES.items()]
        item, ready, end, kind = (np.concatenate(column) for column in zip(*found, strict=True))
        ready = np.minimum(ready, self.until[item])
        end = np.minimum(end, self.until[item])
        return _Rows(item, kind, ready, end, np.zeros(len(item), np.int64))

    def _pauses(self, begins: int, ends: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Return item, begin, end and kind of the pauses of one sort."""
        starts, stops = (np.flatnonzero(self.state == state) for state in (begins, ends))
        item, ready = self.item[starts], self.at[starts]
        nth, nth_stop = _nth(item), _nth(self.item[stops])
        width = int(max(nth.max(initial=0), nth_stop.max(initial=0))) + 1
        keys = self.item[stops] * width + nth_stop
        wanted = item * width + nth
        place = np.searchsorted(keys, wanted)
        paired = np.append(keys, -1)[place] == wanted
        end = np.where(paired, np.append(self.at[stops], 0)[place], NEVER)
        end = np.maximum(end, ready)
        if begins == State.CORRECTION:
            before = ready < self.accepted[item]
            names = (KIND_NUMBER["correction"], KIND_NUMBER["review_correction"])
            return item, ready, end, np.where(before, *names)
        public = self._is_publicity(item, nth)
        return item, ready, end, np.where(public, KIND_NUMBER["publicity"], KIND_NUMBER["special"])

    def _is_publicity(self, item: Ints, nth: Ints) -> Bools:
        """Return [n]: the nth special procedure of an item is a publicity period, by its name."""
        specials = self.register.specials
        order = np.lexsort((specials["start"].to_numpy(), specials["item"].to_numpy()))
        of = specials["item"].to_numpy().astype(np.int64)[order]
        names = specials["name"].cat
        public = np.array([PUBLICITY in str(text) for text in names.categories] + [False])
        width = int(nth.max(initial=0)) + int(_nth(of).max(initial=0)) + 1
        keys = (of * width + _nth(of))[public[names.codes.to_numpy()][order]]
        return np.isin(item * width + nth, keys)

    # --- steps -------------------------------------------------------------------------------

    def timeline(self) -> Timeline:
        """Return the steps by case, and within it by time."""
        parts = [self._moments(), self._worked(), self._pause_rows(), self._ways()]
        item, kind, ready, end, marks = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("item", "kind", "ready", "end", "marks")
        )
        case = self.case[item]
        waiting = self._outstanding
        none = np.full(len(waiting), OPEN)
        item, ready, end = (np.concatenate([column, none]) for column in (item, ready, end))
        kind = np.concatenate([kind, np.full(len(waiting), KIND_NUMBER["decision"])])
        marks = np.concatenate([marks, np.full(len(waiting), int(Mark.DECISION))])
        case = np.concatenate([case, waiting])
        late = np.where(ready == OPEN, NEVER, ready)
        order = np.lexsort((kind, np.where(end == OPEN, NEVER, end), late, case))
        item, kind, ready, end, marks, case = (
            column[order] for column in (item, kind, ready, end, marks, case)
        )
        kinds, of_item = self._kinds()
        of_case, types = self.definition.of_case[case], len(self.definition.case_types)
        start, is_work = self._starts(item, kind, ready, end)
        return Timeline(
            kinds=kinds,
            repeats=self._repeats(len(kinds) - types),
            case=case,
            kind=np.where(
                item < 0, len(kinds) - types + of_case, of_item[item] * len(_KINDS) + kind
            ),
            marks=marks.astype(np.uint8),
            application=np.where(item < 0, 1, self.applications[item]),
            ready=ready,
            start=start,
            end=end,
            is_work=is_work,
            officer=np.full(len(item), NO_OFFICER, np.int32),
            before=self._before(item, case, ready, end),
        )

    def _moments(self) -> _Rows:
        """Return what takes no time: receipt, acceptance, end; and what of it is still to come."""
        known = np.flatnonzero(self.received != NEVER)
        ended, state = self.until, self.ended[1]
        rows = [self._rows(known, "receipt", self.received[known], Mark.SUBMISSION)]
        accepted = self.accepted[known]
        awaits = (accepted != NEVER) | (ended[known] == NEVER)
        rows.append(self._rows(known[awaits], "acceptance", accepted[awaits], Mark.ACCEPTANCE))
        open_ = known[ended[known] == NEVER]
        rows.append(self._rows(open_, "decision", ended[open_], Mark.DECISION))
        for code, (name, mark) in _END.items():
            here = np.flatnonzero((state == code) & (self.received != NEVER))
            rows.append(self._rows(here, name, ended[here], mark))
        revoked = self.first((State.REVOKED,))
        here = np.flatnonzero(revoked != NEVER)
        rows.append(
            self._rows(
                here, "revoked", np.maximum(revoked[here], self.received[here]), Mark.FAILURE
            )
        )
        return _joined(rows)

    @staticmethod
    def _rows(item: Ints, name: str, at: Ints, mark: Mark) -> _Rows:
        t = np.where(at == NEVER, np.int64(OPEN), at)
        number, marks = np.full(len(item), KIND_NUMBER[name]), np.full(len(item), int(mark))
        return _Rows(item, number, t, t, marks)

    def _worked(self) -> _Rows:
        """Return the time that an item was with the authority: from receipt on, without pauses."""
        pauses = self.pauses
        paused = merge(*ordered(pauses.item, pauses.ready, np.minimum(pauses.end, self._horizon)))
        known = np.flatnonzero(self.received != NEVER)
        turn = np.minimum(self.accepted, self.until)[known]
        rows = []
        for first, last, name in (
            (self.received[known], np.minimum(turn, self._horizon), "check"),
            (
                np.minimum(turn, self._horizon),
                np.minimum(self.until[known], self._horizon),
                "review",
            ),
        ):
            some = first < last
            item, ready, end = minus((known[some], first[some], last[some]), paused)
            kind = np.full(len(item), KIND_NUMBER[name])
            if name == "check":
                kind[_nth(item) > 0] = KIND_NUMBER["check/2"]
            end = np.where(end == self._horizon, np.int64(OPEN), end)
            rows.append(_Rows(item, kind, ready, end, np.zeros(len(item), np.int64)))
        return _joined(rows)

    @cached_property
    def _horizon(self) -> int:
        """A second after all that was recorded: what reaches it is still open."""
        return int(self.at.max(initial=0)) + 1

    @cached_property
    def _outstanding(self) -> Ints:
        """Rows of the cases that go on, though which matters are to come is not known.

        They are not said to be complete (完全办结), in a register that says it of others.
        """
        ended = self.register.cases["ended"].to_numpy()
        never = np.isnat(ended)
        begun = np.zeros(len(ended), np.bool_)
        begun[self.case[self.received != NEVER]] = True
        return np.flatnonzero(begun & (never | (ended > self.now)) & ~never.all())

    def _pause_rows(self) -> _Rows:
        pauses = self.pauses
        end = np.where(pauses.end == NEVER, np.int64(OPEN), pauses.end)
        return _Rows(pauses.item, pauses.kind, pauses.ready, end, pauses.marks)

    def _ways(self) -> _Rows:
        """Return the applicant's time before each item but the first of its case."""
        known = np.flatnonzero(self.received != NEVER)
        order = known[np.lexsort((self.received[known], self.case[known]))]
        ended = known[self.until[known] != NEVER]
        width = self._horizon + 1
        ends = np.sort(self.case[ended] * width + self.until[ended])
        wanted = self.case[order] * width + self.received[order]
        place = np.searchsorted(ends, wanted, "right") - 1
        last = np.append(ends, -1)[place]
        follows = (place >= 0) & (last // width == self.case[order])
        since = np.where(follows, last % width, self.received[order])
        again = self.nth_of_matter[order] > 0
        kind = np.where(again, KIND_NUMBER["resubmission"], KIND_NUMBER["way"])
        some = since < self.received[order]
        none = np.zeros(int(some.sum()), np.int64)
        return _Rows(order[some], kind[some], since[some], self.received[order][some], none)

    # --- what steps are ----------------------------------------------------------------------

    @cached_property
    def _matter(self) -> tuple[tuple[tuple[int, str, str], ...], Ints]:
        """Case type, matter and department of items, and [items] which of them each is."""
        items = self.register.items
        case_type = self.definition.of_case[self.case] if self.items else np.zeros(0, np.int64)
        code, name, department = (items[c].cat for c in ("matter_code", "matter", "department"))
        key = case_type
        for column in (code, name, department):
            key = key * (len(column.categories) + 1) + column.codes.to_numpy()
        where, which = first_seen(key)
        found = []
        for row in where:
            of, text = int(case_type[row]), str(items["matter_code"].iloc[row])
            other = str(items["matter"].iloc[row])
            known = text if text in self.definition.names[of] else other or text
            found.append(
                (of, self.definition.matter(of, known), str(items["department"].iloc[row]))
            )
        return tuple(found), which

    def _kinds(self) -> tuple[tuple[Kind, ...], Ints]:
        """Return all kinds of step, and [items] the position of the item's own among them.

        The last ones are what is outstanding in cases of each type.
        """
        matters, which = self._matter
        outstanding = (
            Kind(number, "outstanding", (), *_KINDS["decision"])
            for number in range(len(self.definition.case_types))
        )
        own = tuple(
            Kind(
                case_type,
                f"{matter}/{name}",
                (matter,),
                *what,
                department="" if what[1] is Owner.APPLICANT else department,
            )
            for case_type, matter, department in matters
            for name, what in _KINDS.items()
        )
        return (*own, *outstanding), which

    @staticmethod
    def _repeats(kinds: int) -> dict[int, int]:
        """Return check → what repeats it, for each matter."""
        pairs = (("check", "check/2"), ("check/2", "acceptance"))
        return {
            first + KIND_NUMBER[one]: first + KIND_NUMBER[other]
            for first in range(0, kinds, len(_KINDS))
            for one, other in pairs
        }

    @cached_property
    def nth_of_matter(self) -> Ints:
        """[items] how many items of the same matter its case had before, by receipt."""
        matters = [(case_type, matter) for case_type, matter, _ in self._matter[0]]
        number = {matter: n for n, matter in enumerate(dict.fromkeys(matters))}
        of = np.array([number[matter] for matter in matters], np.int64)[self._matter[1]]
        key = self.case * max(len(number), 1) + of
        order = np.lexsort((self.received, key))
        nth = np.empty(self.items, np.int64)
        nth[order] = _nth(key[order])
        return nth

    @cached_property
    def applications(self) -> Ints:
        """[items] the application: 1, and one more for each item handed in again up to then."""
        order = np.lexsort((self.received, self.case))
        again = (self.nth_of_matter[order] > 0) & (self.received[order] != NEVER)
        so_far = np.cumsum(again)
        case = self.case[order]
        first = np.append(True, case[1:] != case[:-1])[: len(case)]
        before = np.maximum.accumulate(np.where(first, so_far - again, 0))
        application = np.empty(self.items, np.int64)
        application[order] = 1 + so_far - before
        return application

    def _starts(self, item: Ints, kind: Ints, ready: Ints, end: Ints) -> tuple[Ints, Bools]:
        """Return [N] when each step began, and whether it is known as work.

        Where the department's begin (部门开始办理) is recorded, a review is work from then on.
        """
        begun = self.first((State.IN_REVIEW,))[item]
        works = (kind == KIND_NUMBER["review"]) & (begun != NEVER)
        until = np.where(end == OPEN, NEVER, end)
        start = np.where(works, np.minimum(np.maximum(begun, ready), until), ready)
        return start, works

    def _before(self, item: Ints, case: Ints, ready: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Return pairs of a step and the one that ended when it became ready, if there is one.

        In its item, else in its case. Steps are sorted by case and time.
        """
        length = int(max(end.max(initial=0), ready.max(initial=0))) + 1
        later: list[Ints] = []
        earlier: list[Ints] = []
        left = np.flatnonzero(ready != OPEN)
        for group in (item, case):
            ended = np.flatnonzero(end != OPEN)
            keys = group[ended] * length + end[ended]
            order = np.argsort(keys, kind="stable")
            keys, ended = keys[order], ended[order]
            wanted = group[left] * length + ready[left]
            low, high = (np.searchsorted(keys, wanted, side) for side in ("left", "right"))
            # The last one before the step itself; steps without time follow each other.
            place = _last_below(ended, low, high, left)
            found = place >= 0
            later.append(left[found])
            earlier.append(ended[place[found]])
            left = left[~found]
        return np.concatenate(later), np.concatenate(earlier)


def _last_below(values: Ints, low: Ints, high: Ints, bound: Ints) -> Ints:
    """Return the last position in [low, high) whose value is below a bound, or -1.

    `values` rise within each of these stretches.
    """
    place = high - 1
    for _ in range(int((high - low).max(initial=0))):
        above = (place >= low) & (np.append(values, 0)[place] >= bound)
        if not above.any():
            break
        place = np.where(above, place - 1, place)
    return np.where(place >= low, place, -1)


def _nth(group: Ints) -> Ints:
    """Return how many of the same group come before each; groups lie together."""
    if len(group) == 0:
        return group.astype(np.int64)
    first = np.append(True, group[1:] != group[:-1])
    begin = np.maximum.accumulate(np.where(first, np.arange(len(group)), 0))
    return np.arange(len(group)) - begin


def _joined(rows: list[_Rows]) -> _Rows:
    return _Rows(
        *(
            np.concatenate([getattr(part, name) for part in rows])
            for name in ("item", "kind", "ready", "end", "marks")
        )
    )
