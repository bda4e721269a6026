"""Named random streams: seed, replication and name alone decide the numbers of a stream.

Each decision (``project/DES/review/handle``) has a stream of its own, and each case its own numbers
in it, found by their address: key = hash of the name, counter = (case, draw, replication, seed) of
Philox4x32-10. Staff, rules, hours and other decisions therefore change no draw: common random
numbers by construction. Machine code and arrays (`sim.variates`) give the same bits.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.variates import Sampler, array_form
from sim.variates.array_form import Address

_WORD: Final = 2**32 - 1
_WORD_BITS: Final = 32
_NO_MACHINE_CODE: Final = os.environ.get("NUMBA_DISABLE_JIT", "") not in {"", "0"}
"""Numba has been told not to compile, so arrays draw."""


@lru_cache(maxsize=100_000)
def stable_hash(name: str) -> int:
    """Return a 64-bit hash that is the same on every machine and in every run."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def equal_hashes(names: Iterable[str]) -> tuple[str, str] | None:
    """Return two of the names that have the same hash, and so the same numbers; None: no two do."""
    known: dict[int, str] = {}
    for name in names:
        other = known.setdefault(stable_hash(name), name)
        if other != name:
            return other, name
    return None


def generator(seed: int, name: str) -> np.random.Generator:
    """Return a NumPy generator for what is drawn once in a study, such as orders of levers."""
    words = np.random.SeedSequence(seed, spawn_key=(0, stable_hash(name)))
    return np.random.Generator(np.random.PCG64(words))


def whole_name(of: str, name: str) -> str:
    """Return the name of a stream of further arrivals; `of`: "" for the first ones."""
    return f"{of}#{name}" if of else name  # no name of a scenario holds a '#'


class Stream(NamedTuple):
    """The numbers of one name, from case `first` on."""

    address: Address
    compiled: bool
    first: int = 0

    def after(self, cases: int) -> Stream:
        """Return the stream from that many cases further on."""
        return self._replace(first=self.first + cases)

    def uniform(self, n: int) -> Floats:
        """Return [n] uniform numbers between 0 and 1, both excluded, one per case."""
        if not self.compiled:
            return array_form.uniforms(self.address, self._cases(n), 0)[0]
        from sim.variates import kernel

        out = np.empty(n)
        kernel.fill_uniform(*self.address, self.first, max(n, 1), out)
        return out

    def values(self, sampler: Sampler, n: int) -> Floats:
        """Return [n] values of a distribution, one per case."""
        if not self.compiled:
            return array_form.values(self.address, self._cases(n), sampler)
        from sim.variates import kernel

        out = np.empty(n)
        kernel.fill(
            int(sampler.family),
            sampler.parameters,
            sampler.values,
            sampler.scale,
            *self.address,
            self.first,
            out,
        )
        return out

    def values_of(self, sampler: Sampler, cases: Ints, n: int) -> Floats:
        """Return [cases] the values of some of n cases, given by number."""
        if self.compiled:
            return self.filled(sampler, cases, n)
        numbers = (self.first + cases).astype(np.uint64)
        return array_form.values(self.address, numbers, sampler)

    def filled(self, sampler: Sampler, rows: Ints, each: int) -> Floats:
        """Return [rows] values in machine code; the rows of each replication follow one another.

        `each`: the cases of a replication.
        """
        from sim.variates import kernel

        out = np.empty(len(rows))
        kernel.fill_rows(
            int(sampler.family),
            sampler.parameters,
            sampler.values,
            sampler.scale,
            *self.address,
            self.first,
            each,
            rows,
            out,
        )
        return out

    def of_replication(self, number: int) -> Stream:
        """Return the stream so many replications later."""
        replication = self.address.replication + number
        return self._replace(address=self.address._replace(replication=replication))

    def poisson(self, means: Floats) -> Ints:
        """Return [n] Poisson numbers with these means, one per case."""
        if not self.compiled:
            return array_form.poisson(self.address, means)
        from sim.variates import kernel

        out = np.empty(len(means), np.int64)
        kernel.fill_poisson(np.ascontiguousarray(means), *self.address, out)
        return out

    def whole(self, low: int, high: int, n: int) -> Ints:
        """Return [n] whole numbers from `low` to `high`, both included, each as likely."""
        return low + (self.uniform(n) * (high + 1 - low)).astype(np.int64)

    def _cases(self, n: int) -> NDArray[np.uint64]:
        """Return the numbers of the next n cases."""
        return np.arange(self.first, self.first + n, dtype=np.uint64)


class Streams:
    """The random streams of one replication."""

    def __init__(self, seed: int, replication: int, of: str = "", *, compiled: bool = True) -> None:
        """`compiled`: whether machine code draws; the arrays of the reference give the same."""
        if seed < 0:
            raise ValueError(f"a seed is not below 0: {seed}")
        if not 0 <= replication <= _WORD:
            raise ValueError(f"a replication is a number of 32 bits: {replication}")
        self.seed = seed
        self.replication = replication
        self.of = of
        """Name of the further arrivals; "" for the first arrivals of every case type."""
        self.compiled = compiled and not _NO_MACHINE_CODE
        self.first = 0
        """The case with which every stream begins."""
        # What a seed has above 32 bits goes into the keys; keys of two names stay different.
        high = seed >> _WORD_BITS
        self._mask = stable_hash(f"seed#{high}") if high else 0

    def of_more(self, arrivals: str) -> Streams:
        """Return the streams of further arrivals: the same names, other numbers."""
        return self._like(arrivals)

    def from_case(self, first: int) -> Streams:
        """Return the same streams, beginning with the case of that number."""
        more = self._like(self.of)
        more.first = first
        return more

    def _like(self, of: str) -> Streams:
        more = Streams(self.seed, self.replication, of, compiled=self.compiled)
        more.first = self.first
        return more

    @property
    def low_seed(self) -> int:
        """The lowest 32 bits of the seed."""
        return self.seed & _WORD

    def keys(self, hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return the keys of streams whose whole names have these hashes."""
        return hashes ^ np.uint64(self._mask)

    def __call__(self, name: str) -> Stream:
        """Return the stream of that name, from its first case on."""
        key = stable_hash(whole_name(self.of, name)) ^ self._mask
        words = key & _WORD, key >> _WORD_BITS, self.replication, self.low_seed
        return Stream(Address(*words), self.compiled, self.first)


class ManyStream(NamedTuple):
    """The numbers of one name in several replications, one after another."""

    stream: Stream
    """Of the first replication."""
    times: int
    """Replications."""

    def uniform(self, n: int) -> Floats:
        """Return [n] uniform numbers; n is a multiple of the number of replications."""
        if self.stream.compiled:
            from sim.variates import kernel

            out = np.empty(n)
            kernel.fill_uniform(
                *self.stream.address, self.stream.first, max(n // self.times, 1), out
            )
            return out
        return np.concatenate([one.uniform(n // self.times) for one in self._each()])

    def values(self, sampler: Sampler, n: int) -> Floats:
        """Return [n] values of a distribution; n is a multiple of the number of replications."""
        return np.concatenate([one.values(sampler, n // self.times) for one in self._each()])

    def values_of(self, sampler: Sampler, cases: Ints, n: int) -> Floats:
        """Return [cases] the values of some of n cases, given by number, ascending."""
        if self.stream.compiled:
            return self.stream.filled(sampler, cases, n // self.times)
        each = n // self.times
        first = np.searchsorted(cases, np.arange(self.times + 1) * each)
        return np.concatenate(
            [
                one.values_of(sampler, cases[first[k] : first[k + 1]] - k * each, each)
                for k, one in enumerate(self._each())
            ]
        )

    def _each(self) -> Iterator[Stream]:
        for number in range(self.times):
            yield self.stream.of_replication(number)


class ManyStreams:
    """The random streams of several replications that have the same cases, drawn in one go."""

    def __init__(self, first: Streams, times: int) -> None:
        """`first`: of the first replication; `times`: how many follow one another, itself one."""
        self.first, self.times = first, times

    @property
    def compiled(self) -> bool:
        """Whether machine code draws."""
        return self.first.compiled

    def of_more(self, arrivals: str) -> ManyStreams:
        """Return the streams of further arrivals in each replication."""
        return ManyStreams(self.first.of_more(arrivals), self.times)

    def __call__(self, name: str) -> ManyStream:
        """Return the stream of that name in each replication."""
        return ManyStream(self.first(name), self.times)
