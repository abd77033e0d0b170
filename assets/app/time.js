// Instants and days in their one spelling, which sorts as time does, and seconds since 1970.
// Not a clock.

const OLDEST = -62167219200;
const NEWEST = 253402300799;

/** The instant so many seconds after 1970, held within years 0 to 9999. */
export function timeOf(seconds) {
  const held = Math.min(Math.max(Number(seconds), OLDEST), NEWEST);
  return `${new Date(held * 1000).toISOString().slice(0, 19)}Z`;
}

export const secondsOf = (time) => Date.parse(time) / 1000;

export const plusSeconds = (time, seconds) => timeOf(secondsOf(time) + seconds);

export function isTime(text) {
  const form = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
  if (typeof text !== 'string' || !form.test(text)) return false;
  const at = Date.parse(text);
  return !Number.isNaN(at) && timeOf(at / 1000) === text;
}

export const isDay = (text) =>
  typeof text === 'string' && text.length === 10 && isTime(`${text}T00:00:00Z`);

/** The day so many days after 1970-01-01. */
export const dayOf = (days) => timeOf(Number(days) * 86400).slice(0, 10);

/** The last second of a day. */
export const endOf = (day) => `${day}T23:59:59Z`;

/** How far a clock may be off, in seconds. */
export const SKEW = 300;
