"""The one door from what is shown to the room that shows it.

Rooms import only rooms before them, and `sim.report` is the last: what a notebook, or a person at
a prompt, wants to see of an object is found there by name, when it is asked for. So neither
scenarios nor experiments depend on it, and nothing is loaded unless somebody looks.
"""

from __future__ import annotations

import importlib
from typing import Any


def shown_by(module: str, function: str, *arguments: Any, **options: Any) -> Any:
    """Return what a function of a module of `sim.report` makes of an object."""
    return getattr(importlib.import_module(f"sim.report.{module}"), function)(*arguments, **options)
