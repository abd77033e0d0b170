// The one byte form of a document: strict JSON in, RFC 8785 (JCS) bytes out, and the form that
// members must have. A member that stands twice, floats and texts that are not NFC are refused.
// Not here: which members a document has.
import { Fault, need, textOf, utf8 } from './bytes.js';

const NESTING_MAX = 32;

/** Faults that make bytes no JSON document all readers read alike: they accuse nobody. */
const UNREADABLE = new Set([
  'too_large',
  'not_utf8',
  'not_json',
  'too_deep',
  'duplicate_key',
  'number_not_integer',
  'not_nfc',
]);

export const isUnreadable = (code) => UNREADABLE.has(code);

const ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** A reader of one JSON text, from its start to its end. */
class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  skip() {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at += 1;
  }

  take(mark) {
    this.skip();
    need(this.text[this.at] === mark, 'not_json');
    this.at += 1;
  }

  next(mark) {
    this.skip();
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  string() {
    this.take('"');
    let value = '';
    for (;;) {
      let end = this.at;
      while (end < this.text.length && this.text[end] !== '"' && this.text[end] !== '\\') {
        need(this.text.charCodeAt(end) >= 0x20, 'not_json');
        end += 1;
      }
      value += this.text.slice(this.at, end);
      this.at = end + 1;
      need(end < this.text.length, 'not_json');
      if (this.text[end] === '"') break;
      value += this.escape();
    }
    need(value.isWellFormed ? value.isWellFormed() : !/\p{Cs}/u.test(value), 'not_json');
    return value;
  }

  escape() {
    const mark = this.text[this.at];
    this.at += 1;
    if (mark === 'u') {
      const digits = this.text.slice(this.at, this.at + 4);
      need(/^[0-9A-Fa-f]{4}$/.test(digits), 'not_json');
      this.at += 4;
      return String.fromCharCode(parseInt(digits, 16));
    }
    need(Object.hasOwn(ESCAPES, mark ?? ''), 'not_json');
    return ESCAPES[mark];
  }

  number() {
    const form = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
    form.lastIndex = this.at;
    const found = form.exec(this.text);
    need(found, 'not_json');
    this.at = form.lastIndex;
    const [spelt, , fraction, exponent] = found;
    const value = Number(spelt);
    need(Number.isFinite(value), 'not_json');
    if (fraction || exponent || spelt === '-0') {
      const whole = Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER;
      throw new Fault(whole ? 'number_range' : 'number_not_integer');
    }
    need(Number.isSafeInteger(value), 'number_range');
    return value;
  }

  word(spelt, value) {
    need(this.text.startsWith(spelt, this.at), 'not_json');
    this.at += spelt.length;
    return value;
  }

  value(depth) {
    this.skip();
    const mark = this.text[this.at];
    if (mark === '{') return this.object(depth);
    if (mark === '[') return this.list(depth);
    if (mark === '"') {
      const text = this.string();
      need(text.normalize('NFC') === text, 'not_nfc');
      return text;
    }
    if (mark === 't') return this.word('true', true);
    if (mark === 'f') return this.word('false', false);
    if (mark === 'n') return this.word('null', null);
    return this.number();
  }

  list(depth) {
    const items = [];
    this.take('[');
    need(depth < NESTING_MAX, 'too_deep');
    if (this.next(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.next(','));
    this.take(']');
    return items;
  }

  object(depth) {
    const members = Object.create(null);
    this.take('{');
    if (this.next('}')) return members;
    do {
      this.skip();
      const key = this.string();
      need(/^[!-~]*$/.test(key), 'key_not_ascii');
      need(!(key in members), 'duplicate_key');
      need(depth < NESTING_MAX, 'too_deep');
      this.take(':');
      members[key] = this.value(depth + 1);
    } while (this.next(','));
    this.take('}');
    return members;
  }
}

/** The value of one JSON document under the strict profile. */
export function parseStrict(bytes) {
  const text = textOf(bytes);
  need(text !== null, 'not_utf8');
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.skip();
  need(reader.at === text.length, 'not_json');
  return value;
}

/** RFC 8785, for names in ASCII and integers only. */
export function jcsText(value) {
  if (Array.isArray(value)) return `[${value.map(jcsText).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const member = (name) => `${JSON.stringify(name)}:${jcsText(value[name])}`;
    return `{${Object.keys(value).sort().map(member).join(',')}}`;
  }
  return JSON.stringify(value);
}

export const jcs = (value) => utf8(jcsText(value));

const isBlank = (byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b);

/** Bytes without a mark of their encoding and white space around them. */
export function bare(bytes) {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let end = bytes.length;
  while (start < end && isBlank(bytes[start])) start += 1;
  while (end > start && isBlank(bytes[end - 1])) end -= 1;
  return bytes.subarray(start, end);
}

// --- forms: a test, a set of words, [form of the items], or members; see `check`

export const text = (value) => typeof value === 'string';
export const count = (value) => Number.isSafeInteger(value) && value >= 0;
export const flag = (value) => typeof value === 'boolean';
export const anything = () => true;
/** A list that is left out rather than empty. */
export const some = (form) => (value) => {
  check(value, [form]);
  return value.length > 0;
};
/** Texts by language, left out rather than empty. */
export const named = (value) =>
  isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(text);
export const words = (list) => new Set(list.split(' '));

export const isObject = (value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * Whether a value has its form, else a fault with this code. A name of members that ends in `?` may
 * be missing; `...` allows others.
 */
export function check(value, form, code = 'shape') {
  if (typeof form === 'function') {
    need(form(value), code);
  } else if (form instanceof Set) {
    need(text(value) && form.has(value), code);
  } else if (Array.isArray(form)) {
    need(Array.isArray(value), code);
    value.forEach((item) => check(item, form[0], code));
  } else {
    need(isObject(value), code);
    const names = Object.keys(form);
    const known = new Set(names.map((name) => name.replace(/\?$/, '')));
    const open = '...' in form;
    need(open || Object.keys(value).every((name) => known.has(name)), code);
    for (const name of names.filter((one) => one !== '...')) {
      const plain = name.replace(/\?$/, '');
      if (plain in value) check(value[plain], form[name], code);
      else need(name.endsWith('?'), code, `${plain} is missing`);
    }
  }
}
