"""The cases that arrive: when, and with which attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import compress

from sim.arrays import Bools, Ints


@dataclass(frozen=True, eq=False)
class Arrived:
    """The arrivals of one case type; n cases."""

    at_s: Ints
    """[n] instants, not decreasing."""
    attributes: Mapping[str, list[str]] = field(default_factory=dict)
    """Attribute values that come with the arrivals (recorded, or fixed for them), each [n]."""
    left_out: int = 0
    """Recorded or listed arrivals outside the simulated dates; not counted in n."""
    kept: Bools | None = None
    """[n] the case comes in; None: all do. A case that does not come in is dropped only after its
    draws, so that every case is the same at every load."""

    def thinned(self) -> Arrived:
        """Return the arrivals that are kept."""
        assert self.kept is not None
        attributes = {name: list(compress(v, self.kept)) for name, v in self.attributes.items()}
        return Arrived(self.at_s[self.kept], attributes, self.left_out)
