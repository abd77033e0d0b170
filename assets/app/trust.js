// The trust snapshot: whom to believe. Signed by the service key, which the root's own statements
// in it vouch for, along the chain of roots (docs/FORMAT.md sections 4.1 and 6.1). A reader who
// pinned a root trusts nothing else. Not here: how it was come by.
import { Fault, hashOf, multikeyOf, need, same, sha256 } from './bytes.js';
import {
  anything,
  check,
  count,
  isObject,
  jcs,
  named,
  parseStrict,
  some,
  text,
  words,
} from './canonical.js';
import { isKey } from './ed25519.js';
import { Domain, isLot, isParty } from './names.js';
import { parseKey, quorumOf, verifyCheckpoint } from './note.js';
import { commitmentOf } from './claim.js';
import { isSignedBy, split, statementOf } from './statement.js';
import { standing } from './status.js';
import {
  ACTION,
  CONTACT,
  CUSTODY,
  MODEL,
  ORIGIN,
  PURPOSE,
  REASON,
  RETURN_TO,
  ROLE,
  SCOPE_CHANGE,
} from './terms.js';
import { isDay, isTime } from './time.js';

export const MARK = { index: count, loggedAt: isTime };
/** One change of status, as the log recorded it. */
export const EVENT_FORM = {
  action: ACTION,
  reason: REASON,
  effectiveFrom: isTime,
  by: isParty,
  'notice?': named,
  mark: MARK,
  'ends?': isTime,
  'returnTo?': RETURN_TO,
  'voided?': MARK,
};
const SCOPE_FORM = { schemes: [text], products: [text], regions: [text] };
const KEY_FORM = {
  verificationMethod: text,
  publicKeyMultibase: (value) => text(value) && multikeyOf(value) !== null,
  purpose: PURPOSE,
  custody: CUSTODY,
  'schemes?': some(text),
  'notAfter?': isTime,
  'parties?': some(isParty),
  added: MARK,
  'countsFrom?': isTime,
  'retired?': MARK,
  'compromised?': { since: isTime, knownAt: isTime, recorded: MARK },
};
const ACCREDITATION_FORM = {
  id: text,
  mark: MARK,
  scope: SCOPE_FORM,
  validFrom: isTime,
  validUntil: isTime,
  'events?': some({
    action: SCOPE_CHANGE,
    'scope?': SCOPE_FORM,
    reason: REASON,
    effectiveFrom: isTime,
    by: isParty,
    'notice?': named,
    mark: MARK,
    'successor?': isParty,
  }),
};
const PARTY_FORM = {
  party: isParty,
  name: text,
  keys: [KEY_FORM],
  'accreditations?': some(ACCREDITATION_FORM),
  role: ROLE,
  'events?': some(EVENT_FORM),
  'names?': named,
  'contact?': CONTACT,
};
const TRUST_FORM = {
  '@context': anything,
  type: text,
  version: count,
  host: text,
  root: text,
  'genesisRoot?': text,
  logKey: text,
  'edition?': count,
  sequence: count,
  issuedAt: isTime,
  nextUpdate: isTime,
  checkpoint: text,
  'witnessPolicy?': text,
  founding: [anything],
  parties: [PARTY_FORM],
};

/** What a certificate is in packs and dossiers. */
export const CERTIFICATE_FORM = {
  mark: MARK,
  serial: count,
  lot: isLot,
  issuer: isParty,
  verificationMethod: text,
  accreditation: text,
  scheme: text,
  quantity: count,
  validFrom: isTime,
  validUntil: isTime,
  digest: (value) => hashOf(value) !== null,
  'events?': some(EVENT_FORM),
  'confirmed?': MARK,
  'supersedes?': count,
  'superseded?': { by: count, from: isTime },
};
/** What a lot is in packs and dossiers. */
export const LOT_FORM = {
  lot: isLot,
  product: text,
  name: text,
  producer: isParty,
  region: text,
  quantity: count,
  unit: text,
  packedOn: isDay,
  'events?': some(EVENT_FORM),
  'names?': named,
};
/** What of its goods travels with a lot. */
export const GOODS_FORM = {
  'filled?': count,
  'consumed?': count,
  'out?': count,
  'origin?': ORIGIN,
  'model?': MODEL,
  'producers?': some(isParty),
  'inherited?': {
    action: ACTION,
    reason: REASON,
    since: isTime,
    by: isParty,
    index: count,
    via: isLot,
  },
};

/** Parts a signed file, which must be JSON under the strict profile; a newline may end it. */
export async function splitFile(bytes) {
  const end =
    bytes.length > 0 && bytes[bytes.length - 1] === 0x0a ? bytes.length - 1 : bytes.length;
  try {
    return await split(parseStrict(bytes.subarray(0, end)));
  } catch (fault) {
    throw new Fault('trust_form', fault.message);
  }
}

/** The version of the form that goes with an edition of the rules. */
const versionUnder = (edition) => (edition === 0 ? 1 : edition < 2 ? 2 : 3);

/** A trust snapshot that verifies; `pinned` says whether its root was compared. */
export class Trust {
  constructor(value, domain, roots) {
    Object.assign(this, value);
    this.domain = domain;
    this.roots = roots;
    this.pinned = true;
    this.edition = value.edition ?? null;
    for (const party of this.parties) party.accreditations?.forEach(sortScopes);
    this.bySlug = new Map([...this.parties].reverse().map((party) => [party.party, party]));
  }

  party(slug) {
    return this.bySlug.get(slug) ?? null;
  }

  key(slug, method) {
    return this.party(slug)?.keys.find((key) => key.verificationMethod === method) ?? null;
  }

  serviceKey(method) {
    const authority = this.party('authority');
    const own = (key) => key.verificationMethod === method && key.purpose === 'service';
    return authority?.keys.find(own) ?? null;
  }

  /** All label keys and whose they are. */
  labelSigners() {
    return this.parties.flatMap((owner) =>
      owner.keys.filter((key) => key.purpose === 'label').map((key) => ({ owner, key })),
    );
  }

  firstRoot() {
    return this.genesisRoot ?? this.root;
  }

  quorum(note) {
    return quorumOf(this.witnessPolicy, note);
  }
}

function sortScopes(given) {
  const scopes = [given.scope, ...(given.events ?? []).map((event) => event.scope)];
  for (const scope of scopes.filter((one) => one !== undefined)) {
    for (const name of Object.keys(scope)) scope[name] = [...new Set(scope[name])].sort();
  }
}

/** Reads and verifies a snapshot. With `pinned` (a root as Multikey) its root must be that one. */
export async function openTrust(bytes, pinned) {
  return (await openSigned(bytes, pinned)).trust;
}

async function openSigned(bytes, pinned) {
  const signed = await splitFile(bytes);
  const value = readVersion(signed, 'TasdiqTrust', [1, 2, 3], TRUST_FORM);
  const later = (party) => party.names !== undefined || party.contact !== undefined;
  const right = value.version === versionUnder(value.edition ?? 0);
  need(right && (value.version >= 3 || !value.parties.some(later)), 'trust_form', 'version');
  const domain = domainOf(value.host);
  const chain = await rootsOf(value, domain);
  if (pinned)
    need(
      chain.roots.some((root) => root.text === pinned),
      'trust_root',
      value.root,
    );
  const service = chain.keys.find(
    (key) => key.method === signed.method && key.purpose === 'service',
  );
  need(service && (await isSignedBy(signed, service.key)), 'trust_signature');
  await checkLog(value, chain, domain);
  const trust = new Trust(
    value,
    domain,
    chain.roots.map((root) => root.text),
  );
  return { trust, method: signed.method };
}

function domainOf(host) {
  try {
    return new Domain(host);
  } catch (fault) {
    throw new Fault('trust_form', fault.message);
  }
}

/** The members of a signed file of one kind and version. */
export function readVersion(signed, kind, versions, form) {
  const value = signed.document;
  need(value.type === kind, 'trust_form', `its type is not ${kind}`);
  need(versions.includes(value.version), 'trust_form', `version ${value.version}`);
  try {
    check(value, form);
  } catch (fault) {
    throw new Fault('trust_form', fault.message);
  }
  return value;
}

async function checkLog(value, chain, domain) {
  let checkpoint;
  const key = await parseKey(value.logKey).catch(() => null);
  need(key, 'trust_checkpoint', 'logKey');
  const vouched = chain.keys.some((one) => one.purpose === 'log' && same(one.key, key.public));
  need(vouched, 'trust_signature', 'log key');
  try {
    checkpoint = await verifyCheckpoint(value.checkpoint, key, domain.origin);
  } catch (fault) {
    throw new Fault('trust_checkpoint', fault.message);
  }
  need(checkpoint.size === BigInt(value.sequence), 'trust_form', 'sequence');
}

/** Follows the founding statements, trusting nothing but the first root. */
async function rootsOf(value, domain) {
  const first = multikeyOf(value.genesisRoot ?? value.root);
  need(first, 'trust_form', 'root');
  const roots = [
    { text: value.genesisRoot ?? value.root, key: first, method: `${domain.did}#root` },
  ];
  const chain = { roots, keys: [], successor: null };
  for (const [place, founding] of value.founding.entries())
    await follow(chain, place, founding, domain);
  need(roots.at(-1).text === value.root, 'trust_succession');
  return chain;
}

async function follow(chain, place, founding, domain) {
  let statement;
  try {
    need(isObject(founding), 'shape');
    statement = await statementOf(founding, domain);
  } catch (fault) {
    throw new Fault('trust_form', fault.message);
  }
  const { claim } = statement;
  if (claim.kind === 'root') {
    await succeed(chain, statement, founding.credentialSubject.publicKeyMultibase);
    return;
  }
  const root = chain.roots.at(-1);
  const good =
    statement.method === root.method && isKey(root.key) && (await isSignedBy(statement, root.key));
  need(good, 'trust_signature');
  if (claim.kind === 'registration' && place === 0) {
    chain.successor = claim.successor === null ? null : commitmentOf(claim.successor);
  } else if (claim.kind === 'key' && claim.added) {
    chain.keys.push({ method: claim.method, ...claim.added });
  }
}

/** The next root: what the one before vouched for counts no more unless this one keeps it. */
async function succeed(chain, statement, spelt) {
  const { claim } = statement;
  const committed = chain.successor && same(chain.successor, await sha256(claim.key));
  need(committed, 'trust_succession');
  const own = statement.method === claim.method && (await isSignedBy(statement, claim.key));
  need(own, 'trust_succession');
  chain.successor = claim.successor;
  chain.keys = claim.keeps;
  chain.roots.push({ text: spelt, key: claim.key, method: claim.method });
}

/** Whether a service key may have signed something made then: never once it was compromised. */
export function maySign(key, issuedAt) {
  const worth = key.compromised !== undefined ? 'compromised' : standing(key, issuedAt);
  need(!['compromised', 'retired', 'expired'].includes(worth), 'trust_signer', worth);
}

/** The snapshot in `bytes` if it is newer and may take the place of the one at hand; else null. */
export async function renewed(trust, bytes) {
  const { trust: other, method } = await openSigned(bytes, trust.root);
  need(other.host === trust.host, 'other_ledger', other.host);
  if (other.sequence < trust.sequence) return null;
  const key = trust.serviceKey(method);
  if (key) maySign(key, other.issuedAt);
  return other.sequence > trust.sequence ? other : null;
}

/** A snapshot that evidence carries, if it is newer; of the same ledger from its first root on. */
export async function newerTrust(value, trust) {
  const bytes = jcs(value);
  const own = await openTrust(bytes, null);
  need(own.firstRoot() === trust.firstRoot(), 'trust_root', own.root);
  if (own.sequence <= trust.sequence || !trust.pinned) return null;
  return renewed(trust, bytes);
}
