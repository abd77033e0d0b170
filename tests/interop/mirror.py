"""Saves a served log as files: `mirror.py URL FOLDER [OLD]`. With OLD, a checkpoint, waits until the
log has grown beyond it. Verifies nothing: that is for the tools that read the files."""

import sys
import time
import urllib.request
from pathlib import Path


def get(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read()


def size_of(checkpoint):
    return int(checkpoint.split(b"\n")[1])


def number(index):
    """A tile's number in groups of three digits (C2SP tlog-tiles)."""
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups)


def tiles(size):
    for level in [*range(8), "entries"]:
        count = size if level == "entries" else size >> 8 * level
        for index in range(count // 256):
            yield f"tile/{level}/{number(index)}"
        if count % 256:
            yield f"tile/{level}/{number(count // 256)}.p/{count % 256}"


def main(url, folder, old=None):
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    behind = size_of(Path(old).read_bytes()) if old else -1
    for _ in range(60):
        checkpoint = get(f"{url}/log/checkpoint")
        if size_of(checkpoint) > behind:
            break
        time.sleep(0.5)
    else:
        sys.exit(f"the log has not grown beyond {behind}")
    (folder / "checkpoint").write_bytes(checkpoint)
    for path in tiles(size_of(checkpoint)):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(get(f"{url}/log/{path}"))


if __name__ == "__main__":
    main(*sys.argv[1:])
