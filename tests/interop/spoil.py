"""Changes one letter of one statement in a mirrored log: `spoil.py FOLDER`."""

import sys
from pathlib import Path

bundle = sorted((Path(sys.argv[1]) / "tile" / "entries").rglob("*"))
bundle = next(path for path in bundle if path.is_file())
data = bundle.read_bytes()
place = data.index(b'"name":"') + len(b'"name":"')
bundle.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1:])
