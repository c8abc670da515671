"""One run on both databases, told as one: SQLite in a child process, then PostgreSQL in this one.

The child sends its reports through a pipe and they are told here as if the tests had run here, marked
`[sqlite]`. So the summary, the list of failures and the exit status are those of the whole.
"""

import json
import os
import subprocess
import sys
import tempfile

import pytest

MARK = " [sqlite]"


class ReportSender:
    """In the child: every step of every test, one JSON line each."""

    def __init__(self, config):
        self.config = config
        self.lines = open(config.option.report_to, "w", buffering=1)  # noqa: SIM115 - open for the whole run

    def _send(self, step: str, **told) -> None:
        self.lines.write(json.dumps({"step": step, **told}, default=str) + "\n")

    def pytest_runtest_logstart(self, nodeid, location):
        self._send("start", nodeid=nodeid, location=location)

    def pytest_runtest_logreport(self, report):
        self._send("report", report=self.config.hook.pytest_report_to_serializable(config=self.config, report=report))

    def pytest_runtest_logfinish(self, nodeid, location):
        self._send("finish", nodeid=nodeid, location=location)

    def pytest_unconfigure(self):
        self.lines.close()


class BothDatabases:
    """In the parent: the child's run first, then our own."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session):
        if session.testsfailed or session.config.option.collectonly or not session.items:
            return (yield)
        terminal = session.config.pluginmanager.get_plugin("terminalreporter")
        session.testscollected *= 2
        terminal.write_sep("-", "SQLite")
        self._run_on_sqlite(session)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        terminal.ensure_newline()
        terminal.write_sep("-", "PostgreSQL")
        # pytest takes failures before the loop for failures of the collection, and would not start it.
        failed_on_sqlite, session.testsfailed = session.testsfailed, 0
        try:
            return (yield)
        finally:
            session.testsfailed += failed_on_sqlite

    def _run_on_sqlite(self, session) -> None:
        config = session.config
        reading, writing = os.pipe()
        command = [sys.executable, "-m", "pytest", *config.invocation_params.args, "--database=sqlite"]
        command += [f"--report-to={writing}", "-p", "no:cacheprovider"]
        with tempfile.TemporaryFile("w+") as output, open(reading) as lines:
            child = subprocess.Popen(
                command, cwd=config.invocation_params.dir, stdout=output, stderr=output, pass_fds=[writing]
            )
            os.close(writing)
            try:
                for line in lines:
                    _tell(config, json.loads(line))
                status = child.wait()
            finally:
                child.terminate()
                child.wait()
            if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
                output.seek(0)
                _tell_broken_run(config, status, output.read())


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
