"""Who may import whom, held by reading the source. The rules are told in docs/architecture.md.

`breaches` reads any tree of packages, so that the tests below can plant a break and see it found.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings

# Each package and the packages it may import. A new app needs a row here.
BELOW = {
    "accounts": set(),
    "interactions": {"accounts"},
    "engagement": {"accounts", "interactions"},
    "analytics": {"accounts", "interactions", "engagement"},
    "medsim_tracking": {"accounts", "interactions", "engagement", "analytics"},
}
# Layers inside an app, lowest first; a module imports its own layer and those below it, here and in the
# apps below. Modules named in none (services, selectors and what they are made of) are the third layer.
RULES = {"domain", "validators", "calendar"}
MODELS = {"models", "querysets"}
DOORS = {"api", "views", "forms", "urls", "admin", "apps", "management", "migrations", "templatetags"}
DOMAIN_MAY_USE = sys.stdlib_module_names | {"numpy", "msgspec", "scipy"}
VAGUE_NAMES = {"utils", "helpers", "common"}
MAX_LINES = 400


@dataclass
class Module:
    """One source file: its dotted name, its length, and the dotted names it imports when it runs."""

    name: str
    lines: int
    imports: set[str] = field(default_factory=set)

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]

    @property
    def is_test(self) -> bool:
        return "tests" in self.name.split(".") or self.name == "medsim_tracking.testing"


def _only_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def _imports(node: ast.AST, package: list[str], known: set[str]) -> Iterator[str]:
    """Dotted names that the code below `node` imports, inside functions too: a hidden circle is one."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            above = package[: len(package) - child.level + 1] if child.level else []
            origin = ".".join([*above, *filter(None, [child.module])])
            submodules = {f"{origin}.{alias.name}" for alias in child.names} & known
            yield from submodules or {origin}
        elif not _only_for_type_checkers(child):
            yield from _imports(child, package, known)


def read_modules(root: Path, packages: set[str]) -> dict[str, Module]:
    files = {}
    for package in packages:
        for file in (root / package).rglob("*.py"):
            files[".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")] = file
    modules = {}
    for name, file in files.items():
        source = file.read_text(encoding="utf-8")
        parts = name.split(".")
        own_package = parts if file.stem == "__init__" else parts[:-1]
        imports = set(_imports(ast.parse(source), own_package, set(files)))
        modules[name] = Module(name, len(source.splitlines()), imports - {name})
    return modules


def _layer(name: str) -> int:
    room = name.split(".")[1] if "." in name else ""
    return 0 if room in RULES else 1 if room in MODELS else 3 if room in DOORS else 2


def _is_domain(name: str) -> bool:
    return name.split(".")[1:2] == ["domain"]


def _import_breaches(module: Module, below: dict[str, set[str]]) -> Iterator[str]:
    for imported in sorted(module.imports):
        package = imported.partition(".")[0]
        said = f"{module.name} imports {imported}"
        if package in below and package not in below[module.package] | {module.package}:
            yield f"{said}: {module.package} does not stand above {package}"
        if _is_domain(module.name):
            if package not in DOMAIN_MAY_USE and not (package in below and _is_domain(imported)):
                yield f"{said}: domain uses only the standard library, numpy, scipy, msgspec and domain"
        elif package in below and module.package != "medsim_tracking" and _layer(imported) > _layer(module.name):
            yield f"{said}: it stands in a higher layer"


def _circles(modules: dict[str, Module]) -> Iterator[str]:
    """Every import that can be followed back to its own module."""
    state: dict[str, str] = {}

    def walk(name: str, path: list[str]) -> Iterator[str]:
        state[name] = "open"
        for imported in sorted(modules[name].imports & modules.keys()):
            if state.get(imported) == "open":
                circle = path[path.index(imported) :]
                first = circle.index(min(circle))  # one circle has one spelling
                yield f"circle: {' -> '.join(circle[first:] + circle[: first + 1])}"
            elif imported not in state:
                yield from walk(imported, [*path, imported])
        state[name] = "done"

    for name in sorted(modules):
        if name not in state:
            yield from walk(name, [name])


def breaches(root: Path, below: dict[str, set[str]]) -> list[str]:
    """Every breach of the rules in the packages below `root`, as a sentence."""
    found = []
    modules = read_modules(root, set(below))
    for module in modules.values():
        if VAGUE_NAMES & set(module.name.split(".")):
            found.append(f"{module.name}: a name that says nothing")
        if module.lines >= MAX_LINES:
            found.append(f"{module.name}: {module.lines} lines, {MAX_LINES} and more are too many")
        if not module.is_test:
            found += _import_breaches(module, below)
    found += _circles({name: module for name, module in modules.items() if not module.is_test})
    return found


def test_the_source_keeps_the_rules():
    assert breaches(settings.BASE_DIR, BELOW) == []


def test_every_package_of_ours_has_a_row():
    packages = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")}
    assert packages == BELOW.keys()


GOOD_TREE = {
    "low/__init__.py": "",
    "low/domain/__init__.py": "",
    "low/domain/score.py": "import math\nimport numpy as np\nfrom low.domain import level\n",
    "low/domain/level.py": "from enum import Enum\n",
    "low/models.py": "from django.db import models\nfrom low.querysets import Visible\n",
    "low/querysets.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from low.models import Fact\n",
    "low/services.py": "from low.models import Fact\nfrom .domain import score\n",
    "low/api/__init__.py": "",
    "low/api/views.py": "from low.services import record\n",
    "low/tests/test_services.py": "from root.testing import cast\n",
    "high/__init__.py": "",
    "high/domain.py": "from low.domain.score import score_of\n",
    "high/views.py": "from low.api.views import View\nfrom low.models import Fact\n",
    "root/urls.py": "from high import views\n",
}
GOOD_BELOW = {"low": set(), "high": {"low"}, "root": {"low", "high"}}


def planted(folder: Path, **changed: str) -> list[str]:
    """Breaches of the good tree with some files written otherwise; `__` in a keyword stands for a slash."""
    for name, source in (GOOD_TREE | {f"{key.replace('__', '/')}.py": text for key, text in changed.items()}).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    return breaches(folder, GOOD_BELOW)


def test_a_good_tree_has_no_breaches(tmp_path):
    assert planted(tmp_path) == []


@pytest.mark.parametrize(
    ("module", "source", "breach"),
    [
        ("low__services", "from high.models import Page", "low does not stand above high"),
        ("low__services", "def f():\n    import high.views", "low does not stand above high"),
        ("high__views", "from root import api", "high does not stand above root"),
        ("low__domain__score", "from django.db import models", "domain uses only"),
        ("low__domain__score", "from low.models import Fact", "domain uses only"),
        ("low__domain__score", "from ..models import Fact", "domain uses only"),
        ("high__domain", "from low.services import record", "domain uses only"),
        ("low__models", "from low.services import record", "it stands in a higher layer"),
        ("low__models", "from . import services", "it stands in a higher layer"),
        ("low__services", "from low.api.views import View", "it stands in a higher layer"),
        ("high__services", "from low.api.views import View", "it stands in a higher layer"),
        ("low__domain__level", "from low.domain.score import f", "circle: low.domain.level -> low.domain.score"),
        ("low__domain__level", "def f():\n    from . import score", "circle: low.domain.level -> low.domain.score"),
        ("low__utils", "", "a name that says nothing"),
        ("low__tests__helpers", "", "a name that says nothing"),
        ("low__services", "x = 1\n" * MAX_LINES, "lines, 400 and more are too many"),
    ],
)
def test_a_planted_break_is_found(tmp_path, module, source, breach):
    assert breach in "\n".join(planted(tmp_path, **{module: source}))
