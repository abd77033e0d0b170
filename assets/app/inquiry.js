// One question of a reader: a code or dossier with what is at hand, or what its register gives.
// The verdict of a code that rests on dossiers is the worst of its own and of the dossier that
// counts. Not here: the page.
import { Fault, textOf, utf8 } from './bytes.js';
import { DossierBook } from './dossier.js';
import { dossierReport, judge, judgeCode, kindOf, notJudged, openData } from './judge.js';
import { shownLot } from './names.js';
import { scanOf } from './reading.js';
import { dossiersOf, packFrom, placesFor, trustFrom } from './sources.js';

/** Exit codes, the worst first. */
const WORST_FIRST = [1, 2, 3, 4, 0];
const severity = (exitCode) => WORST_FIRST.indexOf(exitCode);

/**
 * `asked`: text, files `{dossier, trust, pack}` (bytes, bytes, `{size, read}`), root or null,
 * policy, now, kinds, location. Answers with a verdict, and `dossier`, the report of the one that
 * counts.
 */
export async function inquire(asked) {
  const { files } = asked;
  const text = asked.text.trim();
  const bytes = text === '' ? files.dossier : utf8(text);
  if (!bytes) return notJudged('nothing');
  const kind = kindOf(bytes);
  if (!['code', 'dossier', 'binary'].includes(kind)) return notJudged(kind);
  const given = { root: asked.root, policy: asked.policy, now: asked.now, kinds: asked.kinds };
  const data = await openData({ ...files, root: asked.root, vouched: false });
  if (data.kind !== 'data') return data;
  if (kind !== 'code') return alone(await judge(bytes, { ...given, ...data }));
  if (data.trust && data.book)
    return { ...(await judgeCode(text, { ...given, ...data })), dossier: null };
  return online(text, given, data, asked);
}

const alone = (verdict) => ({ ...verdict, dossier: verdict.report });

/** A code without a pack at hand: its register is asked for what is missing. */
async function online(text, given, data, asked) {
  const scan = scanOf(text);
  if (scan.fault && scan.fault.unreadable && !data.trust) {
    return { ...notJudged('code'), kind: 'unreadable', exitCode: 2, detail: scan.fault.code };
  }
  const way = scan.ways[0] ?? null;
  const places = placesFor(asked.location, way?.host ?? null);
  const found = data.trust ? null : await trustFrom(places);
  let { trust } = data;
  if (found) {
    const opened = await openData({
      trust: found.bytes,
      pack: null,
      root: given.root,
      vouched: false,
    });
    if (opened.kind !== 'data') return opened;
    ({ trust } = opened);
  }
  if (!trust) return { ...notJudged('code'), kind: 'offline', detail: places.join(' ') };
  const lot = scan.ways.map((one) => one.code.lot).find((key) => key !== null) ?? null;
  const place = found?.place ?? places[0];
  const held = asked.files.dossier ? [asked.files.dossier] : [];
  const sent = held.length === 0 && place && lot ? await dossiersOf(place, shownLot(lot)) : held;
  const reports = [];
  for (const bytes of sent) {
    const one = await dossierReport(bytes, { ...given, trust, book: null });
    if (one.book) reports.push(one);
  }
  if (reports.length === 0 && place && held.length === 0) {
    return onPack(text, { ...given, trust }, place);
  }
  const book = reports.length > 0 ? joined(reports.map((one) => one.book)) : null;
  return worst(await judgeCode(text, { ...given, trust, book }), reports);
}

/** Where a place has no dossiers (a copy on a plain web server) its pack is asked for. */
async function onPack(text, given, place) {
  const pack = await packFrom(place);
  let data = { trust: given.trust, book: null };
  if (pack) {
    const opened = await openData({ trust: null, pack, root: given.root, vouched: false });
    if (opened.kind === 'data' && opened.trust.firstRoot() === given.trust.firstRoot())
      data = opened;
  }
  return { ...(await judgeCode(text, { ...given, ...data })), dossier: null };
}

/** Books of dossiers as one: as old as the oldest, covering what all cover. */
function joined(books) {
  const [least] = [...books].sort((a, b) => a.covers - b.covers);
  const book = new DossierBook(books.map((one) => one.issuedAt).sort()[0]);
  Object.assign(book, { covers: least.covers, checkpoint: least.checkpoint });
  book.documents = books.flatMap((one) => one.documents);
  book.knowsDescent = books.every((one) => one.knowsDescent);
  return book;
}

/** The worse of the verdict on a code and that on the dossier of the certificate that counts. */
function worst(verdict, reports) {
  const serial = verdict.report?.claims?.certificate.serial;
  const own = reports.find(({ book }) => book.records()[0].serial === serial)?.report ?? null;
  if (own === null || severity(own.exitCode) >= severity(verdict.exitCode)) {
    return { ...verdict, dossier: own };
  }
  const report = {
    ...verdict.report,
    authenticity: own.authenticity,
    exitCode: own.exitCode,
    fitness: verdict.report?.fitness && own.fitness ? own.fitness : null,
  };
  return { ...verdict, exitCode: own.exitCode, report, dossier: own };
}

/** What a file handed in is, with its content; throws a fault for none of them. */
export async function sorted(file) {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (/^tasdiq[PD]/.test(textOf(head) ?? '')) return { kind: 'pack', content: file };
  if (file.size > 2 ** 26) throw new Fault('too_large', file.name);
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { kind: kindOf(bytes), content: bytes };
}
