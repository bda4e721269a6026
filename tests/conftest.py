"""Options of the whole suite.

`pytest --engine simpy`: whatever a test simulates runs on that engine, in subprocesses too.
`pytest --hypothesis-profile fresh`: property tests draw new examples; else the same each time, so
that a change is judged by itself and not by luck.
"""

from __future__ import annotations

import os
import sys
from typing import get_args

import pytest
from hypothesis import settings

from sim.engine import ENGINE_VARIABLE, Engine

settings.register_profile("fresh", derandomize=False, deadline=None)
settings.register_profile("repeated", derandomize=True, deadline=None)
settings.load_profile("repeated")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=get_args(Engine),
        help="the engine that runs where a test names none",
    )


def pytest_configure(config: pytest.Config) -> None:
    # Each of a hundred processes would else parse the package, and each worker all tests, anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ["SIM_LANG"] = "en"  # whatever the locale of whoever runs the tests
    # The tests run side by side already; one that needs further processes asks for them.
    os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")
    if engine := config.getoption("engine"):
        os.environ[ENGINE_VARIABLE] = engine
