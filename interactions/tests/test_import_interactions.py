"""`manage.py import_interactions`."""

import json

import pytest
from django.core.management import CommandError, call_command

from interactions.models import UserInteractionTrackingModel

pytestmark = pytest.mark.django_db

GOOD = {"userId": "lena", "interactionType": "search", "occurredAt": "2024-01-05T10:00:00Z"}


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\nnonsense\n")
    return path


def test_the_report_counts_every_line_and_names_the_file_of_refused_ones(log, capsys):
    with pytest.raises(CommandError) as stopped:
        call_command("import_interactions", log)
    assert (stopped.value.returncode, str(stopped.value)) == (1, "1 of 2 lines were not stored.")
    told = capsys.readouterr().out.split("\n")
    assert [" ".join(line.split()) for line in told[:7]] == [
        "lines 2",
        "created 1",
        "duplicate 0",
        "conflict 0",
        "invalid 1",
        "refused 0",
        "invalid_json: 1",
    ]
    assert told[7].endswith("lines/s")
    assert told[8] == f"Refused lines: {log}.refused.jsonl"


def test_progress_and_refused_lines_go_to_the_work_folder(log, tmp_path):
    call_command("import_interactions", log, work_dir=tmp_path / "work" / "here", allow_refused=True)
    assert [path.name for path in (tmp_path / "work" / "here").iterdir()] == ["log.jsonl.refused.jsonl"]
    assert not (tmp_path / "log.jsonl.refused.jsonl").exists()


def test_a_read_only_folder_is_left_alone(log, tmp_path, settings, monkeypatch):
    settings.BASE_DIR = tmp_path / "project"
    monkeypatch.setattr("accounts.import_files.os.access", lambda path, mode: False)
    call_command("import_interactions", log, allow_refused=True)
    assert (tmp_path / "project" / "var" / "imports" / "log.jsonl.refused.jsonl").exists()


def test_restart_begins_at_the_first_line(log, tmp_path):
    (tmp_path / "log.jsonl.progress.json").write_text("{}")
    with pytest.raises(CommandError, match="--restart"):
        call_command("import_interactions", log)
    call_command("import_interactions", log, restart=True, allow_refused=True)
    assert UserInteractionTrackingModel.objects.count() == 1


def test_a_dry_run_writes_neither_rows_nor_files(log, tmp_path, capsys):
    call_command("import_interactions", log, dry_run=True, allow_refused=True)
    assert "nothing is written" in capsys.readouterr().out
    assert not UserInteractionTrackingModel.objects.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["log.jsonl"]


@pytest.mark.parametrize("options", [{"sender": "nobody"}, {"batch_size": 0}])
def test_wrong_options_are_one_sentence(log, options):
    with pytest.raises(CommandError):
        call_command("import_interactions", log, **options)


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_was_refused_is_named_line_by_line_in_a_dry_run_too(tmp_path, capsys, dry_run):
    path = tmp_path / "log.jsonl"
    two_errors = GOOD | {"occurredAt": "2024-01-05T10:00:00", "colour\x1b": "red"}
    path.write_text("\n".join([json.dumps(GOOD), json.dumps(two_errors), *["nonsense"] * 22]))
    call_command("import_interactions", path, dry_run=dry_run, allow_refused=True)
    told = capsys.readouterr().err.splitlines()
    assert sorted(line.partition(":")[2].split(":")[0] for line in told[:2]) == [
        " /colour\N{REPLACEMENT CHARACTER} unknown_field",
        " /occurredAt no_time_zone",
    ]
    assert told[2].startswith("  line 3: invalid_json: ")
    assert (told[20][:11], told[21:]) == ("  line 21: ", ["  and 3 more"])


def test_a_refused_line_says_what_is_wrong_with_it_in_its_detail(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(json.dumps(GOOD | {"occurredAt": "2024-01-05T10:00:00"}))
    call_command("import_interactions", path, allow_refused=True)
    refused = json.loads((tmp_path / "log.jsonl.refused.jsonl").read_text())
    (error,) = refused["errors"]
    assert error["code"] == "no_time_zone"
    assert refused["detail"] == f"/occurredAt: {error['detail']}"


def test_a_file_that_cannot_be_opened_is_one_sentence(tmp_path):
    with pytest.raises(CommandError) as stopped:
        call_command("import_interactions", tmp_path / "nowhere.jsonl")
    assert str(stopped.value) == f"There is no file {tmp_path}/nowhere.jsonl."
    with pytest.raises(CommandError) as stopped:
        call_command("import_interactions", tmp_path)
    assert str(stopped.value) == f"{tmp_path} is a folder, not a file."
