"""A page of every chart, for the browser tests alone."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from accounts.access import Access
from analytics.tests.charts.samples import samples
from medsim_tracking.urls import handler400, handler500, urlpatterns

__all__ = ["handler400", "handler500", "urlpatterns"]

PAGE = """{% extends "base.html" %}{% load medsim %}{% block title %}Charts{% endblock %}
{% block content %}<h1>Charts</h1>
{% for each in charts %}<section aria-label="{{ each.key }}">{% chart each %}</section>{% endfor %}
{% endblock %}"""


def gallery(request) -> HttpResponse:
    said = {"institution_zone": "UTC", "viewer_zone": "UTC", "complete_through": "14:32", "now": timezone.now()}
    page = engines["django"].from_string(PAGE).render(said | {"charts": samples("short").values()}, request)
    return HttpResponse(page)


gallery.access = Access.PUBLIC
urlpatterns = [path("gallery", gallery), *urlpatterns]
