// The page that checks by itself, opened from a file with no server anywhere: what it shows of the
// evidence vectors is what the command ends with. `MODULES=... node check.mjs check.html`, the page
// as `tasdiq export` writes it.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { launch } from './browser.mjs';

const vectors = new URL('../vectors/evidence/', import.meta.url);
const read = (name) => readFileSync(new URL(name, vectors));
const named = readdirSync(vectors).filter((name) => name.endsWith('.json'));
const cases = named.map((name) => JSON.parse(read(name)));
const [{ now }] = cases;
const trust = read('trust.snapshot');
const folder = mkdtempSync(join(tmpdir(), 'check-'));
const put = (name, bytes) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const files = [put('trust', trust), put('pack', read('status.pack'))];
const { root } = JSON.parse(trust);

const sample = cases.filter(
  (one) =>
    one.given === 'both' &&
    one.expect.length === 1 &&
    ('code' in one || one.name.startsWith('dossier')),
);
const browser = await launch();
const context = await browser.newContext({ offline: true });
const page = await context.newPage();
const faults = [];
page.on('pageerror', (error) => faults.push(error.stack));
await page.clock.setFixedTime(new Date(now));
const address = pathToFileURL(resolve(process.argv[2])).href;
await page.goto(`${address}?lang=en`);
await page.setInputFiles('#file', files);
const held = () => document.getElementById('held').textContent.includes('pack');
await page.waitForFunction(held);
let green = 0;
for (const one of sample) {
  const text = one.code ?? one.text;
  await page.evaluate(() => document.getElementById('result').replaceChildren());
  await page.fill('#code', text);
  await page.selectOption('#policy', one.policy);
  // Without a root that was typed nothing is green, whatever else is right.
  await page.fill('#root', '');
  await page.click('.go');
  const loose = await exitOf();
  assert.notEqual(loose, 0, one.name);
  await page.evaluate(() => document.getElementById('result').replaceChildren());
  await page.fill('#root', root);
  await page.click('.go');
  assert.equal(await exitOf(), one.expect[0].exitCode, one.name);
  const band = await page.locator('#result .band.ok').count();
  assert.equal(band === 1, one.expect[0].exitCode === 0, one.name);
  green += band;
}
assert.deepEqual(faults, []);
await browser.close();
console.log(`${sample.length} pieces of evidence shown as they should be, ${green} of them green`);

async function exitOf() {
  const found = await page.waitForSelector('#result [data-exit]');
  return Number(await found.getAttribute('data-exit'));
}
