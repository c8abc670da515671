import pytest

from accounts.tests.limits.redis_server import redis_path, redis_server


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory):
    if redis_path() is None:
        pytest.skip("no redis-server is installed")
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url
