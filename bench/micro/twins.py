"""The compiled module and the same source as plain Python."""

from __future__ import annotations

import importlib
import importlib.util
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any

import pytest


def both(name: str) -> Any:
    """Parametrises a test over ``name`` compiled and plain; skips the compiled one where it was not built."""
    return pytest.mark.parametrize("module", [_compiled(name), pytest.param(_plain(name), id="plain")])


def _compiled(name: str) -> Any:
    module = importlib.import_module(name)
    built = not (module.__file__ or "").endswith(".py")
    return pytest.param(module, id="compiled", marks=pytest.mark.skipif(not built, reason="not compiled"))


def _plain(name: str) -> ModuleType:
    package = importlib.import_module(name.rpartition(".")[0])
    path = f"{next(iter(package.__path__))}/{name.rpartition('.')[2]}.py"
    loader = SourceFileLoader(f"{name}_plain", path)
    specification = importlib.util.spec_from_loader(loader.name, loader)
    if specification is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(specification)
    loader.exec_module(module)
    return module
