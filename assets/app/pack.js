// The pack: status of every lot and certificate, read by position and block by block, each compared
// with its signed hash (docs/FORMAT.md section 6.2). Damage met on the way is remembered. Integers
// of rows are BigInt until they are known to be small. Not here: verdicts.
import { BLOCK_MAX, certificateRow, lotRow, readBlock } from './block.js';
import {
  bigEndian,
  concat,
  Fault,
  hashOf,
  inflated,
  multikey,
  need,
  same,
  sha256,
  textOf,
  toBigEndian,
  utf8,
} from './bytes.js';
import { anything, count, text } from './canonical.js';
import { lotNumberOf } from './names.js';
import { parseKey, verifyCheckpoint } from './note.js';
import { isSignedBy } from './statement.js';
import { lotOrder } from './status.js';
import { isTime } from './time.js';
import { maySign, readVersion, splitFile } from './trust.js';

const HEADER_BYTES = 52;
const MANIFEST_MAX = 2 ** 20;
const PART_MAX = 2 ** 26;
/** A pack up to this size is read whole before it is asked. */
const WHOLE_MAX = 2 ** 20;
/** Decoded blocks kept in memory. */
const BLOCKS_KEPT = 24;

const MANIFEST_FORM = {
  '@context': anything,
  type: text,
  version: count,
  'edition?': count,
  'columns?': count,
  host: text,
  sequence: count,
  issuedAt: isTime,
  nextUpdate: isTime,
  checkpoint: text,
  lots: count,
  certificates: count,
  blocksDigest: (value) => hashOf(value) !== null,
  trustDigest: (value) => hashOf(value) !== null,
};

/** Columns: words (W) and steps (S); what else rows have; the highest optional column. */
const TABLES = {
  lots: { place: 0, columns: 'WWWWWWSS', full: true, optional: 8n, row: lotRow },
  certificates: {
    place: 1,
    columns: 'WWWWWSSSSSSSS',
    full: true,
    digests: true,
    optional: 2n,
    row: certificateRow,
  },
  serials: { place: 2, columns: 'SS', full: false, optional: 0n },
};

/** Whether a file is a whole pack of a form known here; the command says what is amiss. */
const whole = (condition) => need(condition, 'trust_form');

/** Reads header, manifest, trust snapshot and directory; `read(offset, length)` gives bytes. */
export async function readPack(size, read) {
  whole(size >= HEADER_BYTES);
  const head = await read(0, HEADER_BYTES);
  const magic = textOf(head.subarray(0, 8)) ?? '';
  whole(/^tasdiq[PD][23]$/.test(magic));
  const field = (at, length) => Number(bigEndian(head.subarray(at, at + length)));
  whole(magic[6] === 'D' || bigEndian(head.subarray(8, 16)) === 0n);
  const lengths = [field(16, 4), field(20, 4), field(24, 8), field(32, 8)];
  whole(lengths.reduce((sum, part) => sum + part, HEADER_BYTES) === size);
  const limits = [MANIFEST_MAX, PART_MAX, PART_MAX];
  const parts = [];
  let at = HEADER_BYTES;
  for (const [place, limit] of limits.entries()) {
    whole(lengths[place] <= limit);
    parts.push(await read(at, lengths[place]));
    at += lengths[place];
  }
  const counts = [field(40, 4), field(44, 4), field(48, 4)];
  const tables = directoryOf(parts[2], counts, lengths[3]);
  const [manifest, trust] = parts;
  return {
    size,
    delta: magic[6] === 'D',
    later: magic[7] === '3',
    manifest,
    trust,
    tables,
    blocksAt: at,
    read,
  };
}

function directoryOf(bytes, counts, blocks) {
  const tables = [[], [], []];
  let [at, offset] = [0, 0];
  for (const [place, rows] of counts.entries()) {
    for (let row = 0; row < rows; row += 1) {
      whole(at + 37 <= bytes.length);
      const stored = Number(bigEndian(bytes.subarray(at + 32, at + 36)));
      const end = at + 37 + bytes[at + 36];
      whole(stored <= BLOCK_MAX * 2 && end <= bytes.length);
      const key = bytes.subarray(at + 37, end);
      tables[place].push({ hash: bytes.subarray(at, at + 32), offset, stored, key });
      [at, offset] = [end, offset + stored];
    }
  }
  whole(at === bytes.length && offset === blocks);
  return tables;
}

/** The hash over the directory, which the manifest signs. */
function blocksDigest(file) {
  const parts = [utf8(file.later ? 'tasdiq-pack-v3\0' : 'tasdiq-pack-v2\0')];
  for (const entries of file.tables) {
    parts.push(toBigEndian(entries.length, 8));
    for (const { hash, key } of entries) parts.push(hash, toBigEndian(key.length, 8), key);
  }
  return sha256(concat(...parts));
}

/** Verifies a pack under a trust snapshot. */
export async function openPack(file, trust) {
  whole(!file.delta);
  const manifest = await openManifest(file, trust);
  const asSaid = (spelt, bytes) => need(same(hashOf(spelt), bytes), 'pack_damaged');
  asSaid(manifest.trustDigest, await sha256(file.trust));
  asSaid(manifest.blocksDigest, await blocksDigest(file));
  const pack = new Pack(file, manifest);
  if (file.size <= WHOLE_MAX) await pack.lookThrough();
  return pack;
}

async function openManifest(file, trust) {
  const signed = await splitFile(file.manifest);
  const manifest = readVersion(signed, 'TasdiqPack', [2, 3], MANIFEST_FORM);
  const later = [manifest.edition, manifest.columns].map((member) => member !== undefined);
  const right =
    manifest.version === (file.later ? 3 : 2) && later.every((has) => has === file.later);
  whole(right);
  whole(!file.later || manifest.columns === 1);
  need(manifest.host === trust.host, 'other_ledger', manifest.host);
  const key = trust.serviceKey(signed.method);
  const good = key && (await isSignedBy(signed, multikey(key)));
  need(good, 'trust_signature');
  maySign(key, manifest.issuedAt);
  let checkpoint;
  try {
    checkpoint = await verifyCheckpoint(
      manifest.checkpoint,
      await parseKey(trust.logKey),
      trust.domain.origin,
    );
  } catch (fault) {
    throw new Fault('trust_checkpoint', fault.message);
  }
  whole(checkpoint.size === BigInt(manifest.sequence));
  const anew = manifest.sequence < trust.sequence && manifest.issuedAt >= trust.issuedAt;
  need(!anew, 'pack_redated');
  return manifest;
}

/** The order of two first keys, byte by byte. */
function compare(a, b) {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) if (a[at] !== b[at]) return a[at] - b[at];
  return a.length - b.length;
}

/** A pack that was verified, as status data: asked record by record. */
class Pack {
  constructor(file, manifest) {
    Object.assign(this, { file, manifest, damage: null, kept: new Map() });
    this.issuedAt = manifest.issuedAt;
    this.covers = manifest.sequence;
    this.checkpoint = manifest.checkpoint;
    this.knowsDescent = file.later;
  }

  /** The instant that its age counts from: who signs a pack may write any later date on it. */
  asOf(witnessed) {
    return witnessed !== null && witnessed < this.issuedAt ? witnessed : this.issuedAt;
  }

  /** Reads and checks every block. */
  async lookThrough() {
    const counts = [0, 0, 0];
    for (const table of Object.values(TABLES)) {
      const { place } = table;
      for (let at = 0; at < this.file.tables[place].length; at += 1) {
        const block = await this.block(table, at);
        for (let row = 0; row < block.rows; row += 1) table.row?.(block, row);
        counts[place] += block.rows;
      }
    }
    const { lots, certificates } = this.manifest;
    const right = counts.join() === [lots, certificates, certificates].join();
    need(right, 'pack_damaged', 'records');
  }

  async certificateAt(index) {
    return this.heed(this.certificateFound(index), null);
  }

  async certificate(serial) {
    const found = async () => {
      const found = await this.find(TABLES.serials, toBigEndian(serial, 8), (block) => {
        const row = block.columns[0].indexOf(BigInt(serial));
        return row < 0 ? null : block.columns[1][row];
      });
      return found === null ? null : this.certificateNamed(found);
    };
    return this.heed(found(), null);
  }

  async lot(key) {
    return (await this.heed(this.lotFound(key), null))?.record ?? null;
  }

  async goods(key) {
    return (await this.heed(this.lotFound(key), null))?.goods ?? null;
  }

  async certificatesOf(key) {
    const found = async () => {
      const lot = await this.lotFound(key);
      const records = [];
      for (const index of lot?.certificates ?? []) records.push(await this.certificateNamed(index));
      return records;
    };
    return this.heed(found(), []);
  }

  /** The answer; damage is remembered and answered with nothing. */
  async heed(found, nothing) {
    try {
      return await found;
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      this.damage ??= fault.detail || fault.code;
      return nothing;
    }
  }

  async certificateFound(index) {
    return this.find(TABLES.certificates, toBigEndian(index, 8), (block) => {
      const row = block.columns[5].indexOf(BigInt(index));
      return row < 0 ? null : certificateRow(block, row);
    });
  }

  async certificateNamed(index) {
    const found = await this.certificateFound(Number(index));
    need(found, 'pack_damaged', `certificate ${index}`);
    return found;
  }

  async lotFound(key) {
    return this.find(TABLES.lots, utf8(lotOrder(key)), (block) => {
      for (const [row, number] of block.numbers.entries()) {
        if (number !== lotNumberOf(key)) continue;
        const found = lotOr(block, row);
        if (found?.key === key) return lotRow(block, row);
      }
      return null;
    });
  }

  /** What `row` finds in the block that can hold a key: the last whose first key is not above. */
  async find(table, key, row) {
    const entries = this.file.tables[table.place];
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(entries[middle].key, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? null : row(await this.block(table, low - 1));
  }

  async block(table, place) {
    const name = `${table.place}/${place}`;
    const known = this.kept.get(name);
    if (known) {
      this.kept.delete(name);
      this.kept.set(name, known);
      return known;
    }
    const block = await this.load(table, this.file.tables[table.place][place]);
    if (this.kept.size >= BLOCKS_KEPT) this.kept.delete(this.kept.keys().next().value);
    this.kept.set(name, block);
    return block;
  }

  async load(table, entry) {
    const stored = await this.file.read(this.file.blocksAt + entry.offset, entry.stored);
    const length = stored.length >= 4 ? Number(bigEndian(stored.subarray(0, 4))) : Infinity;
    need(length <= stored.length - 4, 'pack_damaged', 'a block');
    const rows = await inflated(stored.subarray(4, 4 + length), 'deflate-raw', BLOCK_MAX);
    need(rows !== null, 'pack_damaged', 'a block');
    const digests = stored.subarray(4 + length);
    const hash = await sha256(concat(toBigEndian(rows.length, 4), rows, digests));
    need(same(hash, entry.hash), 'pack_damaged', 'a block');
    return readBlock(table, rows, digests, this.file.later);
  }
}

/** A lot's row; null if it is none that can be read, as other rows of the block may be. */
function lotOr(block, row) {
  try {
    return lotRow(block, row);
  } catch (fault) {
    if (fault instanceof Fault) return null;
    throw fault;
  }
}
