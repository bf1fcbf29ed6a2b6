"""Payloads of remote configurations by name. Source: the flags contract, 1.4."""

from typing import Any

import pytest

from appliance.failures import NotFound
from appliance.flags.encryption import REDACTED
from appliance.flags.payloads import remote_payload
from tests.flags.delivered import flag, project_with


def configuration(id_: int, key: str, payload: Any = None, **columns: Any) -> Any:
    payloads = {} if payload is None else {"true": payload}
    filters = {"groups": [{"properties": [], "rollout_percentage": 100}], "payloads": payloads}
    return flag(id_, key, filters, is_remote_configuration=True, **columns)


def backwards(text: str) -> str:
    return text[::-1]


def test_a_payload_is_given_as_it_is_stored_by_key_and_by_number() -> None:
    project = project_with(configuration(12, "limits", '{"a": 1}'))
    assert remote_payload(project, "limits", backwards) == '{"a": 1}'  # row 91
    assert remote_payload(project, "12", backwards) == '{"a": 1}'


@pytest.mark.parametrize("payload", [None, "", 0, False])
def test_what_holds_nothing_gives_nothing(payload: Any) -> None:
    assert remote_payload(project_with(configuration(1, "limits", payload)), "limits", backwards) is None


@pytest.mark.parametrize("named", ["plain", "2", "missing", "99", "9" * 40, "", "²"])
def test_what_is_no_remote_configuration_is_not_found(named: str) -> None:
    project = project_with(configuration(1, "limits", "1"), flag(2, "plain"))  # row 92
    with pytest.raises(NotFound):
        remote_payload(project, named, backwards)


def test_digits_are_a_number_and_never_a_key() -> None:
    project = project_with(configuration(1, "77", '"by key"'), configuration(77, "other", '"by number"'))
    assert remote_payload(project, "77", backwards) == '"by number"'


def test_an_encrypted_payload_is_plain_only_for_those_who_may_know() -> None:
    project = project_with(configuration(1, "limits", "terces", has_encrypted_payloads=True))
    assert remote_payload(project, "limits", backwards) == "secret"
    assert remote_payload(project, "limits", None) == REDACTED


def test_an_inactive_configuration_is_given_all_the_same() -> None:
    project = project_with(configuration(1, "limits", "1", is_active=False))
    assert remote_payload(project, "limits", backwards) == "1"
