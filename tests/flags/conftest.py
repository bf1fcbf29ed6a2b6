"""Projects with flags, made once for a test session: they are only read, and by keys of their own."""

from collections.abc import Callable

import pytest

from tests.conftest import Appliance
from tests.flags.conformance import COHORTS, GROUP_TYPES, PROJECTS
from tests.flags.conformance_project import FlagProject

Project = Callable[[str], FlagProject]


@pytest.fixture(scope="session")
def flag_project(appliance: Appliance) -> Project:
    """The project of this name in the table, made when it is first asked for."""
    made: dict[str, FlagProject] = {}

    def get(name: str) -> FlagProject:
        if name not in made:
            settings = {"timezone": "America/New_York"} if name == "new york" else {}
            made[name] = FlagProject.made(appliance, f"flags {name}", **settings)
            made[name].add(PROJECTS[name], COHORTS.get(name, ()), GROUP_TYPES)
        return made[name]

    return get


@pytest.fixture(scope="session")
def one(flag_project: Project) -> FlagProject:
    return flag_project("one")


@pytest.fixture(scope="session")
def fresh(appliance: Appliance) -> FlagProject:
    """A project without flags."""
    return FlagProject.made(appliance, "flags none")
