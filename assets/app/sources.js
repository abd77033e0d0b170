// Where the page gets public files from: its own place if that is a web server, else the host that
// the code names. What comes from there vouches for nothing until a root is pinned. Bounded in
// bytes and time. Not here: what the files are worth (`judge`).
import { gathered } from './bytes.js';

const TRUST_MAX = 2 ** 24;
const DOSSIER_MAX = 4000000;
const PACK_MAX = 2 ** 26;
const LOT_MAX = 2 ** 22;
const SECONDS = 20;
/** Certificates of one lot whose dossiers are fetched. */
const DOSSIERS_MAX = 12;

/** The places to ask, in order: the folder the page lies in, then the code's host. */
export function placesFor(location, host) {
  const own = /^https?:$/.test(location.protocol) ? [new URL('.', location.href).href] : [];
  if (host === null) return own;
  const local = /^(localhost|127\.0\.0\.1)(:|$)/.test(host);
  const named = [...(local ? [`http://${host}/`] : []), `https://${host}/`];
  return [...new Set([...own, ...named])];
}

/** The bytes at an address, or null: not there, too large, too slow. */
async function fetched(url, most) {
  try {
    const answer = await fetch(url, {
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
    if (!answer.ok || !answer.body) return null;
    return await gathered(answer.body, most);
  } catch {
    return null;
  }
}

/** The trust snapshot of the first place that has one, and that place; null where none has. */
export async function trustFrom(places) {
  for (const place of places) {
    const bytes = await fetched(`${place}trust`, TRUST_MAX);
    if (bytes) return { place, bytes };
  }
  return null;
}

/** The dossiers of a lot's certificates; none where the place has no such address. */
export async function dossiersOf(place, shown) {
  const [owner, number] = shown.split(/\/(.*)/s).map(encodeURIComponent);
  const bytes = await fetched(`${place}api/v1/lots/${owner}/${number}`, LOT_MAX);
  const found = [];
  for (const serial of serialsIn(bytes)) {
    const dossier = await fetched(`${place}certificates/${serial}.tasdiq`, DOSSIER_MAX);
    if (dossier) found.push(dossier);
  }
  return found;
}

/** The serials a service names: hints alone, each dossier proves itself. */
function serialsIn(bytes) {
  try {
    const { certificates } = JSON.parse(new TextDecoder().decode(bytes));
    const serials = certificates.map((one) => one.serial).filter(Number.isSafeInteger);
    return serials.slice(-DOSSIERS_MAX);
  } catch {
    return [];
  }
}

/** The pack of a place, as `openData` takes it; null without one. */
export async function packFrom(place) {
  const bytes = await fetched(`${place}api/v1/packs/latest`, PACK_MAX);
  return bytes && packOf(new Blob([bytes]));
}

/** A file or blob as a pack, read by position. */
export const packOf = (blob) => ({
  size: blob.size,
  read: async (at, length) => new Uint8Array(await blob.slice(at, at + length).arrayBuffer()),
});
