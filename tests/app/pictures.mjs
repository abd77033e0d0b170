// The pictures of docs/pictures, taken of a demonstration and of an empty ledger that are made for
// them, with faults of pages told. By hand, after a page changed:
// `PLAYWRIGHT=.../playwright-core node tests/app/pictures.mjs target/debug/tasdiq docs/pictures`;
// not in the gate, which installs no browser.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { chromium } = await import(pathToFileURL(join(process.env.PLAYWRIGHT, 'index.mjs')).href);
const tasdiq = resolve(process.argv[2]);
const out = resolve(process.argv[3]);
const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
const services = [];

// Starts a service in a folder of its own and waits for its last line.
const served = (name, ...args) =>
  new Promise((ready, fail) => {
    const child = spawn(tasdiq, [...args, '--data', join(folder, name)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    services.push(child);
    child.on('exit', () => fail(new Error(`${name} ended`)));
    child.stdout.on('data', (text) => String(text).includes('Ctrl-C stops it') && ready());
  });

const port = 18_480;
const host = (number) => `127.0.0.1:${port + number}`;
await served('demo', 'demo', '--listen', host(0));
execFileSync(tasdiq, ['init', '--host', 'ledger.example', '--data', join(folder, 'new')], {
  env: { ...process.env, TASDIQ_PASSPHRASE: 'pictures' },
});
process.env.TASDIQ_PASSPHRASE = 'pictures';
await served('new', 'serve', '--listen', host(1));

const base = `http://${host(0)}`;
const table = readFileSync(join(folder, 'demo/examples/codes.csv'), 'utf8');
const codes = table.trim().split('\n').slice(1);
const byStatus = Object.fromEntries(codes.map((line) => [line.split(',')[0], line.split(',')[2]]));
const path = (status) => byStatus[status].split('/').slice(3).join('/');
const scan = (status, lang) => `${base}/${path(status)}?lang=${lang}`;
const list = codes.map((line) => line.split(',')[2]).join('\n');

// One code or a list, sent in as the page's form without scripts sends it.
const inspected = (text) => async (page) => {
  await page.evaluate((text) => {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action: location.pathname + location.search });
    for (const [name, value] of [['codes', text], ['policy', 'customs']]) {
      const field = Object.assign(document.createElement('textarea'), { name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }, text);
  await page.waitForURL('**/inspect?lang=fr');
  await page.waitForSelector('.verdict, table');
};

const shots = [
  ['home-fr', `${base}/?lang=fr`, 960],
  ['home-ar', `${base}/?lang=ar`, 960],
  ['home-empty-fr', `http://${host(1)}/?lang=fr`, 720],
  ['scan-fr', scan('valid', 'fr'), 720],
  ['scan-ar', scan('valid', 'ar'), 720],
  ['recall-fr', scan('recalled', 'fr'), 720],
  ['story-fr', `${base}/story?lang=fr`, 720],
  ['audit-fr', `${base}/audit?lang=fr`, 720],
  ['inspect-fr', `${base}/inspect?lang=fr`, 720, inspected(byStatus.suspended)],
  ['inspect-list-fr', `${base}/inspect?lang=fr`, 720, inspected(list)],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  for (const [name, url, height, before] of shots) {
    const context = await browser.newContext({ viewport: { width: 360, height } });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(name, error.message));
    await page.goto(url);
    if (before) await before(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > 360) throw new Error(`${name} is ${wide} wide`);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(out, `${name}.png`) });
    await context.close();
    console.log(name);
  }
} finally {
  await browser.close();
  const ended = (child) =>
    new Promise((done) => child.removeAllListeners('exit').on('exit', done) && child.kill());
  await Promise.all(services.map(ended));
  rmSync(folder, { recursive: true, force: true });
}
