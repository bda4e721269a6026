"""Facts and blame in one of two forms: machine code, or whole arrays with the reference engine."""

from __future__ import annotations

from collections.abc import Sequence

from sim.arrays import Bools, Floats, Ints
from sim.clocks import History, Reading
from sim.engine import Engine, chosen
from sim.measures.days import Charge, blame
from sim.measures.facts import Facts


def facts_of(
    history: History,
    horizon_s: int,
    edges: Ints,
    shares: Floats,
    engine: Engine | None = None,
) -> Facts:
    """Find the facts of one replication.

    Parameters
    ----------
    horizon_s
        The last instant that could happen in the run.
    edges
        [B + 1] seconds, increasing: the periods of the window, which begins at 0 or later.
    shares
        [O] the share of the time that each officer gives to this work.
    engine
        With the reference engine, whole arrays; else machine code.
    """
    if chosen(engine) == "simpy":
        return Facts.of(history, horizon_s, edges, shares)
    from sim.measures.passes import passed_over

    return passed_over(history, horizon_s, edges, shares)


def blamed(
    history: History,
    readings: Sequence[tuple[Ints, Reading, Bools]],
    engine: Engine | None = None,
) -> list[Charge]:
    """Return what made cases late, for each of several limits; see `days.blame`.

    `readings`: the case numbers, the clock that decides, and the late ones of each limit.
    """
    if chosen(engine) == "simpy":
        return [blame(history, *reading) for reading in readings]
    from sim.measures.passes import blamed_by_passes

    return blamed_by_passes(history, readings)
