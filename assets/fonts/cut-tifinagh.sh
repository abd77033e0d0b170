#!/bin/sh
# Cuts Noto Sans Tifinagh to the 33 letters of IRCAM (two of them are a letter and the mark U+2D6F).
# Needs the Debian package fonts-noto-core, and fonttools and brotli of PyPI.
set -eu
from=${1:-/usr/share/fonts/truetype/noto/NotoSansTifinagh-Regular.ttf}
letters=2D30,2D31,2D33,2D37,2D39,2D3B-2D3D,2D40,2D43-2D45,2D47,2D49,2D4A,2D4D-2D4F,2D53-2D56
letters=$letters,2D59-2D5C,2D5F,2D61-2D63,2D65,2D6F
pyftsubset "$from" --unicodes="$letters" --flavor=woff2 --layout-features= --no-hinting \
  --desubroutinize --name-IDs=0,1,2,13,14 --output-file="$(dirname "$0")/noto-sans-tifinagh-ircam.woff2"
