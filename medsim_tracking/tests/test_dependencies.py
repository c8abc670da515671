"""Pins, locks and the page that gives the reasons say the same."""

import re
import tomllib

import pytest
from django.conf import settings

PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN, DEVELOP = PROJECT["dependencies"], PROJECT["optional-dependencies"]["dev"]


def _versions(pins: list[str]) -> dict[str, str]:
    split = [re.fullmatch(r"([a-z0-9-]+)(?:\[[a-z]+\])?==([0-9.]+)", pin).groups() for pin in pins]
    return dict(split)


def _locked(file: str) -> dict[str, str]:
    return dict(
        re.findall(r"^([a-z0-9-]+)==([^ ;]+)", (settings.BASE_DIR / file).read_text(encoding="utf-8"), re.MULTILINE)
    )


def test_page_names_every_direct_dependency_with_its_version_and_reason():
    page = (settings.BASE_DIR / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ([0-9.]+) \| (.+) \|$", page, re.MULTILINE)
    assert {name: version for name, version, _ in rows} == _versions(RUN + DEVELOP)
    [bootstrap] = _locked("requirements-bootstrap.txt").items()
    assert "pins {} {},".format(*bootstrap) in page


@pytest.mark.parametrize(("file", "pins"), [("requirements.txt", RUN), ("requirements-dev.txt", RUN + DEVELOP)])
def test_lock_holds_every_pin(file, pins):
    assert _versions(pins).items() <= _locked(file).items()


def test_tests_run_on_the_very_packages_of_production():
    assert _locked("requirements.txt").items() <= _locked("requirements-dev.txt").items()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt", "requirements-bootstrap.txt"])
def test_every_locked_package_has_a_hash(file):
    lock = (settings.BASE_DIR / file).read_text(encoding="utf-8")
    without = [name for name in _locked(file) if not re.search(rf"^{name}==[^\n]*\\\n    --hash=", lock, re.MULTILINE)]
    assert without == []
