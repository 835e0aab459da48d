"""What follows the front office: middle-office work, support posts, and the delivery work that contacts start."""

from layers.assumption import Assumption, Frozen, Share


class FollowOn(Frozen):
    """The `follow_on` section.

    `middle_office_elasticity` e: that part of the middle office follows front-office minutes, the rest is fixed.
    `support_follows`: how far front-office support, administration and quality assurance fall with front-office effort.
    `contact_driven_delivery`: the part of service delivery that contacts start; the rest is planned work.
    """

    middle_office_elasticity: Share
    support_follows: Share = Assumption(value=0, unit="share")
    contact_driven_delivery: Share = Assumption(value=1, unit="share")
