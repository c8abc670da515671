"""An attacker who compares bands: of all ranges, on all days, of every learner, as they and their educator see them.

One learner works, takes no part any more, comes back, and leaves the cohort, all in one week. Nothing that is told of
the others may differ before and after, nor between ranges that differ in less than a week. That the groups of two
learners differ by nobody but themselves is said in domain/test_peers.py.
"""

from datetime import timedelta

import pytest
from django.db.models import Q

from accounts.models import Enrolment, User
from engagement import peers as rule
from engagement.peers import peer_comparison, set_peer_comparison
from engagement.tests.people import peers, work
from interactions.windows import read_window
from medsim_tracking.testing import NOW

RANGES = [
    *({"timeRange": name} for name in ("7d", "30d", "365d")),
    *({"from": f"2026-03-{first:02}", "to": f"2026-03-{last:02}"} for first in (2, 10) for last in (15, 17)),
]


def told(learners, now):
    """Every band: (learner, first day, last day) -> bands, or what is short."""
    found = {}
    for learner in learners:
        learner.refresh_from_db()
        for query in RANGES:
            answer = peer_comparison(learner, window=read_window(query, now), now=now)
            window = answer.window.first_day, answer.window.last_day
            measures = answer.measures if isinstance(answer.measures, list) else None
            found[learner.username, *window] = measures and tuple(measure.band for measure in measures)
    return found


def told_in_turn(learners, one):
    """The same after each thing that one learner does, from Monday to Sunday."""
    answers = [told(learners, NOW)]
    for day in range(1, 7):
        now = NOW + timedelta(days=day)
        if day == 1:
            work(one, -1)
        elif day in (2, 3):
            set_peer_comparison(one, takes_part=day == 3, now=now)
        elif day == 4:
            Enrolment.objects.filter(learner=one).update(end=now.date())
        elif day == 5:
            set_peer_comparison(one, takes_part=False, now=now)
        answers.append(told(learners, now))
    return answers


def differences(answers):
    """Answers about one learner and range that are not the same on two days."""
    seen = {}
    for found in answers:
        for asked, bands in found.items():
            seen.setdefault(asked, set()).add(bands)
    return [asked for asked, bands in seen.items() if len(bands) > 1]


def near_ranges(answers):
    """Pairs of ranges of one learner of which one has up to six days more than the other."""
    asked = {key for found in answers for key in found}
    return [
        (name, first, last, other_first, other_last)
        for name, first, last in asked
        for other, other_first, other_last in asked
        if name == other and 0 < (first - other_first).days + (other_last - last).days < 7
        if other_first <= first and last <= other_last
    ]


@pytest.fixture
def people(cardiology):
    """Thirteen beside Lena and Mia, each with more done than the one before."""
    thirteen = peers(cardiology, 13)
    for place, learner in enumerate(thirteen):
        for day in range(place):
            work(learner, 1 + day)
    return thirteen


def test_nothing_that_one_learner_does_in_a_week_is_seen_in_the_bands_of_the_others(people):
    answers = told_in_turn(people[:12:2], people[12])
    assert any(bands for bands in answers[0].values())
    assert differences(answers) == []
    assert near_ranges(answers) == []


def test_on_monday_everybodys_week_is_new_and_who_left_is_in_no_group(people):
    told_in_turn(people[:12:2], people[12])
    monday = NOW + timedelta(days=7)
    assert any(told(people[:8], monday).values())
    for learner in people[8:12]:
        set_peer_comparison(learner, takes_part=False, now=NOW)
    # Eight of them are left with Lena and Mia, and so nine others.
    assert set(told(people[:8], monday).values()) == {None}


def at_once(monkeypatch):
    def group(learner, last):
        enrolled = Enrolment.objects.current(last).filter(cohort__in=learner.enrolments.values("cohort"))
        others = User.objects.filter(Q(pk__in=enrolled.values("learner")), peer_comparison=True)
        return list(others.exclude(pk=learner.pk).values_list("pk", flat=True))

    monkeypatch.setattr(rule, "_group", group)


def by_days(monkeypatch):
    def days(window, today):
        last = min(window.last_day, today - timedelta(days=1))
        return min(window.first_day, last), last

    monkeypatch.setattr(rule, "_whole_weeks", days)


@pytest.mark.parametrize(("mistake", "found_by"), [(at_once, differences), (by_days, near_ranges)])
def test_the_same_attack_finds_it_where_the_rule_is_switched_off(people, monkeypatch, mistake, found_by):
    mistake(monkeypatch)
    assert found_by(told_in_turn(people[:12:2], people[12]))
