"""An inspection on a quay: everything was fetched before, then the network is taken away, and each
kind of evidence is judged to pass (0), to be not genuine (1), undecided (3) and genuine but not fit
(4): `inspection.py TASDIQ URL FOLDER`. The folder holds the ledger's data in `ledger`."""

import json
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import zxingcpp
from PIL import Image

from printed import printed

PASSED, FAILED, UNDECIDED, UNFIT = 0, 1, 3, 4

tasdiq, url, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]) / "inspection"
folder.mkdir()
empty = folder / "empty"
empty.mkdir()


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, check=False)


def must(*command):
    done = run(*command)
    if done.returncode:
        sys.exit(f"{command}: {done.returncode}\n{done.stderr.decode()}")
    return done.stdout.decode()


def get(path):
    with urllib.request.urlopen(url + path, timeout=20) as answer:
        return json.load(answer)


# --- at the office: what the inspector takes along
trust, pack, root = folder / "trust.json", folder / "tasdiq.pack", None
must(tasdiq, "trust", "--url", url, "--out", trust)
root = json.loads(trust.read_text())["root"]
must(tasdiq, "pack", "--url", url, "--out", pack, "--root", root)
labels = printed(get("/api/v1/labels")["labels"], url, folder.parent / "ledger.log")
codes = folder / "codes.txt"
codes.write_text("\n".join(labels.values()) + "\n")
rows = json.loads(run(tasdiq, "--json", "--data", empty, "verify", "--offline", "--trust", trust,
                      "--pack", pack, codes).stdout)
verdicts = dict(zip(labels, rows))


def lot_with(exit_code, word=None):
    """The first label with this verdict (and this status word of its certificate)."""
    for lot, report in verdicts.items():
        now = (report.get("fitness") or {}).get("now", {})
        if report["exitCode"] == exit_code and (word is None or now.get("certificate") == word):
            return lot
    sys.exit(f"no label of the demonstration has verdict {exit_code} {word}")


good, withdrawn = lot_with(PASSED, "valid"), lot_with(UNFIT, "withdrawn")
dossiers = {}
for lot in (good, withdrawn):
    dossiers[lot] = folder / f"{len(dossiers)}.tasdiq"
    serial = verdicts[lot]["claims"]["certificate"]["serial"]
    must(tasdiq, "dossier", serial, "--url", url, "--out", dossiers[lot])


def altered(text):
    place = len(text) // 3
    return text[:place] + ("8" if text[place] == "7" else "7") + text[place + 1:]


def photo(text, name, turn=0):
    """A picture of a code as a camera may have it: grey, blurred by scaling, slightly turned."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    image = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=9)).convert("L")
    canvas = Image.new("L", (image.width + 160, image.height + 160), 236)
    canvas.paste(image, (80, 80))
    canvas = canvas.rotate(turn, expand=True, fillcolor=236, resample=Image.Resampling.BICUBIC)
    canvas.save(folder / name, quality=80)
    return folder / name


good_photo = photo(labels[good], "good.jpg", 4)
bad_photo = photo(altered(labels[good]), "altered.jpg")
withdrawn_photo = photo(labels[withdrawn], "withdrawn.jpg", -3)
hidden = folder / "hidden.tasdiq"
document = json.loads(dossiers[good].read_text())
document["lotRecord"]["quantity"] += 1
hidden.write_bytes(json.dumps(document, sort_keys=True, separators=(",", ":"),
                              ensure_ascii=False).encode())
half = folder / "half.pack"
half.write_bytes(pack.read_bytes()[:-1000])
spoilt = folder / "spoilt.pack"
data = bytearray(pack.read_bytes())
directory = int.from_bytes(data[24:32], "big")
blocks = 52 + int.from_bytes(data[16:20], "big") + int.from_bytes(data[20:24], "big") + directory
for place in range(blocks + 8, len(data), 64):
    data[place] ^= 1
spoilt.write_bytes(data)

# --- on the quay: no network at all
ALONE = next((way for way in (["unshare", "-n"], ["unshare", "-rn"])
              if not run(*way, "true").returncode), [])
if ALONE and shutil.which("ip"):
    routes = must(*ALONE, "ip", "route", "show", "table", "all")
    assert "default" not in routes, routes

known = ["--trust", trust, "--pack", pack]
CASES = {
    "QR text": [
        (PASSED, [*known, labels[good]]),
        (PASSED, [*known, "--policy", "customs", labels[good]]), (FAILED, [*known, altered(labels[good])]),
        (UNDECIDED, ["--trust", trust, labels[good]]), (UNFIT, [*known, labels[withdrawn]])],
    "photo": [
        (PASSED, [*known, good_photo]), (FAILED, [*known, bad_photo]),
        (UNDECIDED, ["--trust", trust, good_photo]), (UNFIT, [*known, withdrawn_photo])],
    "dossier": [
        (PASSED, ["--root", root, dossiers[good]]), (PASSED, ["--trust", trust, dossiers[good]]),
        (PASSED, ["--root", root, "--policy", "customs", dossiers[good]]),
        (FAILED, ["--root", root, hidden]), (UNDECIDED, [dossiers[good]]),
        (UNFIT, ["--root", root, dossiers[withdrawn]])],
    "pack": [
        (PASSED, ["--root", root, "--pack", pack, labels[good]]),
        (FAILED, ["--root", root, "--pack", spoilt, labels[good]]),
        (UNDECIDED, ["--root", root, "--pack", pack, "--at", "2036-11-23", labels[good]]),
        (UNFIT, ["--root", root, "--pack", pack, labels[withdrawn]])],
}
for evidence, cases in CASES.items():
    found = []
    for expected, arguments in cases:
        done = run(*ALONE, tasdiq, "--data", empty, "verify", "--offline", *arguments)
        if done.returncode != expected:
            sys.exit(f"{evidence}: {arguments}: exit code {done.returncode}, not {expected}\n"
                     f"{done.stdout.decode()}{done.stderr.decode()}")
        found.append(f"{done.returncode} {done.stdout.decode().split('  ')[0].strip()}")
    print(f"   {evidence}: {', '.join(found)}", flush=True)
cut = run(*ALONE, tasdiq, "--data", empty, "verify", "--offline", "--root", root, "--pack", half,
          labels[good])
assert cut.returncode == 2 and b"" != cut.stderr, cut
print(f"   a pack cut short: exit code 2: {cut.stderr.decode().strip()[:110]}")
