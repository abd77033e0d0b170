"""What prices add up to: by scheme, year of payment, campaign of the lot and currency, what two
sides signed apart from what one alone says, and from what is disputed.
Source: docs/FORMAT.md sections 1.8 and 4.4."""

from . import need
from .tiles import lot_key, party

TERMS = ("id", "ship", "scheme", "quantity", "currency", "amount", "premium", "terms", "basis",
         "paidOn", "invoice", "seller", "buyer")


class Price:
    """The seller's word, and whose stands beside it."""

    def __init__(self, index, subject, ship, campaign):
        self.index, self.subject, self.ship, self.campaign = index, subject, ship, campaign
        self.lot, self.seller = lot_key(subject["id"]), party(subject["seller"])
        self.buyer = party(subject["buyer"]) if isinstance(subject["buyer"], str) else None
        self.confirmed = self.taken_back = self.void = False

    def stands(self):
        return not self.void and self.ship.standing

    def group(self):
        year = int(self.subject["paidOn"][:4])
        return (self.subject["scheme"], year, self.campaign, self.subject.get("currency", ""))


class Prices:
    def __init__(self):
        # By the id of a statement: the price it states or confirms, and whether it states it.
        self.said, self.all = {}, []

    def take(self, index, issuer, document, event, campaigns):
        subject = document["credentialSubject"]
        if "confirms" in subject:
            return self.confirm(issuer, document, subject)
        ship = event(subject["ship"])
        price = Price(index, subject, ship, campaigns[lot_key(subject["id"])])
        sale = ship.kind == "ship" and ship.subject["purpose"] == "sale"
        need(sale and ship.issuer == price.seller == issuer, "a price of no sale by its seller")
        need(ship.subject["to"] == subject["buyer"], "a price by another than who got the goods")
        self.all.append(price)
        self.within(price, lambda one: True)
        self.said[document["id"]] = (price, True)

    def within(self, price, counts):
        sent = {lot.key: quantity for lot, quantity in price.ship.sent.items()}.get(price.lot, 0)
        told = sum(one.subject["quantity"] for one in self.all
                   if one.ship is price.ship and one.lot == price.lot and one.stands()
                   and counts(one))
        need(told <= sent, f"prices for {told} of {price.lot}, {sent} sent")

    def confirm(self, issuer, document, subject):
        need(subject["confirms"] in self.said, "no price is confirmed")
        price, states = self.said[subject["confirms"]]
        need(states and price.stands() and not price.confirmed and not price.taken_back,
             "a price is confirmed that cannot be")
        need(all(subject.get(name) == price.subject.get(name) for name in TERMS),
             "two sides of a price differ")
        need(issuer != price.seller and price.buyer in (None, issuer),
             "a price is confirmed by another than its buyer")
        price.confirmed = True
        self.within(price, lambda one: one.confirmed)
        self.said[document["id"]] = (price, False)

    def undo(self, address):
        need(address in self.said, "what is undone is no price")
        price, states = self.said[address]
        need(price.stands() and price.confirmed != states, "a price is undone that cannot be")
        if states:
            price.void = True
        else:
            price.confirmed, price.taken_back = False, True

    def word(self, price):
        """What is known of whether it was paid."""
        if "terms" in price.subject:
            return "undisclosed"
        if not price.confirmed:
            return "disputed" if price.taken_back else "oneSided"
        back = any(one.stands() and one.lot == price.lot and one.seller == price.buyer
                   and one.buyer == price.seller for one in self.all)
        return "disputed" if back else "confirmed" if price.buyer else "audited"

    def totals(self, whose=lambda price: True):
        """Rows by group, in their order; sums are digits, as the ledger tells them."""
        words, groups = ("confirmed", "audited", "oneSided", "disputed"), {}
        for price in self.all:
            if price.stands() and whose(price):
                empty = {**{word: [0, 0, 0] for word in words}, "undisclosed": 0}
                sums, word = groups.setdefault(price.group(), empty), self.word(price)
                if word == "undisclosed":
                    sums[word] += 1
                else:
                    parts = (1, price.subject["amount"], price.subject["premium"])
                    sums[word] = [sum(pair) for pair in zip(sums[word], parts)]
        return [row(group, sums, words) for group, sums in sorted(groups.items())]


def row(group, sums, words):
    named = dict(zip(("scheme", "year", "season", "currency"), group))
    told = {word: {"count": sums[word][0], "amount": str(sums[word][1]),
                   "premium": str(sums[word][2])} for word in words}
    return {**named, **told, "undisclosed": sums["undisclosed"]}
