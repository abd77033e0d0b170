"""Labels of a running demonstration, decoded by zbar and zxing, opened on the service, and judged by
`tasdiq verify` with the network taken away: `labels.py TASDIQ URL FOLDER`.
FOLDER holds the ledger's data in `ledger` and the labels of another ledger in `other.json`."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import zxingcpp
from PIL import Image

from printed import printed

PASSED, FAILED, UNDECIDED, UNFIT = 0, 1, 3, 4

tasdiq, url, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
data = ["--data", str(folder / "ledger")]
trust, pack = str(folder / "trust.json"), str(folder / "daily.pack")


def say(text):
    print(f"   {text}", flush=True)


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, check=False)


def must(*command):
    done = run(*command)
    if done.returncode:
        sys.exit(f"{command}: {done.returncode}\n{done.stderr.decode()}")
    return done.stdout


def get(path):
    with urllib.request.urlopen(url + path, timeout=20) as answer:
        return answer.read()


# A folder without ledger, and no network where the system lets us take it away.
EMPTY = folder / "empty"
EMPTY.mkdir()
ALONE = ["unshare", "-n"] if not run("unshare", "-n", "true").returncode else (
    ["unshare", "-rn"] if not run("unshare", "-rn", "true").returncode else [])


def verdict(item, *options):
    """The exit code of `tasdiq verify`, offline."""
    done = run(*ALONE, tasdiq, "--data", EMPTY, "verify", "--offline", *options, item)
    if done.returncode not in (PASSED, FAILED, UNDECIDED, UNFIT):
        sys.exit(f"verify {item}: {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
    return done.returncode


def judged(item):
    return verdict(item, "--trust", trust, "--pack", pack)


def need(found, expected, what):
    if found != expected:
        sys.exit(f"{what}: {found!r}, not {expected!r}")


must(tasdiq, "trust", "--url", url, "--out", trust)
must(tasdiq, "pack", "--url", url, "--out", pack)
rows = json.loads(get("/api/v1/labels"))["labels"]
texts = printed(rows, url, folder / "ledger.log")
verdicts = {lot: judged(text) for lot, text in texts.items()}
lots = {code: [lot for lot, found in verdicts.items() if found == code] for code in range(5)}
need(sorted(set(verdicts.values())), [PASSED, UNDECIDED, UNFIT], "verdicts of the labels")
say(f"{len(texts)} labels judged {'without network ' if ALONE else ''}from trust snapshot and pack: "
    f"{len(lots[PASSED])} pass, {len(lots[UNFIT])} are genuine and not fit, "
    f"{len(lots[UNDECIDED])} undecided")

# --- symbols
fresh = {row["lot"] for row in rows}
for lot in set(texts) - fresh:
    done = run(tasdiq, *data, "label", lot, "--format", "text")
    need((done.returncode, done.stdout), (UNFIT, b""), f"label {lot}, which must not be printed")
for lot in lots[PASSED][:4]:
    png = folder / "label.png"
    must(tasdiq, *data, "label", lot, "--format", "png", "--out", png)
    text = must(tasdiq, *data, "label", lot, "--format", "text").decode().strip()
    need(text, texts[lot], f"label {lot} as text")
    # Only QR codes are asked for: some symbols hold a run of modules that reads as a linear barcode.
    read = must("zbarimg", "--raw", "-q", "-S", "disable", "-S", "qrcode.enable", png)
    need(read.decode().strip(), text, f"zbar on {lot}")
    with Image.open(png) as image:
        read = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
        need([found.text for found in read], [text], f"zxing on {lot}")
    need(judged(png), verdicts[lot], f"verdict on the PNG of {lot}")
    page = get("/" + text.removeprefix("https://").partition("/")[2]).decode()
    if "<html" not in page or lot.split("/")[1] not in page:
        sys.exit(f"the page of {lot} does not show the lot")
say("zbar and zxing read what the label says, the service opens it as a page")

# --- what must not pass
text = texts[lots[PASSED][0]]
need(verdict(text, "--trust", trust), UNDECIDED, "without a pack")
start = text.index("/", len("https://")) + 1
for place in range(start, len(text)):
    if text[place] != "/":
        changed = text[:place] + ("8" if text[place] == "7" else "7") + text[place + 1:]
        need(judged(changed), FAILED, f"character {place} changed: {changed}")
foreign = json.loads((folder / "other.json").read_text())["labels"][0]["text"]
need(judged(foreign), UNDECIDED, "a label of another ledger")
say(f"none of {len(text) - start} changed characters passes; without pack, or of another ledger: undecided")



def said(lot, word):
    """Whether the report on a lot's label holds a word."""
    done = run(tasdiq, "--json", "--data", EMPTY, "verify", "--offline", "--trust", trust, "--pack",
               pack, texts[lot])
    return f'"{word}"' in done.stdout.decode()


for code, words in [(UNFIT, ["suspended", "withdrawn", "recalled"]), (UNDECIDED, ["KEY_SUSPECT"])]:
    for word in words:
        if not any(said(lot, word) for lot in lots[code]):
            sys.exit(f"no label of the demonstration is told to be {word}")
say("suspended, withdrawn, recalled, suspect key: each told so")
