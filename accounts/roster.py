"""Taking over a school's roster: people, cohorts, enrolments and who teaches whom.

One transaction. Lines are judged first and written afterwards, in sets, so a refused line leaves nothing
behind and ten thousand lines cost a handful of queries. The same file twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model

from accounts.cohort_names import CohortNames
from accounts.enrolment_plan import EnrolmentPlan, plan_enrolments
from accounts.models import Cohort, Enrolment, User
from accounts.roster_file import Entry, Refused, RosterFile, read_entry
from accounts.usernames import usernames_for

BATCH = 1000
Kind = Literal["people", "cohorts", "enrolments", "teaching"]
KINDS: tuple[Kind, ...] = ("people", "cohorts", "enrolments", "teaching")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was not taken: where, why (stable code, sentence), and whom it names."""

    line: int
    code: str
    detail: str
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing made or altered, and the line that asked for it."""

    line: int
    kind: Kind
    created: bool
    what: str


@dataclass
class RosterReport:
    """What became of a roster.

    unchanged   by kind, how much stood already as the file says
    repeated    (line, earlier line) of each line that says what an earlier one said, and so says nothing
    """

    lines: int = 0
    changes: list[Change] = field(default_factory=list)
    unchanged: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    refused: list[Refusal] = field(default_factory=list)
    repeated: list[tuple[int, int]] = field(default_factory=list)

    def count(self, kind: Kind, *, created: bool) -> int:
        return sum(change.kind == kind and change.created is created for change in self.changes)


def import_roster(*, roster: RosterFile, today: date, shift_days: int = 0, dry_run: bool = False) -> RosterReport:
    """Create and update what the roster names; lines that cannot be taken are in the report.

    today     where a new enrolment starts that names no start
    dry_run   everything happens, is reported, and is rolled back
    """
    report = RosterReport(lines=len(roster.rows))
    with transaction.atomic():
        _Import(report, today).run(_entries(roster, shift_days, report))
        transaction.set_rollback(dry_run or transaction.get_rollback())
    report.refused.sort(key=lambda refusal: refusal.line)
    report.changes.sort(key=lambda change: change.line)
    return report


def _entries(roster: RosterFile, shift_days: int, report: RosterReport) -> list[Entry]:
    entries = []
    said: dict[tuple, int] = {}
    for line, cells in roster.rows:
        try:
            entry = read_entry(roster, line, cells, shift_days)
        except Refused as refused:
            position = roster.columns["public_id"]
            named = cells[position].strip() if position < len(cells) else ""
            report.refused.append(Refusal(line, refused.code, refused.detail, named))
        else:
            earlier = said.setdefault(entry.says, line)
            if earlier == line:
                entries.append(entry)
            else:
                report.repeated.append((line, earlier))
    return entries


@dataclass
class _Person:
    """What all lines of one public id say together; the first word stands."""

    line: int
    role: str
    name: str = ""
    email: str = ""


class _Import:
    """One run: what is stored, what is refused, and the steps that share both."""

    def __init__(self, report: RosterReport, today: date):
        self.report = report
        self.today = today

    def run(self, entries: list[Entry]) -> None:
        self.users = User.objects.in_bulk({entry.public_id for entry in entries}, field_name="public_id")
        self.cohorts = CohortNames(Cohort.objects.all())
        entries = self._of_one_mind(entries)
        taught = [entry for entry in entries if entry.cohort and self._role(entry) == User.Role.EDUCATOR]
        learned = [entry for entry in entries if entry.cohort and self._role(entry) == User.Role.STUDENT]
        plan = self._plan(learned)

        refused = {refusal.line for refusal in self.report.refused}
        self._write_people([entry for entry in entries if entry.line not in refused])
        self._write_cohorts(entry for entry in entries if entry.cohort and entry.line not in refused)
        self._write_enrolments(plan)
        self._write_teaching(taught)

    def _role(self, entry: Entry) -> str:
        """The role a person has or will have: the stored one, else the one his first line gives."""
        stored = self.users.get(entry.public_id)
        return stored.role if stored else self.people[entry.public_id].role

    def _refuse(self, entry: Entry, code: str, detail: str) -> None:
        self.report.refused.append(Refusal(entry.line, code, detail, entry.public_id))

    def _of_one_mind(self, entries: list[Entry]) -> list[Entry]:
        """The entries that contradict neither what is stored about a role nor an earlier line."""
        self.people: dict[str, _Person] = {}
        agreed = []
        for entry in entries:
            stored = self.users.get(entry.public_id)
            known = self.people.get(entry.public_id)
            standing = stored.role if stored else known.role if known else entry.role or User.Role.STUDENT
            if entry.role and entry.role != standing:
                # A role opens and closes doors, so a file never changes one in passing.
                where = "is stored" if stored else f"stands on line {known.line}"
                detail = f"{entry.public_id} {where} as {standing}; an admin may change it."
                self._refuse(entry, "role_conflict", detail)
                continue
            if entry.cohort and standing not in (User.Role.STUDENT, User.Role.EDUCATOR):
                self._refuse(entry, "no_cohort_for_role", f"A person with the role {standing} belongs to no cohort.")
                continue
            if known is None:
                known = self.people[entry.public_id] = _Person(entry.line, standing)
            contradicted = [
                name
                for name in ("name", "email")
                if getattr(entry, name) and getattr(known, name) not in ("", getattr(entry, name))
            ]
            if contradicted:
                detail = f"Line {known.line} tells another {' and '.join(contradicted)} of {entry.public_id}."
                self._refuse(entry, "conflicting_line", detail)
                continue
            known.name, known.email = known.name or entry.name, known.email or entry.email
            agreed.append(entry)
        return agreed

    def _plan(self, learned: list[Entry]) -> list[EnrolmentPlan]:
        """What each learner's line does to his enrolments; overlapping lines are refused."""
        asked: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in learned:
            asked[entry.public_id, self.cohorts.slug(entry.cohort)].append(entry)
        stored: dict[tuple[str, str], list[Enrolment]] = defaultdict(list)
        slugs = {slug for _, slug in asked}
        keys = sorted(self.users[public_id].pk for public_id, _ in asked if public_id in self.users)
        for chunk in _chunks(keys):
            rows = Enrolment.objects.filter(learner__in=chunk, cohort__slug__in=slugs)
            for row in rows.select_related("learner", "cohort"):
                stored[row.learner.public_id, row.cohort.slug].append(row)
        plans = []
        for key, entries in asked.items():
            planned, refused = plan_enrolments(entries, stored[key], self.today)
            plans += planned
            for entry, fault in refused:
                self._refuse(entry, fault.code, fault.detail)
        return plans

    def _write_people(self, entries: list[Entry]) -> None:
        told: dict[str, _Person] = {}
        for entry in entries:
            person = told.setdefault(entry.public_id, _Person(entry.line, self._role(entry)))
            person.name, person.email = person.name or entry.name, person.email or entry.email
        # A learner whom a simulator named first gets a username one can sign in with.
        unnamed = {key for key in told if key in self.users and self.users[key].username == f"learner:{key}"}
        usernames = usernames_for([key for key in told if key not in self.users or key in unnamed])
        new, changed = [], []
        for public_id, person in told.items():
            user = self.users.get(public_id)
            if user is None:
                new.append(_new_user(public_id, usernames[public_id], person))
                self._note(person.line, "people", True, f"{person.role} {public_id}")
                continue
            told_of = {"name": person.name, "email": person.email}
            news = {name: value for name, value in told_of.items() if value and value != getattr(user, name)}
            if public_id in unnamed:
                news["username"] = usernames[public_id]
            if news:
                for name, value in news.items():
                    setattr(user, name, value)
                changed.append(user)
                self._note(person.line, "people", False, f"{public_id}: {', '.join(news)}")
            else:
                self.report.unchanged["people"] += 1
        self.users |= {user.public_id: user for user in User.objects.bulk_create(new, batch_size=BATCH)}
        # In the order of keys, as the writer of interactions locks them, so that the two never deadlock.
        changed.sort(key=lambda user: user.pk)
        for chunk in _chunks(changed):
            locked = User.objects.select_for_update(no_key=True).filter(pk__in=[user.pk for user in chunk])
            list(locked.order_by("pk").values("pk"))
            _update(chunk, ["name", "email", "username"])

    def _write_cohorts(self, entries: Iterable[Entry]) -> None:
        new: dict[str, Cohort] = {}
        unchanged = set()
        for entry in entries:
            slug = self.cohorts.slug(entry.cohort)
            if slug in self.cohorts.stored:
                unchanged.add(slug)
            elif slug not in new:
                new[slug] = Cohort(slug=slug, name=entry.cohort)
                self._note(entry.line, "cohorts", True, f"{entry.cohort} ({slug})")
        self.report.unchanged["cohorts"] = len(unchanged)
        self.cohorts.stored |= {cohort.slug: cohort for cohort in Cohort.objects.bulk_create(new.values())}

    def _write_enrolments(self, plans: list[EnrolmentPlan]) -> None:
        new, changed = [], []
        for plan in plans:
            span = f"{plan.start} to {plan.end}" if plan.end else f"from {plan.start}"
            what = f"{plan.entry.public_id} in {plan.entry.cohort} {span}"
            stored = plan.stored
            if stored is None:
                learner, slug = self.users[plan.entry.public_id], self.cohorts.slug(plan.entry.cohort)
                new.append(Enrolment(learner=learner, cohort=self.cohorts.stored[slug], start=plan.start, end=plan.end))
                self._note(plan.entry.line, "enrolments", True, what)
            elif (stored.start, stored.end) != (plan.start, plan.end):
                stored.start, stored.end = plan.start, plan.end
                changed.append(stored)
                self._note(plan.entry.line, "enrolments", False, what)
            else:
                self.report.unchanged["enrolments"] += 1
        _update(changed, ["start", "end"])
        Enrolment.objects.bulk_create(new, batch_size=BATCH)

    def _write_teaching(self, entries: list[Entry]) -> None:
        through = Cohort.educators.through
        stored = set(through.objects.values_list("user", "cohort"))
        new = []
        for entry in entries:
            user, cohort = self.users[entry.public_id], self.cohorts.stored[self.cohorts.slug(entry.cohort)]
            if (user.pk, cohort.pk) in stored:
                self.report.unchanged["teaching"] += 1
                continue
            stored.add((user.pk, cohort.pk))
            new.append(through(user=user, cohort=cohort))
            self._note(entry.line, "teaching", True, f"{entry.public_id} teaches {cohort.name}")
        through.objects.bulk_create(new, batch_size=BATCH)

    def _note(self, line: int, kind: Kind, created: bool, what: str) -> None:
        self.report.changes.append(Change(line, kind, created, what))


def _new_user(public_id: str, username: str, person: _Person) -> User:
    # bulk_create passes save() by, which would set the admin flags by the role.
    is_admin = person.role == User.Role.ADMIN
    return User(
        public_id=public_id,
        username=username,
        name=person.name,
        email=person.email,
        role=person.role,
        password=make_password(None),
        is_staff=is_admin,
        is_superuser=is_admin,
    )


def _update(rows: list[Model], fields: list[str]) -> None:
    """Write these fields of stored rows. An upsert: bulk_update's CASE for each row takes three times as long."""
    if rows:
        manager = type(rows[0]).objects
        manager.bulk_create(rows, BATCH, update_conflicts=True, update_fields=fields, unique_fields=["pk"])


def _chunks(items: list) -> Iterable[list]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
