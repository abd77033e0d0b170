"""The entries of an exported log: `log/checkpoint` says how many, `log/tile/entries` holds them.
Sources: C2SP tlog-tiles, docs/FORMAT.md sections 2 and 3."""

import json
from pathlib import Path
from urllib.parse import unquote

WIDTH = 256


class Unreadable(Exception):
    """Not an export, or one with a part missing."""


def bundle_path(folder, number, width):
    """`tile/entries/x001/234`, and `.p/W` behind it where it holds fewer than 256."""
    digits = f"{number:03}"
    digits = "0" * (-len(digits) % 3) + digits
    groups = [digits[at:at + 3] for at in range(0, len(digits), 3)]
    name = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return folder / "tile" / "entries" / (name if width == WIDTH else f"{name}.p/{width}")


def split(bundle):
    while bundle:
        size = int.from_bytes(bundle[:2], "big")
        if len(bundle) < 2 + size:
            raise Unreadable("a bundle of entries is cut off")
        yield bundle[2:2 + size]
        bundle = bundle[2 + size:]


def entries(export):
    """(index, log time, statement) of every entry, in order."""
    folder = Path(export) / "log"
    try:
        size = int((folder / "checkpoint").read_text().split("\n")[1])
    except (OSError, ValueError, IndexError):
        raise Unreadable(f"{folder / 'checkpoint'} is no checkpoint") from None
    for first in range(0, size, WIDTH):
        width = min(WIDTH, size - first)
        leaves = list(split(read_bundle(folder, first // WIDTH, width)))[:width]
        if len(leaves) != width:
            raise Unreadable(f"{width} entries from {first} on, {len(leaves)} found")
        for index, leaf in enumerate(leaves, first):
            entry = parse(leaf)
            if entry["index"] != index:
                raise Unreadable(f"entry {entry['index']} stands in place {index}")
            yield index, entry["loggedAt"], entry["statement"]


def read_bundle(folder, number, width):
    """A partial bundle, or the full one that came after it."""
    paths = [bundle_path(folder, number, width), bundle_path(folder, number, WIDTH)]
    for path in paths:
        if path.is_file():
            return path.read_bytes()
    raise Unreadable(f"{paths[0]} is missing")


def parse(leaf):
    try:
        entry = json.loads(leaf)
        entry["index"], entry["loggedAt"], entry["statement"]["credentialSubject"]
    except (ValueError, KeyError, TypeError):
        raise Unreadable("a leaf is no statement") from None
    return entry


def lot_key(address):
    """`GTIN/LOT` or `PARTY/LOT` of a lot's address or its declaration's; None of anything else."""
    parts = address.split("/")[3:]
    parts = parts[1:] if parts[:1] == ["declarations"] else parts
    if len(parts) == 4 and parts[0] == "01" and parts[2] == "10":
        return f"{parts[1]}/{unquote(parts[3])}"
    if len(parts) == 3 and parts[0] == "lot":
        return f"{parts[1]}/{unquote(parts[2])}"
    return None


def party(did):
    """A party's short name."""
    return did.split(":parties:")[1] if ":parties:" in did else "authority"
