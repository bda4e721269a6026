"""Scenario files, read into one frozen, validated `Scenario`.

`load` reads a file. Quantities carry units, and every value can carry its source and range. One
error reports all mistakes, each with file, line, key, value and the broken rule.
"""

from sim.scenario.answers import (
    CHANNEL,
    attributes_of,
    calendar_of,
    has_backlog,
    in_hours,
    in_parallel,
    joint_meeting,
    known_parts,
    open_hours,
    place_of,
    single_window,
    speed_of,
    united,
    values_of,
    window_s,
)
from sim.scenario.errors import Mistakes, Problem, ReadError, ScenarioError, nearest, shorten
from sim.scenario.files.library import RECORDS, library_folder, library_names, records_in
from sim.scenario.load import load, override_problems, summary_of, vary
from sim.scenario.origin import Parameter
from sim.scenario.preset_clocks import IN_PROCEDURE, PRESETS, clocks_of, prepares
from sim.scenario.ranges import Factor, at_values, factors_of, parameters_of, unvaried
from sim.scenario.run_out import PATIENCE, horizon_s, last_day, run_outs, with_run_out
from sim.scenario.schema.arrivals import BacklogGroup
from sim.scenario.schema.base import Condition, Text
from sim.scenario.schema.clocks import USUAL_CLOCK, Clock, ClockUnit
from sim.scenario.schema.distributions import Distribution
from sim.scenario.schema.keys import is_quantity, json_schema
from sim.scenario.schema.matters import (
    NO_STEP,
    Assistance,
    CaseType,
    Correction,
    Deficiency,
    Delegated,
    Effect,
    Inspection,
    LoopStep,
    Matter,
    Resubmission,
    Special,
    StatutoryPeriod,
    Step,
    Task,
    Verification,
)
from sim.scenario.schema.model import ALL_OFF, Handling, Learning, Limit, Scenario, Staff
from sim.scenario.schema.quantities import SECONDS, Duration

__all__ = [
    "ALL_OFF", "CHANNEL", "IN_PROCEDURE", "NO_STEP", "PATIENCE", "PRESETS", "RECORDS",
    "SECONDS", "USUAL_CLOCK", "Assistance", "BacklogGroup", "CaseType", "Clock", "ClockUnit",
    "Condition", "Correction", "Deficiency", "Delegated", "Distribution", "Duration",
    "Effect", "Factor", "Handling", "Inspection", "Learning", "Limit", "LoopStep", "Matter",
    "Mistakes", "Parameter", "Problem", "ReadError", "Resubmission", "Scenario",
    "ScenarioError", "Special", "Staff", "StatutoryPeriod", "Step", "Task", "Text",
    "Verification", "at_values", "attributes_of", "calendar_of", "clocks_of", "factors_of",
    "has_backlog", "horizon_s", "in_hours", "in_parallel", "is_quantity", "joint_meeting",
    "json_schema", "known_parts", "last_day", "library_folder", "library_names", "load",
    "nearest", "open_hours", "override_problems", "parameters_of", "place_of", "prepares",
    "records_in", "run_outs", "shorten", "single_window", "speed_of", "summary_of", "united",
    "unvaried", "values_of", "vary", "window_s", "with_run_out",
]  # fmt: skip
