"""Scheduled jobs: each by one worker, each on its time, and none stopped by another's failure."""

import logging
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.told import Told
from analytics.jobs import running
from analytics.jobs.registry import JOBS, Job, jobs
from analytics.jobs.running import run_alone, run_due
from analytics.models import ScheduledJob
from medsim_tracking.testing import NOW

HOURLY = Job("count_days", timedelta(hours=1))
DAILY = Job("purge_quarantine", timedelta(days=1))


@pytest.fixture
def calls(monkeypatch):
    """What was run, in the place of the commands."""
    made = []

    def call(command, stdout):
        made.append(command)
        stdout.write(f"{command} did it")

    monkeypatch.setattr(running, "call_command", call)
    return made


def names(ran):
    return [one.name for one in ran]


def test_a_job_runs_when_its_time_has_come(db, calls, clock):
    assert names(run_due([HOURLY, DAILY], holder="one")) == ["count_days", "purge_quarantine"]
    assert run_due([HOURLY, DAILY], holder="one") == []
    clock.forward(hours=1, seconds=1)
    assert names(run_due([HOURLY, DAILY], holder="one")) == ["count_days"]


def test_what_became_of_it_is_kept(db, calls):
    run_due([HOURLY], holder="one")
    row = ScheduledJob.objects.get(name="count_days")
    assert (row.outcome, row.message, row.holder) == ("done", "count_days did it", "")
    assert (row.finished_at, row.next_at >= NOW + timedelta(hours=1)) == (NOW, True)


def test_a_code_with_figures_is_kept_beside_the_sentence_and_goes_with_it(db, monkeypatch):
    said = Told("Days of 1,200 learners are kept.", "days_kept", learners=1200)
    monkeypatch.setattr(running, "call_command", lambda command, stdout: stdout.write(said) and said)
    run_due([HOURLY], holder="one")
    row = ScheduledJob.objects.get(name="count_days")
    assert (row.message, row.code, row.figures) == ("Days of 1,200 learners are kept.", "days_kept", {"learners": 1200})
    monkeypatch.setattr(running, "call_command", lambda command, stdout: 1 / 0)
    run_due([HOURLY], holder="one", regardless=True)
    row.refresh_from_db()
    assert (row.message, row.code, row.figures) == ("ZeroDivisionError: division by zero", "", {})


def test_a_message_that_was_cut_says_so(db, monkeypatch):
    monkeypatch.setattr(running, "call_command", lambda command, stdout: stdout.write("x" * 3000) and None)
    run_due([HOURLY], holder="one")
    kept = ScheduledJob.objects.get(name="count_days").message
    assert (len(kept), kept[-2:]) == (2000, "x…")


def test_a_job_that_another_worker_holds_is_left_to_it(db, calls, clock):
    ScheduledJob.objects.create(name="count_days", holder="other", held_until=NOW + timedelta(minutes=5))
    assert run_due([HOURLY], holder="one", regardless=True) == []
    # A worker that was killed has lost it by then.
    clock.forward(minutes=5, seconds=1)
    assert names(run_due([HOURLY], holder="one")) == ["count_days"]


def test_two_workers_take_turns_within_one_job(db, monkeypatch):
    inner = []

    def call(command, stdout):
        inner.extend(run_due([HOURLY], holder="two", regardless=True))

    monkeypatch.setattr(running, "call_command", call)
    assert names(run_due([HOURLY], holder="one")) == ["count_days"]
    assert inner == []


def test_a_job_that_fails_is_logged_and_stops_no_other(db, monkeypatch, caplog):
    def call(command, stdout):
        if command == "count_days":
            raise ValueError("no chalk left")
        stdout.write("fine")

    monkeypatch.setattr(running, "call_command", call)
    with caplog.at_level(logging.ERROR):
        ran = run_due([HOURLY, DAILY], holder="one")
    assert [(one.name, one.outcome) for one in ran] == [("count_days", "failed"), ("purge_quarantine", "done")]
    assert ScheduledJob.objects.get(name="count_days").message == "ValueError: no chalk left"
    assert "The job count_days failed." in caplog.text


def test_a_job_that_takes_long_rests_nine_times_as_long(db, calls, monkeypatch):
    ticks = iter([0.0, 1000.0])
    monkeypatch.setattr(running, "monotonic", lambda: next(ticks))
    run_due([HOURLY], holder="one")
    assert ScheduledJob.objects.get(name="count_days").next_at == NOW + timedelta(seconds=9000)


def test_a_reader_counts_only_where_no_worker_is_at_it(db):
    done = []
    assert run_alone("count_days", lambda: done.append(1)) is True
    ScheduledJob.objects.update(holder="worker", held_until=NOW + timedelta(minutes=1))
    assert run_alone("count_days", lambda: done.append(2)) is False
    assert done == [1]


def test_every_job_of_the_table_that_is_installed_is_run(db):
    assert {job.command for job in jobs()} <= {job.command for job in JOBS}
    assert {"count_days", "purge_quarantine"} <= {job.command for job in jobs()}


def test_the_command_runs_what_is_due_once(cast):
    output = StringIO()
    call_command("run_jobs", "--only", "count_days", stdout=output)
    assert output.getvalue().startswith("count_days: done. 0 days counted")
    output = StringIO()
    call_command("run_jobs", "--only", "count_days", stdout=output)
    assert output.getvalue() == ""


def test_the_command_refuses_a_job_it_does_not_know(db):
    with pytest.raises(CommandError, match="There is no job brew_tea"):
        call_command("run_jobs", "--only", "brew_tea")
