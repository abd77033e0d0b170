// Strict Ed25519 over WebCrypto: what it leaves open (w3c/webcrypto #423) is refused here first, so
// that a signature counts here where it counts for the command (RFC 8032; small-order keys and
// points refused, one encoding). Not here: whose key it is.
import { bigEndian, fromBase64 } from './bytes.js';

const P = (1n << 255n) - 19n;
/** The order of the base point. */
const L = (1n << 252n) + 27742317777372353535851937790883648493n;

const little = (bytes) => bigEndian(Uint8Array.from(bytes).reverse());

/** y of a point of order 8; the others have p - y. */
const Y8 = little(fromBase64('JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/AU='));
const SMALL = new Set([0n, 1n, P - 1n, Y8, P - Y8]);

/** The ordinate of an encoded point, without its sign, as it is written. */
const ordinate = (bytes) => little(bytes) & ((1n << 255n) - 1n);

/** Whether 32 bytes are one of the 14 encodings of a point of small order. */
export const isSmallOrder = (bytes) => SMALL.has(ordinate(bytes) % P);

/** Whether 32 bytes are the one spelling of a point that may be large. */
const isPlain = (bytes) => ordinate(bytes) < P && !isSmallOrder(bytes);

let support = null;

/** Whether this browser verifies Ed25519 at all; a page on plain http has no WebCrypto. */
export function isSupported() {
  support ??= probe();
  return support;
}

async function probe() {
  try {
    const [key, signature] = RFC8032.map(fromBase64);
    const good = await verifies(key, new Uint8Array(), signature);
    signature[0] ^= 1;
    return good && !(await verifies(key, new Uint8Array(), signature));
  } catch {
    return false;
  }
}

/** RFC 8032 section 7.1, test 1: the key, and its signature of an empty message. */
const RFC8032 = [
  '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
  '5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==',
];

/** Whether 32 bytes can be a key: a point in its one spelling, not of small order. */
export const isKey = (bytes) => bytes.length === 32 && isPlain(bytes);

/** Whether `signature` (64 bytes) over `message` is by this key, by the strict rules. */
export async function verifies(key, message, signature) {
  if (signature.length !== 64 || !isKey(key)) return false;
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  if (!isPlain(r) || little(s) >= L) return false;
  const { subtle } = crypto;
  const known = await subtle.importKey('raw', key, 'Ed25519', false, ['verify']).catch(() => null);
  return known !== null && subtle.verify('Ed25519', known, signature, message);
}
