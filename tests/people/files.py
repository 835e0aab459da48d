"""Establishment files to try: made up, so they hold nobody."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

HEADINGS = ("Employee number", "Directorate", "Service area", "Job family", "Grade", "FTE", "Salary", "Date of birth",
            "Start date", "Contract", "End date", "LGPS", "Site", "Scope")  # fmt: skip
AREAS = {
    "Customer Experience": ("Resources", "Customer services"), "Policy": ("Resources", "Policy, performance and projects"),
    "Infrastructure Operations": ("Communities", "Operations and facilities"),
    "Planning and Place": ("Communities", "Planning and environment"), "Public Health": ("People", "public_health"),
    "Law and Governance": ("Resources", "Legal and governance"), "Adult Services": ("People", "Care and support"),
    "Fire and Rescue": ("Communities", "Firefighters"), "Finance": ("Resources", "finance"),
    "Investment and Capital Delivery": ("Communities", "engineering"), "Children's Services": ("People", "Social work"),
    "Human Resources": ("Resources", "hr"), "IT": ("Resources", "it"),
}  # fmt: skip
PLACES = [(unit, area, family) for area, (unit, own) in AREAS.items() for family in (own, "Business administration")]
GRADES = ("g1", "g2", "g3", "g4", "g5")


def rows(count: int) -> list[dict[str, Any]]:
    """So many assignments, all right."""
    out = []
    for i in range(count):
        directorate, area, family = PLACES[i % len(PLACES)]
        out.append({
            "Employee number": f"E{i:06d}", "Directorate": directorate, "Service area": area, "Job family": family,
            "Grade": GRADES[i // 7 % len(GRADES)], "FTE": (1.0, 0.5, 0.8)[i % 3], "Salary": 18000 + 3000 * (i // 7 % 5),
            "Date of birth": f"{i % 28 + 1:02d}/{i % 12 + 1:02d}/{1955 + i % 44}",
            "Start date": f"{i % 28 + 1:02d}/{i % 12 + 1:02d}/{2000 + i % 18 - (i % 18 == 17)}",
            "Contract": "Permanent", "End date": "", "LGPS": "Yes" if i % 6 else "No", "Site": f"S{i % 4}",
            "Scope": "Council",
        })  # fmt: skip
    return out


def write_csv(path: Path, table: Sequence[Mapping[str, Any]], headings: Sequence[str] = HEADINGS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(table)
    return path


def write_xlsx(path: Path, table: Sequence[Mapping[str, Any]], formula: str | None = None) -> Path:
    """A workbook; with a `formula` in the FTE of the first row, whose stored value is 1."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Staff")
    sheet.write_row(0, 0, HEADINGS)
    for number, row in enumerate(table, start=1):
        sheet.write_row(number, 0, [row[heading] for heading in HEADINGS])
    if formula:
        sheet.write_formula(1, HEADINGS.index("FTE"), formula, None, 1.0)
    book.close()
    return path


PLANTED: dict[str, tuple[int, str, Any]] = {
    "FTE too large": (101, "FTE", 1.3),
    "negative pay": (1202, "Salary", -20000),
    "pay in words": (2303, "Salary", "lots"),
    "unknown job family": (3404, "Job family", "Wizardry"),
    "unknown service area": (4505, "Service area", "Atlantis"),
    "unknown grade": (5606, "Grade", "Z9"),
    "another date style": (6707, "Start date", "2011-05-04"),
    "month before day": (7808, "Date of birth", "02/14/1980"),
    "started after the count": (8909, "Start date", "01/01/2031"),
    "born too late": (10010, "Date of birth", "01/01/2016"),
    "nothing where something is needed": (15011, "FTE", ""),
    "ends before it begins": (19012, "End date", "01/01/1999"),
}
"""Twelve errors: the row (from 0), its column, and what is written there."""


def planted(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the twelve errors."""
    out = [dict(row) for row in table]
    for row, column, value in PLANTED.values():
        out[row][column] = value
    return out
