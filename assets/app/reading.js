// READING A CODE: forgiving what scanners, messages and people do to a text and nothing that could
// be another code (docs/FORMAT.md section 5.1). Where a text can be read in more than one way, a
// signature or the register decides. Not here: whether it is genuine.
import { same, utf8 } from './bytes.js';
import {
  hostFault,
  isWrapped,
  leaveOut,
  ofHostAndPath,
  ofPath,
  ofUrl,
  tokenAt,
  withoutTrailing,
} from './address.js';
import { addresses, amongWords, GROUP, isParted, trim, undress } from './dress.js';
import { cutElements, isElementString } from './elements.js';
import {
  BASE41,
  isLabelOf,
  LabelFault,
  lengthOf,
  notALabel,
  readLabel,
  readToken,
  TOKEN_CHARACTERS,
  TOKEN_LIKE_MIN,
} from './label.js';
import { gtin, lotNumber, lotOf, party, serial, upper } from './names.js';

const TEXT_BYTES_MAX = 2000;
const READINGS_MAX = 40;
/** Characters of a token that hold version, key hint and the index's first byte. */
const HINT_CHARACTERS = 6;
const SEGMENTS_MAX = 8;
const SEGMENTS_LONGEST = 80;

/** A text and what it is read as: the ways, or why there is none; whether it accuses nobody. */
export function scanOf(text) {
  const doubtful = isParted(text) && amongWords(text).length === 0;
  try {
    return { text, ways: readCode(text), fault: null, doubtful };
  } catch (fault) {
    if (!(fault instanceof LabelFault)) throw fault;
    return { text, ways: [], fault, doubtful };
  }
}

/** The ways to read a text, the exact one first: each names a lot, or is a label. */
function readCode(text) {
  if (trim(text) === '' || utf8(text).length > TEXT_BYTES_MAX) throw notALabel();
  const joined = text.replace(/[\t\n\r]/g, '');
  if (Math.max(addresses(text), addresses(joined)) > 1) throw new LabelFault('two_addresses', true);
  const ways = [];
  let first = null;
  const whole = undress(text);
  const within = amongWords(text)
    .map(undress)
    .filter((bare) => bare.text !== whole.text);
  for (const [bare, words] of [[whole, false], ...within.map((bare) => [bare, true])]) {
    for (const way of waysOf(bare)) {
      if (way instanceof LabelFault) first ??= way;
      else if (!ways.some((known) => isSame(known, way)) && ways.length < READINGS_MAX) {
        way.leftOut = [...bare.leftOut, ...way.leftOut];
        if (words) leaveOut(way, 'words');
        ways.push(way);
      }
    }
  }
  if (ways.length === 0) throw first ?? notALabel();
  return ways;
}

const spelling = (way) => JSON.stringify([way.code, way.host, way.written]);
const isSame = (one, other) => spelling(one) === spelling(other);

/** What `read` gives, or the fault it ends in. */
function tried(read) {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof LabelFault) return fault;
    // An identifier that is none, of an unsigned code: it accuses nobody.
    if (fault.code) return new LabelFault(fault.code, true);
    throw fault;
  }
}

function waysOf(bare) {
  const address = bare.text.includes('://') || bare.text.startsWith('//');
  if ((bare.elements && !address) || isElementString(bare.text)) return ofElements(bare.text);
  const text = bare.text.replaceAll(GROUP, '');
  const found = tried(() => ofUrl(text));
  if (found instanceof LabelFault) return [found];
  const ways = found === null ? typed(text) : found.map((way) => tried(() => ofAddress(way)));
  if (text !== bare.text) {
    const good = ways.filter((way) => !(way instanceof LabelFault));
    good.forEach((way) => leaveOut(way, 'invisible-characters'));
  }
  return ways;
}

/** What has no scheme: a host with a path, a path, `GTIN`, `GTIN/LOT` or `PARTY/LOT`. */
function typed(given) {
  const text = given
    .split('/')
    .map((part) => trim(part))
    .join('/')
    .replace(/[\u0660-\u0669]/g, (c) => String(c.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (c) => String(c.charCodeAt(0) - 0x6f0));
  const segments = text.split('/');
  const [head] = segments;
  const all = (ways) => ways.map((way) => tried(() => ofAddress(way)));
  if (segments.length > 1 && /[.:]/.test(head)) {
    const ways = ofHostAndPath(text, false);
    if (ways.every((way) => !way.fault)) return all(ways);
  }
  const tail = segments.slice(1).join('/');
  const isPath =
    text.startsWith('/') ||
    (utf8(head).length >= TOKEN_LIKE_MIN && tail !== '') ||
    (segments.length > 2 && (head === '01' || head.toLowerCase() === 'lot'));
  if (isPath) return all(ofPath(text));
  return withoutTrailing(text).map((way, place) =>
    tried(() => ({
      code: lotNamed(way),
      host: null,
      written: null,
      plainHttp: false,
      leftOut: place > 0 ? ['punctuation'] : [],
    })),
  );
}

/** A lot, or a product alone. */
function lotNamed(text) {
  if (text.includes('/')) return { label: null, lot: lotOf(upper(text)), gtin: null, serial: null };
  if (!/^([0-9]{8}|[0-9]{12,14})$/.test(text)) throw notALabel();
  return { label: null, lot: null, gtin: gtin(text), serial: null };
}

function ofAddress(way) {
  const at = tokenAt(way);
  if (at > 0) {
    readToken(way.segments[at]);
    throw new LabelFault('label_malformed', false);
  }
  const label = at === 0 ? readLabel(way.host, way.segments) : null;
  if (way.fault) throw hostFault(label === null);
  if (label === null && isWrapped(way)) throw new LabelFault('wrapped_link', true);
  const leftOut = [...way.leftOut];
  const code =
    label === null
      ? plain(way, leftOut)
      : { label, lot: label.lot, gtin: null, serial: label.serial };
  const given = (host) => (host === '' ? null : host);
  const { plainHttp } = way;
  return { code, host: given(way.host), written: given(way.written), plainHttp, leftOut };
}

/** An address without a token: ours, or a GS1 Digital Link with any stem. */
function plain(way, leftOut) {
  const { segments } = way;
  if (segments[0] === 'LOT' && [3, 4].includes(segments.length)) {
    const unit = segments.length === 4 ? serial(segments[3]) : null;
    const lot = `p${party(segments[1])}/${lotNumber(segments[2])}`;
    return { label: null, lot, gtin: null, serial: unit };
  }
  const stems = segments.flatMap((segment, at) => (segment === '01' ? [at] : []));
  const known = way.host === '' ? stems.filter((at, place) => at === 0 && place === 0) : stems;
  const at = known.at(-1);
  if (at === undefined || segments.length <= at + 1) throw notALabel();
  const rest = segments.slice(at + 2);
  const pairs = rest.flatMap((name, place) => (place % 2 ? [] : [[name, rest[place + 1]]]));
  const right =
    rest.length % 2 === 0 && pairs.every(([name]) => ['10', '21', '22', '235'].includes(name));
  if (!right) throw notALabel();
  const value = (asked) => pairs.find(([name]) => name === asked)?.[1] ?? null;
  const others = pairs.some(([name]) => name === '22' || name === '235');
  return withoutLabel(segments[at + 1], value('10'), value('21'), others, leftOut);
}

/** A code by its parts. A serial of another maker's form is left out. */
function withoutLabel(item, number, unit, others, leftOut) {
  let own = null;
  try {
    own = unit === null ? null : serial(unit);
  } catch {
    own = null;
  }
  const lot = number === null ? null : lotNumber(number);
  const product = gtin(item);
  if (others) leftOut.push('other-elements');
  if (unit !== null && own === null) leftOut.push('foreign-serial');
  const key = lot === null ? null : `g${product}/${lot}`;
  return { label: null, lot: key, gtin: key === null ? product : null, serial: own };
}

/** A GS1 element string in all the ways it may be cut. */
function ofElements(given) {
  return withoutTrailing(upper(given)).flatMap((text, place) =>
    cutElements(text).map((way) =>
      tried(() => {
        const leftOut = [];
        const code = withoutLabel(way.gtin, way.lot, way.serial, way.others, leftOut);
        if (place > 0) leftOut.push('punctuation');
        return { code, host: null, written: null, plainHttp: false, leftOut };
      }),
    ),
  );
}

/**
 * Whether one changed character hides a label that verifies: among the token's first six, or in the
 * place of a slash. `known` gives the label keys with a hint.
 */
export async function oneCharacterAway(text, known) {
  const bare = undress(text);
  const ways = tried(() => ofUrl(bare.text));
  if (ways instanceof LabelFault || ways === null) return false;
  const [way] = ways;
  const [token] = way.segments;
  const { segments } = way;
  if (lengthOf(token) < TOKEN_LIKE_MIN || segments.length > SEGMENTS_MAX) return false;
  if (segments.some((segment) => utf8(segment).length > 200)) return false;
  const verifies = async (changed) => {
    const label = tried(() => readLabel(way.host, changed));
    if (label === null || label instanceof LabelFault) return false;
    for (const key of known.filter((one) => same(one.hint, label.hint))) {
      if (await isLabelOf(label, key.key)) return true;
    }
    return false;
  };
  for (const changed of hidden(token, segments)) if (await verifies(changed)) return true;
  return false;
}

function* hidden(token, segments) {
  const replaced = (text, place, letter) =>
    [...text].map((old, at) => (at === place ? letter : old)).join('');
  const whole = token.length === TOKEN_CHARACTERS && [...token].every((c) => BASE41.includes(c));
  for (let place = 0; place < (whole ? HINT_CHARACTERS : 0); place += 1) {
    for (const digit of BASE41) {
      const changed = replaced(token, place, digit);
      if (changed !== token) yield [changed, ...segments.slice(1)];
    }
  }
  const path = segments.join('/');
  const last = Math.min(lengthOf(path), TOKEN_CHARACTERS + SEGMENTS_LONGEST);
  for (let place = TOKEN_CHARACTERS; place < last; place += 1) {
    const changed = replaced(path, place, '/');
    if (changed !== path) yield changed.split('/');
  }
}
