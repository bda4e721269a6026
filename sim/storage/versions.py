"""Versions of the program and its libraries, on which results depend."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Final

PROGRAM: Final = "approval-sim"
LIBRARIES: Final = (
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "numba",
    "simpy",
    "pydantic",
    "ruamel.yaml",
    "chinesecalendar",
    "holidays",
)


def version() -> str:
    """Return the program's version."""
    return metadata.version(PROGRAM)


def libraries() -> dict[str, str]:
    """Return the versions of Python and of the libraries that results depend on."""
    return {"python": platform.python_version()} | {
        name: metadata.version(name) for name in LIBRARIES
    }
