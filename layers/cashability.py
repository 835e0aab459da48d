"""Cashability: how much of the capacity released can become posts. The `cashability` section of a scenario.

Effort is scattered over roles: released effort is a post only where enough of it sits in one role. In roles that spend more than
40% of their time on a layer's work it comes off one for one, in whole contracts; of the rest a share can be pulled together. What
is left goes back to services as time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Annotated

from layers.assumption import Assumption, Frozen, Id, Quantity, Share

ContractFte = Annotated[Assumption, Quantity("FTE per contract", gt=0, le=1)]


class Cashability(Frozen):
    """The `cashability` section. `concentrated`: by layer, the share of effort in roles above 40% of time on it."""

    concentrated: dict[Id, Share] = {}
    otherwise: Share = Assumption(
        value=0.5, low=0.3, high=0.7, unit="share", source="Judgement; 55 of 111 FTE in the provision cycle", grade="C"
    )
    fragmented_release: Share = Assumption(
        value=0.2, low=0.1, high=0.3, unit="share",
        source="Cabinet pack 18 Sept 2018, section 3, Provision cycle, benefits (6–17 of 56 FTE)", grade="B",
    )  # fmt: skip
    contract_fte: ContractFte = Assumption(
        value=0.818,
        unit="FTE per contract",
        source="Staffing report, 30 June 2018: 3,644.2 FTE in 4,455 heads",
        grade="A",
    )


@dataclass(frozen=True)
class Posts:
    """Capacity released as posts (FTE, whole contracts where concentrated) and the rest, returned to services as time."""

    releasable_fte: float
    returned_fte: float


def posts(section: Cashability, released_fte: Mapping[str, float]) -> dict[str, Posts]:
    """Posts by layer from the FTE released; nothing is releasable where nothing, or less than nothing, is released."""
    out = {}
    for layer, released in released_fte.items():
        share, contract = section.concentrated.get(layer, section.otherwise).value, section.contract_fte.value
        whole = floor(max(released, 0.0) * share / contract + 1e-9) * contract
        pulled = max(released, 0.0) * (1 - share) * section.fragmented_release.value
        out[layer] = Posts(whole + pulled, released - whole - pulled)
    return out
