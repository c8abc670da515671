"""Whatever is sent, in whatever order and however often: what is stored is what a plain dict would hold."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from interactions.models import Case, DailyActivity, UserInteractionTrackingModel
from interactions.policies import forget_policies
from interactions.recount import learner_blocks, recount
from medsim_tracking.testing import NOW

QUICK = settings(max_examples=30, stateful_step_count=12, deadline=None, database=None)
BULK = "/api/interaction-tracking/track-bulk"
LEARNERS = ("lena", "mia")
CREATED, DUPLICATE, CONFLICT, INVALID, REFUSED = "created", "duplicate", "conflict", "invalid", "refused"


def interaction(learner, event_id, interaction_type, seconds, days_ago, case):
    return {
        "userId": learner,
        "eventId": event_id,
        "interactionType": interaction_type,
        "timeSpentSeconds": seconds,
        "occurredAt": (NOW - timedelta(days=days_ago)).isoformat(),
        "caseId": case,
    }


# Few of everything: the same ids shall meet again and again, with the same content and with another.
interactions = st.builds(
    interaction,
    st.sampled_from(LEARNERS),
    st.sampled_from(["e1", "e2", "e3", "e4", "e5", "e6"]),
    st.sampled_from(["search", "case_start"]),
    st.sampled_from([0, 90]),
    st.sampled_from([0, 1]),
    st.sampled_from(["heart", "lung"]),
)
bulks = st.lists(interactions, min_size=1, max_size=5)


class Ingest(RuleBasedStateMachine):
    """Sends through the API. `model` is (learner, event id) -> what was sent first, `ids` what it was answered.

    Time goes on by weeks, so that what was taken in grows older than retention and is purged; an id that is gone
    with its row is new again, but only for what is not too old itself.
    """

    api = clock = None

    @initialize()
    def begin_empty(self):
        self.clock.now = NOW
        for model in (UserInteractionTrackingModel, DailyActivity, Case):
            model.objects.all().delete()
        self.restart()
        self.model, self.ids, self.sent, self.cases = {}, {}, [], set()

    @rule(bulk=bulks, atomic=st.booleans())
    def send(self, bulk, atomic):
        self.post(bulk, atomic)
        self.sent.append(bulk)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def resend(self, data):
        self.post(data.draw(st.sampled_from(self.sent)))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def resend_in_another_order(self, data):
        self.post(data.draw(st.permutations(data.draw(st.sampled_from(self.sent)))))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), beside=bulks)
    def send_something_else_under_a_known_id(self, data, beside):
        known = self.model[data.draw(st.sampled_from(sorted(self.model)))]
        self.post([*beside, known | {"timeSpentSeconds": known["timeSpentSeconds"] + 1}])

    @rule(late=interactions, days=st.integers(2, 364))
    def send_late(self, late, days):
        self.post([late | {"occurredAt": (NOW - timedelta(days=days)).isoformat()}])

    @rule(bulk=bulks, old=interactions, atomic=st.booleans())
    def send_what_is_too_old(self, bulk, old, atomic):
        self.post([old | {"occurredAt": (NOW - timedelta(days=367)).isoformat()}, *bulk], atomic)

    @rule(bulk=bulks, broken=interactions, atomic=st.booleans())
    def send_what_is_invalid(self, bulk, broken, atomic):
        self.post([*bulk, broken | {"timeSpentSeconds": -1}], atomic)

    @rule(weeks=st.integers(1, 30))
    def time_goes_on(self, weeks):
        self.clock.forward(weeks=weeks)

    @rule()
    def purge(self):
        """What is past retention goes, its daily sums with it: a learner's own sums live as long as his rows."""
        limit = self.clock.now - timedelta(days=365)
        UserInteractionTrackingModel.objects.filter(occurred_at__lt=limit).delete()
        for learners in learner_blocks():
            recount(learners, repair=True)
        self.model = {key: item for key, item in self.model.items() if item["occurredAt"] >= limit.isoformat()}
        self.ids = {key: self.ids[key] for key in self.model}

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def what_was_purged_is_never_reborn(self, data):
        """Everything sent so long ago that it may have been purged is refused, whether or not it was."""
        limit = (self.clock.now - timedelta(days=365)).isoformat()
        old = [item for bulk in self.sent for item in bulk if item["occurredAt"] < limit]
        if old:
            self.post([data.draw(st.sampled_from(old))])

    @rule()
    def restart(self):
        """All that a process keeps in memory is forgotten."""
        forget_policies()

    def post(self, bulk, atomic=False):
        expected, after = self.expected(bulk)
        answer = self.api.post(f"{BULK}?atomic={str(atomic).lower()}", bulk)
        good = set(expected) <= {CREATED, DUPLICATE}
        if atomic and not good:
            assert (answer.status_code, answer.json().get("code")) == (422, "nothing_stored")
            return
        status = 207 if not good else 201 if set(expected) == {CREATED} else 200
        results = answer.json()["results"]
        assert (answer.status_code, [line["status"] for line in results]) == (status, expected)
        self.model = after
        self.cases |= {item["caseId"] for item in after.values()}
        for item, line in zip(bulk, results, strict=True):
            if line["status"] in (CREATED, DUPLICATE):
                assert self.ids.setdefault((item["userId"], item["eventId"]), line["id"]) == line["id"]

    def expected(self, bulk):
        """The statuses of a bulk, and the model after it."""
        statuses, after = [], dict(self.model)
        for item in bulk:
            if item["timeSpentSeconds"] < 0:
                statuses.append(INVALID)
            elif item["occurredAt"] < (self.clock.now - timedelta(days=365)).isoformat():
                statuses.append(REFUSED)
            else:
                key = item["userId"], item["eventId"]
                statuses.append(CREATED if key not in after else DUPLICATE if after[key] == item else CONFLICT)
                after.setdefault(key, item)
        return statuses, after

    @invariant()
    def what_is_stored_is_the_model(self):
        rows = UserInteractionTrackingModel.objects.select_related("user")
        assert {
            (row.user.public_id, row.event_id): (
                str(row.id),
                interaction(
                    row.user.public_id,
                    row.event_id,
                    row.interaction_type,
                    row.time_spent_seconds,
                    (NOW - row.occurred_at).days,
                    row.case_id,
                ),
            )
            for row in rows
        } == {key: (self.ids[key], item) for key, item in self.model.items()}
        assert len(rows) == len(self.model)

    @invariant()
    def daily_sums_are_those_of_the_model(self):
        counted, seconds = Counter(), Counter()
        for item in self.model.values():
            counted[item["userId"], item["occurredAt"][:10]] += 1
            seconds[item["userId"], item["occurredAt"][:10]] += item["timeSpentSeconds"]
        found, wall = Counter(), Counter()
        for row in DailyActivity.objects.select_related("user"):
            found[row.user.public_id, row.day.isoformat()] += row.interactions
            wall[row.user.public_id, row.day.isoformat()] += row.wall_seconds
        assert (found, wall) == (counted, seconds)
        assert not [drift for learners in learner_blocks() for drift in recount(learners)]

    @invariant()
    def the_catalogue_holds_every_case_there_ever_was(self):
        assert {case.case_id for case in Case.objects.all()} == self.cases


@pytest.fixture
def machine(sim_api, lena, mia, clock):
    Ingest.api, Ingest.clock = sim_api, clock
    return Ingest


# Found is enough; the smallest example is not looked for.
FOUND = settings(QUICK, phases=[Phase.generate])


@pytest.mark.django_db(transaction=True)
def test_ingest_behaves_like_a_plain_dict(machine):
    run_state_machine_as_test(machine, settings=QUICK)


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_takes_every_known_id_for_a_repetition_is_noticed(machine, monkeypatch):
    monkeypatch.setattr("interactions.intake.fingerprints", lambda telling, key: [bytes(16)] * len(telling))
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=FOUND)


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_forgets_retention_and_so_takes_the_purged_anew_is_noticed(machine, settings):
    settings.MEDSIM_RETENTION_DAYS = 36_500
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=FOUND)
