"""The filters of a page: one form for all pages, in the address, remembered, and never the cause of an error."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext, gettext_lazy

from accounts.models import Cohort
from analytics.figures import UNMEASURED
from analytics.forms.choices import Choices
from analytics.words import LEVEL_WORDS, NO_LEVEL, difficulty_words
from interactions.models import Case
from interactions.windows import DEFAULT_RANGE

RANGE_WORDS = {
    "7d": gettext_lazy("7 days"),
    "30d": gettext_lazy("30 days"),
    "90d": gettext_lazy("90 days"),
    "365d": gettext_lazy("365 days"),
    "all": gettext_lazy("All"),
}
DEFAULTS = {"timeRange": DEFAULT_RANGE}
# What somebody looks for once is not what he wants to find filtered tomorrow.
FLEETING = {"q", "attention"}
MEMORY, RESET = "filters", "reset"
LONGEST_TOLD = 40
ANY = ("", gettext_lazy("Any"))


class FilterForm(forms.Form):
    """Reads the address of a page. The names are the API's own.

    A page names the fields that its figures honour, so that no field stands there without effect. What cannot be
    read filters nothing, and `complaints` says so.
    """

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=200)
    cohort = forms.ChoiceField(label=gettext_lazy("Cohort"), required=False, widget=Choices)
    timeRange = forms.ChoiceField(label=gettext_lazy("Period"), required=False, choices=[*RANGE_WORDS.items()])
    specialty = forms.ChoiceField(label=gettext_lazy("Specialty"), required=False, widget=Choices)
    difficulty = forms.ChoiceField(label=gettext_lazy("Difficulty"), required=False, widget=Choices)
    level = forms.ChoiceField(
        label=gettext_lazy("Level"),
        required=False,
        widget=Choices,
        choices=[ANY, *reversed(LEVEL_WORDS.items()), (UNMEASURED, NO_LEVEL)],
    )
    attention = forms.BooleanField(label=gettext_lazy("Only who may need you"), required=False)

    def __init__(self, request: HttpRequest, shows: Iterable[str]):
        super().__init__(request.GET)
        self.request = request
        shows = set(shows)
        self.fields = {name: field for name, field in self.fields.items() if name in shows}
        if "cohort" in shows:
            cohorts = Cohort.objects.visible_to(request.user).order_by("name", "pk")
            self.fields["cohort"].choices = [ANY, *cohorts.values_list("slug", "name")]
        for name in {"specialty", "difficulty"} & shows:
            told = difficulty_words if name == "difficulty" else str
            self.fields[name].choices = [ANY, *((value, told(value)) for value in _catalogue_values(name))]
        self.is_valid()

    @property
    def chosen(self) -> dict[str, str | bool]:
        """What can be read and is not the default anyway."""
        return {name: value for name, value in self.cleaned_data.items() if value and value != DEFAULTS.get(name)}

    def value_of(self, name: str) -> str:
        """The chosen value, else the default, else an empty text."""
        return self.cleaned_data.get(name) or DEFAULTS.get(name, "")

    @property
    def is_filtered(self) -> bool:
        return bool(self.chosen)

    def query(self, **changes: str | None) -> str:
        """The query string of what is chosen, with some parameters added or (None) left out."""
        told = {name: "1" if value is True else value for name, value in self.chosen.items()} | changes
        return urlencode({name: value for name, value in told.items() if value is not None})

    @property
    def complaints(self) -> list[str]:
        """For each value that cannot be read: which, and what is shown instead."""
        return [self._complaint(name) for name in self.errors]

    def _complaint(self, name: str) -> str:
        value = "".join(sign for sign in self.request.GET.get(name, "") if sign.isprintable())
        told = {"value": value[:LONGEST_TOLD], "field": self.fields[name].label}
        if name in DEFAULTS:
            told["instead"] = dict(self.fields[name].choices)[DEFAULTS[name]]
            return gettext("“%(value)s” is no choice of “%(field)s”; shown is: %(instead)s.") % told
        return gettext("“%(value)s” is no choice of “%(field)s”, so it filters nothing.") % told

    @property
    def ranges(self) -> list[tuple[str, str, bool]]:
        """(query string, words, is chosen) of each period, for pages that have one."""
        if "timeRange" not in self.fields:
            return []
        shown = self.value_of("timeRange")
        return [(self.query(timeRange=name), words, name == shown) for name, words in RANGE_WORDS.items()]

    @property
    def rows(self) -> list[forms.BoundField]:
        """The fields of the form proper: periods are links."""
        return [field for field in self if field.name != "timeRange"]

    # --- What is remembered, in the session of the person --------------------------------------------------

    def settle(self) -> str | None:
        """Keep what the address says; where it says nothing, the address to go to instead, with what was kept.

        The filters stay in the address either way, so a copied address shows what its sender saw. `?reset=1`
        forgets what this page's fields were set to.
        """
        asked, kept = self.request.GET, self.request.session.get(MEMORY, {})
        lasting = self.fields.keys() - FLEETING
        others = {name: value for name, value in kept.items() if name not in lasting}
        if RESET in asked:
            self._keep(others)
            return self._address({name: None for name in [RESET, *self.fields]})
        if self.fields.keys() & asked.keys():
            if lasting & asked.keys():
                self._keep(others | {name: value for name, value in self.chosen.items() if name in lasting})
            return None
        mine = {name: value for name, value in kept.items() if name in lasting}
        return self._address(mine) if mine else None

    def _keep(self, filters: dict) -> None:
        if filters != self.request.session.get(MEMORY, {}):
            self.request.session[MEMORY] = filters

    def _address(self, changes: dict[str, str | None]) -> str:
        told = self.request.GET.dict() | changes
        query = urlencode({name: value for name, value in told.items() if value is not None})
        # A case's id, and a public id, may hold what means something in an address.
        return escape_uri_path(self.request.path) + (f"?{query}" if query else "")


def _catalogue_values(name: str) -> list[str]:
    """The values of a case's field, as they are written in the catalogue (1 query)."""
    return list(Case.objects.exclude(**{name: ""}).values_list(name, flat=True).distinct().order_by(name))
