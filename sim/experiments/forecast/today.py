"""A scenario that begins today: its dates moved, its arrivals kept as they are, or left out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sim.scenario import Scenario
from sim.scenario.schema.arrivals import Arrivals, Backlog, Yearly
from sim.scenario.schema.matters import CaseType
from sim.scenario.schema.quantities import Duration
from sim.scenario.schema.timing import DateRange


def from_today(scenario: Scenario, start: dt.date, last: dt.date, *, arrivals: bool) -> Scenario:
    """Return the scenario from `start` on, with a window up to `last` and no backlog of its own.

    Growth is counted from the same year as before, and listed arrivals come on the same dates.
    Without `arrivals`, no further case comes in.
    """
    period = scenario.period
    types = {
        name: _with_arrivals(case_type, scenario, arrivals=arrivals)
        for name, case_type in scenario.case_types.items()
    }
    window = DateRange.model_validate({"from": start, "to": last})
    return scenario.model_copy(
        update={
            "period": period.model_copy(update={"start": start, "window": window, "run_out": None}),
            "case_types": types,
            "backlog": Backlog(),
        }
    )


def _with_arrivals(case_type: CaseType, scenario: Scenario, *, arrivals: bool) -> CaseType:
    if not arrivals:
        none = Arrivals(at=())
        return case_type.model_copy(update={"arrivals": none, "more_arrivals": {}})
    more = {name: _dated(one, scenario) for name, one in case_type.more_arrivals.items()}
    update = {"arrivals": _dated(case_type.arrivals, scenario), "more_arrivals": more}
    return case_type.model_copy(update=update)


def _dated(arrivals: Any, scenario: Scenario) -> Any:
    """Return arrivals that do not depend on when the scenario begins."""
    yearly, at = arrivals.yearly, arrivals.at
    if isinstance(yearly, Yearly) and yearly.volume is not None and yearly.growth_from is None:
        year = scenario.period.window.first.year
        return arrivals.model_copy(
            update={"yearly": yearly.model_copy(update={"growth_from": year})}
        )
    if at is not None:
        midnight = dt.datetime.combine(scenario.period.start, dt.time())
        dates = tuple(
            midnight + dt.timedelta(seconds=one.seconds) if isinstance(one, Duration) else one
            for one in at
        )
        return arrivals.model_copy(update={"at": dates})
    return arrivals
