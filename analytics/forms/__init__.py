"""Forms of the pages."""

from analytics.forms.filters import FilterForm

__all__ = ["FilterForm"]
