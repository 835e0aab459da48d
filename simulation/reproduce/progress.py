"""July 2019: what had been delivered, with what confidence, what was spent. Sums of printed figures; the tables close."""

from layers.published import Published, PublishedTable
from simulation.reproduce.cells import Cell, derived, inferred, transcribed
from simulation.reproduce.footing import across, footed, summed
from simulation.reproduce.inputs import CouncilInputs

CORE = {"redesign": ("first_functions", "still_to_scope"), "total": ("redesign", "third_party", "income", "other")}
CORE_YEARS = ("2019/20", "2020/21", "2021/22")
STREAMS = ("redesign", "third_party", "income")
CONFIDENCE = ("high", "medium", "low")
FUNCTIONS = ("finance", "strategic_capability", "provision_cycle")
NOW, LATER = "2019/20", ("2020/21", "2021/22", "2022/23")


def progress_2019(council: CouncilInputs, published: Published) -> list[Cell]:
    """The three tables of the sub-committee's annex, and what the report says of them."""
    table = published["progress_2019"]
    return [*_core(table), *_year(table), *_later(table), *_said(council, published), *_projects(table)]


def _core(table: PublishedTable) -> list[Cell]:
    """Core programme: rows are sums of lines, targets are what is expected with some confidence, totals run over years."""
    cells = []
    for row, parts in CORE.items():
        for year in CORE_YEARS:
            names = {kind: f"core.{row}.{kind}.{year}" for kind in ("target", "high", "medium")}
            for kind in names.keys() - ({"target"} if row == "redesign" else set()):
                if names[kind] in table.cells:
                    cells.append(footed(table, names[kind], (f"core.{part}.{kind}.{year}" for part in parts)))
            cells.append(footed(table, names["target"], (names["high"], names["medium"]), "by confidence"))
    for row in ("redesign", "third_party", "income", "other", "total"):
        cells.append(across(table, f"core.{row}.target.all", f"core.{row}.target", CORE_YEARS))
    cells.append(
        footed(table, "core.total.target.all", (f"core.{row}.target.all" for row in CORE["total"]), "by lines")
    )
    return cells + _rest(table, "core.", cells)


def _year(table: PublishedTable) -> list[Cell]:
    """2019/20: streams add to totals, the reprofile is taken off, and a revised target is delivered plus confidence."""
    cells = []
    for kind in ("target", "delivered", *CONFIDENCE, "revised_target"):
        total = f"year.total.{kind}.{NOW}"
        cells.append(footed(table, total, (f"year.{stream}.{kind}.{NOW}" for stream in STREAMS), "by streams"))
        cells.append(
            footed(table, f"year.revised.{kind}.{NOW}", (total, f"year.reprofile.{kind}.{NOW}"), "less reprofile")
        )
    for row in (*STREAMS, "total", "revised"):
        parts = (f"year.{row}.{kind}.{NOW}" for kind in ("delivered", *CONFIDENCE))
        cells.append(footed(table, f"year.{row}.revised_target.{NOW}", parts, "by confidence"))
    return cells + _rest(table, "year.", cells)


def _later(table: PublishedTable) -> list[Cell]:
    """The years after: targets by confidence, totals by stream."""
    cells = []
    for year in LATER:
        for kind in ("target", *CONFIDENCE):
            cells.append(
                footed(table, f"later.total.{kind}.{year}", (f"later.{s}.{kind}.{year}" for s in STREAMS), "by streams")
            )
        for row in (*STREAMS, "total"):
            parts = (f"later.{row}.{kind}.{year}" for kind in CONFIDENCE)
            cells.append(footed(table, f"later.{row}.target.{year}", parts, "by confidence"))
    return cells + _rest(table, "later.", cells)


def _rest(table: PublishedTable, start: str, cells: list[Cell]) -> list[Cell]:
    """What of a table is not a sum: transcribed."""
    summed = {cell.cell.split(" (")[0] for cell in cells}
    return transcribed(table, [name for name in table.cells if name.startswith(start) and name not in summed])


def _said(council: CouncilInputs, published: Published) -> list[Cell]:
    """What the report says in words, from its tables, and the planned spend from the council's lines of cost."""
    table = published["progress_2019"]
    total = {kind: [table[f"later.total.{kind}.{year}"].value for year in LATER] for kind in ("target", *CONFIDENCE)}
    first, this_year = table["said.2018/19_target"].value, table[f"year.total.target.{NOW}"].value
    core, soft = table["core.total.target.all"].value, [*total["medium"], *total["low"]]
    spend = sum(line.pounds.value for line in council.money.costs.values() if line.in_case) / 1e6
    named = [table[f"said.{name}"].value for name in ("2018/19_target", "improvement", "core")]
    inputs = [
        "said.2018/19_target",
        "said.2018/19_delivered",
        "said.finance_target",
        "spend.to_date",
        "spend.committed",
    ]
    return [
        *transcribed(table, inputs),
        summed(table, "said.all", [first, this_year, *total["target"]], "by tables"),
        summed(table, "said.all", named, "by paragraph 2"),
        summed(table, "said.2018/19_left", [first, -table["said.2018/19_delivered"].value]),
        summed(table, "said.core", [core]),
        summed(table, "said.improvement", [this_year, *total["target"], -core]),
        summed(table, f"said.{NOW}_target", [table[f"year.total.revised_target.{NOW}"].value]),
        summed(table, "said.low_or_medium", soft),
        derived(table["said.low_or_medium_percent"], 100 * sum(soft) / sum(total["target"])),
        derived(table["said.achieved_percent"], _achieved_percent(table)),
        derived(table["spend.planned"], spend),
        *_functions(published),
    ]


def _achieved_percent(table: PublishedTable) -> float:
    """What is delivered of the year's revised target, before the reprofile."""
    return 100 * table[f"year.total.delivered.{NOW}"].value / table[f"year.total.revised_target.{NOW}"].value


def _functions(published: Published) -> list[Cell]:
    """The three functions that went first. Two of their targets are high ends of 2018, where the case counts the middle."""
    table, case = published["progress_2019"], published["cost_per_fte"]
    cells = [
        footed(table, "said.three_functions_target", (f"said.{name}_target" for name in FUNCTIONS)),
        across(table, "said.three_functions_projection", "core.first_functions.high", CORE_YEARS),
        across(table, "said.still_to_scope", "core.still_to_scope.medium", CORE_YEARS),
        footed(table, "said.other_core", (f"core.{row}.target.all" for row in ("third_party", "income", "other"))),
    ]
    for name in FUNCTIONS[1:]:
        low, high = (case[f"benefit_pounds_m.{name}.{end}"].value for end in ("low", "high"))
        target = table[f"said.{name}_target"]
        cells.append(derived(target, (low + high) / 2, "middle of the range of 2018"))
        cells.append(inferred(target, high, "The high end of the range of 2018.", "high end of 2018"))
    return cells


def _projects(table: PublishedTable) -> list[Cell]:
    parts = ["projects.in_flight", "projects.planned", "projects.complete"]
    return [*transcribed(table, parts), footed(table, "projects.all", parts)]
