"""The lz-string compression of old posthog-js versions, as `compressToBase64` writes it."""

import base64


def compress_to_base64(text: str) -> str:
    bits: list[int] = []
    known: dict[str, int] = {}
    fresh: set[str] = set()
    width, room, word = 2, 2, ""

    def write(value: int, count: int) -> None:
        bits.extend((value >> place) & 1 for place in range(count))

    def grow() -> None:
        nonlocal room, width
        room -= 1
        if room == 0:
            room = 1 << width
            width += 1

    def emit(piece: str) -> None:
        if piece in fresh:
            wide = ord(piece) >= 256
            write(int(wide), width)
            write(ord(piece), 16 if wide else 8)
            grow()
            fresh.remove(piece)
        else:
            write(known[piece], width)
        grow()

    for character in text:
        if character not in known:
            known[character] = len(known) + 3
            fresh.add(character)
        if word + character in known:
            word += character
        else:
            emit(word)
            known[word + character] = len(known) + 3
            word = character
    if word:
        emit(word)
    write(2, width)
    bits.append(0)
    bits.extend([0] * (-len(bits) % 8))
    data = bytes(int("".join(map(str, bits[start : start + 8])), 2) for start in range(0, len(bits), 8))
    return base64.b64encode(data).decode()
