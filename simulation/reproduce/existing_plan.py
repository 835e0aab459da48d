"""The medium-term plan that transformation must fit into: pressures, savings and their lines. Sums of printed figures."""

from layers.published import Published, PublishedTable
from simulation.reproduce.cells import Cell, derived, given, transcribed
from simulation.reproduce.footing import across, footed, summed
from simulation.reproduce.inputs import CouncilInputs

FIRST, LATER = "2018/19", ("2019/20", "2020/21", "2021/22")
YEARS, ALL, LATER_ALL = (FIRST, *LATER), "2018/19-2021/22", "2019/20-2021/22"
ENDS = (*YEARS, ALL)
DIRECTORATES = ("childrens", "adults", "public_health", "communities", "resources")
SPENDERS = {"pressures": (*DIRECTORATES, "corporate"), "savings": (*DIRECTORATES, "transformation", "corporate")}
POSITION = {
    "pressures": ("pressures.total",),
    "directorates": tuple(f"savings.{name}" for name in DIRECTORATES),
    "corporate": ("savings.corporate",),
    "transformation": ("savings.transformation",),
    "net": ("pressures.total", "savings.total"),
}
"""Rows of the position in £m, and the rows in £k that they are the sum of."""


def existing_plan(council: CouncilInputs, published: Published) -> list[Cell]:
    """Pressures and savings by directorate and year, the later years apart, the position, and what the text says of them."""
    table = published["existing_plan"]
    inputs = [f"{kind}.{name}.{year}" for kind, names in SPENDERS.items() for name in names for year in YEARS]
    cells = transcribed(table, [name for name in inputs if name in table.cells])
    for kind, names in SPENDERS.items():
        cells += [across(table, f"{kind}.{name}.{ALL}", f"{kind}.{name}", YEARS) for name in (*names, "total")]
        for end in ENDS:
            parts = (f"{kind}.{name}.{end}" for name in names)
            cells.append(footed(table, f"{kind}.total.{end}", parts, "by directorate"))
    cells += [footed(table, f"net.{end}", (f"{kind}.total.{end}" for kind in SPENDERS)) for end in ENDS]
    cells += [
        summed(table, f"position.{row}.{end}", _thousands(table, rows, end))
        for row, rows in POSITION.items()
        for end in ENDS
    ]
    rises = {f"inflation.{rise}": of for rise, of in council.money.inflation.items()}
    for stem, of in rises.items():
        cells += [given(table[f"{stem}.{year}"], 100 * of[year].value) for year in LATER]
    return [*cells, *_later(table), *_lines_by_kind(published), *_said(council, published)]


def existing_plan_lines(council: CouncilInputs, published: Published) -> list[Cell]:
    """Every line of the annex is an input; totals of services and directorates are derived. `council` is not used."""
    table = published["existing_plan_lines"]
    lines = [name for name in table.cells if ".total." not in name]
    inputs = [name for name in lines if not name.endswith(LATER_ALL)]
    cells = transcribed(table, inputs)
    cells += [across(table, name, name.removesuffix(f".{LATER_ALL}"), LATER) for name in lines if name not in inputs]
    for name in (name for name in table.cells if ".total." in name):
        service, year = name.split(".total.")
        parts = [line for line in lines if line.startswith(f"{service}.") and line.endswith(f".{year}")]
        cells.append(footed(table, name, parts))
    return cells


def _thousands(table: PublishedTable, rows: tuple[str, ...], end: str) -> list[float]:
    """Figures of some rows in £k at one end, as £m; a dash is none."""
    return [table[f"{row}.{end}"].value / 1000 for row in rows if f"{row}.{end}" in table.cells]


def _later(table: PublishedTable) -> list[Cell]:
    """The years still to come, which a second annex prints again without corporate measures."""
    cells = []
    for kind, names in (("pressures", DIRECTORATES), ("savings", (*DIRECTORATES, "transformation"))):
        for year in LATER:
            cells.append(footed(table, f"later_{kind}.total.{year}", (f"{kind}.{name}.{year}" for name in names)))
        for name in names:
            cells.append(across(table, f"later_{kind}.{name}.{LATER_ALL}", f"{kind}.{name}", LATER))
        whole = f"later_{kind}.total.{LATER_ALL}"
        cells.append(across(table, whole, f"later_{kind}.total", LATER))
        cells.append(footed(table, whole, (f"later_{kind}.{name}.{LATER_ALL}" for name in names), "by directorate"))
    return cells


def _lines_by_kind(published: Published) -> list[Cell]:
    """Pressures and savings by directorate, from the lines of the annex."""
    table, lines = published["existing_plan"], published["existing_plan_lines"]
    cells = []
    for kind in SPENDERS:
        word = kind.removesuffix("s")
        for directorate in DIRECTORATES:
            of = [name for name in lines.cells if name.startswith(f"{directorate}.") and f".{word}_" in name]
            for year in LATER:
                found = [lines[name].value for name in of if name.endswith(f".{year}")]
                cells.append(summed(table, f"{kind}.{directorate}.{year}", found, "from its lines"))
    return cells


def _said(council: CouncilInputs, published: Published) -> list[Cell]:
    """What the reports say in words, from the tables; the parts of the need are the council's own inputs."""
    table, need = published["existing_plan"], council.money.need
    rows = {
        "all_savings": [f"savings.total.{ALL}"],
        "savings_in_2018/19": [f"savings.total.{FIRST}"],
        "still_to_deliver": [f"savings.total.{year}" for year in LATER],
        "directorates_still_to_deliver": [f"later_savings.total.{LATER_ALL}"],
        "transformation": [f"savings.transformation.{year}" for year in LATER],
        "to_allocate": [f"net.{ALL}"],
    }
    cells = [summed(table, f"said.{name}", [-table[of].value / 1000 for of in parts]) for name, parts in rows.items()]
    for name, parts in {
        "corporate_falling_out": [f"savings.corporate.{year}" for year in LATER],
        "later_pressures": [f"later_pressures.total.{LATER_ALL}"],
        "all_pressures": [f"pressures.total.{ALL}"],
    }.items():
        cells.append(summed(table, f"said.{name}", [table[of].value / 1000 for of in parts]))
    origins = ("said.first_transformation", "said.ict_redesign")
    cells += [*transcribed(table, origins), footed(table, "said.transformation", origins, "by origin")]
    cells.append(derived(table["said.service_redesign"], _falls(published["existing_plan_lines"])))
    needed = [] if need is None else [part.value / 1e6 for part in need.parts.values()]
    return [*cells, summed(table, "said.through_transformation", needed)]


def _falls(lines: PublishedTable) -> float:
    """All savings that lower the base in some year from 2019/20 to 2021/22, £m: the most that a choice of lines can be."""
    years = tuple(f".{year}" for year in LATER)
    later = [cell.value for name, cell in lines.cells.items() if ".saving_" in name and name.endswith(years)]
    return -sum(value for value in later if value < 0) / 1000
