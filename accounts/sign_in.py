"""Guessing passwords is slow at every door: API, pages and admin ask this one backend."""

from hashlib import blake2b

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone
from rest_framework.exceptions import APIException

from accounts.addresses import client_address
from accounts.limits import Rate, ledger


class TooManyFailures(APIException):
    """Too many failures under one user name from one address; `wait` is in seconds."""

    status_code = 429
    default_code = "too_many_failures"

    def __init__(self, wait: int):
        super().__init__(f"Too many failed attempts to sign in. Try again in {wait} seconds.")
        self.wait = wait


class GuardedBackend(ModelBackend):
    """Django's own, behind a count of failures by user name and address.

    An attempt is charged before the password is looked at, so that guesses made side by side do not slip
    through together; the right password takes all charges back. Without the store nobody signs in (503):
    a limit that can be switched off by breaking something is none.
    """

    def authenticate(self, request, username=None, password=None, **kwargs):
        # Without a request there is no door: a command, a test.
        if request is None or username is None or password is None:
            return super().authenticate(request, username=username, password=password, **kwargs)
        key = _key(username, client_address(request))
        verdict = ledger().spend(key, 1, Rate.read(settings.MEDSIM_RATE_SIGN_IN), timezone.now())
        if not verdict.allowed:
            raise TooManyFailures(verdict.retry_after)
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is not None:
            ledger().forget(key)
        return user


def _key(username: str, address: str) -> str:
    # A digest: what people type as a user name is not kept, and may be of any length.
    told = f"{username}\n{address}".encode(errors="surrogatepass")
    return "sign-in:" + blake2b(told, digest_size=16, key=settings.SECRET_KEY.encode()[:64]).hexdigest()
