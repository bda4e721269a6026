"""The call from an object to its report.

Rooms import only rooms before them, and `sim.report` comes after scenarios and results. So an
object that displays itself in a notebook, or at a prompt, imports its report by name at the moment
of display.
"""

from __future__ import annotations

import importlib
from typing import Any


def shown_by(module: str, function: str, *arguments: Any, **options: Any) -> Any:
    """Call a function of a module of `sim.report`, and return its result."""
    return getattr(importlib.import_module(f"sim.report.{module}"), function)(*arguments, **options)
