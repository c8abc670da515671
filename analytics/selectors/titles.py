"""What a case is called where an interaction names it by its id alone: simulators often tell a title only once."""

from django.db.models import OuterRef, Subquery

from interactions.models import Case, UserInteractionTrackingModel
from interactions.querysets import InteractionQuerySet


def titled(interactions: InteractionQuerySet) -> list[UserInteractionTrackingModel]:
    """A page of `interactions`, with the catalogue's title of a case where they told none (in the same query).

    For showing: the rows are not to be saved.
    """
    known = Case.objects.filter(case_id=OuterRef("case_id")).values("title")
    rows = list(interactions.annotate(catalogue_title=Subquery(known)))
    for row in rows:
        row.case_title = row.case_title or row.catalogue_title or ""
    return rows
