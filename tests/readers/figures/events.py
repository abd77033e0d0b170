"""What events do to goods, and how one is undone. Each is a list of moves, kept with what else it
changed, so that a `void` takes back exactly that. Source: docs/FORMAT.md section 1.8."""

from . import need
from .lots import CONSUMED, DISPUTED, FREE, HELD, OUT, PACKED, TRANSIT, Fill, weakest
from .rules import above, judge_materials, together
from .papers import later
from .tiles import party

UNANSWERED_DAYS = 30
KINDS = {"out": "gone", "loss": "lost", "sample": "sampled", "destroy": "destroyed"}


class Event:
    """An event that is in the log, and what it changed."""

    def __init__(self, index, subject, issuer, now):
        self.index, self.subject, self.issuer, self.now = index, subject, issuer, now
        self.kind = subject["kind"]
        self.moves, self.filled, self.closed, self.back = [], [], [], []
        self.labels_gone, self.units, self.standing, self.answer = [], {}, True, None
        # By lot: of a shipment and a refusal what is to be answered, of a receipt what is missing.
        self.sent, self.refused, self.missing, self.of = {}, {}, {}, None
        self.draws, self.fills = [], []


class Events:
    """Takes events in. `world` has lots, rules, papers, units and the events so far."""

    def __init__(self, world):
        self.world = world

    def take(self, event):
        getattr(self, "of_" + event.kind)(event)
        for lot in {move[0].key: move[0] for move in event.moves}.values():
            lot.check()
        for lot in event.filled:
            lot.check()

    # --- moves

    def lines(self, event, name="lots"):
        return [(self.world.lot(row["lot"]), row["quantity"])
                for row in event.subject.get(name, [])]

    def move(self, event, lot, start, end, quantity):
        if not quantity:
            return
        event.moves.append((lot, start, end, quantity))
        lot.put(start, -quantity)
        lot.put(end, quantity)

    def take_free(self, event, lot, holder, quantity):
        free = lot.at((FREE, holder))
        self.holds_some(lot, holder)
        need(quantity <= free, f"{quantity} taken, {holder} has {free} free", lot, "insufficient")

    def holds_some(self, lot, holder):
        need(any(lot.at((place, holder)) for place in HELD), f"{holder} holds nothing of it", lot,
             "not_holder")

    def leave(self, event, lot, start, kind, word, holder, quantity):
        """Out of the ledger; goods with labels go first."""
        self.move(event, lot, start, (OUT, kind, word, holder), quantity)
        event.labels_gone.append((lot, quantity))
        lot.on_goods_left = max(0, lot.on_goods_left - quantity)

    def close(self, event, lot):
        event.closed.append(lot)
        lot.closed_by.add(event.index)

    # --- leaving

    def leaving(self, event):
        subject, kind = event.subject, KINDS[event.kind]
        word = subject.get("channel", subject.get("cause"))
        holder = party(subject.get("holder", "")) if "holder" in subject else event.issuer
        for lot, quantity in self.lines(event):
            if subject.get("from") == "out":
                lot.recovered[holder] = lot.recovered.get(holder, 0) + quantity
                event.back.append((lot, holder, quantity))
                lot.check()
                continue
            self.take_free(event, lot, holder, quantity)
            self.leave(event, lot, (FREE, holder), kind, word, holder, quantity)
            self.close(event, lot)

    of_out = of_loss = of_sample = of_destroy = leaving

    def of_observe(self, event):
        for address in event.subject["lots"]:
            self.world.lot(address)

    # --- transformation

    def of_transform(self, event):
        rules, subject = self.world.rules, event.subject
        recipe = rules.recipe(subject["recipe"])
        event.draws, event.fills = self.lines(event, "inputs"), self.lines(event, "outputs")
        named = [lot.key for lot, _ in event.draws + event.fills]
        need(len(set(named)) == len(named), "one lot goes in and comes out", None, "lot_twice")
        drawn, made = by_material(event.draws), by_material(event.fills)
        judge_materials(recipe, drawn, made)
        for material, given in above(recipe, drawn, made, "ceiling").items():
            lot = next(lot for lot, _ in event.fills if lot.material == material)
            need(False, f"{made[material]} of {material} made, at most {given} can be", lot, "yield_exceeded")
        inputs = [self.draw(event, lot, quantity) for lot, quantity in event.draws]
        model = weakest([lot.handed_on() for lot, _ in event.draws])
        sources = [lot for lot, _ in event.draws]
        for lot, quantity in event.fills:
            group = together(recipe, lot.material)
            shared = sum(made.get(one, 0) for one in group)
            cover = covered(rules, recipe, inputs, quantity)
            harvest = harvested(inputs, quantity, shared)
            fill = Fill(quantity, cover, harvest, model, sources, event.now)
            self.fill(event, lot, fill)
        self.hold(event, recipe, inputs, drawn, made)

    def draw(self, event, lot, quantity):
        """Takes it, and what flows along: (material, quantity, cover, harvest)."""
        self.take_free(event, lot, event.issuer, quantity)
        filled, certified = lot.filled(), self.world.papers.certified(lot.key, event.now)
        if lot.labelled:
            named = [certified.get(scheme, 0) for scheme in lot.label_schemes]
            total = lot.labelled + lot.total("consumed") + quantity
            need(total <= min([filled, *named]), f"{total} labelled and consumed", lot, "labelled")
        if lot.opening == "derived":
            cover, harvest = lot.carried("cover"), lot.carried("harvest")
        else:
            let = self.world.volumes.draw(lot, event.now)
            cover = {scheme: max(min(certified.get(scheme, 0), filled), let.get(scheme, 0))
                     for scheme in {**certified, **let}}
            counts = self.world.rules.is_origin(lot.material)
            harvest = {lot.material: filled} if counts else {}
        self.move(event, lot, (FREE, event.issuer), CONSUMED, quantity)
        self.close(event, lot)
        share = [{key: quantity * part // filled for key, part in flow.items()}
                 for flow in (cover, harvest)]
        return (lot.material, quantity, *share)

    def fill(self, event, lot, fill):
        need(lot.opening == "derived", "a lot that opened full is filled", lot, "lot_closed")
        told = "a lot that was drawn from, sent or certified is filled"
        need(not lot.is_closed(), told, lot, "lot_closed")
        total = lot.filled() + fill.quantity
        told = f"{total} filled, {lot.declared} declared"
        need(total <= lot.declared, told, lot, "lot_overfilled")
        lot.fills[event.index] = fill
        lot.put((FREE, event.issuer), fill.quantity)
        event.filled.append(lot)

    def hold(self, event, recipe, inputs, drawn, made):
        """More than usual came out, or something too old went in."""
        rules, held = self.world.rules, set()
        if recipe is not None:
            over = set(above(recipe, drawn, made, "warn"))
            over |= above_chain(rules, recipe, inputs, made)
            over = {one for material in over for one in together(recipe, material)}
            held = {lot.key for lot, _ in event.fills if lot.material in over}
        if any(too_old(rules, lot, event.now) for lot, _ in event.draws):
            held |= {lot.key for lot, _ in event.fills}
        for key in sorted(held):
            self.world.rule_holds(key, event.index, event.now)

    # --- shipment

    def of_ship(self, event):
        subject, units = event.subject, self.world.units
        names, loose = subject.get("units", []), dict(self.lines(event))
        for name in names:
            units.at_hand(name, event.issuer)
        boxed, event.units = units.goods(names), units.before(units.all_in(names))
        goes = not isinstance(subject["to"], str)
        need(goes or party(subject["to"]) != event.issuer, "sent to its holder", None, "to_self")
        for lot in {**loose, **boxed}:
            self.holds_some(lot, event.issuer)
            for place, part in ((FREE, loose.get(lot, 0)), (PACKED, boxed.get(lot, 0))):
                start = (place, event.issuer)
                told = f"{part} sent, {lot.at(start)} {place}"
                need(part <= lot.at(start), told, lot, "insufficient")
                if goes and part:
                    self.leave(event, lot, start, "gone", "commitment", event.issuer, part)
                elif part:
                    self.move(event, lot, start, (TRANSIT, event.issuer), part)
            event.sent[lot] = loose.get(lot, 0) + boxed.get(lot, 0)
            self.close(event, lot)
        if goes:
            units.empty(names)
            event.answer = event
        else:
            units.hand_over(names, event.issuer, "sent")
            units.touch(names, event.index)

    def of_receive(self, event):
        of = event.of = self.answerable(event)
        back = of.kind == "receive"
        ship = of.of if back else of
        open_, receiver = (of.refused, ship.issuer) if back else (of.sent, None)
        need(of.answer is None, "answered already, or by nobody here", None, "shipment_state")
        receiver = receiver or party(of.subject["to"])
        need(receiver == event.issuer and open_, "not to be answered by its issuer", None,
             "not_receiver")
        answers = {self.world.lot(row["lot"]): row for row in event.subject["lots"]}
        told = {lot: row["accepted"] + row["refused"] + row["missing"]
                for lot, row in answers.items()}
        for lot in {**open_, **told}:
            sent, told_of = open_.get(lot, 0), told.get(lot, 0)
            need(sent == told_of and sent, f"{told_of} received, {sent} sent", lot, "receipt_sum")
        whole = not any(row["refused"] or row["missing"] for row in answers.values())
        boxed = {} if back else self.units_arrive(event, of, whole)
        for lot, row in answers.items():
            self.answer(event, ship, lot, row, boxed.get(lot, 0))
        of.answer = event

    def answerable(self, event):
        of = self.world.event(event.subject["of"])
        need(of.kind in ("ship", "receive"), "what is answered is neither sent nor received")
        return of

    def units_arrive(self, event, ship, whole):
        """Units stay closed where all was accepted, else they are opened."""
        units, names = self.world.units, ship.subject.get("units", [])
        event.units = units.before(units.all_in(names))
        if not whole:
            units.empty(names)
            return {}
        units.hand_over(names, event.issuer, "filled")
        units.touch(names, event.index)
        return units.goods(names)

    def answer(self, event, ship, lot, row, boxed):
        """A little that is missing is a loss, more of it is disputed."""
        way, missing = (TRANSIT, ship.issuer), row["missing"]
        self.move(event, lot, way, (PACKED, event.issuer), boxed)
        self.move(event, lot, way, (FREE, event.issuer), row["accepted"] - boxed)
        if row["refused"]:
            need(event.of.kind == "ship", "sent back once more", lot)
            event.refused[lot] = row["refused"]
        sent = row["accepted"] + row["refused"] + missing
        if missing * 1000 <= sent * self.world.rules.tolerance(lot.material) and missing:
            self.leave(event, lot, way, "lost", "allowance", ship.issuer, missing)
        elif missing:
            self.move(event, lot, way, (DISPUTED, ship.issuer), missing)
            event.missing[lot] = missing

    def of_settle(self, event):
        of = self.answerable(event)
        unanswered = of.kind == "ship" and of.answer is None
        event.of = receipt = of.answer if of.kind == "ship" and not unanswered else of
        ship = of
        while ship.kind != "ship":
            ship = ship.of
        if unanswered:
            ripe = later(ship.now, days=UNANSWERED_DAYS) <= event.now
            need(ripe and event.issuer == ship.issuer, "not to be settled yet, or by another")
            event.units = self.world.units.before(
                self.world.units.all_in(ship.subject.get("units", [])))
            self.world.units.empty(ship.subject.get("units", []))
            of.answer = event
        ends = [(lot, quantity, row["as"])
                for (lot, quantity), row in zip(self.lines(event), event.subject["lots"])]
        open_ = dict(ship.sent) if unanswered else receipt.missing
        if unanswered:
            need({lot: quantity for lot, quantity, _ in ends} == open_, "not all of it settled")
        for lot, quantity, end in ends:
            need(quantity <= open_.get(lot, 0),
                 f"{quantity} settled, {open_.get(lot, 0)} in dispute", lot)
            start = (TRANSIT if unanswered else DISPUTED, ship.issuer)
            if end == "lost":
                self.leave(event, lot, start, "lost", "settled", ship.issuer, quantity)
            else:
                whose = ship.issuer if end == "returned" else party(ship.subject["to"])
                self.move(event, lot, start, (FREE, whose), quantity)
            open_[lot] -= quantity

    # --- units

    def of_pack(self, event):
        name, inside = event.subject["unit"], event.subject.get("units", [])
        event.units = self.world.units.before([name, *inside])
        lines = self.lines(event)
        self.world.units.pack(name, event.issuer, dict(lines), inside)
        self.world.units.touch([name], event.index)
        for lot, quantity in lines:
            self.take_free(event, lot, event.issuer, quantity)
            self.move(event, lot, (FREE, event.issuer), (PACKED, event.issuer), quantity)

    def of_unpack(self, event):
        """All of it where nothing is named."""
        name, units = event.subject["unit"], self.world.units
        unit = units.at_hand(name, event.issuer)
        lots, inside = dict(self.lines(event)), set(event.subject.get("units", []))
        if not lots and not inside:
            lots, inside = dict(unit.lots), set(unit.inside)
        event.units = units.before([name, *inside])
        units.unpack(name, lots, inside)
        units.touch([name], event.index)
        for lot, quantity in lots.items():
            self.move(event, lot, (PACKED, event.issuer), (FREE, event.issuer), quantity)

    # --- undoing

    def of_void(self, event):
        key = self.world.declared_by(event.subject["of"])
        if key is not None:
            return self.undeclare(key)
        of = self.world.event(event.subject["of"])
        if of.kind == "ship" and of.answer and of.answer.kind == "receive":
            return self.reclaim(event, of)
        need(of.kind != "void" and (of.answer is None or of.answer is of),
             "what was answered is undone")
        disputed = [move for move in of.moves if of.missing and move[2][0] == DISPUTED]
        need(all(of.missing[lot] == quantity for lot, _, _, quantity in disputed),
             "what was settled is undone")
        of.standing = False
        for lot in of.filled:
            need(not lot.is_closed(), "a fill of a closed lot is undone", lot)
            fill = lot.fills.pop(of.index)
            lot.put((FREE, of.issuer), -fill.quantity)
        for lot, start, end, quantity in reversed(of.moves):
            lot.put(end, -quantity)
            lot.put(start, quantity)
        for lot, holder, quantity in of.back:
            lot.recovered[holder] -= quantity
        for lot in of.closed:
            lot.closed_by.discard(of.index)
        for lot, quantity in of.labels_gone:
            lot.on_goods_left = min(lot.labelled, lot.on_goods_left + quantity)
        self.world.units.restore(of.units)
        self.unanswer(of)
        self.world.papers.take_back(of.index)
        for lot in {lot.key: lot for lot, *_ in of.moves + of.back}.values():
            lot.check()
        for lot in of.filled:
            lot.check()

    def reclaim(self, event, ship):
        """A shipment signed with a stolen key, or under a mandate to who acted: what its receiver
        has left of it comes back, what was made of the rest is held."""
        word = event.issuer == "authority" or "mandate" in ship.subject
        need(word, "what was answered is undone", None, "cannot_void")
        receipt, receiver = ship.answer, party(ship.subject["to"])
        units, free, held = self.world.units, (FREE, ship.issuer), set()
        for name in ship.subject.get("units", []):
            if units.as_left(name, receiver, receipt.index):
                for lot, quantity in units.goods([name]).items():
                    self.move(event, lot, (PACKED, receiver), (FREE, receiver), quantity)
                units.empty([name])
        for lot in ship.sent:
            passed = self.passed_over(receipt, lot)
            back = min(passed, lot.at((FREE, receiver)))
            self.move(event, lot, (FREE, receiver), free, back)
            self.move(event, lot, (DISPUTED, ship.issuer), free, receipt.missing.get(lot, 0))
            if receipt.answer is None:
                self.move(event, lot, (TRANSIT, ship.issuer), free, receipt.refused.get(lot, 0))
            if back < passed:
                held |= self.made_since(lot, receipt, receiver, ship.issuer)
        ship.standing = receipt.standing = False
        for key in sorted(held):
            self.world.rule_holds(key, event.index, event.now)

    def passed_over(self, receipt, lot):
        """What a receiver took over, at the receipt or as a dispute ended."""
        rows = [row["accepted"] for row in receipt.subject["lots"]
                if self.world.lot(row["lot"]) is lot]
        ends = [row["quantity"] for event in self.world.events.values()
                if event.kind == "settle" and event.standing and event.of is receipt
                for row in event.subject["lots"]
                if row["as"] == "accepted" and self.world.lot(row["lot"]) is lot]
        return sum(rows + ends)

    def made_since(self, lot, receipt, receiver, shipper):
        """Lots that the receiver, and those it handed the lot on to, made of it."""
        hands, made = {receiver}, set()
        for event in self.world.events.values():
            if event.index <= receipt.index or not event.standing:
                continue
            if event.kind == "receive":
                ship = event.of if event.of.kind == "ship" else event.of.of
                named = [self.world.lot(row["lot"]) for row in event.subject["lots"]]
                if ship.issuer in hands and lot in named and event.issuer != shipper:
                    hands.add(event.issuer)
            elif event.kind == "transform" and event.issuer in hands:
                if lot in [drawn for drawn, _ in event.draws]:
                    made |= {filled.key for filled, _ in event.fills}
        return made

    def unanswer(self, of):
        if of.kind == "receive" or of.kind == "settle" and of.of.kind == "ship":
            of.of.answer = None
        elif of.kind == "settle":
            for lot, quantity in self.lines(of):
                of.of.missing[lot] += quantity

    def undeclare(self, key):
        lot = self.world.lots[key]
        used = lot.fills or lot.is_closed() or lot.total(FREE) != lot.filled()
        need(not used, "the declaration of a lot in use is undone", lot)
        lot.undeclared, lot.places = True, {}
        self.world.capacity.undeclared(key)
        self.world.volumes.undeclared(key)


def by_material(lines):
    sums = {}
    for lot, quantity in lines:
        sums[lot.material] = sums.get(lot.material, 0) + quantity
    return sums


def covered(rules, recipe, inputs, fill):
    """By scheme: the least covered share of any input material, of the fill. Minor inputs count for
    no share while they are few."""
    minor = set(recipe.get("minor", [])) if recipe else set()
    total = sum(quantity for _, quantity, *_ in inputs)
    little = sum(quantity for material, quantity, *_ in inputs if material in minor)
    found = {}
    for scheme in {scheme for _, _, cover, _ in inputs for scheme in cover}:
        spare = 1000 - (rules.least(scheme) or 1000)
        skipped = minor if little < total and little * 1000 <= spare * total else set()
        parts = {}
        for material, quantity, cover, _ in inputs:
            if material not in skipped:
                drawn, part = parts.get(material, (0, 0))
                parts[material] = (drawn + quantity, part + cover.get(scheme, 0))
        found[scheme] = min(fill * part // drawn for drawn, part in parts.values())
    return found


def harvested(inputs, fill, shared):
    """What was harvested for a fill, by material: outputs of one ceiling divide it."""
    sums = {}
    for _, _, _, harvest in inputs:
        for material, part in harvest.items():
            sums[material] = sums.get(material, 0) + part
    return {material: fill * part // shared for material, part in sums.items()}


def above_chain(rules, recipe, inputs, made):
    """Outputs above what their harvest gives over all steps, where all of it is known."""
    sums = harvested(inputs, 1, 1)
    if not sums or not all(harvest for _, _, _, harvest in inputs):
        return set()
    over = set()
    for material in set(made) & rules.chained():
        limits = {origin: rules.gives(origin, material) for origin in sums}
        if None not in limits.values():
            asked = sum(made.get(one, 0) for one in together(recipe, material))
            if sum(sums[origin] * limits[origin] for origin in sums) < asked:
                over.add(material)
    return over


def too_old(rules, lot, now):
    days, day = rules.keeps_days(lot.material), lot.harvested()
    return bool(days and day) and later(day + "T00:00:00Z", days=days)[:10] < now[:10]
