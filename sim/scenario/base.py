"""What every scenario model is built on: frozen, strict, documented field by field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic.types import Strict
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from sim.scenario.errors import nearest

MAX_COUNT = 1_000_000
"""No count in a scenario is larger; a typing slip is caught before it fills the memory."""

Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0, le=MAX_COUNT)]
Positive = Annotated[float, Strict(), Field(gt=0, le=1e9, allow_inf_nan=False)]
NonNegative = Annotated[float, Strict(), Field(ge=0, le=1e9, allow_inf_nan=False)]
Probability = Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)]
Name = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[^\s./\[\]{}#,:]{1,64}$", strip_whitespace=False)
]
"""An identifier: no blanks, dots, slashes, brackets, commas or colons; Chinese is welcome."""

SOURCE_KINDS = ("law", "policy", "published", "measured", "assumed")
Source = Annotated[str, Strict(), StringConstraints(pattern=rf"^({'|'.join(SOURCE_KINDS)})\b.*")]


class Model(BaseModel):
    """A frozen part of a scenario; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    source: Source | None = None
    """Where the numbers of this block come from: law, policy, published, measured or assumed, then
    free text. Holds for everything inside that does not name its own."""
    note: str | None = None
    """Free text."""


class Text(BaseModel):
    """A label in both languages; one text alone serves for both."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    en: Annotated[str, Strict()] = ""
    """English."""
    zh: Annotated[str, Strict()] = ""
    """Chinese."""

    @model_validator(mode="before")
    @classmethod
    def _one_text(cls, value: Any) -> Any:
        return {"en": value, "zh": value} if isinstance(value, str) else value

    def __str__(self) -> str:
        return self.en or self.zh


def reference(kind: str) -> Callable[[str, ValidationInfo], str]:
    """Make a validator: the name must be defined under the scenario's top-level key `kind`.

    The defined names come with the validation context, so that a wrong name is reported together
    with every other mistake and at its own place.
    """

    def check(name: str, info: ValidationInfo) -> str:
        if info.context is None:
            return name
        known = info.context["names"][kind]
        if name not in known:
            raise PydanticCustomError(
                "unknown_name",
                "{text}",
                {"text": f"no such name under '{kind}'{nearest(name, known)}"},
            )
        return name

    return check


PoolName = Annotated[str, Strict(), AfterValidator(reference("pools"))]
HoursName = Annotated[str, Strict(), AfterValidator(reference("hours"))]
DepartmentName = Annotated[str, Strict(), AfterValidator(reference("departments"))]
CaseTypeName = Annotated[str, Strict(), AfterValidator(reference("case_types"))]
