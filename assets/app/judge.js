// THE VERDICT: evidence in, report out, as `tasdiq verify --offline --json` gives it. What is not
// judged here is told as that and is never a pass. Pure: no page, no network, no clock.
import { Fault, multikey, textOf, utf8 } from './bytes.js';
import { bare, isUnreadable, jcs } from './canonical.js';
import { recordChecks } from './certificate.js';
import { Checks, countedOf, timeOfQuorum } from './checks.js';
import { judgeScan } from './code.js';
import {
  compareRecords,
  DossierBook,
  foreignMember,
  listed,
  proven,
  readDossier,
  readEntries,
  statusIndex,
} from './dossier.js';
import { parseKey, verifyCheckpoint } from './note.js';
import { WHITE } from './dress.js';
import { openPack, readPack } from './pack.js';
import { scanOf } from './reading.js';
import { isSignedBy } from './statement.js';
import { lotOf } from './names.js';
import { secondsOf } from './time.js';
import { maySign, newerTrust, openTrust, renewed } from './trust.js';

const ORDER = [
  'host',
  'manifest',
  'checkpoint',
  'inclusion',
  'records',
  'statement-signature',
  'issuer-key',
  'accreditation',
  'non-withdrawal',
  'certificate-status',
  'lot-status',
];
const INDEX_AGE_MAX = 86400 + 3600;

/** What a thing handed in is: code, dossier, trust, pack, binary (no text), or other. */
export function kindOf(bytes) {
  if (textOf(bytes.subarray(0, 7)) === 'tasdiqP') return 'pack';
  const plain = textOf(bare(bytes));
  if (plain === null) return isPicture(bytes) ? 'other' : 'binary';
  const has = (word) => plain.includes(word);
  if (!plain.startsWith('{'))
    return plain.startsWith('[{') || /^(eyJ|c2sp\.org\/)/.test(plain) ? 'other' : 'code';
  if (has('"TasdiqConsignment"') || has('"TasdiqTraceDossier"')) return 'other';
  if (has('"certificateRecord":') || has('"TasdiqDossier"')) return 'dossier';
  return has('"TasdiqTrust"') ? 'trust' : 'other';
}

/** A photo may show a code, which the command reads. */
const isPicture = ([first, second]) =>
  (first === 0x89 && second === 0x50) || (first === 0xff && second === 0xd8);

/** A verdict that is no report: refused, unreadable, or not judged here. */
const verdict = (kind, exitCode, fault) => ({
  kind,
  exitCode,
  code: fault.code,
  detail: fault.detail ?? '',
  report: null,
});

export const notJudged = (code) => verdict('not-judged', 3, new Fault(code));

const ofReport = (report) => {
  if (report.exitCode !== 2) return { kind: 'report', exitCode: report.exitCode, report };
  const failed = report.checks.find((laid) => laid.result === 'fail');
  return { ...verdict('unreadable', 2, new Fault('format', failed?.evidence ?? '')), report };
};

/** Runs `work`; a fault of the evidence becomes a verdict. */
async function settled(work, isForm) {
  try {
    return await work();
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return isForm(fault) ? verdict('unreadable', 2, fault) : verdict('refused', 1, fault);
  }
}

/**
 * Opens trust snapshot and pack under a root (null: nobody pinned one; `vouched` says whether the
 * reader vouches for the snapshot itself). `pack` is `{size, read}`. A verdict where they are bad.
 */
export function openData({ trust: bytes, pack, root, vouched }) {
  return settled(
    async () => {
      const file = pack ? await readPack(pack.size, pack.read) : null;
      let trust = bytes || file ? await openTrust(bytes ?? file.trust, root) : null;
      if (file) trust = (await renewed(trust, file.trust)) ?? trust;
      const book = file ? await openPack(file, trust) : null;
      if (trust) trust.pinned = root !== null || vouched;
      return { kind: 'data', trust, book };
    },
    (fault) => fault.code === 'trust_form',
  );
}

/**
 * The verdict on whatever was handed in: text or bytes. `given`: trust, book, root, now, policy,
 * kinds (of schemes).
 */
export async function judge(bytes, given) {
  const plain = textOf(bytes)?.replace(EDGES, '');
  const kind = kindOf(bytes);
  if (kind === 'binary') return verdict('unreadable', 2, new Fault('input', 'it is no text'));
  if (kind === 'dossier') return judgeDossier(utf8(plain), given);
  return kind === 'code' && given.trust ? judgeCode(textOf(bytes), given) : notJudged(kind);
}

/** White space and marks of encoding around a document. */
const EDGES = new RegExp(`^[${WHITE}\\ufeff]+|[${WHITE}\\ufeff]+$`, 'g');

/** The verdict on a code. `given`: trust, book, now, policy, kinds (of schemes). */
export async function judgeCode(text, given) {
  const inner = /^="(.*)"$/s.exec(text.trim());
  const checks = new Checks(given.trust, given.book, given.now, given.policy, given.kinds);
  checks.trustData();
  await checks.statusData();
  await judgeScan(checks, scanOf(inner ? inner[1] : text));
  return ofReport(checks.report());
}

/** The verdict on a dossier; without a trust snapshot under its own and the pinned root. */
export async function judgeDossier(bytes, given) {
  return settled(
    async () => {
      let { trust } = given;
      if (!trust) {
        const { document } = await readDossier(bytes);
        trust = await openTrust(jcs(document.trust), given.root);
        trust.pinned = given.root !== null;
      }
      return ofReport((await dossierReport(bytes, { ...given, trust })).report);
    },
    (fault) => isUnreadable(fault.code),
  );
}

/** The report on a dossier, and the dossier as status data if all its parts are proven. */
export async function dossierReport(bytes, given) {
  const checks = new Checks(given.trust, given.book, given.now, given.policy, given.kinds);
  let dossier;
  try {
    dossier = await readDossier(bytes);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    if (isUnreadable(fault.code)) checks.unreadable('format', fault.message);
    else checks.fail('format', 'FORMAT_FAILURE', fault.message);
    checks.notRun(ORDER);
    return { report: checks.report(), book: null };
  }
  const within = await newerTrust(dossier.document.trust, given.trust).catch(asFault);
  if (within !== null && !(within instanceof Fault)) {
    checks.trust = within;
    within.pinned = given.trust.pinned;
  }
  checks.pass('format', `dossier, version ${dossier.document.version}`);
  if (dossier.dressed) checks.reading.leftOut.push('json-form');
  checks.trustData();
  const opened = await openDossier(checks, dossier, within instanceof Fault ? within : null);
  if (opened === null) return { report: checks.report(), book: null };
  const counted = await countedOf(checks.trust, dossier.document.checkpoint);
  const witnessed = timeOfQuorum(counted);
  const own = new DossierBook(witnessed ?? opened.listedAt).add(dossier);
  const newer = given.book && isNewer(given.book, own);
  checks.book = newer ? given.book : own;
  await checks.statusData();
  if (newer) checks.layQuorum(counted);
  await layCertificate(checks, dossier, opened);
  nonWithdrawal(checks, dossier, opened, witnessed);
  return { report: checks.report(), book: own };
}

function asFault(fault) {
  if (fault instanceof Fault) return fault;
  throw fault;
}

function isNewer(book, own) {
  if (book.covers !== own.covers) return book.covers > own.covers;
  return book.issuedAt > own.issuedAt;
}

/** A fault of one check ends the dossier there; `not_read_here` accuses nobody. */
function ended(checks, check, why, fault) {
  if (fault.code === 'not_read_here') checks.absent(check, 'TRY_LATER', fault.message);
  else checks.fail(check, why, fault.message);
  if (fault.code === 'not_read_here') checks.indicate('INDETERMINATE', 'TRY_LATER');
  checks.notRun(ORDER.slice(ORDER.indexOf(check) + 1));
  return null;
}

/** Manifest, checkpoint, entries and records, each on the ground of the one before. */
async function openDossier(checks, dossier, within) {
  const { trust } = checks;
  const { manifest, document } = dossier;
  if (manifest.host !== trust.host) {
    return ended(checks, 'host', 'TRUST_FAILURE', new Fault('host', manifest.host));
  }
  checks.pass('host', manifest.host);
  const [why, fault] = await manifestFault(dossier, trust, within);
  if (fault) return ended(checks, 'manifest', why, fault);
  checks.pass('manifest', `${Object.keys(manifest.members).length} members`);
  let [at, tree, leaves] = ['checkpoint', null, null];
  try {
    tree = await treeOf(document.checkpoint, manifest.sequence, trust);
    checks.pass('checkpoint', `tree of ${tree.size} entries`);
    at = 'inclusion';
    leaves = await proven(document.entries, tree);
    checks.pass('inclusion', `${leaves.length} entries`);
    at = 'records';
    checks.subject = `${trust.domain.url}certificates/${manifest.serial}`;
    const entries = await readEntries(leaves, manifest.places.certificate, trust);
    compareRecords(dossier, entries, trust);
    const listedAt = statusIndex(dossier, entries).mark.loggedAt;
    checks.pass('records');
    checks.exhibits.dossier = { dossier, leaves, entries, tree };
    return { leaves, entries, listedAt };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    const reason = at === 'records' ? 'HASH_FAILURE' : 'LOG_PROOF_FAILURE';
    return ended(checks, at, reason, fault);
  }
}

/** Why a manifest does not count: the sub-indication and the fault; nothing if it does. */
async function manifestFault(dossier, trust, within) {
  const { signed, manifest } = dossier;
  const key = trust.serviceKey(signed.method);
  if (!key) return ['TRUST_FAILURE', new Fault('manifest_key', signed.method)];
  if (!(await isSignedBy(signed, multikey(key)))) {
    return ['SIG_CRYPTO_FAILURE', new Fault('manifest_signature', signed.method)];
  }
  try {
    maySign(key, manifest.issuedAt);
  } catch (fault) {
    return [key.compromised === undefined ? 'AUTHORITY_FAILURE' : 'REVOKED', fault];
  }
  const foreign = await foreignMember(dossier);
  if (foreign !== null) return ['HASH_FAILURE', new Fault('member_differs', foreign)];
  return within === null ? [] : ['TRUST_FAILURE', within];
}

/** A checkpoint is the log's, of a stated size, and of the same log as the trust snapshot's. */
async function treeOf(note, size, trust) {
  const key = await parseKey(trust.logKey);
  const tree = await verifyCheckpoint(note, key, trust.domain.origin);
  if (tree.size !== BigInt(size)) throw new Fault('checkpoint_size');
  const known = await verifyCheckpoint(trust.checkpoint, key, trust.domain.origin);
  const fork = known.size === tree.size && known.root.some((byte, at) => byte !== tree.root[at]);
  if (fork) throw new Fault('fork');
  return tree;
}

/** The checks that every verdict on a certificate shares. */
async function layCertificate(checks, dossier, { entries }) {
  const place = dossier.manifest.places.certificate;
  const { statement, mark } = entries.find((entry) => entry.mark.index === place);
  const { claim } = statement;
  checks.subject = statement.id;
  checks.pass('statement-profile', claim.kind);
  const key = checks.trust.key(statement.issuer, statement.method);
  const later = ['accreditation', 'binding', 'certificate-status', 'lot-status'];
  if (!key) {
    checks.absent('issuer-key', 'NO_SIGNING_CERTIFICATE_FOUND', statement.method);
    checks.notRun(['statement-signature', ...later]);
    return;
  }
  if (!(await isSignedBy(statement, multikey(key)))) {
    checks.fail('statement-signature', 'SIG_CRYPTO_FAILURE', statement.method);
    checks.notRun(['issuer-key', ...later]);
    return;
  }
  checks.pass('statement-signature', statement.method);
  const record = await checks.book.certificate(claim.serial);
  const lot = record && (await checks.book.lot(lotOf(record.lot)));
  if (!record || !lot) {
    checks.absent('binding', 'TRY_LATER', `serial ${claim.serial} is not in the status data`);
    checks.notRun(['issuer-key', 'accreditation', 'certificate-status', 'lot-status']);
  } else if (record.digest !== dossier.manifest.digest) {
    checks.fail('binding', 'HASH_FAILURE', `serial ${claim.serial} was logged with other content`);
    checks.notRun(['certificate-status', 'lot-status']);
  } else if (record.mark.index !== mark.index || record.mark.loggedAt !== mark.loggedAt) {
    checks.fail('binding', 'LOG_PROOF_FAILURE', 'the status data names another entry');
  } else {
    checks.pass('binding', `logged as entry ${mark.index}`);
    await recordChecks(checks, record, lot, false);
  }
}

/** What the lists prove, held against the verdict on the status. */
function nonWithdrawal(checks, dossier, { entries, listedAt }, witnessed) {
  const check = 'non-withdrawal';
  let found;
  try {
    found = listed(dossier, entries);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    checks.refute(check, 'LOG_PROOF_FAILURE', fault.message);
    return;
  }
  const seen = witnessed ?? listedAt;
  const behind = secondsOf(seen) - secondsOf(listedAt);
  const told = `status index of ${listedAt}, covering ${found.covers} entries`;
  const status = checks.fitness?.now.certificate;
  if (['withdrawn', 'suspended'].includes(status)) {
    checks.fail(check, 'TRY_LATER', told);
  } else if (found.flags.length > 0) {
    checks.absent(check, 'TRY_LATER', `the ${found.flags[0]} bit is set; ${told}`);
  } else if (behind > INDEX_AGE_MAX) {
    checks.stale(check, 'STATUS_STALE', `${behind} s older than its checkpoint; ${told}`);
  } else if (found.covers <= dossier.document.certificateRecord.mark.index) {
    checks.absent(check, 'TRY_LATER', `the certificate came later; ${told}`);
  } else {
    checks.pass(check, told);
  }
  checks.age(secondsOf(checks.now) - secondsOf(seen));
}
