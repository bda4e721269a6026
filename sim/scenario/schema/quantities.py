"""Quantities with their unit: durations, as in ``30 min`` or ``7 cd``, and costs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from sim.scenario.schema.base import refusal
from sim.translation import tr

SECONDS: Final = {"s": 1, "min": 60, "h": 3600, "wd": 86_400, "cd": 86_400}
"""Seconds of one unit. A day, working or calendar, is a whole date of its calendar."""

MAX_S: Final = 100 * 366 * 86_400
_PATTERN: Final = r"^\s*([0-9]+(?:\.[0-9]+)?)\s*(s|min|h|wd|cd)\s*$"


_THOUSANDS: Final = re.compile(r"(?<=[0-9])[,_' \u2019](?=[0-9]{3}(?![0-9]))")
"""A sign between thousands."""
_BEGINS_WITH_A_POINT: Final = re.compile(r"^(-?)\.(?=[0-9])")


def as_meant(text: str) -> str:
    """Return a number, with what follows, as it is written here: 1,000 is 1000, and 1,5 is 1.5.

    Digits of full width, as a Chinese keyboard writes them, become plain ones.
    """
    plain = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text).strip())
    return _BEGINS_WITH_A_POINT.sub(r"\g<1>0.", plain.replace(",", "."))


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of time in one unit: s, min, h, wd (working days) or cd (calendar days)."""

    value: float
    unit: str

    @property
    def seconds(self) -> float:
        """The amount in seconds of its own calendar."""
        return self.value * SECONDS[self.unit]

    @property
    def is_legal_period(self) -> bool:
        """Whether it counts dates and ends at the close of the last: whole days (model page §3)."""
        return self.unit in {"wd", "cd"} and self.value == int(self.value)

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"

    @classmethod
    def parse(cls, text: object) -> Duration:
        """Read ``'30 min'``; raise ValueError with the rule for anything else."""
        match = re.match(_PATTERN, text) if isinstance(text, str) else None
        if match is None:
            meant = as_meant(text) if isinstance(text, str) else ""
            hint = tr("; write '{meant}'", meant=meant) if re.match(_PATTERN, meant) else ""
            rule = tr("must be a number and a unit: s, min, h, wd or cd, such as '30 min'")
            raise ValueError(rule + hint)
        duration = cls(float(match[1]), match[2])
        if duration.seconds > MAX_S:
            raise ValueError(tr("must be at most 100 years"))
        return duration

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Validate from text, serialise to text."""

        def validate(value: Any) -> Duration:
            known = value if isinstance(value, Duration) else parsed(value)
            return cls(known.value, known.unit)

        return core_schema.no_info_plain_validator_function(
            validate, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the JSON schema, with the pattern for editors."""
        return cls.json_schema()

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """Return the JSON schema of its text."""
        examples = ["30 min", "4 h", "2 wd", "7 cd"]
        return {"type": "string", "pattern": _PATTERN, "examples": examples}


def parsed(value: object, rule: str | None = None) -> Duration:
    """Return the duration of a text; refuse anything else, by `rule` or the rule of `parse`."""
    try:
        return Duration.parse(value)
    except ValueError as error:
        raise refusal(rule or str(error), kind="duration") from None


def _days(value: Any) -> Duration:
    rule = tr("must be a whole number of wd (or cd), such as '30 wd'")
    return value if isinstance(value, Duration) else parsed(value, rule)


def _allowed(value: Any) -> Duration:
    rule = tr("must be a whole number of wd or cd, such as '30 wd', or hours, such as '4 h'")
    return value if isinstance(value, Duration) else parsed(value, rule)


Days = Annotated[Duration, BeforeValidator(_days)]
"""A period of whole days."""
Allowed = Annotated[Duration, BeforeValidator(_allowed)]
"""A period of whole days, or of hours."""


YEARLY: Final = "CNY/year"
HOURLY: Final = "CNY/h"
MOST_YUAN: Final = 1e9
"""Largest cost, which keeps sums of money exact to the fen."""
_COST: Final = r"^\s*([0-9]+(?:\.[0-9]+)?)\s*(CNY/year|CNY/h)\s*$"


@dataclass(frozen=True, slots=True)
class Price:
    """An amount of money for a time: CNY/year or CNY/h."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:.12g} {self.unit}"

    @classmethod
    def parse(cls, text: object, unit: str) -> Price:
        """Read ``'120000 CNY/year'`` in a unit; else raise ValueError with the rule."""
        example = f"{120_000 if unit == YEARLY else 90} {unit}"
        rule = tr(
            "must be a number and the unit {unit}, such as '{example}'", unit=unit, example=example
        )
        match = re.match(_COST, text) if isinstance(text, str) else None
        if match is None or match[2] != unit:
            number = str(text) if isinstance(text, int | float) else None
            meant = (
                f"{number} {unit}" if number else as_meant(text) if isinstance(text, str) else ""
            )
            known = re.match(_COST, meant)
            is_meant = known is not None and known[2] == unit and not isinstance(text, bool)
            raise ValueError(rule + (tr("; write '{meant}'", meant=meant) if is_meant else ""))
        price = cls(float(match[1]), unit)
        if price.value > MOST_YUAN:
            raise ValueError(tr("must be at most {most:,.0f} yuan", most=MOST_YUAN))
        return price

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Take what `YearlyCost` and `HourlyCost` have read; serialise to text."""
        return core_schema.is_instance_schema(cls, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the JSON schema of its text."""
        return {"type": "string", "pattern": _COST}


def price_of(text: object) -> Price | None:
    """Return the price that a text states, in whichever unit; None if it states none."""
    match = re.match(_COST, text) if isinstance(text, str) else None
    return None if match is None else Price(float(match[1]), match[2])


def _price(value: Any, unit: str) -> Price:
    try:
        return value if isinstance(value, Price) else Price.parse(value, unit)
    except ValueError as error:
        raise refusal(str(error), kind="duration") from None


YearlyCost = Annotated[Price, BeforeValidator(lambda value: _price(value, YEARLY))]
"""Yuan a year."""
HourlyCost = Annotated[Price, BeforeValidator(lambda value: _price(value, HOURLY))]
"""Yuan an hour."""
