"""The filters of a page, cleaned from its URL. What cannot be read filters nothing."""

from django import forms

from analytics.figures import UNMEASURED
from analytics.words import LEVEL_WORDS, NO_LEVEL


class CohortFilter(forms.Form):
    """Which learners of a cohort: `q` in the name, `level`, `attention=1`."""

    q = forms.CharField(label="Name", required=False, max_length=200)
    level = forms.ChoiceField(
        label="Level", required=False, choices=[("", "Any"), *reversed(LEVEL_WORDS.items()), (UNMEASURED, NO_LEVEL)]
    )
    attention = forms.BooleanField(label="Only who may need you", required=False)

    def cleaned(self) -> dict:
        """The readable filters; a page with a mistyped filter shows more, never an error."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
