"""`tom` in which one run always kills the process that it is in, and another always raises."""

import os
import signal
import sys
from typing import Any

from simulation.sweeps import work

honest = work.run


def run(scenario: Any, settings: Any, *rest: Any) -> Any:
    """Replication 7 at the first staffing is poison; replication 3 has no answer."""
    if scenario.council.teams.staffing_factor.value < 1:
        if settings.first_replication == 7 and scenario.council.demand.volume_factor.value == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        if settings.first_replication == 3:
            raise ValueError("no answer to replication 3")
    return honest(scenario, settings, *rest)


work.run = run  # in the parent and, since it is imported as the main module, in every spawned worker

if __name__ == "__main__":
    from simulation.cli.main import status_of

    sys.exit(status_of(sys.argv[1:]))
