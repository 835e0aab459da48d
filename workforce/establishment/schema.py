"""What an establishment file may look like: the columns a council's own file has for ours. The `file` section."""

from layers.assumption import Frozen, Id


class FileSchema(Frozen):
    """The `file` section: the council's own heading for a column, and its own words for ours (`names.job_family.Clerk: …`)."""

    columns: dict[Id, str] = {}
    names: dict[Id, dict[str, str]] = {}
    sheet: str | None = None
