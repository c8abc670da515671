"""A field of choices is written as Django would write it."""

from django import forms

from analytics.forms.choices import Choices

CHOICES = [("", "Any"), ("<a>", 'One & "another"'), ("b", "B")]


class Form(forms.Form):
    ours = forms.ChoiceField(choices=CHOICES, widget=Choices)
    theirs = forms.ChoiceField(choices=CHOICES)


def written(field: str, value: str) -> str:
    return str(Form({"ours": value, "theirs": value})[field]).replace(field, "field")


def test_choices_are_written_as_djangos_are():
    for value in ("", "<a>", "b"):
        assert written("ours", value) == written("theirs", value)
        assert written("ours", value).count(" selected") == 1
