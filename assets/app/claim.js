// What a statement claims, by type: the members that each type a dossier can hold has, and how they
// must agree (docs/FORMAT.md sections 1.3 to 1.9). A type that is not read here is told as that,
// never taken. Not here: the envelope and its proof (`statement`).
import { fromBase64Url, inflated, multikeyOf, need, same, sha256, signatureOf } from './bytes.js';
import { check, count, flag, isObject, named, some, text, words } from './canonical.js';
import { shownLot } from './names.js';
import {
  ACTION,
  CONTACT,
  CUSTODY,
  LANGUAGE,
  MODEL,
  PURPOSE,
  REASON,
  REPORTS,
  RETURN_TO,
  ROLE,
  SCOPE_CHANGE,
} from './terms.js';
import { isDay, isTime } from './time.js';

const W3C = 'https://www.w3.org/ns/credentials/v2';
const UNTP = 'https://vocabulary.uncefact.org/untp/0.7.0/context/';
export const LIST_SERIALS = 2 ** 20;

const OPEN = { '...': 1 };
const NAMED = { id: text, name: text, ...OPEN };
const is = (value) => value === true;
const isRising = (list) => list.every((one, at) => at === 0 || list[at - 1] < one);

const agree = (condition) => need(condition, 'inconsistent');

function partyAt(domain, did) {
  const slug = domain.partyOf(did);
  agree(slug !== null);
  return slug;
}

const isMethodOf = (did, method) =>
  method.startsWith(`${did}#`) && method.length > did.length + 1 && !method.endsWith('-jwk');

const IDENTITY = {
  id: text,
  registeredName: text,
  registeredId: text,
  registeredDate: isDay,
  registerType: text,
  'registrationScope?': [text],
  ...OPEN,
};
const REGISTRATION = {
  role: ROLE,
  'region?': text,
  'regions?': some(text),
  'gtinPrefixes?': some(text),
  'sameName?': is,
  'capacities?': [{ product: text, campaign: text, quantity: count }],
  'successor?': text,
  'contact?': CONTACT,
  'names?': named,
};

function identity(subject, document, domain) {
  check(subject, IDENTITY);
  const of = partyAt(domain, subject.id);
  if (subject.registerType === 'accreditation') {
    need('validUntil' in document, 'shape');
    agree(document.validFrom < document.validUntil);
    return { kind: 'accreditation', party: of, scope: scopeOf(subject.registrationScope, domain) };
  }
  agree(subject.registerType === 'business');
  need('registration' in subject, 'shape');
  check(subject.registration, REGISTRATION);
  isNames(subject.registration.names);
  isContact(subject.registration.contact);
  const prefixes = subject.registration.gtinPrefixes ?? [];
  agree(prefixes.every((prefix) => /^[0-9]{7,12}$/.test(prefix)));
  return { kind: 'registration', party: of, successor: subject.registration.successor ?? null };
}

const ADDRESS =
  /^https:\/\/[!#$%&'()*+,\-.:;=?[\]_~0-9A-Za-z]+(\/[!#$%&'()*+,\-.:;=?[\]_~0-9A-Za-z/]*)?$/;

function isContact(contact) {
  if (contact === undefined) return;
  agree(Object.keys(contact).length > 0);
  agree(/^\+[0-9]{8,15}$/.test(contact.phone ?? '+00000000'));
  const url = contact.url ?? 'https://x';
  agree(url.length <= 200 && ADDRESS.test(url));
}

function isNames(names = {}) {
  for (const [language, name] of Object.entries(names)) {
    const length = [...name].length;
    agree(LANGUAGE.has(language) && length >= 1 && length <= 120);
  }
}

/** The scope that terms name: each list sorted, each term once, as trust snapshots have it. */
function scopeOf(urls = [], domain) {
  const scope = { schemes: new Set(), products: new Set(), regions: new Set() };
  for (const url of urls) {
    const kind = Object.keys(scope).find((list) => domain.termOf(list, url) !== null);
    agree(kind);
    scope[kind].add(domain.termOf(kind, url));
  }
  agree(Object.values(scope).every((list) => list.size > 0));
  return Object.fromEntries(Object.entries(scope).map(([name, list]) => [name, [...list].sort()]));
}

const LOT = {
  id: text,
  name: text,
  idGranularity: text,
  batchNumber: text,
  productCategory: [{ code: text, ...OPEN }],
  productionDate: isDay,
  'expiryDate?': isDay,
  ...OPEN,
  lotDeclaration: {
    product: text,
    region: text,
    quantity: count,
    unit: text,
    campaign: text,
    packSize: count,
    'origin?': words('primary derived'),
    'mandate?': text,
    'names?': named,
  },
};

function lotDeclaration(subject, document, domain) {
  check(subject, LOT);
  const lot = domain.lotAt(subject.id);
  const facts = subject.lotDeclaration;
  agree(subject.idGranularity === 'batch');
  agree(subject.batchNumber === lot.slice(lot.indexOf('/') + 1));
  agree(subject.productCategory.length === 1);
  agree(document.id === subject.id.replace(domain.url, `${domain.url}declarations/`));
  agree((subject.expiryDate ?? '9999') >= subject.productionDate);
  agree(facts.packSize >= 1 && facts.packSize <= facts.quantity);
  isNames(facts.names);
  agree(facts.mandate === undefined || domain.isStatement(facts.mandate));
  const record = {
    lot: shownLot(lot),
    product: facts.product,
    name: subject.name,
    region: facts.region,
    quantity: facts.quantity,
    unit: facts.unit,
    packedOn: subject.productionDate,
    ...(facts.names ? { names: facts.names } : {}),
  };
  return { kind: 'lot', lot, record };
}

const CERTIFICATE = {
  assessorLevel: text,
  attestationType: text,
  issuedToParty: NAMED,
  referenceScheme: NAMED,
  authorisation: [{ endorsementEvidence: { linkURL: text, ...OPEN }, ...OPEN }],
  ...OPEN,
  conformityAssessment: [
    {
      assessmentDate: isDay,
      conformance: flag,
      ...OPEN,
      assessedProduct: [{ product: { id: text, batchNumber: text, ...OPEN }, ...OPEN }],
    },
  ],
  batchCertificate: {
    product: text,
    hsCode: text,
    quantity: count,
    unit: text,
    decisionDate: isDay,
    schemeEdition: text,
    'notCovered?': [text],
    'supersedes?': text,
    'operatorCertificate?': text,
    custodyModel: MODEL,
    'laboratoryReports?': REPORTS,
  },
};
const STATUS_ENTRY = {
  type: text,
  'id?': text,
  statusPurpose: text,
  statusListIndex: count,
  statusListCredential: text,
};

function certificate(subject, document, domain) {
  const own =
    isObject(subject) && 'operatorCertificate' in subject && !('batchCertificate' in subject);
  need(!own, 'not_read_here', 'a certificate of an operator');
  check(subject, CERTIFICATE);
  need('validUntil' in document && 'credentialStatus' in document, 'shape');
  agree(document.validFrom < document.validUntil);
  agree(subject.conformityAssessment.length === 1 && subject.authorisation.length === 1);
  const [assessment] = subject.conformityAssessment;
  agree(assessment.assessedProduct.length === 1);
  const { product } = assessment.assessedProduct[0];
  const lot = domain.lotAt(product.id);
  agree(product.batchNumber === lot.slice(lot.indexOf('/') + 1));
  agree(subject.assessorLevel === '3rdParty' && subject.attestationType === 'certification');
  const facts = subject.batchCertificate;
  agree(assessment.conformance && facts.quantity >= 1);
  const scheme = domain.termOf('schemes', subject.referenceScheme.id);
  agree(scheme !== null);
  const serial = domain.serialOf(document.id);
  agree(serial !== null);
  const others = ['supersedes', 'operatorCertificate'].map((name) => facts[name]);
  for (const other of others.filter((id) => id !== undefined)) {
    agree(domain.serialOf(other) !== null && domain.serialOf(other) !== serial);
  }
  const entry = document.credentialStatus;
  check(entry, STATUS_ENTRY);
  agree(entry.type === 'BitstringStatusListEntry' && entry.statusPurpose === 'revocation');
  agree(entry.statusListIndex === serial % LIST_SERIALS);
  const list = `${domain.url}status/revocation-${Math.floor(serial / LIST_SERIALS)}`;
  agree(entry.statusListCredential === list);
  return {
    kind: 'certificate',
    serial,
    lot,
    scheme,
    client: partyAt(domain, subject.issuedToParty.id),
    accreditation: subject.authorisation[0].endorsementEvidence.linkURL,
    quantity: facts.quantity,
    validFrom: document.validFrom,
    validUntil: document.validUntil,
    supersedes: facts.supersedes === undefined ? null : domain.serialOf(facts.supersedes),
    reports: facts.laboratoryReports ?? [],
  };
}

const KEY = {
  id: text,
  keyChange: text,
  verificationMethod: text,
  'publicKeyMultibase?': text,
  'purpose?': PURPOSE,
  'custody?': CUSTODY,
  'schemes?': [text],
  'notAfter?': isTime,
  'parties?': some(text),
  'cosigner?': { verificationMethod: text, signature: text },
  'since?': isTime,
  'knownAt?': isTime,
};

function keyChange(subject, _, domain) {
  check(subject, KEY);
  const of = partyAt(domain, subject.id);
  agree(isMethodOf(subject.id, subject.verificationMethod));
  const has = ['custody', 'publicKeyMultibase', 'purpose', 'since'].filter(
    (name) => name in subject,
  );
  const claim = { kind: 'key', party: of, method: subject.verificationMethod, added: null };
  if (subject.keyChange === 'key-added') {
    agree(has.join() === 'custody,publicKeyMultibase,purpose');
    const key = multikeyOf(subject.publicKeyMultibase);
    agree(key);
    agree(isRising((subject.parties ?? []).map((did) => partyAt(domain, did))));
    agree(
      subject.cosigner === undefined ||
        (signatureOf(subject.cosigner.signature) &&
          isMethodOf(subject.id, subject.cosigner.verificationMethod)),
    );
    return { ...claim, added: { key, purpose: subject.purpose } };
  }
  agree(!('parties' in subject) && !('cosigner' in subject));
  if (subject.keyChange === 'key-compromised') {
    agree(has.join() === 'since' && subject.since <= (subject.knownAt ?? ''));
  } else {
    agree(subject.keyChange === 'key-retired' && has.length === 0);
  }
  return claim;
}

/** Ranges of serials, ascending and never touching, as pairs. */
function rangesOf(texts) {
  agree(texts.length >= 1 && texts.length <= 1500);
  let [after, total] = [0, 0];
  const pairs = texts.map((spelt) => {
    const found = /^(0|[1-9][0-9]{0,15})(?:-([1-9][0-9]{0,15}))?$/.exec(spelt);
    agree(found);
    const first = Number(found[1]);
    const last = found[2] === undefined ? first : Number(found[2]);
    agree(after <= first && first <= last && Number.isSafeInteger(last));
    agree(found[2] === undefined || first < last);
    after = last + 2;
    total += last - first + 1;
    return [first, last];
  });
  agree(total <= 100000);
  return { pairs, total };
}

export const isWithin = (ranges, serial) =>
  ranges.some(([first, last]) => first <= serial && serial <= last);

const CHANGE = {
  id: text,
  effectiveFrom: isTime,
  'notice?': OPEN,
  'serials?': [text],
  reason: REASON,
  statusChange: ACTION,
  'returnTo?': RETURN_TO,
  'lifts?': some(text),
};

function isNotice(notice = {}) {
  for (const [language, told] of Object.entries(notice)) {
    need(text(told), 'shape');
    agree(LANGUAGE.has(language) && told !== '' && [...told].length <= 500);
  }
}

function statusChange(subject, _, domain) {
  check(subject, CHANGE);
  const forLot = ['hold', 'release', 'recall'].includes(subject.statusChange);
  const claim = { kind: 'status', change: subject };
  if (subject.id === `${domain.url}certificates`) {
    const { pairs, total } = rangesOf(subject.serials ?? []);
    agree(total <= 1000 || Object.keys(subject.notice ?? {}).length === 0);
    claim.serials = pairs;
  } else {
    agree((subject.serials ?? []).length === 0);
    const serial = domain.serialOf(subject.id);
    if (serial !== null) claim.serials = [[serial, serial]];
    else if (domain.partyOf(subject.id) !== null) claim.party = domain.partyOf(subject.id);
    else claim.lot = domain.lotAt(subject.id);
  }
  agree(forLot === (claim.lot !== undefined));
  isNotice(subject.notice);
  agree(!('returnTo' in subject) || subject.statusChange === 'recall');
  const lifts = subject.lifts ?? [];
  agree(lifts.length === 0 || subject.statusChange === 'release');
  agree(lifts.length <= 50 && isRising(lifts));
  const known = (id) => domain.isStatement(id) || domain.isEvent(id) || domain.isDeclaration(id);
  agree(lifts.every(known));
  return claim;
}

const ENTRIES = [{ entry: count, statementDigest: text }];
const CONFIRM = {
  id: text,
  verificationMethod: text,
  'serials?': [text],
  'entries?': ENTRIES,
  'voids?': some(ENTRIES[0]),
};

function reconfirmation(subject, _, domain) {
  check(subject, CONFIRM);
  partyAt(domain, subject.id);
  agree(subject.verificationMethod.startsWith(`${subject.id}#`));
  agree(subject.verificationMethod.length > subject.id.length + 1);
  const serials = subject.serials ?? [];
  const lists = [subject.entries ?? [], subject.voids ?? []];
  agree(serials.length > 0 || lists.some((list) => list.length > 0));
  for (const list of lists) {
    agree(list.length <= 500 && isRising(list.map((one) => one.entry)));
    agree(list.every((one) => digestOf(one.statementDigest)));
  }
  const ranges = serials.length > 0 ? rangesOf(serials).pairs : [];
  const entries = lists[0].map((one) => [one.entry, digestOf(one.statementDigest)]);
  return { kind: 'reconfirmation', ranges, entries };
}

function digestOf(spelt) {
  const bytes = spelt[0] === 'u' ? fromBase64Url(spelt.slice(1)) : null;
  return bytes && bytes.length === 32 ? bytes : null;
}

const SCOPE = {
  id: text,
  accreditationId: text,
  effectiveFrom: isTime,
  'notice?': OPEN,
  reason: REASON,
  scopeChange: SCOPE_CHANGE,
  'narrowedTo?': [text],
  'successor?': text,
};

function scopeChange(subject, _, domain) {
  check(subject, SCOPE);
  partyAt(domain, subject.id);
  if (subject.scopeChange === 'narrow') scopeOf(subject.narrowedTo, domain);
  else agree((subject.narrowedTo ?? []).length === 0);
  if (subject.successor !== undefined) {
    agree(subject.scopeChange === 'withdraw' && subject.successor !== subject.id);
    partyAt(domain, subject.successor);
  }
  isNotice(subject.notice);
  return { kind: 'scope' };
}

const ROOT = {
  id: text,
  verificationMethod: text,
  publicKeyMultibase: text,
  successor: text,
  'keeps?': [{ verificationMethod: text, publicKeyMultibase: text, purpose: PURPOSE }],
};

async function rootSuccession(subject, _, domain) {
  check(subject, ROOT);
  agree(subject.id === domain.did && isMethodOf(domain.did, subject.verificationMethod));
  const [key, successor] = [
    multikeyOf(subject.publicKeyMultibase),
    commitmentOf(subject.successor),
  ];
  agree(key && successor && !same(await sha256(key), successor));
  const kept = subject.keeps ?? [];
  agree(
    kept.length <= 150 && new Set(kept.map((one) => one.verificationMethod)).size === kept.length,
  );
  for (const one of kept) {
    agree(isMethodOf(domain.did, one.verificationMethod) && one.purpose !== 'root');
    agree(multikeyOf(one.publicKeyMultibase));
  }
  const keeps = kept.map((one) => ({
    method: one.verificationMethod,
    key: multikeyOf(one.publicKeyMultibase),
    purpose: one.purpose,
  }));
  return { kind: 'root', method: subject.verificationMethod, key, successor, keeps };
}

/** The 32 bytes of a commitment to the next root; null if it is none. */
export function commitmentOf(spelt) {
  const bytes = fromBase64Url(spelt);
  return bytes && bytes.length === 32 ? bytes : null;
}

const LIST = { id: text, type: text, statusPurpose: text, encodedList: text };

async function statusList(subject, _, domain) {
  check(subject, LIST);
  const form = /^status\/(revocation|suspension)-([0-9]{1,16})#list$/;
  const found = form.exec(domain.path(subject.id) ?? '');
  agree(found && subject.type === 'BitstringStatusList');
  agree(subject.statusPurpose === found[1] && subject.encodedList[0] === 'u');
  const packed = fromBase64Url(subject.encodedList.slice(1));
  const bits = packed && (await inflated(packed, 'gzip', LIST_SERIALS / 8));
  agree(bits && bits.length === LIST_SERIALS / 8);
  return { kind: 'list', purpose: found[1], list: Number(found[2]), bits };
}

function indexOfLists(subject, _, domain) {
  check(subject, { id: text, covers: count, lists: [{ list: text, entry: count }] });
  agree(subject.id === `${domain.url}status`);
  return { kind: 'index', covers: subject.covers, lists: subject.lists };
}

const EVENT = {
  id: text,
  kind: text,
  at: isTime,
  offset: text,
  'region?': text,
  'document?': isCommitment,
  'mandate?': text,
};
const LINE = { lot: text, quantity: count };
/** The kinds of events that a dossier of a certificate rests on; others are not read here. */
const EVENTS = {
  transform: { ...EVENT, recipe: text, inputs: [LINE], outputs: [LINE] },
  void: {
    ...EVENT,
    of: text,
    reason: words('did-not-occur incorrect-data wrong-lot'),
    'replacedBy?': text,
  },
};

function isCommitment(value) {
  return text(value) && digestOf(value) !== null;
}

function event(subject, document, domain) {
  need(isObject(subject) && Object.hasOwn(EVENTS, subject.kind), 'not_read_here', 'an event');
  check(subject, EVENTS[subject.kind]);
  const slug = partyAt(domain, document.issuer.id);
  agree(subject.id === document.id && domain.isEvent(subject.id));
  agree(subject.id.startsWith(`${domain.url}events/${slug}/`));
  const found = /^([+-])([0-9]{2}):([0-5][0-9])$/.exec(subject.offset);
  agree(found && subject.offset !== '-00:00');
  const minutes = Number(`${found[1]}1`) * (Number(found[2]) * 60 + Number(found[3]));
  agree(minutes >= -720 && minutes <= 840);
  agree(/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(subject.region ?? 'MA-09'));
  agree(subject.mandate === undefined);
  return subject.kind === 'void' ? undoing(subject, document, domain) : transform(subject, domain);
}

function transform(subject, domain) {
  agree(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/.test(subject.recipe));
  agree(subject.inputs.length > 0 && subject.outputs.length > 0);
  for (const [rows, most] of [
    [subject.inputs, 400],
    [subject.outputs, 64],
  ]) {
    agree(rows.length <= most && isRising(rows.map((row) => row.lot)));
    rows.forEach((row) => need(row.quantity > 0, 'quantity_range'));
  }
  const lots = [...subject.inputs, ...subject.outputs].map((row) => domain.lotAt(row.lot));
  return { kind: 'transform', outputs: lots.slice(subject.inputs.length) };
}

function undoing(subject, document, domain) {
  const named = [subject.of, subject.replacedBy].filter((url) => url !== undefined);
  const sortOf = (url) => {
    if (domain.isEvent(url)) return 'event';
    if (domain.isDeclaration(url)) return 'declaration';
    return domain.isStatement(url) ? 'statement' : null;
  };
  const sorts = named.map(sortOf);
  agree(!sorts.includes(null) && new Set(sorts).size === 1);
  agree(new Set(named).size === named.length && !named.includes(document.id));
  agree(subject.reason !== 'wrong-lot' || sorts[0] === 'statement');
  return { kind: 'void', of: subject.of, reason: subject.reason };
}

const ofUntp = (domain) => [W3C, UNTP, domain.context];
const ofOurs = (domain) => [W3C, domain.context];

/** A type that no dossier of a certificate holds: told as not read here, never taken. */
export const LEFT_OUT = words('LabelIssue');

/** By type: its whole context, whether its envelope is closed, its reader. */
export const TYPES = {
  DigitalIdentityAnchor: [ofUntp, false, identity],
  DigitalProductPassport: [ofUntp, false, lotDeclaration],
  DigitalConformityCredential: [ofUntp, false, certificate],
  KeyChange: [ofOurs, true, keyChange],
  StatusChange: [ofOurs, true, statusChange],
  StatusIndex: [ofOurs, true, indexOfLists],
  Reconfirmation: [ofOurs, true, reconfirmation],
  ScopeChange: [ofOurs, true, scopeChange],
  RootSuccession: [ofOurs, true, rootSuccession],
  TraceabilityEvent: [ofOurs, true, event],
  BitstringStatusListCredential: [() => [W3C], true, statusList],
};
