// Bytes and the one spelling of each text that stands for them: hexadecimal, base64, base58btc,
// UTF-8, SHA-256, integers. Not here: what any of them mean.

/** What is wrong, under a stable code. */
export class Fault extends Error {
  constructor(code, detail = '') {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
    this.detail = detail;
  }
}

export function need(condition, code, detail) {
  if (!condition) throw new Fault(code, detail);
}

const ENCODER = new TextEncoder();

export const utf8 = (text) => ENCODER.encode(text);

/** The text of bytes; null if they are not UTF-8. A mark of the encoding stays in it. */
export function textOf(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function same(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

export function toBase64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}

/** The bytes of padded base64 whose unused bits are zero; null for any other spelling. */
export function fromBase64(text) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) {
    return null;
  }
  try {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

/** The bytes of base64url without padding; null for any other spelling. */
export function fromBase64Url(text) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  return fromBase64(plain + '='.repeat((4 - (plain.length % 4)) % 4));
}

/** A hash as it stands in documents: 32 bytes in base64; null if it is none. */
export function hashOf(text) {
  const bytes = fromBase64(text);
  return bytes && bytes.length === 32 ? bytes : null;
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The bytes of a multibase `z` text; null if it is none, or longer than `most` characters. */
export function fromBase58(text, most) {
  if (typeof text !== 'string' || text[0] !== 'z' || text.length > most + 1) return null;
  let number = 0n;
  let zeros = 0;
  for (const [at, letter] of [...text.slice(1)].entries()) {
    const digit = BASE58.indexOf(letter);
    if (digit < 0) return null;
    number = number * 58n + BigInt(digit);
    if (digit === 0 && zeros === at) zeros += 1;
  }
  const bytes = [];
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 255n));
  return Uint8Array.from([...new Array(zeros).fill(0), ...bytes]);
}

/** The Ed25519 key of a Multikey; null if it is none. */
export function multikeyOf(text) {
  const bytes = fromBase58(text, 60);
  const good = bytes && bytes.length === 34 && bytes[0] === 0xed && bytes[1] === 0x01;
  return good ? bytes.subarray(2) : null;
}

/** The 64 bytes of a signature as proofs write it; null if it is none. */
export function signatureOf(text) {
  const bytes = fromBase58(text, 90);
  return bytes && bytes.length === 64 ? bytes : null;
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** A decimal of ASCII digits without leading zeros that fits 64 bits, as BigInt; null otherwise. */
export function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) return null;
  const value = BigInt(text);
  return value < 1n << 64n ? value : null;
}

/** An unsigned integer, most significant byte first. */
export function bigEndian(bytes) {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

export function toBigEndian(value, length) {
  const bytes = new Uint8Array(length);
  let rest = BigInt(value);
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}

/** All bytes of a stream; null if there are more than `most`, which are not waited for. */
export async function gathered(stream, most) {
  const [reader, parts] = [stream.getReader(), []];
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return concat(...parts);
    length += value.length;
    if (length > most) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
}

/** What a stream of deflated bytes inflates to; null if it does not, or to more than `most`. */
export async function inflated(bytes, kind, most) {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(kind));
    return await gathered(stream, most);
  } catch {
    return null;
  }
}

/** The bytes of a key record's public key. */
export const multikey = (key) => multikeyOf(key.publicKeyMultibase);
