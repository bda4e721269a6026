"""Named random streams: seed, replication and name alone decide the numbers of a stream.

Each decision (``project/DES/review/handle``) has a stream of its own,
``SeedSequence(seed, spawn_key=(replication, hash of the name))``, and draws one value per case in
case order. Staff, rules, hours and other decisions therefore change no draw: common random
numbers by construction.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

_MASK = 2**32 - 1
_POOL_WORDS = 4
"""`SeedSequence` pads the seed with zeros to this number of words if a spawn key follows."""


@lru_cache(maxsize=100_000)
def stable_hash(name: str) -> int:
    """Return a 64-bit hash that is the same on every machine and in every run."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


@lru_cache(maxsize=100_000)
def _hash_words(name: str) -> NDArray[np.uint32]:
    return _words(stable_hash(name))


def _words(number: int) -> NDArray[np.uint32]:
    """Return a number as `SeedSequence` reads it: 32-bit words, the lowest first."""
    words = [number & _MASK]
    while number := number >> 32:
        words.append(number & _MASK)
    return np.array(words, np.uint32)


class Streams:
    """The random streams of one replication."""

    def __init__(self, seed: int, replication: int, of: str = "") -> None:
        if seed < 0:
            raise ValueError(f"a seed is not below 0: {seed}")
        self.seed = seed
        self.replication = replication
        self.of = of
        """Name of the further arrivals; "" for the first arrivals of every case type."""
        entropy = _words(seed)
        padding = np.zeros(max(_POOL_WORDS - len(entropy), 0), np.uint32)
        self._begin = np.concatenate([entropy, padding, _words(replication)])

    def of_more(self, arrivals: str) -> Streams:
        """Return the streams of further arrivals: the same names, other numbers."""
        return Streams(self.seed, self.replication, arrivals)

    def __call__(self, name: str) -> np.random.Generator:
        """Return the stream of that name, at its beginning."""
        whole = f"{self.of}#{name}" if self.of else name  # no name of a scenario holds a '#'
        # The same words as SeedSequence makes of seed and spawn key, computed faster.
        words = np.concatenate([self._begin, _hash_words(whole)])
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))
