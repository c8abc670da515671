"""The model admin of tables that only the writer writes and nobody counts."""

from collections.abc import Sequence

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from interactions.admin.changelist import KeysetChangeList


class ReadOnlyAdmin(admin.ModelAdmin):
    """To be looked at. Everything that would change a row is refused, also to one who forges the request."""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        # Django answers a forged bulk action with the list, as if nothing had been asked.
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return super().changelist_view(request, extra_context)


class LargeTableAdmin(ReadOnlyAdmin):
    """A read-only list of any length.

    along        the indexed field by which the whole table is listed, newest first
    along_walks  the field by which the rows of one learner or case are
    list_defer   columns that a list does not show and need not read
    allowed      the query parameters that may filter; Django would allow any lookup on any column
    """

    change_list_template = "admin/interactions/keyset_list.html"
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    list_defer: Sequence[str] = ()
    along: str
    along_walks: str
    allowed: frozenset[str]

    def get_changelist(self, request, **kwargs):
        return KeysetChangeList

    def lookup_allowed(self, lookup, value, request):
        return lookup in self.allowed

    def search(self, term: str) -> tuple[Sequence[Q], str]:
        """The index walks that a search term means, and a sentence about what it was understood as."""
        raise NotImplementedError
