"""What people and simulators write stays text, on every page and in the administration, in a real browser."""

from contextlib import ExitStack
from itertools import chain
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.safestring import mark_safe
from playwright.sync_api import Error

from accounts.models import Cohort, Enrolment, User
from analytics.models import ExportLog
from analytics.tests.browser.chromium import chromium, opened, session_of
from analytics.tests.browser.hostile_house import enter_people, furnish, ids, told
from analytics.tests.browser.hostile_texts import CONTEXTS, HOSTILE
from analytics.tests.browser.house import sessions
from analytics.tests.browser.watch import texts, traces
from interactions.models import Case, CaseAttempt, RejectedInteraction, Resource, ScoringPolicy
from interactions.models import UserInteractionTrackingModel as Interaction
from medsim_tracking.testing import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# Nothing is looked at here, and a small window is soon drawn.
SMALL = (300, 200)


class Visit(NamedTuple):
    """shows: texts that must stand there, letter by letter."""

    who: str
    path: str
    shows: list[str]


def all_of(*fields: str, **shorter: int) -> list[str]:
    """Each text of these fields; shorter: how long the texts of a field are where it holds less."""
    return [*chain.from_iterable(map(told, fields)), *chain.from_iterable(told(*each) for each in shorter.items())]


def pages() -> list[Visit]:
    """The pages that show many at once, then those about one thing, for each of its texts."""
    of_a_learner = all_of("title", "specialty", "difficulty", "resource name")
    # A help request's type is told in words.
    of_a_learner += [text.replace("_", " ") for text in told("help")]
    found = [
        Visit("edda", "/", all_of("cohort")),
        Visit("edda", "/cohorts", all_of("cohort")),
        Visit("edda", "/cohorts/cardiology", [*all_of("name", "specialty"), *ids()]),
        Visit("edda", "/cases", all_of("cohort", "specialty", "difficulty", "corrected title")),
        Visit("edda", "/debrief", all_of("cohort")),
        # A sheet of paper has room for the beginning of each.
        Visit("edda", "/debrief/cardiology?timeRange=90d", ["__hit=1"]),
        Visit("edda", "/patterns", all_of("cohort", "specialty", "difficulty")),
        Visit("edda", "/learners/named-0", of_a_learner),
        Visit("edda", "/live", all_of("name", "title", "cohort")),
        Visit("edda", "/search?q=named", all_of("name", "cohort")),
        Visit("named-0", "/me", of_a_learner),
        Visit("ada", "/data-quality", all_of("case", "title", "resource", "corrected title", "corrected name")),
    ]
    texts_of_one = zip(told("name"), told("cohort"), told("case"), told("asked"), strict=True)
    for number, (name, cohort, case, asked) in enumerate(texts_of_one):
        stages = [told(field)[number] for field in ("specialty", "difficulty", "stage")]
        of_case = [Case.objects.get(case_id=case).title, *stages]
        found += [
            Visit("edda", f"/learners/named-{number}", [name, cohort]),
            Visit("edda", f"/cohorts/hostile-{number}", [name, cohort]),
            Visit("edda", f"/debrief/hostile-{number}", [cohort]),
            Visit("edda", reverse("case", args=[case]), of_case),
            Visit("edda", f"/search?q={quote(asked)}", [asked]),
            Visit("", f"/sign-in?next=/{quote(asked)}", [f"/{asked}"]),
        ]
    found += [Visit("edda", reverse("learner", args=[public_id]), [public_id]) for public_id in ids()[::8]]
    # What cannot be read of an address is told, up to its fortieth letter.
    filters = ("cohort", "timeRange", "specialty", "difficulty")
    for four in zip(*[iter(told("chosen", 40))] * 4, strict=True):
        query = "&".join(f"{name}={quote(text)}" for name, text in zip(filters, four, strict=True))
        found.append(Visit("edda", f"/patterns?{query}", [text for text in four if text.isprintable()]))
    return found


def administration() -> list[Visit]:
    """Every list, and the pages of what was entered or sent with each text."""
    lists = {
        User: [*all_of("name", "email", login=150), *ids()],
        Cohort: all_of("cohort"),
        Enrolment: [*all_of("name", "cohort"), *ids()],
        Case: all_of("case", "corrected title", "specialty", "difficulty"),
        Resource: all_of("resource", "resource type", "corrected name"),
        RejectedInteraction: all_of(owner=64),
        ExportLog: all_of("filter"),
    }
    found = [Visit("ada", "/admin/", all_of("title"))]
    for model in admin.site._registry:
        found.append(Visit("ada", reverse(_named(model, "changelist")), lists.get(model, [])))
    found += [
        Visit(
            "ada",
            reverse(_named(ScoringPolicy, "change"), args=[ScoringPolicy.objects.get().pk]),
            all_of("resource type", type=40),
        )
    ]
    of_one = {
        User: (User.objects.filter(public_id__startswith="named"), ("name", "email", "username")),
        Cohort: (Cohort.objects.filter(slug__startswith="hostile"), ("name",)),
        Enrolment: (Enrolment.objects.filter(pauses__isnull=False), ("learner.name", "cohort.name")),
        Case: (Case.objects.all(), ("title", "specialty", "difficulty", "case_id")),
        Resource: (Resource.objects.all(), ("name", "specialty", "difficulty", "resource_id")),
        Interaction: (Interaction.objects.filter(session_id__contains="·session"), ("session_id", "specialty")),
        CaseAttempt: (CaseAttempt.objects.filter(user__name__contains="·name"), ("user.name", "case_id")),
        RejectedInteraction: (RejectedInteraction.objects.all(), ("owner",)),
        ExportLog: (ExportLog.objects.all(), ("viewer_name", "subject")),
    }
    # Their lists show every text; a form, which Django writes, shows every third, and each text stands on three forms.
    for turn, (model, (rows, names)) in enumerate(of_one.items()):
        for row in rows.order_by("pk")[turn % 3 : len(told("name")) : 3]:
            shows = [attrgetter(name)(row) for name in names]
            found.append(Visit("ada", reverse(_named(model, "change"), args=[row.pk]), shows))
    return found


def _named(model, page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


def look_at(visits: list[Visit], windows: dict) -> list[tuple[str, str]]:
    """(path, fault) of all that came to life or is not what was written."""
    found = []
    for visit in visits:
        page, heard = windows[visit.who]
        try:
            status = page.goto(visit.path).status
            if visit.path == "/live":
                # What comes again is written by a script.
                with page.expect_response("**/live?*"):
                    page.evaluate("htmx.trigger('#live', 'look')")
                page.wait_for_selector(".htmx-request, .htmx-swapping, .htmx-settling", state="detached")
            faults, stands = traces(page), texts(page)
        except Error as error:
            # Something sends its reader elsewhere.
            status, faults, stands = 200, [str(error)], ""
        if status != 200:
            faults = [f"answered {status}"]
        faults += [f"does not show {text!r}" for text in visit.shows if text not in stands]
        faults += heard.complaints + heard.foreign
        heard.complaints.clear()
        heard.foreign.clear()
        found += [(visit.path, fault) for fault in faults]
    return found


def test_hostile_texts_stay_text_wherever_they_are_shown(cast, live_server):
    furnish(cast)
    visits, signed_in = pages() + administration(), sessions(cast)
    signed_in["named-0"] = session_of(client_of(User.objects.get(public_id="named-0")))
    with chromium() as browser, ExitStack() as stack:
        windows = {
            who: stack.enter_context(opened(browser, live_server.url, session=signed_in[who], size=SMALL))
            for who in ("", "edda", "named-0", "ada")
        }
        found = look_at(visits, windows)
    assert found == [], "\n".join(map(str, found))


def test_each_of_the_forty_texts_is_caught_where_it_is_written_as_it_stands():
    """What looks at the pages sees every one of them come to life, or become other text, in careless markup."""
    assert len({one.text for one in HOSTILE}) == 40
    unseen = []
    with chromium() as browser:
        page = browser.new_page()
        for one in HOSTILE:
            page.set_content(CONTEXTS[one.place].format(one.text))
            if not traces(page) and one.text in texts(page):
                unseen.append(one)
    assert unseen == []


def test_a_page_that_forgets_to_escape_is_caught(cast, live_server, monkeypatch):
    enter_people(cast)
    monkeypatch.setattr(User, "display_name", property(lambda user: mark_safe(user.name)))
    visits = [Visit("edda", f"/learners/named-{number}", [name]) for number, name in enumerate(told("name"))]
    session = sessions(cast)["edda"]
    with chromium() as browser, opened(browser, live_server.url, session=session) as window:
        found = look_at(visits, {"edda": window})
    assert {path for path, fault in found if not fault.startswith("answered")} == {visit.path for visit in visits}
    assert any("Content Security Policy" in fault for _, fault in found)
