// Whether the modules of `assets/app` come to the verdicts that a file of cases expects: `node
// equal.mjs CASES.json`. The cases are made by `tests/it/app.rs`. Ends with 1 where any differs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { fromBase64 } from '../../assets/app/bytes.js';
import { judge, judgeCode, openData } from '../../assets/app/judge.js';

const KINDS = JSON.parse(readFileSync(new URL('schemes.json', import.meta.url), 'utf8'));
const { files, cases } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const bytes = files.map(fromBase64);

/** A file, with the bit changed that the case changes in it. */
function fileOf(place, flip) {
  if (place === null) return null;
  if (flip === null || flip[0] !== place) return bytes[place];
  const changed = bytes[place].slice();
  changed[flip[1]] ^= 1 << flip[2];
  return changed;
}

const memory = (file) =>
  file && {
    size: file.length,
    read: async (at, length) => file.subarray(at, at + length),
  };

async function found({ evidence, trust, pack, root, now, policy, flip }) {
  const files = { trust: fileOf(trust, flip), pack: memory(fileOf(pack, flip)) };
  const data = await openData({ ...files, root, vouched: trust !== null });
  if (data.kind !== 'data') return data;
  const given = { ...data, root, now, policy, kinds: KINDS };
  if (evidence.code !== undefined) return judgeCode(evidence.code, given);
  return judge(fileOf(evidence.file, flip), given);
}

function kept({ kind, exitCode, report }) {
  if (kind !== 'report') return { exitCode };
  return {
    exitCode,
    authenticity: report.authenticity,
    fitness: report.fitness,
    item: report.item,
    claims: report.claims,
    foreignHost: report.reading.foreignHost,
    leftOut: report.reading.leftOut,
    checks: report.checks.map(({ check, result, required }) => [check, result, required]),
  };
}

let differ = 0;
for (const one of cases) {
  try {
    const own = JSON.parse(JSON.stringify(kept(await found(one))));
    assert.deepEqual(own, one.expect);
  } catch (error) {
    differ += 1;
    if (differ <= 5) console.log(`${one.name} ${one.policy} ${one.now}\n${error.stack}`);
  }
}
if (differ > 0) {
  console.log(`${differ} of ${cases.length} differ`);
  process.exit(1);
}
console.log(`${cases.length} cases alike`);
