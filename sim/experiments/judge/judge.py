"""Recorded cases against limits: the readings of `sim.clocks` and `sim.measures`, in rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from sim.arrays import Bools
from sim.clocks import History
from sim.experiments.judge.intervals import judge_days, judge_months, judge_tally, kept
from sim.experiments.judge.judged import Judged
from sim.experiments.judge.rows import (
    RecordedDepartmentRow,
    RecordedGroupRow,
    RecordedLimitRow,
    RecordedMonthRow,
    RecordedPartRow,
    RecordedYearRow,
    StateRow,
)
from sim.experiments.judge.standards import CONFIDENCE, Standards, standards_of, without_limit
from sim.limits.own_limits import OwnLimit
from sim.measures.contrasts import Estimate
from sim.measures.days import Category, Charge, DaysUsed, blame, by_department, by_matter, days_used
from sim.measures.limits import (
    QUANTILE_NAMES,
    ClockDays,
    LimitJudgement,
    LimitReading,
    ScopeReading,
    Standing,
    Tally,
    days_on,
    joined,
    judge_limit,
    read_case_type,
    read_limit_clocks,
)
from sim.measures.own_limits import (
    OwnStandings,
    OwnTallies,
    read_own_limits,
    tally_own_limits,
)
from sim.measures.periods import Period, by_period, edges_s, periods_of
from sim.measures.state_statistics import StateDays, state_days
from sim.measures.years import is_year, years_in
from sim.records.definition import told_apart
from sim.records.history import Recorded, recorded
from sim.records.register import Register
from sim.results.rows import AccountRow, Counts, PartRow, PeriodCells, Share, raised
from sim.scenario import Scenario
from sim.scenario.calls import checked_call
from sim.translation import tr

NAN = float("nan")


@checked_call
def judge(
    register: Register,
    scenario: Scenario | None = None,
    *,
    window: tuple[dt.date, dt.date] | None = None,
    until: dt.date | dt.datetime | None = None,
    by: Sequence[str] = (),
    steps: bool = True,
) -> Judged:
    """Judge what happened: the recorded cases against limits.

    Parameters
    ----------
    register
        From `sim.read_records`, or `Result.events`.
    scenario
        Its limits and clocks, calendar, and the days of its matters and stages count. Default: what
        the register itself states, as the state's statistics count it, and China's calendar.
    window
        The first and the last date of receipt of the cases that are judged; default: all.
    until
        The date, or instant, to which open cases count, as if nothing later had been recorded;
        default: the last event.
    by
        Attributes of cases, such as `zone`: each limit by their values.
    steps
        Read clocks from the steps of the register, where it has any; else from its events alone.

    Returns
    -------
    Judged
        The limits, every matter, stage and department, months and years, and the state's
        statistics.

    Raises
    ------
    ReadError
        If there is nothing to judge, an attribute is not there, or the scenario has none of the
        register's matters.
    """
    at = None if until is None else np.datetime64(_end_of(until), "ms")
    if scenario is None:
        register = told_apart(register)
    read = recorded(register, scenario, window=window, until=at, steps=steps)
    return _Judge(register, scenario, read, tuple(by)).judged()


def _end_of(until: dt.date | dt.datetime) -> dt.datetime:
    """Return the instant; of a date, its last second."""
    return (
        until if isinstance(until, dt.datetime) else dt.datetime.combine(until, dt.time(23, 59, 59))
    )


class _Judge:
    def __init__(
        self, register: Register, scenario: Scenario | None, read: Recorded, by: tuple[str, ...]
    ) -> None:
        self.register, self.scenario, self.read, self.by = register, scenario, read, by
        self.history: History = read.history
        self.standards: Standards = standards_of(scenario, register, read)
        self.measured: Bools = self.history.demand.workload.measured
        self._refuse_unknown()

    def _refuse_unknown(self) -> None:
        from sim.scenario import ReadError, nearest

        known = self.history.demand.attributes
        for name in self.by:
            if name not in known:
                near = nearest(name, tuple(known))
                raise ReadError(
                    tr(
                        "the cases have no attribute '{name}'{near}",
                        name=name,
                        near=near or tr("; they have none"),
                    )
                )

    def judged(self) -> Judged:
        arrival = self.history.demand.workload.arrival_s
        first, last = self.dates
        definition, demand = self.read.definition, self.history.demand
        begun = np.unique(self.register.events["item"].to_numpy())
        return Judged(
            given=self.scenario,
            files=tuple(dict.fromkeys(self.register.sources["file"].astype(str))),
            first=first,
            last=last,
            until=dt.datetime.combine(self.read.origin, dt.time())
            + dt.timedelta(seconds=self.history.schedule.stopped_s),
            recorded=len(arrival),
            measured=int(self.measured.sum()),
            left_out=0 if self.read.by_steps else len(self.register.items) - len(begun),
            without_limit=0 if self.scenario else without_limit(self.register),
            by_steps=self.read.by_steps,
            interval=self.rows_of_limits[1],
            strangers=self._strangers(),
            labels=dict(_labels(self.scenario, self.register, definition.case_types)),
            stamps=demand.workload.working_days.stamps,
            limit_rows=self.rows_of_limits[0],
            month_rows=tuple(self._months()),
            year_rows=tuple(self._years()),
            group_rows=tuple(self._groups()),
            part_rows=tuple(sorted(self._parts(), key=self._place)),
            department_rows=tuple(self._departments()),
            state_rows=tuple(self._states()),
            account_rows=tuple(self._accounts()),
        )

    @cached_property
    def dates(self) -> tuple[dt.date, dt.date]:
        """The first and last date of receipt of the cases that are judged."""
        days = self.history.demand.workload.arrival_s[self.measured] // 86_400
        first, last = (int(days.min()), int(days.max())) if len(days) else (0, 0)
        origin = self.read.origin
        return origin + dt.timedelta(days=first), origin + dt.timedelta(days=last)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The months of receipt; weeks if they are few."""
        return periods_of(*self.dates)

    def _strangers(self) -> tuple[str, ...]:
        if self.scenario is None:
            return ()
        known = {name for names in self.read.definition.names for name in names.values()}
        covered = {name for node in self.history.process.nodes for name in node.covers}
        return tuple(sorted(covered - known))

    # --- limits ------------------------------------------------------------------------------

    @cached_property
    def readings(self) -> tuple[LimitReading, ...]:
        """Every limit, on all clocks."""
        counting = self.standards.counting
        return tuple(
            judge_limit(limit, self.history, read_limit_clocks(limit, self.history, counting))
            for limit in self.standards.limits
        )

    @cached_property
    def others(self) -> tuple[ScopeReading, ...]:
        """The case types without a limit."""
        limited = {limit.case_type for limit in self.standards.limits}
        present = np.unique(self.history.demand.case_type[self.measured])
        types = self.history.process.case_types
        return tuple(
            read_case_type(types[of], self.history, self.standards.counting)
            for of in present
            if types[of] not in limited
        )

    def _by_month(self, reading: LimitReading, clock: str) -> tuple[Tally, ...]:
        edges = edges_s(self.periods, self.read.origin)
        return by_period(replace(reading, clock=clock), self.history.demand, edges)

    @cached_property
    def rows_of_limits(self) -> tuple[tuple[RecordedLimitRow, ...], str]:
        """One row per limit and clock; and what the intervals of limits take as independent."""
        rows, independent = [], "cases"
        for reading in self.readings:
            for name, read in reading.readings.clocks.items():
                if not reading.limit.compares(read.rule):
                    continue
                months = self._by_month(reading, name)
                judged, how = judge_months(reading.limit, months, read.rule)
                rows.append(_limit_row(judged, joined(months), how))
                independent = how if judged.decides else independent
        for other in self.others:
            for name, read in other.readings.clocks.items():
                days = days_on(other.name, other.name, read.rule, [other.tallies[name]])
                rows.append(_days_row(days, other.tallies[name]))
        return tuple(rows), independent

    def _months(self) -> Iterator[RecordedMonthRow]:
        for reading in self.readings:
            confidence = 1 - (1 - reading.limit.confidence) / len(self.periods)
            months = self._by_month(reading, reading.clock)
            for period, tally in zip(self.periods, months, strict=True):
                judged = judge_days(reading.limit, tally, confidence=confidence)
                yield RecordedMonthRow(reading.name, PeriodCells.of(period), PartRow.of(judged))

    def _years(self) -> Iterator[RecordedYearRow]:
        if not is_year(self.periods):
            return
        for reading in self.readings:
            months = self._by_month(reading, reading.clock)
            limit = reading.limit
            for year in years_in(self.periods):
                judged = judge_days(limit, joined([months[month] for month in year]))
                yield RecordedYearRow(
                    limit=reading.name,
                    first=self.periods[year[0]].first,
                    last=self.periods[year[-1]].last,
                    cases=judged.on_time + judged.late + judged.open,
                    on_time=judged.on_time,
                    undetermined=judged.undetermined,
                    on_time_share=Estimate(judged.share, judged.low, judged.high),
                    kept=kept(judged.share, judged.share_at_best, limit.target_share),
                )

    def _groups(self) -> Iterator[RecordedGroupRow]:
        for reading in self.readings:
            for name in self.by:
                values = self.history.demand.attribute_values[name]
                tallies = reading.groups.get(name, ())
                known = [
                    (value, tally)
                    for value, tally in zip(values, tallies, strict=False)
                    if tally.measured
                ]
                for value, tally in known:
                    confidence = 1 - (1 - reading.limit.confidence) / len(known)
                    judged = judge_days(reading.limit, tally, confidence=confidence)
                    yield RecordedGroupRow(reading.name, name, value, PartRow.of(judged))

    # --- matters, stages and departments -----------------------------------------------------

    @cached_property
    def standings(self) -> OwnStandings:
        """How each case stands to the limits of its matters and stages."""
        standards = self.standards
        return read_own_limits(
            standards.own, self.history, standards.own_counting, standards.allowed
        )

    @cached_property
    def own(self) -> OwnTallies:
        """Matters and stages against their own limits."""
        return tally_own_limits(self.standards.own, self.standings, self.measured)

    def _parts(self) -> Iterator[RecordedPartRow]:
        target, confidence = self.standards.target, self.standards.confidence
        for group in self.standards.own.sets:
            judged = judge_tally(self.own.sets[group.key], target, confidence)
            stage = group.name if group.of == "stage" else ""
            yield RecordedPartRow(
                kind=group.of, name=group.name, case_type=group.case_type, stage=stage,
                department="", standard=group.standard, decides=False, clock="", unit="",
                limit_days=NAN, share=Share.of(judged), counts=Counts.of(judged), p95=NAN,
            )  # fmt: skip
        for own in self.standards.own.limits:
            by_days = judge_days(own.limit, self.own.limits[own.limit.name])
            yield RecordedPartRow(
                kind=own.kind, name=own.name, case_type=own.limit.case_type, stage=own.stage,
                department=own.department, standard=own.rule, decides=own.decides,
                clock=by_days.clock, unit=by_days.unit, limit_days=own.limit.days,
                share=Share.of(by_days), counts=Counts.of(by_days), p95=by_days.quantiles[2].days,
            )  # fmt: skip

    def _place(self, row: RecordedPartRow) -> tuple[int, int, bool]:
        """Return the place of a part: by case type, in the order of its stages, a stage first."""
        number = self.read.definition.case_types.index(row.case_type)
        stages = ["", *dict.fromkeys(self.read.definition.stages[number].values())]
        place = stages.index(row.stage) if row.stage in stages else len(stages)
        return number, place, row.kind == "matter"

    def _departments(self) -> Iterator[RecordedDepartmentRow]:
        tallies: dict[str, dict[str, Tally]] = {}
        for own in self.standards.own.decisive:
            for department, tally in self._by_department(own):
                if department:
                    tallies.setdefault(department, {})[own.name] = tally
        rows = []
        for department, matters in tallies.items():
            confidence = 1 - (1 - self.standards.confidence) / len(tallies)
            tally = joined([*matters.values()])
            judged = judge_tally(tally, self.standards.target, confidence)
            rows.append(
                RecordedDepartmentRow(
                    department, ", ".join(matters), Share.of(judged), Counts.of(judged)
                )
            )
        best = [row for row in rows if row.counts.cases]
        yield from sorted(best, key=lambda r: (-r.share.on_time_share.value, r.department))

    def _by_department(self, own: OwnLimit) -> Iterator[tuple[str, Tally]]:
        """Yield the departments with items of a matter, each with these; else the scenario's."""
        name = own.limit.name
        if name not in self.standards.departments:
            yield own.department, self.own.limits[name]
            return
        case = self.standings.case[own.limit.case_type]
        of_case = self.standards.departments[name][case]
        for department in sorted({*of_case.tolist()}):
            here = self.measured[case] & (of_case == department)
            standing, days = self.standings.limits[name][here], self.standings.days[name][here]
            yield department, Tally.of(standing, days)

    # --- the state's statistics --------------------------------------------------------------

    def _states(self) -> Iterator[StateRow]:
        definition, standards = self.read.definition, self.standards
        for number, case_type in enumerate(definition.case_types):
            stages: dict[str, list[str]] = {}
            for matter in self._matters(number):
                stage = definition.stages[number].get(matter, matter)
                stages.setdefault(stage, []).append(matter)
            if not stages or not definition.stages[number]:  # an open network has no items
                continue
            found = state_days(
                self.history,
                case_type,
                _in_order(stages, definition.standards[number]),
                {m: days for (of, m), days in standards.matter_limits.items() if of == case_type},
                {s: days for (of, s), days in standards.stage_limits.items() if of == case_type},
                standards.counting,
            )
            for one in (found[-1], *found[:-1]):
                row = _state_row(one, case_type, self.measured)
                alone = one.kind == "stage" and stages[one.name] == [one.name]
                if row.cases and not alone:  # a matter without a stage stands for itself
                    yield row

    def _matters(self, case_type: int) -> list[str]:
        """Return the matters that cases of a type came to, in the order of their process."""
        graph = self.history.process.graphs[case_type]
        came = dict.fromkeys(name for node in graph.nodes for name in node.covers)
        known = [name for name in self.read.definition.stages[case_type] if name in came]
        return [*known, *(name for name in came if name not in known)]

    # --- what used the days ------------------------------------------------------------------

    def _accounts(self) -> Iterator[AccountRow]:
        process = self.history.process
        charges: list[tuple[str, bool, Charge]] = []
        for number, case_type in enumerate(process.case_types):
            of_type = self.measured & (self.history.demand.case_type == number)
            charges.append((case_type, False, days_used(self.history, of_type)))
        for reading in self.readings:
            case = reading.readings.case
            late = (reading.standing[reading.clock] == Standing.LATE) & self.measured[case]
            clock = reading.readings.clocks[reading.clock]
            charges.append((reading.name, True, blame(self.history, case, clock, late)))
        groupings = (("matter", by_matter(process)), ("department", by_department(process)))
        for of, late_only, charge in charges:
            for kind, grouping in groupings:
                yield from _account_rows(kind, of, charge.by(grouping), late_only=late_only)


def _in_order(stages: dict[str, list[str]], standards: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the stages by their standard stage, where they have one, else as they come."""
    order = {name: position for position, name in enumerate(stages)}
    return {
        name: stages[name]
        for name in sorted(stages, key=lambda s: (standards.get(s, ""), order[s]))
    }


def _limit_row(judged: LimitJudgement, tally: Tally, independent: str) -> RecordedLimitRow:
    limit = judged.limit
    return replace(
        _days_row(judged, tally),
        limit=limit.name,
        share=Share.of(judged),
        decides=judged.decides,
        limit_days=limit.days,
        target_share=limit.target_share,
        confidence=limit.confidence,
        interval=independent,
        spare_days=judged.spare_days,
        at_least=raised({**judged.named_quantiles, "spare_days": judged.kept_days}),
    )


def _days_row(days: ClockDays, tally: Tally) -> RecordedLimitRow:
    """Return the row of a clock that no limit judges."""
    judged, unknown = judge_tally(tally, 1.0, CONFIDENCE), Estimate(NAN, 0.0, 1.0)
    p50, p90, p95, most = (quantile.days for quantile in days.quantiles)
    ended = tally.ended_days
    return RecordedLimitRow(
        limit="", case_type=days.case_type, clock=days.clock, unit=days.unit, decides=False,
        limit_days=NAN, target_share=NAN, confidence=NAN, interval="",
        share=Share(unknown, NAN, "undecided"), counts=Counts.of(judged),
        mean=float(ended.mean()) / days.rule.ticks if len(ended) else NAN,
        p50=p50, p90=p90, p95=p95, max=most, spare_days=NAN,
        at_least=raised(dict(zip(QUANTILE_NAMES, days.quantiles, strict=True))),
    )  # fmt: skip


def _state_row(one: StateDays, case_type: str, measured: Bools) -> StateRow:
    here = one.counted & measured[one.case]
    own = np.zeros(0) if one.applicant is None else one.applicant[here & (one.applicant >= 0)]
    return StateRow(
        kind=one.kind,
        name=one.name,
        case_type=case_type,
        cases=int(here.sum()),
        open=int((here & one.open).sum()),
        overdue=int((here & one.overdue).sum()),
        days_mean=float(one.days[here].mean()) if here.any() else NAN,
        days_max=float(one.days[here].max()) if here.any() else NAN,
        span_mean=float(one.span[here].mean()) if here.any() else NAN,
        applicant_mean=float(own.mean()) if len(own) else NAN,
    )


def _account_rows(kind: str, of: str, used: DaysUsed, *, late_only: bool) -> Iterator[AccountRow]:
    for number, name in enumerate(used.grouping.names):
        total = used.total_wd[number]
        if used.cases and total.sum() > 0:
            mean = {f"{c.name.lower()}_wd": float(total[c]) / used.cases for c in Category}
            yield AccountRow(
                kind=kind, of=of, late_only=late_only, name=" + ".join(name), cases=used.cases,
                total_wd=sum(mean.values()), **mean,
            )  # fmt: skip


def _labels(
    scenario: Scenario | None, register: Register, case_types: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield `kind/name` and its label in English and Chinese."""
    for stage, name in register.stages[["stage", "name"]].itertuples(index=False):
        if name:
            yield f"stage/{stage}", (str(name), str(name))
    if scenario is None:
        return
    for name, limit in scenario.limits.items():
        yield f"limit/{name}", _both(limit.label, name)
    for case_type in case_types:
        spec = scenario.case_types[case_type]
        yield f"case_type/{case_type}", _both(spec.label, case_type)
        for key, parts in (("stage", spec.stages), ("matter", spec.matters)):
            for name, part in parts.items():
                yield f"{key}/{name}", _both(part.label, name)
    for name, department in scenario.departments.items():
        yield f"department/{name}", _both(department.label, name)


def _both(label: object, name: str) -> tuple[str, str]:
    en, zh = getattr(label, "en", ""), getattr(label, "zh", "")
    return en or zh or name, zh or en or name
