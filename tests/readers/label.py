"""Labels: the signed address in the QR code. Source: docs/FORMAT.md section 5."""

import re
import unicodedata

from common import Fault, need, sha, signed

BASE41 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-."
LOT_CHARACTERS = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"%&'()*+,-.:;<=>?_")


def gtin(text):
    """The 14 digits (GS1 General Specifications 7.9; restricted prefixes 02, 04, 20 to 29)."""
    need(re.fullmatch(r"\d{8}|\d{12,14}", text, re.ASCII), "gtin_form")
    text = text.zfill(14)
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(text[:13]))
    need((total + int(text[13])) % 10 == 0, "gtin_check_digit")
    need(text[1:3] not in ("02", "04") and text[1] != "2", "gtin_restricted")
    return text


def lot_number(text):
    need(set(text) <= LOT_CHARACTERS, "lot_character")
    need(1 <= len(text) <= 20, "lot_length")
    need(text.strip("."), "lot_dots")
    return text


def party(text):
    slug = text.lower()
    good = re.fullmatch("[a-z0-9][a-z0-9-]{0,31}", slug, re.ASCII)
    need(good and not re.fullmatch(r"\d{14}", slug), "party_form")
    return slug


def serial(text):
    folded = text.replace("-", "").upper().translate(str.maketrans("OIL", "011"))
    need(re.fullmatch("[0-9A-HJKMNP-TV-Z]{8,20}", folded), "serial_form")
    return folded


def unescape(text):
    """The text without percent escapes; None for a broken one."""
    if re.search("%(?![0-9A-Fa-f]{2})", text):
        return None
    data = re.sub(b"%(..)", lambda m: bytes([int(m[1], 16)]), text.encode())
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def token(text):
    """The 74 bytes."""
    def value(letters):
        need(set(letters) <= set(BASE41), "token_character")
        number = 0
        for letter in letters:
            number = number * 41 + BASE41.index(letter)
        need(number < 65_536, "token_character")
        return number.to_bytes(2, "big")
    try:
        version = value(text[:3])[0]
    except Fault:
        need(len(text) == 111 or not set(text[:3]) <= set(BASE41), "token_length")
        raise
    need(version == 1, "label_version_unknown")
    need(len(text) == 111, "token_length")
    return b"".join(value(text[at:at + 3]) for at in range(0, 111, 3))


def exact(text, low, high, parse):
    """An identifier of a label in its one spelling; whether it was cut stands in the fault."""
    cut = not low <= len(text) <= high
    try:
        value = parse(text)
    except Fault as fault:
        raise Fault(fault.args[0], cut) from None
    if value != text:
        raise Fault("label_cut" if cut else "label_malformed", cut)
    return value


# Section 5.1: what stands around a code and within it. Each list is of characters.
SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
GROUP = "\x1d"
INVISIBLE = re.compile("[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
OPENING = "\"'`<\xab\u2039\u201c\u201e\u2018\u201a\u201d\u2019\xbb\u203a"
CLOSING = "`\xbb\u203a\u201d\u2019\xab\u2039\u201c\u201e\u2018\u201a"
TRAILING = ".,;:!)]}>'\""
TOKEN_LIKE = 33


def addresses(text):
    """How many addresses stand in a text, those in a query left out."""
    words = re.split(f"[{re.escape(SPACE)}\0-\x1f\x7f-\x9f]", text)
    paths = [re.split("[?#]", word)[0].lower() for word in words]
    relative = text.lstrip(SPACE).startswith("//")  # Without its scheme one may begin the text.
    return sum(len(re.findall("https?://", path)) for path in paths) + relative


def undress(text):
    """Text, whether a scanner said that it is an element string, and what was left out."""
    text = text.replace("=\r\n", "").replace("=\n", "").strip(SPACE)
    kept = "".join(c for c in text if c == GROUP or not INVISIBLE.match(c))
    notes = ["invisible-characters"] if kept != text else []
    elements = False
    while True:
        kept = kept.strip(SPACE + GROUP)
        if re.match(r"\][A-Za-z][A-Za-z0-9]", kept):
            elements |= kept[:3].upper() in ("]C1", "]D2", "]E0", "]Q3")
            note, kept = "symbology-identifier", kept[3:]
        elif kept and kept[0] in OPENING:
            note, kept = "quotes", kept[1:]
        elif kept and kept[-1] in CLOSING:
            note, kept = "quotes", kept[:-1]
        elif kept[:4].lower() == "url:":
            note, kept = "quotes", kept[4:]
        elif kept and kept[0] in "([{" and kept[1:].lstrip(SPACE)[:4].lower() == "http":
            note, kept = "quotes", kept[1:]
        else:
            return kept, elements, notes
        notes += [note] if note not in notes else []


BREAKS = "\t\n\v\f\r\x85\u2028\u2029"


def begins_with_a_word(text):
    word = (words_of(text) or [""])[0].rstrip(",.!;")
    return len(word) > 2 and word.isalpha() and not re.fullmatch("[A-Z]+", word)


def doubtful(text):
    """Whether white space stands behind the token where no words are: it accuses nobody."""
    plain = text.strip(SPACE).replace("=\r\n", "").replace("=\n", "")
    lower = plain.lower()
    start = lower.find("https://")
    start = lower.find("http://") if start < 0 else start
    address = plain[max(start, 0):]
    path = re.match(r"[^/]*//[^/]*/", address)
    first = address.find("/", path.end()) if path else -1
    if first < 0:
        return False
    begin = first if len(address[path.end():first].encode()) >= TOKEN_LIKE else path.end()
    return any(c in SPACE for c in address[begin:]) and not among_words(text)


def another_code(words):
    return re.search(f"[A-Za-z0-9$*+.%_-]{{{TOKEN_LIKE},}}", words)


LABEL_WORDS = set("code qr url link address lot batch lien adresse enlace رمز الرمز رابط".split())


def words_of(text):
    return [word for word in re.split(f"[{re.escape(SPACE)}]+", text) if word]


def are_words(text):
    """Words, and nothing that could be an address, a code, or a part of one."""
    for word in words_of(text):
        dotted = any(part[:1].isalnum() for part in word.split(".")[1:])
        element = "(" in word and re.search("[0-9]", word)
        if dotted or element or set(word) & set("/\\%@=?&#|^:"):
            return False
    return not another_code(text)


def named(word):
    name = word[:-1].lower()
    return word.endswith(":") and (name in LABEL_WORDS or bool(re.fullmatch("[0-9]+", name)))


def stand_before(before):
    parts = re.match(f"(.*[{re.escape(SPACE)}])?(.*)$", before, re.S)
    words, last = words_of(parts[1] or ""), parts[2]
    if words and named(words[-1]):
        words = words[:-1]
    opening = set(last) <= set("([{<>\"'`*\u2022\xb7\u2013\u2014-\xab\u2039\u201e\u201c\u2018")
    mark = re.fullmatch(r"\][A-Za-z][A-Za-z0-9]", last)
    return (mark or opening or named(last)) and all(map(are_words, words))


def among_words(text):
    """The one address among words, in the ways it may end; none where there are only words around
    nothing, or more than words."""
    if len(text.encode()) > 600:
        return []
    text = text.replace("=\r\n", "").replace("=\n", "")
    spaced = "".join("\n" if c in BREAKS else " " if c in SPACE else c
                     for c in text if c in SPACE or not INVISIBLE.match(c))
    if spaced.lstrip(SPACE).startswith("//"):
        spaced = "https:" + spaced.lstrip(SPACE)
    at = re.search("https?://", spaced, re.I)
    if not at:
        return []
    before, address = spaced[:at.start()], spaced[at.start():]
    path = re.match(r"[^/]*//[^/]*/", address)
    first = address.find("/", path.end()) if path else -1
    if first < 0 or not stand_before(before):
        return []
    start = first if first - path.end() >= TOKEN_LIKE else path.end()
    ends = [run.start() for run in re.finditer("[ \n]+", address[start:])]
    ends = [start + end for end in ends][:4] + [len(address)] * bool(before.strip(SPACE))
    found = []
    for end in ends:
        behind = address[end:]
        alone = not before.strip(SPACE) and not behind.strip(SPACE)
        kept = "".join(c for at, c in enumerate(address[:end])
                       if c != "\n" and (at < start or c != " "))
        goes_on = kept.endswith("/") and re.match("[0-9]", behind.lstrip(SPACE))
        parted = not behind.startswith("\n") or begins_with_a_word(behind)
        if not alone and not goes_on and parted and are_words(behind):
            found.append(kept)
    return found


ENTITIES = "NBSP|QUOT|GT|LT|LRM|RLM|ZWNJ|SHY|ENSP"


def is_mark(c):
    if c.isascii():
        return ord(c) < 32 or c == "\x7f" or c in " |~^`[]{}"
    picture = "\u2600" <= c <= "\u27bf" or c == "\ufe0f" or "\U0001f300" <= c <= "\U0001f6ff" \
        or "\U0001f900" <= c <= "\U0001f9ff"
    return picture or c in SPACE or bool(INVISIBLE.match(c)) \
        or unicodedata.category(c) in ("Pe", "Pd", "Pf", "Pi", "Ps", "Po")


def shorter(text):
    """Without the last mark that may hang on an identifier; None if there is none."""
    at = re.search(f"&({ENTITIES});?$", text)
    if at:
        return text[:at.start()]
    if text[-3:] in ("%20", "%0A", "%0D", "%09"):
        return text[:-3]
    rest = text
    while rest and is_mark(rest[-1]):
        rest = rest[:-1]
    if rest != text:
        return rest
    return text[:-1] if text[-1:] and text[-1] in TRAILING else None


def ends(last):
    """An identifier without the marks that hang on it."""
    found = []
    while len(found) < 6 and shorter(last) is not None:
        last = shorter(last)
        found.append(last)
    return [end for end in found if end]


def endings(text):
    """The text, then without one, two, three, and all marks of punctuation behind it."""
    found = [text]
    while True:
        text = text.rstrip(SPACE).rstrip("/")
        if not text or text[-1] not in TRAILING:
            return found
        text = text[:-1]
        found = found[:4] + [text]


def upper(text):
    return "".join(chr(ord(c) - 32) if "a" <= c <= "z" else c for c in text)


def decoded(path):
    """The segments in each way their escapes may be undone, and whether that is the usual one."""
    if "%2f" in path.split("/")[0].lower() and unescape(path) is not None:
        return [(way, False) for way, _ in decoded(unescape(path))]
    written = path.split("/")
    if "%" not in path:
        return [([upper(part) for part in written], True)]
    ways, once = [], [unescape(part) for part in written]
    twice = [None if part is None else unescape(part) for part in once]
    thrice = [None if part is None else unescape(part) for part in twice]
    if None not in once:
        ways.append((once, "%" not in written[0]))
    ways.append((written, False))
    if None not in twice and twice != once:
        ways.append((twice, False))
        if None not in thrice and thrice != twice:
            ways.append((thrice, False))
    return [([upper(part) for part in way], usual) for way, usual in ways]


def of_path(path):
    path, _, fragment = path.partition("#")
    path, _, query = path.partition("?")
    notes = ["query"] * bool(query) + ["fragment"] * bool(fragment)
    path = path.removeprefix("/")
    plain = re.sub(r"^(/|\./)+", "", path)
    notes += ["slashes"] * (plain != path)
    path = plain
    up = ".." in path.split("/")  # A path that leads up is another's.
    for place, text in enumerate([path] if up else endings(path)):
        bare = text if up else text.rstrip("/")
        for segments, usual in decoded(bare):
            left = notes + ["slashes"] * (bare != text) + ["escapes"] * (not usual)
            left += ["punctuation"] * (place > 0)
            if len(segments[0]) >= TOKEN_LIKE and " " in segments[0]:
                segments[0] = segments[0].replace(" ", "+")
                left.append("spaces")
            yield segments, once_each(left)
    for segments, usual in decoded(path.rstrip("/")):
        for end in ends(segments[-1]) if segments[1:] and not up else []:
            left = notes + ["escapes"] * (not usual) + ["punctuation"]
            way = segments[:-1] + [end]
            if len(way[0]) >= TOKEN_LIKE and " " in way[0]:
                way[0] = way[0].replace(" ", "+")
                left.append("spaces")
            yield way, once_each(left)


def once_each(notes):
    return list(dict.fromkeys(notes))


def of_host_and_path(text, plain_http):
    at = re.search("[/?#]", text)
    written, path = (text[:at.start()], text[at.start():]) if at else (text, "")
    written = written.lower()
    host, notes = written.strip(SPACE), []
    notes += ["spaces"] * (host != written)
    name, colon, port = host.partition(":")
    if colon and port.lstrip("0") in ("", "80" if plain_http else "443") and set(port) != {"0"}:
        colon, port = "", ""
        notes.append("port")
    if name.endswith(".") and name != ".":
        name = name[:-1]
        notes.append("host-dot")
    host = name + colon + port
    good = re.fullmatch("[a-z0-9.-]{1,100}", name) and (
        not colon or re.fullmatch("[0-9]{1,5}", port) and int(port) < 65_536)
    for segments, left in of_path(path):
        yield host, written, bool(good), segments, notes + left


def of_url(text):
    """Scheme and ways of an address; None for a text without one."""
    whole = None
    text = "https:" + text if text.startswith("//") else text
    if text[:4].lower() == "http" and "%2f" in text[:14].lower() and "://" not in text:
        whole = unescape(text)
    escaped = whole is not None and "://" in whole
    text = whole if escaped else text
    if "://" not in text:
        return None
    scheme, _, rest = text.partition("://")
    if scheme.lower() not in ("http", "https"):
        if re.search("[/?]", scheme):
            return None
        raise Fault("not_a_label", True)
    plain_http = scheme.lower() == "http"
    return plain_http, [
        (host, written, good, segments, left + ["escapes"] * (escaped and "escapes" not in left))
        for host, written, good, segments, left in of_host_and_path(rest, plain_http)]


def read_token(text):
    """The bytes of a token; Fault(code, whether nothing was changed)."""
    try:
        return token(text)
    except Fault as fault:
        code, whole = fault.args[0], re.fullmatch(f"[{re.escape(BASE41)}]{{111}}", text)
        accuses = code in ("label_version_unknown", "token_character") and whole
        raise Fault(code, not accuses) from None


def token_at(segments):
    """Where the token stands; None without one."""
    at = next((at for at, part in enumerate(segments) if len(part) >= TOKEN_LIKE), None)
    if at:
        read_token(segments[at])
        raise Fault("label_malformed", False)
    return at


def read_label(host, good, segments):
    """What a label says; Fault(code, whether nothing was changed)."""
    data = read_token(segments[0])
    first, rest = (segments + [""])[1], segments[2:]
    fault = "label_malformed" if (len(first), len(rest)) in ((2, 3), (2, 5), (3, 2), (3, 3)) \
        else "label_cut"
    if first == "01" and len(rest) in (3, 5) and rest[1] == "10" and rest[3:4] in ([], ["21"]):
        item = exact(rest[0], 14, 14, gtin)
        lot, unit, names = rest[2], "".join(rest[4:]), {"gtin": item}
    elif first == "LOT" and len(rest) in (2, 3):
        try:
            names = {"party": party(rest[0])}
        except Fault as wrong:
            raise Fault(wrong.args[0], not 1 <= len(rest[0]) <= 32) from None
        item, lot, unit = f"LOT:{rest[0]}", rest[1], "".join(rest[2:])
    else:
        raise Fault(fault, fault == "label_cut")
    lot = exact(lot, 1, 20, lot_number)
    if len(rest) in (5, 3) and (first != "01" or len(rest) == 5):
        exact(unit, 8, 20, serial)
    if not good:
        raise Fault("host_form", False)
    message = b"tasdiq-qr-v1\0" + data[:10] + "\x1d".join([host, item, lot, unit]).encode()
    number = lambda start, end: int.from_bytes(data[start:end], "big")
    says = {"host": host, "lot": lot, "serial": unit or None, "index": number(3, 7),
            "expiryDay": number(7, 9), "schemes": data[9], **names}
    return says, data, message


def readings(text):
    """The ways to read a text as an address: of each what it says, or its fault."""
    if not text.strip(SPACE) or len(text.encode()) > 2_000:
        raise Fault("not_a_label", True)
    if max(addresses(text), addresses(re.sub("[\t\n\r]", "", text))) > 1:
        raise Fault("two_addresses", True)
    within, found, first = among_words(text), [], None
    whole = undress(text)[0]
    within = [part for part in within if undress(part)[0] != whole]
    for part, words in [(text, [])] + [(part, ["words"]) for part in within]:
        try:
            found += [(*way[:5], once_each(way[5] + words)) for way in ways_of(part)]
        except Fault as fault:
            first = first or fault
    if not found:
        raise first
    return found


def ways_of(text):
    bare, elements, notes = undress(text)
    address = "://" in bare or bare.startswith("//")
    if elements and not address or re.match(r"\(|01\d{14}[^/]+$", bare, re.ASCII):
        return [("elements", bare, None, False, None, notes)]
    if GROUP in bare:
        bare = bare.replace(GROUP, "")
        notes += ["invisible-characters"] * ("invisible-characters" not in notes)
    found = of_url(bare)
    if found is None:
        return [("typed", bare, None, False, None, notes)]
    plain_http, ways = found
    return [(host, written, good, plain_http, segments, notes + left)
            for host, written, good, segments, left in ways]


def verify(text, public):
    """Reads and verifies a label; answers with what it says and how it was read."""
    faults, first = [], True
    for host, _, good, plain_http, segments, notes in readings(text):
        try:
            need(segments is not None and token_at(segments) == 0, "not_a_label")
            says, data, message = read_label(host, good, segments)
        except Fault as fault:
            faults.append((*fault.args, True)[:2])
            continue
        if signed(public, data[10:], message):
            need(data[1:3] == sha(public)[:2], "hint_differs")
            return {**says, "leftOut": notes, "plainHttp": plain_http}
        if first:
            faults, first = [("label_signature", False)], False
    raise Fault(*faults[0])


def plain(text):
    """A code without a token: the lots it may name, its host, and how it was read. Nothing that is
    wrong with one accuses anybody."""
    found = []
    for host, written, good, plain_http, segments, notes in readings(text):
        if segments is None:
            raise Fault("not read here", True)
        if token_at(segments) == 0:
            read_token(segments[0])
            raise Fault("not_a_label", True)
        at = max((at for at, part in enumerate(segments) if part == "01"), default=None)
        if segments[0] == "LOT" and len(segments) in (3, 4):
            lot = f"{party(segments[1])}/{lot_number(segments[2])}"
        elif at is not None and len(segments) > at + 1:
            pairs = dict(zip(segments[at + 2::2], segments[at + 3::2]))
            number = "/" + lot_number(pairs["10"]) if "10" in pairs else ""
            lot = gtin(segments[at + 1]) + number
            unit = pairs.get("21")
            notes = notes + ["other-elements"] * bool({"22", "235"} & set(pairs))
            try:
                unit is None or serial(unit)
            except Fault:
                notes = notes + ["foreign-serial"]
        else:
            raise Fault("not_a_label", True)
        need(good, "host_form")
        found.append((lot, host, notes, plain_http))
    lots = list(dict.fromkeys(lot for lot, *_ in found))
    return {"lots": lots, "host": found[0][1], "leftOut": found[0][2], "plainHttp": found[0][3]}


def run(case):
    try:
        says = verify(case["text"], bytes.fromhex(case["publicKey"])) if "publicKey" in case \
            else plain(case["text"])
    except Fault as fault:
        code, unreadable = (*fault.args, True)[:2]
        need(case.get("unreadable") == unreadable, f"{code}, and unreadable is {unreadable}")
        raise Fault(code) from None
    for member, value in says.items():
        need(case[member] == value, f"{member}_differs")
