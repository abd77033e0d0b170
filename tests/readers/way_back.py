"""Trace dossiers: the entries by which a lot came to be, folded anew by the figures of `figures`, and
compared with what the service says follows. Source: docs/FORMAT.md sections 4.4, 6.4 and 7. Not here:
form and proofs (sealed), the arithmetic of goods (figures)."""

from common import Fault, need
from figures import Broken
from figures.capacity import Capacity
from figures.catalogue import COVERED
from figures.lots import MODELS, OUT, weakest
from figures.operators import Volumes
from figures.replay import World, reach
from figures.tiles import Unreadable, lot_key, party
from sealed import Form, Opened, Verdict, ended, fresh, under

PRODUCERS_MOST, WHOLE = 5, 1_000_000_000
NEAREST_MOST = 1_000  # Lots whose certificates are looked at.
ACTS = {"receive": "receive"}  # Of events; all others are `ship`.
GOODS = {"consumed", "filled", "inherited", "inputCertificate", "model", "origin", "out", "producers"}


def form_of_goods(value):
    goods = value["goods"]
    need(isinstance(goods, dict) and set(goods) <= GOODS, "shape")


FORM = Form(
    kind="TasdiqTraceDossier", version=lambda _: 1, members={"goods"}, optional=set(),
    hashed={"goods"}, manifest_kind="TasdiqTraceManifest", manifest={"lot", "rulebook"},
    most=16_000_000, places=form_of_goods)


class Unasked(Capacity):
    """What else was harvested is not on the path, so nothing is held for it."""

    def declared(self, lot, campaign, rules, now):
        super().declared(lot, campaign, rules, now)
        return False


class EachAlone(Volumes):
    """Who used a volume first is not on the path: each lot may use all of it."""

    def room(self, lot, scheme, now, named=None):
        self.used = {}
        return super().room(lot, scheme, now, named)


class Path(World):
    """As if the entries were a log of their own. `documents` are all of them: goods in units count
    by their receipts."""

    def __init__(self, documents):
        super().__init__()
        self.capacity, self.volumes = Unasked(), EachAlone(self)
        self.letters, self.methods = {}, set()
        subjects = [document["credentialSubject"] for document in documents]
        self.arrived = {}
        for subject in subjects:
            if subject.get("kind") == "receive":
                lines = [{"lot": row["lot"], "quantity": row["accepted"] + row["refused"]
                          + row["missing"]} for row in subject["lots"]]
                self.arrived.setdefault(subject["of"], lines)

    def take_TraceabilityEvent(self, index, now, document, subject):
        if subject.get("reason") == "wrong-lot":
            return self.take_back(subject["of"])
        self.within_mandate(document, subject.get("mandate"),
                            ACTS.get(subject["kind"], "ship"), now)
        subject = self.on_path(subject)
        if subject:
            super().take_TraceabilityEvent(index, now, document, subject)

    def take_back(self, change):
        index = self.entry_of.get(change)
        need(index is not None, f"{change} is not there")
        self.papers.annul(index)

    def on_path(self, subject):
        """An event as far as it is about lots of the path; None: it is about none."""
        kind = subject["kind"]
        if kind not in ("ship", "receive", "settle"):
            return subject
        subject, lines = dict(subject), subject.get("lots", [])
        if kind == "ship" and subject.pop("units", None):
            lines = self.arrived.get(subject["id"], lines)
        subject["lots"] = [row for row in lines if lot_key(row["lot"]) in self.lots]
        return subject if subject["lots"] else None

    def take_DigitalProductPassport(self, index, now, document, subject):
        self.within_mandate(document, subject["lotDeclaration"].get("mandate"), "declare", now)
        super().take_DigitalProductPassport(index, now, document, subject)

    def take_KeyChange(self, index, now, document, subject):
        super().take_KeyChange(index, now, document, subject)
        if subject.get("keyChange") == "key-added":
            self.methods.add(subject["verificationMethod"])

    def rests_on(self, lot, found, now):
        need(found.issuer in self.registered and found.method in self.methods, "its certifier is not there")
        super().rests_on(lot, found, now)

    def take_Mandate(self, index, now, document, subject):
        super().take_Mandate(index, now, document, subject)
        self.letters[document["id"]] = subject

    def within_mandate(self, document, named, act, now):
        """Whoever acts in another's name is let to."""
        if named is None:
            return
        letter = self.letters.get(named)
        need(letter and party(letter["to"]) == party(document["issuer"]["id"])
             and act in letter["acts"] and now[:10] <= letter["until"], "no mandate lets it act")

    # --- what follows

    def path(self, lot):
        ways = self.steps(down=False)
        return [lot, *(self.lots[key] for key in reach(ways, lot.key) - {lot.key})]

    def is_moved(self, lot):
        """Whether any event of the path is about it."""
        return any(lot in [move[0] for move in event.moves] + event.filled
                   or lot in [drawn for drawn, _ in event.draws] for event in self.events.values())

    def producers(self, lot):
        """Who declared what it began as, by share, the largest first: shares in billionths, each
        rounded down."""
        by_index = {event.index: event for event in self.events.values()}
        order = sorted(self.path(lot), key=lambda one: max(one.fills, default=-1), reverse=True)
        shares, sums = {lot.key: WHOLE}, {}
        for one in order:
            share = shares.pop(one.key, 0)
            if one.opening != "derived":
                sums[one.producer] = sums.get(one.producer, 0) + share
                continue
            for index, fill in one.fills.items():
                part = share * fill.quantity // one.filled()
                draws = by_index[index].draws
                total = sum(quantity for _, quantity in draws)
                for source, quantity in draws:
                    more = part * quantity // total
                    shares[source.key] = shares.get(source.key, 0) + more
        return sorted(sums, key=lambda name: (-sums[name], name))[:PRODUCERS_MOST]

    def goods(self, key, at):
        """What packs and dossiers say of a lot; nothing of one on its producer's word alone."""
        self.now = at
        lot = self.lots[key]
        origin = lot.origin_word()
        if lot.undeclared or origin == "declared" and not self.is_moved(lot):
            return {}
        found = {"filled": lot.filled(), "consumed": lot.total("consumed"),
                 "out": lot.total(OUT), "origin": origin, "model": self.model(lot)}
        if len(self.path(lot)) > 1:
            found["producers"] = self.producers(lot)
        told = {"inherited": self.inherited().get(key), "inputCertificate": self.fallen(lot)}
        return {**found, **{name: word for name, word in told.items() if word}}

    def fallen(self, lot):
        """The worst that became of a certificate that the lot's own rest on: those of its inputs, and
        those of operators, under the schemes that it is certified under."""
        schemes = {self.papers.certificates[serial].scheme
                   for serial in self.papers.of_lot.get(lot.key, [])}
        words = set()
        for one in self.nearest(lot):
            for scheme in schemes:
                if scheme in COVERED and one.opening != "declared":
                    words.update(self.volumes.fallen(one, scheme, self.now))
                if one is not lot:
                    words |= self.papers.fallen(one.key, scheme, self.now)
        return max(words, default=None)  # `withdrawn` is more than `suspended`.

    def nearest(self, lot):
        """It and those that it came from, nearest first, as many as are looked at."""
        by_index = {event.index: event for event in self.events.values()}
        lots, seen = [lot], {lot.key}
        for one in lots:
            for index in sorted(one.fills, reverse=True):
                for source, _ in by_index[index].draws:
                    if source.key not in seen and len(lots) < NEAREST_MOST:
                        seen.add(source.key)
                        lots.append(source)
        return lots

    def model(self, lot):
        """A blend where a scheme that it is certified under covers less than all."""
        schemes = {self.papers.certificates[serial].scheme
                   for serial in self.papers.of_lot.get(lot.key, [])}
        short = any(self.rules.least(scheme) is not None and lot.cover(scheme) < lot.filled()
                    for scheme in schemes)
        blended = [MODELS[2]] if lot.opening == "derived" and short else []
        return weakest([lot.model(), *blended])


def fold(opened):
    """The world of the path, if no entry goes beyond what those before it allow."""
    entries = list(opened.read().values())
    world = Path([entry.value for entry in entries])
    version = None
    for entry in entries:
        if entry.kind == "Rulebook":
            told = entry.subject["version"]
            need(version is None or told == version + 1, "rulebook_gap")
            version = told
        try:
            world.take(entry.index, entry.at, entry.leaf["statement"])
        except (Broken, Unreadable) as broken:
            raise Fault(f"entry {entry.index}: {broken}") from None
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as fault:
            raise Fault(f"entry {entry.index} rests on what is not there: {fault!r}") from None
    need((version or 0) == opened.manifest["rulebook"], "rulebook_differs")
    compare(world, opened.manifest["lot"], opened.value["goods"], opened.manifest["issuedAt"])
    return world


def compare(world, key, stated, at):
    """The service may say more, never less, of what left the lot and of what bars it."""
    need(key in world.lots and world.rules.since, "lot_missing")
    found = world.goods(key, at)
    need(stated.get("origin", "declared") == found.get("origin", "declared"), "origin_differs")
    # Of old stock of which nothing on the path tells, what left it may be told all the same.
    silent = world.lots[key].filled() if "filled" in stated else None
    need(stated.get("filled") == found.get("filled", silent), "filled_differs")
    need(rank(stated.get("model")) >= rank(found.get("model")), "custody_differs")
    need(stated.get("producers") == found.get("producers"), "producers_differ")
    need(stated.get("consumed", -1) >= found.get("consumed", -1), "consumed_differs")
    if "inputCertificate" in found:
        told = stated.get("inputCertificate", {}).get("status")
        need(told and (told == found["inputCertificate"] or told == "withdrawn"), "input_certificate_hidden")
    if "inherited" in found:
        word = {"hold": "held", "recall": "recalled"}
        told = word.get(stated.get("inherited", {}).get("action"))
        need(told == found["inherited"], "inherited_hidden")


def rank(model):
    return -1 if model is None else MODELS.index(model)


def lay_goods(verdict, goods, certified):
    """Of what is traced no more left than was there, and no more is certified."""
    if goods.get("origin", "declared") == "declared":
        return
    left = goods.get("consumed", 0) + goods.get("out", 0)
    if max(left, certified) > goods.get("filled", 0):
        verdict.fail("HASH_FAILURE")
    if goods["origin"] == "traced" and not {"model", "filled"} <= set(goods):
        verdict.miss("TRY_LATER")


def judged(opened, world, policy, now):
    verdict, key, goods = Verdict(policy), opened.manifest["lot"], opened.value["goods"]
    last = max([entry.at for entry in opened.entries.values()] + [opened.manifest["issuedAt"]])
    fresh(verdict, opened, now, last)
    own = world.papers.status(("lot", key), now)
    verdict.unfit = own != "released" or "inherited" in goods or world.lots[key].undeclared
    certified = [world.papers.certificates[serial].quantity
                 for serial in world.papers.of_lot.get(key, [])]
    lay_goods(verdict, goods, max(certified, default=0))
    return verdict.end()


def verdicts(data, trust, root, now, policies):
    """By policy (exit code, sub-indication), and why."""
    try:
        opened = Opened(data, trust, root, FORM)
        world = under("HASH_FAILURE", fold, opened)
    except Fault as fault:
        return {policy: ended(fault) for policy in policies}, fault.args[0]
    return {policy: judged(opened, world, policy, now) for policy in policies}, "ok"


def run(case, folder):
    """Agrees with what is kept under every policy."""
    data, trust = ((folder / case[name]).read_bytes() for name in ("file", "trust"))
    found, why = verdicts(data, trust, case["root"], case["at"], case["expect"])
    for policy, kept in case["expect"].items():
        told = (kept["exitCode"], kept["subIndication"])
        need(found[policy] == told, f"{policy}: {found[policy]} ({why}), not {told}")
