"""Compilation of the few hot loops with numba, and where the compiled code is kept.

numba's disk cache does not notice a change in an imported helper, so the cache folder carries a hash of the
modules concerned. A read-only home is no obstacle: the temporary folder serves instead. Without numba the same functions run as
plain Python, slowly.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


COMPILED = (
    "compiling",
    "draws",
    "arrivals",
    "journeys",
    "rows",
    "tables",
    "measures",
    "engines/state",
    "engines/compiled",
)
"""The modules with compiled functions, and those whose constants and records they use."""


def _source_hash() -> str:
    digest = hashlib.sha256()
    for name in COMPILED:
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return digest.hexdigest()[:12]


def _cache_folder() -> str:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for base in (home, Path(tempfile.gettempdir())):
        folder = base / "tom" / f"compiled-{_source_hash()}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return ""


try:
    import numba

    numba_settings: Any = numba.config
    if not numba_settings.CACHE_DIR:
        numba_settings.CACHE_DIR = _cache_folder()
    njit: Any = numba.njit
    NUMBA = True

    def compiled(function: F) -> F:
        """Compile a function of arrays and numbers; kept on disk between runs.

        Without numba's runtime: such a function may make no array, and in return counts no references to those it is given,
        which took longer than the work itself.
        """
        return cast(
            F, njit(cache=bool(numba_settings.CACHE_DIR), nogil=True, _nrt=False, error_model="numpy")(function)
        )

except ImportError:
    NUMBA = False

    def compiled(function: F) -> F:
        """Leave the function as it is: numba is not there."""
        return function
