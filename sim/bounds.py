"""Bounds of counts that a user gives: beyond them a number is a slip, and refused at once."""

from __future__ import annotations

from typing import Final

from sim.translation import tr

REPLICATIONS: Final = 100_000
"""Replications of one scenario."""
BUDGET: Final = 960
"""Most replications of a run that goes on until it is decided, if no other number is given."""
PROCESSES: Final = 1024
"""Processes asked for; how many are started, the work and the machine decide."""
PAIRS: Final = 10_000
"""Pairs of orders of levers."""
TRAJECTORIES: Final = 10_000
"""Trajectories of a screening."""
SAMPLES: Final = 2**16
"""Samples of a variance decomposition."""
PARAMETERS: Final = 1000
"""Parameters of a variance decomposition."""
COMBINATIONS: Final = 1_000_000
"""Combinations of a sweep."""


def check_count(name: str, count: int, most: int, least: int = 1) -> None:
    """Raise `ValueError`, with the rule, unless least ≤ count ≤ most."""
    if not least <= count <= most:
        raise ValueError(
            tr(
                "{name}: {count:,}: must be at least {least:,} and at most {most:,}",
                name=name,
                count=count,
                least=least,
                most=most,
            )
        )
