"""What the readers of statements share: the form of members, the names one host gives, texts with one
spelling. Source: docs/FORMAT.md sections 1.1 and 1.3."""

import base64
import re
from calendar import monthrange
from collections.abc import Mapping

from common import Fault, need
from label import gtin, lot_number, party, unescape

# --- shapes: a member's form is a type, a test, a set of words, [form of items], or members

def text(value):
    return isinstance(value, str)


def count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def check(value, form, code="shape"):
    """`...` as a name allows further members; a name that ends in `?` may be missing."""
    if isinstance(form, Mapping):
        need(isinstance(value, dict), code)
        names = {name.rstrip("?") for name in form}
        need("..." in form or set(value) <= names, code)
        for name, inner in form.items():
            if name.rstrip("?") in value:
                check(value[name.rstrip("?")], inner, code)
            else:
                need(name.endswith(("?", "...")), code)
    elif isinstance(form, list):
        need(isinstance(value, list), code)
        for item in value:
            check(item, form[0], code)
    elif isinstance(form, (set, frozenset)):
        need(text(value) and value in form, code)
    else:
        need(form(value), code)


def flag(value):
    return isinstance(value, bool)


def is_true(value):
    """A flag that is left out rather than false."""
    return value is True


def filled(value):
    """A list of texts that is left out rather than empty."""
    return isinstance(value, list) and bool(value) and all(map(text, value))


OPEN = {"...": None}
NAMED = {"id": text, "name": text, **OPEN}
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def agree(condition):
    need(condition, "inconsistent")


def spelt(number):
    """A lot number in an address."""
    return re.sub(r"[^A-Za-z0-9._*+$:-]", lambda found: f"%{ord(found[0]):02X}", number)


class Ledger:
    """The names one host gives (docs/FORMAT.md section 1.3)."""

    def __init__(self, host):
        self.url = f"https://{host}/"
        self.did = "did:web:" + host.replace(":", "%3A")

    def party(self, did):
        if did == self.did:
            return
        slug = did.removeprefix(self.did + ":parties:")
        agree(re.fullmatch("[a-z0-9][a-z0-9-]{0,31}", slug) and slug != "authority")
        agree(did.endswith(":parties:" + slug) and not re.fullmatch(r"\d{14}", slug))

    def lot(self, url):
        """The lot number behind a lot's address."""
        agree(url.startswith(self.url) and url != self.url)
        path = url.removeprefix(self.url).split("/", 3)
        if path[0] == "01" and len(path) == 4 and path[2] == "10":
            head = ["01", gtin(path[1]), "10"]
        elif path[0] == "lot" and len(path) == 3:
            head = ["lot", party(path[1])]
        else:
            raise Fault("lot_path")
        number = lot_number(unescape(path[-1]) or "")
        agree("/".join([*head, spelt(number)]) == url.removeprefix(self.url))
        return number

    def serial(self, url):
        found = re.fullmatch("certificates/(0|[1-9][0-9]*)", url.removeprefix(self.url))
        agree(url.startswith(self.url) and found)
        return int(found[1])

    def unit(self, url):
        """A logistic unit, by SSCC or by party and number."""
        agree(url.startswith(self.url) and url != self.url)
        path = url.removeprefix(self.url).split("/", 2)
        if path[0] == "00" and len(path) == 2:
            need(re.fullmatch("[0-9]{18}", path[1], re.ASCII), "sscc_form")
            need(sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(path[1])) % 10 == 0,
                 "sscc_check_digit")
            return
        need(path[0] == "unit" and len(path) == 3, "unit_path")
        slug, number = party(path[1]), lot_number(unescape(path[2]) or "")
        agree("/".join(["unit", slug, spelt(number)]) == url.removeprefix(self.url))

    def is_event(self, url):
        found = re.fullmatch(f"events/([a-z0-9][a-z0-9-]{{0,31}})/[{CROCKFORD}]{{26}}",
                             url.removeprefix(self.url))
        return url.startswith(self.url) and found and not re.fullmatch(r"\d{14}", found[1])

    def is_statement(self, url):
        return url.startswith(self.url) and re.fullmatch("statements/[!-~]+",
                                                         url.removeprefix(self.url))

    def is_declaration(self, url):
        if not url.startswith(self.url + "declarations/"):
            return False
        try:
            self.lot(url.replace("/declarations/", "/", 1))
        except Fault:
            return False
        return True

    def term(self, kind, url):
        return url.startswith(f"{self.url}{kind}/") and url != f"{self.url}{kind}/"


def rising(values):
    return all(a < b for a, b in zip(values, values[1:]))


def hash_text(spelt):
    """32 bytes in base64url without padding, in their one spelling."""
    if not re.fullmatch("[A-Za-z0-9_-]{43}", spelt):
        return None
    found = base64.urlsafe_b64decode(spelt + "=")
    return found if base64.urlsafe_b64encode(found).decode().rstrip("=") == spelt else None


def months_later(day, months):
    """The day so many months on, the last of that month where it has no such day."""
    year, month, last = (int(part) for part in day.split("-"))
    year, month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    return f"{year:04}-{month:02}-{min(last, monthrange(year, month)[1]):02}"
