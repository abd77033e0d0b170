#!/bin/sh
# Cuts the faces that papers are set in: Noto Sans to Latin, Noto Sans Arabic to Arabic as used from
# Morocco to Yemen, Noto Sans Tifinagh whole. What shaping needs is kept (GSUB, GPOS, marks).
# Needs the Debian package fonts-noto-core, and fonttools of PyPI.
set -eu
from=${1:-/usr/share/fonts/truetype/noto}
to=$(dirname "$0")
latin=0020-007E,00A0-017F,0192,0218-021B,02BC,02C6,02DA,02DC,0300-0304,0306-030C,0327,0328
latin=$latin,1E24,1E25,1E62,1E63,1E6C,1E6D,1E92,1E93,1E9E,2002-200D,2010-2015,2018-201E,2020-2022
latin=$latin,2026,202F,2030,2032,2033,2039,203A,2044,2060,2066-2069,20AC,2116,2122,2190-2193
latin=$latin,2212,2215,2248,2260,2264,2265,FEFF,FFFD
arabic=0020,00A0,060C,0610-061C,061F,0621-063A,0640-0655,0660-066D,0670,0671,0679,067E,0686,0688
arabic=$arabic,0691,0698,06A0-06A9,06AD,06AF,06BA,06BE,06C0-06C3,06CC,06D2-06D4,06F0-06F9
arabic=$arabic,200C-200F,2066-2069,25CC
cut() {
  pyftsubset "$from/$1.ttf" --unicodes="$2" --layout-features='*' --no-hinting \
    --name-IDs=0,1,2,4,6,13,14 --glyph-names --notdef-outline --output-file="$to/$3.ttf"
}
# A ligature is one glyph of two letters, and readers of PDF turn runs that are read from the right
# glyph by glyph: so each letter after the first gets an empty glyph of its own to stand for it,
# U+E000 and what the letter has beyond U+0600. One more, U+E100, stands for a right-to-left mark.
add_empty() {
  python3 - "$to/$1.ttf" <<'PYTHON'
import sys
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
font = TTFont(sys.argv[1])
letters = sorted(c for c in font.getBestCmap() if 0x600 < c < 0x700) + [0x700]
order = font.getGlyphOrder()
for letter in letters:
    name = f"empty{letter:04X}"
    order.append(name)
    font["glyf"].glyphs[name] = Glyph()
    # A mark is as wide as readers need to find it beside its neighbour.
    width = font["head"].unitsPerEm * 12 // 100 if letter == 0x700 else 0
    font["hmtx"].metrics[name] = (width, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0xE000 + letter - 0x600] = name
font.setGlyphOrder(order)
font["maxp"].numGlyphs = len(order)
if "GDEF" in font and font["GDEF"].table.GlyphClassDef:
    font["GDEF"].table.GlyphClassDef.classDefs.update({f"empty{c:04X}": 1 for c in letters})
font.save(sys.argv[1])
PYTHON
}
cut NotoSans-Regular "$latin" noto-sans-regular
cut NotoSans-Bold "$latin" noto-sans-bold
cut NotoSansArabic-Regular "$arabic" noto-sans-arabic-regular
cut NotoSansArabic-Bold "$arabic" noto-sans-arabic-bold
cut NotoSansTifinagh-Regular '*' noto-sans-tifinagh-regular
for face in regular bold arabic-regular arabic-bold tifinagh-regular; do
  add_empty noto-sans-$face
done
