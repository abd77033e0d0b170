// The checks that every verdict on a certificate shares: key and accreditation at log time, status
// at two dates, renewals, what follows from goods, claims. Not here: codes, dossiers (`judge`).
import { lotOf } from './names.js';
import {
  barred,
  bitsOf,
  covers,
  inEffect,
  leftOut,
  lotStatus,
  scopeAtLog,
  standing,
  statusIn,
} from './status.js';
import { endOf } from './time.js';

/** The certificate that counts at an instant for one that may have given way. */
async function standingOf(checks, record, lot, at, followed) {
  const statusOf = (one) => statusIn(checks.trust.party(one.issuer), one, lot, at);
  let current = record;
  for (;;) {
    const status = statusOf(current);
    const next = current.superseded;
    if (status !== 'superseded' || !followed || !next)
      return { record: current, status, missing: null };
    const found = await checks.book?.certificate(next.by);
    const belongs =
      found &&
      found.supersedes === current.serial &&
      found.lot === current.lot &&
      found.scheme === current.scheme &&
      found.mark.index > current.mark.index;
    if (!belongs) return { record: current, status, missing: next.by };
    if (isSuspect(checks, found)) current = { ...current, superseded: undefined };
    else current = found;
  }
}

/** Whether it was signed with a key that may have been in foreign hands, and nobody stood by it. */
function isSuspect(checks, record) {
  const key = checks.trust.key(record.issuer, record.verificationMethod);
  return key !== null && standing(key, record.mark.loggedAt) === 'suspect' && !record.confirmed;
}

/** Lays what every verdict on a certificate rests on. `followed`: a label names it. */
export async function recordChecks(checks, record, lot, followed) {
  const found = await standingOf(checks, record, lot, checks.now, followed);
  grounds(checks, record, lot);
  if (found.record.serial !== record.serial) {
    checks.signal('superseded');
    grounds(checks, found.record, lot);
  }
  if (found.missing !== null) {
    const text = `certificate ${found.missing}, which takes its place, is not at hand`;
    checks.absent('binding', 'TRY_LATER', text);
  }
  if ((lot.events ?? []).some((event) => event.voided !== undefined))
    checks.signal('recall-voided');
  const key = lotOf(lot.lot);
  const goods = checks.book.knowsDescent ? ((await checks.book.goods(key)) ?? {}) : null;
  const inherited = (await checks.book.goods(key))?.inherited ?? null;
  const all = await checks.book.certificatesOf(key);
  const fitness = await fitnessOf(checks, record, lot, followed, { goods, inherited, all });
  const { certificate, lot: lotNow } = fitness.now;
  const lay = (check, good, word) =>
    good ? checks.pass(check, word) : checks.fail(check, 'TRY_LATER', word);
  lay('certificate-status', certificate === 'valid', certificate);
  lay('lot-status', lotNow === 'released', lotNow);
  layGoods(checks, lot, goods, inherited, all);
  const held = lotNow === 'held' ? inEffect(lot.events, checks.now) : null;
  if (held?.reason === 'capacity') checks.signal('held-for-capacity');
  checks.fitness = fitness;
  checks.claims = claimsOf(checks, found.record, record, lot, all);
}

/** Key and accreditation of a certificate when the log recorded it. */
function grounds(checks, record, lot) {
  const key = checks.trust.key(record.issuer, record.verificationMethod);
  if (key) {
    keyAt(checks, key, record.mark.loggedAt, record.confirmed ?? null);
  } else {
    const text = `${record.verificationMethod} is not in the trust snapshot`;
    checks.absent('issuer-key', 'NO_SIGNING_CERTIFICATE_FOUND', text);
  }
  accreditation(checks, record, lot);
}

/** What a key was worth at log time. */
export function keyAt(checks, key, loggedAt, confirmed) {
  const name = `${key.verificationMethod}, ${loggedAt}`;
  const worth = standing(key, loggedAt);
  if (worth === 'in-force') {
    checks.pass('issuer-key', name);
  } else if (worth === 'suspect' && confirmed) {
    checks.pass('issuer-key', `${name}; suspect, and confirmed again by entry ${confirmed.index}`);
  } else if (worth === 'suspect') {
    checks.signal('suspect-key');
    checks.absent('issuer-key', 'KEY_SUSPECT', `${name}: it may have been in foreign hands`);
  } else {
    const why = worth === 'compromised' ? 'REVOKED' : 'AUTHORITY_FAILURE';
    checks.fail('issuer-key', why, `${name}: ${worth}`);
  }
}

/** The accreditation named covered it when it was logged, and its certifier was not barred. */
function accreditation(checks, record, lot) {
  const issuer = checks.trust.party(record.issuer);
  const now = issuer && barred(issuer.events, checks.now);
  if (now) checks.signal(now.action === 'withdraw' ? 'certifier-withdrawn' : 'certifier-suspended');
  const given = issuer?.accreditations?.find((one) => one.id === record.accreditation);
  if (!given) {
    const text = `${record.accreditation} is not in the trust snapshot`;
    checks.absent('accreditation', 'NO_SIGNING_CERTIFICATE_FOUND', text);
    return;
  }
  const before = (issuer.events ?? []).filter((event) => event.mark.index < record.mark.index);
  const scope = scopeAtLog(given, record.mark);
  const bar = barred(before, record.mark.loggedAt);
  if (bar) {
    checks.fail(
      'accreditation',
      'AUTHORITY_FAILURE',
      `${record.issuer}: ${bar.action} since ${bar.effectiveFrom}`,
    );
  } else if (scope && covers(scope, record.scheme, lot)) {
    checks.pass('accreditation', given.id);
  } else {
    checks.fail(
      'accreditation',
      'AUTHORITY_FAILURE',
      `${given.id} did not cover it at ${record.mark.loggedAt}`,
    );
  }
}

/** The bit of kinds that stands for fair trade. */
const FAIR_TRADE = 1;

async function fitnessOf(checks, record, lot, followed, { goods, inherited, all }) {
  const at = async (instant) =>
    statusAt(checks, await standingOf(checks, record, lot, instant, followed), lot, instant);
  const now = inherits(checks, await at(checks.now), lot, inherited);
  const fit =
    now.certificate === 'valid' && now.lot === 'released' && !checks.item.includes('expired-label');
  const onPackingDate = await at(endOf(lot.packedOn));
  return { fit, onPackingDate, now, fairTrade: fairTrade(checks, lot, goods, inherited, all) };
}

const contactOf = (checks, slug) => {
  const contact = checks.trust.party(slug)?.contact;
  return contact === undefined ? undefined : { party: slug, ...contact };
};

/** A record without the members it has not. */
const told = (members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** Status words at one instant, with the event that explains the worse of the two. */
function statusAt(checks, { record, status }, lot, at) {
  const lotNow = lotStatus(lot, at);
  const ofLot = lotNow !== 'released' ? inEffect(lot.events, at) : null;
  const unfit = ['suspended', 'withdrawn'].includes(status);
  let cause = ofLot ?? (unfit ? inEffect(record.events, at) : null);
  const issuer = checks.trust.party(record.issuer);
  if (!cause && status === 'scope-reduced' && issuer) cause = leftOut(issuer, record, lot, at);
  let whom = null;
  if (lotNow === 'recalled') whom = lot.producer;
  else if (status === 'withdrawn') whom = cause?.by ?? null;
  return told({
    at,
    certificate: status,
    lot: lotNow,
    since: cause?.effectiveFrom,
    reason: cause?.reason,
    by: cause?.by,
    notice: cause?.notice,
    returnTo: cause?.returnTo,
    contact: whom === null ? undefined : contactOf(checks, whom),
    supersededBy: status === 'superseded' ? record.superseded?.by : undefined,
  });
}

/** The status of now, of a lot made of one that is held or recalled: the worse counts. */
function inherits(checks, now, lot, inherited) {
  const status = inherited?.action === 'recall' ? 'recalled' : 'held';
  const worse =
    inherited && now.lot !== 'recalled' && (now.lot !== 'held' || status === 'recalled');
  if (!worse) return now;
  const { notice, returnTo, contact, ...rest } = now;
  return told({
    ...rest,
    lot: status,
    since: inherited.since,
    reason: inherited.reason,
    by: inherited.by,
    contact: status === 'recalled' ? contactOf(checks, lot.producer) : contact,
  });
}

/** The word on fair trade; `goods` is null where none are followed. */
function fairTrade(checks, lot, goods, inherited, all) {
  const status = (one) => statusIn(checks.trust.party(one.issuer), one, lot, checks.now);
  const fair = all.filter((one) => bitsOf([one.scheme], checks.kinds) & FAIR_TRADE);
  const inForce = fair.filter((one) => status(one) === 'valid');
  if (inForce.length === 0) return fair.length === 0 ? 'none' : status(fair.at(-1));
  if (goods === null) return 'valid';
  const origin = goods.origin ?? 'declared';
  if (origin !== 'traced') return `origin-${origin}`;
  return inherited ? 'inherited-status' : 'valid';
}

/** What of a verdict rests on goods. */
function layGoods(checks, lot, goods, inherited, all) {
  if (goods === null) {
    checks.skip('inherited-status');
  } else if (inherited) {
    const text =
      `${inherited.action} since ${inherited.since} with lot ${inherited.via}, ` +
      `entry ${inherited.index}`;
    checks.require('inherited-status', 'fail', text);
  } else {
    checks.require('inherited-status', 'pass');
  }
  const others = ['origin', 'custody', 'mass-balance'];
  const origin = goods === null ? null : (goods.origin ?? 'declared');
  if (origin === null || origin === 'declared') {
    others.forEach((check) => checks.skip(check));
    return;
  }
  const whole = origin === 'traced';
  const say = (check, result, text) =>
    whole ? checks.require(check, result, text) : checks.lay(check, result, text);
  say('origin', whole ? 'pass' : 'absent', origin);
  say('custody', goods.model === undefined ? 'absent' : 'pass', goods.model);
  if (goods.filled === undefined) {
    say('mass-balance', 'absent');
    return;
  }
  const { filled, consumed = 0, out = 0 } = goods;
  const certified = Math.max(0, ...all.map((one) => one.quantity));
  const gone = `${consumed} became other lots, ${out} left`;
  const text = `${filled} filled, ${gone}, ${certified} certified`;
  const adds = BigInt(consumed) + BigInt(out) <= BigInt(filled) && certified <= filled;
  if (adds) say('mass-balance', 'pass', text);
  else checks.fail('mass-balance', 'HASH_FAILURE', `it does not add up: ${text}`);
}

function claimsOf(checks, counting, named, lot, all) {
  const nameOf = (slug) => checks.trust.party(slug)?.name ?? '';
  const summary = (record) =>
    told({
      serial: record.serial,
      index: record.mark.index,
      loggedAt: record.mark.loggedAt,
      scheme: record.scheme,
      certifier: record.issuer,
      certifierName: nameOf(record.issuer),
      certifierNames: checks.trust.party(record.issuer)?.names,
      quantity: record.quantity,
      validFrom: record.validFrom,
      validUntil: record.validUntil,
      status: statusIn(checks.trust.party(record.issuer), record, lot, checks.now),
      custody: checks.trust.key(record.issuer, record.verificationMethod)?.custody,
      supersedes: record.supersedes,
      supersededBy: record.superseded?.by,
    });
  return told({
    lot: lot.lot,
    product: lot.product,
    productName: lot.name,
    productNames: lot.names,
    cooperative: lot.producer,
    cooperativeName: nameOf(lot.producer),
    cooperativeNames: checks.trust.party(lot.producer)?.names,
    region: lot.region,
    quantity: lot.quantity,
    unit: lot.unit,
    packedOn: lot.packedOn,
    certificate: summary(counting),
    certificates: all.map(summary),
    named: counting.serial === named.serial ? undefined : named.serial,
  });
}
