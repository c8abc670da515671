"""Real learners' data through the real doors, into SQLite and into PostgreSQL: the same answers on both.

    python -m benchmarks.real_data --help

The roster comes in by `import_people`, most of the log by `import_interactions`, its newest part by
`track-bulk` over HTTP with a token, from a server process of its own. Then everything is counted, and the
daily sums are recounted from the raw rows. Exits with 1 when the two databases disagree anywhere.
"""

import argparse
import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import date, timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOG, ROSTER = "interactions/oulad_aaa.jsonl.gz", "interactions/oulad_aaa_enrolments.csv"
SENDER, PASSWORD = "real-data", "counted twice is counted wrong"
DIGESTS = """
import hashlib, json
from django.db.models import Count, Sum
from interactions.models import Case, DailyActivity, Resource, UserInteractionTrackingModel as Interaction
from accounts.models import Enrolment, User
def digest(queryset, *names):
    marks = hashlib.sha256()
    for row in sorted(map(str, queryset.values_list(*names).iterator(chunk_size=5000))):
        marks.update(row.encode())
    return marks.hexdigest()[:16]
daily = [f.name for f in DailyActivity._meta.fields if f.name not in ("id", "user")]
print(json.dumps({
    "people": User.objects.count(), "enrolments": Enrolment.objects.count(),
    "interactions": Interaction.objects.count(), "daily rows": DailyActivity.objects.count(),
    "resources": Resource.objects.count(),
    "sum of scores": round(sum(Interaction.objects.values_list("engagement_score", flat=True).iterator()), 2),
    "sum of base units": DailyActivity.objects.aggregate(s=Sum("base_units"))["s"],
    "digest of scores": digest(Interaction.objects, "user__public_id", "event_id", "engagement_score", "day"),
    "digest of daily sums": digest(DailyActivity.objects, "user__public_id", *daily),
}))
"""
MAKE_SENDER = f"""
from accounts.models import User
User.objects.create_user({SENDER!r}, password={PASSWORD!r}, role="service")
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("MEDSIM_DATA_DIR", PROJECT.parent / "shared" / "data")
    parser.add_argument("--data", type=Path, default=Path(default), help="folder of the data (MEDSIM_DATA_DIR)")
    parser.add_argument("--postgresql", metavar="URL", help="an empty database; default: one is started by pip's wheel")
    parser.add_argument("--lines", type=int, default=0, help="only the first N lines of the log; default: all")
    parser.add_argument("--by-http", type=int, default=20_000, help="how many of the newest go over HTTP (20,000)")
    options = parser.parse_args()
    if not (options.data / LOG).exists():
        sys.exit(f"There is no {options.data / LOG}; name the folder with --data or MEDSIM_DATA_DIR.")

    with tempfile.TemporaryDirectory(prefix="medsim-real-data-") as folder:
        folder = Path(folder)
        old, new, shift = split(options.data / LOG, folder, options.lines, options.by_http)
        results = {}
        for name, url in databases(folder, options.postgresql):
            print(f"--- {name}", flush=True)
            results[name] = run(url, options.data / ROSTER, old, new, shift)
    return report(results)


def split(log: Path, folder: Path, lines: int, by_http: int) -> tuple[Path, list[dict], int]:
    """The older part as a file, the newest as JSON, and by how many days to shift so that it ends yesterday."""
    with gzip.open(log, "rt") as file:
        told = [line for number, line in enumerate(file) if not lines or number < lines]
    cut = max(0, len(told) - by_http)
    old = folder / "old.jsonl"
    old.write_text("".join(told[:cut]))
    newest = [json.loads(line) for line in told[cut:]]
    last = date.fromisoformat(json.loads(told[-1])["occurredAt"][:10])
    return old, newest, (date.today() - last).days - 1


def databases(folder: Path, postgresql: str | None):
    yield "SQLite", f"sqlite:///{folder / 'real.sqlite3'}"
    if postgresql:
        yield "PostgreSQL", postgresql
        return
    from medsim_tracking.tests.postgresql_server import TemporaryPostgreSQL

    server = TemporaryPostgreSQL()
    try:
        yield "PostgreSQL", server.url
    finally:
        server.stop()


def run(url: str, roster: Path, old: Path, new: list[dict], shift: int) -> dict:
    environment = os.environ | {"DATABASE_URL": url, "MEDSIM_TIME_ZONE": "UTC"}
    work = ["--work-dir", str(old.parent)]

    def manage(*words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    manage("migrate", "-v0")
    manage("import_people", str(roster), f"--shift-days={shift}", "--allow-refused", *work)
    began = time.perf_counter()
    print(manage("import_interactions", str(old), f"--shift-days={shift}", "--restart", *work))
    imported = time.perf_counter() - began
    manage("shell", "-c", MAKE_SENDER)
    answers, seconds = over_http(environment, shifted(new, shift))
    print(f"over HTTP: {answers}, {2 * len(new) / seconds:,.0f} a second")
    print(manage("recount_daily_activity"))
    figures = json.loads(manage("shell", "-v0", "-c", DIGESTS).splitlines()[-1])
    return figures | {"imported a second": round(sum(1 for _ in old.open()) / imported)}


def shifted(interactions: list[dict], days: int) -> list[dict]:
    def later(text: str) -> str:
        return (date.fromisoformat(text[:10]) + timedelta(days=days)).isoformat() + text[10:]

    return [interaction | {"occurredAt": later(interaction["occurredAt"])} for interaction in interactions]


def over_http(environment: dict, interactions: list[dict]) -> tuple[dict[str, int], float]:
    """Send everything twice through track-bulk; the counts of both times, and the seconds it took."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "rsgi", "--port", str(port)]
    server = subprocess.Popen(
        [*granian, "--host", "127.0.0.1", "--log-level", "error", "medsim_tracking.rsgi:application"],
        cwd=PROJECT,
        env=environment,
    )
    try:
        base = f"http://127.0.0.1:{port}/api"
        token = patiently(base + "/auth/token", {"username": SENDER, "password": PASSWORD})["access"]
        counts: dict[str, int] = {}
        began = time.perf_counter()
        for start in range(0, len(interactions), 1000):
            bulk = interactions[start : start + 1000]
            for time_sent in ("first", "again"):
                answer = post(base + "/interaction-tracking/track-bulk", bulk, token)
                for status in ("created", "duplicate", "conflict", "invalid", "refused"):
                    if answer[status]:
                        key = f"{status} ({time_sent})"
                        counts[key] = counts.get(key, 0) + answer[status]
        return counts, time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def post(url: str, body, token: str | None = None) -> dict:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def patiently(url: str, body: dict) -> dict:
    """The answer of a server that is still starting."""
    for _ in range(100):
        try:
            return post(url, body)
        except urllib.error.URLError:
            time.sleep(0.2)
    sys.exit("The server did not start.")


def report(results: dict[str, dict]) -> int:
    names = list(results)
    rows = list(results[names[0]])
    print(f"\n{'':24}" + "".join(f"{name:>20}" for name in names))
    differing = []
    for row in rows:
        values = [results[name][row] for name in names]
        print(
            f"{row:24}"
            + "".join(f"{value:>20,}" if isinstance(value, int | float) else f"{value:>20}" for value in values)
        )
        if row != "imported a second" and len(set(values)) > 1:
            differing.append(row)
    print(f"\nDiffering: {', '.join(differing)}" if differing else "\nThe same on both.")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
