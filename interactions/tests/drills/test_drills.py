"""The drills in short: docs/drills.md says how to run the long ones. Each sabotaged twin must be noticed."""

import pytest
from django.db import connection

from drills.scratch import Scratches
from drills.server import SUMS_OUTSIDE
from drills.strikes import kill_drill, stop_drill, storm

pytestmark = pytest.mark.server
SEED = 3


@pytest.fixture(scope="module")
def scratches():
    with Scratches(connection.vendor) as scratches:
        yield scratches


@pytest.fixture
def scratch(scratches):
    return scratches.new()


def test_nothing_is_lost_and_nothing_twice_when_the_server_is_killed(scratch):
    found = kill_drill(scratch, 6, SEED)
    print(found)
    assert found.whole, found
    assert found.log.retried, found


@pytest.mark.postgresql
def test_nothing_is_lost_and_nothing_twice_when_postgresql_dies_under_a_running_server(scratches, scratch):
    found = stop_drill(scratch, scratches.postgresql, 2, SEED)
    print(found)
    assert found.whole, found


def test_sixteen_clients_with_the_same_events_store_them_once(scratch):
    found = storm(scratch, 1, SEED)
    print(found)
    assert found.whole, found


def test_a_storm_without_the_unique_key_is_noticed(scratch):
    scratch.drop_the_unique_key()
    found = storm(scratch, 1, SEED)
    assert not found.whole
    assert found.twice, found


def test_a_kill_between_the_commit_and_sums_written_after_it_is_noticed(scratch):
    found = kill_drill(scratch, 4, SEED, target=SUMS_OUTSIDE, of_one_worker=0)
    assert not found.whole
    assert (found.lost, found.twice, found.drift is None) == (0, 0, False), found
