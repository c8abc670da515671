from dataclasses import replace
from datetime import date

from accounts.models import Enrolment, Pause
from engagement.domain.tenure import Tenure
from engagement.selectors import records_of, tenures_of
from interactions.domain.policy import ES_1, Rule
from interactions.policies import PolicyBook
from medsim_tracking.testing import person, track

TODAY = date(2026, 3, 16)


def test_tenures_come_in_the_order_in_which_learners_were_asked_for(cardiology, surgery):
    people = {name: person(name) for name in ("nils", "ole", "pia", "rut")}
    enrolments = [
        # Nils was here before and is again, with pauses; Pia came first; Ole has only worked; Rut not even that.
        Enrolment(learner=people["nils"], cohort=surgery, start=date(2025, 1, 1), end=date(2025, 6, 1)),
        Enrolment(learner=people["nils"], cohort=cardiology, start=date(2026, 2, 1)),
        Enrolment(learner=people["pia"], cohort=cardiology, start=date(2024, 1, 1)),
    ]
    for enrolment in enrolments:
        enrolment.save()
    spans = [(date(2026, 2, 3), date(2026, 2, 5)), (date(2026, 3, 1), date(2026, 3, 4))]
    for start, end in [*spans, (date(2026, 2, 10), date(2026, 2, 11))]:
        Pause.objects.create(enrolment=enrolments[1], start=start, end=end)
    Pause.objects.create(enrolment=enrolments[0], start=date(2025, 2, 1), end=date(2025, 2, 2))
    track(people["ole"], "case_start", case_id="c1")
    asked = [people[name].pk for name in ("rut", "nils", "ole", "pia")]
    found = tenures_of(asked, TODAY)
    assert list(found) == asked
    nobody, nils, ole, pia = found.values()
    assert (nobody, ole, pia) == (Tenure(None), Tenure(TODAY), Tenure(date(2024, 1, 1)))
    # A pause of the enrolment that is over tells nothing of the one that runs.
    assert (nils.start, sorted(nils.pauses)) == (
        date(2026, 2, 1),
        [spans[0], (date(2026, 2, 10), date(2026, 2, 11)), spans[1]],
    )


def test_days_are_capped_by_the_book_that_is_asked_with_though_another_names_the_same_version(lena):
    track(lena, "navigation")
    halved = replace(ES_1, rules=ES_1.rules | {("navigation", ""): Rule(ES_1.plain_weight("navigation") / 1000)})
    books = [PolicyBook((policy,)) for policy in (ES_1, halved, ES_1)]
    assert hash(books[0]) == hash(books[1])
    found = [records_of([lena.pk], since=None, today=TODAY, book=book)[lena.pk].days[TODAY].points for book in books]
    assert found[0] == found[2] > found[1] > 0
