// GS1 element strings, raw and with brackets: `(01)...(10)...` cut by the table of application
// identifiers, in more than one way where a lot may hold what looks like the next element.
// Not here: which of them is meant. Source: GS1 Syntax Dictionary (July 2026).
import { GROUP, trim, trimStart } from './dress.js';

/** Length of identifiers : shortest : longest value : text, digits or Date; how they begin. */
const ROWS = (
  '2:18:18:d 00; 2:14:14:d 01 02 03; 2:1:20:t 10 21 22; 2:6:6:D 11 12 13 15 16 17; ' +
  '2:2:2:d 20; 3:1:28:t 235; 3:1:30:t 240 241 250 251 400 401 403; 3:1:6:d 242; 3:1:20:t ' +
  '243 254 420 71; 3:13:30:t 253; 3:13:25:d 255; 2:1:8:d 30 37; 4:6:6:d 31 32 33 34 35 ' +
  '36 395; 4:1:15:d 390 392; 4:4:18:d 391 393; 4:4:4:d 394; 3:17:17:d 402; 3:13:13:d 41; ' +
  '3:4:12:t 421; 3:3:3:d 422 424 426; 3:3:15:d 423 425; 3:1:3:t 427; 4:1:70:t 43 800 811 ' +
  '820; 4:1:30:t 700 702 801; 4:1:20:t 701 724 804; 4:4:30:t 703; 4:4:4:t 704; 4:3:30:t ' +
  '723; 4:1:90:t 725 803; 4:1:25:t 802; 2:1:30:t 90; 2:1:90:t 91 92 93 94 95; 2:1:90:t 9'
)
  .split('; ')
  .flatMap((group) => {
    const [form, ...starts] = group.split(' ');
    const [length, low, high, kind] = form.split(':');
    const told = { length: Number(length), low: Number(low), high: Number(high), kind };
    return starts.map((start) => ({ start, ...told }));
  });
const WAYS_MAX = 4;
const STEPS_MAX = 4000;

/** Whether a text can be nothing but an element string. */
export const isElementString = (text) => text.startsWith('(') || /^01[0-9]{14}[^/]+$/s.test(text);

/** The ways to cut a text into elements, the likeliest first. None: it is no element string. */
export function cutElements(text) {
  const cutter = { bracketed: text.startsWith('('), ways: [], steps: STEPS_MAX };
  cutOn(cutter, text, []);
  return cutter.ways;
}

function cutOn(cutter, rest, taken) {
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
    cutOn(cutter, found.value.slice(end).replace(/^\x1d+/, ''), taken);
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
