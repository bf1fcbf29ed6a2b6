"""What posthog-js asks for beside flags: surveys, early access features, web experiments, product tours.

There are none of these yet: the lists are empty.
"""

from collections.abc import Callable, Mapping
from typing import Any

from appliance.catalog.snapshot import ProjectSnapshot


def surveys(project: ProjectSnapshot) -> dict[str, Any]:
    return {"surveys": [], "survey_config": project.options.get("survey_config")}


def early_access_features(_project: ProjectSnapshot) -> dict[str, Any]:
    return {"earlyAccessFeatures": []}


def web_experiments(_project: ProjectSnapshot) -> dict[str, Any]:
    return {"experiments": []}


def product_tours(_project: ProjectSnapshot) -> dict[str, Any]:
    return {"product_tours": []}


DELIVERIES: Mapping[str, Callable[[ProjectSnapshot], dict[str, Any]]] = {
    "/api/surveys/": surveys,
    "/api/early_access_features/": early_access_features,
    "/api/web_experiments/": web_experiments,
    "/api/product_tours/": product_tours,
}
