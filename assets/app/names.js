// Names: GTIN, lot number, party, serial, lots in three spellings, and the names that one host
// gives to things (docs/FORMAT.md section 1.3). Nothing is resolved.
import { need } from './bytes.js';

/** The 14 digits (GS1 General Specifications 7.9; restricted prefixes 02, 04, 20 to 29). */
export function gtin(text) {
  need(/^([0-9]{8}|[0-9]{12,14})$/.test(text), 'gtin_form');
  const all = text.padStart(14, '0');
  const sum = [...all].reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 1 : 3), 0);
  need(sum % 10 === 0, 'gtin_check_digit');
  need(!['02', '04'].includes(all.slice(1, 3)) && all[1] !== '2', 'gtin_restricted');
  return all;
}

export function lotNumber(text) {
  need(/^[A-Z0-9!"%&'()*+,\-.:;<=>?_]*$/.test(text), 'lot_character');
  need(text.length >= 1 && text.length <= 20, 'lot_length');
  need(!/^\.+$/.test(text), 'lot_dots');
  return text;
}

export const lower = (text) => text.replace(/[A-Z]/g, (c) => c.toLowerCase());
export const upper = (text) => text.replace(/[a-z]/g, (c) => c.toUpperCase());

export function party(text) {
  const slug = lower(text);
  need(/^[a-z0-9][a-z0-9-]{0,31}$/.test(slug) && !/^[0-9]{14}$/.test(slug), 'party_form');
  return slug;
}

const FOLDED = { O: '0', I: '1', L: '1' };

export function serial(text) {
  const folded = upper(text)
    .replaceAll('-', '')
    .replace(/[OIL]/g, (c) => FOLDED[c]);
  need(/^[0-9A-HJKMNP-TV-Z]{8,20}$/.test(folded), 'serial_form');
  return folded;
}

/** A lot is named `g` GTIN `/` number or `p` party `/` number; people see no letter. */
export const shownLot = (lot) => lot.slice(1);
export const lotNumberOf = (lot) => lot.slice(lot.indexOf('/') + 1);
export const lotOwner = (lot) => lot.slice(1, lot.indexOf('/'));
export const isGtinLot = (lot) => lot[0] === 'g';

/** The lot of `GTIN/NUMBER` or `PARTY/NUMBER`. */
export function lotOf(text) {
  const at = text.indexOf('/');
  need(at >= 0, 'lot_path');
  const [head, number] = [text.slice(0, at), lotNumber(text.slice(at + 1))];
  if (/^([0-9]{8}|[0-9]{12,14})$/.test(head)) return `g${gtin(head)}/${number}`;
  return `p${party(head)}/${number}`;
}

/** Whether a text is a lot in the spelling that documents have. */
export function isLot(text) {
  try {
    return typeof text === 'string' && shownLot(lotOf(text)) === text;
  } catch {
    return false;
  }
}

export function isParty(text) {
  return (
    typeof text === 'string' && /^[a-z0-9][a-z0-9-]{0,31}$/.test(text) && !/^[0-9]{14}$/.test(text)
  );
}

/** A text without percent escapes; null for a broken one. */
export function unescape(text) {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const spelt = (number) =>
  number.replace(
    /[^A-Za-z0-9._*+$:-]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

/** The path that names a lot. */
export function lotPath(lot) {
  const number = spelt(lotNumberOf(lot));
  return isGtinLot(lot) ? `01/${lotOwner(lot)}/10/${number}` : `lot/${lotOwner(lot)}/${number}`;
}

/** Whether a host can name a ledger. */
export function isHost(text) {
  const [name, port] = text.split(/:(.*)/s);
  const plain = /^[a-z0-9.-]{1,100}$/.test(lower(name));
  return (
    plain &&
    (port === undefined ||
      (/^\+?[0-9]{1,5}$/.test(port) && port.length <= 5 && Number(port) < 65536))
  );
}

/** The names one host gives. */
export class Domain {
  constructor(host) {
    this.host = lower(host);
    need(isHost(this.host), 'host_form');
    this.url = `https://${this.host}/`;
    this.did = `did:web:${this.host.replace(':', '%3A')}`;
    this.origin = `${this.host}/log`;
    this.context = `${this.url}ns/tasdiq/v1`;
  }

  /** The party with this DID; null if it is none here. */
  partyOf(did) {
    if (did === this.did) return 'authority';
    const slug = did.startsWith(`${this.did}:parties:`) ? did.slice(this.did.length + 9) : '';
    return isParty(slug) && slug !== 'authority' ? slug : null;
  }

  path(url) {
    return url.startsWith(this.url) ? url.slice(this.url.length) : null;
  }

  /** The lot at this address; throws if it is none, or spelt otherwise. */
  lotAt(url) {
    const path = this.path(url);
    need(path !== null, 'inconsistent', url);
    const parts = path.split('/');
    let lot = null;
    if (parts[0] === '01' && parts.length === 4 && parts[2] === '10') {
      lot = `g${gtin(parts[1])}/${lotNumber(unescape(parts[3]) ?? '')}`;
    } else if (parts[0] === 'lot' && parts.length === 3) {
      lot = `p${party(parts[1])}/${lotNumber(unescape(parts[2]) ?? '')}`;
    }
    need(lot !== null && lotPath(lot) === path, 'inconsistent', url);
    return lot;
  }

  /** The serial of a certificate's id; null if it is none. */
  serialOf(url) {
    const found = /^certificates\/(0|[1-9][0-9]{0,15})$/.exec(this.path(url) ?? '');
    return found && Number.isSafeInteger(Number(found[1])) ? Number(found[1]) : null;
  }

  termOf(list, url) {
    const path = this.path(url);
    return path !== null && path.startsWith(`${list}/`) && path.length > list.length + 1
      ? path.slice(list.length + 1)
      : null;
  }

  isEvent(url) {
    const form = /^events\/([a-z0-9][a-z0-9-]{0,31})\/[0-9A-HJKMNP-TV-Z]{26}$/;
    const found = form.exec(this.path(url) ?? '');
    return found !== null && isParty(found[1]);
  }

  isStatement(url) {
    return /^statements\/[!-~]+$/.test(this.path(url) ?? '');
  }

  isDeclaration(url) {
    if (!(this.path(url) ?? '').startsWith('declarations/')) return false;
    try {
      this.lotAt(url.replace('/declarations/', '/'));
      return true;
    } catch {
      return false;
    }
  }
}
