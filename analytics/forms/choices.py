"""A field of few choices, written at once: Django renders a template for each option, and one for its attributes."""

from collections.abc import Mapping

from django import forms
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


class Choices(forms.Select):
    """Says the same as its parent, to the last sign."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        options = [
            f"  <option{_attributes({'value': option['value']} | option['attrs'])}>"
            f"{conditional_escape(option['label'])}</option>"
            for _, group, _ in widget["optgroups"]
            for option in group
        ]
        opening = f"<select{_attributes({'name': name} | widget['attrs'])}>"
        return mark_safe("\n".join([opening, "\n\n".join(options), "\n</select>"]))


def _attributes(told: Mapping[str, object]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in told.items()
        if value is not False
    )
