// Every kind of page of a demonstration ledger, in five languages, light and dark, at 320, 360 and
// 1,280 px: nothing that axe finds, no sideways scrolling whatever names are planted, targets large
// enough, no word broken. `MODULES=... node pages.mjs URL`; PICTURES is a folder for pictures.
import { join } from 'node:path';

import { axeOf, faultsOf, jsonOf, launch } from './browser.mjs';

const [, , url] = process.argv;
/** ONLY and SPOKEN narrow a run by hand to some kinds of pages and languages. */
const { PICTURES, ONLY, SPOKEN = 'fr,ar,en,es,zgh' } = process.env;
const LANGUAGES = SPOKEN.split(',');
const SIZES = [
  [320, 640],
  [360, 640],
  [1280, 800],
];

/** Kinds of pages: name, path, what is done there. */
async function kinds() {
  const { labels } = await jsonOf(`${url}/api/v1/labels`);
  const { lots } = await jsonOf(`${url}/api/v1/lots?limit=100`);
  const register = await (await fetch(`${url}/register?format=json`)).json();
  const serial = register.rows.find((row) => row.certificate !== '').certificate;
  const parties = await (await fetch(`${url}/parties?format=json`)).json();
  const lists = async (party) =>
    jsonOf(`${url}/parties/${party}?list=operator-certificates&format=json`);
  const ofRole = (role) => parties.rows.filter((row) => row.role === role).map((row) => row.party);
  let operator = null;
  for (const { party } of parties.rows) operator ??= (await lists(party)).rows[0]?.certificate;
  const [made, event] = await storyPaths();
  const codes = labels.map(({ text }) => text);
  const path = (code) => code.replace(/^https?:\/\/[^/]+/i, '');
  const status = (word) => register.rows.find((row) => row.lot_status === word)?.lot;
  const plain = (lot) =>
    /^\d{14}\//.test(lot) ? `/01/${lot.replace('/', '/10/')}` : `/lot/${lot}`;
  const submit = (lines) => async (page) => {
    await page.evaluate((text) => {
      for (const rest of document.querySelectorAll('details')) rest.open = true;
      document.getElementById('codes').value = text;
    }, lines.join('\n'));
    await page.click('#desk details button');
    await page.waitForSelector('#result > *');
  };
  const all = [
    ['home', '/'],
    ['scan', path(codes[0])],
    ['scan-recalled', status('recalled') && plain(status('recalled'))],
    ['scan-held', status('held') && plain(status('held'))],
    ['register', '/register'],
    ['register-none', '/register?text=nobody'],
    ['certificate', `/certificates/${serial}`],
    ['operator', operator && `/certificates/${operator}`],
    ['cooperative', `/parties/${ofRole('cooperative')[0]}`],
    ['certifier', `/parties/${ofRole('certifier')[0]}`],
    ['shop', ofRole('shop')[0] && `/parties/${ofRole('shop')[0]}`],
    ['lot', made],
    ['event', event],
    ['story', '/story'],
    ['audit', '/audit'],
    ['inspect', '/inspect'],
    ['inspect-one', '/inspect', submit(codes.slice(0, 1))],
    [
      'inspect-list',
      '/inspect',
      submit([...codes.slice(0, 12), 'nothing', ...lots.slice(0, 12).map(({ lot }) => lot)]),
    ],
    ['check', '/check'],
    ['check-code', `/check#${encodeURIComponent(codes[0])}`, judged],
    ['error', '/nowhere/at/all'],
  ];
  return all.filter(([name, where]) => where && (!ONLY || ONLY.split(',').includes(name)));
}

/** Reason, place and telephone of a recall stand in this order (tests/it/pages/states.rs): the last
    of them is seen without scrolling. */
async function firstSight(page) {
  const telephone = page.locator('.verdict a[href^="tel:"]').first();
  const box = await telephone.boundingBox({ timeout: 5000 }).catch(() => null);
  if (box && box.y + box.height <= 640) return [];
  return [`whom to call stands at ${box && box.y + box.height} px`];
}

async function judged(page) {
  await page.waitForSelector('#result [data-exit]');
}

/** The lot of the story's oil, and the page of what happened to it first. */
async function storyPaths() {
  const answer = await fetch(`${url}/story`, { headers: { accept: 'text/html' } });
  const lot = /href="(\/lots\/[^"?]+)/.exec(await answer.text())[1];
  const { events } = await jsonOf(`${url}/api/v1${lot}/events`);
  return [lot, new URL(events[0].event.id).pathname];
}

const browser = await launch();
let [looked, wrong] = [0, 0];
const listed = await kinds();
for (const [name, where, act] of listed) {
  for (const language of LANGUAGES) {
    for (const colorScheme of ['light', 'dark']) {
      for (const [width, height] of SIZES) {
        const context = await browser.newContext({
          viewport: { width, height },
          colorScheme,
          bypassCSP: true,
        });
        context.setDefaultTimeout(120000);
        const page = await context.newPage();
        const faults = [];
        page.on('pageerror', (error) => faults.push(error.message));
        const [path, hash] = where.split('#');
        const asked = `${path}${path.includes('?') ? '&' : '?'}lang=${language}`;
        await page.goto(`${url}${asked}${hash ? `#${hash}` : ''}`);
        if (act) await act(page);
        if (name === 'scan-recalled' && width === 360) faults.push(...(await firstSight(page)));
        if (PICTURES && ((width === 360 && colorScheme === 'light') || width === 1280)) {
          const file = `${name}-${language}-${width}-${colorScheme}.png`;
          await page.screenshot({ path: join(PICTURES, file), fullPage: true });
        }
        await page.evaluate(() => {
          for (const rest of document.querySelectorAll('details')) rest.open = true;
        });
        faults.push(...(await axeOf(page)), ...(await faultsOf(page)));
        looked += 1;
        wrong += faults.length;
        for (const fault of new Set(faults))
          console.log(`${name} ${language} ${colorScheme} ${width}: ${fault}`);
        await context.close();
      }
    }
  }
}
await browser.close();
console.log(`${listed.length} kinds of pages, ${looked} looked at, ${wrong} faults`);
process.exit(wrong > 0 || looked === 0 ? 1 : 0);
