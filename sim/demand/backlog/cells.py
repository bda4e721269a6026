"""The rows of a backlog file, read cell by cell into arrays, and the rules that they must obey."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from sys import intern

import numpy as np

from sim.arrays import Bools
from sim.demand.backlog.cases import Layout, OpenCases, repeats
from sim.demand.backlog.past import NOT_YET, Past
from sim.demand.backlog.table import COLUMNS, OF_MATTERS, PAUSES, WAITS_SINCE, Row
from sim.engine.contract import DAY_S, NOTICE_WD
from sim.scenario import Condition, known_parts, nearest
from sim.translation import tr


class Cells:
    """Reads the cells of the rows of one case type; notes every mistake in its row."""

    def __init__(self, layout: Layout, rows: Sequence[Row]) -> None:
        self.layout = layout
        self.case_type = layout.case_type
        self.kind = layout.graph.case_type
        self.parts = known_parts(layout.case_type)
        submitted = [-1 if row.submitted_s is None else row.submitted_s for row in rows]
        names = [row["case"] for row in rows]
        self.cases = OpenCases.just_submitted(layout, names, submitted)
        self.dated = np.zeros_like(self.cases.accepted)
        """[B, M] the row states a date of its own on which the matter was accepted."""
        for case, row in enumerate(rows):
            self._read(case, row)

    def settled(self, case: int, condition: Condition) -> bool:
        """Return whether the case states all attributes of the condition."""
        return all(self.cases.attributes[name][case] for name in condition)

    def against(self, case: int, condition: Condition) -> list[str]:
        """Return the stated attributes that contradict the condition."""
        if not condition:
            return []
        stated = {name: self.cases.attributes[name][case] for name in condition}
        return [
            tr("{name} is '{stated}'", name=name, stated=stated[name])
            for name, wanted in condition.items()
            if stated[name]
            and stated[name] not in ([wanted] if isinstance(wanted, str) else wanted)
        ]

    def absent(self) -> Bools:
        """Return [B, M]: the stated attributes say that the case does not have the matter."""
        absent = np.zeros_like(self.cases.decided)
        cases = range(len(absent))
        for column, matter in enumerate(self.case_type.matters.values()):
            if not matter.when:
                continue
            absent[:, column] = [bool(self.against(case, matter.when)) for case in cases]
        return absent

    def _read(self, case: int, row: Row) -> None:
        self._attributes(case, row)
        self._done(case, row)
        if self.case_type.matters:
            self._accepted(case, row)
            self._deemed(case, row)
            self._handed_in(case, row)
        else:
            for column in OF_MATTERS:
                if row[column]:
                    rule = tr("an open network has no acceptance: its clocks run from 'submitted'")
                    row.report(column, rule)
        self._under_way(case, row)
        self._paused(case, row)
        if row[WAITS_SINCE]:
            at_s = row.instant(WAITS_SINCE, row[WAITS_SINCE])
            if at_s is not None:
                self.cases.waits_since_s[case] = at_s

    def _attributes(self, case: int, row: Row) -> None:
        known = self.layout.attributes
        stated = {name: cell for name, cell in row.cells.items() if cell and name not in COLUMNS}
        for name, value in stated.items():
            if name not in known:
                rule = tr(
                    "cases of type '{kind}' have no such attribute{hint}",
                    kind=self.kind,
                    hint=nearest(name, known),
                )
                row.report(name, rule)
            elif value not in known[name].shares:
                row.report(name, tr("no such value{hint}", hint=nearest(value, known[name].shares)))
            else:
                self.cases.attributes[name][case] = intern(value)

    def _done(self, case: int, row: Row) -> None:
        for name, date in row.parts("done"):
            if date:
                rule = tr("has no dates; name what is done, joined by ';'")
                row.report("done", rule, f"{name}={date}")
            elif name in self.case_type.steps or name in self.layout.number:
                self._choose(row, name)
                self.cases.finished[case, self.layout.ended_with(name)] = True
            else:
                self.cases.decided[case, self._matters(case, row, "done", name)] = True

    def _choose(self, row: Row, step: str) -> None:
        """Report a step beside which the case has done another one of the same choice."""
        done = [name for name, _ in row.parts("done")]
        for name, shares in self.case_type.one_of.items():
            others = [other for other in done if other in shares and other < step]
            if step in shares and others:
                rule = tr(
                    "a case takes one step of the choice '{name}', not {others} as well",
                    name=name,
                    others=others[0],
                )
                row.report("done", rule, step)

    def _accepted(self, case: int, row: Row) -> None:
        if row["accepted_on"]:
            day = row.day("accepted_on", row["accepted_on"])
            if day is not None:
                self.cases.since[case] = day
        for name, date in row.parts("accepted"):
            matters = self._matters(case, row, "accepted", name)
            self.cases.accepted[case, matters] = True
            day = row.day("accepted", date) if date else None
            if day is not None:
                self.cases.since[case, matters], self.dated[case, matters] = day, True

    def _deemed(self, case: int, row: Row) -> None:
        if row["deemed"] and not self.layout.deems:
            rule = tr("the scenario ignores deemed acceptance: leave the cell empty")
            row.report("deemed", rule)
            return
        accepts = self.layout.of_matters(self.layout.accepts)
        for name, day in self._dates(row, "deemed"):
            matters = self._matters(case, row, "deemed", name)
            self.cases.deemed[case, matters] = day
            if matters and not accepts[matters].any():
                rule = tr("nothing of it is accepted, so it cannot count as accepted")
                row.report("deemed", rule, name)

    def _handed_in(self, case: int, row: Row) -> None:
        for name, day in self._dates(row, "handed_in"):
            self.cases.handed_in[case, self._matters(case, row, "handed_in", name)] = day

    @staticmethod
    def _dates(row: Row, column: str) -> Iterator[tuple[str, int]]:
        """Yield the names of a list, each with its day; report those without one."""
        for name, date in row.parts(column):
            if not date:
                row.report(column, tr("on which date? Write '{name}=2024-03-01'", name=name), name)
                continue
            day = row.day(column, date)
            if day is not None:
                yield name, day

    def _matters(self, case: int, row: Row, column: str, name: str) -> list[int]:
        """Return the matters that `name` stands for and the case has; report an unknown name."""
        matters = self.case_type.matters
        if name not in self.parts:
            valid = self.layout.number if column == "done" and "/" in name else self.parts
            rule = tr(
                "no such part of case type '{kind}'{hint}",
                kind=self.kind,
                hint=nearest(name, valid),
            )
            row.report(column, rule, name)
        elif name in matters and (reasons := self.against(case, matters[name].when)):
            row.report(
                column, tr("the case does not have it: {reasons}", reasons=", ".join(reasons)), name
            )
        columns = self.layout.columns.get(name, [])
        when = (matters[self.layout.matters[column]].when for column in columns)
        return [
            column
            for column, of in zip(columns, when, strict=True)
            if not (of and self.against(case, of))
        ]

    def _under_way(self, case: int, row: Row) -> None:
        nodes = self.layout.graph.nodes
        for name, date in row.parts("under_way"):
            number = self.layout.number.get(name)
            if number is None:
                delays = [node.name for node in nodes if node.pool is None]
                row.report("under_way", tr("no such step{hint}", hint=nearest(name, delays)), name)
            elif nodes[number].pool is not None:
                rule = tr("is work, which begins anew; only delays can be under way")
                row.report("under_way", rule, name)
            elif not date:
                rule = tr("when did it begin? Write '{name}=2024-03-01 09:30'", name=name)
                row.report("under_way", rule, name)
            else:
                begun_s = row.instant("under_way", date)
                if begun_s is not None:
                    self.cases.delays.extend((case, number, begun_s))

    def _paused(self, case: int, row: Row) -> None:
        for column, clock in PAUSES.items():
            text = row[column] or row["paused_wd"] or "0"
            if text.isascii() and text.isdecimal() and len(text) < 6:
                self.cases.paused[clock][case] = int(text)
            elif row[column]:
                row.report(column, tr("must be a whole number of working days, at least 0"))


class Rules:
    """Checks the rows of one case type, and completes the cases by what follows from them."""

    def __init__(self, cells: Cells, scope: Collection[str] | None, past: Past) -> None:
        """`scope`: the matters of the limit that `accepted_on` and pauses refer to; None: all."""
        self.cells = cells
        self.cases = cells.cases
        self.layout = cells.layout
        self.case_type = cells.case_type
        self.past = past
        self.under_way = cells.cases.under_way
        names = self.layout.matters
        in_scope = np.array([scope is None or name in scope for name in names], bool)
        self.starts: Bools = in_scope & self.layout.of_matters(self.layout.accepts)
        """[M] the acceptance of the matter starts the clock."""
        matters = self.case_type.matters
        self.certain: Bools = np.array([not name or not matters[name].when for name in names], bool)
        """[M] every case has the matter."""

    def check(self, rows: Sequence[Row]) -> None:
        """Note the mistakes of each row; rows with unreadable cells are passed over."""
        sound = [(case, row) for case, row in enumerate(rows) if not row.problems]
        for case, row in sound:
            self._requirements(case, row)
            self._steps_in_order(case, row)
        over = self.layout.over(self.cases, self.cells.absent())
        running = self.layout.none_left(self.layout.accepts, over)
        for case, row in sound:
            self._checks_decided(case, row, over[case])
            self._window_complete(case, row, over[case])
            self._deemed(case, row)
            self._still_open(case, row, over[case])
            started = self._clock(case, row, running[case])
            if not row.problems:
                self._pauses(row, started)

    def _requirements(self, case: int, row: Row) -> None:
        """Report required matters that are not done; one that the case may lack counts as done."""
        matters, decided = self.case_type.matters, self.cases.decided[case]
        left = [self.layout.matters[column] for column in np.flatnonzero(decided)]
        while left:
            name = left.pop(0)
            for needed in matters[name].requires:
                when, (column,) = matters[needed].when, self.layout.columns[needed]
                nodes = self.layout.covers[:, column]
                decisions = self.cases.finished[case, nodes & self.layout.decides]
                known = decided[column] or (decisions.any() and decisions.all())
                if known or not nodes.any() or self.cells.against(case, when):
                    continue
                if self.cells.settled(case, when):
                    rule = tr("is done, but '{needed}', which it requires, is not", needed=needed)
                    row.report("done", rule, name)
                else:
                    decided[column] = True
                    left.append(needed)

    def _steps_in_order(self, case: int, row: Row) -> None:
        steps = self.case_type.steps
        done = {name for name, _ in row.parts("done")}
        for name in sorted(done & set(steps)):
            for needed in steps[name].after:
                step = steps[needed]
                sure = step.probability == 1 and self.cells.settled(case, step.when)
                if needed not in done and sure and not self.cells.against(case, step.when):
                    row.report(
                        "done", tr("is done, but '{needed}' before it is not", needed=needed), name
                    )

    def _checks_decided(self, case: int, row: Row, over: Bools) -> None:
        """Report a check that is done, with neither acceptance nor correction after it."""
        nodes, finished = self.layout.graph.nodes, self.cases.finished[case]
        known = np.flatnonzero(finished | self.under_way[case])
        for number in np.flatnonzero(finished & self.layout.accepts):
            again = nodes[number].next_round
            if again is None or over[again]:
                continue
            if not any(repeats(nodes[other].gates, nodes[again].gates) for other in known):
                rule = tr("is done: name what is accepted, or the correction that is under way")
                row.report("done", rule, nodes[number].name)

    def _window_complete(self, case: int, row: Row, over: Bools) -> None:
        """Report papers that are accepted while others, handed in with them, are not."""
        accepted, decided = self.cases.accepted[case], self.cases.decided[case]
        for number in np.flatnonzero(self.layout.before & ~over):
            covers = self.layout.covers[number]
            if (covers & accepted).any():
                rest = self._names(covers & self.certain & ~accepted & ~decided)
                if rest:
                    rule = tr(
                        "is accepted together with {rest}; name them, or the stage", rest=rest
                    )
                    row.report("accepted", rule)
                    return
                accepted |= covers

    def _deemed(self, case: int, row: Row) -> None:
        """Report papers that are still in time; complete those that were handed in together."""
        since, accepted = self.cases.deemed[case], self.cases.accepted[case]
        for day in sorted({*since[since != NOT_YET].tolist()}):
            passed = int(self.past.count(np.array(day)))
            if passed <= NOTICE_WD:
                rule = tr(
                    "only {passed} working days have passed since {date}; papers count as accepted "
                    "when more than {most} have passed without an answer",
                    passed=passed,
                    date=row.start + dt.timedelta(day),
                    most=NOTICE_WD,
                )
                row.report("deemed", rule)
        for number in np.flatnonzero(self.layout.papers):
            together = self.layout.covers[number] & ~accepted & ~self.cases.decided[case]
            if (since[together] != NOT_YET).any():
                since[together] = since[together].min()
        undated = accepted & ~self.cells.dated[case] & (since != NOT_YET)
        self.cases.since[case, undated] = since[undated]

    def _still_open(self, case: int, row: Row, over: Bools) -> None:
        for number in np.flatnonzero(self.under_way[case] & over):
            rule = tr("is under way, but it, or what follows it, is done")
            row.report("under_way", rule, self.layout.graph.nodes[number].name)
        if over.all() and not row.problems:
            row.report("done", tr("nothing is left to do; leave a finished case out"))

    def _clock(self, case: int, row: Row, accepted: Bools) -> int | None:
        """Return the day on which the limit's clock started; None: not started, or unknown."""
        if not self.case_type.matters:
            return int(self.cases.submitted_s[case]) // DAY_S
        known = self.cases.accepted[case] | self.cases.decided[case] | accepted
        deemed = self.cases.deemed[case]
        since = np.minimum(np.where(known, self.cases.since[case], NOT_YET), deemed)
        started = self.starts & (since != NOT_YET)
        first = int(since[started].min()) if started.any() else None
        if not row["accepted_on"]:
            rest = self._names(started & ~self.cells.dated[case] & (deemed == NOT_YET))
            if rest:
                row.report(
                    "accepted_on",
                    tr("is missing: the clock runs, for {rest} is accepted", rest=rest),
                )
        elif first is None:
            rule = tr("the clock runs, but 'accepted', 'deemed' and 'done' name nothing")
            row.report("accepted_on", rule)
        elif first != row.day("accepted_on", row["accepted_on"]):
            start = row.start + dt.timedelta(first)
            rule = tr("the clock started on {start}, say 'accepted' and 'deemed'", start=start)
            row.report("accepted_on", rule)
        return first

    def _names(self, matters: Bools) -> str:
        return ", ".join(self.layout.matters[column] for column in np.flatnonzero(matters))

    def _pauses(self, row: Row, started: int | None) -> None:
        """Report more paused days than have passed, or than another clock allows."""
        stated = {column: int(row[column]) for column in PAUSES if row[column]}
        if not stated:
            return
        if started is None:
            row.report(next(iter(stated)), tr("no clock runs that could have paused"))
            return
        most, promised = int(self.past.count(np.array(started))), stated.get("paused_wd", 0)
        for column, days in stated.items():
            if days > most:
                row.report(column, tr("only {most} working days have passed so far", most=most))
        if stated.get("paused_statutory_wd", promised) > promised:
            rule = tr(
                "the statutory clock does not pause longer than the promised ({promised})",
                promised=promised,
            )
            row.report("paused_statutory_wd", rule)
        if stated.get("paused_net_wd", promised) < promised:
            rule = tr(
                "net approval time does not pause for less than the promised ({promised})",
                promised=promised,
            )
            row.report("paused_net_wd", rule)
