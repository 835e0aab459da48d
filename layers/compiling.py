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

PACKAGES = Path(__file__).parent.parent
F = TypeVar("F", bound=Callable[..., Any])


COMPILED = (
    "layers/compiling",
    "layers/draws",
    "workforce/establishment/assignment",
    "workforce/chance",
    "workforce/routes",
    "workforce/flows/posts",
    "workforce/flows/month",
    "simulation/arrivals",
    "simulation/journeys",
    "simulation/rows",
    "simulation/clocks",
    "simulation/tables",
    "simulation/measures",
    "simulation/engines/state",
    "simulation/engines/room",
    "simulation/engines/compiled",
    "simulation/capacity/stream",
    "simulation/capacity/replay",
)
"""The modules with compiled functions, and those whose constants and records they use."""


def _source_hash() -> str:
    digest = hashlib.sha256()
    for name in COMPILED:
        digest.update((PACKAGES / f"{name}.py").read_bytes())
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
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.extending import intrinsic

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

    @intrinsic
    def _fetch_ahead(context, array, index):  # type: ignore[no-untyped-def]
        def code(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
            held = context.make_array(signature.args[0])(context, builder, arguments[0])
            place = cgutils.get_item_pointer(
                context, builder, signature.args[0], held, [arguments[1]], wraparound=False
            )
            byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
            fetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
            builder.call(fetch, [builder.bitcast(place, byte), number(0), number(3), number(1)])
            return context.get_dummy_value()

        return types.void(array, index), code

except ImportError:
    NUMBA = False

    def compiled(function: F) -> F:
        """Leave the function as it is: numba is not there."""
        return function


def _nothing(array: Any, index: Any) -> None:
    """What plain Python can do to fetch ahead."""


fetch_ahead: Any = _fetch_ahead if NUMBA and not numba_settings.DISABLE_JIT else _nothing
"""`fetch_ahead(array, index)` asks the processor to bring an element nearer: it changes nothing but the time reading takes."""
