"""Taking a roster over."""

from datetime import date

import pytest

from accounts.models import Cohort, Enrolment, User
from accounts.roster import import_roster
from accounts.roster_file import read_roster

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 16)
HEADER = "public id,name,e-mail,role,cohort,start,end"


def take(*lines: str, header: str = HEADER, **options):
    return import_roster(roster=read_roster("\n".join([header, *lines]).encode()), today=TODAY, **options)


def refusals(report) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.code) for refusal in report.refused]


def enrolments() -> list[tuple]:
    return sorted(Enrolment.objects.values_list("learner__public_id", "cohort__slug", "start", "end"))


def everything() -> tuple:
    return (
        sorted(User.objects.values_list("public_id", "username", "name", "email", "role", "is_staff", "password")),
        sorted(Cohort.objects.values_list("slug", "name")),
        enrolments(),
        sorted(Cohort.educators.through.objects.values_list("cohort__slug", "user__public_id")),
    )


ROSTER = (
    "m-1,Mia,mia@school.example,student,Surgery C,2026-01-05,2026-07-01",
    "m-1,,,,Cardiology A,2025-01-05,2025-07-01",
    "m-2,Noah,,,Surgery C,2026-01-05,",
    "t-1,Dr Vera,vera@school.example,educator,Surgery C,,",
    "t-1,,,educator,Cardiology A,,",
    "a-1,Alma,,admin,,,",
)


def test_a_roster_makes_people_cohorts_enrolments_and_educators():
    report = take(*ROSTER)
    assert report.refused == []
    assert sorted(User.objects.values_list("public_id", "username", "name", "role", "is_staff")) == [
        ("a-1", "a-1", "Alma", "admin", True),
        ("m-1", "m-1", "Mia", "student", False),
        ("m-2", "m-2", "Noah", "student", False),
        ("t-1", "t-1", "Dr Vera", "educator", False),
    ]
    assert enrolments() == [
        ("m-1", "cardiology-a", date(2025, 1, 5), date(2025, 7, 1)),
        ("m-1", "surgery-c", date(2026, 1, 5), date(2026, 7, 1)),
        ("m-2", "surgery-c", date(2026, 1, 5), None),
    ]
    vera = User.objects.get(public_id="t-1")
    assert sorted(vera.cohorts_taught.values_list("name", flat=True)) == ["Cardiology A", "Surgery C"]
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_a_roster_taken_twice_changes_nothing():
    take(*ROSTER)
    before = everything()
    report = take(*ROSTER)
    assert (everything(), report.changes, report.refused) == (before, [], [])
    assert report.unchanged == {"people": 4, "cohorts": 2, "enrolments": 3, "teaching": 2}


def test_a_dry_run_reports_the_same_and_writes_nothing():
    before = everything()
    tried = take(*ROSTER, dry_run=True)
    assert everything() == before
    assert tried == take(*ROSTER)


def test_what_a_roster_says_anew_is_updated_and_empty_cells_take_nothing_away():
    take(*ROSTER)
    report = take("m-1,Mia Sørensen,,,Surgery C,2026-01-05,2026-06-01", "m-2,,,,Surgery C,2026-01-05,2026-06-01")
    mia = User.objects.get(public_id="m-1")
    assert (mia.name, mia.email) == ("Mia Sørensen", "mia@school.example")
    assert [row[3] for row in enrolments() if row[1] == "surgery-c"] == [date(2026, 6, 1)] * 2
    assert [(change.line, change.kind, change.created) for change in report.changes] == [
        (2, "people", False),
        (2, "enrolments", False),
        (3, "enrolments", False),
    ]


def test_an_empty_end_reopens_an_enrolment_but_a_missing_column_does_not():
    take(*ROSTER)
    take("m-1,Surgery C,2026-01-05", header="public id,cohort,start")
    assert ("m-1", "surgery-c", date(2026, 1, 5), date(2026, 7, 1)) in enrolments()
    take("m-1,,,,Surgery C,2026-01-05,")
    assert ("m-1", "surgery-c", date(2026, 1, 5), None) in enrolments()


def test_a_corrected_start_moves_the_enrolment_and_keeps_its_pauses():
    take(*ROSTER)
    enrolment = Enrolment.objects.get(learner__public_id="m-2")
    enrolment.pauses.create(start=date(2026, 2, 1), end=date(2026, 2, 8))
    take("m-2,,,,Surgery C,2026-01-12,")
    moved = Enrolment.objects.get(learner__public_id="m-2")
    assert (moved.pk, moved.start, moved.pauses.count()) == (enrolment.pk, date(2026, 1, 12), 1)


def test_somebody_who_comes_back_has_two_enrolments_in_either_order():
    take("m-1,,,,A,2025-01-01,")
    report = take("m-1,,,,A,2025-09-01,", "m-1,,,,A,2025-01-01,2025-03-01")
    assert refusals(report) == []
    assert enrolments() == [
        ("m-1", "a", date(2025, 1, 1), date(2025, 3, 1)),
        ("m-1", "a", date(2025, 9, 1), None),
    ]


def test_a_line_without_a_start_enrols_from_today_and_later_means_that_enrolment():
    take("m-1,,,,A,,")
    assert enrolments() == [("m-1", "a", TODAY, None)]
    report = import_roster(roster=read_roster(f"{HEADER}\nm-1,,,,A,,".encode()), today=date(2026, 5, 1))
    assert (report.changes, enrolments()) == ([], [("m-1", "a", TODAY, None)])


def test_nobody_changes_his_role_by_a_roster():
    take(*ROSTER)
    report = take("t-1,,,student,Surgery C,2026-01-05,", "a-1,,,student,,,", "m-1,,,admin,,,", "x-1,,,student,,,")
    assert refusals(report) == [(2, "role_conflict"), (3, "role_conflict"), (4, "role_conflict")]
    assert dict(User.objects.values_list("public_id", "role")) == {
        "m-1": "student",
        "m-2": "student",
        "t-1": "educator",
        "a-1": "admin",
        "x-1": "student",
    }


def test_lines_that_contradict_earlier_ones_are_refused_and_an_exact_repetition_is_ignored():
    report = take(
        "m-1,Mia,,student,A,2026-01-01,2026-03-01",
        "m-1,Mia,,student,A,2026-01-01,2026-03-01",
        "m-1,Mia,,educator,,,",
        "m-1,Maria,,student,,,",
        "m-1,Mia,,student,A,2026-02-01,",
        "m-1,Mia,,student,A,2026-03-01,",
        "a-1,,,admin,A,,",
        "broken,,,nobody,,,",
    )
    assert refusals(report) == [
        (4, "role_conflict"),
        (5, "conflicting_line"),
        (6, "overlapping_lines"),
        (8, "no_cohort_for_role"),
        (9, "bad_role"),
    ]
    assert report.repeated == [(3, 2)]
    assert enrolments() == [
        ("m-1", "a", date(2026, 1, 1), date(2026, 3, 1)),
        ("m-1", "a", date(2026, 3, 1), None),
    ]
    assert sorted(User.objects.values_list("public_id", flat=True)) == ["m-1"]


def test_a_refused_enrolment_leaves_nothing_of_its_line_behind():
    take("m-1,,,,A,2026-01-01,2026-02-01", "m-1,,,,A,2026-03-01,2026-04-01")
    report = take("m-1,New Name,,,A,2025-12-01,2026-05-01")
    assert refusals(report) == [(2, "overlapping_enrolments")]
    assert User.objects.get(public_id="m-1").name == ""


def test_a_cohort_is_found_by_slug_and_by_name_and_keeps_its_name():
    Cohort.objects.create(slug="year-3", name="Third Year")
    take("m-1,,,,year-3,2026-01-01,", "m-2,,,,THIRD YEAR,2026-01-01,", "m-3,,,,Third year,2026-01-01,")
    assert list(Cohort.objects.values_list("slug", "name")) == [("year-3", "Third Year")]
    assert Enrolment.objects.count() == 3


def test_cohorts_in_other_scripts_stay_apart():
    take(
        "m-1,,,,外科 A,2026-01-01,",
        "m-2,,,,内科 A,2026-01-01,",
        f"m-3,,,,{'Long ' * 20}A,2026-01-01,",
        f"m-4,,,,{'Long ' * 20}B,2026-01-01,",
    )
    slugs = set(Cohort.objects.values_list("slug", flat=True))
    assert len(slugs) == 4
    assert all(slug.isascii() and len(slug) <= 64 for slug in slugs)


def test_a_username_is_the_public_id_unless_it_is_taken_or_cannot_be_one():
    User.objects.create_user("kim", public_id="somebody-else")
    take("kim,,,,,,", "a b/c,,,,,,", "a-b-c,,,,,,")
    usernames = dict(User.objects.values_list("public_id", "username"))
    assert usernames["kim"] == "kim-2"
    assert sorted([usernames["a b/c"], usernames["a-b-c"]]) == ["a-b-c", "a-b-c-2"]


def test_a_learner_whom_a_simulator_named_first_gets_a_name_and_a_username():
    User.objects.create(public_id="m-9", username="learner:m-9", password="!")
    report = take("m-9,Mia,,student,A,2026-01-01,")
    assert User.objects.values_list("public_id", "username", "name").get() == ("m-9", "m-9", "Mia")
    assert [change.kind for change in report.changes if change.created] == ["cohorts", "enrolments"]


def test_a_roster_is_written_in_sets_and_not_line_by_line(django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        take(*(f"m-{number},Name {number},,,Cohort {number % 7},2026-01-01," for number in range(900)))
