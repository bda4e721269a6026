"""Several scopes read in one pass give the days that each gives by itself."""

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.clocks import Counting, read_clocks, read_each
from sim.engine import Engine
from sim.limits import Scope
from sim.replications.model import Model


@pytest.mark.parametrize("name", ["yingkou/backlog", "yingkou/lean"])
@pytest.mark.parametrize("deemed_acceptance", [False, True])
def test_scopes_read_together_equal_each_alone(name: str, deemed_acceptance: bool) -> None:
    scenario = sim.load(name)
    history = Model(scenario).replicate(1, 0)
    how = Counting(count_start_day=True, deemed_acceptance=deemed_acceptance)
    engines: tuple[Engine, ...] = ("simpy", "compiled")
    for case_type, spec in scenario.case_types.items():
        scopes = [Scope(case_type), *(Scope(case_type, (matter,)) for matter in spec.matters)]
        for engine in engines:
            past = replace(history, engine=engine)
            together = read_each(past, dict.fromkeys(scopes, tuple(how.rules)), how)
            for scope in scopes:
                alone = read_clocks(past, scope, how)
                for field in ("case", "in_scope", "decided_here"):
                    one, other = getattr(together[scope], field), getattr(alone, field)
                    np.testing.assert_array_equal(one, other)
                for clock, reading in together[scope].clocks.items():
                    for field, values in vars(reading).items():
                        other = getattr(alone.clocks[clock], field)
                        np.testing.assert_array_equal(values, other, err_msg=f"{clock} {field}")
