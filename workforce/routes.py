"""The ways in which a reduction of posts is met: each post and each person by one of them."""

from typing import Literal, get_args

Route = Literal[
    "agency_ended",
    "fixed_term_expired",
    "vacancies",
    "leavers_not_replaced",
    "slotted",
    "redeployed",
    "voluntary",
    "compulsory",
]
ROUTES: tuple[Route, ...] = get_args(Route)
"""In the order in which a council would rather use them."""
CODE = {route: number for number, route in enumerate(ROUTES)}
"""A route's place in ROUTES, as the compiled loops know it."""
REDUNDANCIES: tuple[Route, ...] = ("voluntary", "compulsory")
UNMET = "unmet"
STATEMENT = "Modelling scenario; not a proposal under section 188; no decision has been made."
"""What every output about people says."""
