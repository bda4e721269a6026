"""Fitting: from a register to a scenario whose values are measured, with their ranges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np

from sim.fitting.assemble import Assembly
from sim.fitting.fitted import Fitted, Remark
from sim.fitting.hidden.inference import infer as inferred
from sim.fitting.hidden.shown import expected, shown
from sim.fitting.lives import lives_of
from sim.fitting.onto_base import left_to_base, onto
from sim.records.register import Register
from sim.scenario import Scenario
from sim.scenario.calls import checked_call


@checked_call
def fit(
    register: Register,
    base: Scenario | None = None,
    *,
    name: str = "Fitted to its records",
    until: dt.date | None = None,
    country: str = "CN",
    infer: bool = False,
    seed: int = 1,
    progress: Callable[[int, int | None], None] | None = None,
) -> Fitted:
    """Fit a scenario to what a city recorded.

    Parameters
    ----------
    register
        From `sim.records.read`, `sim.records.open` or `Result.events`: items with events of the
        national approval system.
    base
        A scenario that the fitted one extends. Its calendar, case types and matters count, its
        staff, hours and work stay; without it, all is made from the records.
    name
        The name of the scenario.
    until
        Nothing later than the end of this date is used; default: all that is recorded.
    country
        Whose working days count.
    infer
        Infer by simulation how long work takes that no stamp shows; takes some ten seconds for each
        group of pools. A base keeps its work, so nothing is inferred with one.
    seed
        Of the simulations of `infer`.
    progress
        Called with the simulations made and, as far as is known, to be made.

    Returns
    -------
    Fitted
        The scenario as text and as `Scenario`, and a table of its values.

    Raises
    ------
    ReadError
        If no event of the register has a time and a state.
    """
    at = None if until is None else np.datetime64(until, "s") + np.timedelta64(86_399, "s")
    lives = lives_of(register, base, until=at, country=country)
    assembly = Assembly(register, lives, split=base is None)
    if infer and base is None:
        work = assembly.work
        assembly.inferred = inferred(
            work, shown(work), expected(work), seed=seed, progress=progress
        )
    tree = assembly.tree(name)
    if base is None:
        return Fitted(tree, assembly.file, tuple(assembly.remarks()))
    remarks = (*(Remark(kind) for kind in ("base_keeps",)), *left_to_base(base, tree))
    return Fitted(onto(base, tree), assembly.file, remarks, base)
