"""Evidence as people hand it in, judged as far as signatures reach: codes in every dress, signed
statements and dossiers. Lists, pictures and the status of things are not read here.
Source: docs/FORMAT.md sections 1, 5, 7 and 10."""

import json
import re

import dossier
import label
import statement
from common import Fault, need, unmultikey


def keys_of(trust):
    return [key for party in trust["parties"] for key in party.get("keys", [])]


def code(text, host, trust):
    """As `judged`, but nobody is accused for what is parted by white space."""
    found = judged(text, host, trust)
    return "unreadable" if found in ("altered", "unknown key") and label.doubtful(text) else found


def judged(text, host, trust):
    """What a code comes to: unreadable, altered, of an unknown key, signed, or a lot without a
    signature."""
    if text.strip().startswith('="') and text.strip().endswith('"'):
        text = text.strip()[2:-1]  # As a spreadsheet is kept from changing it.
    labels = [unmultikey(key["publicKeyMultibase"]) for key in keys_of(trust)
              if key["purpose"] == "label"]
    hinted, worst = False, None
    try:
        for public in labels:
            try:
                says = label.verify(text, public)
                return "signed" if says["host"] == host else "altered"
            except Fault as fault:
                if fault.args[0] == "not_a_label":
                    break
                worst = fault
                hinted = hinted or hint(text) == label.sha(public)[:2]
        else:
            if worst.args[0] == "label_signature":
                near = hinted or one_letter_away(text, labels)
                return "altered" if near else "unknown key"
            return "unreadable" if (*worst.args, True)[1] else "altered"
        # Of several readings the register says which lot there is.
        return "unsigned " + " ".join(label.plain(text)["lots"])
    except Fault as fault:
        return "not read" if fault.args[0] == "not read here" else "unreadable"


def hint(text):
    """The first bytes of the hash of the key that a token names, by its first reading."""
    for _, _, _, _, segments, _ in label.readings(text):
        try:
            return label.token(segments[0])[1:3]
        except Fault:
            continue
    return None


def one_letter_away(text, labels):
    """Whether one other letter where the token names its key makes it good (section 7)."""
    token = re.search(f"[{re.escape(label.BASE41)}]{{111}}", label.upper(text))
    places = range(token.start(), token.start() + 9) if token else ()
    for place in places:
        for letter in label.BASE41:
            changed = text[:place] + letter + text[place + 1:]
            for public in labels:
                try:
                    label.verify(changed, public)
                    return True
                except Fault:
                    continue
    return False


def kept_of_code(expect, plain):
    """The same, by what is kept; `plain` are the lots that were read, if it has no signature."""
    failed, item = expect.get("failed", []), expect.get("item", [])
    if expect["exitCode"] == 2:
        return "unreadable"
    if expect.get("subIndication") == "NO_SIGNING_CERTIFICATE_FOUND":
        return "unknown key"
    if {"label-signature", "format", "host"} & set(failed):
        return "altered"
    if "no-label-signature" in item:
        known = expect.get("lot")
        return "unsigned " + (plain if known is None or known in plain.split(" ") else known)
    return "signed"


def document(text, host, trust):
    """Whether a statement is good: in any dress, since its signature covers the canonical form."""
    try:
        value = json.loads(text.strip("\ufeff \t\r\n"), object_pairs_hook=statement.unique,
                           parse_float=statement.refuse("number_not_integer"))
        value = value.get("statement", value) if "loggedAt" in value else value
        data = statement.jcs(value)
        _, _, message, signature, method = statement.read(data, host)
        key = next(key for key in keys_of(trust) if key["verificationMethod"] == method)
        public = unmultikey(key["publicKeyMultibase"])
        need(statement.signed(public, signature, message), "signature_invalid")
        return "good"
    except (Fault, ValueError, AttributeError, TypeError):
        return "refused"


def run(case, folder):
    """Raises a fault where this reader comes to another end; "skip" is no verdict of it."""
    trust_text = (folder / case["trust"]).read_text()
    trust, expect, host, now = json.loads(trust_text), case["expect"], case["host"], case["now"]
    if case["given"] in ("stranger", "nothing") or len(expect) != 1:
        return "skip"
    if "code" in case:
        found = code(case["code"], host, trust)
        if found == "not read":
            return "skip"
        kept = kept_of_code(expect[0], found.removeprefix("unsigned "))
        need(found == kept, f"{found}, not {kept}")
    elif case["name"].startswith("document"):
        found = document(case["text"], host, trust)
        failed = set(expect[0].get("failed", []))
        bad = expect[0]["exitCode"] == 2 or {"statement-signature", "statement-profile"} & failed
        need(found == ("refused" if bad else "good"), found)
    elif case["name"].startswith("dossier") and case["policy"] == "shop" \
            and case["given"] == "both":
        found = dossier.verdict(case["text"].strip("\ufeff\r\n").encode(), trust_text.encode(),
                                trust["root"], now)
        need(found == expect[0]["exitCode"], f"exit {found}")
    else:
        return "skip"
    return "ok"
