"""The people of a generated establishment: published totals, and how the rest is assumed to be spread. The `opening` section."""

from layers.assumption import Frozen, Share
from workforce.quantities import Heads, Mix


class OpeningPeople(Frozen):
    """The `opening` section. `directorates` are FTE in post (Mix of published figures); ages and services are shares of heads."""

    directorates: Mix
    full_time: Heads
    part_time: Heads
    ages: Mix
    services: Mix
    fixed_term: Share
    """Contracts with an end, within the next two years."""
    pension_members: Share
    protected_leave: Share
    """On maternity, adoption or shared parental leave."""
