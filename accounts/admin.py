"""The admin of people: accounts by role, cohorts with their educators, enrolments and pauses."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import Cohort, Enrolment, Pause, PlannedCases, User

# Rights follow the role alone; groups would promise something that nothing reads.
admin.site.unregister(Group)

# Enrolments shown within their cohort's page. Each is several form fields, and a request holds at most 1,000.
SHOWN_ENROLMENTS = 50


class NewUserForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username",)


class UserForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User


class EnrolmentFilter(admin.SimpleListFilter):
    """Students in no cohort, now or ever: who was made by an interaction that mistyped its userId is among them."""

    title, parameter_name = "enrolment", "enrolment"

    def lookups(self, request, model_admin):
        return [("none", "students without an enrolment")]

    def queryset(self, request, queryset):
        if self.value() != "none":
            return queryset
        return queryset.learners().exclude(Exists(Enrolment.objects.filter(learner=OuterRef("pk"))))


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Accounts are deactivated, never deleted: with a learner's account all that he did would go, row by row,
    in one request, and every cohort's past with it. Erasure is a procedure of its own, not a button here.
    """

    form, add_form = UserForm, NewUserForm
    list_display = ("public_id", "name", "username", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active", EnrolmentFilter)
    search_fields = ("public_id", "name", "username", "email")
    search_help_text = "Public id, name, username or e-mail."
    ordering = ("username",)
    filter_horizontal = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("deactivate", "activate")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("name", "email", "public_id", "time_zone", "language")}),
        (
            "Rights",
            {
                "fields": ("role", "is_active"),
                "description": "Accounts are not deleted, since all that a learner did would go with his. Clear "
                "“active” instead: nobody can sign in any more, and what was recorded stays.",
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    *("username", "name", "email", "role", "public_id", "time_zone", "language"),
                    *("usable_password", "password1", "password2"),
                ),
            },
        ),
    )

    def has_delete_permission(self, request, obj=None):
        return False

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        if obj is not None and obj.pk == request.user.pk:
            return _keeping_the_key(form)
        return form

    @admin.action(description="Deactivate: no sign-in any more, everything stays", permissions=["change"])
    def deactivate(self, request, queryset):
        # Whoever locks himself out cannot undo it.
        self._set_active(request, queryset.exclude(pk=request.user.pk), False)

    @admin.action(description="Activate", permissions=["change"])
    def activate(self, request, queryset):
        self._set_active(request, queryset, True)

    def _set_active(self, request, queryset, active: bool) -> None:
        changed = list(queryset.filter(is_active=not active))
        User.objects.filter(pk__in=[user.pk for user in changed]).update(is_active=active)
        for user in changed:
            self.log_change(request, user, [{"changed": {"fields": ["active"]}}])
        word = "activated" if active else "deactivated"
        self.message_user(request, f"{word.capitalize()}: {len(changed)}.", messages.SUCCESS)


def _keeping_the_key(form: type[UserForm]) -> type[UserForm]:
    """The form for one's own account: an admin cannot take the admin site from himself by a slip."""

    class OwnForm(form):
        def clean(self):
            cleaned = super().clean()
            if cleaned.get("role") != User.Role.ADMIN or not cleaned.get("is_active"):
                raise ValidationError("Your own account stays an active admin. Ask another admin to change it.")
            return cleaned

    return OwnForm


class FewEnrolments(BaseInlineFormSet):
    """The latest enrolments of a cohort; when the form comes back, those that it showed."""

    def get_queryset(self):
        if not hasattr(self, "_shown"):
            rows = super().get_queryset()
            if self.is_bound:
                count = min(self.management_form.cleaned_data["INITIAL_FORMS"], SHOWN_ENROLMENTS)
                sent = [self.data.get(f"{self.add_prefix(number)}-id", "") for number in range(count)]
                # Somebody may have enrolled another one meanwhile: what is latest now is not what was shown.
                rows = rows.filter(pk__in=[pk for pk in sent if pk.isdecimal() and len(pk) <= 18])
            self._shown = list(rows[:SHOWN_ENROLMENTS])
        return self._shown


class EnrolmentInline(admin.TabularInline):
    """The latest enrolments, to be corrected. The learner is shown, not chosen, so each costs no query."""

    model = Enrolment
    formset = FewEnrolments
    verbose_name_plural = "latest enrolments"
    fields = ("person", "start", "end", "pause_count")
    readonly_fields = ("person", "pause_count")
    ordering = ("-start", "-pk")
    extra = 0
    show_change_link = True

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("learner", "cohort")
        return rows.annotate(pauses_entered=Count("pauses"))

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description="learner")
    def person(self, enrolment) -> str:
        return f"{enrolment.learner.display_name} ({enrolment.learner.public_id})"

    @admin.display(description="pauses")
    def pause_count(self, enrolment) -> int:
        return enrolment.pauses_entered


class NewEnrolmentInline(admin.TabularInline):
    """Enrols learners, and shows none."""

    model = Enrolment
    verbose_name, verbose_name_plural = "enrolment", "enrol learners"
    fields = ("learner", "start", "end")
    autocomplete_fields = ("learner",)
    extra = 1

    def has_view_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PlanInline(admin.TabularInline):
    """What each learner of the cohort is to complete; `manage.py import_plan` enters the same from a file."""

    model = PlannedCases
    ordering = ("specialty",)
    extra = 1


@admin.register(Cohort)
class CohortAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "teachers", "enrolments_ever")
    search_fields = ("name", "slug")
    ordering = ("name",)
    fields = ("name", "slug", "educators", "time_zone", "all_enrolments")
    readonly_fields = ("all_enrolments",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("educators",)
    inlines = (EnrolmentInline, NewEnrolmentInline, PlanInline)
    actions = None
    show_full_result_count = False

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset.prefetch_related("educators").annotate(enrolled=Count("enrolments"))

    def has_delete_permission(self, request, obj=None):
        # Who was taught by whom is part of the record; only a cohort entered by mistake may go.
        return (obj is None or not obj.enrolments.exists()) and super().has_delete_permission(request, obj)

    @admin.display(description="educators")
    def teachers(self, cohort) -> str:
        return ", ".join(educator.display_name for educator in cohort.educators.all())

    @admin.display(description="enrolments")
    def enrolments_ever(self, cohort) -> int:
        return cohort.enrolled

    @admin.display(description="all enrolments")
    def all_enrolments(self, cohort) -> str:
        if cohort.pk is None:
            # Django writes an empty column so, but not what a function of ours returns on a form.
            return self.get_empty_value_display()
        address = reverse("admin:accounts_enrolment_changelist")
        return format_html(
            '<a href="{}?cohort__id__exact={}">{} with their pauses</a>; the latest {} are below',
            *(address, cohort.pk, cohort.enrolled, min(cohort.enrolled, SHOWN_ENROLMENTS)),
        )


class PauseInline(admin.TabularInline):
    model = Pause
    extra = 1
    ordering = ("start",)


@admin.register(Enrolment)
class EnrolmentAdmin(admin.ModelAdmin):
    list_display = ("learner", "cohort", "start", "end", "pauses_entered")
    list_filter = ("cohort",)
    list_select_related = ("learner", "cohort")
    search_fields = ("learner__public_id", "learner__name", "learner__email")
    ordering = ("-start", "-pk")
    autocomplete_fields = ("learner", "cohort")
    inlines = (PauseInline,)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(pause_count=Count("pauses"))

    @admin.display(description="pauses")
    def pauses_entered(self, enrolment) -> int:
        return enrolment.pause_count
