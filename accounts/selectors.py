"""Finding people under the visibility rule."""

from django.http import Http404

from accounts.models import User
from accounts.validators import can_be_public_id

ME = "me"


def visible_user(viewer: User, public_id: str) -> User:
    """The person behind a public id (`me`: the viewer), or Http404, the same for missing and for hidden."""
    if public_id == ME:
        return viewer
    if not can_be_public_id(public_id):
        raise Http404
    try:
        return User.objects.visible_to(viewer).get(public_id=public_id)
    except User.DoesNotExist:
        raise Http404 from None
