"""What sending costs: each interaction one, a request at least one, charged to the account that sends.

The address a request comes from plays no part, so no header can make one sender look like many.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from rest_framework.exceptions import APIException
from rest_framework.views import APIView

from accounts.limits import Rate, Verdict, ledger
from accounts.models import User
from interactions.api.problems import Problem


def rate_of(user: User) -> Rate:
    return Rate.read(_rate_text(user))


def _rate_text(user: User) -> str:
    return settings.MEDSIM_RATE_SERVICE if user.is_service else settings.MEDSIM_RATE_LEARNER


def spend(user: User, cost: int, now: datetime) -> Verdict:
    """Charge `cost` interactions whole or not at all."""
    return ledger().spend_or_go_on(f"track:{user.pk}", cost, rate_of(user), now)


def spend_together(costs: Mapping[User, int], now: datetime) -> dict[User, Verdict]:
    """The same of several at once; who has too little left is left out and charged nothing."""
    keys = {f"track:{user.pk}": user for user in costs}
    charges = {key: (costs[user], rate_of(user)) for key, user in keys.items()}
    return {keys[key]: verdict for key, verdict in ledger().spend_many_or_go_on(charges, now).items()}


def limit_headers(verdict: Verdict) -> dict[str, str]:
    """What every answer to a sender tells of his limit."""
    return {
        "RateLimit-Limit": str(verdict.limit),
        "RateLimit-Remaining": str(verdict.remaining),
        "RateLimit-Reset": str(verdict.reset),
    }


class MeteredView(APIView):
    """Charges the sender, and tells him on every answer what is left."""

    _headers_of_limit: dict[str, str] = {}

    def charge(self, cost: int, now: datetime) -> None:
        """Charge `cost` interactions whole or not at all. Raises Problem 413 or 429.

        A request that the express lane has charged (`paid`) and left to this view is not charged again.
        """
        user, text = self.request.user, _rate_text(self.request.user)
        if cost > rate_of(user).limit:
            raise Problem(
                413,
                "larger_than_limit",
                f"These are {cost} interactions at once, and your limit is {text}. Waiting does not help: send fewer.",
            )
        verdict = getattr(self.request._request, "paid", None) or spend(user, cost, now)
        self._headers_of_limit = limit_headers(verdict)
        if not verdict.allowed:
            self._headers_of_limit["Retry-After"] = str(verdict.retry_after)
            raise Problem(
                429,
                "rate_limited",
                f"Your limit is {text}; {verdict.remaining} are left and this needs {cost}. Nothing was stored. "
                f"Send the same again in {verdict.retry_after} seconds.",
            )

    @contextmanager
    def reading_costs_one(self, now: datetime) -> Iterator[None]:
        """What cannot be read costs one: it took work, and tells no number."""
        try:
            yield
        except APIException:
            self.charge(1, now)
            raise

    def finalize_response(self, request, response, *args, **kwargs):
        for name, value in self._headers_of_limit.items():
            response[name] = value
        return super().finalize_response(request, response, *args, **kwargs)
