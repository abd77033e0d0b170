"""Types and members that came with editions 2 and 3: events, the rulebook's lists, operator
certificates, prices, extracts, mandates, names. Source: docs/FORMAT.md sections 1.8 and 1.9."""

import re

from common import is_day, is_time, need
from shapes import (NAMED, OPEN, agree, check, count, filled, flag, hash_text, months_later, rising,
                    text)

LANGUAGES = {"ar", "en", "es", "fr", "zgh"}
LINES, OUTPUTS, ROWS = 400, 64, 500


def number(value):
    return isinstance(value, int) and not isinstance(value, bool)


def quantity(value):
    need(0 < value < 2**53, "quantity_range")


def is_commitment(value):
    return text(value) and value[:1] == "u" and hash_text(value[1:]) is not None


def is_term(value):
    return re.fullmatch("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?", value)


def is_names(value):
    """Texts by language, left out rather than empty."""
    return isinstance(value, dict) and bool(value) and all(map(text, value.values()))


def some(form):
    """A list that is left out rather than empty."""
    def test(value):
        check(value, [form])
        return bool(value)
    return test


def names(members):
    for language, name in members.get("names", {}).items():
        agree(language in LANGUAGES and 1 <= len(name) <= 120)


CONTACT = {"phone?": text, "url?": text}


def contact(members):
    if "contact" not in members:
        return
    found = members["contact"]
    agree(found)
    agree(re.fullmatch("[+][0-9]{8,15}", found.get("phone", "+00000000"), re.ASCII))
    url = found.get("url", "https://x")
    plain = r"[!#$%&'()*+,\-.:;=?\[\]_~0-9A-Za-z]"
    agree(len(url) <= 200 and re.fullmatch(f"https://{plain}+(/({plain}|/)*)?", url))


def change(ledger, subject):
    agree("returnTo" not in subject or subject["statusChange"] == "recall")
    lifts = subject.get("lifts", [])
    agree(not lifts or subject["statusChange"] == "release")
    agree(len(lifts) <= 50 and rising(lifts))
    for one in lifts:
        agree(ledger.is_statement(one) or ledger.is_event(one) or ledger.is_declaration(one))


# --- events

LINE = {"lot": text, "quantity": number}
RECEIVED = {"lot": text, "accepted": number, "refused": number, "missing": number}
ELSEWHERE = {"commitment": is_commitment, "country": text}
COMMON = {"id": text, "kind": text, "at": is_time, "offset": text, "region?": text,
          "document?": is_commitment, "mandate?": text}


def is_receiver(value):
    if isinstance(value, dict):
        check(value, ELSEWHERE)
        return True
    return text(value)


SETTLED = {"lost", "returned", "accepted"}
PACK = {"unit": text, "lots?": some(LINE), "units?": filled}
KINDS = {
    "transform": {"recipe": text, "inputs": [LINE], "outputs": [LINE]},
    "ship": {"to": is_receiver, "lots?": some(LINE), "units?": filled, "carrier?": text,
             "purpose": {"sale", "transfer", "processing", "return", "recall-return"},
             "returns?": text},
    "receive": {"of": text, "lots": [RECEIVED],
                "discrepancy": {"none", "short", "damaged", "denied"}},
    "settle": {"of": text, "lots": [{**LINE, "as": SETTLED}]},
    "pack": PACK,
    "unpack": PACK,
    "out": {"lots": [LINE], "channel": {"retail", "wholesale", "semi-wholesale", "online",
                                        "community", "industry", "export"}},
    "loss": {"lots": [LINE], "cause": {"spoilage", "damage", "theft", "expired", "sediment",
                                       "moisture", "weighing", "process", "entry-error", "other"}},
    "sample": {"lots": [LINE], "cause": {"analysis", "inspection", "retention", "promotion"},
               "holder?": text},
    "destroy": {"lots": [LINE], "from?": {"out"},
                "cause": {"recall", "nonconformity", "spoilage", "damage", "expired", "other"}},
    "observe": {"step": {"harvesting", "drying", "sorting", "cleaning", "storing", "inspecting",
                         "sampling", "testing", "destroying"},
                "lots": [text], "of?": text,
                "result?": {"conformant", "non-conformant", "inconclusive"}},
    "void": {"of": text, "reason": {"did-not-occur", "incorrect-data", "wrong-lot"},
             "replacedBy?": text},
}


def event(ledger, document, subject):
    check(subject, {**COMMON, "...": None})
    issuer = document["issuer"]["id"]
    slug = (issuer.split(":parties:") + ["authority"])[1]
    agree(subject["id"] == document["id"] and ledger.is_event(subject["id"]))
    agree(subject["id"].startswith(f"{ledger.url}events/{slug}/"))
    offset(subject["offset"])
    agree(re.fullmatch("[A-Z]{2}-[A-Z0-9]{1,3}", subject.get("region", "MA-09")))
    need(subject["kind"] in KINDS, "shape")
    check(subject, {**COMMON, **KINDS[subject["kind"]]})
    lines(ledger, subject)
    globals()["of_" + subject["kind"]](ledger, document, subject)
    agree("mandate" not in subject or (
        ledger.is_statement(subject["mandate"]) and subject["kind"] in ("ship", "receive")))


def offset(spelt):
    found = re.fullmatch("([+-])([0-9]{2}):([0-5][0-9])", spelt, re.ASCII)
    agree(found)
    minutes = int(found[1] + "1") * (int(found[2]) * 60 + int(found[3]))
    agree(-720 <= minutes <= 840 and spelt != "-00:00")


def in_order(rows, member, most=LINES):
    addresses = [row[member] if isinstance(row, dict) else row for row in rows]
    agree(len(rows) <= most and rising(addresses))


def lines(ledger, subject):
    """Each lot or unit once, in the order of their addresses; some line at least."""
    for name in ("inputs", "outputs", "lots"):
        rows = subject.get(name, [])
        in_order(rows, "lot", OUTPUTS if name == "outputs" else LINES)
        for row in rows:
            ledger.lot(row if text(row) else row["lot"])
            if "quantity" in row:
                quantity(row["quantity"])
    in_order(subject.get("units", []), "unit")
    for unit in subject.get("units", []):
        ledger.unit(unit)
    if subject["kind"] not in ("transform", "unpack", "void"):
        agree(subject.get("lots") or subject.get("units"))


def another(ledger, document, url):
    agree(ledger.is_event(url) and url != document["id"])


def of_transform(ledger, document, subject):
    agree(is_term(subject["recipe"]) and subject["inputs"] and subject["outputs"])


def receiver(ledger, value):
    if text(value):
        ledger.party(value)
    else:
        agree(re.fullmatch("[A-Z]{2}", value["country"]))


def of_ship(ledger, document, subject):
    receiver(ledger, subject["to"])
    if "carrier" in subject:
        ledger.party(subject["carrier"])
    if "returns" in subject:
        another(ledger, document, subject["returns"])
        agree(subject["purpose"] in ("return", "recall-return"))


def of_receive(ledger, document, subject):
    another(ledger, document, subject["of"])
    for row in subject["lots"]:
        parts = [row["accepted"], row["refused"], row["missing"]]
        need(min(parts) >= 0, "quantity_range")
        quantity(sum(parts))
    came = any(row["accepted"] for row in subject["lots"])
    lacks = any(row["refused"] or row["missing"] for row in subject["lots"])
    agree({"none": not lacks, "denied": not came}.get(subject["discrepancy"], lacks))


def of_settle(ledger, document, subject):
    another(ledger, document, subject["of"])


def of_pack(ledger, document, subject):
    ledger.unit(subject["unit"])
    agree(subject["unit"] not in subject.get("units", []))


of_unpack = of_pack


def of_sample(ledger, document, subject):
    if "holder" in subject:
        ledger.party(subject["holder"])
        agree(subject["holder"] != document["issuer"]["id"])


def of_observe(ledger, document, subject):
    if "of" in subject:
        another(ledger, document, subject["of"])
        agree(subject["step"] == "destroying")


def of_void(ledger, document, subject):
    named = [subject["of"], *([subject["replacedBy"]] if "replacedBy" in subject else [])]
    sorts = [next((sort for sort in ("event", "declaration", "statement")
                   if getattr(ledger, "is_" + sort)(url)), None) for url in named]
    agree(None not in sorts and len(set(sorts)) == 1 and len(set(named)) == len(named))
    agree(document["id"] not in named)
    # What was said of a price is undone for another reason than a recall.
    agree(sorts[0] == "statement" or subject["reason"] != "wrong-lot")


def of_nothing(ledger, document, subject):
    """All that the kind asks stands in its form."""


of_out = of_loss = of_destroy = of_nothing


# --- rulebook

def is_fraction(value):
    return isinstance(value, list) and len(value) == 2 and all(
        number(part) and 0 < part < 2**53 for part in value)


def is_day_of_year(value):
    return text(value) and is_day("2024-" + value)


def small(value):
    return count(value) and value < 2**32


RATIO = {"from": text, "to": text, "ceiling": is_fraction, "warn?": is_fraction}
ADDED = {"id": text, "unit": text, "hsCode": text, "origin": {"primary", "derived", "either"},
         "names": lambda value: isinstance(value, dict) and all(map(text, value.values())),
         "density?": lambda value: isinstance(value, list) and len(value) == 2 and all(
             map(small, value))}
FORMS = {
    "recipes": {"id": text, "ratios": [RATIO], "shares?": some([text]), "minor?": filled},
    "chains": {"from": text, "to": text, "hold": is_fraction},
    "seasons": {"material": text, "from": is_day_of_year, "to": is_day_of_year},
    "materials": ADDED,
    "tracedFrom": {"material": text, "at": is_time},
    "coveredSchemes": {"scheme": text, "least?": small},
    "uncovered": {"scheme": text, "reason": text},
    "tolerances": {"material": text, "perMille": small},
    "keeping": {"material": text, "keeps?": small, "declareWithin?": small},
}
LISTS = {name + "?": some(form) for name, form in FORMS.items()}
KEYS = {"recipes": ["id"], "chains": ["from", "to"], "seasons": ["material", "from"],
        "materials": ["id"], "coveredSchemes": ["scheme"], "uncovered": ["scheme"]}


def rules(subject):
    for name in FORMS:
        rows = subject.get(name, [])
        keys = [[row[key] for key in KEYS.get(name, ["material"])] for row in rows]
        agree(len(rows) <= ROWS and rising(keys))
        agree(all(is_term(row["material"]) for row in rows if "material" in row))
    for recipe in subject.get("recipes", []):
        of_recipe(recipe)
    for material in subject.get("materials", []):
        of_material(material)
    for chain in subject.get("chains", []):
        agree(is_term(chain["from"]) and is_term(chain["to"]) and chain["from"] != chain["to"])
    covered = {row["scheme"] for row in subject.get("coveredSchemes", [])}
    agree(all(1 <= row.get("least", 1000) <= 1000 for row in subject.get("coveredSchemes", [])))
    for row in subject.get("uncovered", []):
        agree(row["scheme"] not in covered and 1 <= len(row["reason"]) <= 120)
    agree(all(row["perMille"] <= 1000 for row in subject.get("tolerances", [])))
    for row in subject.get("keeping", []):
        agree(len(row) > 1 and 1 <= row.get("keeps", 1) <= 600)
        agree(1 <= row.get("declareWithin", 1) <= 3_660)


def of_recipe(recipe):
    agree(is_term(recipe["id"]) and recipe["id"] not in ("group", "pack-off", "split"))
    ratios = recipe["ratios"]
    agree(ratios and rising([[ratio["from"], ratio["to"]] for ratio in ratios]))
    for ratio in ratios:
        agree(is_term(ratio["from"]) and is_term(ratio["to"]) and ratio["from"] != ratio["to"])
        (n, d), (a, b) = ratio["ceiling"], ratio.get("warn", ratio["ceiling"])
        agree(a * d <= n * b)
    inputs, outputs = ({ratio[end] for ratio in ratios} for end in ("from", "to"))
    shares, minor = recipe.get("shares", []), recipe.get("minor", [])
    agree(rising(shares) and rising(minor))
    shared = [output for group in shares for output in group]
    agree(len(set(shared)) == len(shared) and set(shared) <= outputs)
    agree(all(len(group) > 1 and rising(group) for group in shares))
    agree(set(minor) <= inputs and len(minor) < len(inputs))


def of_material(material):
    names(material)
    agree(is_term(material["id"]) and material["names"])
    agree(material["unit"] in ("GRM", "MLT", "H87"))
    agree(re.fullmatch("[0-9]{6}", material["hsCode"], re.ASCII))
    if "density" in material:
        least, most = material["density"]
        agree(material["unit"] == "MLT" and 1 <= least <= most <= 30_000)


# --- certificates, prices, mandates

OPERATOR = {
    "assessorLevel": text, "attestationType": text, "issuedToParty": NAMED,
    "authorisation": [{"endorsementEvidence": {"linkURL": text, **OPEN}, **OPEN}],
    "referenceScheme": NAMED, **OPEN,
    "conformityAssessment": [{"assessmentDate": is_day, "conformance": flag,
                              "assessedOrganisation": NAMED, **OPEN}],
    "operatorCertificate": {
        "materials": [text], "regions": [text], "decisionDate": is_day, "schemeEdition": text,
        "volumes?": some({"material": text, "campaign": text, "quantity": count}),
        "notCovered?": filled}}


def operator_certificate(ledger, document, subject):
    check(subject, OPERATOR)
    need("validUntil" in document and "credentialStatus" in document, "shape")
    agree(document["validFrom"] < document["validUntil"])
    agree(len(subject["conformityAssessment"]) == len(subject["authorisation"]) == 1)
    assessment, facts = subject["conformityAssessment"][0], subject["operatorCertificate"]
    agree(subject["assessorLevel"] == "3rdParty" and subject["attestationType"] == "certification")
    agree(assessment["conformance"])
    ledger.party(subject["issuedToParty"]["id"])
    agree(assessment["assessedOrganisation"]["id"] == subject["issuedToParty"]["id"])
    agree(ledger.term("schemes", subject["referenceScheme"]["id"]))
    for name in ("materials", "regions"):
        agree(facts[name] and rising(facts[name]))
    agree(all(map(is_term, facts["materials"])))
    volumes = facts.get("volumes", [])
    agree(rising([[row["material"], row["campaign"]] for row in volumes]))
    for row in volumes:
        campaign = re.fullmatch("([0-9]{4})(?:/([0-9]{2}))?", row["campaign"], re.ASCII)
        agree(row["material"] in facts["materials"] and campaign)
        agree(campaign[2] is None or int(campaign[2]) == (int(campaign[1]) + 1) % 100)
        quantity(row["quantity"])


PRICE = {"id": text, "ship": text, "seller": text, "buyer": is_receiver, "scheme": text,
         "quantity": number, "currency?": text, "amount?": number, "premium?": number,
         "terms?": is_commitment, "basis": {"ex-works", "free-on-board", "delivered"},
         "paidOn": is_day, "invoice": is_commitment, "confirms?": text}


def price_paid(ledger, document, subject):
    check(subject, PRICE)
    told = {"currency", "amount", "premium", "terms"} & set(subject)
    agree(told in ({"terms"}, {"currency", "amount", "premium"}))
    if "amount" in told:
        agree(re.fullmatch("[A-Z]{3}", subject["currency"]))
        quantity(subject["amount"])
        need(subject["premium"] >= 0, "quantity_range")
    ledger.party(subject["seller"])
    receiver(ledger, subject["buyer"])
    agree(subject["buyer"] != subject["seller"] and is_term(subject["scheme"]))
    confirms = subject.get("confirms")
    agree(confirms is None or ledger.is_statement(confirms) and confirms != document["id"])
    ledger.lot(subject["id"])
    another(ledger, document, subject["ship"])
    quantity(subject["quantity"])


EXTRACT = {"id": text, "consignment": text, "lot": text, "quantity": number}


def extract(ledger, document, subject):
    check(subject, EXTRACT)
    ledger.serial(subject["id"])
    quantity(subject["quantity"])
    another(ledger, document, subject["consignment"])
    ledger.lot(subject["lot"])


MANDATE = {"id": text, "to": text, "acts": [{"declare", "receive", "ship"}], "until": is_day}


def mandate(ledger, document, subject):
    check(subject, MANDATE)
    ledger.party(subject["id"])
    ledger.party(subject["to"])
    agree(subject["to"] != subject["id"] and subject["acts"] and rising(subject["acts"]))
    first = document["validFrom"][:10]
    agree(first <= subject["until"] <= months_later(first, 13))
