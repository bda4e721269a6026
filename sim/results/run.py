"""The result of a run: statistics over replications, and tables."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from sim.limits import ClockRule, ResolvedLimit, clock_rules, resolved_limits
from sim.measures.backlog import OpenAtStart, open_at_start
from sim.measures.checks import Check
from sim.measures.days import Category, DaysUsed
from sim.measures.doubt import Doubt, doubt_of
from sim.measures.limits import (
    ClockDays,
    LimitJudgement,
    Tally,
    days_on,
    on_time_counts,
    summarise,
)
from sim.measures.periods import Period
from sim.measures.resubmissions import ResubmissionJudgement, judge_resubmissions
from sim.measures.shares import OnTimeCounts
from sim.measures.years import Years
from sim.replications.inputs import Inputs, drawn
from sim.replications.model import Model
from sim.replications.readings import unlimited
from sim.replications.summary import Summary
from sim.results.costs import CaseCostRow, CostRow, Costs, case_cost_rows, cost_rows
from sim.results.finding import Finding, table_of
from sim.results.own_limits import JudgedPart, League, judged_parts, league_of
from sim.results.own_time import own_time_rows
from sim.results.parts import Groups, PoolOverTime, groups_by, limits_over_time, pools_over_time
from sim.results.rows import (
    AccountRow,
    CaseRow,
    DepartmentRow,
    DoubtRow,
    GroupRow,
    InputRow,
    ItemRow,
    LimitRow,
    MonthRow,
    OwnLimitRow,
    OwnTimeRow,
    PartRow,
    PeriodCells,
    PoolMonthRow,
    PoolSummary,
    ResponseRow,
    ResubmissionRow,
    YearRow,
    YearsRow,
    frame,
)
from sim.results.years import year_rows, years_of, years_rows
from sim.scenario import Factor, Scenario, at_values
from sim.scenario.calls import checked_call
from sim.scenario.display import shown_by
from sim.scenario.frozen import FrozenDict
from sim.streams import generator
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

    from sim.records.register import Register


@dataclass(frozen=True)
class Account:
    """Mean working days per case that one matter or department used, by category."""

    kind: str
    """`matter` or `department`."""
    of: str
    """The case type, or for late cases the limit."""
    name: str
    """Matter or department; matters that share a step are joined by " + ". Time without a
    department has the name of its owner, such as `owner:applicant`."""
    late_only: bool
    """Whether only the critical branch of late cases counts."""
    cases: int
    days_wd: Mapping[str, float]
    """Category → mean working days per case."""

    @property
    def total_wd(self) -> float:
        """All categories together."""
        return sum(self.days_wd.values())

    @property
    def row(self) -> AccountRow:
        """The account as a row of a table."""
        days = {f"{category}_wd": days for category, days in self.days_wd.items()}
        return AccountRow(
            kind=self.kind,
            of=self.of,
            late_only=self.late_only,
            name=self.name,
            cases=self.cases,
            total_wd=self.total_wd,
            **days,
        )


@dataclass(frozen=True, eq=False, repr=False)
class Result(Finding):
    """The result of a run; `limits`, `pools`, `matters`, `cases` and `items` are tables."""

    row_types: ClassVar[Mapping[str, type]] = {"cases": CaseRow, "items": ItemRow}

    model: Model
    seed: int
    summaries: tuple[Summary, ...]
    confidence_of: Mapping[str, float]
    """Limit → confidence of its interval at the last look."""
    kept: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """The tables `cases` and `items`, as far as the run kept them."""
    interrupted: bool = False
    inputs: tuple[Factor, ...] = ()
    """Inputs that were drawn anew for each replication; empty: none."""
    twins: tuple[Summary, ...] = ()
    """With drawn inputs: of each replication another one with the same inputs. They serve to tell
    chance from doubt, and count nowhere else."""

    def __repr__(self) -> str:
        """Return the verdicts, one a line."""
        percent, bounded = (
            partial(shown_by, "numbers", name) for name in ("percent", "bounded_percent")
        )
        lines = [
            tr(
                "Result of {replications} replications of {name}",
                replications=self.replications,
                name=self.scenario.name,
            )
        ]
        lines += [
            tr(
                "  {name}: {verdict}, {bounded} on time ({low} to {high})",
                name=limit.name,
                verdict=limit.verdict,
                bounded=bounded(limit.share, limit.share_at_best),
                low=percent(limit.low),
                high=percent(limit.high),
            )
            for limit in self.verdicts
        ]
        return "\n".join(lines)

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.model.scenario

    @property
    def replications(self) -> int:
        """Number of finished replications."""
        return len(self.summaries)

    @property
    def longest_run_out(self) -> int:
        """The most calendar days after the window that a replication could reach."""
        return max(summary.run_out for summary in self.summaries)

    @cached_property
    def resolved_limits(self) -> tuple[ResolvedLimit, ...]:
        """The limits, with their scopes resolved to matters."""
        return resolved_limits(self.scenario)

    @cached_property
    def verdicts(self) -> tuple[LimitJudgement, ...]:
        """One judgement per limit, on the clock that decides.

        With drawn inputs, the verdict is that of `doubts`; share and interval are over all draws.
        """
        judged = (self._judge(limit, limit.rule) for limit in self.resolved_limits)
        return tuple(
            replace(each, verdict=self.doubts[each.name].verdict) if self.inputs else each
            for each in judged
        )

    @cached_property
    def doubts(self) -> Mapping[str, Doubt]:
        """Limit → how often it is kept, and what share of the doubt comes from the inputs.

        Empty unless inputs were drawn.
        """
        doubts = {}
        for limit in self.resolved_limits if self.inputs else ():
            twins = [summary.tallies[limit.name][limit.clock] for summary in self.twins]
            doubts[limit.name] = doubt_of(
                self.on_time_counts(limit.name, limit.clock),
                on_time_counts(twins),
                limit.target_share,
                limit.confidence,
                generator(self.seed, f"run/doubt/{limit.name}"),
            )
        return FrozenDict(doubts)

    def model_of(self, number: int) -> Model:
        """Return the model of a replication: that of the scenario, unless inputs were drawn."""
        return Inputs(self.scenario).model(self.seed, number) if self.inputs else self.model

    @cached_property
    def replications_to_decide(self) -> Mapping[str, float]:
        """Undecided limit → about how many replications would decide it, if they are like these.

        Infinite if only the ends of open cases would, or the share lies too near to the target.
        """
        of = {
            each.name: self.on_time_counts(each.name, each.clock).replications_to_decide(
                self.confidence_of.get(each.name, each.limit.confidence), each.limit.target_share
            )
            for each in self.verdicts
            if each.verdict == "undecided" and not self.inputs
        }
        return FrozenDict(of)

    def _judge(self, limit: ResolvedLimit, rule: ClockRule) -> LimitJudgement:
        confidence = self.confidence_of.get(limit.name)
        return summarise(limit, self.tallies(limit.name, rule.name), rule, confidence)

    @cached_property
    def clocks(self) -> Mapping[str, ClockRule]:
        """The clocks by name: the presets, then the scenario's own."""
        return clock_rules(self.scenario)

    def clocks_of(self, name: str) -> Iterator[ClockRule]:
        """Yield the clocks on which a limit, or a case type without one, was read."""
        return (self.clocks[clock] for clock in self.summaries[0].tallies[name])

    def tallies(self, name: str, clock: str) -> list[Tally]:
        """Return the counts of a limit, or of a case type without one, in each replication."""
        return [summary.tallies[name][clock] for summary in self.summaries]

    @cached_property
    def resubmissions_judged(self) -> tuple[ResubmissionJudgement, ...]:
        """One judgement, by both rules, per limit whose cases can be handed in again."""
        return tuple(
            judge_resubmissions(
                limit,
                [summary.resubmitted[limit.name] for summary in self.summaries],
                self.confidence_of.get(limit.name),
            )
            for limit in self.resolved_limits
            if limit.name in self.summaries[0].resubmitted
        )

    def on_time_counts(self, name: str, clock: str) -> OnTimeCounts:
        """Return the cases on time, late and unknown; `name` as in `tallies`."""
        return on_time_counts(self.tallies(name, clock))

    @cached_property
    def judged_on_every_clock(self) -> tuple[LimitJudgement, ...]:
        """One judgement per limit on every clock that counts days, or hours, as the limit does."""
        return tuple(
            self._judge(limit, rule)
            for limit in self.resolved_limits
            for rule in self.clocks_of(limit.name)
            if limit.compares(rule)
        )

    @cached_property
    def on_every_clock(self) -> tuple[ClockDays, ...]:
        """The days of each limit, and of each case type without one, on every clock."""
        judged = {(each.name, each.clock): each for each in self.judged_on_every_clock}
        read = {limit.name: limit.case_type for limit in self.resolved_limits}
        read |= {case_type: case_type for case_type in unlimited(self.scenario)}
        return tuple(
            judged.get((name, rule.name))
            or days_on(name, case_type, rule, self.tallies(name, rule.name))
            for name, case_type in read.items()
            for rule in self.clocks_of(name)
        )

    def mean_days(self, name: str, clock: str) -> float:
        """Return the mean of a clock over the cases that ended; NaN if there are none.

        `name` is a limit, or a case type without one.
        """
        amounts = np.concatenate([tally.ended_days for tally in self.tallies(name, clock)])
        return float(amounts.mean()) / self.clocks[clock].ticks if len(amounts) else math.nan

    @cached_property
    def pool_summaries(self) -> tuple[PoolSummary, ...]:
        """One summary per pool, busiest first."""
        measures = [summary.pools for summary in self.summaries]
        arrived = np.sum([measure.arrived for measure in measures], axis=0)
        waited = np.sum(
            [np.nan_to_num(measure.mean_wait_h) * measure.arrived for measure in measures], axis=0
        )
        utilisation = np.mean([np.nan_to_num(measure.utilisation) for measure in measures], axis=0)
        longest = np.max([measure.max_queue for measure in measures], axis=0)
        queue = np.mean([measure.mean_queue for measure in measures], axis=0)
        pools = [
            PoolSummary(
                name=name,
                officers=int(measures[0].officers[number]),
                utilisation=float(utilisation[number]),
                mean_wait_h=float(waited[number] / arrived[number])
                if arrived[number]
                else math.nan,
                max_queue=int(longest[number]),
                mean_queue=float(queue[number]),
                items=int(arrived[number]),
            )
            for number, name in enumerate(self.model.pools.names)
        ]
        return tuple(sorted(pools, key=lambda pool: (-pool.utilisation, pool.name)))

    @cached_property
    def money(self) -> Costs | None:
        """What the staff costs, see `costs`; None if the scenario gives no costs."""
        if self.summaries[0].staff_work is None:
            return None
        scenarios = [self.scenario] * len(self.summaries)
        if self.inputs:
            numbers = [summary.number for summary in self.summaries]
            drawn_values = (drawn(self.inputs, self.seed, number) for number in numbers)
            scenarios = [at_values(self.scenario, values) for values in drawn_values]
        return Costs.of(scenarios, self.summaries)

    @cached_property
    def own_limits_judged(self) -> tuple[JudgedPart, ...]:
        """Every matter and stage against its own limit, and cases without any late matter."""
        if not self.summaries[0].own_limits:
            return ()
        return judged_parts(self.model, self.summaries, self._own_confidence)

    @cached_property
    def league(self) -> League | None:
        """The departments by the on-time share of their matters; None with fewer than two."""
        if not self.summaries[0].own_limits:
            return None
        return league_of(self.model, self.summaries, self._own_confidence)

    @property
    def _own_confidence(self) -> float:
        """The confidence of own limits at the last look."""
        names = (own.limit.name for own in self.model.own_limits.limits)
        own = self.scenario.own_limits.confidence
        return min((self.confidence_of.get(name, own) for name in names), default=own)

    @cached_property
    def years_of(self) -> Mapping[str, Years]:
        """Limit → its on-time shares by the year; see `sim.measures.years`."""
        years = years_of(self.model, self.summaries, self.resolved_limits, self.confidence_of)
        return FrozenDict(years)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The months of the measured window, or its weeks if it is shorter than three months."""
        return self.model.periods

    @cached_property
    def limits_over_time(self) -> Mapping[str, tuple[LimitJudgement, ...]]:
        """Limit → one judgement per period, of the cases submitted in it.

        The intervals of all periods of a limit hold together. All measured backlog
        cases count for the first period.
        """
        judged = limits_over_time(self.summaries, self.resolved_limits, self.confidence_of)
        return FrozenDict(judged)

    @cached_property
    def pools_over_time(self) -> Mapping[str, PoolOverTime]:
        """Pool → its load, queue and waiting by period; busiest pool of the window first."""
        by_name = pools_over_time(self.model, self.summaries)
        return FrozenDict({pool.name: by_name[pool.name] for pool in self.pool_summaries})

    @cached_property
    def accounts(self) -> tuple[Account, ...]:
        """What used up the days of all measured cases, and of late cases on the critical branch."""
        rows: list[Account] = []
        for late_only, per_summary in (
            (False, [summary.used for summary in self.summaries]),
            (True, [summary.blamed for summary in self.summaries]),
        ):
            for kind, of in per_summary[0]:
                rows += _accounts(kind, of, late_only, [used[kind, of] for used in per_summary])
        return tuple(rows)

    @checked_call
    def late_days(
        self, limit: str, by: Literal["category", "department"] = "category"
    ) -> Mapping[str, float]:
        """Return what used the days of a limit's late cases on their critical branch.

        Category or department → working days per late case, most first; empty if none was late.
        ValueError if the scenario has no such limit.
        """
        if limit not in self.scenario.limits:
            raise ValueError(
                tr(
                    "no limit '{limit}'; there are: {limits}",
                    limit=limit,
                    limits=", ".join(self.scenario.limits),
                )
            )
        days: dict[str, float] = defaultdict(float)
        for account in self.accounts:
            if account.late_only and (account.kind, account.of) == ("department", limit):
                parts = account.days_wd if by == "category" else {account.name: account.total_wd}
                for name, used in parts.items():
                    days[name] += used
        return dict(sorted(days.items(), key=lambda pair: -pair[1]))

    def late_total_wd(self, limit: str) -> float:
        """Return the sum of `late_days`: working days per late case; 0 if none was late."""
        return sum(self.late_days(limit).values())

    @cached_property
    def open_at_start(self) -> OpenAtStart | None:
        """The backlog of the first replication; None if the scenario has none."""
        if not self.scenario.backlog.stated:
            return None
        first = self.summaries[0].number
        demand = self.model_of(first).demand.draw(self.seed, first)
        count_start_day = self.scenario.calendar.count_start_day
        return open_at_start(demand, self.resolved_limits, count_start_day=count_start_day)

    @cached_property
    def states(self) -> Mapping[str, Mapping[str, int]]:
        """Case type → state, such as `refused` → number of its measured cases."""
        total: dict[str, Counter[str]] = defaultdict(Counter)
        for summary in self.summaries:
            for name, case_type in summary.case_types.items():
                total[name].update(case_type.states)
        return FrozenDict({name: FrozenDict(states) for name, states in total.items()})

    def mean_sojourn_h(self, case_type: str) -> float:
        """Return the mean hours from arrival to the last end, round the clock."""
        cases = [summary.case_types[case_type] for summary in self.summaries]
        seconds = np.concatenate([part.sojourn_s for part in cases])
        return float(seconds.mean()) / 3600 if len(seconds) else math.nan

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Every self-check over all replications, with the detail of its first failure."""
        by_name: dict[str, Check] = {}
        for summary in self.summaries:
            for check in summary.checks:
                known = by_name.get(check.name)
                if known is None or (known.ok and not check.ok):
                    where = "" if check.ok else f"replication {summary.number}: "
                    by_name[check.name] = Check(check.name, check.ok, where + check.detail)
        return tuple(by_name.values())

    @property
    def all_hold(self) -> bool:
        """Whether every limit holds at its confidence."""
        return all(judgement.verdict == "holds" for judgement in self.verdicts)

    def groups_by(self, attribute: str) -> tuple[Groups, ...]:
        """Return each limit by the values of an attribute, with a ranking.

        Raises
        ------
        ValueError
            If no case type with a limit has the attribute.
        """
        groups = tuple(groups_by(self.model, self.summaries, self.confidence_of, attribute))
        if not groups:
            known = ", ".join(sorted(self.model.demand.attribute_values)) or "none"
            raise ValueError(
                tr(
                    "no attribute '{attribute}'; there are: {known}",
                    attribute=attribute,
                    known=known,
                )
            )
        return groups

    @cached_property
    def reported_groups(self) -> tuple[Groups, ...]:
        """The groups that the scenario's `report.by` asks for."""
        return tuple(
            groups
            for attribute in dict.fromkeys(self.scenario.report.by)
            for groups in self.groups_by(attribute)
        )

    def by(self, attribute: str) -> pd.DataFrame:
        """Return each limit by the values of an attribute, best mean rank first.

        Parameters
        ----------
        attribute
            Such as `zone`.

        Returns
        -------
        DataFrame
            One row per limit and value: counts, on-time share with its interval, verdict, and what
            a ranking of one year is worth (see `sim.measures.ranking`).

        Raises
        ------
        ValueError
            If no case type with a limit has the attribute.
        """
        return frame(row for groups in self.groups_by(attribute) for row in groups.rows)

    def events(self, numbers: int | Sequence[int] | None = None) -> Register:
        """Return the cases as an event log: what offices would have recorded of them.

        `sim.records.write` writes it as exchange tables, XES, CSV or Parquet; `sim.judge` judges it
        as recorded cases. The replications are simulated again, with the same numbers.

        Parameters
        ----------
        numbers
            Numbers of replications, from 0; default: the first of the run. Of several, the cases
            have the attribute `replication`.

        Raises
        ------
        ValueError
            If the run has no replication of the number.
        """
        from sim.records.simulated import register_of
        from sim.records.stacking import joined

        known = [summary.number for summary in self.summaries]
        wanted = known[:1] if numbers is None else numbers
        wanted = [wanted] if isinstance(wanted, int) else list(dict.fromkeys(wanted))
        if not wanted or (unknown := [number for number in wanted if number not in known]):
            shown = ", ".join(map(str, unknown)) if wanted else "none"
            raise ValueError(
                tr(
                    "numbers: {shown}; the run has {known} to {last}",
                    shown=shown,
                    known=known[0],
                    last=known[-1],
                )
            )
        models = {number: self.model_of(number) for number in wanted}
        registers = [
            register_of(
                model.scenario,
                model.replicate(self.seed, number),
                officers=[officer.name for officer in model.supply.officers],
                pools=model.pools.names,
                prefix=f"{number}-" if len(wanted) > 1 else "",
            )
            for number, model in models.items()
        ]
        return registers[0] if len(registers) == 1 else joined(registers)

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        """Self-checks that failed in any replication; should be empty."""
        return tuple(check for check in self.checks if not check.ok)

    # --- tables ------------------------------------------------------------------------------

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Name → table: those of the judgements, pools and days, then `cases` and `items`."""
        kept = {name: self.kept[name].copy() for name in ("cases", "items") if name in self.kept}
        return {**super().tables, **kept}

    @property
    def cases(self) -> pd.DataFrame:
        """One row per case, as a copy; see `sim.measures.tables.cases_table`."""
        return self._kept("cases")

    @property
    def items(self) -> pd.DataFrame:
        """One row per item, as a copy; see `sim.measures.tables.items_table`."""
        return self._kept("items")

    def _kept(self, name: str) -> pd.DataFrame:
        if name not in self.kept:
            raise ValueError(
                tr("the run did not keep its {name}: run it with keep='{name}'", name=name)
            )
        return self.kept[name].copy()

    @table_of(LimitRow)
    def limits(self) -> Iterator[LimitRow]:
        """One row per limit and clock."""
        for limit in self.judged_on_every_clock:
            confidence = self.confidence_of.get(limit.name, limit.limit.confidence)
            yield LimitRow.of(limit, confidence)

    @table_of(GroupRow, optional=True)
    def groups(self) -> Iterator[GroupRow]:
        """One row per limit and value of each attribute that `report.by` names; see `by`."""
        return (row for groups in self.reported_groups for row in groups.rows)

    @table_of(OwnLimitRow, optional=True)
    def own_limits(self) -> Iterator[OwnLimitRow]:
        """One row per matter, stage and set of matters; see `own_limits_judged`."""
        return (part.row for part in self.own_limits_judged)

    @table_of(DepartmentRow, optional=True)
    def departments(self) -> Iterator[DepartmentRow]:
        """One row per department; see `league`."""
        return iter(()) if self.league is None else self.league.rows

    @table_of(YearsRow, optional=True)
    def years_kept(self) -> Iterator[YearsRow]:
        """One row per limit: how probable it is that a year keeps its target; see `years_of`."""
        return years_rows(self.model, self.years_of)

    @table_of(DoubtRow, optional=True)
    def doubt(self) -> Iterator[DoubtRow]:
        """One row per limit if inputs were drawn; see `doubts`."""
        return (DoubtRow.of(name, doubt) for name, doubt in self.doubts.items())

    @table_of(InputRow, optional=True)
    def drawn_inputs(self) -> Iterator[InputRow]:
        """One row per replication and input, if inputs were drawn."""
        for summary in self.summaries if self.inputs else ():
            for factor, value in drawn(self.inputs, self.seed, summary.number).items():
                yield InputRow(summary.number, factor.path, factor.unit, value)

    @table_of(YearRow, optional=True)
    def years(self) -> Iterator[YearRow]:
        """One row per limit, replication and year of the window."""
        return year_rows(self.model, self.summaries, self.years_of)

    @table_of(ResubmissionRow, optional=True)
    def resubmissions(self) -> Iterator[ResubmissionRow]:
        """One row per limit whose cases can be handed in again, by both rules."""
        return map(ResubmissionRow.of, self.resubmissions_judged)

    @table_of(PoolSummary)
    def pools(self) -> Iterable[PoolSummary]:
        """One row per pool, busiest first."""
        return self.pool_summaries

    @table_of(ResponseRow, optional=True)
    def response(self) -> Iterator[ResponseRow]:
        """One row per pool with overtime or help, in the order of the pools' numbers."""
        overtime, help_, worked = (
            np.array([getattr(summary.pools, name) for summary in self.summaries])
            for name in ("overtime_h", "help_h", "worked_h")
        )
        for number, name in enumerate(self.model.pools.names):
            extra_h, help_h = overtime[:, number], help_[:, number]
            if extra_h.any() or help_h.any():
                yield ResponseRow(
                    pool=name,
                    overtime_h=float(extra_h.mean()),
                    overtime_most_h=float(extra_h.max()),
                    help_h=float(help_h.mean()),
                    help_most_h=float(help_h.max()),
                    share_of_work=float((extra_h + help_h).sum() / worked[:, number].sum()),
                )

    @table_of(CostRow, optional=True)
    def costs(self) -> Iterator[CostRow]:
        """One row per roster group, then one of all together, if the scenario gives costs."""
        return iter(()) if self.money is None else cost_rows(self.money)

    @table_of(CaseCostRow, optional=True)
    def case_costs(self) -> Iterator[CaseCostRow]:
        """One row per case type, if the scenario gives costs."""
        return iter(()) if self.money is None else case_cost_rows(self.money)

    @table_of(OwnTimeRow, optional=True)
    def own_time(self) -> Iterator[OwnTimeRow]:
        """One row per limit, or case type without one, if applicants prepare papers."""
        yield from own_time_rows(self.scenario, self.summaries, self.confidence_of)

    @table_of(MonthRow)
    def months(self) -> Iterator[MonthRow]:
        """One row per limit and period; see `limits_over_time`."""
        for name, limits in self.limits_over_time.items():
            for period, limit in zip(self.periods, limits, strict=True):
                yield MonthRow(name, PeriodCells.of(period), PartRow.of(limit))

    @table_of(PoolMonthRow)
    def pool_months(self) -> Iterator[PoolMonthRow]:
        """One row per period and pool that items reached; see `pools_over_time`."""
        for name, pool in self.pools_over_time.items():
            for number, period in enumerate(self.periods if pool.items.any() else ()):
                yield PoolMonthRow(
                    pool=name,
                    period=PeriodCells.of(period),
                    utilisation=float(pool.utilisation[number]),
                    mean_queue=float(pool.mean_queue[number]),
                    mean_wait_h=float(pool.mean_wait_h[number]),
                    items=int(pool.items[number]),
                )

    @table_of(AccountRow)
    def matters(self) -> Iterator[AccountRow]:
        """One row per account (matter or department) and group of cases; days in wd per case."""
        return (account.row for account in self.accounts)


def _accounts(kind: str, of: str, late_only: bool, parts: list[DaysUsed]) -> list[Account]:
    grouping = parts[0].grouping
    total = np.sum([part.total_wd for part in parts], axis=0)
    cases = sum(part.cases for part in parts)
    return [
        Account(
            kind=kind,
            of=of,
            name=" + ".join(name),
            late_only=late_only,
            cases=cases,
            days_wd={
                category.name.lower(): float(total[number, category]) / cases
                for category in Category
            },
        )
        for number, name in enumerate(grouping.names)
        if cases and total[number].sum() > 0
    ]
