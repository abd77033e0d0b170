// The dossier: one signed file that proves a certificate, its lot and its status: its form, the
// records that must follow from its entries, and what the status lists prove (docs/FORMAT.md
// section 6.3).
// Not here: the verdict (`judge`).
import { hashOf, multikey, need, same, sha256, toBase64, utf8 } from './bytes.js';
import {
  anything,
  bare,
  check,
  count,
  isObject,
  jcs,
  jcsText,
  parseStrict,
  text,
  words,
} from './canonical.js';
import { isLot, lotOf } from './names.js';
import { isWithin, LIST_SERIALS } from './claim.js';
import { isSignedBy, split, statementOf } from './statement.js';
import { certificateStatus, standing } from './status.js';
import { REPORTS } from './terms.js';
import { isTime, plusSeconds, SKEW } from './time.js';
import { isIncluded, leafBytes, leafHash } from './tree.js';
import { CERTIFICATE_FORM, GOODS_FORM, LOT_FORM } from './trust.js';

const BYTES_MAX = 4000000;
const OBJECTS_MAX = 40000;
const VALUES_MAX = 200000;

const isHash = (value) => hashOf(value) !== null;
const FORM = {
  '@context': anything,
  type: words('TasdiqDossier'),
  version: count,
  manifest: isObject,
  checkpoint: text,
  entries: [{ leaf: anything, proof: [isHash] }],
  certificateRecord: CERTIFICATE_FORM,
  lotRecord: LOT_FORM,
  'goods?': GOODS_FORM,
  documents: REPORTS,
  trust: anything,
};
const SIGNED_FORM = {
  '@context': anything,
  type: words('TasdiqDossierManifest'),
  version: count,
  host: text,
  issuedAt: isTime,
  sequence: count,
  serial: count,
  lot: isLot,
  digest: isHash,
  places: {
    certificate: count,
    lot: count,
    statusIndex: count,
    revocation: count,
    suspension: count,
  },
  members: (value) => isObject(value) && Object.values(value).every(isHash),
};

/** Reads a dossier's form; nothing in it is believed yet. */
export async function readDossier(bytes) {
  need(bytes.length <= BYTES_MAX, 'too_large');
  let [objects, values] = [0, 0];
  for (const byte of bytes) {
    if (byte === 0x7b || byte === 0x5b) objects += 1;
    else if (byte === 0x2c) values += 1;
  }
  need(objects <= OBJECTS_MAX && values <= VALUES_MAX, 'dossier_form', 'it is crowded');
  const plain = bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
  const document = parseStrict(bare(plain));
  const dressed = !same(jcs(document), plain);
  check(document, FORM, 'dossier_form');
  const signed = await split(document.manifest);
  check(signed.document, SIGNED_FORM, 'dossier_form');
  const version = isObject(document.trust) && document.trust.version >= 3 ? 2 : 1;
  const versions = [document.version, signed.document.version];
  need(
    versions.every((one) => one === version),
    'dossier_form',
    'version',
  );
  need(version === 2 || document.goods === undefined, 'dossier_form', 'goods');
  const contexts = [document, signed.document].map((one) => jcsText(one['@context'] ?? null));
  need(contexts[0] === contexts[1], 'dossier_form', '@context');
  return { document, manifest: signed.document, signed, dressed };
}

/** Which member is not the one that the manifest names; null if each is. */
export async function foreignMember({ document, manifest }) {
  const found = new Map([['checkpoint', await sha256(utf8(document.checkpoint))]]);
  for (const name of ['certificateRecord', 'documents', 'lotRecord', 'trust', 'goods']) {
    if (document[name] !== undefined) found.set(name, await sha256(jcs(document[name])));
  }
  const parts = found.size + document.entries.length;
  for (const entry of document.entries) {
    const index = isObject(entry.leaf) ? (entry.leaf.index ?? null) : null;
    found.set(`entries/${jcsText(index)}`, await sha256(jcs(entry)));
  }
  if (found.size !== parts) return 'one entry twice';
  for (const [name, hash] of found) {
    const named = manifest.members[name];
    if (named === undefined || !same(hashOf(named), hash)) return name;
  }
  return Object.keys(manifest.members).find((name) => !found.has(name)) ?? null;
}

/** Every leaf with its bytes, proven under a checkpoint, in the order of the log. */
export async function proven(entries, tree) {
  let last = -1;
  const leaves = [];
  for (const { leaf, proof } of entries) {
    const bytes = leafBytes(leaf);
    need(leaf.index > last, 'entry_order', `entry ${leaf.index}`);
    last = leaf.index;
    const hash = await leafHash(bytes);
    const path = proof.map(hashOf);
    const good = await isIncluded(hash, leaf.index, tree.size, path, tree.root);
    need(good, 'inclusion_refuted', `entry ${leaf.index}`);
    leaves.push({ leaf, hash, proof });
  }
  return leaves;
}

/** Reads the statements; each but the certificate `own` must be signed by a key that counted. */
export async function readEntries(leaves, own, trust) {
  const entries = [];
  for (const { leaf } of leaves) {
    const mark = { index: leaf.index, loggedAt: leaf.loggedAt };
    const statement = await statementOf(leaf.statement, trust.domain);
    const judged = statement.claim.kind === 'certificate' && mark.index === own;
    if (!judged) await signedEntry(statement, mark, trust);
    entries.push({ mark, statement, claim: statement.claim });
  }
  return entries;
}

async function signedEntry(statement, mark, trust) {
  const key = trust.key(statement.issuer, statement.method);
  need(key, 'key_unknown', statement.method);
  const ownList = ['list', 'index'].includes(statement.claim.kind);
  const may = ['assertion', 'root'].includes(key.purpose) || (key.purpose === 'service' && ownList);
  const worth = standing(key, mark.loggedAt);
  const suspect = worth === 'suspect' && statement.claim.kind !== 'reconfirmation';
  need(may && (worth === 'in-force' || suspect), 'key_worth', `entry ${mark.index}`);
  need(await isSignedBy(statement, multikey(key)), 'signature_invalid', `entry ${mark.index}`);
}

function entryAt(entries, index) {
  const found = entries.find((entry) => entry.mark.index === index);
  need(found, 'entry_missing', `entry ${index}`);
  return found;
}

/** Status changes of a target, in the order of the log. */
function eventsOf(entries, isMeant) {
  const changes = entries.filter(({ claim }) => claim.kind === 'status' && isMeant(claim));
  return changes.map(({ mark, statement, claim: { change } }) => {
    const voids = entries.find(
      (other) =>
        other.claim.kind === 'void' &&
        other.claim.of === statement.id &&
        other.claim.reason === 'wrong-lot' &&
        other.statement.issuer === 'authority',
    );
    return {
      action: change.statusChange,
      by: statement.issuer,
      effectiveFrom: change.effectiveFrom,
      mark,
      reason: change.reason,
      ...(voids ? { voided: voids.mark } : {}),
      ...(Object.keys(change.notice ?? {}).length > 0 ? { notice: change.notice } : {}),
      ...(change.returnTo === undefined ? {} : { returnTo: change.returnTo }),
    };
  });
}

const withEvents = (record, events) => (events.length > 0 ? { ...record, events } : record);
const isEqual = (a, b) => jcsText(a) === jcsText(b);

/** Derives both records from the entries and compares them with those that the dossier states. */
export function compareRecords({ document, manifest }, entries, trust) {
  const { certificateRecord: record, lotRecord: lot, goods } = document;
  let derived = certificateOf(document, manifest, entries);
  const later = trust.edition !== null;
  const events = derived.events ?? [];
  if (later) derived = withEvents(derived, laterRules(events, record.events ?? [], null));
  need(isEqual(derived, record), 'record_differs', 'certificate');
  compareLot(lot, manifest.places.lot, entries, trust);
  const together = [record.serial, record.lot, record.digest, lot.lot];
  const named = [manifest.serial, manifest.lot, manifest.digest, manifest.lot];
  need(isEqual(together, named), 'record_differs', 'binding');
  compareInherited(goods?.inherited, lot.lot, entries);
  compareGrounds(entries, record, trust);
}

function certificateOf(document, manifest, entries) {
  const found = entryAt(entries, manifest.places.certificate);
  const { claim } = found;
  need(claim.kind === 'certificate', 'record_differs', 'it is no certificate');
  need(isEqual(document.documents, claim.reports), 'record_differs', 'documents');
  const stated = document.certificateRecord;
  const record = {
    mark: found.mark,
    serial: claim.serial,
    lot: claim.lot.slice(1),
    issuer: found.statement.issuer,
    verificationMethod: found.statement.method,
    accreditation: claim.accreditation,
    scheme: claim.scheme,
    quantity: claim.quantity,
    validFrom: claim.validFrom,
    validUntil: claim.validUntil,
    digest: toBase64(found.statement.digest),
  };
  if (stated.confirmed !== undefined) record.confirmed = confirmedBy(stated, found, entries);
  if (claim.supersedes !== null) record.supersedes = claim.supersedes;
  const next = entries.find(
    ({ claim: other }) =>
      other.kind === 'certificate' &&
      other.supersedes === claim.serial &&
      other.lot === claim.lot &&
      other.scheme === claim.scheme,
  );
  if (next) {
    const { validFrom } = next.claim;
    const from = validFrom > next.mark.loggedAt ? validFrom : next.mark.loggedAt;
    record.superseded = { by: next.claim.serial, from };
  }
  const meant = (change) => change.serials !== undefined && isWithin(change.serials, claim.serial);
  return withEvents(record, eventsOf(entries, meant));
}

/** The entry by which the certifier, or the authority, stood by the certificate again. */
function confirmedBy(stated, found, entries) {
  const entry = entryAt(entries, stated.confirmed.index);
  const { claim, statement } = entry;
  const own = ([index, digest]) =>
    index === found.mark.index && same(digest, found.statement.digest);
  const is =
    claim.kind === 'reconfirmation' &&
    (claim.entries.some(own) || isWithin(claim.ranges, stated.serial));
  const by = statement.issuer === found.statement.issuer || statement.issuer === 'authority';
  need(is && by, 'record_differs', `entry ${entry.mark.index} confirms nothing here`);
  return entry.mark;
}

function compareLot(stated, place, entries, trust) {
  const found = entryAt(entries, place);
  const { claim } = found;
  need(claim.kind === 'lot', 'record_differs', `entry ${place} declares no lot`);
  let events = eventsOf(entries, (change) => change.lot === claim.lot);
  const told = stated.events ?? [];
  if (trust.edition !== null)
    events = laterRules(events, told, { producer: found.statement.issuer, trust });
  const byRule = (event) => isRuleHold(event, place, claim.lot, entries);
  const holds = told.filter(byRule).map((event) => `${event.mark.index} ${event.reason}`);
  need(new Set(holds).size === holds.length, 'record_differs', 'holds');
  const derived = withEvents({ ...claim.record, producer: found.statement.issuer }, events);
  const { events: _, ...rest } = stated;
  const followed = withEvents(
    rest,
    told.filter((event) => !byRule(event)),
  );
  need(isEqual(derived, followed), 'record_differs', 'lot');
}

/** What edition 1 makes of a change of status; of which entries is the service's word. */
function laterRules(derived, stated, ofLot) {
  return derived.map((event) => {
    const told = stated.find((one) => isEqual(one.mark, event.mark));
    if (!told) return event;
    const loosens = ['reinstate', 'release'].includes(event.action);
    const late = loosens && event.effectiveFrom < event.mark.loggedAt;
    const changed = { ...event, effectiveFrom: late ? event.mark.loggedAt : event.effectiveFrom };
    const ends = told.ends !== undefined && ofLot ? holdEnds(event, ofLot) : null;
    if (ends !== null && ends === told.ends) changed.ends = ends;
    return isEqual(changed, told) ? changed : event;
  });
}

/** When a hold of a lot ends by itself; null: it is no certifier's and no inspector's. */
function holdEnds(event, { producer, trust }) {
  const days = trust.party(event.by)?.role === 'inspector' ? 14 : 30;
  const third = event.action === 'hold' && producer !== event.by && event.by !== 'authority';
  return third ? plusSeconds(event.mark.loggedAt, days * 86400) : null;
}

/** A lot can be held by a rule and not by a statement. */
function isRuleHold(event, declared, lot, entries) {
  if (event.action !== 'hold') return false;
  const { index } = event.mark;
  if (event.reason === 'capacity') return index === declared;
  if (!['yield', 'late', 'age'].includes(event.reason)) return false;
  const entry = entries.find((one) => one.mark.index === index);
  return (
    index === declared || (entry?.claim.kind === 'transform' && entry.claim.outputs.includes(lot))
  );
}

/** What a lot inherits is what an entry says of the lot that it names. */
function compareInherited(told, lot, entries) {
  if (told === undefined || told.via === lot) return;
  const { claim, statement } = entryAt(entries, told.index);
  const lays =
    claim.kind === 'status' &&
    claim.lot === lotOf(told.via) &&
    claim.change.statusChange === told.action &&
    claim.change.reason === told.reason &&
    claim.change.effectiveFrom === told.since &&
    statement.issuer === told.by;
  const byRule = ['void', 'transform', 'lot'].includes(claim.kind) && told.action === 'hold';
  need(lays || byRule, 'record_differs', 'inherited');
}

/** The accreditation and the certifier's key stand in the log where the trust snapshot says. */
function compareGrounds(entries, record, trust) {
  const issuer = trust.party(record.issuer);
  const given = issuer?.accreditations?.find((one) => one.id === record.accreditation);
  if (given) {
    const { claim, mark, statement } = entryAt(entries, given.mark.index);
    const is =
      claim.kind === 'accreditation' &&
      claim.party === record.issuer &&
      isEqual(claim.scope, given.scope);
    need(is && isEqual(mark, given.mark) && statement.id === given.id, 'record_differs', given.id);
  }
  const key = trust.key(record.issuer, record.verificationMethod);
  if (key) {
    const { claim, mark } = entryAt(entries, key.added.index);
    const is =
      claim.kind === 'key' &&
      claim.method === record.verificationMethod &&
      claim.added &&
      same(claim.added.key, multikey(key));
    need(is && isEqual(mark, key.added), 'record_differs', key.verificationMethod);
  }
}

/** The status index that the manifest names. */
export function statusIndex({ manifest }, entries) {
  const entry = entryAt(entries, manifest.places.statusIndex);
  need(entry.claim.kind === 'index', 'record_differs', 'it is no status index');
  return entry;
}

/** Reads the certificate's bits from the lists that the index names as current. */
export function listed(dossier, entries) {
  const { claim: index } = statusIndex(dossier, entries);
  const { places } = dossier.manifest;
  const record = dossier.document.certificateRecord;
  const flags = [];
  for (const [purpose, status] of [
    ['revocation', 'withdrawn'],
    ['suspension', 'suspended'],
  ]) {
    const place = places[purpose];
    const { claim: list } = entryAt(entries, place);
    need(list.kind === 'list', 'list_differs', `entry ${place}`);
    const name = `${purpose}-${Math.floor(record.serial / LIST_SERIALS)}`;
    const named = index.lists.filter((one) => one.list === name);
    const current = named.length === 1 && named[0].entry === place && place < index.covers;
    need(current, 'list_not_current', name);
    need(list.purpose === purpose && `${purpose}-${list.list}` === name, 'list_differs', name);
    const bit = record.serial % LIST_SERIALS;
    const set = (list.bits[bit >> 3] & (0x80 >> (bit & 7))) !== 0;
    need(set === isExpected(record, status, place), 'bit_differs', name);
    if (set) flags.push(purpose);
  }
  return { covers: index.covers, flags };
}

/** What a list logged as entry `place` must say, by the certificate's own changes before it. */
function isExpected(record, status, place) {
  const events = (record.events ?? []).filter((event) => event.mark.index < place);
  if (events.length === 0) return false;
  const soon = plusSeconds(events.at(-1).mark.loggedAt, SKEW);
  return certificateStatus(events, record, soon) === status;
}

/** Records of dossiers as status data: each knows one certificate and one lot. */
export class DossierBook {
  constructor(issuedAt) {
    Object.assign(this, { issuedAt, covers: 0, checkpoint: '', damage: null, knowsDescent: false });
    Object.assign(this, { documents: [], isPartial: true });
  }

  add({ document, manifest }) {
    this.documents.push(document);
    this.covers = manifest.sequence;
    this.checkpoint = document.checkpoint;
    this.knowsDescent = document.version >= 2;
    return this;
  }

  asOf(witnessed) {
    return witnessed !== null && witnessed < this.issuedAt ? witnessed : this.issuedAt;
  }

  records() {
    return this.documents.map((document) => document.certificateRecord);
  }

  async certificateAt(index) {
    return this.records().find((record) => record.mark.index === index) ?? null;
  }

  async certificate(serial) {
    return this.records().find((record) => record.serial === serial) ?? null;
  }

  of(key) {
    return this.documents.find((document) => lotOf(document.lotRecord.lot) === key) ?? null;
  }

  async lot(key) {
    return this.of(key)?.lotRecord ?? null;
  }

  async goods(key) {
    return this.of(key)?.goods ?? null;
  }

  async certificatesOf(key) {
    const own = this.records().filter((record) => lotOf(record.lot) === key);
    return own.sort((a, b) => a.mark.index - b.mark.index);
  }
}
