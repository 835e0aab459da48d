"""A stage of a plan: how far the operating model has come in one month, by layer and service area."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Stage:
    """Float arrays of layer × service area, in the scenario's order.

    `reached`: the share of the way from today's levers to the target's, 0 to 1. `minutes_factor`: what multiplies handling
    minutes while staff learn, at least 1. `present`: the share of paid time that training leaves.
    """

    reached: np.ndarray
    minutes_factor: np.ndarray
    present: np.ndarray

    @property
    def has_begun(self) -> bool:
        """Whether the stage differs from today at all."""
        return bool(self.reached.any() or (self.minutes_factor != 1.0).any() or (self.present != 1.0).any())

    @property
    def rules(self) -> bytes:
        """What decides journeys and minutes, as bytes: equal for stages with the same rules."""
        return self.reached.tobytes() + self.minutes_factor.tobytes()
