// What follows from the events of a certificate, a lot, a party, an accreditation or a key at an
// instant (docs/FORMAT.md sections 4.1, 4.2, 4.5). Derived, never stated. Not here: verdicts.
import { isGtinLot } from './names.js';

/** Whether an event is in effect at an instant, as far as its own dates say. */
const holdsAt = (event, at) =>
  event.voided === undefined &&
  event.effectiveFrom <= at &&
  (event.ends === undefined || at < event.ends);

/** The last event in effect; what is final stands whatever was recorded after it. */
export function inEffect(events = [], at) {
  const holding = events.filter((event) => holdsAt(event, at));
  const final = holding.find((event) => ['withdraw', 'recall'].includes(event.action));
  return final ?? holding.at(-1) ?? null;
}

/** Status of a certificate by its own events and dates. */
export function certificateStatus(events, record, at) {
  const action = inEffect(events, at)?.action;
  if (action === 'withdraw') return 'withdrawn';
  if (action === 'suspend') return 'suspended';
  if (at < record.validFrom) return 'not-yet-valid';
  return at > record.validUntil ? 'expired' : 'valid';
}

/** The same, and whether another took its place. */
function ownStatus(record, at) {
  const own = certificateStatus(record.events, record, at);
  const gaveWay = record.superseded !== undefined && record.superseded.from <= at;
  return gaveWay && !['withdrawn', 'suspended'].includes(own) ? 'superseded' : own;
}

export function lotStatus(lot, at) {
  const action = inEffect(lot.events, at)?.action;
  return { recall: 'recalled', hold: 'held' }[action] ?? 'released';
}

/** Status of a certificate at an instant, what became of its certifier's scope included. */
export function statusIn(issuer, record, lot, at) {
  const own = ownStatus(record, at);
  const counts = ['valid', 'superseded'].includes(own);
  return counts && issuer && leftOut(issuer, record, lot, at) ? 'scope-reduced' : own;
}

/** The event that left a certificate without scope at an instant; null if none did. */
export function leftOut(issuer, record, lot, at) {
  const whole = inEffect(issuer.events, at);
  if (whole?.action === 'withdraw') return whole;
  const given = issuer.accreditations?.find((one) => one.id === record.accreditation);
  const told = (given?.events ?? []).filter((event) => event.effectiveFrom <= at);
  return (
    told.find((event) =>
      event.action === 'withdraw'
        ? event.reason !== 'ceased'
        : event.scope !== undefined && !covers(event.scope, record.scheme, lot),
    ) ?? null
  );
}

export function covers(scope, scheme, lot) {
  const inside = (list, term) => list.includes('all') || list.includes(term);
  return (
    inside(scope.schemes, scheme) &&
    inside(scope.products, lot.product) &&
    inside(scope.regions, lot.region)
  );
}

/** The suspension or withdrawal of a party in effect at an instant; null if there is none. */
export function barred(events, at) {
  const event = inEffect(events, at);
  return event && ['suspend', 'withdraw'].includes(event.action) ? event : null;
}

/** What an accreditation covered for what was logged at a place: null, or its scope then. */
export function scopeAtLog(given, mark) {
  if (given.mark.index > mark.index) return null;
  const at = mark.loggedAt;
  let [scope, suspended] = [given.scope, false];
  for (const event of given.events ?? []) {
    if (event.effectiveFrom > at || event.mark.index >= mark.index) continue;
    if (event.action === 'withdraw') return null;
    if (event.action === 'narrow') scope = event.scope ?? scope;
    else suspended = event.action === 'suspend';
  }
  return suspended || at < given.validFrom || at > given.validUntil ? null : scope;
}

/** What a key was worth at log time. */
export function standing(key, at) {
  const window = key.compromised;
  if (window !== undefined) {
    if (at > window.recorded.loggedAt || at > window.knownAt) return 'compromised';
    if (at >= window.since) return 'suspect';
  }
  const added = key.added.loggedAt;
  const from = key.countsFrom !== undefined && key.countsFrom > added ? key.countsFrom : added;
  if (at < from) return 'not-yet';
  if (key.retired !== undefined && at > key.retired.loggedAt) return 'retired';
  return key.notAfter !== undefined && at > key.notAfter ? 'expired' : 'in-force';
}

/** The bits of a label for schemes (docs/FORMAT.md section 5); the table's rows begin with them. */
export const bitsOf = (schemes, kinds) =>
  schemes.reduce((bits, scheme) => bits | (kinds[scheme]?.[0] ?? 0), 0);

/** The bytes by which a pack sorts lots: GTINs, then parties; then numbers. */
export function lotOrder(lot) {
  const at = lot.indexOf('/');
  return `${isGtinLot(lot) ? '\0' : '\x01'}${lot.slice(1, at)}\0${lot.slice(at + 1)}`;
}
