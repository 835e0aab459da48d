"""The columns of an establishment file: what each is called, and which of the file's own columns it is."""

from dataclasses import dataclass

from layers.problems import Problem, closest
from workforce.establishment.schema import FileSchema
from workforce.establishment.sheets import Sheet

KNOWN: dict[str, tuple[str, ...]] = {
    "person": ("person id", "employee number", "employee id", "employee", "payroll number"),
    "assignment": ("assignment id", "assignment number", "position number", "post number"),
    "directorate": (),
    "service_area": ("service", "area"),
    "job_family": ("family", "occupation"),
    "grade": ("pay grade",),
    "fte": ("contract fte", "contracted fte"),
    "annual_pay": ("pay", "salary", "full-time salary", "annual salary", "fte salary"),
    "age": (),
    "birth_year": ("year of birth",),
    "birth_date": ("date of birth", "dob"),
    "service_start": ("continuous service date", "continuous service", "start date", "start"),
    "contract": ("contract type",),
    "contract_end": ("end date", "fixed term end", "contract end date", "leaving date"),
    "terms": ("terms and conditions", "conditions of service"),
    "pension": ("pension scheme", "lgps", "pension member"),
    "protected_leave": ("maternity", "family leave"),
    "site": ("location", "place"),
    "fund": ("funding",),
    "scope": ("in scope", "bloc"),
}
"""Our name of each column, and other headings that are understood without being told."""
NEEDED = ("service_area", "job_family", "grade", "fte", "annual_pay", "service_start", "pension")
BIRTH = ("age", "birth_year", "birth_date")
DATES = ("birth_date", "service_start", "contract_end")


@dataclass(frozen=True)
class Columns:
    """The place of each known column in a sheet."""

    places: dict[str, int]

    def __contains__(self, name: str) -> bool:
        return name in self.places


def find_columns(sheet: Sheet, schema: FileSchema) -> tuple[Columns, list[Problem]]:
    """Which column is which, and what is missing, unknown to the mapping or there twice."""
    wanted: dict[str, str] = {}
    for name, others in KNOWN.items():
        for heading in (name, name.replace("_", " "), *others):
            wanted.setdefault(_plain(heading), name)
    problems = []
    headings = {_plain(heading) for heading in sheet.headings}
    for name, heading in schema.columns.items():
        if name not in KNOWN or _plain(heading) not in headings:
            said = "no such column in the file" if name in KNOWN else "no such column of ours"
            near = closest(heading, sheet.headings) if name in KNOWN else closest(name, KNOWN)
            problems.append(Problem(sheet.file, sheet.first_row - 1, f"{sheet.name}, {name}", said, suggestion=near))
        wanted = {word: other for word, other in wanted.items() if other != name} | {_plain(heading): name}
    places: dict[str, int] = {}
    for place, heading in enumerate(sheet.headings):
        found = wanted.get(_plain(heading))
        if found in places:
            problems.append(sheet.problem(-1, place, f"a second column for {found}", "one"))
        elif found is not None:
            places[found] = place
    return Columns(places), problems + _missing(sheet, places)


def _missing(sheet: Sheet, places: dict[str, int]) -> list[Problem]:
    missing = [name for name in NEEDED if name not in places]
    if not any(name in places for name in BIRTH):
        missing.append(" or ".join(BIRTH))
    return [
        Problem(sheet.file, sheet.first_row - 1, f"{sheet.name}, {name}", "column missing", _headings_for(name))
        for name in missing
    ]


def _headings_for(name: str) -> str:
    others = KNOWN.get(name, ())
    return f"a column called {name.replace('_', ' ')}" + (f" (or {', '.join(others[:3])})" if others else "")


def _plain(heading: str) -> str:
    return " ".join(heading.lower().replace("_", " ").split())
