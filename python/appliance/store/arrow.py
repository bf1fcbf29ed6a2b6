"""Arrow streams joined on the wire, without reading what is in them."""

from collections.abc import Iterator

from appliance.store.engine import Piece

_ARROW_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"


def arrow_joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """One Arrow stream from pieces that are each a whole one: the first one's schema, everyone's batches."""
    first = True
    for piece in pieces:
        data = memoryview(piece.data)
        if not data:
            continue
        end = len(data) - len(_ARROW_END) if data[-len(_ARROW_END) :] == _ARROW_END else len(data)
        start = 0 if first else 8 + int.from_bytes(data[4:8], "little")
        first = False
        yield Piece(data[start:end], piece.rows, piece.rows_read, piece.bytes_read)
    if not first:
        yield Piece(_ARROW_END)
