"""Labels: the signed address in the QR code. Source: docs/FORMAT.md section 5."""

import re

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
    need(folded == text, "label_malformed")
    return text


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
    need(value(text[:3])[0] == 1, "label_version_unknown")
    need(len(text) == 111, "token_length")
    return b"".join(value(text[at:at + 3]) for at in range(0, 111, 3))


def verify(text, public):
    """Reads and verifies a label; answers with what it says."""
    found = re.fullmatch("https?://([^/]*)/([^?#]*)(?:[?#].*)?", text.strip(), re.IGNORECASE)
    need(found, "not_a_label")
    host, path = found[1].lower(), found[2].removesuffix("/")
    segments = [unescape(segment) for segment in path.split("/")]
    if len(path.split("/")[0]) < 33:
        raise Fault("not_a_label")
    need(None not in segments, "label_malformed")
    head, *rest = [segment.upper() for segment in segments]
    data = token(head)
    rest += [""] * (6 - len(rest))
    if rest[0] == "01" and rest[2] == "10" and (rest[4] == "21") == bool(rest[5]):
        item = gtin(rest[1])
        need(item == rest[1], "label_malformed")
        lot, unit, names = lot_number(rest[3]), rest[5], {"gtin": item}
    elif rest[0] == "LOT" and rest[2] and not rest[4]:
        item, lot, unit = f"LOT:{rest[1]}", lot_number(rest[2]), rest[3]
        names = {"party": party(rest[1])}
    else:
        raise Fault("label_malformed")
    if unit:
        serial(unit)
    fields = [host, item, lot, unit]
    message = b"tasdiq-qr-v1\0" + data[:10] + "\x1d".join(fields).encode()
    need(signed(public, data[10:], message), "label_signature")
    number = lambda start, end: int.from_bytes(data[start:end], "big")
    return {"host": host, "lot": lot, "serial": unit or None, "index": number(3, 7),
            "expiryDay": number(7, 9), "schemes": data[9], **names}


def run(case):
    public = bytes.fromhex(case["publicKey"])
    says = verify(case["text"], public)
    hint_of_key = sha(public)[:2]
    need(token(case["text"].split("/")[3].upper())[1:3] == hint_of_key
         if "%" not in case["text"].split("/")[3] else True, "hint_differs")
    for member, value in says.items():
        need(case[member] == value, f"{member}_differs")
