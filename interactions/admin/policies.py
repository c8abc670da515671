"""Scoring policies: drafts are edited here; what is in force can only be looked at, and copied."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.forms import ModelForm, NumberInput, TextInput
from django.forms.models import BaseInlineFormSet
from django.utils import timezone

from accounts.calendar import local_day
from interactions.models import ScoringPolicy, ScoringRule
from interactions.policies import policy_book
from interactions.policy_versions import check_first_day, check_rules, copy_as_draft, withdraw


class PolicyForm(ModelForm):
    def clean_effective_from(self):
        first_day = self.cleaned_data["effective_from"]
        if first_day is not None:
            check_first_day(first_day, now=timezone.now())
        return first_day


class RuleFormSet(BaseInlineFormSet):
    def clean(self):
        super().clean()
        # A draft may stay unfinished; with a first day it must be whole.
        if self.instance.effective_from is None or any(self.errors):
            return
        kept = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        check_rules((form.instance.interaction_type, form.instance.resource_type) for form in kept)


class RuleInline(admin.TabularInline):
    model = ScoringRule
    formset = RuleFormSet
    # Django's own fields are so wide that eight in a row leave the page.
    formfield_overrides = {
        models.CharField: {"widget": TextInput(attrs={"size": 16})},
        models.FloatField: {"widget": NumberInput(attrs={"class": "vIntegerField"})},
    }
    extra = 1
    ordering = ("interaction_type", "resource_type")

    def has_add_permission(self, request, obj=None):
        return _is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return _is_draft(obj) and super().has_delete_permission(request, obj)


@admin.register(ScoringPolicy)
class ScoringPolicyAdmin(admin.ModelAdmin):
    form = PolicyForm
    list_display = ("version", "state", "effective_from", "rules", "note")
    ordering = ("-effective_from", "-pk")
    inlines = (RuleInline,)
    actions = ("copy_as_new_draft", "withdraw_before_first_day")
    show_full_result_count = False

    def get_queryset(self, request):
        later = ScoringPolicy.objects.filter(
            effective_from__gt=OuterRef("effective_from"), effective_from__lte=local_day(timezone.now())
        )
        return (
            super()
            .get_queryset(request)
            .annotate(rule_count=Count("rules"), followed=Exists(later), stored_as_draft=Q(effective_from__isnull=True))
        )

    def has_change_permission(self, request, obj=None):
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return _is_draft(obj) and super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        # It would delete what is in force along with the drafts; drafts are deleted from their own page.
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description="state")
    def state(self, policy) -> str:
        if policy.effective_from is None:
            return "draft"
        if policy.effective_from > local_day(timezone.now()):
            return "will be in force"
        return "followed by another" if policy.followed else "in force"

    @admin.display(description="rules")
    def rules(self, policy) -> int:
        return policy.rule_count

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        policy = form.instance
        if policy.effective_from is not None:
            self._tell_what_ends(request, policy)

    @admin.action(description="Copy as a new draft", permissions=["change"])
    def copy_as_new_draft(self, request, queryset):
        for policy in queryset.order_by("pk"):
            try:
                draft = copy_as_draft(policy)
            except ValidationError as error:
                self.message_user(
                    request, f"Policy {policy.version} was not copied. {' '.join(error.messages)}", messages.ERROR
                )
            else:
                self.log_addition(request, draft, [{"added": {"name": "draft of", "object": policy.version}}])
                self.message_user(request, f"Policy {draft.version} is a draft of {policy.version}.", messages.SUCCESS)

    @admin.action(description="Withdraw before its first day, into a draft", permissions=["change"])
    def withdraw_before_first_day(self, request, queryset):
        for policy in queryset.order_by("pk"):
            try:
                withdraw(policy, now=timezone.now())
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
            else:
                self.log_change(request, policy, [{"changed": {"fields": ["effective from"]}}])
                self.message_user(request, f"Policy {policy.version} is a draft again.", messages.SUCCESS)

    def _tell_what_ends(self, request, policy) -> None:
        """A type without a rule is refused from that day on: allowed, but nobody should do it unawares."""
        book = policy_book()
        before = [one for one in book.policies if one.effective_from < policy.effective_from]
        ending = before[-1].interaction_types - book.named(policy.version).interaction_types if before else ()
        if ending:
            self.message_user(
                request,
                f"From {policy.effective_from} on these types are refused: {', '.join(sorted(ending))}.",
                messages.WARNING,
            )


def _is_draft(policy: ScoringPolicy | None) -> bool:
    if policy is None:
        return True
    # As stored: a form that is refused has already written its first day into the object.
    return getattr(policy, "stored_as_draft", policy.effective_from is None)
