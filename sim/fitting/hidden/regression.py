"""From many numbers to one for each parameter: ridge regression, cross-fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.arrays import Bools, Floats

FOLDS: Final = 5
_PENALTIES: Final = (0.3, 3.0, 30.0, 300.0)
_CLIP: Final = 4.0
"""Standard deviations beyond which a number counts as so far away."""
_MOST_NAN: Final = 0.2


@dataclass(frozen=True, eq=False)
class Scale:
    """Which K of the numbers are used, and how they are made comparable."""

    kept: Bools
    middle: Floats
    spread: Floats

    @classmethod
    def of(cls, summaries: Floats, recorded: Floats) -> Scale:
        """`summaries`: [N, K'] of simulations; `recorded`: [K']. NaN in the records is left out."""
        kept = np.isfinite(recorded) & (np.isnan(summaries).mean(axis=0) < _MOST_NAN)
        some = summaries[:, kept]
        middle = np.nanmedian(some, axis=0) if kept.any() else np.zeros(0)
        spread = np.nanstd(some, axis=0) if kept.any() else np.zeros(0)
        lasting = spread > 1e-6
        kept[np.flatnonzero(kept)[~lasting]] = False
        return cls(kept, middle[lasting], spread[lasting])

    def features(self, summaries: Floats) -> Floats:
        """Return [N, 2 K + 1]: 1, the numbers and their squares; what is unknown is average."""
        z = (summaries[:, self.kept] - self.middle) / self.spread
        z = np.clip(np.nan_to_num(z), -_CLIP, _CLIP)
        return np.concatenate([np.ones((len(z), 1)), z, z * z - 1], axis=1)


@dataclass(frozen=True, eq=False)
class Statistic:
    """One number for each of P parameters, from a summary."""

    scale: Scale
    weights: Floats
    """[FOLDS, 2 K + 1, P] fitted without each fold."""
    trained: Floats
    """[N, P] the numbers of the simulations, each from the weights that were fitted without it.

    Those of weights that saw it would be too near to its parameters, and all ranges too narrow."""

    @classmethod
    def of(cls, theta: Floats, summaries: Floats, recorded: Floats) -> Statistic:
        """Fit parameters [N, P] on summaries [N, K']."""
        scale = Scale.of(summaries, recorded)
        x = scale.features(summaries)
        fold = np.arange(len(x)) % FOLDS
        weights, trained = zip(
            *(_without(x, theta, fold == one) for one in range(FOLDS)), strict=True
        )
        every = np.zeros((len(_PENALTIES), *theta.shape))
        for one, numbers in enumerate(trained):
            every[:, fold == one] = numbers
        best = ((every - theta) ** 2).mean(axis=1).argmin(axis=0)
        columns = np.arange(theta.shape[1])
        chosen = np.array(weights)[:, best, :, columns].transpose(1, 2, 0)
        return cls(scale, chosen, np.asarray(every[best, :, columns].T))

    def __call__(self, summaries: Floats) -> Floats:
        """Return [M, P] the numbers of new summaries [M, K']: the mean over the folds."""
        return np.asarray(self.scale.features(summaries) @ self.weights.mean(axis=0))


def _without(x: Floats, theta: Floats, left_out: Bools) -> tuple[Floats, Floats]:
    """Return weights [L, F, P] and numbers [L, n, P] of rows left out of the fit, by penalty."""
    one = x[~left_out]
    values, vectors = np.linalg.eigh(one.T @ one)
    turned = vectors.T @ (one.T @ theta[~left_out])
    weights = np.array([
        vectors @ (turned / (np.maximum(values, 0.0) + penalty)[:, None]) for penalty in _PENALTIES
    ])  # fmt: skip
    return weights, np.asarray(x[left_out] @ weights)
