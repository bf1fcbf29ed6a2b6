import pytest

from appliance.failures import Invalid
from appliance.query.filters.semver import caret, is_version, tilde, wildcard


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("1.2.3", ("1.2.3", "1.3.0")),
        ("v1.2.3-beta+7", ("1.2.3", "1.3.0")),
        ("1.2", ("1.2.0", "1.3.0")),
        ("1", ("1.0.0", "2.0.0")),
    ],
)
def test_a_tilde_lets_the_last_number_grow(text, ends):
    assert tilde(text) == ends


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("1.2.3", ("1.2.3", "2.0.0")),
        ("0.2.3", ("0.2.3", "0.3.0")),
        ("0.0.3", ("0.0.3", "0.0.4")),
        ("0.0", ("0.0.0", "0.1.0")),
    ],
)
def test_a_caret_keeps_the_first_number_that_counts(text, ends):
    assert caret(text) == ends


def test_a_wildcard_stands_for_the_rest():
    assert wildcard("1.2.*") == ("1.2.0", "1.3.0")
    assert wildcard("1.*") == ("1.0.0", "2.0.0")
    assert wildcard("1.x") == ("1.0.0", "2.0.0")
    assert wildcard("*") is None


@pytest.mark.parametrize("text", ["", "a", "1..2", "1.2.3.4.5.6.7.8", "-1", "1.2.b"])
def test_what_is_no_version_is_refused(text):
    assert not is_version(text)
    with pytest.raises(Invalid):
        caret(text)
