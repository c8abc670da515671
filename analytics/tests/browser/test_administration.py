"""The administration in a real browser: no fault for axe in either theme, no complaint, nothing from elsewhere."""

import pytest
from django.contrib import admin
from django.urls import reverse

from analytics.tests.browser.accessibility import accessibility_faults
from analytics.tests.browser.chromium import chromium, opened
from analytics.tests.browser.house import furnish
from interactions.models import UserInteractionTrackingModel as Interaction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_list_and_an_interaction_are_clean_in_both_themes(cast, live_server):
    session = furnish(cast)["ada"]
    lists = [f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry]
    paths = [reverse("admin:index"), *map(reverse, lists)]
    paths.append(
        reverse("admin:interactions_userinteractiontrackingmodel_change", args=[Interaction.objects.first().pk])
    )
    found = []
    with chromium() as browser, opened(browser, live_server.url, session=session) as (page, heard):
        for path in paths:
            assert page.goto(path).status == 200
            # Before axe, which reads stylesheets in its own way and complains of that.
            found += [(path, fault) for fault in heard.complaints + heard.foreign]
            found += [(path, fault) for fault in accessibility_faults(page)]
            heard.complaints.clear()
            heard.foreign.clear()
    assert found == [], "\n".join(map(str, found))
