// GS1 element strings, raw and with brackets: `(01)...(10)...` cut by the table of application
// identifiers, in more than one way where a lot may hold what looks like the next element.
// Not here: which of them is meant. Source: GS1 Syntax Dictionary (July 2026).
import { GROUP, trim, trimStart } from './dress.js';

/** Identifier's beginning : its length : shortest : longest value : text, digits or Date. */
const ROWS = (
  '00:2:18:18:d 01:2:14:14:d 02:2:14:14:d 03:2:14:14:d 10:2:1:20:t 11:2:6:6:D 12:2:6:6:D ' +
  '13:2:6:6:D 15:2:6:6:D 16:2:6:6:D 17:2:6:6:D 20:2:2:2:d 21:2:1:20:t 22:2:1:20:t ' +
  '235:3:1:28:t 240:3:1:30:t 241:3:1:30:t 242:3:1:6:d 243:3:1:20:t 250:3:1:30:t ' +
  '251:3:1:30:t 253:3:13:30:t 254:3:1:20:t 255:3:13:25:d 30:2:1:8:d 31:4:6:6:d 32:4:6:6:d ' +
  '33:4:6:6:d 34:4:6:6:d 35:4:6:6:d 36:4:6:6:d 37:2:1:8:d 390:4:1:15:d 391:4:4:18:d ' +
  '392:4:1:15:d 393:4:4:18:d 394:4:4:4:d 395:4:6:6:d 400:3:1:30:t 401:3:1:30:t ' +
  '402:3:17:17:d 403:3:1:30:t 41:3:13:13:d 420:3:1:20:t 421:3:4:12:t 422:3:3:3:d ' +
  '423:3:3:15:d 424:3:3:3:d 425:3:3:15:d 426:3:3:3:d 427:3:1:3:t 43:4:1:70:t 700:4:1:30:t ' +
  '701:4:1:20:t 702:4:1:30:t 703:4:4:30:t 704:4:4:4:t 71:3:1:20:t 723:4:3:30:t 724:4:1:20:t ' +
  '725:4:1:90:t 800:4:1:70:t 801:4:1:30:t 802:4:1:25:t 803:4:1:90:t 804:4:1:20:t ' +
  '811:4:1:70:t 820:4:1:70:t 90:2:1:30:t 91:2:1:90:t 92:2:1:90:t 93:2:1:90:t 94:2:1:90:t ' +
  '95:2:1:90:t 9:2:1:90:t'
)
  .split(' ')
  .map((row) => {
    const [start, length, low, high, kind] = row.split(':');
    return { start, length: Number(length), low: Number(low), high: Number(high), kind };
  });
const WAYS_MAX = 4;
const STEPS_MAX = 4000;

/** Whether a text can be nothing but an element string. */
export const isElementString = (text) => text.startsWith('(') || /^01[0-9]{14}[^/]+$/s.test(text);

/** The ways to cut a text into elements, the likeliest first. None: it is no element string. */
export function cutElements(text) {
  const cutter = { bracketed: text.startsWith('('), ways: [], steps: STEPS_MAX };
  follow(cutter, text, []);
  return cutter.ways;
}

function follow(cutter, rest, taken) {
  if (rest === '') {
    keep(cutter, taken);
    return;
  }
  const found = identifier(cutter, rest);
  if (found === null || taken.some(([known]) => known === found.name)) return;
  for (const end of ends(cutter, found.value)) {
    if (cutter.ways.length >= WAYS_MAX || cutter.steps === 0) return;
    cutter.steps -= 1;
    const own = cutter.bracketed ? trim(found.value.slice(0, end)) : found.value.slice(0, end);
    if (!fits(own, found.row)) continue;
    taken.push([found.name, own]);
    follow(cutter, found.value.slice(end).replace(/^\x1d+/, ''), taken);
    taken.pop();
  }
}

function identifier(cutter, given) {
  let rest = given;
  if (cutter.bracketed) {
    rest = trimStart(rest);
    if (!rest.startsWith('(')) return null;
    rest = rest.slice(1);
  }
  const row = ROWS.find((one) => rest.startsWith(one.start));
  if (row === undefined || rest.length < row.length) return null;
  const [name, value] = [rest.slice(0, row.length), rest.slice(row.length)];
  if (!/^[0-9]+$/.test(name) || (cutter.bracketed && !value.startsWith(')'))) return null;
  return { name, row, value: cutter.bracketed ? value.slice(1) : value };
}

/** Where a value may end, the likeliest first. */
function ends(cutter, value) {
  const at = value.indexOf(GROUP);
  const stop = at < 0 ? value.length : at;
  const places = Array.from({ length: stop }, (_, place) => place);
  if (cutter.bracketed) return [...places.filter((place) => value[place] === '('), stop];
  return [stop, ...places.slice(1)];
}

function keep(cutter, taken) {
  const value = (asked) => taken.find(([known]) => known === asked)?.[1] ?? null;
  const gtin = value('01');
  if (gtin === null) return;
  const others = taken.some(([known]) => !['01', '10', '21'].includes(known));
  const way = { gtin, lot: value('10'), serial: value('21'), others };
  const spelt = JSON.stringify(way);
  if (!cutter.ways.some((known) => JSON.stringify(known) === spelt)) cutter.ways.push(way);
}

function fits(value, { low, high, kind }) {
  const length = [...value].length;
  if (kind === 't') return length >= low && length <= high;
  if (!/^[0-9]*$/.test(value)) return false;
  if (kind === 'd') return length >= low && length <= high;
  const [month, day] = [Number(value.slice(2, 4)), Number(value.slice(4, 6))];
  return length === low && month >= 1 && month <= 12 && day <= 31;
}
