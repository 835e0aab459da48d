import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest
from pydantic import BaseModel

from layers.assumption import Frozen
from simulation.checks import routing_graph
from simulation.council import Council
from simulation.describe import assumptions, routing_svg, set_paths
from simulation.describe.assumptions import UNWRITTEN
from simulation.describe.drawing import arranged, figure
from simulation.describe.nets import tracks
from simulation.describe.svg import STYLE
from simulation.describe.wires import down, wires
from simulation.scenario import Scenario, load

COUNCILS = ("oxfordshire", "district", "one_queue")
SVG = "{http://www.w3.org/2000/svg}"
HAIR = 1e-6


@cache
def read(name: str) -> Scenario:
    return load(name)


@cache
def rows(name: str) -> dict:
    return {row.path: row for row in assumptions(read(name))}


def is_one_number(row) -> bool:
    return not row.unit.startswith("weights by")


# Assumptions


def test_every_assumption_of_oxfordshire_has_unit_source_and_grade():
    lacking = [path for path, row in rows("oxfordshire").items() if not (row.unit and row.source and row.grade)]
    assert lacking == []


def test_no_path_is_listed_twice():
    assert len(assumptions(read("oxfordshire"))) == len(rows("oxfordshire"))


def test_assumptions_come_from_every_section_that_has_numbers():
    sections = {path.split(".")[0] for path in rows("oxfordshire")}
    assert sections == {
        "service_areas",
        "layers",
        "demand",
        "routes",
        "teams",
        "levers",
        "follow_on",
        "back_office",
        "effort_matrix",
        "programme",
        "money",
        "standards",
        "cashability",
        "workforce",
    }


def test_a_value_of_a_split_is_listed_with_its_own_range():
    row = rows("oxfordshire")["levers.all.channel_shift.target.values.simple"]
    assert (row.value, row.low, row.high, row.unit, row.grade) == (0.63, 0.45, 0.75, "share", "C")


def test_a_list_of_weights_is_one_row_that_says_the_weights():
    row = rows("one_queue")["demand.profiles.flat.weekdays"]
    assert (row.value, row.unit) == (7, "weights by weekday")
    assert row.note.startswith("Monday first: 1, 1, 1, 1, 1, 1, 1")


def test_a_default_that_nobody_wrote_is_listed_unless_it_changes_nothing():
    listed = rows("one_queue")
    assert listed["teams.slice_minutes"].note == UNWRITTEN
    assert "routes.steps.answer.work.part" not in listed


def test_the_spread_of_times_is_listed_only_where_the_shape_has_one():
    assert "routes.steps.process.work.spread" in rows("oxfordshire")
    assert "routes.steps.answer.work.spread" not in rows("one_queue")


def test_what_calibration_solved_is_no_assumption():
    assert not [path for path in rows("oxfordshire") if path.startswith("calibration")]


def test_the_path_of_an_assumption_is_what_set_takes():
    numbers = [row for row in rows("oxfordshire").values() if is_one_number(row) and row.low != row.value]
    wanted = {row.path: row.value * 0.9999 for row in Random(7).sample(numbers, 25)}
    changed = load("oxfordshire", sets=[f"{path}={value!r}" for path, value in wanted.items()])
    assert {row.path: row.value for row in assumptions(changed) if row.path in wanted} == wanted


def test_the_path_of_a_list_of_weights_is_what_set_takes():
    weights = [2, 1, 1, 1, 1, 0, 0]
    changed = load("one_queue", sets=[f"demand.profiles.flat.weekdays={weights}"])
    assert list(changed.council.demand.profiles["flat"].weekdays) == weights


# Paths for --set


def test_the_promised_paths_are_there():
    paths = dict(set_paths(read("oxfordshire")))
    assert {
        "demand.growth",
        "demand.volume_factor",
        "teams.staffing_factor",
        "teams.occupancy.live",
        "teams.occupancy.deferrable",
        "follow_on.middle_office_elasticity",
        "follow_on.support_follows",
        "follow_on.contact_driven_delivery",
        "levers.in_target",
        "levers.all.prevention.target",
        "levers.all.channel_shift.target.values.complex",
        "levers.all.first_contact_resolution.target.otherwise",
        "routes.steps.answer_phone.work.patience",
    } <= set(paths)
    assert all(paths.values())


@pytest.mark.parametrize("name", ["oxfordshire", "district"])
def test_every_lever_has_a_path_for_its_target(name):
    paths = [path for path, _ in set_paths(read(name))]
    for lever in read(name).council.levers.all:
        assert any(path.startswith(f"levers.all.{lever}.target") for path in paths), lever


WORDS = {
    "levers.in_target": "[]",
    "programme.reading": "A",
    "programme.case_level": "low",
    "programme.lever_acts": "layer",
    "programme.stop_after": "null",
    "programme.gate.on": "false",
    "delay_months": "1",
    "go_live": "2021-04",
    "release": "none",
}
"""What a path takes that takes no number, by the whole path or by its last word."""


@pytest.mark.parametrize("name", COUNCILS)
def test_every_path_can_be_set(name):
    values = {path: WORDS.get(path, WORDS.get(path.split(".")[-1], "0.9")) for path, _ in set_paths(read(name))}
    values |= {path: repr(row.value) for path, row in rows(name).items() if path in values}
    if programme := read(name).council.programme:
        values["programme.order"] = f"[{', '.join(programme.releases)}]"
    assert load(name, sets=[f"{path}={value}" for path, value in values.items()])


def test_a_scenario_without_levers_has_no_paths_of_levers():
    paths = [path for path, _ in set_paths(read("one_queue"))]
    assert "demand.growth" in paths
    assert not [path for path in paths if path.startswith(("levers", "follow_on"))]


# The reference


def models(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in kind.__subclasses__():
        yield model
        yield from models(model)


def test_the_reference_of_the_scenario_file_names_every_field():
    reference = (Path(__file__).parents[1] / "docs/reference/scenario.md").read_text("utf-8")
    named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]*)`", reference))))
    sections = [Council, *(m for m in models(Frozen) if m.__module__.startswith("layers."))]
    fields = {field.alias or name for model in sections for name, field in model.model_fields.items()}
    assert fields - named == set()


# The picture


@cache
def plan(name: str):
    return arranged(read(name).council)


@cache
def edges_of_boxes(name: str) -> dict:
    """Left, top, right and bottom of each box, inches."""
    laid, levels = plan(name), down(plan(name), 1.0)
    found = {}
    for step, x in laid.centres.items():
        box, top = laid.shapes[step], levels.rows[laid.rows[step]]
        found[step] = (x - box.width / 2, top, x + box.width / 2, top + box.height)
    return found


@cache
def lines(name: str) -> list:
    return wires(plan(name), down(plan(name), 1.0), 8)


@pytest.mark.parametrize("name", COUNCILS)
def test_every_way_on_is_drawn_once(name):
    drawn = sorted((port.step, net_to) for net_to, net in plan(name).nets.items() for port in net.ports)
    assert drawn == sorted(routing_graph(read(name).council).edges)


@pytest.mark.parametrize("name", COUNCILS)
def test_no_box_covers_another(name):
    for (a, one), (b, other) in combinations(edges_of_boxes(name).items(), 2):
        apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
        assert apart, (a, b)


@pytest.mark.parametrize("name", COUNCILS)
def test_no_line_runs_through_a_box(name):
    for wire in lines(name):
        for start, end in wire.pieces:
            for step, (left, top, right, bottom) in edges_of_boxes(name).items():
                inside_x = max(start[0], end[0]) > left + HAIR and min(start[0], end[0]) < right - HAIR
                inside_y = max(start[1], end[1]) > top + HAIR and min(start[1], end[1]) < bottom - HAIR
                assert not (inside_x and inside_y), (wire.to, step)


@pytest.mark.parametrize("name", COUNCILS)
def test_lines_to_different_steps_cross_but_never_run_together(name):
    pieces = [(wire.to, piece) for wire in lines(name) for piece in wire.pieces]
    for (to, one), (other_to, other) in combinations(pieces, 2):
        assert to == other_to or not _share_a_stretch(one, other), (to, other_to)


def _share_a_stretch(one, other) -> bool:
    for along, across in ((0, 1), (1, 0)):
        if abs(one[0][across] - one[1][across]) < HAIR and abs(other[0][across] - other[1][across]) < HAIR:
            start = max(min(p[along] for p in one), min(p[along] for p in other))
            end = min(max(p[along] for p in one), max(p[along] for p in other))
            if abs(one[0][across] - other[0][across]) < 0.02 and end - start > HAIR:
                return True
    return False


@pytest.mark.parametrize("name", COUNCILS)
def test_no_text_covers_another_or_leaves_the_picture(name):
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with mpl.rc_context(STYLE):
        drawn = figure(read(name).council)
        renderer = FigureCanvasAgg(drawn).get_renderer()
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in drawn.axes[0].texts]
    for said, box in boxes:
        assert box.x0 >= 0 and box.x1 <= drawn.bbox.x1, said
    for (said, one), (other_said, other) in combinations(boxes, 2):
        overlap_x = min(one.x1, other.x1) - max(one.x0, other.x0)
        overlap_y = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert overlap_x <= 0 or overlap_y <= 3, (said, other_said)


def test_the_picture_is_the_same_bytes_every_time_and_holds_no_date():
    first, second = routing_svg(load("district")), routing_svg(load("district"))
    assert first == second
    assert "dc:date" not in first


def test_the_picture_names_itself_for_those_who_do_not_see_it():
    root = ElementTree.fromstring(routing_svg(read("district")).encode())
    assert root.get("role") == "img"
    named = {child.get("id"): child.text for child in root if child.tag in (f"{SVG}title", f"{SVG}desc")}
    assert set(root.get("aria-labelledby").split()) == set(named)
    assert "Vale District" in named["title"]
    assert "“Declined, appeals” is an end." in named["desc"]


def test_the_picture_says_layers_steps_and_levers_as_text():
    root = ElementTree.fromstring(routing_svg(read("oxfordshire")).encode())
    said = " ".join(text.text for text in root.iter(f"{SVG}text"))
    layers = ("Pre-front door", "Customer management", "Customer assessment", "Middle office", "Service delivery")
    for words in (*layers, "Signposting", "Waits for partners", "starts: contact", "Wait without staff"):
        assert words in said


def test_a_title_with_signs_that_mean_something_elsewhere_is_drawn_as_it_is():
    picture = routing_svg(load("one_queue", sets=['title="A & B: <$1> and $2"']))
    root = ElementTree.fromstring(picture.encode())
    assert root.find(f"{SVG}title").text == "Routing graph: A & B: <$1> and $2"
    assert any(text.text.endswith("A & B: <$1> and $2") for text in root.iter(f"{SVG}text"))


def test_lines_that_would_touch_get_tracks_of_their_own():
    assert tracks({"a": (0, 2), "b": (1, 3), "c": (2.5, 4)}) == {"a": 0, "b": 1, "c": 0}
    assert tracks({"a": (0, 2), "c": (2.5, 4)}, clear=1) == {"a": 0, "c": 1}
