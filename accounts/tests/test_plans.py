"""What a cohort's learners are to complete comes in from a file, as a whole or not at all."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import PlannedCases
from accounts.plans import PlanUnreadable, read_plan, set_plans


def plans():
    return sorted(PlannedCases.objects.values_list("cohort__slug", "specialty", "cases"))


def test_a_file_is_the_whole_plan_of_the_cohorts_it_names(cardiology, surgery, tmp_path, capsys):
    PlannedCases.objects.create(cohort=cardiology, specialty="old", cases=1)
    PlannedCases.objects.create(cohort=surgery, specialty="kept", cases=2)
    file = tmp_path / "plan.csv"
    file.write_text("\ufeffCohort;Specialty;Cases\nCardiology;cardiology;12\ncardiology;neurology;3\n\n", "utf-8")
    for _ in range(2):
        call_command("import_plan", file)
        assert plans() == [("cardiology", "cardiology", 12), ("cardiology", "neurology", 3), ("surgery", "kept", 2)]
    assert "Cardiology: 2 specialties planned." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"cohort,cases\nx,1", "names no column specialty"),
        (b"\xff", "not UTF-8"),
        (b"", "names no column cohort, specialty, cases"),
        (b"cohort,specialty,cases\n,a,1", "Line 2 names no cohort."),
        (b"cohort,specialty,cases\ncardiology,a,0", "Line 2: cases is a whole number from 1 to 1000."),
        (b"cohort,specialty,cases\ncardiology,a,\xc2\xb2", "Line 2: cases is a whole number"),
        (b"cohort,specialty,cases\ncardiology,,1", "Line 2: a specialty has 1 to 200"),
        (b"cohort,specialty,cases\ncardiology,a,1\nCardiology,A,2", "Lines 2 and 3 plan 'A' for the same cohort."),
        (b"cohort,specialty,cases\nnowhere,a,1", "Line 2: there is no cohort 'nowhere'."),
    ],
)
def test_a_file_with_a_fault_changes_nothing_and_says_where(cardiology, tmp_path, body, said):
    PlannedCases.objects.create(cohort=cardiology, specialty="old", cases=1)
    file = tmp_path / "plan.csv"
    file.write_bytes(body)
    with pytest.raises(CommandError, match="Nothing was changed") as fault:
        call_command("import_plan", file)
    assert said in str(fault.value)
    assert plans() == [("cardiology", "old", 1)]


def test_a_cohort_is_one_by_slug_and_by_name(cardiology):
    cardiology.name = "Heart block"
    cardiology.save()
    assert set_plans(read_plan(b"cohort,specialty,cases\nheart block,a,1\ncardiology,b,2")) == {cardiology: 2}
    with pytest.raises(PlanUnreadable, match="Lines 2 and 3"):
        set_plans(read_plan(b"cohort,specialty,cases\nheart block,a,1\ncardiology,a,2"))
