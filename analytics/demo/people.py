"""Who is in the demo: three cohorts, their educators, and sixty learners with a story each. All invented."""

from datetime import date, timedelta
from typing import NamedTuple

from analytics.demo.catalogue import CARDIOLOGY, EMERGENCY, NEUROLOGY, SURGERY
from analytics.demo.stories import Story
from analytics.demo.terms import year_start

# The one place: README, the printed logins and the loader all take it from here.
DEMO_PASSWORD = "medsim-demo-2026"
MAIL_DOMAIN = "medsim.example"


class Person(NamedTuple):
    username: str
    name: str
    role: str


class Group(NamedTuple):
    slug: str
    name: str
    specialty: str
    educator: str


class Learner(NamedTuple):
    """number   his place in LEARNERS, from which his randomness is drawn
    since    days before the demo was loaded that he was enrolled; None: from the start of the year
    """

    number: int
    username: str
    name: str
    group: Group
    story: Story
    since: int | None

    def enrolled_from(self, anchor: date) -> date:
        return year_start(anchor) if self.since is None else anchor - timedelta(days=self.since)


class Leave(NamedTuple):
    """A pause `[start, end)` in days before the demo was loaded."""

    start: int
    end: int
    reason: str

    def days(self, anchor: date) -> tuple[date, date]:
        return anchor - timedelta(days=self.start), anchor - timedelta(days=self.end)


STAFF = (
    Person("ada", "Ada Okonkwo", "admin"),
    Person("edda", "Dr Edda Lindqvist", "educator"),
    Person("otto", "Dr Otto Brandt", "educator"),
    Person("sim", "Simulator", "service"),
)
CARDIOLOGY_A = Group("cardiology-a", "Cardiology A", CARDIOLOGY, "edda")
EMERGENCY_B = Group("emergency-medicine-b", "Emergency Medicine B", EMERGENCY, "edda")
SURGERY_C = Group("surgery-c", "Surgery C", SURGERY, "otto")
GROUPS = (CARDIOLOGY_A, EMERGENCY_B, SURGERY_C)
# Different cases that each learner of a group is to complete, by specialty; of his own field six.
PLANNED_OWN, PLANNED = 6, {EMERGENCY: 5, CARDIOLOGY: 4, NEUROLOGY: 2}
LEAVE = {"jonas": Leave(91, 24, "Parental leave"), "hana": Leave(70, 17, "Sick leave")}

_SINCE = {Story.NEW: (11, 4, 18), Story.NEVER_STARTED: (40,)}
# One line a learner: name, group, story. Those of the first lines sign in by their given name alone.
_KNOWN = (
    ("Lena Hoffmann", CARDIOLOGY_A, Story.STEADY),
    ("Milo Kovač", EMERGENCY_B, Story.FADING),
    ("Amara Diallo", CARDIOLOGY_A, Story.CRAMMER),
    ("Jonas Berg", CARDIOLOGY_A, Story.RETURNED),
    ("Priya Raman", EMERGENCY_B, Story.CLICKS_THROUGH),
    ("Kofi Mensah", CARDIOLOGY_A, Story.STRUGGLING),
    ("Sofia Marchetti", EMERGENCY_B, Story.NEW),
    ("Tomás Rivera", CARDIOLOGY_A, Story.QUIET),
    ("Yuki Tanaka", EMERGENCY_B, Story.NEVER_STARTED),
    ("Noor Haddad", EMERGENCY_B, Story.KEEN),
    ("Hana Novotná", SURGERY_C, Story.RETURNED),
    ("Bilal Rahman", SURGERY_C, Story.FADING),
)
_OTHERS = (
    ("Aisha Bello", CARDIOLOGY_A, Story.STEADY),
    ("Mateo Fernández", CARDIOLOGY_A, Story.STEADY),
    ("Ingrid Solheim", CARDIOLOGY_A, Story.KEEN),
    ("Rohan Desai", CARDIOLOGY_A, Story.STEADY),
    ("Chloé Laurent", CARDIOLOGY_A, Story.QUIET),
    ("Emeka Obi", CARDIOLOGY_A, Story.STEADY),
    ("Mei-Ling Zhou", CARDIOLOGY_A, Story.STEADY),
    ("Oskar Wiśniewski", CARDIOLOGY_A, Story.CLICKS_THROUGH),
    ("Layla Mansour", CARDIOLOGY_A, Story.STEADY),
    ("Daniel Osei", CARDIOLOGY_A, Story.STEADY),
    ("Freya Jónsdóttir", CARDIOLOGY_A, Story.STEADY),
    ("Luca Bianchi", CARDIOLOGY_A, Story.NEW),
    ("Anjali Perera", CARDIOLOGY_A, Story.KEEN),
    ("Pavel Dvořák", CARDIOLOGY_A, Story.STEADY),
    ("Zeynep Kaya", CARDIOLOGY_A, Story.QUIET),
    ("Grace Wanjiru", EMERGENCY_B, Story.STEADY),
    ("Hugo Lefèvre", EMERGENCY_B, Story.STEADY),
    ("Siti Rahayu", EMERGENCY_B, Story.STEADY),
    ("Anders Holm", EMERGENCY_B, Story.QUIET),
    ("Beatriz Carvalho", EMERGENCY_B, Story.CRAMMER),
    ("Kwame Boateng", EMERGENCY_B, Story.STEADY),
    ("Nadia Petrova", EMERGENCY_B, Story.STRUGGLING),
    ("Farid Karimi", EMERGENCY_B, Story.STEADY),
    ("Elif Demir", EMERGENCY_B, Story.KEEN),
    ("Callum Fraser", EMERGENCY_B, Story.STEADY),
    ("Thuy Nguyen", EMERGENCY_B, Story.STEADY),
    ("Irina Popescu", EMERGENCY_B, Story.QUIET),
    ("Samuel Adeyemi", EMERGENCY_B, Story.STEADY),
    ("Marit de Vries", EMERGENCY_B, Story.STEADY),
    ("Vikram Shetty", EMERGENCY_B, Story.CLICKS_THROUGH),
    ("Selin Aydın", SURGERY_C, Story.STEADY),
    ("Nils Bergström", SURGERY_C, Story.STEADY),
    ("Fatou Sarr", SURGERY_C, Story.STEADY),
    ("Joaquín Morales", SURGERY_C, Story.CRAMMER),
    ("Katarzyna Zielińska", SURGERY_C, Story.KEEN),
    ("Omar Farouk", SURGERY_C, Story.STEADY),
    ("Ngozi Eze", SURGERY_C, Story.STRUGGLING),
    ("Liam Gallagher-Boyd", SURGERY_C, Story.QUIET),
    ("Hye-jin Park", SURGERY_C, Story.STEADY),
    ("Andrei Ionescu", SURGERY_C, Story.STEADY),
    ("Maren Schulz", SURGERY_C, Story.STEADY),
    ("Tariq Aziz-Khan", SURGERY_C, Story.CLICKS_THROUGH),
    ("Isabela Souza", SURGERY_C, Story.NEW),
    ("Mikkel Lund", SURGERY_C, Story.STEADY),
    ("Wanjiku Kamau", SURGERY_C, Story.KEEN),
    ("Petra Horvat", SURGERY_C, Story.QUIET),
    ("Dmitri Sokolov", SURGERY_C, Story.QUIET),
    ("Leila Benali", SURGERY_C, Story.STEADY),
)


def _learners() -> tuple[Learner, ...]:
    since = {story: list(days) for story, days in _SINCE.items()}
    learners = []
    for number, (name, group, story) in enumerate((*_KNOWN, *_OTHERS)):
        plain = _plain(name)
        username = plain.split(".")[0] if number < len(_KNOWN) else plain
        days = since[story].pop(0) if story in since else None
        learners.append(Learner(number, username, name, group, story, days))
    return tuple(learners)


def _plain(name: str) -> str:
    letters = str.maketrans("áčéèířšúýžąęćłńóśźżöüıðßÁČÉøåñç", "aceeirsuyzaeclnoszzouidsACEoanc")
    return ".".join(name.lower().translate(letters).replace("-", " ").split())


LEARNERS = _learners()
STORY_TELLERS = LEARNERS[: len(_KNOWN)]
