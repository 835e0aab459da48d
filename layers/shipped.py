"""The scenarios that travel with the program."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def configs_folder() -> Path:
    """Return the folder of shipped scenarios: inside the package once installed, beside it in a working copy."""
    installed = _PACKAGE / "_configs"
    return installed if installed.is_dir() else _PACKAGE.parent / "configs"


def shipped_names() -> list[str]:
    """Return the names a user may give for a shipped scenario, sorted: `oxfordshire` for `oxfordshire.yaml`."""
    return sorted(file.stem for file in configs_folder().glob("*.yaml"))


def shipped_file(name: str) -> Path | None:
    """Return the file of a shipped scenario, or None where no scenario has that name."""
    return configs_folder() / f"{name}.yaml" if name in shipped_names() else None
