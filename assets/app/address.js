// An address taken apart in the ways a label's may have been changed on its way: host, and path
// segments decoded and folded to upper case (docs/FORMAT.md section 5.1). Not a URL parser.
import { isInvisible, isWhite, trim } from './dress.js';
import { LabelFault, lengthOf, notALabel, TOKEN_LIKE_MIN } from './label.js';
import { isHost, lower, unescape, upper } from './names.js';

const TRAILING = '.,;:!)]}>\'"';
const WRAPPERS = [
  'safelinks.protection.outlook.com',
  'urldefense.com',
  'urldefense.proofpoint.com',
  'l.facebook.com',
  'l.instagram.com',
  'www.google.com',
  'linkprotect.cudasvc.com',
];
const ENTITIES = /&(NBSP|QUOT|GT|LT|LRM|RLM|ZWNJ|SHY|ENSP);?$/;
const ENDS_MAX = 6;

/** A text, then without one, two, three, and all marks of punctuation behind it. */
export function withoutTrailing(text) {
  let texts = [text];
  let rest = text;
  for (;;) {
    rest = trimEnd(rest).replace(/\/+$/, '');
    if (rest === '' || !TRAILING.includes(rest.at(-1))) return texts;
    rest = rest.slice(0, -1);
    texts = [...texts.slice(0, 4), rest];
  }
}

function trimEnd(text) {
  let end = text.length;
  while (end > 0 && isWhite(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** The ways to read `http(s)://HOST/...`; null if the text has no scheme. */
export function ofUrl(given) {
  let text = given.startsWith('//') ? `https:${given}` : given;
  const head = text.slice(0, 14).toLowerCase();
  const whole =
    head.length === 14 && head.startsWith('http') && head.includes('%2f') && !text.includes('://')
      ? unescape(text)
      : null;
  const escaped = whole !== null && whole.includes('://');
  text = escaped ? whole : text;
  const at = text.indexOf('://');
  if (at < 0) return null;
  const scheme = lower(text.slice(0, at));
  if (!['http', 'https'].includes(scheme)) {
    if (/[/?]/.test(scheme)) return null;
    throw notALabel();
  }
  const ways = ofHostAndPath(text.slice(at + 3), scheme === 'http');
  if (escaped) ways.forEach((way) => leaveOut(way, 'escapes'));
  return ways;
}

export function leaveOut(way, what) {
  if (!way.leftOut.includes(what)) way.leftOut.push(what);
}

/** The ways to read `HOST/...`. */
export function ofHostAndPath(text, plainHttp) {
  const at = text.search(/[/?#]/);
  const written = lower(at < 0 ? text : text.slice(0, at));
  const leftOut = [];
  const host = trim(written);
  if (host !== written) leftOut.push('spaces');
  const colon = host.indexOf(':');
  let [name, rest] = colon < 0 ? [host, ''] : [host.slice(0, colon), host.slice(colon)];
  const port = rest.startsWith(':') ? rest.slice(1).replace(/^0+/, '') : null;
  if (port === (plainHttp ? '80' : '443') || rest === ':') {
    leftOut.push('port');
    rest = '';
  }
  if (name.endsWith('.') && name !== '.') {
    leftOut.push('host-dot');
    name = name.slice(0, -1);
  }
  const good = isHost(name + rest) && (rest === '' || /^:[0-9]*$/.test(rest));
  const ways = ofPath(at < 0 ? '' : text.slice(at));
  return ways.map((way) => ({
    ...way,
    host: name + rest,
    written,
    fault: !good,
    plainHttp,
    leftOut: [...leftOut, ...way.leftOut],
  }));
}

/** The ways to read a path. Never none. */
export function ofPath(given) {
  const [beforeHash, fragment] = parted(given, '#');
  const [beforeQuery, query] = parted(beforeHash, '?');
  const leftOut = [...(query ? ['query'] : []), ...(fragment ? ['fragment'] : [])];
  const path = beforeQuery.replace(/^\//, '');
  const plain = path.replace(/^(\/|\.\/)+/, '');
  if (plain !== path) leftOut.push('slashes');
  const up = plain.split('/').includes('..');
  const ways = [];
  const add = (segments, ...notes) => {
    const way = bareWay(segments, leftOut);
    notes.filter((note) => note !== null).forEach((note) => leaveOut(way, note));
    spellToken(way);
    ways.push(way);
  };
  for (const [place, text] of (up ? [plain] : withoutTrailing(plain)).entries()) {
    const bare = up ? text : text.replace(/\/+$/, '');
    for (const [segments, usual] of decoded(bare)) {
      add(
        segments,
        bare !== text ? 'slashes' : null,
        usual ? null : 'escapes',
        place > 0 ? 'punctuation' : null,
      );
    }
  }
  for (const [segments, usual] of decoded(plain.replace(/\/+$/, ''))) {
    if (segments.length < 2 || up) continue;
    for (const end of endsOf(segments.at(-1))) {
      add([...segments.slice(0, -1), end], usual ? null : 'escapes', 'punctuation');
    }
  }
  return ways;
}

const bareWay = (segments, leftOut) => ({
  host: '',
  written: '',
  fault: false,
  plainHttp: false,
  segments,
  leftOut: [...leftOut],
});

/** A form turns the token's `+` into a space. */
function spellToken(way) {
  const [first] = way.segments;
  if (lengthOf(first) < TOKEN_LIKE_MIN || !first.includes(' ')) return;
  way.segments = [first.replaceAll(' ', '+'), ...way.segments.slice(1)];
  leaveOut(way, 'spaces');
}

function parted(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** The segments in each way their escapes may be undone, and whether that is the usual one. */
function decoded(path) {
  const whole = path.split('/')[0].toLowerCase().includes('%2f') ? unescape(path) : null;
  if (whole !== null) return decoded(whole).map(([segments]) => [segments, false]);
  const written = path.split('/');
  if (!path.includes('%')) return [[written.map(upper), true]];
  const undo = (segments) => {
    const done = segments?.map(unescape);
    return done && !done.includes(null) ? done : null;
  };
  const more = (way) => {
    const next = undo(way);
    return next && next.join('/') !== way.join('/') ? next : null;
  };
  const once = undo(written);
  const twice = once && more(once);
  const thrice = twice && more(twice);
  const ways = once ? [[once.map(upper), !written[0].includes('%')]] : [];
  const others = [written, twice, thrice].filter((way) => way !== null);
  return [...ways, ...others.map((way) => [way.map(upper), false])];
}

/** An identifier at the end of a path without what hangs on it, a step at a time. */
function endsOf(last) {
  const found = [];
  let text = shorter(last);
  while (text !== null && found.length < ENDS_MAX) {
    found.push(text);
    text = shorter(text);
  }
  return found.filter((end) => end !== '');
}

function isMark(c) {
  if (c <= '\x7f') return c < ' ' || c === '\x7f' || ' |~^`[]{}'.includes(c);
  const picture = /^[\u2600-\u27bf\ufe0f\u{1f300}-\u{1f6ff}\u{1f900}-\u{1f9ff}]$/u;
  return (
    picture.test(c) ||
    isWhite(c) ||
    isInvisible(c) ||
    /^[\p{Pe}\p{Pd}\p{Pf}\p{Pi}\p{Ps}\p{Po}]$/u.test(c)
  );
}

/** A text without the last mark that may hang on an identifier; null if there is none. */
function shorter(text) {
  const entity = ENTITIES.exec(text);
  if (entity) return text.slice(0, entity.index);
  if (/%(20|0A|0D|09)$/.test(text)) return text.slice(0, -3);
  const letters = [...text];
  while (letters.length > 0 && isMark(letters.at(-1))) letters.pop();
  const rest = letters.join('');
  if (rest !== text) return rest;
  return text !== '' && TRAILING.includes(text.at(-1)) ? text.slice(0, -1) : null;
}

/** Whether a mail or chat program put it around another address. */
export const isWrapped = (way) =>
  WRAPPERS.some((host) => way.host === host || way.host.endsWith(`.${host}`));

/** Where the segment stands that can be nothing but a token; -1 without one. */
export const tokenAt = (way) =>
  way.segments.findIndex((segment) => lengthOf(segment) >= TOKEN_LIKE_MIN);

/** What is wrong with a host, in an address with a token or without one. */
export const hostFault = (cut) => new LabelFault('host_form', cut);
