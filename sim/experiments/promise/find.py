"""The inverse of `run`: the shortest promises that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias, Unpack

import numpy as np
from numpy.typing import NDArray

from sim.experiments.promise.days import DaysTask, Part, parts_of
from sim.experiments.promise.joint import joint_sets
from sim.experiments.promise.order import dependencies
from sim.experiments.promise.result import PromiseRow, ShortestPromises, Together
from sim.experiments.run import planned_runs
from sim.limits import clock_rules
from sim.measures.checks import Check
from sim.measures.shortest_promise import NOT_BOUND, shortest_promises, still_open
from sim.replications.execution import Execution, make_replications
from sim.replications.model import Model
from sim.replications.notebook_progress import with_bar
from sim.scenario import USUAL_CLOCK, Scenario, has_backlog, nearest
from sim.translation import tr

TARGETS: Final = (0.90, 0.95, 0.99)
"""Default target shares."""

Codes: TypeAlias = Sequence[NDArray[np.int32]]
"""By replication: [cases, parts] days as `days.read_days` returns them."""


@with_bar
def promise(
    scenario: Scenario,
    targets: Sequence[float] = TARGETS,
    *,
    confidence: float = 0.95,
    clock: str = USUAL_CLOCK,
    replications: int | None = None,
    seed: int | None = None,
    **how: Unpack[Execution],
) -> ShortestPromises:
    """Find the shortest promises that can be kept with the staff and load of a scenario.

    For each limit, case type, stage and matter: the smallest whole number of days within which the
    target share of the cases ends, with a confidence interval. For the matters of each case type,
    and of each limit on some of them: promises that a case keeps all at once, with the shortest
    critical path.

    Parameters
    ----------
    scenario
        From `sim.load`.
    targets
        Shares of the cases that must keep a promise, each between 0 and 1.
    confidence
        Two-sided confidence of each interval by itself.
    clock
        The clock that counts the days of case types, stages and matters; each limit has its own. On
        clocks that go on while a matter waits for another, the promises of a chain add up to more
        than the whole needs.
    replications, seed
        Default: the scenario's own, else 100. At least 2 replications.
    **how
        See `Execution`. An interruption is passed on; what is finished is in the store.

    Raises
    ------
    ScenarioError
        If a data file of the scenario cannot be used.
    ValueError
        If an argument is out of range.
    """
    wanted = tuple(sorted(set(targets)))
    planned, seed = planned_runs(scenario, replications, seed)
    _refuse(wanted, confidence, planned)
    _refuse_clock(scenario, clock)
    parts = parts_of(scenario, clock)
    task = DaysTask(Model(scenario), seed, "limits", how.get("engine"), parts=parts, clock=clock)
    codes, failed = _made(task, planned, how)
    columns = _columns(parts, codes)
    return ShortestPromises(
        scenario=scenario,
        seed=seed,
        replications=planned,
        targets=wanted,
        confidence=confidence,
        clock=clock,
        promise_rows=tuple(_rows(parts, columns, codes, wanted, confidence)),
        together=tuple(_together(scenario, parts, columns, codes, min(wanted), confidence)),
        failed_checks=failed,
    )


def _made(task: DaysTask, planned: int, how: Execution) -> tuple[Codes, tuple[Check, ...]]:
    """Return the days of every replication, and the self-checks that failed."""
    codes: list[NDArray[np.int32]] = []
    failed: list[Check] = []
    wanted = [(task, number) for number in range(planned)]
    for finished in make_replications(wanted, how, total=planned):
        assert finished.cases is not None
        codes.append(finished.cases.to_numpy(np.int32))
        failed += [check for check in finished.summary.checks if not check.ok]
    return codes, tuple(failed)


def _refuse_clock(scenario: Scenario, clock: str) -> None:
    rules = clock_rules(scenario)
    if clock not in rules:
        raise ValueError(tr("no clock '{clock}'{hint}", clock=clock, hint=nearest(clock, rules)))
    for name, case_type in scenario.case_types.items():
        if rules[clock].by_part and not case_type.matters:
            raise ValueError(
                tr(
                    "clock '{clock}' counts by matter or stage, and case type '{name}' has neither",
                    clock=clock,
                    name=name,
                )
            )
        if has_backlog(scenario, name) and not rules[clock].resumes:
            raise ValueError(
                tr(
                    "clock '{clock}' cannot go on for the open cases of '{name}'",
                    clock=clock,
                    name=name,
                )
            )


def _refuse(targets: Sequence[float], confidence: float, replications: int) -> None:
    if not targets or not all(0 < target < 1 for target in targets):
        raise ValueError(tr("targets: at least one share between 0 and 1 is needed"))
    if not 0 < confidence < 1:
        raise ValueError(
            tr("confidence {confidence:g}: must lie between 0 and 1", confidence=confidence)
        )
    if replications < 2:
        raise ValueError(tr("at least 2 replications are needed for an interval"))


def _columns(parts: Sequence[Part], codes: Codes) -> Mapping[str, tuple[int, ...]]:
    """Return the columns of the parts of each case type that has cases to count."""
    binding = np.any([(code != NOT_BOUND).any(axis=0) for code in codes], axis=0)
    columns = {
        case_type: tuple(n for n, part in enumerate(parts) if part.case_type == case_type)
        for case_type in dict.fromkeys(part.case_type for part in parts)
    }
    return {name: numbers for name, numbers in columns.items() if binding[list(numbers)].any()}


def _rows(
    parts: Sequence[Part],
    columns: Mapping[str, tuple[int, ...]],
    codes: Codes,
    targets: Sequence[float],
    confidence: float,
) -> Iterator[PromiseRow]:
    for column in (number for numbers in columns.values() for number in numbers):
        part, own = parts[column], [code[:, column] for code in codes]
        for shortest in shortest_promises(own, targets, confidence):
            yield PromiseRow(
                kind=part.kind,
                case_type=part.case_type,
                name=part.name,
                clock=part.clock,
                unit=part.unit,
                target=shortest.target,
                days=shortest.days,
                at_best=shortest.at_best,
                low=shortest.low,
                high=shortest.high,
                promised_now=part.promised_now,
                cases=sum(int((code != NOT_BOUND).sum()) for code in own),
                open=sum(int(still_open(code).sum()) for code in own),
            )


def _together(
    scenario: Scenario,
    parts: Sequence[Part],
    columns: Mapping[str, tuple[int, ...]],
    codes: Codes,
    share: float,
    confidence: float,
) -> Iterator[Together]:
    for case_type, numbers in columns.items():
        matters = {parts[n].name: n for n in numbers if parts[n].kind == "matter"}
        for whole in (parts[n] for n in numbers):
            inside = _matters_together(whole, tuple(matters))
            if len(inside) > 1:
                own = [matters[name] for name in inside]
                sets = joint_sets(
                    [code[:, own] for code in codes],
                    dependencies(scenario, case_type, inside),
                    share,
                    confidence,
                )
                yield Together(whole.kind == "limit", case_type, whole.name, inside, sets)


def _matters_together(whole: Part, matters: tuple[str, ...]) -> tuple[str, ...]:
    """Return the matters that are promised together: of a case type, or of a limit on some."""
    scope = whole.scope.matters
    if whole.kind == "case_type":
        return matters
    if whole.kind != "limit" or scope is None:
        return ()
    inside = tuple(name for name in matters if name in scope)
    return inside if len(inside) < len(matters) else ()
