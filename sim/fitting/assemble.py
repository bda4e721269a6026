"""The tree of a fitted scenario: the parts of a scenario file, of `Measured` values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np

from sim.fitting.arrivals import DAY_S, MONTHS_ENOUGH, Observed, fit_arrivals
from sim.fitting.course import Course
from sim.fitting.durations import Family
from sim.fitting.effort import Effort
from sim.fitting.fitted import Remark
from sim.fitting.hidden.recorded import REDO
from sim.fitting.hidden.result import Inferred, remarks_on
from sim.fitting.lives import Lives
from sim.fitting.measured import Measured, assumed, rounded, share
from sim.fitting.officers import Group, Pool, unique_name
from sim.fitting.work import Work
from sim.limits import STATE_ITEM, STATE_STAGE
from sim.records.from_events import NEVER
from sim.records.register import Register
from sim.translation import tr

WARM_UP_D: Final = 120
FEW_ITEMS: Final = 100
ROUGH: Final = (0.8, 1.6)
"""Factors on the range of a mean that was seen in jobs of unequal chance to be seen."""
SHORT_CODE: Final = 12
"""Characters of a code of a matter that stands for its name."""
STRAYS: Final = 0.002
"""Share of the first cases that may be strays from before the record really begins."""
MANY_VALUES: Final = 40
"""Values of an attribute from which on it is a name or number, not a kind."""
ONE_FOR_ALL: Final = "no officer is recorded: one stands for all, who take work ÷ their number"
_BUSY: Final = 0.7
"""Utilisation that is assumed where nothing tells how long work takes."""


class Assembly:
    """Turns the lives of items into the parts of a scenario."""

    def __init__(self, register: Register, lives: Lives, *, split: bool = True) -> None:
        self.register, self.lives = register, lives
        self.inferred: Sequence[Inferred] = ()
        """What simulation tells beside the stamps."""
        self.courses = dict(_courses(register, lives, split=split))
        self.work = Work(lives, self.courses)
        self.names: dict[tuple[str, str], str] = {}
        taken: set[str] = set()
        for course in self.courses.values():
            codes = _codes(course) if split else {}
            for matter in course.matters:
                self._named("matter", matter, taken, codes.get(matter, matter))
        for kind in ("department", "stage"):
            used: set[str] = set()
            for course in self.courses.values():
                for matter in course.matters:
                    self._named(kind, getattr(course, kind)(matter), used)

    def _named(self, kind: str, text: str, taken: set[str], name: str = "") -> None:
        if (kind, text) not in self.names:
            self.names[kind, text] = unique_name(name or text, taken)

    # --- the whole ----------------------------------------------------------------------------

    def tree(self, name: str) -> dict[str, Any]:
        """Return the scenario as a tree."""
        single = all(course.one_window for course in self.courses.values())
        parallel = all(course.parallel for course in self.courses.values())
        return {
            "name": name,
            "calendar": {"country": self.lives.country, "fallback": "statutory"},
            "period": self.period,
            "hours": self._hours(),
            "departments": self._departments(single=single),
            "pools": self._pools(),
            "staff": self._staff(),
            "case_types": {
                key: self._case_type(key, course) for key, course in self.courses.items()
            },
            "handling": {
                "one_window": single,
                "parallel_approval": parallel,
                "source": f"measured: {self.file}, inferred from the order of events",
            },
            "own_limits": {"matter_clock": STATE_ITEM.name, "stage_clock": STATE_STAGE.name},
        }

    def remarks(self) -> Iterator[Remark]:
        """Yield what a reader of the fit should know, the most important first."""
        lives = self.lives
        first, last = self.span
        yield Remark("effective_time")
        if not lives.has_hours:
            yield Remark("dates_only")
        if last - first + 1 < MONTHS_ENOUGH:
            yield Remark("short", number=(last - first + 1) / 30.4)
        items = int((lives.received != NEVER).sum())
        if items < FEW_ITEMS:
            yield Remark("few", number=items)
        yield from self._remarks_on_pools()
        for one in self.inferred:
            yield from remarks_on(one, self.work)
        for number, task in enumerate(self.work.tasks):
            if self.work.efforts[number].family is None and self._inferred(number) is None:
                yield Remark("effort_unknown", f"{task.key[-1]}/{task.role}")
        for key, course in self.courses.items():
            if not course.stated and len(course.matters) > 1:
                yield Remark("order_inferred", key)
            if self._transfer(key) is None:
                yield Remark("no_transfer", key)
            gap = course.own_time_wd
            if gap > 0.5:
                yield Remark("between_stages", key, gap)

    def _remarks_on_pools(self) -> Iterator[Remark]:
        for pool in self.work.supply.pools:
            if not pool.members:
                yield Remark("no_officers", pool.name)
            elif pool.helpers:
                yield Remark("helpers", pool.name, pool.helpers)
            if pool.hours.n == 0:
                yield Remark("hours_assumed", pool.name)

    @cached_property
    def file(self) -> str:
        """The name of the records, for sources."""
        files = list(dict.fromkeys(self.register.sources["file"].astype(str)))
        if len(files) > 1:
            return tr("{file} and others", file=files[0])
        return files[0] if files else tr("records")

    @cached_property
    def span(self) -> tuple[int, int]:
        """The first and last day on which arrivals were observed."""
        at = np.sort(self.lives.arrival[self.lives.arrival != NEVER])
        return int(at[int(STRAYS * len(at))] // DAY_S), int(self.lives.now_s // DAY_S)

    @property
    def period(self) -> dict[str, Any]:
        """The recorded dates; the first of them are the warm-up."""
        first, last = self.span
        warm_up = min(WARM_UP_D, (last - first) // 4)
        date = self.lives.days.date_of
        return {
            "start": date(first),
            "window": {"from": date(first + warm_up), "to": date(last)},
        }

    # --- supply -------------------------------------------------------------------------------

    def _hours(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for pool in self.work.supply.pools:
            week = pool.hours
            how = "the records do not tell" if week.n == 0 else ""
            source = f"assumed: {how}" if how else f"measured: {self.file}, n = {week.n:,}"
            found[pool.name] = {"week": dict(week.week), "source": source}
        return found

    def _departments(self, *, single: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, course in self.courses.items():
            for matter in course.matters:
                department = course.department(matter)
                entry = found.setdefault(
                    self.names["department", department], {"label": department}
                )
                pool = self.work.pool("window", (key, matter))
                if not single and pool is not None:
                    entry["counter"] = pool.name
        if not single:
            for entry in found.values():
                entry.setdefault("counter", self.work.supply.pools[0].name)
        return found

    def _pools(self) -> dict[str, Any]:
        return {
            pool.name: {"department": self.names["department", pool.department]}
            for pool in self.work.supply.pools
        }

    def _staff(self) -> dict[str, Any]:
        by_name = {pool.name: pool for pool in self.work.supply.pools}
        return {
            group.name: self._group(group, by_name[group.serves[0]])
            for group in self.work.supply.groups
        }

    def _group(self, group: Group, pool: Pool) -> dict[str, Any]:
        if group.known:
            count = Measured(group.count, group.count, group.count + pool.helpers, group.stamps)
        else:
            count = next(
                (one.count(group.name) for one in self._fitting if group.name in one.officers),
                assumed(1, note=ONE_FOR_ALL),
            )
        found: dict[str, Any] = {"serves": list(group.serves), "count": count, "hours": pool.name}
        if group.first is not None:
            found["from"] = group.first
        if group.last is not None:
            found["until"] = group.last
        away, days = group.absence
        if away > 0:
            found["absence"] = share(round(away * days), days, note="whole weeks without a stamp")
        return found

    # --- case types ---------------------------------------------------------------------------

    def _case_type(self, key: str, course: Course) -> dict[str, Any]:
        window = self._window_pool(key, course)
        attributes = dict(self._attributes(course))
        matters = {}
        for matter in course.matters:
            matters[self.names["matter", matter]] = self._matter(key, course, matter, attributes)
        common = course.corrections_in_common()
        at = self.lives.arrival[course.cases]
        first, last = self.span
        seen = Observed(
            np.sort(at[(at != NEVER) & (at >= first * DAY_S)]), self.lives.days, first, last,
            self.lives.has_hours, self.lives.country,
        )  # fmt: skip
        not_told = assumed("0 min", note="leaves no stamp; what it takes is part of what follows")
        found: dict[str, Any] = {
            "label": key,
            "arrivals": fit_arrivals(seen),
            "attributes": attributes,
            "window": {
                "pool": window,
                "transfer_out": self._transfer(key) or not_told,
                "transfer_back": assumed("0 min", note="leaves no stamp"),
            },
            "trip": assumed("0 min", note="leaves no stamp"),
            "stages": self._stages(course),
        }
        if course.one_window and any(course.at_window(m) for m in course.matters):
            found["matter_defaults"] = self._window_work((key,))
        if common is not None:
            found.setdefault("matter_defaults", {})["correction"] = common
        found["matters"] = matters
        return {name: part for name, part in found.items() if part != {}}

    def _transfer(self, key: str) -> dict[str, Any] | None:
        """Return the way from the window to departments: seen, inferred, or not told at all."""
        family = self.work.transfer[key].family
        if family is not None:
            return family.written("wd")
        number = list(self.courses).index(key)
        ways = [one for one in self._fitting if number in one.way]
        if not ways:
            return None
        surest = min(ways, key=lambda one: one.way[number].high / one.way[number].low)
        return surest.transfer(number)

    def _window_pool(self, key: str, course: Course) -> str:
        for which in ((key,), *((key, matter) for matter in course.matters)):
            pool = self.work.pool("window", which)
            if pool is not None:
                return pool.name
        return self.work.supply.pools[0].name

    def _stages(self, course: Course) -> dict[str, Any]:
        limits = {
            str(stage): days
            for flow, stage, days in self.register.stages[["flow", "stage", "limit_wd"]].itertuples(
                index=False
            )
            if str(flow) in ("", self.lives.definition.case_types[course.number])
        }
        found: dict[str, Any] = {}
        for matter in course.matters:
            stage = course.stage(matter)
            name = self.names["stage", stage]
            if name not in found:
                lead = self.names["department", course.department(matter)]
                found[name] = {"label": stage, "lead": lead}
                if limits.get(stage, -1) > 0:
                    found[name]["budget"] = Measured(f"{int(limits[stage])} wd", n=1)
        return found

    def _attributes(self, course: Course) -> Iterator[tuple[str, dict[str, Any]]]:
        table = self.lives.attributes.iloc[course.cases]
        for name in table.columns:
            values = table[name].astype(str).to_numpy()
            values = values[values != ""]
            kinds, count = np.unique(values, return_counts=True)
            if 0 < len(kinds) <= MANY_VALUES and str(name) != "replication":
                parts = _shares(count)
                shares = dict(zip([str(kind) for kind in kinds], parts, strict=True))
                widest = max(share(int(k), len(values)).high - k / len(values) for k in count)
                yield (
                    unique_name(str(name), set()),
                    {
                        "shares": Measured(
                            shares, n=len(values), note=f"each ± {widest:.2g} at most"
                        )
                    },
                )

    # --- matters ------------------------------------------------------------------------------

    def _matter(
        self, key: str, course: Course, matter: str, attributes: dict[str, Any]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {
            "label": matter,
            "department": self.names["department", course.department(matter)],
            "stage": self.names["stage", course.stage(matter)],
        }
        if needed := course.requires[matter]:
            found["requires"] = [self.names["matter", one] for one in needed]
            if not course.stated:
                found["note"] = "requires is inferred from the order of events"
        found |= self._condition(course, matter, attributes)
        promised = course.promised(matter)
        if promised is not None and promised.value != "0 wd":
            found["promised"] = promised
        if course.at_window(matter):
            found |= self._at_window(key, course, matter)
        else:
            found["at_window"] = False
        found |= self._department(key, course, matter)
        refusal = course.refusal(matter)
        again = course.resubmission()
        if refusal or again:
            found["refusal"] = {**refusal, **({"resubmission": again} if again else {})}
        return found

    def _condition(self, course: Course, matter: str, attributes: dict[str, Any]) -> dict[str, Any]:
        """Return for which cases a matter takes place, if not for all."""
        has, of = course.presence(matter)
        if of == 0 or has >= 0.995 * of or len(course.matters) == 1:
            return {}
        told = course.told_by(matter)
        if told is not None and told[0] in attributes:
            values = told[1][0] if len(told[1]) == 1 else list(told[1])
            return {"if": {told[0]: values}}
        name = unique_name(f"has_{self.names['matter', matter]}", set(attributes))
        of_all = share(has, of)
        note = f"range {of_all.low} to {of_all.high}" if of_all.low is not None else ""
        part = rounded(has / of)
        shares = {"yes": part, "no": rounded(1 - part, 6)}
        attributes[name] = {"shares": Measured(shares, n=of, note=note)}
        return {"if": {name: "yes"}}

    def _at_window(self, key: str, course: Course, matter: str) -> dict[str, Any]:
        found = {} if course.one_window else self._window_work((key, matter))
        if course.corrects:
            found["correction"] = course.correction(matter)
        return found

    def _window_work(self, which: tuple[str, ...]) -> dict[str, Any]:
        """Return receipt and check."""
        return {
            "intake": assumed("0 min", note="part of the check: acceptance alone leaves a stamp"),
            "check": self._work("window", which),
        }

    def _department(self, key: str, course: Course, matter: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        pool = self.work.pool("decision", (key, matter))
        review = self.work.pool("review", (key, matter))
        if review is not None:
            work = self._work("review", (key, matter))
            found["review"] = {"handle": {"pool": review.name, "work": work}}
            back = course.review_correction(matter)
            if back is not None:
                found["review_correction"] = back
        specials = course.specials(matter)
        if specials:
            taken: set[str] = set()
            found["special"] = {unique_name(n, taken): s for n, s in specials.items()}
        publicity = course.publicity(matter)
        if publicity is not None:
            found["publicity"] = publicity
        if pool is not None:
            work = self._work("decision", (key, matter))
            found["decision"] = {"pool": pool.name, "work": work}
        return found

    def _work(self, role: str, which: tuple[str, ...]) -> Any:
        """Return the effective time of a task, as one matter has it."""
        number = next(n for n, t in enumerate(self.work.tasks) if t.role == role and t.key == which)
        effort = self.work.efforts[number]
        inferred = self._inferred(number)
        if inferred is not None:
            return inferred.written(number)
        if effort.family is not None:
            again = 0.0
            if role == "review":  # the second review leaves no stamp, and is counted with others
                back = self.courses[which[0]].review_correction(which[1])
                again = 0.0 if back is None else float(back["probability"].value)
            family = effort.family.without(REDO * again, again)
            return _written(family.rougher(*ROUGH) if effort.rough else family)
        return self._guessed(role, which, effort)

    def _inferred(self, number: int) -> Inferred | None:
        """Return the part in which a task was inferred."""
        return next((one for one in self._fitting if number in one.mean), None)

    @property
    def _fitting(self) -> list[Inferred]:
        return [one for one in self.inferred if one.fits]

    def _guessed(self, role: str, which: tuple[str, ...], effort: Effort) -> dict[str, Any]:
        """Return a wide range: at most what was recorded, and what its pool can keep up with."""
        pool = self.work.pool(role, which)
        assert pool is not None
        duty = self.work.supply.duty[pool.name]
        first, last = self.span
        hours = duty.elapsed(first * DAY_S, (last + 1) * DAY_S) / 3600 * max(len(pool.members), 1)
        most = hours / max(len(pool.at), 1)
        usual = min(_BUSY * most, 2.0 if effort.bounds is None else effort.bounds.mean / 2)
        if effort.bounds is not None:
            most = max(min(most, effort.bounds.mean), usual)
        low = usual / 20
        if effort.likely > 0:
            usual, low, most = (effort.likely * part for part in (1.0, 0.3, 1.7))
        usual, most = max(usual, 1 / 60), max(most, 2 / 60)
        note = (
            "effective time; the stamps tell only that it is at most the recorded spans, waiting "
            "included, and no more than the pool can do"
        )
        ends = [f"{rounded(x * 60)} min" for x in (usual, min(low, usual), most)]
        mean = assumed(ends[0], ends[1], ends[2], note)
        return {"lognormal": {"mean": mean, "cv": assumed(0.8, 0.2, 2.0)}}


def _codes(course: Course) -> dict[str, str]:
    """Return matter → its code, where one is short enough to be read as a name."""
    names = course.lives.definition.names[course.number]
    found: dict[str, str] = {}
    for text, matter in names.items():
        if text != matter and text.isascii() and 0 < len(text) <= SHORT_CODE:
            found.setdefault(matter, text)
    return found


def _written(family: Family) -> dict[str, Any]:
    return family.written("h") if family.mean >= 2 else family.scaled(60).written("min")


def _shares(count: Any) -> list[float]:
    """Return shares with four decimals that add up to 1."""
    parts = np.floor(count / count.sum() * 10_000).astype(int)
    left = 10_000 - int(parts.sum())
    parts[np.argsort(-count, kind="stable")[:left]] += 1
    return [float(part) / 10_000 for part in parts]


def _courses(register: Register, lives: Lives, *, split: bool) -> Iterator[tuple[str, Course]]:
    """Yield the case types: those of the records.

    With `split`, each matter is a type of its own, if nearly every case has one matter only.
    """
    taken: set[str] = set()
    for number, flow in enumerate(lives.definition.case_types):
        of_type = lives.of_type(number) & (lives.received != NEVER)
        rows = np.flatnonzero(of_type)
        if not len(rows):
            continue
        cases = np.unique(lives.case[rows])
        several = _matters_per_case(lives, rows)
        kinds = list(dict.fromkeys(lives.matter[rows].tolist()))
        if not split or len(kinds) == 1 or (several > 1).mean() > 0.05:
            yield unique_name(flow, taken), Course(lives, number, rows, cases, register)
            continue
        first: dict[int, str] = {}
        for row in rows.tolist():
            first.setdefault(int(lives.case[row]), str(lives.matter[row]))
        for kind in kinds:
            mine = np.array([case for case, matter in first.items() if matter == kind], np.int64)
            some = rows[np.isin(lives.case[rows], mine) & (lives.matter[rows] == kind)]
            yield (
                unique_name(str(kind), taken),
                Course(lives, number, some, np.sort(mine), register),
            )


def _matters_per_case(lives: Lives, rows: Any) -> Any:
    _, matter = np.unique(lives.matter[rows], return_inverse=True)
    pairs = np.unique(np.stack([lives.case[rows], matter], axis=1), axis=0)
    return np.unique(pairs[:, 0], return_counts=True)[1]
