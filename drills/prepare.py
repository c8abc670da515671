"""Makes the database that DATABASE_URL names ready for a drill, and prints a token of the simulator's account.

    python -m drills.prepare
    python -m drills.prepare --without-unique-key

The second form is for sabotage only: it drops the key that makes an event id count once.
"""

import os
import sys

import django
from django.core.management import call_command
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medsim_tracking.settings")


def main() -> None:
    django.setup()
    if sys.argv[1:] == ["--without-unique-key"]:
        drop_the_unique_key()
    else:
        call_command("migrate", verbosity=0)
        print(token_of_the_simulator())


def token_of_the_simulator() -> str:
    from rest_framework_simplejwt.tokens import AccessToken

    from accounts.models import User

    # No password: the token is made here, so nobody signs in.
    sim = User.objects.create(username="sim", public_id="sim", role=User.Role.SERVICE, password="!")
    return str(AccessToken.for_user(sim))


def drop_the_unique_key() -> None:
    """The writer looks repeated ids up only when the key objects, so this disables the look-up, too."""
    from interactions.models import UserInteractionTrackingModel

    constraints = {each.name: each for each in UserInteractionTrackingModel._meta.constraints}
    key = constraints.pop("one_interaction_per_event_id")
    # SQLite makes the table anew from what the model says.
    UserInteractionTrackingModel._meta.constraints = list(constraints.values())
    with connection.schema_editor() as editor:
        editor.remove_constraint(UserInteractionTrackingModel, key)


if __name__ == "__main__":
    main()
