"""Cases and resources: what they are called and how they are sorted may be put right by hand."""

from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from interactions.admin.readings import moment
from interactions.models import Case, Resource


class WordFilter(admin.AllValuesFieldListFilter):
    """Django's, but what has no word can be chosen too: a link needs a name."""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or "(none)"}


class CatalogueAdmin(admin.ModelAdmin):
    """The catalogue fills itself from what arrives: nothing is entered here, and what is deleted would come back."""

    list_filter = (("specialty", WordFilter), ("difficulty", WordFilter))
    list_per_page = 100
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        # Else the next interaction that tells the old title would undo the correction.
        words = set(form.changed_data) - {"changed_on"}
        obj.by_hand = obj.by_hand or (bool(words) and "by_hand" not in words)
        super().save_model(request, obj, form, change)


@admin.register(Case)
class CaseAdmin(CatalogueAdmin):
    list_display = ("case_id", "title", "specialty", "difficulty", "changed_on", moment("first_seen"))
    search_fields = ("case_id", "title")
    ordering = ("case_id",)
    fields = ("case_id", "title", "specialty", "difficulty", "by_hand", "changed_on", moment("first_seen"), "log")
    readonly_fields = ("case_id", fields[-2], "log")

    @admin.display(description="interactions")
    def log(self, case) -> str:
        address = reverse("admin:interactions_userinteractiontrackingmodel_changelist")
        return format_html('<a href="{}?{}">in the log</a>', address, urlencode({"case": case.case_id}))


@admin.register(Resource)
class ResourceAdmin(CatalogueAdmin):
    list_display = ("resource_id", "resource_type", "name", "specialty", "difficulty", moment("first_seen"))
    list_filter = ("resource_type", *CatalogueAdmin.list_filter)
    search_fields = ("resource_id", "name")
    ordering = ("resource_type", "resource_id")
    fields = ("resource_type", "resource_id", "name", "specialty", "difficulty", "by_hand", moment("first_seen"))
    readonly_fields = ("resource_type", "resource_id", fields[-1])
