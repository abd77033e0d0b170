"""What is printed, read by tools we did not write: sheets of labels by zxing and zbar after what a
printer and a phone do to them, positions from the PDF's own numbers, ZPL dot for dot, certificates
by qpdf and poppler: `papers.py TASDIQ URL FOLDER`. FOLDER holds the ledger's data in `ledger`.
TASDIQ_LONG=1 prints on every sheet there is."""

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

tasdiq, url, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
work = folder / "papers"
work.mkdir()
long = os.environ.get("TASDIQ_LONG") == "1"
MM = 72 / 25.4
LOCALES = Path(__file__).parents[2] / "assets/locales"


def say(text):
    print(f"   {text}", flush=True)


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, check=False)


def must(*command):
    done = run(*command)
    if done.returncode:
        sys.exit(f"{command}: {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout


def get(path):
    with urllib.request.urlopen(url + path, timeout=60) as answer:
        return answer.read()


def order(**terms):
    body = json.dumps(terms).encode()
    request = urllib.request.Request(url + "/api/v1/label-sheets", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.read()


def refused(**terms):
    try:
        order(**terms)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())["code"]
    return sys.exit(f"printed: {terms}")


def same(found, wanted, what):
    if found != wanted:
        sys.exit(f"{what}: {found!r}, not {wanted!r}")


labels = json.loads(get("/api/v1/labels"))["labels"]
lot, text = labels[0]["lot"], labels[0]["text"]
grids = json.loads(get("/api/v1/label-grids"))


# --- sheets
def pages(pdf, dpi=300):
    for old in work.glob("page*"):
        old.unlink()
    must("pdftoppm", "-r", dpi, "-gray", "-png", pdf, work / "page")
    return [Image.open(path).convert("L") for path in sorted(work.glob("page*.png"))]


def boxes(pdf):
    """For each code of each page the box of its dark modules, in millimetres from the upper left,
    from the rectangles that the PDF's content fills at once; its first act turns y downwards."""
    plain = work / "plain.pdf"
    must("qpdf", "--qdf", "--object-streams=disable", "--stream-data=uncompress", pdf, plain)
    found = []
    for stream in re.findall(rb"stream\n(.*?)\nendstream", plain.read_bytes(), re.S):
        numbers = rb"(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re"
        for path in re.split(rb"\n(?:f|f\*|n|W|B)\n", stream):
            rectangles = [tuple(map(float, one)) for one in re.findall(numbers, path)]
            lines = re.findall(rb"(-?[\d.]+) (-?[\d.]+) [ml]\b", path)
            corners = [(x, y) for x, y, _, _ in rectangles] + [(x + w, y + h) for x, y, w, h in rectangles]
            corners += [tuple(map(float, one)) for one in lines]
            if len(corners) > 800:
                xs, ys = zip(*corners)
                found.append(tuple(value / MM for value in (min(xs), min(ys), max(xs), max(ys))))
    return found


def cell(picture, grid, place, dpi=300):
    x = grid["leftUm"] + place % grid["columns"] * grid["pitchXUm"]
    y = grid["topUm"] + place // grid["columns"] * grid["pitchYUm"]
    edges = x, y, x + grid["widthUm"], y + grid["heightUm"]
    return picture.crop([round(edge / 25_400 * dpi) for edge in edges])


def read(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def zbar(picture):
    path = work / "cell.png"
    picture.save(path)
    done = run("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path)
    return [line for line in done.stdout.decode().splitlines() if line]


def blurred(picture):
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def turned(picture):
    return picture.rotate(10, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def covered(picture):
    """A blot over a tenth of the code, off its corner patterns."""
    found = zxingcpp.read_barcodes(picture)[0].position
    xs = [found.top_left.x, found.top_right.x, found.bottom_right.x, found.bottom_left.x]
    ys = [found.top_left.y, found.top_right.y, found.bottom_right.y, found.bottom_left.y]
    side = max(max(xs) - min(xs), max(ys) - min(ys))
    edge = int(side * 0.1 ** 0.5)
    spoilt = picture.copy()
    x, y = int(min(xs) + side * 0.5), int(min(ys) + side * 0.5)
    ImageDraw.Draw(spoilt).rectangle((x, y, x + edge, y + edge), fill=255)
    return spoilt


wanted = grids if long else [grid for grid in grids if grid["id"] in ("avery-l7651", "avery-l7160")]
read_count = 0
for grid in wanted:
    cells = grid["columns"] * grid["rows"]
    pdf = work / f"{grid['id']}.pdf"
    pdf.write_bytes(order(lot=lot, copies=cells, format="pdf", grid=grid["id"], ruler=True))
    must("qpdf", "--check", pdf)
    test, sheet = pages(pdf)
    same(read(test), [], "a code on the test page")
    for place in range(cells):
        for change in (lambda one: one, blurred, turned, covered)[: None if place < 3 or long else 1]:
            picture = change(cell(sheet, grid, place))
            for reader in (read, zbar) if place < 3 or long else (read,):
                same(reader(picture), [text], f"{grid['id']}, cell {place}, {getattr(change, '__name__', '')}")
                read_count += 1
    found = boxes(pdf)
    same(len(found), cells, f"codes in the numbers of {grid['id']}")
    first = found[0]
    for place, box in enumerate(found):
        x = place % grid["columns"] * grid["pitchXUm"] / 1000
        y = place // grid["columns"] * grid["pitchYUm"] / 1000
        off = max(abs(box[0] - first[0] - x), abs(box[1] - first[1] - y))
        if off > 0.1:
            sys.exit(f"{grid['id']}: code {place} is {off} mm off")
    left, top = grid["leftUm"] / 1000, grid["topUm"] / 1000
    inside = left <= first[0] and first[2] <= left + grid["widthUm"] / 1000
    if not (inside and top <= first[1] and first[3] <= top + grid["heightUm"] / 1000):
        sys.exit(f"{grid['id']}: the first code stands at {first}, outside its label")
    moved = work / "moved.pdf"
    moved.write_bytes(order(lot=lot, format="pdf", grid=grid["id"], dx_um=1_500, dy_um=-700))
    there = boxes(moved)[0]
    if abs(there[0] - first[0] - 1.5) > 0.05 or abs(there[1] - first[1] + 0.7) > 0.05:
        sys.exit(f"{grid['id']}: moved from {first} to {there}")
say(f"sheets: {len(wanted)}, {read_count} readings by zxing and zbar, blurred, turned and covered; "
    "every code within 0.1 mm of its place")

many = order(lot=lot, copies=2_000, format="pdf", grid="avery-j8157", start=24)
(work / "many.pdf").write_bytes(many)
count = int(re.search(rb"Pages:\s+(\d+)", must("pdfinfo", work / "many.pdf")).group(1))
same(count, -(-(2_000 + 23) // 33), "pages of 2,000 labels from cell 24")
for terms, answer in [
    ({"grid": "a5"}, (422, "grid_unknown")),
    ({"start": 22}, (422, "grid_start")),
    ({"start": 0}, (422, "grid_start")),
    ({"copies": 2_001}, (422, "label_order")),
    ({"dpi": 10_000}, (422, "label_order")),
    ({"grid": "herma-4606", "x_dimension_um": 900}, (422, "grid_too_small")),
    ({"serials": ["K7Q2M9XD"]}, (401, "request_signature")),
    ({"serials": ["../../x"]}, (400, None)),
    ({"lot": "06111234567895/NONE"}, (404, "lot_unknown")),
]:
    status, code = refused(**{"lot": lot, "format": "pdf", **terms})
    same((status, code if answer[1] else None), answer, f"refusal of {terms}")

# --- pictures and printers
for dpi in (203, 300):
    archive = zipfile.ZipFile(io.BytesIO(order(lot=lot, format="zip", grid="avery-l7651", dpi=dpi)))
    names = archive.namelist()
    same([Path(name).suffix for name in names], [".svg", ".png"], "the archive")
    picture = Image.open(io.BytesIO(archive.read(names[1])))
    same(round(picture.info["dpi"][0]), dpi, "the resolution that the PNG tells")
    same(read(picture.convert("L")), [text], f"the PNG of {dpi} dpi by zxing")
    commands = order(lot=lot, format="zpl", grid="avery-l7651", dpi=dpi).decode()
    width = int(re.search(r"\^PW(\d+)", commands).group(1))
    total, stride, data = re.search(r"\^GFA,(\d+),\d+,(\d+),([0-9A-F]+)\^FS", commands).groups()
    dots = bytes.fromhex(data)
    same(len(dots), int(total), "bytes of ^GFA")
    drawn = Image.frombytes("1", (int(stride) * 8, len(dots) // int(stride)), bytes(255 - one for one in dots))
    drawn = drawn.crop((0, 0, width, drawn.height))
    same(zbar(drawn.convert("L")), [text], f"^GFA at {dpi} dpi by zbar")
    same(drawn.tobytes(), picture.convert("1").tobytes(), f"^GFA and PNG at {dpi} dpi, dot for dot")
say("ZPL: ^GFA is read by zbar at 203 and 300 dpi and is the PNG dot for dot")


# --- certificates
def words(language, *ids):
    lines = dict(
        line.split(" = ", 1) for line in (LOCALES / f"{language}.ftl").read_text().splitlines()
        if " = " in line and not line.startswith((" ", "#")))
    return [lines[name] for name in ids]


def plain(text):
    """Without marks of direction and breaks of lines, composed."""
    kept = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", kept)


root = json.loads((folder / "ledger/ledger.json").read_text())["root"]
rows = json.loads(get("/register?format=json"))["rows"]
serials = [row["certificate"] for row in rows if row["certificate_status"] == "valid" and row["lot_status"] == "released"][:2]
serial, other = serials
sentences = ("certificate-lead", "paper-how-code", "paper-how-compare", "certificate-not-qualified")
for language in ("fr", "ar", "en"):
    paper = work / f"{language}.pdf"
    paper.write_bytes(get(f"/certificates/{serial}.pdf?lang={language}"))
    same(get(f"/certificates/{serial}.pdf?lang={language}"), paper.read_bytes(), "the same paper again")
    must("qpdf", "--check", paper)
    same(run("grep", "-c", "pdfaid:part>3<", "-a", paper).stdout.strip(), b"1", "PDF/A-3 in its metadata")
    told = plain(must("pdftotext", "-enc", "UTF-8", paper, "-").decode())
    for sentence in map(plain, words(language, *sentences)):
        if sentence not in told:
            sys.exit(f"{language}: {sentence!r} is not in\n{told}")
    if plain(root) not in told.replace(" ", ""):
        sys.exit(f"{language}: the root key is not told whole")
    must("pdfdetach", "-save", "1", "-o", work / "dossier", paper)
    done = run(tasdiq, "verify", "--offline", "--root", root, work / "dossier")
    same(done.returncode, 0, f"the dossier of the paper in {language}: {done.stdout.decode()}")
    if language != "ar" and not long:
        continue
    done = run(tasdiq, "verify", "--offline", "--root", root, paper)
    same(done.returncode, 0, f"the paper in {language}: {done.stdout.decode()}{done.stderr.decode()}")
    same(b"2 inputs: 2 passed" in done.stdout, True, f"dossier and code of the paper: {done.stdout}")
same(run(tasdiq, "verify", "--offline", work / "ar.pdf").returncode, 3, "a paper under no pinned root")

good = work / "fr.pdf"
foreign = get(f"/certificates/{other}.tasdiq")
name = f"certificate-{serial}.tasdiq"


def with_dossier(content, path):
    (work / name).write_bytes(content)
    bare = work / "bare.pdf"
    must("qpdf", good, f"--remove-attachment={name}", bare)
    must("qpdf", bare, "--add-attachment", work / name, f"--key={name}", "--", path)
    return path


def verdict(path, *options):
    done = run(tasdiq, "verify", "--offline", "--root", root, *options, path)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


own = get(f"/certificates/{serial}.tasdiq")
same(verdict(with_dossier(own, work / "own.pdf"))[0], 0, "the same dossier put in by another tool")
code, told = verdict(with_dossier(foreign, work / "mixed.pdf"))
same((code, "paper_mixed" in told), (1, True), f"the dossier of another certificate: {told}")
code, told = verdict(with_dossier(own[: len(own) // 2], work / "cut.pdf"))
same(code in (1, 2), True, f"half a dossier: {code} {told}")
for name_of, source in (("trust.json", "/trust"), ("daily.pack", "/api/v1/packs/latest")):
    (work / name_of).write_bytes(get(source))
given = "--trust", work / "trust.json", "--pack", work / "daily.pack"
code, told = verdict(work / "cut.pdf", *given)
same(code in (1, 2), True, f"half a dossier, with trust and pack at hand: {code} {told}")
second = work / "second.tasdiq"
second.write_bytes(foreign)
must("qpdf", work / "own.pdf", "--add-attachment", second, "--", work / "two.pdf")
code, told = verdict(work / "two.pdf", *given)
same((code, "pdf_dossiers" in told), (2, True), f"two dossiers on one paper: {code} {told}")
altered = own.replace(b'"quantity":', b'"quantitY":', 1)
same(verdict(with_dossier(altered, work / "altered.pdf"))[0] in (1, 2), True, "one letter of the dossier changed")
code, told = verdict(work / "bare.pdf")
same(code in (2, 3), True, f"a paper without its dossier, and no trust at hand: {code} {told}")
for cut in (100, len(good.read_bytes()) // 2):
    (work / "half.pdf").write_bytes(good.read_bytes()[:cut])
    code, told = verdict(work / "half.pdf")
    same(code in (1, 2, 3), True, f"a paper cut at {cut}: {code} {told}")
say("certificates: PDF/A-3 clean by qpdf, every sentence in order by pdftotext in fr, ar and en, the "
    "dossier within verifies; borrowed, cut and altered ones do not")
