"""Uploads on their way in stay within bounds, and nothing is left of those that do not."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request

from appliance.config import Config
from appliance.error_tracking.incoming import Incoming
from appliance.failures import Invalid, Unavailable
from appliance.setting import MIB

EDGE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'


def taken(
    folder: Path, pieces: Sequence[bytes | None], *, is_form: bool = False, length: str = "", **settings: Any
) -> bytes:
    """What arrives of pieces; None stands for a client that goes away."""
    config = Config(
        data_dir=folder, symbol_set_bytes_max=MIB, **({"journal_minimum_free_bytes": 0} | settings)
    )
    messages = [
        {"type": "http.disconnect"}
        if one is None
        else {"type": "http.request", "body": one, "more_body": True}
        for one in pieces
    ]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    headers = [(b"content-length", length.encode())] if length else []
    headers += [(b"content-type", b"multipart/form-data; boundary=x")] if is_form else []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def read() -> bytes:
        request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
        async with Incoming(config).content(request, is_form=is_form) as content:
            content.file.seek(content.start)
            assert len(content.sha512()) == 128
            content.file.seek(content.start)
            return content.file.read(content.size)

    try:
        return asyncio.run(read())
    finally:
        assert not list(config.incoming_dir.glob("*"))


def test_what_is_sent_arrives(tmp_path: Path) -> None:
    assert taken(tmp_path, [b"a" * 700_000, b"b", b"c" * 300_000]) == b"a" * 700_000 + b"b" + b"c" * 300_000
    assert taken(tmp_path, []) == b""
    whole = b"z" * MIB
    assert taken(tmp_path, [whole], length=str(MIB)) == whole
    assert taken(tmp_path, [EDGE, whole, b"\r\n--x--\r\n"], is_form=True) == whole


@pytest.mark.parametrize(
    ("pieces", "is_form", "length"),
    [
        ([b"z" * MIB, b"z"], False, ""),
        ([b"z"], False, str(MIB + 1)),
        ([b"z"] + [b"y" * MIB] * 9, False, "1"),
        ([EDGE, b"z" * MIB, b"z\r\n--x--\r\n"], True, ""),
        ([EDGE] + [b"z" * MIB] * 9, True, ""),
    ],
)
def test_what_is_too_large_is_refused(
    tmp_path: Path, pieces: list[bytes], is_form: bool, length: str
) -> None:
    with pytest.raises(Invalid) as refused:
        taken(tmp_path, pieces, is_form=is_form, length=length)
    assert refused.value.code == "file_too_large"


def test_who_goes_away_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        taken(tmp_path, [b"a", None])
    assert refused.value.code == "incomplete"


def test_a_full_disk_takes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        taken(tmp_path, [b"a"], journal_minimum_free_bytes=1 << 60)
