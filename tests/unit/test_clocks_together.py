"""Several scopes read in one pass give the days that each gives by itself."""

import numpy as np
import pytest

import sim
from sim.clocks import Counting, read_clocks, read_stacked
from sim.limits import Scope
from sim.replications.model import Model


@pytest.mark.parametrize("name", ["yingkou/backlog", "yingkou/lean"])
@pytest.mark.parametrize("deemed_acceptance", [False, True])
def test_scopes_read_together_equal_each_alone(name: str, deemed_acceptance: bool) -> None:
    scenario = sim.load(name)
    history = Model(scenario).replicate(1, 0)
    how = Counting(count_start_day=True, deemed_acceptance=deemed_acceptance)
    for case_type, spec in scenario.case_types.items():
        scopes = [Scope(case_type), *(Scope(case_type, (matter,)) for matter in spec.matters)]
        together = read_stacked(history, scopes, how)
        alone = [read_clocks(history, scope, how) for scope in scopes]
        for field in ("case", "in_scope", "decided_here"):
            own = np.concatenate([getattr(each, field) for each in alone])
            np.testing.assert_array_equal(getattr(together, field), own)
        for clock, reading in together.clocks.items():
            for field, values in vars(reading).items():
                if field == "rule":
                    continue
                own = np.concatenate([getattr(each.clocks[clock], field) for each in alone])
                np.testing.assert_array_equal(values, own, err_msg=f"{clock} {field}")
