"""The header's links. A page gets one by a line here, and shows there once its address exists."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from accounts.models import User


def _teaches(user: User) -> bool:
    return user.is_educator or user.is_admin


@dataclass(frozen=True, slots=True)
class Place:
    """url_name: of an address without parameters. within: names of the pages that belong to it, lit up with it."""

    url_name: str
    words: str
    is_for: Callable[[User], bool] = _teaches
    within: tuple[str, ...] = ()


PLACES = (
    Place("home", gettext_lazy("Today")),
    Place("cohorts", gettext_lazy("Cohorts"), within=("cohort",)),
    Place("cases", gettext_lazy("Cases"), within=("case",)),
    Place("patterns", gettext_lazy("Patterns")),
    Place("live", gettext_lazy("Live")),
    Place("debrief", gettext_lazy("Debrief"), within=("debrief-of",)),
    Place("me", gettext_lazy("My learning"), is_for=lambda user: user.is_student),
    Place("data-quality", gettext_lazy("Data quality"), is_for=lambda user: user.is_admin),
    Place("admin:index", gettext_lazy("Administration"), is_for=lambda user: user.is_admin),
)


@dataclass(frozen=True, slots=True)
class NavLink:
    """current: aria-current's word, "" elsewhere."""

    url: str
    words: str
    current: str


def links_for(user: User, at: str = "") -> list[NavLink]:
    """The links of this role whose pages exist. at: the name of the page that shows them."""
    found = []
    for place in PLACES:
        if place.is_for(user):
            try:
                url = reverse(place.url_name)
            except NoReverseMatch:
                continue
            current = "page" if at == place.url_name else "true" if at in place.within else ""
            found.append(NavLink(url, str(place.words), current))
    return found
