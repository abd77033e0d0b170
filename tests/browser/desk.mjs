// The inspector's desk: a wedge that types thirty codes in a row gets thirty results, wherever the
// reader clicked last; the day's list goes out as CSV and JSON. `MODULES=... node desk.mjs URL`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { jsonOf, launch } from './browser.mjs';

const [, , url] = process.argv;
const IN_A_ROW = 30;

const { labels } = await jsonOf(`${url}/api/v1/labels`);
const codes = labels.map(({ text }) => text);
const browser = await launch();
const page = await (await browser.newContext({ acceptDownloads: true })).newPage();
page.setDefaultTimeout(120000);
const faults = [];
page.on('pageerror', (error) => faults.push(error.stack));
await page.goto(`${url}/inspect?lang=en`);
await page.waitForSelector('#camera:not([hidden])');
assert.equal(await page.evaluate(() => document.activeElement.id), 'code');
await page.click('h1');
await page.evaluate(() => document.activeElement.blur());
const began = Date.now();
for (let place = 0; place < IN_A_ROW; place += 1) {
  await page.keyboard.type(codes[place % codes.length], { delay: 1 });
  await page.keyboard.press('Enter');
}
const lines = () => page.locator('#day li').count();
for (let left = 600; left > 0 && (await lines()) < IN_A_ROW; left -= 1)
  await page.waitForTimeout(100);
const seconds = ((Date.now() - began) / 1000).toFixed(1);
assert.equal(await lines(), IN_A_ROW);
assert.equal(await page.inputValue('#code'), '');
await page.keyboard.press('Enter');
assert.equal(await page.locator('#desk.showing').count(), 0, 'Enter brings back');
const saved = async (form) => {
  const waits = page.waitForEvent('download');
  await page.click(`#day button[value=${form}]`);
  return readFileSync(await (await waits).path(), 'utf8');
};
assert.equal((await saved('csv')).trim().split('\n').length, IN_A_ROW + 1);
assert.equal(JSON.parse(await saved('json')).reports.length, IN_A_ROW);
// The same code again and again is one more line each time that it is typed.
for (let place = 0; place < 3; place += 1) {
  await page.keyboard.type(codes[0]);
  await page.keyboard.press('Enter');
}
await page.waitForFunction(
  (count) => document.querySelectorAll('#day li').length === count,
  IN_A_ROW + 3,
);
assert.deepEqual(faults, []);
await browser.close();
console.log(`a wedge: ${IN_A_ROW} codes typed in a row, ${IN_A_ROW} results in ${seconds} s`);
