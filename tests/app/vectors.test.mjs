// The third reader: the modules of `assets/app` on every golden vector that speaks of what they
// read. Run by `node --test tests/app/vectors.test.mjs`. Needs Node 20; no package.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Fault, fromBase64, multikeyOf, same, utf8 } from '../../assets/app/bytes.js';
import { jcs, parseStrict } from '../../assets/app/canonical.js';
import { isKey, isSmallOrder, isSupported, verifies } from '../../assets/app/ed25519.js';
import { isLabelOf, keyHint, LabelFault } from '../../assets/app/label.js';
import { judge, judgeDossier, kindOf, openData } from '../../assets/app/judge.js';
import { Domain, shownLot } from '../../assets/app/names.js';
import { parseKey, parseNote, quorumOf, verifyCheckpoint } from '../../assets/app/note.js';
import { scanOf } from '../../assets/app/reading.js';
import { isSignedBy, statementOf } from '../../assets/app/statement.js';
import { plusSeconds, secondsOf } from '../../assets/app/time.js';
import { isIncluded, leafBytes, leafHash } from '../../assets/app/tree.js';
import { chosen, wordsIn } from '../../assets/app/words.js';

const VECTORS = new URL('../vectors/', import.meta.url);
const bytesOf = (path) => new Uint8Array(readFileSync(new URL(path, VECTORS)));
const jsonOf = (path) => JSON.parse(readFileSync(new URL(path, VECTORS), 'utf8'));
const COUNTS = jsonOf('counts.json');
/** The cases of a folder, one a file: all that are counted. */
const casesOf = (folder) => {
  const all = readdirSync(new URL(`${folder}/`, VECTORS));
  const files = all.filter((file) => file.endsWith('.json'));
  assert.equal(files.length, COUNTS[folder], folder);
  return files.map((file) => jsonOf(`${folder}/${file}`));
};
const KINDS = JSON.parse(readFileSync(new URL('schemes.json', import.meta.url), 'utf8'));
const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

/** `ok`, or the code of the fault that `run` ends in. */
async function outcome(run) {
  try {
    await run();
    return 'ok';
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return fault.code;
  }
}

const need = (condition, code) => {
  if (!condition) throw new Fault(code);
};

test('this runtime verifies Ed25519', async () => assert.equal(await isSupported(), true));

test('notes, checkpoints, inclusion, leaves, policies', async () => {
  const runs = {
    note: async ({ note, vkey }) => {
      const key = await parseKey(vkey);
      const text = `witness w ${vkey}\nquorum w\n`;
      if (key.kind === 4) {
        const found = await quorumOf(text, note);
        need(found.refuted.length === 0, 'signature_refuted');
        need(found.met, 'signature_missing');
        return;
      }
      await verifyCheckpoint(note, key, '').catch((fault) => {
        if (!['malformed_checkpoint', 'origin_mismatch'].includes(fault.code)) throw fault;
      });
    },
    checkpoint: async ({ note, vkey, origin }) =>
      verifyCheckpoint(note, await parseKey(vkey), origin),
    inclusion: async ({ index, leaf, proof, root, size }) => {
      need(index < size, 'index_out_of_range');
      const [from, to] = [leaf, root].map((text) => fromBase64(text));
      const hashes = proof.map((text) => fromBase64(text));
      need(
        [from, to, ...hashes].every((hash) => hash?.length === 32),
        'malformed_hash',
      );
      need(await isIncluded(from, index, BigInt(size), hashes, to), 'inclusion_refuted');
    },
    policy: async ({ policy, note, at }) => {
      const found = await quorumOf(policy, note).catch((fault) => {
        if (fault.code === 'no_witnesses') return { refuted: [], met: true, at: null };
        throw fault;
      });
      need(found.refuted.length === 0, 'signature_refuted');
      need(found.met, 'signature_missing');
      need((found.at === null ? 0 : secondsOf(found.at)) === at, 'time_differs');
    },
  };
  for (const [name, run] of Object.entries(runs)) {
    for (const { name: case_, input, expect } of casesOf(`log/${name}`)) {
      assert.equal(await outcome(() => run(input)), expect, `${name} ${case_}`);
    }
  }
});

test('leaves', async () => {
  for (const { name, input, expect } of casesOf('log/leaf')) {
    const found = await outcome(async () => {
      const leaf = parseStrict(utf8(input.leaf));
      need(same(leafBytes(leaf), utf8(input.leaf)), 'malformed_leaf');
      if (input.hash) {
        need(same(await leafHash(leafBytes(leaf)), fromBase64(input.hash)), 'hash_differs');
      }
    });
    // What is wrong with the bytes is told by other codes than the log's.
    assert.equal(found === 'ok', expect === 'ok', `${name}: ${found}, ${expect}`);
  }
});

/** Types that no dossier of a certificate needs: told as unknown, never taken. */
const NOT_READ = new Set(['unknown_type', 'not_read_here']);

test('statements', async () => {
  let [read, left] = [0, 0];
  const wrong = [];
  for (const folder of ['first', 'goods']) {
    for (const vector of casesOf(`statement/${folder}`)) {
      const bytes = vector.repeat
        ? utf8(
            vector.repeat.before.repeat(vector.repeat.count) +
              vector.repeat.after.repeat(vector.repeat.count),
          )
        : fromBase64(vector.bytes);
      const found = await outcome(async () => {
        const value = parseStrict(bytes);
        need(same(jcs(value), bytes), 'not_canonical');
        const statement = await statementOf(value, new Domain(vector.host));
        need(await isSignedBy(statement, multikeyOf(vector.publicKey)), 'signature_invalid');
      });
      if (NOT_READ.has(found) && vector.expect !== found) {
        left += 1;
        continue;
      }
      read += 1;
      if ((found === 'ok') !== (vector.expect === 'ok'))
        wrong.push(`${vector.name}: ${found}, ${vector.expect}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(read > 280, `${read} read, ${left} not read here`);
});

test('labels', async () => {
  for (const vector of casesOf('label/signed')) {
    const found = await verdictOfLabel(vector);
    const expect =
      vector.expect === 'ok'
        ? { code: 'ok' }
        : { code: vector.expect, unreadable: vector.unreadable };
    assert.deepEqual(found, expect, vector.name);
  }
});

async function verdictOfLabel(vector) {
  const scan = scanOf(vector.text);
  if (scan.fault) return { code: scan.fault.code, unreadable: scan.fault.unreadable };
  const labels = scan.ways.filter((way) => way.code.label && way.host !== null);
  if (labels.length === 0) return { code: 'not_a_label', unreadable: true };
  const key = unhex(vector.publicKey);
  for (const way of labels) {
    const { label } = way.code;
    if (!(await isLabelOf(label, key))) continue;
    if (!same(label.hint, await keyHint(key))) return { code: 'hint_differs' };
    assert.deepEqual(
      [way.leftOut, way.plainHttp, label.index, label.schemes],
      [vector.leftOut, vector.plainHttp, vector.index, vector.schemes],
      vector.name,
    );
    return { code: 'ok' };
  }
  return { code: 'label_signature', unreadable: false };
}

test('codes without a signature', () => {
  for (const vector of casesOf('label/unsigned')) {
    const scan = scanOf(vector.text);
    if (vector.expect !== 'ok') {
      assert.deepEqual(
        [scan.fault?.code, scan.fault?.unreadable],
        [vector.expect, vector.unreadable],
        vector.name,
      );
      continue;
    }
    const lots = scan.ways.map(({ code }) => (code.lot ? shownLot(code.lot) : code.gtin));
    assert.deepEqual([...new Set(lots)], vector.lots, vector.name);
    assert.deepEqual(
      [scan.ways[0].leftOut, scan.ways[0].plainHttp],
      [vector.leftOut, vector.plainHttp],
      vector.name,
    );
  }
});

const memory = (bytes) => ({
  size: bytes.length,
  read: async (at, length) => bytes.subarray(at, at + length),
});

test('dossiers, under every policy', async () => {
  for (const vector of casesOf('dossier')) {
    const [file, trust] = [bytesOf(`dossier/${vector.file}`), bytesOf(`dossier/${vector.trust}`)];
    const data = await openData({ trust, pack: null, root: vector.root, vouched: true });
    assert.equal(data.kind, 'data', vector.name);
    for (const policy of ['shop', 'customs', 'audit']) {
      const given = { ...data, root: vector.root, now: vector.at, policy, kinds: KINDS };
      const found = await judgeDossier(file, given);
      const sub = found.report?.authenticity.subIndication ?? null;
      const expect = vector.expect[policy];
      assert.deepEqual(
        [found.exitCode, sub],
        [expect.exitCode, expect.subIndication],
        `${vector.name} ${policy}`,
      );
    }
  }
});

test('evidence in every dress', async () => {
  const pack = bytesOf('evidence/status.pack');
  let judged = 0;
  const opened = new Map();
  for (const one of casesOf('evidence')) {
    if (one.expect.length !== 1 || !['both', 'late', 'nopack'].includes(one.given)) continue;
    const alone = one.given === 'nopack';
    if (!opened.has(alone)) {
      const trust = bytesOf(`evidence/${one.trust}`);
      const held = { trust, pack: alone ? null : memory(pack), root: null, vouched: true };
      opened.set(alone, await openData(held));
    }
    const data = opened.get(alone);
    const at = one.given === 'late' ? plusSeconds(one.now, 60 * 86400) : one.now;
    const given = { ...data, root: null, now: at, policy: one.policy, kinds: KINDS };
    const [expect] = one.expect;
    const bytes =
      'code' in one ? utf8(one.code) : 'text' in one ? utf8(one.text) : fromBase64(one.bytes);
    const kind = kindOf(bytes);
    if (kind !== 'dossier' && !('code' in one && kind === 'code')) continue;
    const found = await judge(bytes, given);
    judged += 1;
    assert.deepEqual(kept(found), { ...expect, line: undefined }, `${one.name} ${one.policy}`);
  }
  assert.ok(judged > 280, `${judged} judged`);
});

/** What the vectors keep of a report. */
function kept({ exitCode, report }) {
  const all = { exitCode, line: undefined };
  if (exitCode === 2 || !report) return all;
  const failed = report.checks.filter((laid) => laid.result === 'fail').map((laid) => laid.check);
  const some = {
    indication: report.authenticity.indication,
    subIndication: report.authenticity.subIndication,
    lot: report.claims?.lot,
    certificate: report.fitness?.now.certificate,
    lotStatus: report.fitness?.now.lot,
    item: report.item,
    failed,
    foreignHost: report.reading.foreignHost,
    leftOut: report.reading.leftOut,
  };
  const isThere = ([, value]) => value !== null && value !== undefined && value.length !== 0;
  return { ...all, ...Object.fromEntries(Object.entries(some).filter(isThere)) };
}

test('keys and points of small order are refused, and other spellings', async () => {
  const p = (1n << 255n) - 19n;
  const y8 = BigInt('0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826');
  const spelt = (y, sign) =>
    Uint8Array.from(
      { length: 32 },
      (_, at) => Number((y >> BigInt(8 * at)) & 255n) | (at === 31 ? sign << 7 : 0),
    );
  const ordinates = [0n, 1n, p - 1n, y8, p - y8, p, p + 1n];
  const points = ordinates.flatMap((y) => [spelt(y, 0), spelt(y, 1)]);
  assert.equal(new Set(points.map(String)).size, 14);
  for (const point of points) {
    assert.ok(isSmallOrder(point) && !isKey(point));
    for (const r of points) {
      for (const s of [new Uint8Array(32), spelt(1n, 0)]) {
        const forged = Uint8Array.from([...r, ...s]);
        assert.equal(await verifies(point, utf8('m'), forged), false);
      }
    }
  }
  // R is the neutral point and s = H(R, A, M) a: the equation holds; the strict rules refuse.
  const key = unhex('ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c');
  const s = unhex(
    'c83ede06383987' + '6a71' + '6bd2de12ee28c607c6a8c4df5588' + '12a2b35758cdd29606',
  );
  const neutral = Uint8Array.from([...spelt(1n, 0), ...s]);
  assert.equal(await verifies(key, new Uint8Array(64).fill(0x6d), neutral), false);
  // A good signature with s + L: another spelling of it.
  const good = unhex(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
      '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
  const rfc = unhex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  assert.equal(await verifies(rfc, new Uint8Array(), good), true);
  const l = (1n << 252n) + 27742317777372353535851937790883648493n;
  let value = [...good.subarray(32)].reverse().reduce((sum, b) => (sum << 8n) | BigInt(b), 0n) + l;
  const longer = Uint8Array.from({ length: 32 }, () => {
    const byte = Number(value & 255n);
    value >>= 8n;
    return byte;
  });
  assert.equal(
    await verifies(rfc, new Uint8Array(), Uint8Array.from([...good.subarray(0, 32), ...longer])),
    false,
  );
});

test('a member that stands twice is seen', () => {
  for (const text of ['{"a":1,"a":1}', '{"a":{"b":1,"\\u0062":2}}']) {
    assert.throws(
      () => parseStrict(utf8(text)),
      (fault) => fault.code === 'duplicate_key',
    );
  }
  assert.ok(new LabelFault('x', true) instanceof Fault && parseNote('a\n\n\u2014 a YWJjZGU=\n'));
});

test('languages that readers ask for', () => {
  const asked = [[], ['de-DE'], ['xx', 'AR-ma'], ['ber-MA', 'fr']].map(chosen);
  assert.deepEqual(asked, ['fr', 'en', 'ar', 'zgh']);
  const ids = { '': 'a', 'b-': 'c' };
  const texts = { ids, fr: 'A\nB {x}', ar: '\n', zgh: { a: 'Z', partial: 'P' } };
  assert.equal(wordsIn('ar', texts).dir, 'rtl');
  const words = wordsIn('zgh', texts);
  const told = [words.say('a'), words.langOf('a'), words.say('b-c', { x: 1 }), words.langOf('b-c')];
  assert.deepEqual([...told, words.spoken, words.partial], ['Z', 'zgh', 'B 1', null, 'fr', 'P']);
});
