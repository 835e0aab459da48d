"""The lever ledger in effort: what each lever releases alone, what is lost when it is taken out of the target, and the rest."""

from simulation.council import Council

TODAY, TARGET = "today", "target"
INTERACTION = "interaction"


def ledger_models(council: Council) -> dict[str, frozenset[str]]:
    """The operating models a ledger needs, by name: levers at target. Without a lever: today and target alone."""
    target = council.levers.target
    models = {TODAY: frozenset[str](), TARGET: target}
    levers = [name for name in council.levers.all if name in target]
    if len(levers) > 1:
        models |= {alone(name): frozenset([name]) for name in levers}
        models |= {without(name): target - {name} for name in levers}
    return models


def alone(lever: str) -> str:
    """The name of the model with one lever only."""
    return f"alone/{lever}"


def without(lever: str) -> str:
    """The name of the model with all levers but one."""
    return f"without/{lever}"
