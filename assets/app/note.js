// Signed notes, checkpoints, cosignatures and the policy that says whose must be there (C2SP
// signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy). Not here: the tree itself.
import {
  bigEndian,
  concat,
  decimal,
  Fault,
  fromBase64,
  hashOf,
  hex,
  need,
  same,
  sha256,
  toBase64,
  utf8,
} from './bytes.js';
import { isSmallOrder, verifies } from './ed25519.js';
import { timeOf } from './time.js';

const NOTE_BYTES_MAX = 65536;
const SIGNATURES_MAX = 64;
const POLICY_NAMES_MAX = 128;
const LOG = 1;
const WITNESS = 4;

const SPACE = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const CONTROL = /[\0-\x1f\x7f-\x9f]/;
const isKeyName = (name) =>
  name !== '' && !SPACE.test(name) && !CONTROL.test(name) && !name.includes('+');

/** Parts a note at its last empty line: text and signature lines. */
export function parseNote(note) {
  need(utf8(note).length <= NOTE_BYTES_MAX, 'malformed_note');
  need(!/[\0-\x09\x0b-\x1f]/.test(note), 'malformed_note');
  const at = note.lastIndexOf('\n\n');
  need(at >= 0 && note.endsWith('\n') && note.length > at + 2, 'malformed_note');
  const lines = note.slice(at + 2, -1).split('\n');
  need(lines.length <= SIGNATURES_MAX, 'malformed_note');
  return { text: note.slice(0, at + 1), signatures: lines.map(parseLine) };
}

function parseLine(line) {
  const found = /^\u2014 ([^ ]*) (.*)$/s.exec(line);
  need(found && isKeyName(found[1]), 'malformed_note');
  const bytes = fromBase64(found[2]);
  need(bytes && bytes.length >= 5, 'malformed_note');
  return { name: found[1], keyId: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
}

/** A verifier key in its one spelling. */
export async function parseKey(text) {
  const parts = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text);
  need(parts, 'malformed_verifier_key');
  const key = fromBase64(parts[3]);
  need(key && key.length > 0, 'malformed_verifier_key');
  need([LOG, WITNESS].includes(key[0]), 'key_type_not_understood');
  need(key.length === 33 && isKeyName(parts[1]), 'malformed_verifier_key');
  need(!isSmallOrder(key.subarray(1)), 'malformed_verifier_key');
  const keyId = (await sha256(concat(utf8(`${parts[1]}\n`), key))).subarray(0, 4);
  need(hex(keyId) === parts[2] && toBase64(key) === parts[3], 'malformed_verifier_key');
  return { name: parts[1], keyId, kind: key[0], public: key.subarray(1) };
}

/** The lines of a key; a fault without any. */
function linesOf(note, key) {
  const own = (line) => line.name === key.name && same(line.keyId, key.keyId);
  const lines = note.signatures.filter(own);
  need(lines.length > 0, 'signature_missing', key.name);
  return lines;
}

/** The checkpoint that a log key signed, of this origin: signature first, then the text. */
export async function verifyCheckpoint(text, key, origin) {
  const note = parseNote(text);
  need(key.kind === LOG, 'signature_missing');
  for (const line of linesOf(note, key)) {
    const good = await verifies(key.public, utf8(note.text), line.bytes);
    need(good, 'signature_refuted', key.name);
  }
  const checkpoint = parseCheckpoint(note.text);
  const empty = await sha256(utf8(''));
  need(checkpoint.size !== 0n || same(checkpoint.root, empty), 'malformed_checkpoint');
  need(checkpoint.origin === origin, 'origin_mismatch');
  return checkpoint;
}

function parseCheckpoint(text) {
  need(text.endsWith('\n'), 'malformed_checkpoint');
  const lines = text.slice(0, -1).split('\n');
  need(lines.length === 3, 'malformed_checkpoint');
  const [origin, digits, spelt] = lines;
  need(origin !== '' && !CONTROL.test(origin), 'malformed_checkpoint');
  const [size, root] = [decimal(digits), hashOf(spelt)];
  need(size !== null && root, 'malformed_checkpoint');
  return { origin, size, root };
}

/** When a witness had seen the note's checkpoint: the latest of its cosignatures. */
async function cosignedAt(note, key) {
  let latest = 0n;
  for (const line of linesOf(note, key)) {
    need(line.bytes.length === 72, 'signature_refuted', key.name);
    const seconds = bigEndian(line.bytes.subarray(0, 8));
    const message = utf8(`cosignature/v1\ntime ${seconds}\n${note.text}`);
    const good = await verifies(key.public, message, line.bytes.subarray(8));
    need(good && seconds < 1n << 63n, 'signature_refuted', key.name);
    latest = seconds > latest ? seconds : latest;
  }
  return timeOf(latest);
}

/** Reads a policy: members (witnesses and groups, by place) and the place of the quorum. */
async function parsePolicy(text) {
  const policy = { logs: [], members: [], used: new Set(), quorum: undefined };
  need(utf8(text).length <= NOTE_BYTES_MAX, 'malformed_policy');
  for (const line of text.split('\n')) {
    need(!/[\0-\x08\x0a-\x1f\x7f]/.test(line), 'malformed_policy');
    const items = line.split(/[ \t]+/).filter((item) => item !== '');
    if (items.length > 0 && !items[0].startsWith('#')) await policyLine(policy, items);
  }
  need(policy.quorum !== undefined, 'malformed_policy');
  return policy;
}

async function policyLine(policy, items) {
  const { logs, members } = policy;
  need(members.length < POLICY_NAMES_MAX && logs.length < POLICY_NAMES_MAX, 'malformed_policy');
  const [word, name, third] = items;
  const free = () => need(name !== 'none' && placeOf(policy, name) < 0, 'malformed_policy');
  if (word === 'log' && items.length >= 2 && items.length <= 3) {
    const key = await parseKey(name);
    need(key.kind === LOG && !logs.some((one) => same(one.public, key.public)), 'malformed_policy');
    logs.push(key);
  } else if (word === 'witness' && items.length >= 3 && items.length <= 4) {
    free();
    const key = await parseKey(third);
    const twice = members.some((one) => one.key && same(one.key.public, key.public));
    need(key.kind === WITNESS && !twice, 'malformed_policy');
    members.push({ name, key });
  } else if (word === 'group' && items.length >= 3) {
    free();
    members.push(group(policy, name, third, items.slice(3)));
  } else if (word === 'quorum' && items.length === 2 && policy.quorum === undefined) {
    policy.quorum = name === 'none' ? null : placeOf(policy, name);
    need(policy.quorum !== -1, 'malformed_policy', name);
  } else {
    throw new Fault('malformed_policy', word);
  }
}

const placeOf = (policy, name) => policy.members.findIndex((one) => one.name === name);

function group(policy, name, spelt, names) {
  const places = names.map((member) => placeOf(policy, member));
  for (const place of places) {
    need(place >= 0 && !policy.used.has(place), 'malformed_policy');
    policy.used.add(place);
  }
  let threshold = { all: places.length, any: 1 }[spelt];
  if (threshold === undefined) {
    need(/^[1-9][0-9]*$/.test(spelt), 'malformed_policy');
    threshold = Number(spelt);
  }
  need(threshold >= 1 && threshold <= places.length, 'malformed_policy');
  return { name, threshold, places };
}

/**
 * What the cosignatures of a checkpoint (a signed note) come to under a policy's text. A member's
 * time is the instant since which its threshold had seen the checkpoint. Faults: nobody can be
 * counted.
 */
export async function quorumOf(text, note) {
  need(text !== undefined, 'no_witnesses');
  const policy = await parsePolicy(text);
  need(policy.quorum !== null, 'no_witnesses');
  const parsed = parseNote(note);
  const found = { met: false, signed: [], missing: [], refuted: [], at: null };
  const times = [];
  for (const member of policy.members) {
    if (member.key) {
      times.push(await counted(found, member, parsed));
    } else {
      const seen = member.places.map((place) => times[place]).filter((time) => time !== null);
      times.push(seen.sort().reverse()[member.threshold - 1] ?? null);
    }
  }
  found.at = times[policy.quorum];
  found.met = found.at !== null;
  return found;
}

async function counted(found, member, note) {
  try {
    const at = await cosignedAt(note, member.key);
    found.signed.push([member.name, at]);
    return at;
  } catch (fault) {
    const missing = fault.code === 'signature_missing';
    (missing ? found.missing : found.refuted).push(member.name);
    return null;
  }
}
