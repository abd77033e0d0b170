// The verdict on a code on a jar: form, host, signature, label key, then the certificate and lot it
// points to in the status data. A code without a signature is looked up and never passes.
// Not here: how a text is read (`reading`).
import { multikey, same } from './bytes.js';
import { recordChecks } from './certificate.js';
import { isLabelOf, keyHint } from './label.js';
import { shownLot } from './names.js';
import { oneCharacterAway } from './reading.js';
import { bitsOf, lotStatus, statusIn } from './status.js';
import { endOf } from './time.js';

const LATER = ['binding', 'issuer-key', 'accreditation', 'certificate-status', 'lot-status'];
const PARTED = 'something stands within the code';

export async function judgeScan(checks, scan) {
  checks.subject = [...scan.text].slice(0, 400).join('');
  const signers = [];
  for (const { owner, key } of checks.trust.labelSigners()) {
    const bytes = multikey(key);
    signers.push({ owner, record: key, key: bytes, hint: await keyHint(bytes) });
  }
  if (scan.fault) {
    await unreadable(checks, scan, signers);
  } else if (scan.ways.some((way) => way.code.label)) {
    if (!scan.doubtful) checks.pass('format', 'signed code');
    await signed(checks, scan, signers);
  } else {
    checks.pass('format', 'code without signature');
    await unsigned(checks, scan.ways);
  }
}

/** A token that cannot be read: altered if one character makes it genuine, else of unknown make. */
async function unreadable(checks, scan, signers) {
  const { fault } = scan;
  const altered = await oneCharacterAway(scan.text, signers);
  if ((fault.unreadable || scan.doubtful) && !altered) checks.unreadable('format', fault.code);
  else if (fault.newer && !altered) {
    checks.absent('format', 'NO_SIGNING_CERTIFICATE_FOUND', fault.code);
  } else checks.fail('format', 'FORMAT_FAILURE', fault.code);
  checks.notRun(['label-signature', 'label-key', ...LATER]);
}

function tell(checks, way) {
  checks.reading.leftOut = [...way.leftOut];
  if (way.plainHttp) checks.signal('plain-http');
}

/** A label: which reading and which key fit, then all that it claims. */
async function signed(checks, scan, signers) {
  checks.signal('copyable');
  const own = checks.trust.host;
  const labels = scan.ways
    .filter((way) => way.code.label)
    .map((way) => {
      const foreign = way.written !== null && way.written !== own;
      return { way, label: { ...way.code.label, host: foreign ? way.code.label.host : own } };
    });
  const fits = await signerAmong(labels, signers);
  const { way, label } = fits ?? labels[0];
  if (!fits && scan.doubtful) {
    checks.unreadable('format', PARTED);
    checks.notRun(['label-signature', 'label-key', ...LATER]);
    return;
  }
  if (scan.doubtful) checks.pass('format', 'signed code');
  tell(checks, way);
  if (label.serial === null) checks.signal('not-serialised');
  const refuted = fits ? null : await refutedBy(label, scan.text, signers);
  checks.exhibits.label = { label, signer: fits?.signer ?? null };
  const here = isHere(checks, way, label, fits !== null || refuted !== null);
  if (!fits) {
    if (refuted) checks.fail('label-signature', 'SIG_CRYPTO_FAILURE', refuted);
    else checks.absent('label-signature', 'NO_SIGNING_CERTIFICATE_FOUND');
    checks.notRun(['label-key', ...LATER]);
    return;
  }
  checks.pass('label-signature');
  if (label.serial !== null) checks.skip('serial-issued');
  if (here && notStolen(checks, fits.signer, label)) {
    expiry(checks, label);
    await pointedAt(checks, label, fits.signer);
  } else {
    checks.notRun(LATER);
  }
}

/** The first reading that a trusted key signed, and that key; null if none did. */
async function signerAmong(labels, signers) {
  for (const { way, label } of labels) {
    for (const signer of signers.filter((one) => same(one.hint, label.hint))) {
      if (await isLabelOf(label, signer.key)) return { way, label, signer };
    }
  }
  return null;
}

/** Whether the label is of this ledger, as far as its address says. */
function isHere(checks, way, label, ours) {
  const own = checks.trust.host;
  if (way.host === null) {
    checks.absent('host', 'FORMAT_FAILURE', 'the address has none');
  } else if (label.host === own) {
    checks.pass('host', own);
  } else {
    checks.signal('foreign-host');
    checks.reading.foreignHost = label.host;
    const text = `${label.host} is not ${own}`;
    if (ours) checks.fail('host', 'HASH_FAILURE', text);
    else checks.absent('host', 'NO_SIGNING_CERTIFICATE_FOUND', text);
    return false;
  }
  return true;
}

/** Why a label that no trusted key signed is no label of an unknown key; null if it may be one. */
async function refutedBy(label, text, signers) {
  if (signers.some((signer) => same(signer.hint, label.hint))) {
    return 'of another code';
  }
  return (await oneCharacterAway(text, signers)) ? 'one character was altered' : null;
}

/** A stolen key labels nothing; of a serial that may be older nothing can be said here. */
function notStolen(checks, signer, label) {
  if (signer.record.compromised === undefined) return true;
  const text = `${signer.record.verificationMethod} is compromised`;
  if (label.serial !== null) checks.absent('label-key', 'TRY_LATER', text);
  else checks.fail('label-key', 'REVOKED', text);
  return false;
}

function expiry(checks, label) {
  if (checks.now > endOf(label.expiry)) {
    checks.signal('expired-label');
    checks.fail('label-expiry', 'FORMAT_FAILURE', `ended ${label.expiry}`);
  } else {
    checks.pass('label-expiry', `until ${label.expiry}`);
  }
}

/** The certificate the label points to, whether its key may label that, and the lot. */
async function pointedAt(checks, label, signer) {
  const { book } = checks;
  if (!book || label.index >= book.covers) {
    const text = `entry ${label.index} is not in the status data`;
    checks.absent('label-key', 'TRY_LATER', text);
    checks.absent('binding', 'TRY_LATER', text);
    checks.notRun(LATER.slice(1));
    return;
  }
  const record = await book.certificateAt(label.index);
  const lot = await book.lot(label.lot);
  if (!record || !lot || record.lot !== lot.lot) {
    checks.notRun(['label-key']);
    const text = `entry ${label.index} is no certificate of lot ${shownLot(label.lot)}`;
    if (record === null && book.isPartial) checks.absent('binding', 'TRY_LATER', text);
    else checks.fail('binding', 'HASH_FAILURE', text);
    checks.notRun(LATER.slice(1));
    return;
  }
  const fault = keyFault(checks, signer, label, record, lot);
  const name = signer.record.verificationMethod;
  if (fault === null) checks.pass('label-key', name);
  else checks.fail('label-key', 'AUTHORITY_FAILURE', `${name} ${fault}`);
  checks.pass('binding', `entry ${label.index} certifies lot ${lot.lot}`);
  await recordChecks(checks, record, lot, true);
  if (checks.claims && label.serial !== null) checks.claims.serial = label.serial;
  if (checks.fitness?.now.certificate === 'valid') await claimed(checks, label, lot);
}

/** Why a key does not speak for a certificate; null if it does. It may be newer than that. */
function keyFault(checks, { owner, record: key }, label, record, lot) {
  if (owner.party !== 'authority' && owner.party !== record.issuer) return `is of ${owner.party}`;
  if (key.parties && !key.parties.includes(lot.producer))
    return `labels no lots of ${lot.producer}`;
  if (key.retired && record.mark.index >= key.retired.index) return 'was retired before';
  if (key.notAfter !== undefined && record.mark.loggedAt > key.notAfter) return 'had ended before';
  let schemes = key.schemes ?? null;
  if (schemes === null) {
    if (owner.party === 'authority') return null;
    schemes = (owner.accreditations ?? []).flatMap((given) => given.scope.schemes);
    if (schemes.includes('all')) return null;
  }
  if (!schemes.includes(record.scheme)) return `may not label ${record.scheme}`;
  const known = label.schemes & 0x3f;
  return (bitsOf(schemes, checks.kinds) & known) === known ? null : 'may not label all of it';
}

/** Whether each kind that a label bears still has a certificate in force. */
async function claimed(checks, label, lot) {
  const all = await checks.book.certificatesOf(label.lot);
  const valid = all.filter(
    (one) => statusIn(checks.trust.party(one.issuer), one, lot, checks.now) === 'valid',
  );
  const known = label.schemes & 0x3f;
  const bits = bitsOf(
    valid.map((one) => one.scheme),
    checks.kinds,
  );
  if ((bits & known) !== known) checks.signal('claim-not-in-force');
}

/** A code that nobody signed: what is known of the lot is told, and the label was not checked. */
async function unsigned(checks, ways) {
  checks.signal('no-label-signature');
  const known = [];
  for (const way of ways) {
    const { lot } = way.code;
    if (lot !== null && checks.book && (await checks.book.lot(lot))) known.push(way);
  }
  const way = known[0] ?? ways[0];
  tell(checks, way);
  const own = checks.trust.host;
  if (way.host !== null && way.host !== own && way.written !== own) {
    checks.signal('foreign-host');
    checks.reading.foreignHost = way.host;
    checks.lay('host', 'absent', `${way.host} is not ${own}`);
  } else if (way.host !== null) {
    checks.pass('host', way.host);
  }
  const lots = known.map((one) => one.code.lot).filter((lot, at, all) => lot !== all[at - 1]);
  if (lots.length > 1) {
    checks.signal('two-lots');
    const text = `it may mean lot ${shownLot(lots[0])} or lot ${shownLot(lots[1])}`;
    checks.absent('binding', 'NO_POE', text);
    checks.notRun(LATER.slice(1));
  } else if (way.code.lot === null) {
    checks.signal('lot-missing');
    checks.absent('binding', 'NO_POE');
    checks.notRun(LATER.slice(1));
  } else {
    await lookedUp(checks, way.code.lot);
  }
  checks.absent('label-signature', 'LABEL_UNSIGNED');
}

/** A lot named without signature: the newest certificate in force, else the newest. */
async function lookedUp(checks, key) {
  const { book } = checks;
  const lot = book ? await book.lot(key) : null;
  if (!book) {
    checks.absent('binding', 'TRY_LATER');
  } else if (!lot) {
    if (!book.isPartial) checks.signal('lot-unknown');
    checks.absent('binding', 'NO_POE', `lot ${shownLot(key)} is not in the status data`);
  } else {
    const all = await book.certificatesOf(key);
    const valid = (one) =>
      statusIn(checks.trust.party(one.issuer), one, lot, checks.now) === 'valid';
    const record = [...all].reverse().find(valid) ?? all.at(-1);
    if (record) {
      checks.pass('binding', `lot ${shownLot(key)} is in the register`);
      await recordChecks(checks, record, lot, true);
      return;
    }
    checks.absent('binding', 'NO_POE', `lot ${shownLot(key)} has no certificate`);
    checks.signal(`uncertified-lot-${lotStatus(lot, checks.now)}`);
  }
  checks.notRun(LATER.slice(1));
}
