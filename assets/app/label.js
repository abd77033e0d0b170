// The label: the signed address in a QR code, its token in base41, and what its signature covers
// (docs/FORMAT.md section 5). Not here: how a text is read (`reading`), whose key may label what.
import { bigEndian, concat, Fault, sha256, utf8 } from './bytes.js';
import { verifies } from './ed25519.js';
import {
  gtin,
  isGtinLot,
  lotNumber,
  lotNumberOf,
  lotOwner,
  party,
  serial,
  upper,
} from './names.js';
import { dayOf } from './time.js';

export const BASE41 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-.';
export const TOKEN_CHARACTERS = 111;
/** Shortest segment taken for a token: a party's name has at most 32 characters. */
export const TOKEN_LIKE_MIN = 33;
/** 2020-01-01, in days since 1970-01-01. */
const EXPIRY_EPOCH_DAYS = 18262;

/**
 * Why a text is no code. `unreadable`: nothing shows that it was meant to deceive; `newer`: its
 * version is unknown here.
 */
export class LabelFault extends Fault {
  constructor(code, unreadable, newer = false) {
    super(code);
    this.unreadable = unreadable;
    this.newer = newer;
  }
}

export const notALabel = () => new LabelFault('not_a_label', true);

export const lengthOf = (text) => [...text].length;

/** The bytes of a token's characters. */
function decode(text) {
  const values = [...text].map((letter) => {
    const value = BASE41.indexOf(letter);
    if (value < 0) throw new LabelFault('token_character', true);
    return value;
  });
  if (values.length % 3) throw new LabelFault('token_length', true);
  const bytes = [];
  for (let at = 0; at < values.length; at += 3) {
    const value = (values[at] * 41 + values[at + 1]) * 41 + values[at + 2];
    if (value > 65535) throw new LabelFault('token_character', false);
    bytes.push(value >> 8, value & 255);
  }
  return Uint8Array.from(bytes);
}

/** Header and signature of a token. The version is looked at before the length. */
export function readToken(token) {
  const length = lengthOf(token);
  let first;
  try {
    first = decode([...token].slice(0, 3).join(''));
  } catch (fault) {
    const group = fault.code === 'token_character' && !fault.unreadable;
    throw group && length !== TOKEN_CHARACTERS ? new LabelFault('token_length', true) : fault;
  }
  if (first.length === 0) throw new LabelFault('token_length', true);
  if (first[0] !== 1) {
    throw new LabelFault('label_version_unknown', length !== TOKEN_CHARACTERS, true);
  }
  if (length !== TOKEN_CHARACTERS) throw new LabelFault('token_length', true);
  const bytes = decode(token);
  return {
    header: bytes.subarray(0, 10),
    hint: bytes.subarray(1, 3),
    index: Number(bigEndian(bytes.subarray(3, 7))),
    expiry: dayOf(EXPIRY_EPOCH_DAYS + bytes[7] * 256 + bytes[8]),
    schemes: bytes[9],
    signature: bytes.subarray(10),
  };
}

/** An identifier of a label in its one spelling; of another length it was cut, not changed. */
function exact(text, low, high, parse) {
  const length = lengthOf(text);
  const cut = length < low || length > high;
  let value;
  try {
    value = parse(text);
  } catch (fault) {
    throw new LabelFault(fault.code, cut);
  }
  if (value === text) return value;
  throw cut ? new LabelFault('label_cut', true) : new LabelFault('label_malformed', false);
}

/** The lot and unit in the segments behind a token. */
function readLot(segments) {
  const [first, second, third, fourth, fifth, sixth] = segments;
  const number = (text) => exact(text, 1, 20, lotNumber);
  const unit = (text) => exact(text, 8, 20, serial);
  if (
    first === '01' &&
    third === '10' &&
    [4, 6].includes(segments.length) &&
    (fifth === undefined || fifth === '21')
  ) {
    const item = exact(second, 14, 14, gtin);
    const lot = `g${item}/${number(fourth)}`;
    return { lot, serial: sixth === undefined ? null : unit(sixth) };
  }
  if (first === 'LOT' && [3, 4].includes(segments.length)) {
    let slug;
    try {
      slug = party(second);
    } catch (fault) {
      const bytes = utf8(second).length;
      throw new LabelFault(fault.code, bytes < 1 || bytes > 32);
    }
    const lot = `p${slug}/${number(third)}`;
    return { lot, serial: fourth === undefined ? null : unit(fourth) };
  }
  const length = first === undefined ? 0 : utf8(first).length;
  const rest = segments.length - 1;
  const whole = (length === 2 && [3, 5].includes(rest)) || (length === 3 && [2, 3].includes(rest));
  throw whole ? new LabelFault('label_malformed', false) : new LabelFault('label_cut', true);
}

/** Reads a label of an address; null if it has no token in front. */
export function readLabel(host, segments) {
  if (segments.length === 0 || lengthOf(segments[0]) < TOKEN_LIKE_MIN) return null;
  const token = readToken(segments[0]);
  return { ...token, host, ...readLot(segments.slice(1)) };
}

/** The bytes a label's signature covers. The host is among them. */
export function signedBytes(label) {
  const { lot } = label;
  const item = isGtinLot(lot) ? lotOwner(lot) : `LOT:${upper(lotOwner(lot))}`;
  const fields = [label.host, item, lotNumberOf(lot), label.serial ?? ''];
  return concat(utf8('tasdiq-qr-v1\0'), label.header, utf8(fields.join('\x1d')));
}

export const isLabelOf = (label, key) => verifies(key, signedBytes(label), label.signature);

/** The hint by which a token names its key. */
export const keyHint = async (key) => (await sha256(key)).subarray(0, 2);
