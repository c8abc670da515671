"""Drills: strike the server or its database down while clients write, then count what is stored.

    python -m drills kill --times 200
    python -m drills kill --times 200 --database postgresql
    python -m drills stop --times 50
    python -m drills storm --times 20 --database postgresql

Exits with 1 when anything was lost, stored twice or summed up wrongly. With --sabotage it must.
"""

import argparse
import sys
from functools import partial

from tqdm import tqdm

from drills.scratch import Scratches
from drills.server import PRODUCT, SUMS_OUTSIDE
from drills.strikes import kill_drill, stop_drill, storm

TIMES = {"kill": 200, "stop": 50, "storm": 20}
NO_KEY, SUMS = "no-unique-key", "sums-outside"


def main() -> int:
    arguments = _arguments()
    database = "postgresql" if arguments.drill == "stop" else arguments.database
    times = arguments.times or TIMES[arguments.drill]
    print(f"{arguments.drill} on {database}, seed {arguments.seed}")
    # disable=None: no bar where nobody watches.
    with Scratches(database) as scratches, tqdm(total=times, disable=None, leave=False) as bar:
        scratch = scratches.new()
        if arguments.sabotage == NO_KEY:
            scratch.drop_the_unique_key()
        target = SUMS_OUTSIDE if arguments.sabotage == SUMS else PRODUCT
        drill = {
            "kill": partial(kill_drill, target=target, of_one_worker=0 if arguments.sabotage else 0.5),
            "storm": partial(storm, target=target),
            "stop": lambda scratch, *rest, **more: stop_drill(scratch, scratches.postgresql, *rest, **more),
        }[arguments.drill]
        found = drill(scratch, times, arguments.seed, tick=bar.update)
    print(found)
    return 0 if found.whole else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m drills", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("drill", choices=TIMES, help="what is struck: the server, PostgreSQL, or many clients at once")
    parser.add_argument("--times", type=int, help="how often (default: kill 200, stop 50, storm 20)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite", help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="of all chance (default: %(default)s)")
    parser.add_argument("--sabotage", choices=[NO_KEY, SUMS], help="break the product first; the drill must notice")
    arguments = parser.parse_args()
    if arguments.times is not None and arguments.times < 1:
        parser.error("--times is at least 1")
    if arguments.drill == "stop" and arguments.sabotage:
        parser.error("--sabotage goes with kill and storm")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
