"""What jobs did, in the reader's language."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from analytics.job_words import job_sentence
from analytics.jobs.registry import jobs
from analytics.jobs.running import new_holder, run_due
from analytics.models import ScheduledJob
from analytics.selectors.quality.works import JobState, counting_state
from medsim_tracking.testing import NOW, track


def job(message: str = "", code: str = "", **figures) -> JobState:
    return JobState("count_days", "done", message, code, figures, NOW, 1.0, None, True, False)


THROUGH = NOW.isoformat()


@pytest.mark.parametrize(
    ("code", "figures", "english", "german"),
    [
        (
            "days_counted",
            {"days": 2, "interactions": 1234, "weeks": 1, "through": THROUGH},
            "Counted: 2 days, 1,234 interactions; levels of 1 week; complete through Mon 16 Mar 2026, 12:00 UTC.",
            "Gezählt: 2 Tage, 1.234 Interaktionen; Stufen: 1 Woche; vollständig bis Mo, 16. Mär 2026, 12:00 UTC.",
        ),
        (
            "progress_counted",
            {"interactions": 1, "through": None},
            "Counted: 1 interaction; nothing has come in yet.",
            "Gezählt: 1 Interaktion; noch ist nichts eingegangen.",
        ),
        (
            "abandonments_inferred",
            {"inferred": 3, "undone": 1, "arrivals": 20, "learners": 4},
            "Cases left without a word: inferred 3, taken back 1; read 20 interactions.",
            "Ohne ein Wort verlassene Fälle: 3 erschlossen, 1 zurückgenommen; gelesen: 20 Interaktionen.",
        ),
        (
            "counts_verified",
            {"counts": 2, "repaired": False, "days": 9, "passed_over": 1},
            "Compared: 9 days; counts that differ: 2. Passed over, because something came in: 1 day.",
            "Verglichen: 9 Tage; Zählungen, die abweichen: 2. Übergangen, weil etwas einging: 1 Tag.",
        ),
        (
            "nothing_trained",
            {"needs": [["learners with 28 observed days", 12, 50]]},
            "Nothing was trained: learners observed for long enough are 12, and it takes 50.",
            "Nichts wurde trainiert: lange genug beobachtete Lernende sind es 12, nötig sind 50.",
        ),
    ],
)
def test_a_code_is_worded_in_both_languages(code, figures, english, german):
    assert job_sentence(job("Never shown.", code, **figures)) == english
    with override("de"):
        assert job_sentence(job("Never shown.", code, **figures)) == german


@pytest.mark.parametrize("code", ["", "of_another_version", "days_kept"])
def test_what_has_no_readable_code_is_told_as_it_was_kept(code):
    told = job("1 interactions counted; complete through 2026-03-16 12:00:00 UTC.\nmore", code)
    assert job_sentence(told) == "1 interactions counted; complete through Mon 16 Mar 2026, 12:00 UTC."


@pytest.mark.parametrize("told", ["2026-99-99 10:00:00 UTC", "9999-12-31 23:59:59+00:00", "٢٠٢٦-٠١-٠١ 10:00:00 UTC"])
def test_what_only_looks_like_a_moment_stays_as_it_was_told(told):
    with timezone.override("Asia/Tokyo"):
        assert job_sentence(job(f"No such case: {told}")) == f"No such case: {told}"


@pytest.mark.parametrize("figure", ["x", 1e308, float("inf"), None, [], {}])
def test_figures_that_cannot_be_worded_leave_the_message(figure):
    assert job_sentence(job("As kept.", "models_trained", models=figure)) == "As kept."


def test_no_scheduled_job_speaks_english_on_a_german_page(lena):
    """Every one leaves a code that is worded; none is told by its message."""
    track(lena, "case_view", case_id="c1")
    run_due(jobs(), holder=new_holder(), regardless=True)
    assert set(ScheduledJob.objects.values_list("outcome", flat=True)) == {"done"}
    ScheduledJob.objects.update(message="English")
    with override("de"):
        said = [job_sentence(one) for one in counting_state(now=NOW).jobs]
    assert len(said) == len(jobs())
    assert "English" not in said
