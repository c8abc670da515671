"""Reading a roster's bytes."""

from datetime import date

import pytest

from accounts.roster_file import Entry, Refused, RosterUnreadable, read_entry, read_roster

ENTRY = Entry(2, "m-17", "Mia Sørensen", "mia@school.example", "student", "Surgery C", date(2026, 9, 1), None, True)


def entry_of(raw: bytes, shift_days: int = 0) -> Entry:
    roster = read_roster(raw)
    return read_entry(roster, *roster.rows[0], shift_days)


@pytest.mark.parametrize(
    "header",
    [
        "publicId,name,email,role,cohort,start,end",
        "public_id,Name,E-Mail,ROLE,Cohort,start_date,end date",
        "Public ID , Full Name , e-mail address , Role , COHORT , Start , End",
        "user id,name,email,role,cohort,start,end",
    ],
)
def test_headers_are_known_by_their_letters(header):
    line = "m-17, Mia Sørensen ,mia@school.example,Student,Surgery C,2026-09-01,"
    assert entry_of(f"{header}\n{line}\n".encode()) == ENTRY


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_excel_writes_is_read(mark, delimiter, end):
    rows = [
        ["public id", "name", "e-mail", "role", "cohort", "start", "end"],
        ["m-17", '"Mia Sørensen"', "mia@school.example", "student", "Surgery C", "01.09.2026", ""],
    ]
    raw = mark + "".join(delimiter.join(row) + end for row in rows).encode()
    assert entry_of(raw) == ENTRY


def test_lines_keep_their_numbers_past_blank_lines_and_line_breaks_in_cells():
    roster = read_roster(b'public id,name\na,"one\ntwo"\n\n ,\nb,three\n')
    assert roster.rows == [(2, ["a", "one\ntwo"]), (6, ["b", "three"])]


def test_columns_without_a_meaning_are_named():
    assert read_roster(b"publicId,finalResult,start,,grade\nx,Pass,,,\n").ignored == ["finalResult", "grade"]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "empty"),
        (b"name,role\nLena,student\n", "public id"),
        (b"public id,publicId\na,b\n", "tell the same"),
        ("public id,name\nx,Zoë\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_whole(raw, told):
    with pytest.raises(RosterUnreadable, match=told):
        read_roster(raw)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (",Lena,,student,,,", "bad_public_id"),
        ("me,Lena,,student,,,", "bad_public_id"),
        (f"{'x' * 65},Lena,,student,,,", "bad_public_id"),
        ("a,Le\x07na,,student,,,", "bad_name"),
        (f"a,{'x' * 201},,student,,,", "bad_name"),
        ("a,Lena,lena at home,student,,,", "bad_email"),
        ("a,Lena,,teacher,,,", "bad_role"),
        ("a,Lena,,student,A,2026-02-30,", "bad_date"),
        ("a,Lena,,student,A,03/04/2026,", "bad_date"),
        ("a,Lena,,student,A,2026-09-02,2026-09-01", "end_before_start"),
        ("a,Lena,,student,A,2026-09-02,,surplus", "too_many_cells"),
    ],
)
def test_a_line_at_fault_is_refused_with_a_code(cells, code):
    with pytest.raises(Refused) as refused:
        entry_of(f"public id,name,email,role,cohort,start,end\n{cells}\n".encode())
    assert refused.value.code == code


def test_start_and_end_are_shifted_by_whole_days():
    entry = entry_of(b"public id,cohort,start,end\na,A,2013-10-01,2014-02-28\n", shift_days=365)
    assert (entry.start, entry.end) == (date(2014, 10, 1), date(2015, 2, 28))


def test_a_shift_beyond_the_calendar_is_refused():
    with pytest.raises(Refused) as refused:
        entry_of(b"public id,start\na,2013-10-01\n", shift_days=10_000_000 // 3)
    assert refused.value.code == "bad_date"
