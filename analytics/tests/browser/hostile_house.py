"""A house in which every text that anybody can enter is hostile."""

import json
from datetime import timedelta
from itertools import cycle

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError

from accounts.models import Cohort, Pause, PlannedCases, User
from accounts.validators import validate_public_id
from analytics.models import ExportLog, ScheduledJob
from analytics.tests.browser.hostile_texts import HOSTILE, packed
from analytics.tests.case_work import judge_and_count
from engagement.progress import count_progress
from interactions.models import Case, Resource, ScoringPolicy, ScoringRule
from interactions.policies import forget_policies
from interactions.services import CREATED, track_bulk_interactions
from interactions.tests.quarantine.kept import TRACK, send
from medsim_tracking.testing import NOW, TERM_START, api_of, enrol

LONGEST = 200
# Enough for a case to be told of.
WORKERS = 10


def told(field: str, longest: int = LONGEST) -> list[str]:
    """All that is hostile, in texts for one field, each with the field's name so that one sees where it stands."""
    mark = f" ·{field}"
    return [text + mark for text in packed((one.text for one in HOSTILE), longest - len(mark))]


def ids() -> list[str]:
    """Those that can be a public id."""
    found = []
    for text in told("id", 64):
        try:
            validate_public_id(text)
        except ValidationError:
            continue
        found.append(text)
    return found


def furnish(cast: dict[str, User | Cohort]) -> None:
    people = enter_people(cast)
    _types()
    _cases(people["unnamed"][:WORKERS], cast["sim"])
    # Of another crowd, for what one does alone would keep the figures of cases back.
    _resources(people["named"][0], cast["sim"])
    _refused(cast["sim"])
    judge_and_count()
    count_progress(now=NOW, settled=timedelta())
    _just_now(people["named"], cast["sim"])
    _by_hand(cast)


def enter_people(cast: dict[str, User | Cohort]) -> dict[str, list[User]]:
    """A learner for each name, with a cohort for each name of one; and a learner without a name for each id."""
    cardiology, found = cast["cardiology"], {"named": [], "unnamed": []}
    logins = iter(told("login", 150))
    everything = zip(told("name"), told("cohort"), told("pause"), told("email"), strict=True)
    for number, (name, cohort_name, pause, email) in enumerate(everything):
        login = next(logins)
        learner = User.objects.create(username=login, public_id=f"named-{number}", name=name, email=email, password="!")
        cohort = Cohort.objects.create(slug=f"hostile-{number}", name=cohort_name)
        cohort.educators.add(cast["edda"])
        enrol(learner, cohort)
        days = {"start": TERM_START, "end": TERM_START + timedelta(days=1)}
        Pause.objects.create(enrolment=enrol(learner, cardiology), reason=pause, **days)
        found["named"].append(learner)
    for number, public_id in enumerate(ids()):
        learner = User.objects.create(username=next(logins, f"unnamed-{number}"), public_id=public_id, password="!")
        enrol(learner, cardiology)
        found["unnamed"].append(learner)
    for specialty in told("specialty"):
        PlannedCases.objects.create(cohort=cardiology, specialty=specialty, cases=2)
    return found


def _types() -> None:
    policy = ScoringPolicy.objects.get()
    for kind, resource_type in zip(told("type", 40), cycle(told("resource type")), strict=False):
        for resource in ("", resource_type):
            ScoringRule.objects.create(
                policy=policy, interaction_type=kind, resource_type=resource, weight=0.5, half_life=None, cap=None
            )
    ScoringPolicy.objects.update(note=" ".join(told("note")))
    forget_policies()


def _send(sim: User, interactions: list[dict]) -> None:
    outcomes = track_bulk_interactions(sender=sim, interactions=interactions, now=NOW, historical=True)
    refused = [outcome for outcome in outcomes if outcome.status != CREATED]
    assert refused == [], refused[0]


def _case(number: int) -> dict:
    about = {"specialty": told("specialty")[number], "difficulty": told("difficulty")[number]}
    return {"caseId": told("case")[number], "caseTitle": told("title")[number], "metadata": about}


def _cases(learners: list[User], sim: User) -> None:
    """Each works on each case; most leave it at a stage, after they have called for help."""
    sent = []
    for number, (stage, help_type) in enumerate(zip(told("stage"), told("help"), strict=True)):
        for place, learner in enumerate(learners):
            begun = NOW - timedelta(days=2 + number)
            # One field of work: more of them, each of the same few learners, would keep each other back.
            case = _case(number) | {"metadata": {"specialty": "surgery", "difficulty": "basic"}}
            at_stage = case | {"metadata": case["metadata"] | {"stage": stage}}
            steps = [
                {"interactionType": "case_start"} | case,
                {"interactionType": "help_request", "helpRequestType": help_type} | at_stage,
                {"interactionType": "case_abandon" if place < 7 else "case_complete"} | case,
            ]
            for minutes, step in enumerate(steps):
                at = (begun + timedelta(minutes=5 * minutes)).isoformat()
                sent.append({"userId": learner.public_id, "occurredAt": at} | step)
    _send(sim, sent)


def _resources(learner: User, sim: User) -> None:
    """One works on cases and with resources, and the simulator tells of it all that it can."""
    fields = {
        "eventId": told("event", 64),
        "interactionType": told("type", 40),
        "resourceType": told("resource type"),
        "resourceId": told("resource"),
        "resourceName": told("resource name"),
        "sessionId": told("session", 128),
        "helpRequestType": told("help"),
    }
    longest = max(map(len, fields.values()))
    rows = zip(*(cycle(texts) for texts in fields.values()), range(longest), strict=False)
    keys, values = told("key"), told("value")
    sent = []
    for *texts, number in rows:
        place = number % len(keys)
        at = (NOW - timedelta(days=1 + number % 20, minutes=number)).isoformat()
        row = dict(zip(fields, texts, strict=True)) | {"userId": learner.public_id, "occurredAt": at}
        if number >= len(fields["eventId"]):
            # An event's id is told once.
            row.pop("eventId")
        free = {keys[place]: values[place], "list": [values[place]]}
        about = {"specialty": told("specialty")[place], "difficulty": told("difficulty")[place]}
        sent.append(row | {"metadata": free | about, "performanceMetrics": free | {"score": 70}})
    for number in range(len(keys)):
        at = (NOW - timedelta(days=3 + number)).isoformat()
        sent.append({"interactionType": "case_complete", "userId": learner.public_id, "occurredAt": at} | _case(number))
    _send(sim, sent)


def _refused(sim: User) -> None:
    api = api_of(sim)
    for owner, field, value in zip(told("owner", 64), cycle(told("field")), cycle(told("body")), strict=False):
        body = {"interactionType": value, "userId": owner, "eventId": owner, field: value}
        assert send(api, TRACK, json.dumps(body).encode()).status_code == 400


def _just_now(learners: list[User], sim: User) -> None:
    """What the live page shows."""
    at = (NOW - timedelta(minutes=1)).isoformat()
    start = {"interactionType": "case_start", "occurredAt": at}
    _send(sim, [start | {"userId": learner.public_id} | _case(place) for place, learner in enumerate(learners)])


def _by_hand(cast) -> None:
    """What people enter: corrections of the catalogue, names of their own; and what jobs and exports leave behind."""
    for number, title in enumerate(told("corrected title")):
        about = _case(number)
        case = Case.objects.get(case_id=about["caseId"])
        Case.objects.filter(pk=case.pk).update(title=title, by_hand=True, **about["metadata"])
        change = [{"changed": {"fields": [title]}}]
        LogEntry.objects.log_actions(cast["ada"].pk, [case], CHANGE, change, single_object=True)
    for resource, name in zip(Resource.objects.order_by("pk"), cycle(told("corrected name")), strict=False):
        Resource.objects.filter(pk=resource.pk).update(name=name, by_hand=True)
    for subject, text in zip(cycle(told("subject", 64)), told("filter"), strict=False):
        ExportLog.objects.create(
            viewer_name=text, page="cohort", subject=subject, table=text[:80], filters={text: text}, rows=1, at=NOW
        )
    failed = ScheduledJob.Outcome.FAILED
    message = " ".join(told("message"))
    ScheduledJob.objects.create(name="infer_abandonments", outcome=failed, message=message, finished_at=NOW)
    # Her name stands at the head of all her pages.
    User.objects.filter(pk=cast["edda"].pk).update(name=told("reader")[1])
    User.objects.filter(pk=cast["ada"].pk).update(name=told("reader")[2])
