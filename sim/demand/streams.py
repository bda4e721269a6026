"""Random streams with names: what a stream is for decides its numbers, nothing else does.

Each decision (``project/DES/review/handle``) has a stream of its own,
``SeedSequence(seed, spawn_key=(replication, hash of the name))``, and draws one value per case in
case order. Staff, rules, hours and other decisions therefore change no draw: common random
numbers by construction.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import numpy as np


@lru_cache(maxsize=100_000)
def stable_hash(name: str) -> int:
    """Return a 64-bit hash that is the same on every machine and in every run."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


class Streams:
    """The random streams of one replication."""

    def __init__(self, seed: int, replication: int, of: str = "") -> None:
        self.seed = seed
        self.replication = replication
        self.of = of
        """Whose streams these are; "" for the first arrivals of every case type."""

    def of_more(self, arrivals: str) -> Streams:
        """Return the streams of further arrivals: all their own, under the same names."""
        return Streams(self.seed, self.replication, arrivals)

    def __call__(self, name: str) -> np.random.Generator:
        """Return the stream of that name, at its beginning."""
        whole = f"{self.of}#{name}" if self.of else name  # no name of a scenario holds a '#'
        key = (self.replication, stable_hash(whole))
        sequence = np.random.SeedSequence(self.seed, spawn_key=key)
        return np.random.Generator(np.random.PCG64(sequence))
