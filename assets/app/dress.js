// What stands around a code when people hand it over: characters nobody sees, quotes, the marks of
// scanners, words. Taken off here, and named; never a character of the code itself (docs/FORMAT.md
// section 5.1). Not here: what of an address is left out (`address`).
import { utf8 } from './bytes.js';
import { lower } from './names.js';
import { TOKEN_LIKE_MIN } from './label.js';

export const GROUP = '\x1d';
/** White space as Unicode has it; `\s` would add a mark of encoding. */
export const WHITE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const IS_WHITE = new RegExp(`^[${WHITE}]$`);
const AROUND = new RegExp(`^[${WHITE}]+|[${WHITE}]+$`, 'g');
const BREAKS = '\t\n\v\f\r\x85\u2028\u2029';
const INVISIBLE = new RegExp(
  '^[\\0-\\x1f\\x7f-\\x9f\\xad\\u061c\\u180e\\u200b-\\u200f' +
    '\\u2028-\\u202e\\u2060-\\u206f\\ufeff]$',
);
const OPENING = '"\'`<\xab\u2039\u201c\u201e\u2018\u201a\u201d\u2019\xbb\u203a';
const CLOSING = '`\xbb\u203a\u201d\u2019\xab\u2039\u201c\u201e\u2018\u201a';

export const isWhite = (c) => IS_WHITE.test(c);
export const isInvisible = (c) => INVISIBLE.test(c);
export const trim = (text) => text.replace(AROUND, '');
export const trimStart = (text) => text.replace(new RegExp(`^[${WHITE}]+`), '');
const mended = (text) => text.replaceAll('=\r\n', '').replaceAll('=\n', '');
const wordsOf = (text) => text.split(new RegExp(`[${WHITE}]+`)).filter((word) => word !== '');

/** A text without its dress, whether a scanner said it is an element string, what was left out. */
export function undress(given) {
  const plain = trim(mended(given));
  const kept = [...plain].filter((c) => !isInvisible(c) || c === GROUP).join('');
  const leftOut = kept === plain ? [] : ['invisible-characters'];
  let [rest, elements] = [kept, false];
  const ends = new RegExp(`^[${WHITE}\\x1d]+|[${WHITE}\\x1d]+$`, 'g');
  for (;;) {
    const trimmed = rest.replace(ends, '');
    const [next, taken] = layer(trimmed);
    rest = next;
    if (taken === null) return { text: rest, elements, leftOut };
    if (taken === 'symbology-identifier') {
      elements ||= [']C1', ']D2', ']E0', ']Q3'].includes(trimmed.slice(0, 3).toUpperCase());
    }
    if (!leftOut.includes(taken)) leftOut.push(taken);
  }
}

function layer(text) {
  if (/^\][A-Za-z][A-Za-z0-9]/.test(text)) return [text.slice(3), 'symbology-identifier'];
  if (text !== '' && OPENING.includes(text[0])) return [text.slice(1), 'quotes'];
  if (text !== '' && CLOSING.includes(text.at(-1))) return [text.slice(0, -1), 'quotes'];
  if (/^url:/i.test(text)) return [text.slice(4), 'quotes'];
  const bracket = /^[([{]/.test(text) && /^http/i.test(trimStart(text.slice(1)));
  return bracket ? [text.slice(1), 'quotes'] : [text, null];
}

const LABEL_WORDS = 'code qr url link address lot batch lien adresse enlace رمز الرمز رابط'.split(
  ' ',
);

function isNamed(word) {
  const name = word.slice(0, -1).toLowerCase();
  return word.endsWith(':') && (LABEL_WORDS.includes(name) || /^[0-9]+$/.test(name));
}

const anotherCode = (text) => new RegExp(`[A-Za-z0-9$*+\\-.%_]{${TOKEN_LIKE_MIN},}`).test(text);

/** Whether these are words, and nothing that could be an address, a code or a part of one. */
function areWords(text) {
  const plain = (word) => {
    const parts = word.split('.').slice(1);
    const dotted = parts.some((part) => /^[\p{Alphabetic}\p{N}]/u.test(part));
    const element = word.includes('(') && /[0-9]/.test(word);
    return !dotted && !element && !/[/\\%@=?&#|^:]/.test(word);
  };
  return wordsOf(text).every(plain) && !anotherCode(text);
}

function standBefore(before) {
  const [, head, last] = new RegExp(`^(.*[${WHITE}])?(.*)$`, 's').exec(before);
  const words = wordsOf(head ?? '');
  if (words.length > 0 && isNamed(words.at(-1))) words.pop();
  const opening = [...last].every((c) => '([{<>"\'`*•·–—-«‹„“‘'.includes(c));
  const mark = /^\][A-Za-z][A-Za-z0-9]$/.test(last);
  return (mark || opening || isNamed(last)) && words.every(areWords);
}

/** Where the path of an address begins, behind its token if it has one; -1 without one. */
function startOfPath(address) {
  const host = address.indexOf('://') + 3;
  const slash = address.indexOf('/', host);
  if (host < 3 || slash < 0) return -1;
  const first = address.indexOf('/', slash + 1);
  if (first < 0) return -1;
  const length = utf8(address.slice(slash + 1, first)).length;
  return length >= TOKEN_LIKE_MIN ? first : slash + 1;
}

function beginsWithAWord(text) {
  const word = (wordsOf(text)[0] ?? '').replace(/[,.!;]+$/, '');
  return [...word].length > 2 && /^\p{Alphabetic}+$/u.test(word) && !/^[A-Z]+$/.test(word);
}

/** The one address among words, in the ways it may end; none where there may be more than words. */
export function amongWords(given) {
  if (utf8(given).length > 600) return [];
  let text = [...mended(given)]
    .map((c) => {
      if (BREAKS.includes(c)) return '\n';
      return isWhite(c) ? ' ' : isInvisible(c) ? '' : c;
    })
    .join('');
  if (trimStart(text).startsWith('//')) text = `https:${trimStart(text)}`;
  const start = lower(text).search(/https?:\/\//);
  if (start < 0) return [];
  const [before, address] = [text.slice(0, start), text.slice(start)];
  const path = startOfPath(address);
  if (path < 0 || !standBefore(before)) return [];
  const ends = [];
  for (let at = path; at < address.length && ends.length < 5; at += 1) {
    const run = ends.length > 0 && at === ends.at(-1) + 1;
    if ((address[at] === ' ' || address[at] === '\n') && !run) ends.push(at);
  }
  ends.splice(4);
  if (trim(before) !== '') ends.push(address.length);
  return ends.flatMap((end) => {
    const behind = address.slice(end);
    const alone = trim(before) === '' && trim(behind) === '';
    const kept = [...address.slice(0, end)].reduce(
      ([at, all], c) => [at + c.length, c !== '\n' && (at < path || c !== ' ') ? all + c : all],
      [0, ''],
    )[1];
    const goesOn = kept.endsWith('/') && /^[0-9]/.test(trimStart(behind));
    const parted = !behind.startsWith('\n') || beginsWithAWord(behind);
    return !alone && !goesOn && parted && areWords(behind) ? [kept] : [];
  });
}

/** Whether white space stands behind the token of an address. */
export function isParted(given) {
  const text = mended(trim(given));
  const lowered = lower(text);
  const https = lowered.indexOf('https://');
  const start = https >= 0 ? https : Math.max(lowered.indexOf('http://'), 0);
  const address = text.slice(start);
  const path = startOfPath(address);
  return path >= 0 && new RegExp(`[${WHITE}]`).test(address.slice(path));
}

/** How many addresses stand in a text, those within the query of another left out. */
export function addresses(text) {
  const words = text.split(new RegExp(`[${WHITE}\\0-\\x1f\\x7f-\\x9f]`));
  const within = (word) => (lower(word.split(/[?#]/)[0]).match(/https?:\/\//g) ?? []).length;
  const relative = trimStart(text).startsWith('//') ? 1 : 0;
  return words.reduce((sum, word) => sum + within(word), relative);
}
