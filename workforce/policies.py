"""Policies: by which routes a council meets a reduction, in which order, and how. The `policies` section.

A policy says only where it differs from the usual one (`usual`), so that several can be laid on each other: `a+b` is a, then b.
"""

from collections.abc import Mapping, Sequence

from pydantic import Field

from layers.assumption import Frozen, Id
from layers.problems import InputError, Problem, closest, one_of
from workforce.quantities import Months, Multiple, Share
from workforce.reduction.dates import LeaveBy
from workforce.routes import Route

JOIN = "+"
USUAL = "usual"


class Policy(Frozen):
    """A policy in full."""

    label: str = ""
    routes: tuple[Route, ...]
    """Those allowed, in the order in which they are used."""
    freeze: Months
    """How long before the proposal recruitment to posts that a reduction wants stops."""
    hold_vacancies: Months
    """For how long a vacancy that people at risk could be retrained for is kept for them before it is filled from outside."""
    counts_on_turnover: Share
    """The part of the leavers expected until posts are due that is taken off the number of people proposed for redundancy."""
    leave_by: LeaveBy = "as_work_falls"
    furthest_skill: float = Field(default=1.0, ge=0)
    """The longest distance between job families over which people are redeployed."""
    pay_protection: Months
    multiplier: Multiple
    """Times the statutory weeks for volunteers."""
    payback: Months
    """A volunteer is released only where the yearly saving pays the cost back within this time."""


class PolicyChange(Frozen):
    """What one policy changes of the usual one."""

    label: str = ""
    routes: tuple[Route, ...] | None = None
    freeze: Months | None = None
    hold_vacancies: Months | None = None
    counts_on_turnover: Share | None = None
    leave_by: LeaveBy | None = None
    furthest_skill: float | None = Field(default=None, ge=0)
    pay_protection: Months | None = None
    multiplier: Multiple | None = None
    payback: Months | None = None


class Redeployment(Frozen):
    """The `redeployment` section: what makes a vacancy suitable, and whether people take it."""

    grades_down: int = Field(default=1, ge=0)
    hours_apart: Share
    """The most by which hours may differ, in FTE."""
    accepted: Share
    """Suitable offers that are taken at the same place; elsewhere this times `accepted_elsewhere`."""
    accepted_elsewhere: Share
    refused_unreasonably: Share
    """Of those refused."""
    trial_failed: Share
    """Of trials of four weeks."""


class Voluntary(Frozen):
    """The `voluntary` section: who applies and who is let go. Longer service applies more often (`by_service`, weights)."""

    apply: Share
    spared: Share
    """Applications of which the service says that it can spare the skill."""
    by_service: tuple[float, float, float]
    """Weights of up to 5, 5 to 15 and over 15 years' service."""


def policy_named(name: str, usual: Policy, changes: Mapping[Id, PolicyChange]) -> Policy:
    """The policy of a name, or of several joined by `+`, laid one on the other; raises InputError for one that is unknown."""
    parts = [part for part in name.split(JOIN) if part != USUAL]
    unknown = [part for part in parts if part not in changes]
    if unknown:
        known = [USUAL, *changes]
        raise InputError([
            Problem("", None, "policy", f"no policy {part!r}", one_of(known), closest(part, known)) for part in unknown
        ])  # fmt: skip
    laid: dict[str, object] = {}
    for part in parts:
        given = changes[part]
        laid |= {key: getattr(given, key) for key in given.model_fields_set if getattr(given, key) is not None}
    labels = [changes[part].label or part for part in parts] or [usual.label or USUAL]
    return usual.model_copy(update={**laid, "label": " + ".join(labels)})


def people_routes(policy: Policy) -> Sequence[Route]:
    """The routes by which people already in post leave or move, in the policy's order."""
    return [route for route in policy.routes if route in ("slotted", "redeployed", "voluntary", "compulsory")]
