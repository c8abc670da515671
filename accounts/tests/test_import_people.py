"""`manage.py import_people`."""

import csv

import pytest
from django.core.management import CommandError, call_command

from accounts.import_files import trouble_with
from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(tmp_path):
    def write(text: str):
        path = tmp_path / "people.csv"
        path.write_text(text)
        return path

    return write


def test_refused_lines_stand_in_a_file_that_can_be_corrected_and_imported(roster, tmp_path, capsys):
    path = roster("public id,name,grade\nm-1,Mia,1\nme,Nobody,2\n")
    with pytest.raises(CommandError) as stopped:
        call_command("import_people", path)
    assert stopped.value.returncode == 1
    assert list(User.objects.values_list("public_id", flat=True)) == ["m-1"]
    refused = tmp_path / "people.csv.refused.csv"
    with refused.open(encoding="utf-8-sig", newline="") as source:
        header, row = csv.reader(source)
    assert header == ["public id", "name", "grade", "line", "code", "detail"]
    assert row[:5] == ["me", "Nobody", "2", "3", "bad_public_id"]
    assert "'grade' means nothing here" in capsys.readouterr().out

    refused.write_text(refused.read_text().replace("me,Nobody", "m-2,Somebody"))
    call_command("import_people", refused)
    assert User.objects.get(public_id="m-2").name == "Somebody"


def test_a_clean_run_takes_the_old_file_of_refused_lines_away(roster, tmp_path):
    call_command("import_people", roster("public id\nme\n"), allow_refused=True)
    assert (tmp_path / "people.csv.refused.csv").exists()
    call_command("import_people", roster("public id\nm-1\n"))
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_a_dry_run_writes_neither_rows_nor_files(roster, tmp_path, capsys):
    call_command("import_people", roster("public id\nm-1\nme\n"), dry_run=True, allow_refused=True)
    assert "line 2: new: student m-1" in capsys.readouterr().out
    assert not User.objects.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_a_line_that_stands_twice_is_harmless(roster, tmp_path, capsys):
    call_command("import_people", roster("public id,name\nm-1,Mia\nm-1,Mia\n"))
    assert "line 3: repeated, ignored: line 2 says the same" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_more_refusals_than_are_named_are_counted(roster, capsys):
    call_command("import_people", roster("public id\n" + "me\n" * 23), dry_run=True, allow_refused=True)
    told = capsys.readouterr().err.splitlines()
    assert (len(told), told[-1]) == (21, "  and 3 more")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FileNotFoundError(2, "No such file or directory", "a.csv"), "There is no file a.csv."),
        (IsADirectoryError(21, "Is a directory", "a.csv"), "a.csv is a folder, not a file."),
        (PermissionError(13, "Permission denied", "a.csv"), "a.csv cannot be opened: this account is not allowed to."),
        (OSError(28, "No space left on device", "a.csv"), "a.csv cannot be read or written: no space left on device."),
    ],
)
def test_trouble_with_a_file_is_told_in_plain_words(error, sentence):
    assert trouble_with(error) == sentence


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"^There is no file .*nowhere\.csv\.$"):
        call_command("import_people", tmp_path / "nowhere.csv")
