"""The arguments of a back end's class, read from its source: nothing is imported, nothing loaded.

So a recipe can be checked where vLLM, diffusers or a model's own package is not installed, and a
registry entry that points at no class is found.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
from pathlib import Path

from judger.contract.errors import UserError


class NoSuchClass(UserError):
    """A class path that leads nowhere: which, and what is missing."""


def arguments_of(class_path: str) -> dict[str, bool]:
    """Named argument → whether it must be given; NoSuchClass when there is no such class.

    Where `__init__` takes `**kwargs`, the arguments of the bases count too (a base that cannot be
    found adds none); a class without `__init__` has its bases'.
    """
    module, _, name = class_path.rpartition(".")
    tree = _source(module)
    found = _class(tree, name)
    if found is None:
        raise NoSuchClass(f"there is no class {name} in {module}")
    init = next((f for f in found.body if isinstance(f, ast.FunctionDef) and _is_init(f)), None)
    own = _named(init.args) if init else {}
    if init is not None and init.args.kwarg is None:
        return own
    for base in found.bases:
        if isinstance(base, ast.Name):
            own = _of_base(tree, module, base.id) | own
    return own


def _is_init(function: ast.FunctionDef) -> bool:
    return function.name == "__init__"


@functools.cache
def _source(module: str) -> ast.Module:
    try:
        spec = importlib.util.find_spec(module)
    except ImportError:
        spec = None
    if spec is None or spec.origin is None:
        raise NoSuchClass(f"there is no module {module}")
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))


def _class(tree: ast.Module, name: str) -> ast.ClassDef | None:
    return next((n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name), None)


def _named(arguments: ast.arguments) -> dict[str, bool]:
    """Of a method: `self` is left out, a default makes an argument optional."""
    plain = [*arguments.posonlyargs, *arguments.args][1:]
    without = len(plain) - len(arguments.defaults)
    named = {argument.arg: index < without for index, argument in enumerate(plain)}
    keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return named | {argument.arg: default is None for argument, default in keywords}


def _of_base(tree: ast.Module, module: str, name: str) -> dict[str, bool]:
    """A base's arguments: from the same file, or from where it is imported."""
    if _class(tree, name) is not None:
        return arguments_of(f"{module}.{name}")
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    try:
                        return arguments_of(f"{node.module}.{alias.name}")
                    except NoSuchClass:
                        return {}
    return {}
