"""`pytest --engine simpy`: whatever a test simulates runs on that engine, in subprocesses too."""

from __future__ import annotations

import os
import sys
from typing import get_args

import pytest

from sim.engine import ENGINE_VARIABLE, Engine


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
    if engine := config.getoption("engine"):
        os.environ[ENGINE_VARIABLE] = engine
