from layers.reading import read_document


def test_calibrate_shows_every_solved_number_with_its_place(tom):
    lines = [line.split() for line in tom("calibrate", "small").out.splitlines()]
    assert ["volume_factor", "1.25"] in lines
    assert ["first_contacts.highways.phone", "1,234.5"] in lines


def test_calibrate_as_json(tom):
    assert tom("calibrate", "small", "--json").json["calibration"]["volume_factor"] == 1.25


def test_a_stored_calibration_reads_back_as_a_section_of_a_scenario(tom, tmp_path):
    assert tom("calibrate", "small", "--write", "calibration.yaml").status == 0
    assert read_document(str(tmp_path / "calibration.yaml")).data == {
        "calibration": {"volume_factor": 1.25, "first_contacts": {"highways": {"phone": 1234.5}}}
    }
