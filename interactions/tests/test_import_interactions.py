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
