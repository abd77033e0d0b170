// One block of a pack: rows in columns, words written once, integers as steps (LEB128), and the
// records in them. Every bound is checked; nothing is sized by what a file says. Throws on damage.
// Not here: where blocks stand in a file and what they are hashed to (`pack`).
import { Fault, need, textOf, toBase64 } from './bytes.js';
import { isParty, lotOf, shownLot } from './names.js';
import { ACTION, MODEL, ORIGIN, REASON, RETURN_TO } from './terms.js';
import { dayOf, timeOf } from './time.js';

export const BLOCK_MAX = 2 ** 25;
const ROWS_MAX = 4096;
/** Most bytes that a decoded block may take in memory. */
const ROOM = 96000000;

/** Its hash was right: rows that are none are the service's own; which they are helps nobody. */
const MALFORMED = 'rows are malformed';
const damaged = (condition) => need(condition, 'pack_damaged', MALFORMED);
const wrap = (value) => BigInt.asUintN(64, value);
const unzigzag = (value) => (value >> 1n) ^ wrap(-(value & 1n));
const asSigned = (value) => BigInt.asIntN(64, value);
const timeAt = (value) => timeOf(clamped(asSigned(value)));

/** Seconds that a number holds: beyond them every instant is the first or the last. */
function clamped(value) {
  const most = 10n ** 15n;
  return Number(value > most ? most : value < -most ? -most : value);
}

/** An integer as a number; damage if a number cannot hold it. */
function small(value) {
  damaged(value <= BigInt(Number.MAX_SAFE_INTEGER));
  return Number(value);
}

class Input {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
    this.room = ROOM;
  }

  /** Seven bits a byte, least significant first, at most ten bytes. */
  int() {
    let [low, scale] = [0, 1];
    for (let place = 0; place < 7; place += 1) {
      const byte = this.byte();
      low += (byte & 0x7f) * scale;
      if (byte < 0x80) return BigInt(low);
      scale *= 128;
    }
    let value = BigInt(low);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return wrap(value);
    }
    throw new Fault('pack_damaged', MALFORMED);
  }

  byte() {
    damaged(this.at < this.bytes.length);
    this.at += 1;
    return this.bytes[this.at - 1];
  }

  length(limit) {
    return bounded(this.int(), limit);
  }

  spend(bytes) {
    this.room -= bytes;
    damaged(this.room >= 0);
  }

  ints(length) {
    this.spend(length * 8);
    damaged(length <= this.bytes.length - this.at);
    return Array.from({ length }, () => this.int());
  }

  text(length) {
    damaged(length <= this.bytes.length - this.at);
    const value = textOf(this.bytes.subarray(this.at, this.at + length));
    damaged(value !== null);
    this.at += length;
    return value;
  }
}

const bounded = (value, limit) => {
  damaged(value <= BigInt(limit));
  return Number(value);
};

/** Reads the rows of a block by its table. */
export function readBlock(table, rows, digests, later) {
  const input = new Input(rows);
  const block = {
    rows: input.length(ROWS_MAX),
    words: [],
    columns: [],
    later,
    optional: new Map(),
  };
  for (let left = input.length(BLOCK_MAX); left > 0; left -= 1) {
    const length = input.length(BLOCK_MAX);
    input.spend(length + 32);
    block.words.push(input.text(length));
  }
  for (const kind of table.columns) block.columns.push(column(input, kind, block.rows));
  if (table.full) {
    block.numbers = numbers(input, block.rows);
    block.lists = lists(input, block.rows);
    const lengths = input.ints(block.rows);
    input.spend(block.rows * 32);
    block.events = lengths.map((length) => input.ints(bounded(length, BLOCK_MAX)));
  }
  if (table.optional > 0n && input.at < rows.length) optional(input, table.optional, block);
  damaged(input.at === rows.length);
  damaged(later || block.optional.size === 0);
  damaged(digests.length === (table.digests ? block.rows * 32 : 0));
  block.digests = digests;
  return block;
}

function column(input, kind, rows) {
  input.spend(rows * 8);
  let before = 0n;
  return Array.from({ length: rows }, () => {
    const value = input.int();
    before = kind === 'W' ? value : wrap(before + unzigzag(value));
    return before;
  });
}

function numbers(input, rows) {
  const [shared, lengths] = [input.ints(rows), input.ints(rows)];
  let before = '';
  return shared.map((same, at) => {
    damaged(same <= BigInt(before.length));
    before = before.slice(0, Number(same)) + input.text(bounded(lengths[at], 20));
    damaged(before.length <= 20);
    input.spend(before.length + 32);
    return before;
  });
}

function lists(input, rows) {
  const lengths = input.ints(rows);
  input.spend(rows * 32);
  let first = 0n;
  return lengths.map((length) => {
    let before = first;
    const most = bounded(length, BLOCK_MAX);
    input.spend(most * 8);
    const list = Array.from({ length: most }, () => {
      before = wrap(before + unzigzag(input.int()));
      return before;
    });
    first = list[0] ?? first;
    return list;
  });
}

function optional(input, last, block) {
  const columns = input.int();
  damaged(columns > 0n);
  let before = 0n;
  for (let left = columns; left > 0n; left -= 1n) {
    const number = input.int();
    damaged(number > before && number <= last);
    before = number;
    block.optional.set(number, sparse(input, block.rows));
  }
}

function sparse(input, rows) {
  const length = input.length(rows);
  damaged(length > 0);
  const [steps, lengths] = [input.ints(length), input.ints(length)];
  input.spend(length * 64);
  const found = new Map();
  let row = null;
  for (const [place, step] of steps.entries()) {
    const at = (row ?? 0) + bounded(step, rows);
    const rises = row === null || step > 0n;
    damaged(at < rows && rises && lengths[place] > 0n);
    row = at;
    found.set(at, input.ints(bounded(lengths[place], BLOCK_MAX)));
  }
  return found;
}

const OWNERS = { g: true, p: true };

/** One row as a record. */
class Row {
  constructor(block, at) {
    this.block = block;
    this.at = at;
  }

  int(place) {
    return this.block.columns[place][this.at];
  }

  word(place) {
    return this.wordAt(this.int(place));
  }

  wordAt(place) {
    damaged(place < BigInt(this.block.words.length));
    return this.block.words[Number(place)];
  }

  party(spelt) {
    damaged(isParty(spelt.toLowerCase()));
    return spelt.toLowerCase();
  }

  oneOf(list, place) {
    const word = this.wordAt(place);
    damaged(list.has(word));
    return word;
  }

  lot(owner, number) {
    damaged(Object.hasOwn(OWNERS, owner[0] ?? ''));
    try {
      const lot = lotOf(`${owner.slice(1)}/${number}`);
      damaged(lot[0] === owner[0]);
      return lot;
    } catch {
      throw new Fault('pack_damaged', MALFORMED);
    }
  }

  own() {
    return this.lot(this.word(0), this.block.numbers[this.at]);
  }

  optional(number) {
    return this.block.optional.get(number)?.get(this.at) ?? [];
  }

  /** An optional value of one integer; undefined without one. */
  single(number) {
    const value = this.optional(number);
    damaged(value.length <= 1);
    return value[0];
  }

  figure(number) {
    const value = this.single(number);
    return value === undefined ? undefined : small(value);
  }

  events() {
    const values = this.block.events[this.at];
    const events = [];
    let at = 0;
    const next = () => {
      damaged(at < values.length);
      at += 1;
      return values[at - 1];
    };
    while (at < values.length) events.push(this.event(next));
    return events;
  }

  event(next) {
    const event = {
      action: this.oneOf(ACTION, next()),
      reason: this.oneOf(REASON, next()),
      effectiveFrom: timeAt(next()),
      by: this.party(this.wordAt(next())),
      mark: { index: small(next()), loggedAt: timeAt(next()) },
    };
    const told = next();
    damaged(told >> (this.block.later ? 34n : 32n) <= 1n);
    const bit = (place) => ((told >> place) & 1n) === 1n;
    for (let left = told & 0xffffffffn; left > 0n; left -= 1n) {
      const language = this.wordAt(next());
      event.notice = { ...event.notice, [language]: this.wordAt(next()) };
    }
    if (bit(32n)) event.ends = timeAt(next());
    if (bit(33n)) event.returnTo = this.oneOf(RETURN_TO, next());
    if (bit(34n)) event.voided = { index: small(next()), loggedAt: timeAt(next()) };
    return event;
  }
}

/** A record without the members it has not. */
const filled = (record) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** A lot: record, log indexes of its certificates, goods. `key` is its name with its letter. */
export function lotRow(block, at) {
  const row = new Row(block, at);
  const key = row.own();
  const record = {
    lot: shownLot(key),
    product: row.word(1),
    name: row.word(2),
    producer: row.party(row.word(3)),
    region: row.word(4),
    unit: row.word(5),
    quantity: small(row.int(6)),
    packedOn: dayOf(clamped(asSigned(row.int(7)))),
    events: row.events(),
    names: namesOf(row),
  };
  return {
    key,
    record: filled(record),
    certificates: block.lists[at].map(small),
    goods: goodsOf(row),
  };
}

function namesOf(row) {
  const pairs = row.optional(1n);
  damaged(pairs.length % 2 === 0);
  const names = {};
  for (let at = 0; at < pairs.length; at += 2)
    names[row.wordAt(pairs[at])] = row.wordAt(pairs[at + 1]);
  return pairs.length > 0 ? names : undefined;
}

function goodsOf(row) {
  const word = (list, number) => {
    const place = row.single(number);
    return place === undefined ? undefined : row.oneOf(list, place);
  };
  const producers = row.optional(7n).map((place) => row.party(row.wordAt(place)));
  damaged(producers.length <= 5);
  return filled({
    filled: row.figure(2n),
    consumed: row.figure(3n),
    out: row.figure(4n),
    origin: word(ORIGIN, 5n),
    model: word(MODEL, 6n),
    producers: producers.length > 0 ? producers : undefined,
    inherited: inheritedOf(row),
  });
}

function inheritedOf(row) {
  const values = row.optional(8n);
  if (values.length === 0) return undefined;
  damaged(values.length === 7);
  const [action, reason, since, by, index, owner, number] = values;
  return {
    action: row.oneOf(new Set(['hold', 'recall']), action),
    reason: row.oneOf(REASON, reason),
    since: timeAt(since),
    by: row.party(row.wordAt(by)),
    index: small(index),
    via: shownLot(row.lot(row.wordAt(owner), row.wordAt(number))),
  };
}

/** A certificate's record; `key` is its lot's name with its letter. */
export function certificateRow(block, at) {
  const row = new Row(block, at);
  const [from, confirmed, next] = [row.int(9), block.lists[at], row.optional(2n)];
  const instant = (day, second) => timeOf(clamped(asSigned(day) * 86400n + asSigned(second)));
  damaged([0, 2].includes(confirmed.length));
  damaged([0, 2].includes(next.length));
  const key = row.own();
  const record = {
    mark: { index: small(row.int(5)), loggedAt: timeAt(row.int(7)) },
    serial: small(row.int(6)),
    lot: shownLot(key),
    issuer: row.party(row.word(1)),
    verificationMethod: row.word(2),
    accreditation: row.word(3),
    scheme: row.word(4),
    quantity: small(row.int(8)),
    validFrom: instant(from, row.int(10)),
    validUntil: instant(wrap(from + row.int(11)), row.int(12)),
    digest: toBase64(block.digests.subarray(at * 32, at * 32 + 32)),
    confirmed:
      confirmed.length === 0
        ? undefined
        : { index: small(confirmed[0]), loggedAt: timeAt(confirmed[1]) },
    events: row.events(),
    supersedes: row.figure(1n),
    superseded: next.length === 0 ? undefined : { by: small(next[0]), from: timeAt(next[1]) },
  };
  return { key, ...filled(record) };
}
