"""The base of all scenario models: frozen, strict, with a description of each field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.types import Strict
from pydantic_core import PydanticCustomError

from sim.scenario.frozen import frozen
from sim.scenario.origin import SOURCE_KINDS, SOURCE_PATTERN, KeyPath, dotted, is_source
from sim.scenario.schema.marks import DataFile, DataFolder, RefersTo, Wiring
from sim.translation import tr

MAX_COUNT = 1_000_000
"""Largest count in a scenario: a mistyped one is refused before it fills the memory."""

Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0, le=MAX_COUNT)]
SMALL_FACTOR = 1000.0
Factor = Annotated[float, Strict(), Field(ge=0, le=SMALL_FACTOR, allow_inf_nan=False)]
Variation = Annotated[float, Strict(), Field(gt=0, le=10, allow_inf_nan=False)]
"""A coefficient of variation, at most 10: beyond, averages of a run mean nothing."""
Positive = Annotated[float, Strict(), Field(gt=0, le=1e9, allow_inf_nan=False)]
NonNegative = Annotated[float, Strict(), Field(ge=0, le=1e9, allow_inf_nan=False)]
Probability = Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)]
Name = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[^\s./\[\]{}#,:=]{1,64}$", strip_whitespace=False)
]
"""An identifier: no blanks, dots, slashes, brackets, commas, colons or equals signs, of which
paths as in `--set staff.planners.count=5` are made; Chinese is welcome."""


def refusal(rule: str, at: str | None = None, *, kind: str = "rule") -> PydanticCustomError:
    """Return the error of a broken rule; `at` is the key that breaks it (see `mistakes`)."""
    context = {"text": rule} if at is None else {"text": rule, "at": at}
    return PydanticCustomError(kind, "{text}", context)


def refusals(slips: Iterable[tuple[KeyPath, str]]) -> PydanticCustomError:
    """Return the error of several broken rules, each at the path of the key that breaks it."""
    known = tuple(slips)
    text = "; ".join(f"{dotted(path)}: {rule}" for path, rule in known)
    return PydanticCustomError("rules", "{text}", {"text": text, "slips": known})


def require(condition: object, rule: str, at: str | None = None) -> None:
    """Raise the `refusal` by `rule` unless the condition holds."""
    if not condition:
        raise refusal(rule, at)


def _source_kind(text: str) -> str:
    require(
        is_source(text),
        tr("must begin with one of {source_kinds}", source_kinds=", ".join(SOURCE_KINDS)),
    )
    return text


SourceText = Annotated[
    str,
    Strict(),
    AfterValidator(_source_kind),
    WithJsonSchema({"type": "string", "pattern": f"^{SOURCE_PATTERN}"}),
]


def _date(value: Any) -> Any:
    """Refuse numbers, which pydantic counts as seconds since 1970, and times with an offset."""
    if isinstance(value, bool | int | float) or _is_number(value):
        raise refusal(tr("must be a date, not a number"), kind="date")
    offset = isinstance(value, dt.datetime) and value.tzinfo is not None
    if offset or (isinstance(value, str) and ":" in value):
        raise refusal(tr("must be a date such as 2021-03-01, without a time"))
    return value


def _datetime(value: Any) -> Any:
    """Refuse numbers, which pydantic counts as seconds since 1970."""
    if isinstance(value, bool | int | float) or _is_number(value):
        raise refusal(tr("must be a date, not a number"), kind="datetime")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and value.strip("+-. ").replace(".", "").isdecimal()


Date = Annotated[dt.date, BeforeValidator(_date)]
DateTime = Annotated[dt.datetime, BeforeValidator(_datetime)]
"""A local time, or one with an offset from UTC."""


SHORT_FORM: Final = "short_form"
"""Key in the schema of a model; `json_schema` turns its value into an alternative."""


class Block(BaseModel):
    """A frozen part of a scenario; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    source: SourceText | None = None
    """Source of the numbers of this block: law, policy, published, measured, inferred or assumed,
    then free text. It holds for all values in the block without a source of their own."""
    note: str | None = None
    """Free text."""

    def __dir__(self) -> list[str]:
        """List what a scenario has; what every model of pydantic has only hides it."""
        known = set(dir(BaseModel))
        return [name for name in super().__dir__() if name[0] == "_" or name not in known]

    @model_validator(mode="after")
    def _checked(self) -> Self:
        self.__dict__.update({name: frozen(value) for name, value in self.__dict__.items()})
        self._check()
        return self

    def _check(self) -> None:
        """Refuse fields that contradict each other; see `require`."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with the values of `update`, which are not validated."""
        changed = {name: frozen(value) for name, value in (update or {}).items()}
        return super().model_copy(update=changed, deep=deep)


def short_form(**schema: Any) -> ConfigDict:
    """Return the configuration of a block with a short form, for the JSON schema.

    `schema` is the schema of the short form, or `like`: the key with the same schema.
    """
    return ConfigDict(json_schema_extra={SHORT_FORM: schema})


class Text(BaseModel):
    """A label in both languages; a single text holds for both."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, **short_form(type="string")
    )

    en: Annotated[str, Strict()] = ""
    """English."""
    zh: Annotated[str, Strict()] = ""
    """Chinese."""

    @model_validator(mode="before")
    @classmethod
    def _one_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"en": value, "zh": value}
        if not isinstance(value, dict | Text):
            raise refusal(tr("must be text, or {en: text, zh: text}"))
        return value

    def __str__(self) -> str:
        return self.en or self.zh


class Labelled(Block):
    """A block with a label for people."""

    label: Text = Text()
    """Its name."""


Word = Annotated[str, Strict(), Wiring()]
"""A name: of a file, a column, an attribute, or a value of an attribute."""
FileName = Annotated[str, Strict(), DataFile()]
FilesName = Annotated[str, Strict(), DataFolder()]
PoolName = Annotated[str, Strict(), RefersTo("pools")]
HoursName = Annotated[str, Strict(), RefersTo("hours")]
DepartmentName = Annotated[str, Strict(), RefersTo("departments")]
CaseTypeName = Annotated[str, Strict(), RefersTo("case_types")]
MatterName = Annotated[str, Strict(), RefersTo("matters")]
StageName = Annotated[str, Strict(), RefersTo("stages")]
StepName = Annotated[str, Strict(), RefersTo("steps")]

Condition = Annotated[Mapping[str, str | tuple[str, ...]], RefersTo("attributes")]
"""Attribute → the value, or the values, for which a step takes place; all must hold."""
