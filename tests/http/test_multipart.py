"""Parts found in a body on disk are those that the reader in memory finds, whatever they hold."""

import mmap
import tempfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.failures import Invalid
from appliance.http.multipart import find_part, parts_of

TYPE = "multipart/form-data; boundary=edge"
# Whatever could be taken for an end.
PIECES = st.sampled_from(
    [b"\r\n", b"--", b"edge", b"--edge", b"\r\n--edge", b"\r\n--edgeless", b"\r", b"\n", b"x", b"\0"]
)


def found(body: bytes, name: str, content_type: str = TYPE) -> bytes | None:
    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.flush()
        with mmap.mmap(file.fileno(), len(body), access=mmap.ACCESS_READ) as mapped:
            at = find_part(mapped, content_type, name)
            return None if at is None else mapped[at[0] : at[1]]


def form(*parts: tuple[str, bytes], boundary: str = "edge") -> bytes:
    written = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="f"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in parts
    ]
    return b"".join(written) + f"--{boundary}--\r\n".encode()


@given(st.lists(PIECES, max_size=8).map(b"".join))
def test_a_file_is_found_as_it_was_sent_unless_it_holds_the_edge(content: bytes) -> None:
    body = form(("key", b"value"), ("file", content), ("last", b"z"))
    if b"\r\n--edge\r\n" in b"\r\n" + content + b"\r\n" or b"\r\n--edge--" in b"\r\n" + content:
        return
    assert found(body, "file") == content
    assert found(body, "key") == b"value"
    assert found(body, "last") == b"z"
    assert found(body, "none") is None


@given(st.dictionaries(st.sampled_from("abc"), st.text('ab-:; "', max_size=20), min_size=1))
def test_both_readers_agree(fields: dict[str, str]) -> None:
    body = form(*((name, content.encode()) for name, content in fields.items()))
    assert {name: found(body, name) for name in fields} == parts_of(body, TYPE)


@given(st.lists(PIECES, min_size=1, max_size=30).map(b"".join))
def test_no_body_breaks_it(body: bytes) -> None:
    with suppress(Invalid):
        assert found(body, "file") is None


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=", "", "boundary=é"]
)
def test_a_form_without_an_edge_is_refused(content_type: str) -> None:
    with pytest.raises(Invalid):
        found(form(("file", b"x")), "file", content_type)


def test_what_comes_before_the_first_edge_is_passed_over() -> None:
    assert found(b"preamble --edge\r\n" + form(("file", b"x")), "file") == b"x"
