"""Rules for all Python modules that no linter checks. `lint-imports` checks which modules may import which."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDERS = ("api", "bags", "bench", "client", "docs", "iconify", "icons", "iconsite", "search", "tests", "training")
MAX_LINES = 250  # of a module; tests may be longer
INNER_CLASSES = frozenset({"Meta", "Media"})  # of Django
# Methods that Django, Django REST framework and Keras call, and say the purpose of. They need a docstring of their own
# only where they do more, which no check can tell.
FRAMEWORK_METHODS = frozenset(
    [
        "add_arguments",
        "changelist_view",
        "clean",
        "compute_loss",
        "delete_model",
        "delete_queryset",
        "get",
        "get_absolute_url",
        "get_config",
        "get_fields",
        "get_form",
        "get_object",
        "get_queryset",
        "get_readonly_fields",
        "get_search_results",
        "get_urls",
        "handle",
        "has_add_permission",
        "has_change_permission",
        "has_delete_permission",
        "lookups",
        "post",
        "process_response",
        "queryset",
        "ready",
        "response_add",
        "save",
        "save_model",
        "to_python",
        "to_representation",
        "to_url",
        "validate",
    ]
)
FIELD_CLEANER = "clean_"  # the beginning of the names of methods of Django forms that check a field

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def modules() -> list[Path]:
    """All Python modules of the project but migrations, relative to its folder."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if path.parent.name != "migrations"]
    return sorted(path.relative_to(ROOT) for path in [*paths, ROOT / "manage.py"])


def is_test(path: Path) -> bool:
    """Whether it is a module of tests."""
    return path.name.startswith("test_")


def public_definitions(node: ast.Module | ast.ClassDef) -> Iterator[tuple[str, Definition]]:
    """The functions, classes and methods that need a docstring, with their names; those within functions do not."""
    for child in node.body:
        if not isinstance(child, Definition) or child.name.startswith(("_", "test_")):
            continue
        if isinstance(child, ast.ClassDef):
            if child.name not in INNER_CLASSES:
                yield child.name, child
                yield from ((f"{child.name}.{name}", method) for name, method in public_definitions(child))
        elif not is_exempt(child, node):
            yield child.name, child


def is_exempt(function: ast.FunctionDef | ast.AsyncFunctionDef, parent: ast.Module | ast.ClassDef) -> bool:
    """Whether a framework documents the method, or another definition of the same name has the docstring."""
    named_by_framework = function.name in FRAMEWORK_METHODS or function.name.startswith(FIELD_CLEANER)
    overrides = isinstance(parent, ast.ClassDef) and bool(parent.bases) and named_by_framework
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in function.decorator_list}
    return overrides or bool(decorators & {"overload", "override", "setter"})


def without_docstring(source: str) -> list[str]:
    """The names of the public definitions in a module that have no docstring, each with its line."""
    return [
        f"{definition.lineno}: {name}"
        for name, definition in public_definitions(ast.parse(source))
        if not ast.get_docstring(definition)
    ]


def test_no_module_is_long() -> None:
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in modules() if not is_test(path)}
    assert {path: length for path, length in lengths.items() if length > MAX_LINES} == {}


def test_everything_public_has_a_docstring() -> None:
    sources = {path: (ROOT / path).read_text() for path in modules() if not is_test(path)}
    assert [f"{path}:{name}" for path, source in sources.items() for name in without_docstring(source)] == []


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("def f():\n    pass", ["1: f"]),
        ("def f():\n    'Says what.'", []),
        ("def _f():\n    pass", []),
        ("class C:\n    'Says what.'\n    def f(self):\n        pass", ["3: C.f"]),
        ("class C:\n    'Says what.'\n    def __str__(self):\n        pass", []),
        ("class C(Base):\n    'Says what.'\n    class Meta:\n        pass", []),
        ("class C(Base):\n    'Says what.'\n    def get_queryset(self):\n        pass", []),
        ("class C:\n    'Says what.'\n    def get_queryset(self):\n        pass", ["3: C.get_queryset"]),
    ],
)
def test_what_needs_a_docstring(source: str, missing: list[str]) -> None:
    assert without_docstring(source) == missing
