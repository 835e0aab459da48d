"""The stored result of calibration: the few numbers solved so that simulated today handles the published effort."""

from layers.assumption import Frozen, Id


class Calibration(Frozen):
    """Solved numbers, and the fingerprint of the inputs they were solved for.

    `first_contacts`: first contacts a year by demand type and preferred channel. `volume_factor` multiplies them all;
    `minutes_factor` the minutes of a layer; `middle_office_ratio` is middle-office minutes per front-office minute at
    elasticity 1; `pool_fte` the establishment of teams whose FTE is not given; `expected_fte` today's effort by layer.
    """

    fingerprint: str
    first_contacts: dict[Id, dict[Id, float]]
    volume_factor: float
    minutes_factor: dict[Id, float]
    middle_office_ratio: float
    pool_fte: dict[Id, float]
    expected_fte: dict[Id, float]
