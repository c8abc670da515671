"""Whose clock tells a moment. Days are another matter: they are cut in the institution's zone (calendar.py)."""

from django.conf import settings

from accounts.models import Cohort, User


def zone_of_viewer(viewer: User, cohort: Cohort | None = None) -> str:
    """IANA name of the zone in which moments are told: the viewer's own, else the cohort's, else the institution's."""
    own = getattr(viewer, "time_zone", "")
    return own or (zone_of_cohort(cohort) if cohort else settings.MEDSIM_TIME_ZONE)


def zone_of_cohort(cohort: Cohort) -> str:
    """Where the cohort learns: the zone of its hours of the day, such as in a heatmap."""
    return cohort.time_zone or settings.MEDSIM_TIME_ZONE
