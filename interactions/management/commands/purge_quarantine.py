"""`manage.py purge_quarantine`: deletes refused bodies whose time is over. For a daily job."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.told import Told
from interactions.quarantine.expiry import purge_expired


class Command(BaseCommand):
    help = "Delete refused bodies that have expired, in batches. It may be stopped and run again at any time."

    def handle(self, **options) -> Told:
        deleted = sum(purge_expired(timezone.now()))
        return Told(f"{deleted} refused bodies have expired and are deleted.", "bodies_expired", bodies=deleted)
