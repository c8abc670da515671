"""One process of several that spend from one window: `python -m accounts.tests.limits.spender file:/x 400`.

Waits for a line on its input, tries so often at one frozen moment, and prints how often it was let in.
"""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "medsim_tracking.settings"
django.setup()

from accounts.limits.stores import store_named  # noqa: E402

if __name__ == "__main__":
    store, times = store_named(sys.argv[1]), int(sys.argv[2])
    print("ready", flush=True)
    sys.stdin.readline()
    print(sum(store.spend("one", 1, 600, 60_000, 1_000_000)[0] for _ in range(times)))
