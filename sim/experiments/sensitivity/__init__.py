"""Which assumptions can turn a verdict round."""

from sim.experiments.sensitivity.flips import Flip
from sim.experiments.sensitivity.points import Factor
from sim.experiments.sensitivity.result import Design, Explained, Screened, Sensitivity, Swing
from sim.experiments.sensitivity.study import sensitivity

__all__ = [
    "Design",
    "Explained",
    "Factor",
    "Flip",
    "Screened",
    "Sensitivity",
    "Swing",
    "sensitivity",
]
