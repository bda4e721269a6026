"""The languages of reports."""

from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "zh"]
