"""The fold: what each entry of a log does to the figures of its lots.
Source: docs/FORMAT.md sections 1 and 4."""

from . import Broken, need
from .capacity import Capacity
from .catalogue import COVERED
from .events import Event, Events
from .lots import MODELS, Lot
from .operators import Operator, Volumes
from .papers import Certificate, Change, Papers, later, numbers
from .prices import Prices
from .rules import Rules
from .tiles import Unreadable, lot_key, party
from .units import Units

OLD_STOCK_DAYS = 90


class World:
    def __init__(self):
        self.rules, self.papers, self.capacity = Rules(), Papers(), Capacity()
        self.units, self.taker, self.volumes = Units(), Events(self), Volumes(self)
        self.lots, self.events, self.registered, self.keys = {}, {}, {}, {}
        self.entry_of, self.root, self.now = {}, None, ""
        # By the id of a mandate in whose name is acted under it.
        self.mandates = {}
        self.prices, self.campaigns = Prices(), {}

    # --- what entries name

    def lot(self, address):
        key = lot_key(address)
        need(key in self.lots and not self.lots[key].undeclared, f"no lot {key} was declared", None,
             "lot_unknown")
        return self.lots[key]

    def event(self, address):
        event = self.events.get(address)
        need(event and event.standing, f"no event {address} stands")
        return event

    def declared_by(self, address):
        return lot_key(address) if "/declarations/" in address else None

    def rule_holds(self, key, index, now):
        self.papers.say(("lot", key), Change(index, "hold", now, "rule"))

    # --- entries

    def take(self, index, now, document):
        self.now = now
        kind = next(name for name in document["type"] if name != "VerifiableCredential")
        take = getattr(self, "take_" + kind, None)
        if take:
            take(index, now, document, document["credentialSubject"])
        self.entry_of[document["id"]] = index

    def take_TraceabilityEvent(self, index, now, document, subject):
        if subject["kind"] == "void" and "/statements/" in subject["of"]:
            # Of a recall of the wrong lot, or of what was said of a price.
            if subject["reason"] == "wrong-lot":
                return self.papers.annul(self.entry_of[subject["of"]])
            return self.prices.undo(subject["of"])
        event = Event(index, subject, self.whose(document, subject.get("mandate")), now)
        self.taker.take(event)
        self.events[subject["id"]] = event

    def whose(self, document, mandate):
        """In whose name a statement is signed."""
        need(mandate is None or mandate in self.mandates, "there is no such mandate")
        return self.mandates[mandate] if mandate else party(document["issuer"]["id"])

    def take_PricePaid(self, index, now, document, subject):
        issuer = party(document["issuer"]["id"])
        self.prices.take(index, issuer, document, self.event, self.campaigns)

    def take_Mandate(self, index, now, document, subject):
        self.mandates[document["id"]] = party(subject["id"])

    def take_Rulebook(self, index, now, document, subject):
        first = self.rules.edition < 2 <= subject["edition"]
        self.rules.put(subject, now)
        if first:
            # Which schemes older labels name was not kept: all that are in force.
            for lot in self.lots.values():
                if lot.labelled:
                    lot.label_schemes = set(self.papers.certified(lot.key, now))

    def take_DigitalProductPassport(self, index, now, document, subject):
        key, facts = lot_key(subject["id"]), subject["lotDeclaration"]
        producer = self.whose(document, facts.get("mandate"))
        need(key not in self.lots, f"lot {key} is declared twice", None, "lot_exists")
        opening = self.opening(subject, producer, now)
        lot = self.lots[key] = Lot(key, subject, producer, opening, index)
        lot.logged_at = now
        self.campaigns[key] = facts["campaign"]
        within = self.rules.declare_within(lot.material)
        harvest = lot.packed_on + "T00:00:00Z"
        if opening == "primary" and later(harvest, days=within)[:10] < now[:10]:
            self.rule_holds(key, index, now)
        campaign = subject["lotDeclaration"]["campaign"]
        if self.capacity.declared(lot, campaign, self.rules, now):
            self.rule_holds(key, index, now)
        lot.check()

    def opening(self, subject, producer, now):
        """What a lot opens with: its harvest, old stock on its producer's word, or nothing."""
        facts = subject["lotDeclaration"]
        traced = self.rules.traced_from(facts["product"])
        if traced is None or now < traced:
            return "declared"
        known, told = self.rules.origin(facts["product"]), facts.get("origin")
        if known == "primary" or known == "either" and told == "primary":
            return "primary"
        since = [traced, *([self.registered[producer]] if producer in self.registered else [])]
        old = any(subject["productionDate"] < at[:10] and now <= later(at, days=OLD_STOCK_DAYS)
                  for at in since)
        return "declared" if old and told != "derived" else "derived"

    # --- certificates and labels

    def take_DigitalConformityCredential(self, index, now, document, subject):
        if "batchCertificate" not in subject:
            found = Operator(document, index)
            self.papers.operators[found.serial] = found
            return
        product = subject["conformityAssessment"][0]["assessedProduct"][0]["product"]
        lot = self.lot(product["id"])
        found = Certificate(document, lot, party(document["issuer"]["id"]), now)
        if self.rules.edition >= 2:
            self.rests_on(lot, found, now)
            self.certifiable(lot, found, now)
        lot.papers += 1
        if found.model == MODELS[3]:
            lot.claimed = found.model
        self.papers.certify(int(document["id"].rsplit("/", 1)[1]), found)

    def certifiable(self, lot, found, now):
        """Certified at most what is there and covered, under a model no stronger than its own."""
        total, filled = self.papers.standing(lot.key, now, found), lot.filled()
        told = f"{total} certified under {found.scheme}, {filled} filled"
        need(total <= filled, told, lot, "quantity_exceeded")
        least, model = self.rules.least(found.scheme), lot.model()
        if least is not None and lot.opening == "derived":
            cover = lot.cover(found.scheme)
            told = f"{cover} of {filled} covered by {found.scheme}"
            need(total <= cover, f"{total} certified, {told}", lot, "cover_exceeded")
            need(lot.share(found.scheme) * 1000 >= least, f"{told}: below {least} per mille", lot,
                 "blend_not_allowed")
            model = MODELS[2] if cover < filled and MODELS.index(model) < 2 else model
        need(MODELS.index(found.model) >= MODELS.index(model), f"{found.model}, but {model}", lot,
             "custody_upgraded")

    def rests_on(self, lot, found, now):
        """Under a scheme that certifies operators a traced lot rests on its producer's."""
        operator = self.papers.operators.get(found.operator)
        if found.operator is None:
            need(found.scheme not in COVERED or lot.opening == "declared",
                 f"certified under {found.scheme}, its producer is not", lot,
                 "operator_not_certified")
            return
        about = self.volumes.about(lot, found.scheme)
        need(operator in about and self.volumes.covers(operator, lot, now),
             f"certificate {found.operator} does not cover it", lot, "operator_not_certified")
        stopped = self.papers.stopped(found.operator, now)
        need(stopped != "suspended", f"certificate {found.operator} is suspended", lot,
             "operator_not_certified")
        total = self.papers.standing(lot.key, now, found)
        self.volumes.certify(lot, found.scheme, total, found.operator, now)

    def take_LabelIssue(self, index, now, document, subject):
        lot = self.lot(subject["id"])
        asked = subject["count"] * lot.pack_size
        if self.rules.edition >= 2:
            certified = self.papers.certified(lot.key, now)
            key = self.keys.get(subject["verificationMethod"]) or set(certified)
            lot.label_schemes |= key & set(certified)
            named = [certified.get(scheme, 0) for scheme in lot.label_schemes]
            most = min([lot.filled(), *named]) - lot.labelled - lot.total("consumed")
            told = f"labels for {asked} more, at most for {most}"
            need(asked <= most, told, lot, "labels_exceeded")
            left = lot.left() - lot.total("disputed") - lot.on_goods_left
            told = f"labels for {asked} more, {left} left without"
            need(asked <= left, told, lot, "labels_exceeded")
        lot.papers += lot.labelled == 0
        lot.labelled += asked
        lot.on_goods_left += asked

    def take_LabelVoid(self, index, now, document, subject):
        lot = self.lot(subject["id"])
        back = len(subject["serials"]) * lot.pack_size
        need(back <= lot.labelled, f"labels for {back} void, {lot.labelled} are out", lot)
        lot.labelled -= back
        lot.on_goods_left = min(max(0, lot.on_goods_left - back), lot.labelled)

    def take_KeyChange(self, index, now, document, subject):
        """A label key names schemes, or all."""
        if subject.get("purpose") == "label":
            schemes = {scheme.rsplit("/", 1)[-1] for scheme in subject.get("schemes", [])}
            self.keys[subject["verificationMethod"]] = schemes

    # --- status

    def take_StatusChange(self, index, now, document, subject):
        by, about = party(document["issuer"]["id"]), subject["id"]
        key = lot_key(about)
        producer = self.lots[key].producer if key in self.lots else None
        change = self.papers.change_of(index, subject, by, producer, now, self.rules.edition)
        if key is not None:
            # Also of one whose declaration was undone: there may be jars that bear its number.
            need(key in self.lots, f"no lot {key} was declared", None, "lot_unknown")
            self.lot_status(self.lots[key], change, subject)
        elif "serials" in subject:
            for serial in numbers(subject["serials"]):
                self.papers.say(("certificate", serial), change)
        elif "/certificates/" in about:
            self.papers.say(("certificate", int(about.rsplit("/", 1)[1])), change)
        else:
            self.papers.say(("party", party(about)), change)

    def lot_status(self, lot, change, subject):
        """A release that names what it lifts may leave the lot's own status alone. A new hold or
        recall reaches what an older one was lifted for, too."""
        if change.word != "release":
            self.papers.reach_anew(lot.key)
        own = "lifts" not in subject or not self.rules.since
        pairs = set()
        for address in subject.get("lifts", []):
            sources = self.papers.held_with(self.entry_of.get(address), self.now)
            own |= lot.key in sources
            pairs |= {(source, lot.key) for source in sources & self.above(lot.key)}
        if pairs:
            self.papers.lifted[change.index] = pairs
        if own:
            self.papers.say(("lot", lot.key), change)
            if change.word == "release" and self.rules.edition:
                self.capacity.released(lot.key)

    def take_Reconfirmation(self, index, now, document, subject):
        for row in subject.get("entries", []):
            self.papers.confirm(row["entry"], party(document["issuer"]["id"]))
        for row in subject.get("voids", []):
            self.papers.annul(row["entry"])

    def take_ScopeChange(self, index, now, document, subject):
        self.papers.narrow(subject)

    # --- parties

    def take_DigitalIdentityAnchor(self, index, now, document, subject):
        if "registration" not in subject:
            return
        who, facts = party(subject["id"]), subject["registration"]
        first = who not in self.registered
        self.registered.setdefault(who, now)
        self.papers.roles[who] = facts["role"]
        method = document["proof"]["verificationMethod"]
        self.root = self.root or method
        at_once = first or not self.rules.edition or method == self.root
        for row in facts.get("capacities", []):
            self.capacity.state(who, row, True, at_once, now)

    def take_Capacity(self, index, now, document, subject):
        by_root = document["proof"]["verificationMethod"] == self.root
        own = party(document["issuer"]["id"]) == "authority"
        self.capacity.state(party(subject["id"]), subject, own, by_root, now)

    def take_RootSuccession(self, index, now, document, subject):
        self.root = subject["verificationMethod"]

    # --- genealogy

    def steps(self, down):
        """Lots by the lots one step from them."""
        ways = {}
        for event in self.events.values():
            if event.standing and event.kind == "transform":
                ends = [[lot.key for lot, _ in lines] for lines in (event.draws, event.fills)]
                starts, ends = ends if down else ends[::-1]
                for start in starts:
                    ways.setdefault(start, set()).update(ends)
        return ways

    def above(self, key):
        return reach(self.steps(down=False), key)

    def inherited(self):
        """By lot what it inherits: the worst that is said of a lot above, unless lifted."""
        lifted = {pair for index, pairs in self.papers.lifted.items()
                  if index not in self.papers.annulled for pair in pairs}
        found, ways = {}, self.steps(down=True)
        for word in ("held", "recalled"):
            for source in self.lots:
                if self.papers.status(("lot", source), self.now) == word:
                    barred = {lot for start, lot in lifted if start == source}
                    found.update((lot, word) for lot in reach(ways, source, barred))
        return found


def reach(ways, key, barred=frozenset()):
    """All lots over any number of steps, none of the barred ones nor what lies behind them."""
    found, next_ = set(), [key]
    while next_:
        fresh = ways.get(next_.pop(), set()) - found - barred
        found |= fresh
        next_.extend(fresh)
    return found


def replay(entries):
    """The world after the last entry, and how many there were. What is broken names its entry."""
    world, size = World(), 0
    for index, now, document in entries:
        try:
            world.take(index, now, document)
        except Broken as broken:
            broken.index = index
            raise
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as fault:
            raise Unreadable(f"entry {index} has not its form: {fault!r}") from fault
        size += 1
    return world, size
