"""One run on both databases, told as one: PostgreSQL in this process, and SQLite in a child beside it.

The child writes its reports to a file and they are told here as if the tests had run here, marked `[sqlite]`. So
the summary, the list of failures and the exit status are those of the whole.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

MARK = " [sqlite]"


class ReportSender:
    """In the child: every step of every test, one JSON line each."""

    def __init__(self, config):
        self.config = config
        self.parent = os.getppid()
        self.lines = open(config.option.report_to, "w", buffering=1)  # noqa: SIM115 - open for the whole run

    def _send(self, step: str, **told) -> None:
        self.lines.write(json.dumps({"step": step, **told}, default=str) + "\n")

    def pytest_runtest_logstart(self, nodeid, location):
        if os.getppid() != self.parent:
            pytest.exit("The run that this is a part of is gone.")
        self._send("start", nodeid=nodeid, location=location)

    def pytest_runtest_logreport(self, report):
        self._send("report", report=self.config.hook.pytest_report_to_serializable(config=self.config, report=report))

    def pytest_runtest_logfinish(self, nodeid, location):
        self._send("finish", nodeid=nodeid, location=location)

    def pytest_unconfigure(self):
        self.lines.close()


class BothDatabases:
    """In the parent: our own run and the child's at the same time; the child's is told after ours."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session):
        if session.testsfailed or session.config.option.collectonly or not session.items:
            return (yield)
        terminal = session.config.pluginmanager.get_plugin("terminalreporter")
        session.testscollected *= 2
        with _running_on_sqlite(session.config) as tell_of_sqlite:
            terminal.write_sep("-", "PostgreSQL, and SQLite beside it")
            result = yield
            terminal.ensure_newline()
            terminal.write_sep("-", "SQLite")
            tell_of_sqlite()
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        return result


@contextmanager
def _running_on_sqlite(config) -> Iterator[Callable[[], None]]:
    """The same run in a child process, ended with the block at the latest. Yields what tells its reports to the end."""
    command = [sys.executable, "-m", "pytest", *config.invocation_params.args, "--database=sqlite"]
    # A file, not a pipe: nobody reads before our own run is over, and a reading thread would make it one of several.
    with tempfile.TemporaryFile() as reports, tempfile.TemporaryFile("w+") as output:
        command += [f"--report-to={reports.fileno()}", "-p", "no:cacheprovider"]
        child = subprocess.Popen(
            command, cwd=config.invocation_params.dir, stdout=output, stderr=output, pass_fds=[reports.fileno()]
        )

        def tell() -> None:
            for line in _lines_until_the_end(reports.fileno(), child):
                _tell(config, json.loads(line))
            if child.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
                output.seek(0)
                _tell_broken_run(config, child.returncode, output.read())

        try:
            yield tell
        finally:
            child.terminate()
            child.wait()


def _lines_until_the_end(file: int, child: subprocess.Popen) -> Iterator[bytes]:
    """Whole lines, as the child writes them. The place in the file is the child's, so ours is kept here."""
    place, begun = 0, b""
    while True:
        ended = child.poll() is not None
        while part := os.pread(file, 1 << 16, place):
            place += len(part)
            *lines, begun = (begun + part).split(b"\n")
            yield from lines
        if ended:
            return
        time.sleep(0.05)


def _tell(config, told: dict) -> None:
    if told["step"] == "report":
        report = config.hook.pytest_report_from_serializable(config=config, data=_marked(told["report"]))
        config.hook.pytest_runtest_logreport(report=report)
        return
    told = _marked(told)
    tell = config.hook.pytest_runtest_logstart if told["step"] == "start" else config.hook.pytest_runtest_logfinish
    tell(nodeid=told["nodeid"], location=tuple(told["location"]))


def _marked(told: dict) -> dict:
    file, line, name = told["location"]
    return told | {"nodeid": told["nodeid"] + MARK, "location": [file, line, name + MARK]}


def _tell_broken_run(config, status: int, output: str) -> None:
    """A child that did not come to its end is a failure of its own, with all that it printed."""
    report = pytest.TestReport(
        nodeid=f"the run{MARK}",
        location=("", None, f"the run{MARK}"),
        keywords={},
        outcome="failed",
        longrepr=f"The run on SQLite ended with exit status {status}:\n{output}",
        when="call",
    )
    config.hook.pytest_runtest_logreport(report=report)
