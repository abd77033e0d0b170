// The inspector's camera, of which Chromium plays a film: a code of 170 px turned by 10 degrees is
// judged within two seconds of the first picture; the smallest that is read is told; what hinders a
// camera is said in words. `MODULES=... node camera.mjs URL FOLDER`, FOLDER for the films.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { film, modulesOf } from './film.mjs';
import { jsonOf, launch } from './browser.mjs';

const [, , url, folder] = process.argv;
const [SIZE, DEGREES, SECONDS] = [170, 10, 2];
/** Smaller ones that are tried, until one is not read. */
const SMALLER = [160, 150, 140, 130, 120, 110, 100, 90, 80, 70];

const { labels } = await jsonOf(`${url}/api/v1/labels`);
// In capitals, as it is printed: so it takes fewer modules.
const code = labels[0].text.toUpperCase();
const camera = (path) => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${path}`,
];

/** Opens the desk's camera; ms from its first picture to the verdict, or null; the verdict. */
async function seen(size) {
  const path = join(folder, `code-${size}.y4m`);
  film(path, code, size, DEGREES);
  const browser = await launch(...camera(path));
  const page = await browser.newPage();
  await page.goto(`${url}/inspect?lang=en`);
  await page.waitForSelector('#open-camera:not([hidden])');
  const found = await page.evaluate(async () => {
    const view = document.getElementById('view');
    const result = document.getElementById('result');
    const told = () => result.childElementCount > 0;
    const first = new Promise((done) => {
      view.requestVideoFrameCallback(() => done(performance.now()));
    });
    const verdict = new Promise((done) => {
      const watch = new MutationObserver(() => told() && done(performance.now()));
      watch.observe(result, { childList: true });
      setTimeout(() => done(null), 8000);
    });
    document.getElementById('open-camera').click();
    const [from, to] = [await first, await verdict];
    return {
      ms: to === null ? null : to - from,
      text: result.textContent,
      size: [view.videoWidth, view.videoHeight],
      own: 'BarcodeDetector' in window,
    };
  });
  return { ...found, page, browser };
}

const { ms, text, own, page, browser } = await seen(SIZE);
assert.ok(ms !== null && ms < SECONDS * 1000, `${SIZE} px: ${ms} ms`);
assert.match(text, /Genuine/);
// It stays in view and counts once.
await page.keyboard.press('Enter');
await page.waitForTimeout(1200);
assert.equal(await page.locator('#day li').count(), 1);
await hiddenAndBack(page);
await unplugged(page);
await browser.close();

let smallest = SIZE;
for (const size of SMALLER) {
  const found = await seen(size);
  await found.browser.close();
  if (found.ms === null) break;
  smallest = size;
}
const modules = modulesOf(code).length;
const fine = (smallest / modules).toFixed(2);
await hindered();
console.log(
  `camera: ${SIZE} px at ${DEGREES} degrees judged ${Math.round(ms)} ms after the first picture, ` +
    `by ${own ? "the browser's reader" : 'the reader that was brought'}; the smallest read: ` +
    `${smallest} px for ${modules} modules, ${fine} px each`,
);

/** A page that goes behind another lets go of the camera, and opens it anew when it is seen. */
async function hiddenAndBack(of) {
  const turn = (hidden) =>
    of.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  const live = () => of.evaluate(() => document.getElementById('view').srcObject !== null);
  await turn(true);
  assert.equal(await live(), false);
  await turn(false);
  await of.waitForFunction(() => document.getElementById('view').videoWidth > 0);
  assert.equal(await live(), true);
}

/** A stream that ends by itself is told, and the camera can be opened again. */
async function unplugged(of) {
  await of.evaluate(() => {
    const [track] = document.getElementById('view').srcObject.getVideoTracks();
    track.dispatchEvent(new Event('ended'));
  });
  await of.waitForSelector('[data-why=unplugged]:not([hidden])');
  assert.equal(await of.isVisible('#open-camera'), true);
}

/** Each thing that hinders a camera has its words, and the photo stays beside it. */
async function hindered() {
  const told = async (page, why) => {
    await page.waitForSelector(`[data-why=${why}]:not([hidden])`);
    assert.equal(await page.locator('#camera-told [data-why]:not([hidden])').count(), 1, why);
    assert.equal(await page.isVisible('#photo'), true);
  };
  const host = new URL(url).host;
  const plain = await launch('--host-resolver-rules=MAP plain.test 127.0.0.1');
  const there = await plain.newPage();
  await there.goto(`http://plain.test:${host.split(':')[1]}/inspect?lang=en`);
  await told(there, 'insecure');
  assert.equal(await there.isVisible('#open-camera'), false);
  await plain.close();
  const bare = await launch();
  const refused = await bare.newPage();
  await refused.goto(`${url}/inspect?lang=en`);
  await refused.click('#open-camera');
  await Promise.race([told(refused, 'refused'), told(refused, 'absent')]);
  for (const [name, why] of [
    ['NotAllowedError', 'refused'],
    ['NotReadableError', 'busy'],
    ['NotFoundError', 'absent'],
    ['TypeError', 'failed'],
  ]) {
    const page = await bare.newPage();
    // Only what the browser would answer is put in its place: the desk is the real one.
    await page.addInitScript((fault) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', fault));
    }, name);
    await page.goto(`${url}/inspect?lang=en`);
    await page.click('#open-camera');
    await told(page, why);
    await page.close();
  }
  await bare.close();
}
