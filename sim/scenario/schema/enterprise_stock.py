"""Growth from stock: yearly entries, or projects, derived from the resident enterprises."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.schema.base import Block, NonNegative, Positive, Probability

Year = Annotated[int, Field(ge=1900, le=2200)]
"""A key of a mapping: text in a file, a number here."""

ROUNDING = 1e-6
"""Fewer entries below zero than this come of rounding."""

ExitShare = Annotated[float, Strict(), Field(ge=0, lt=1, allow_inf_nan=False)]


def _in_order(stock: Mapping[int, float]) -> Mapping[int, float]:
    return dict(sorted(stock.items()))


class Stock(Block):
    """Resident enterprises at the end of each year, and what a year makes of them.

    S(t), the stock at the end of year t, is linear between the years stated and flat beyond them.
    Its net growth is g = S(t) - S(t-1), its mean m = (S(t) + S(t-1)) / 2. Then a year brings

    - g / (1 - exits) entries, where exits are a share of the entries;
    - g + exit_rate · m entries, where exits are a share of the mean stock;
    - per_1000_enterprises · m / 1000 cases, where enterprises that are there bring them.

    The first two are one balance, entries - exits = g, with two ways to know the exits. In the
    first, entries follow the growth alone: none without growth, whatever the stock. Published for
    the first: nationwide exits were 45 % of entries in January to September 2020 (22,000 new and
    12,000 net a day). For the second: 45 % of an entry rate of about 19 % a year, 0.086.
    """

    year_end: Annotated[Mapping[Year, NonNegative], Field(min_length=1), AfterValidator(_in_order)]
    """Year → enterprises at its end: `{2022: 5000, 2025: 6000}`."""
    exits: ExitShare | None = None
    """Exits of a year as a share of its entries; excludes the other two."""
    exit_rate: Probability | None = None
    """Exits of a year as a share of the mean stock; excludes the other two."""
    per_1000_enterprises: Positive | None = None
    """Cases a year per 1,000 enterprises of the mean stock; excludes the other two."""

    @model_validator(mode="after")
    def _one_derivation(self) -> Stock:
        given = (self.exits, self.exit_rate, self.per_1000_enterprises)
        if sum(way is not None for way in given) != 1:
            rule = "give exactly one of exits, exit_rate, per_1000_enterprises"
            raise PydanticCustomError("stock", "{text}", {"text": rule})
        years = list(self.year_end)
        for year in range(years[0] + 1, years[-1] + 1):
            if self._balance(year) < -ROUNDING:
                gone = self.at_end(year - 1) - self.at_end(year)
                hint = " (exits as a share of entries never exceed them: give exit_rate)"
                rule = f"the stock falls by {gone:g} in {year}, more than the exits account for"
                rule += hint if self.exits is not None else ""
                raise PydanticCustomError("stock", "{text}", {"text": rule, "at": "year_end"})
        return self

    def at_end(self, year: int) -> float:
        """Return the stock at the end of a year."""
        years = list(self.year_end)
        for before, after in pairwise(years):
            if before <= year <= after:
                part = (year - before) / (after - before)
                low, high = self.year_end[before], self.year_end[after]
                return low + part * (high - low)
        return self.year_end[years[0] if year < years[0] else years[-1]]

    def volume(self, year: int) -> float:
        """Return the expected cases of a year."""
        return max(self._balance(year), 0.0)

    def _balance(self, year: int) -> float:
        net = self.at_end(year) - self.at_end(year - 1)
        mean = (self.at_end(year) + self.at_end(year - 1)) / 2
        if self.exits is not None:
            return net / (1 - self.exits)
        if self.exit_rate is not None:
            return net + self.exit_rate * mean
        assert self.per_1000_enterprises is not None
        return self.per_1000_enterprises * mean / 1000
