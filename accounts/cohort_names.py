"""Which cohort a roster means: by slug, by name, or a new slug made from the name."""

import unicodedata
from collections.abc import Iterable
from hashlib import sha256

from django.utils.text import slugify

from accounts.models import Cohort

SLUG_LENGTH = 64
_MARK_LENGTH = 8


def slug_of(name: str) -> str:
    """A slug for a cohort's name; names that differ in letters or digits have different slugs.

    Where slugify would drop letters (another script) or the name is too long, a short hash of the whole
    name keeps two cohorts apart. Case, blanks and punctuation do not tell cohorts apart.
    """
    slug = slugify(name)
    kept = unicodedata.normalize("NFKD", name)
    lossy = any(letter.isalnum() and not letter.isascii() for letter in kept)
    if slug and not lossy and len(slug) <= SLUG_LENGTH:
        return slug
    mark = sha256(name.encode()).hexdigest()[:_MARK_LENGTH]
    return f"{slug[: SLUG_LENGTH - _MARK_LENGTH - 1].strip('-') or 'cohort'}-{mark}"


class CohortNames:
    """The stored cohorts, found by what a roster calls them."""

    def __init__(self, cohorts: Iterable[Cohort]):
        self.stored = {cohort.slug: cohort for cohort in cohorts}
        self._slugs = {cohort.name.casefold(): slug for slug, cohort in self.stored.items()}

    def slug(self, cell: str) -> str:
        """The slug of the cohort that a cell means; it need not be stored yet."""
        return cell if cell in self.stored else self._slugs.get(cell.casefold()) or slug_of(cell)
