"""Recomputes the balance of every lot, and what prices add up to, from the tiles of an exported log
and from nothing else:
`python3 balance.py FOLDER [--json] [--lot KEY]`, KEY as `GTIN/LOT` or `PARTY/LOT`.
Ends with 0 if every figure adds up after each entry, with 1 and `balance_broken` at the first that
does not, with 2 if the folder cannot be read. Standard library only, Python 3.9."""

import argparse
import json
import sys

from figures import Broken
from figures.lots import HELD, OUT
from figures.replay import replay
from figures.tiles import Unreadable, entries

COLUMNS = ["declared", "filled", *HELD, "consumed", OUT]


def told(world, lot, inherited):
    """A lot's figures, in its smallest unit."""
    cover = {scheme: part for scheme, part in sorted(lot.carried("cover").items()) if part}
    causes, kinds = {}, {"gone": 0, "lost": 0, "sampled": 0, "destroyed": 0}
    for (word, *what), quantity in lot.places.items():
        if word == OUT:
            kind, cause, _ = what
            kinds[kind] += quantity
            causes[f"{kind}/{cause}"] = causes.get(f"{kind}/{cause}", 0) + quantity
    return {
        "lot": lot.key, "material": lot.material, "unit": lot.unit, "producer": lot.producer,
        "declared": lot.declared, "filled": lot.filled(),
        **{word: lot.total(word) for word in (*HELD, "consumed", OUT)}, **kinds,
        "outBy": dict(sorted(causes.items())), "recovered": sum(lot.recovered.values()),
        "holders": holders(lot), "labelled": lot.labelled, "labelsLeft": lot.on_goods_left,
        "closed": lot.is_closed(), "undeclared": lot.undeclared, "origin": lot.origin_word(),
        "custody": lot.model(), "cover": cover,
        "status": world.papers.status(("lot", lot.key), world.now),
        "inherited": inherited.get(lot.key, "released"),
    }


def holders(lot):
    found = {}
    for place, quantity in lot.places.items():
        if place[0] in HELD:
            of = found.setdefault(place[1], {word: 0 for word in (*HELD, OUT)})
            of[place[0]] += quantity
        elif place[:2] == (OUT, "gone"):
            of = found.setdefault(place[3], {word: 0 for word in (*HELD, OUT)})
            of[OUT] += quantity
    return dict(sorted(found.items()))


def table(lots):
    heads = ["lot", *COLUMNS, "labelled", "origin", "custody", "status"]
    rows = [heads]
    for lot in lots:
        status = lot["status"]
        if lot["inherited"] != "released":
            status += f" (inherits {lot['inherited']})"
        figures = [f"{lot[name]}" for name in (*COLUMNS, "labelled")]
        rows.append([lot["lot"], *figures, lot["origin"], lot["custody"], status])
    widths = [max(map(len, column)) for column in zip(*rows)]
    numbers = range(1, len(COLUMNS) + 2)
    for row in rows:
        cells = [cell.rjust(width) if at in numbers else cell.ljust(width)
                 for at, (cell, width) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())


def prices(totals):
    for one in totals:
        group = " ".join(str(one[name]) for name in ("scheme", "year", "season", "currency"))
        parts = [f"{word} {sums['amount']} + {sums['premium']} ({sums['count']})"
                 for word, sums in one.items() if isinstance(sums, dict) and sums["count"]]
        hidden = [f"undisclosed {one['undisclosed']}"] if one["undisclosed"] else []
        print(f"prices {group}: {', '.join(parts + hidden)}")


def details(lot):
    for holder, figures in lot["holders"].items():
        parts = ", ".join(f"{quantity} {word}" for word, quantity in figures.items() if quantity)
        print(f"  {holder}: {parts}")
    for name in ("outBy", "cover"):
        for word, quantity in lot[name].items():
            print(f"  {name} {word}: {quantity}")


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("folder")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lot", metavar="KEY")
    asked = parser.parse_args(arguments)
    try:
        world, size = replay(entries(asked.folder))
    except Unreadable as fault:
        print(f"unreadable: {fault}", file=sys.stderr)
        return 2
    except Broken as broken:
        return say_broken(broken, asked.json)
    inherited = world.inherited()
    lots = [told(world, lot, inherited) for _, lot in sorted(world.lots.items())
            if asked.lot in (None, lot.key)]
    if asked.lot and not lots:
        print(f"no lot {asked.lot} in {size} entries", file=sys.stderr)
        return 2
    if asked.json:
        told_ = {"size": size, "lots": lots, "prices": world.prices.totals()}
        print(json.dumps(told_, ensure_ascii=False))
        return 0
    table(lots)
    if asked.lot:
        details(lots[0])
    else:
        prices(world.prices.totals())
    print(f"{len(lots)} lots, {size} entries, every figure adds up")
    return 0


def say_broken(broken, as_json):
    lot = getattr(broken.lot, "key", broken.lot)
    found = {"code": "balance_broken", "index": broken.index, "lot": lot, "what": broken.what}
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        of = f", lot {lot}" if lot else ""
        print(f"balance_broken: entry {broken.index}{of}: {broken.what}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
