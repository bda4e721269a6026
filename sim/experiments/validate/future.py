"""The months after a date, simulated from the open cases of its morning."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.clocks import History
from sim.demand.backlog import GivenRow
from sim.engine import Engine, chosen, simulate
from sim.engine.contract import DAY_S
from sim.experiments.forecast.today import from_today
from sim.experiments.validate.observed import Instrument, Observed, Seen
from sim.records.history import Recorded
from sim.replications.inputs import Inputs, drawn
from sim.replications.model import Model
from sim.replications.worker_process import no_interruption_is_lost, reuse
from sim.scenario import Scenario, at_values, attributes_of
from sim.scenario.schema.arrivals import MoreArrivals
from sim.scenario.schema.quantities import Duration

Streams = Mapping[str, Mapping[str, MoreArrivals]]
"""Case type → name → recorded arrivals of cases with the same attributes."""


@dataclass(frozen=True, eq=False)
class FutureTask:
    """How the months after a date are simulated."""

    scenario: Scenario
    """As it was given, or fitted."""
    start: dt.date
    last: dt.date
    rows: tuple[GivenRow, ...]
    """The open cases of the first morning."""
    arrivals: Streams | None
    """The recorded arrivals; None: they are drawn."""
    seed: int
    engine: Engine | None
    inputs: Inputs | None
    """What is drawn anew for each replication; None: nothing."""
    instrument: Instrument

    @cached_property
    def model(self) -> Model:
        """The model of the scenario itself."""
        return Model(self.after(self.scenario), self.rows)

    def after(self, scenario: Scenario) -> Scenario:
        """Return the scenario from the first date to the last, with what arrives then."""
        drawn_ones = self.arrivals is None
        later = from_today(scenario, self.start, self.last, arrivals=drawn_ones)
        period = later.period.model_copy(update={"run_out": Duration(0, "cd")})
        types = later.case_types
        if self.arrivals is not None:
            types = {
                name: spec.model_copy(update={"more_arrivals": self.arrivals.get(name, {})})
                for name, spec in types.items()
            }
        return later.model_copy(update={"period": period, "case_types": types})

    def replicate(self, number: int) -> Observed:
        """Make one replication, and read it."""
        reuse()
        with no_interruption_is_lost():
            model = self.model
            if self.inputs is not None:
                values = drawn(self.inputs.factors, self.seed, number)
                model = Model(self.after(at_values(self.scenario, values)), self.rows)
            return self.instrument.read(seen_of(self._history(model, number)))

    def _history(self, model: Model, number: int) -> History:
        """Simulate up to the last second; every case is awaited, also those that arrive."""
        compiled = chosen(self.engine) == "compiled"
        demand = model.demand.draw(self.seed, number, compiled=compiled)
        supply = model.supply.draw(self.seed, number, compiled=compiled)
        everyone = np.ones(len(demand.case_type), np.bool_)
        demand = replace(demand, workload=replace(demand.workload, measured=everyone))
        schedule = simulate(demand.workload, supply, model.horizon_s, engine=self.engine)
        return History(model.process, demand, supply, schedule, self.engine)


def seen_of(history: History) -> Seen:
    """Return a simulated history that began with open cases, which come first."""
    cases = len(history.demand.case_type)
    at_start = np.zeros(cases, np.bool_)
    for carried in history.demand.backlog.values():
        at_start[carried.case] = True
    return Seen(history, 0, at_start, np.ones(cases, np.bool_))


def recorded_arrivals(scenario: Scenario, recorded: Recorded, start: dt.date) -> Streams:
    """Return the recorded arrivals from a date on, by case type and known attributes.

    An attribute that a case lacks in the records, or whose value the scenario does not know, is
    drawn by its shares.
    """
    demand, origin = recorded.history.demand, dt.datetime.combine(recorded.origin, dt.time())
    first = (start - recorded.origin).days * DAY_S
    later = np.flatnonzero(demand.workload.arrival_s >= first)
    groups: dict[str, dict[tuple[tuple[str, str], ...], list[dt.datetime]]] = {}
    known = {name: attributes_of(scenario, spec) for name, spec in scenario.case_types.items()}
    for case in later.tolist():
        name = recorded.definition.case_types[int(demand.case_type[case])]
        values = tuple(
            (attribute, value)
            for attribute, about in sorted(known[name].items())
            if attribute in demand.attributes
            for code in [int(demand.attributes[attribute][case])]
            if code >= 0
            for value in [demand.attribute_values[attribute][code]]
            if value in about.shares
        )
        at = origin + dt.timedelta(seconds=int(demand.workload.arrival_s[case]))
        groups.setdefault(name, defaultdict(list))[values].append(at)
    return {
        name: {
            f"recorded_{number}": MoreArrivals(at=tuple(at), attributes=dict(values))
            for number, (values, at) in enumerate(sorted(of.items()))
        }
        for name, of in groups.items()
    }
