"""A house in which every part of every page has something to show."""

from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry

from accounts.models import Cohort, Pause, PlannedCases, User
from analytics.tests.browser.chromium import session_of
from analytics.tests.case_work import attempt, judge_and_count
from analytics.tests.crowd_work import crowd
from analytics.tests.work import work
from engagement.progress import count_progress
from interactions.models import Case
from interactions.tests.quarantine.kept import TRACK, send
from medsim_tracking.testing import NOW, api_of, client_of, enrol, person, track

PEOPLE = ("lena", "edda", "otto", "ada", "sim")


def furnish(cast: dict[str, User | Cohort]) -> dict[str, str]:
    """Learners of every kind, cases, a plan, refusals and corrections; the sessions of those who look, by user name.

    Ben is silent, Cleo on leave, Dov has only begun, and twelve others make a crowd of which cases may be told.
    """
    cardiology, sim, today = cast["cardiology"], cast["sim"], NOW.date()
    ben, cleo, dov = (person(name) for name in ("ben", "cleo", "dov"))
    enrol(ben, cardiology)
    enrol(dov, cardiology, start=today - timedelta(days=2))
    leave = enrol(cleo, cardiology)
    Pause.objects.create(enrolment=leave, start=today - timedelta(days=20), end=today + timedelta(days=5))
    PlannedCases.objects.create(cohort=cardiology, specialty="surgery", cases=3)
    work(cast["lena"], days_ago=[*range(1, 30, 4), 45, 60], sim=sim, metadata={"specialty": "cardiology"})
    work(cleo, days_ago=range(21, 60, 4), sim=sim)
    work(ben, days_ago=range(13, 60, 4), sim=sim)
    others = crowd(cardiology, 12)
    attempt(others[:4], "sepsis", sim, end="abandon", stage="a stage with a name of more words than there is room for")
    attempt(others[4:7], "sepsis", sim, minutes=1, help_at="antibiotics")
    attempt(others[7:], "sepsis", sim)
    attempt(others, "sepsis", sim, days_ago=30)
    attempt(others, "plain", sim, score=55)
    # Else what Lena, Ben and Cleo did in a third case would follow from the figures of both.
    work(*others, days_ago=[2, 30], sim=sim)
    judge_and_count()
    count_progress(now=NOW, settled=timedelta())
    track(ben, "case_start", case_id="asthma", case_title="Asthma")
    send(api_of(sim), TRACK, b'{"interactionType": "swim", "userId": "lena"}')
    _correct_by_hand(Case.objects.get(case_id="sepsis"), cast["ada"])
    return sessions(cast)


def _correct_by_hand(case: Case, admin: User) -> None:
    """As the administration does it."""
    case.title, case.by_hand, case.changed_on = "Sepsis on the ward", True, NOW.date() - timedelta(days=7)
    case.save()
    LogEntry.objects.log_actions(admin.pk, [case], CHANGE, [{"changed": {"fields": ["Title"]}}], single_object=True)


def sessions(cast: dict[str, User | Cohort]) -> dict[str, str]:
    return {name: session_of(client_of(cast[name])) for name in PEOPLE} | {"": ""}
