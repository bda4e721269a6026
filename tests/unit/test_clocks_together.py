"""Several scopes read in one pass give the days that each gives by itself."""

import numpy as np
import pytest

import sim
from sim.clocks import read_clocks, read_each
from sim.limits import CLOCKS, Scope
from sim.replications.model import Model


@pytest.mark.parametrize("name", ["yingkou/backlog", "yingkou/lean"])
@pytest.mark.parametrize("deemed_acceptance", [False, True])
def test_scopes_read_together_equal_each_alone(name: str, deemed_acceptance: bool) -> None:
    scenario = sim.load(name)
    history = Model(scenario).replicate(1, 0)
    how = {"count_start_day": True, "deemed_acceptance": deemed_acceptance}
    for case_type, spec in scenario.case_types.items():
        scopes = [Scope(case_type), *(Scope(case_type, (matter,)) for matter in spec.matters)]
        for scope, together in zip(scopes, read_each(history, scopes, CLOCKS, **how), strict=True):
            alone = read_clocks(history, scope, **how)
            for name_of in ("case", "in_scope", "decided_here"):
                np.testing.assert_array_equal(getattr(together, name_of), getattr(alone, name_of))
            for clock in CLOCKS:
                mine, own = vars(together.clocks[clock]), vars(alone.clocks[clock])
                for field, values in own.items():
                    np.testing.assert_array_equal(mine[field], values, err_msg=f"{clock} {field}")
