"""Routes: the directed graph that a contact follows through the layers. The `routes` section of a scenario."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from layers.assumption import Assumption, Factor, Frozen, Id, Minutes, Quantity, Share
from layers.levers import Scope
from layers.problems import Fault, Faults
from layers.splits import Attribute, MinutesBy, ShareBy

Days = Annotated[Assumption, Quantity("working days", ge=0, le=260)]
Lost = Annotated[Assumption, Quantity("share", ge=0, lt=1)]


class Option(Frozen):
    """One way on: with a share, with a lever's value, or (neither given, last) the rest. Outside `only` the share is 0.

    `beyond_channel`: the lever gives the share of all contacts that use this channel, and those whose preferred channel it
    is already count towards it. `needs`: the share is 0 until that lever is at target.
    """

    to: Id
    share: ShareBy | None = None
    lever: Id | None = None
    beyond_channel: Id | None = None
    needs: Id | None = None
    only: Scope = Scope()

    @property
    def rest(self) -> bool:
        """Whether this option takes what the others leave."""
        return self.share is None and self.lever is None


class Match(Frozen):
    """A way on by an attribute of the contact, without chance."""

    by: Attribute
    to: dict[Id, Id]
    otherwise: Id | None = None


class Work(Frozen):
    """Staff work. `minutes` is the mean over today's mix of complexity, of which this step is the `part`.

    `spread` is the coefficient of variation.
    Live work is done while the customer waits, who gives up after a patience drawn with mean `patience`; `abandoned_today`
    is the share lost today that calibration reckons with. `handles_contact` marks the work that counts as answering an
    attempt. `less` names a lever that takes that share of the minutes away; `times` a lever that multiplies them.
    """

    minutes: MinutesBy
    part: Share = Assumption(value=1, unit="share")
    shape: Literal["lognormal", "exponential", "constant"] = "lognormal"
    spread: Factor = Assumption(value=0.8, unit="factor")
    live: bool = False
    patience: Minutes | None = None
    abandoned_today: Lost = Assumption(value=0, unit="share")
    handles_contact: bool = False
    less: Id | None = None
    times: Id | None = None
    flat_over_complexity: bool = False


class Pause(Frozen):
    """A wait without staff: evidence, partners, statutory clocks. Drawn with this mean."""

    working_days: Days
    shape: Literal["exponential", "constant"] = "constant"


class End(Frozen):
    """How an attempt ends. `child` is the entry of a further attempt that follows after `child_after` working days."""

    label: str
    need_met: bool = True
    repeats: bool = True
    child: Id | None = None
    child_after: Days = Assumption(value=0, unit="working days")


class Becomes(Frozen):
    """The attempt goes on as another channel or kind: an online form that fails becomes a phone call."""

    channel: Id | None = None
    kind: Id | None = None


class Step(Frozen):
    """One node of the graph: exactly one of choose, match, work, pause, drag, becomes, end; `to` is the way on.

    `drag` is middle-office work that follows the front-office minutes of the attempt so far.
    """

    label: str = ""
    layer: Id
    choose: tuple[Option, ...] | None = None
    match: Match | None = None
    work: Work | None = None
    pause: Pause | None = None
    drag: bool = False
    becomes: Becomes | None = None
    end: End | None = None
    to: Id | None = None

    @model_validator(mode="after")
    def does_one_thing(self) -> Self:
        """Refuse a step that does nothing, or two things, or has no way on."""
        parts = ("choose", "match", "work", "pause", "drag", "becomes", "end")
        does = [name for name in parts if getattr(self, name)]
        if len(does) != 1:
            said = f"does {' and '.join(does)}" if does else "does nothing"
            raise Faults([Fault((), said, f"exactly one of {', '.join(parts)}")])
        onward = does[0] in ("work", "pause", "drag", "becomes")
        if onward != (self.to is not None):
            raise Faults([Fault((), f"{does[0]} with{'out' if onward else ''} `to`", "`to`" if onward else "no `to`")])
        return self

    @property
    def ways_on(self) -> tuple[str, ...]:
        """The steps that may follow this one."""
        if self.choose:
            return tuple(option.to for option in self.choose)
        if self.match:
            return (*self.match.to.values(), *([self.match.otherwise] if self.match.otherwise else []))
        return (self.to,) if self.to else ()


class FailureDemand(Frozen):
    """Further attempts that one attempt causes; at most `generations` deep. Shares after abandonment: the rest gives up."""

    redial: Share
    redial_after: Minutes
    other_channel: Share
    other_channel_is: Id
    other_channel_after: Minutes
    repeat_lever: Id | None = None
    repeat_after: Days
    late_after: Days
    chase: Share
    generations: Annotated[int, Field(ge=0, le=3)] = 3

    @model_validator(mode="after")
    def shares_leave_a_rest(self) -> Self:
        """Refuse redial and other channel above 1 together."""
        if self.redial.value + self.other_channel.value > 1 + 1e-12:
            raise Faults([Fault(("other_channel",), "redial and other channel together are above 1", "at most 1")])
        return self


class Routes(Frozen):
    """The `routes` section. `entries` name the step at which each cause of an attempt enters the graph."""

    entries: dict[Id, Id]
    steps: dict[Id, Step] = Field(min_length=1)
    failure_demand: FailureDemand
