"""The cells of a backlog file's rows, read into the arrays of open cases one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.arrays import Bools
from sim.demand.backlog.cases import Layout, OpenCases
from sim.demand.backlog.table import COLUMNS, OF_MATTERS, PAUSES, Row
from sim.scenario import Condition, known_parts, nearest


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

    def lacks(self, case: int, condition: Condition) -> bool:
        """Whether the attributes that are stated exclude it."""
        return bool(self._against(case, condition))

    def settled(self, case: int, condition: Condition) -> bool:
        """Whether the attributes that are stated decide about it."""
        return all(self.cases.attributes[name][case] for name in condition)

    def _against(self, case: int, condition: Condition) -> list[str]:
        stated = {name: self.cases.attributes[name][case] for name in condition}
        return [
            f"{name} is '{stated[name]}'"
            for name, wanted in condition.items()
            if stated[name]
            and stated[name] not in ([wanted] if isinstance(wanted, str) else wanted)
        ]

    def absent(self) -> Bools:
        """Return [B, M]: the stated attributes say that the case does not have the matter."""
        found = np.zeros_like(self.cases.decided)
        for column, matter in enumerate(self.case_type.matters.values()):
            for case in range(len(found)):
                found[case, column] = self.lacks(case, matter.when)
        return found

    def _read(self, case: int, row: Row) -> None:
        self._attributes(case, row)
        self._done(case, row)
        if self.case_type.matters:
            self._accepted(case, row)
            self._handed_in(case, row)
        else:
            for column in OF_MATTERS:
                if row[column]:
                    rule = "an open network has no acceptance: its clocks run from 'submitted'"
                    row.report(column, rule)
        self._under_way(case, row)
        self._paused(case, row)

    def _attributes(self, case: int, row: Row) -> None:
        known = self.layout.attributes
        stated = {name: cell for name, cell in row.cells.items() if cell and name not in COLUMNS}
        for name, value in stated.items():
            if name not in known:
                rule = f"cases of type '{self.kind}' have no such attribute{nearest(name, known)}"
                row.report(name, rule)
            elif value not in known[name].shares:
                row.report(name, f"no such value{nearest(value, known[name].shares)}")
            else:
                self.cases.attributes[name][case] = value

    def _done(self, case: int, row: Row) -> None:
        for name, date in row.parts("done"):
            if date:
                rule = "has no dates; name what is done, joined by ';'"
                row.report("done", rule, f"{name}={date}")
            elif name in self.case_type.steps or name in self.layout.number:
                self.cases.finished[case, self.layout.ended_with(name)] = True
            else:
                self.cases.decided[case, self._matters(case, row, "done", name)] = True

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

    def _handed_in(self, case: int, row: Row) -> None:
        for name, date in row.parts("handed_in"):
            if not date:
                row.report("handed_in", f"on which date? Write '{name}=2024-03-01'", name)
                continue
            day = row.day("handed_in", date)
            if day is not None:
                self.cases.handed_in[case, self._matters(case, row, "handed_in", name)] = day

    def _matters(self, case: int, row: Row, column: str, name: str) -> list[int]:
        """Return the matters of a name that the case has; complain if it stands for nothing."""
        matters = self.case_type.matters
        if name not in self.parts:
            valid = self.layout.number if column == "done" and "/" in name else self.parts
            rule = f"no such part of case type '{self.kind}'{nearest(name, valid)}"
            row.report(column, rule, name)
        elif name in matters and (reasons := self._against(case, matters[name].when)):
            row.report(column, f"the case does not have it: {', '.join(reasons)}", name)
        return [
            each
            for each in self.layout.columns.get(name, [])
            if not self.lacks(case, matters[self.layout.matters[each]].when)
        ]

    def _under_way(self, case: int, row: Row) -> None:
        nodes = self.layout.graph.nodes
        for name, date in row.parts("under_way"):
            number = self.layout.number.get(name)
            if number is None:
                delays = [node.name for node in nodes if node.pool is None]
                row.report("under_way", f"no such step{nearest(name, delays)}", name)
            elif nodes[number].pool is not None:
                rule = "is work, which begins anew; only delays can be under way"
                row.report("under_way", rule, name)
            elif not date:
                rule = f"when did it begin? Write '{name}=2024-03-01 09:30'"
                row.report("under_way", rule, name)
            else:
                begun_s = row.instant("under_way", date)
                if begun_s is not None:
                    self.cases.under_way_s[case, number] = begun_s

    def _paused(self, case: int, row: Row) -> None:
        for column, clock in PAUSES.items():
            text = row[column] or row["paused_wd"] or "0"
            if text.isascii() and text.isdecimal() and len(text) < 6:
                self.cases.paused[clock][case] = int(text)
            elif row[column]:
                row.report(column, "must be a whole number of working days, at least 0")
