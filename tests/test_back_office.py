"""Back-office layers are sized to the case's ranges, from its own benchmark where it gives one."""

from typing import Any

import pytest

from layers.back_office import BackOffice, Span, benchmark, consolidation, hubs, size, standardisation, total_released
from layers.problems import InputError
from layers.reading import read_document

EXISTING = {
    "provision_cycle": 111.0,
    "strategic_capability": 318.0,
    "business_intelligence": 44.0,
    "enabling_support": 506.0,
}


def section(sets: tuple[str, ...] = ()) -> BackOffice:
    return BackOffice.model_validate(read_document("oxfordshire", sets).data["back_office"])


def provision(**changed: Any) -> Any:
    given = {"addressable_spend": 400, "spend_per_fte": {"value": 12, "low": 10, "high": 15}, "concentrated_fte": 55}
    given |= {"fragmented_release": {"value": 0.2, "low": 0.1, "high": 0.3}} | changed
    return BackOffice.model_validate({"provision_cycle": given}).provision_cycle


def test_four_hundred_million_at_ten_to_fifteen_million_each_needs_27_to_40_people() -> None:
    assert benchmark(provision()) == Span(27, 33, 40)


def test_hubs_are_sized_from_their_share_of_spend() -> None:
    sized = hubs(section().provision_cycle)  # type: ignore[arg-type]
    ends = {name: (span.low, span.high) for name, span in sized.items()}
    assert ends == {"health_and_social_care": (19, 28), "place": (5, 8), "corporate_services": (3, 4)}


def test_more_spend_enlarges_every_hub() -> None:
    more = hubs(section(("back_office.provision_cycle.addressable_spend=800",)).provision_cycle)  # type: ignore[arg-type]
    assert [span.high for span in more.values()] == [56, 16, 8]


def test_consolidation_releases_15_to_28_and_the_standard_model_6_to_17() -> None:
    assert consolidation(provision()) == Span(15, 22, 28)
    assert standardisation(provision(), 111) == Span(6, 11, 17)


def test_a_benchmark_above_what_the_layer_holds_releases_nothing() -> None:
    assert consolidation(provision(concentrated_fte=20)) == Span(0, 0, 0)


def test_the_four_layers_release_129_to_177_exactly_and_153_at_mid() -> None:
    sized = size(section(), EXISTING)
    spans = {name: (s.released_fte.low, s.released_fte.mid, s.released_fte.high) for name, s in sized.items()}
    assert spans == {
        "provision_cycle": (21, 33, 45),
        "strategic_capability": (18, 26, 34),
        "business_intelligence": (1, 1, 1),
        "enabling_support": (89, 93, 97),
    }
    assert total_released(sized) == Span(129, 153, 177)


def test_only_the_provision_cycle_says_that_its_working_was_rebuilt() -> None:
    workings = {name: layer.working for name, layer in size(section(), EXISTING).items()}
    assert workings == dict.fromkeys(EXISTING, "stated") | {"provision_cycle": "rebuilt"}


def test_each_layer_keeps_its_existing_effort() -> None:
    assert {name: layer.existing_fte for name, layer in size(section(), EXISTING).items()} == EXISTING


def test_a_council_without_the_section_sizes_nothing() -> None:
    assert size(None, EXISTING) == {}
    assert size(BackOffice(), EXISTING) == {}
    assert total_released({}) == Span(0, 0, 0)


def test_an_assumption_set_to_a_bare_number_is_used_at_that_number_throughout() -> None:
    sized = size(BackOffice.model_validate({"strategic_capability": 40}), EXISTING)
    assert sized["strategic_capability"].released_fte == Span(40, 40, 40)


def test_a_release_above_the_existing_effort_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"back_office\.strategic_capability: 34 FTE asked.*only 20 FTE"):
        size(section(), EXISTING | {"strategic_capability": 20})


def test_a_sized_layer_without_existing_effort_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"back_office\.enabling_support.*no existing_fte"):
        size(BackOffice.model_validate({"enabling_support": 5}), {})


def test_every_assumption_has_a_source_and_a_grade() -> None:
    back_office = section()
    assert back_office.provision_cycle is not None
    cycle = back_office.provision_cycle
    assumptions = [
        cycle.addressable_spend,
        cycle.spend_per_fte,
        cycle.concentrated_fte,
        cycle.fragmented_release,
        *(category.spend for category in cycle.categories.values()),
        back_office.strategic_capability,
        back_office.business_intelligence,
        back_office.enabling_support,
    ]
    assert all(a is not None and a.source and a.grade for a in assumptions)
