"""What analytics itself writes: who took which figures out."""

from django.conf import settings
from django.db import models


class ExportLog(models.Model):
    """One export of a page's table. It outlives the account that asked: `viewer_name` says who it was.

    page, subject  the page's name in the URLconf, and whom or what it is about: a public id, a cohort's slug
    table          which of its tables
    filters        as they stood in the address
    rows           how many, without the headings
    """

    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="exports", editable=False
    )
    viewer_name = models.CharField("who", max_length=200)
    page = models.CharField(max_length=40)
    subject = models.CharField(max_length=64, blank=True)
    table = models.CharField(max_length=80)
    filters = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    at = models.DateTimeField("when", db_index=True)

    class Meta:
        verbose_name, verbose_name_plural = "export", "exports"

    def __str__(self) -> str:
        return f"{self.page} {self.subject}".strip()
