// Chromium under Playwright for the tests beside it, and what they measure of a page. Not a test.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { MODULES, CHROMIUM = '/usr/bin/chromium' } = process.env;
const { chromium } = await import(pathToFileURL(join(MODULES, 'playwright-core/index.mjs')).href);
const AXE = readFileSync(join(MODULES, 'axe-core/axe.min.js'), 'utf8');

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where Debian has it, unless CHROMIUM says otherwise. */
const PATH = CHROMIUM.includes('/') ? CHROMIUM : `/usr/bin/${CHROMIUM}`;

export const launch = (...flags) =>
  chromium.launch({ executablePath: PATH, args: [...QUIET, ...flags] });

export async function jsonOf(address) {
  const answer = await fetch(address, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

/** What axe finds, best practice and sizes of targets included: rule, how often, where. */
export async function axeOf(page) {
  await page.addScriptTag({ content: AXE });
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      rules: { 'target-size': { enabled: true } },
    });
    return violations.map(
      ({ id, nodes }) => `axe ${id} x${nodes.length} at ${nodes[0].target} ${nodes[0].html}`,
    );
  });
}

/**
 * What is wrong with widths and targets: sideways scrolling, also with long names in the place of
 * every name; targets below 24 px, those within a line of text excepted (WCAG 2.5.8); main ones
 * below 44 px; a word of ours that breaks within itself.
 */
export const faultsOf = (page) =>
  page.evaluate(() => {
    const faults = [];
    const { documentElement: root } = document;
    const seen = (node) => {
      const box = node.getBoundingClientRect();
      return box.width > 1 && box.height > 1 && getComputedStyle(node).visibility === 'visible';
    };
    const told = (node) => `${node.outerHTML.slice(0, 90).replace(/\s+/g, ' ')}`;
    const wide = (what) => {
      if (root.scrollWidth <= root.clientWidth) return;
      const out = [...document.querySelectorAll('body *')].filter((node) => {
        const { left, right } = node.getBoundingClientRect();
        return seen(node) && (right > root.clientWidth + 1 || left < -1);
      });
      faults.push(`${what}: ${root.scrollWidth} px wide: ${out.slice(0, 3).map(told).join(' | ')}`);
    };
    wide('as it is');
    const inLine = (node) => {
      const own = getComputedStyle(node).display === 'inline';
      const parent = node.closest('p, li, dd, td, div, h3, small, span:not(.label)');
      const other = (parent?.textContent ?? '').trim() !== node.textContent.trim();
      return own && other && node.matches('a');
    };
    const targets = 'a[href], button, summary, select, textarea, input:not([type=hidden])';
    for (const node of document.querySelectorAll(targets)) {
      const within = node.matches('[type=radio], [type=checkbox]') ? node.closest('label') : null;
      const { width, height } = (within ?? node).getBoundingClientRect();
      if (!seen(node) || node.matches('.skip') || inLine(node)) continue;
      const least = node.matches('button:not(.open), .go, [type=submit]') ? 44 : 24;
      if (height < least - 0.5 || width < Math.min(least, 24) - 0.5)
        faults.push(`target ${Math.round(width)} x ${Math.round(height)}: ${told(node)}`);
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      if (text.parentElement.closest('bdi, .code, pre, svg, script, style, noscript, option'))
        continue;
      if (!seen(text.parentElement)) continue;
      for (const { 0: word, index } of text.data.matchAll(/\p{L}{4,24}/gu)) {
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top / 4)));
        if (tops.size > 1) faults.push(`broken word: ${word} in ${told(text.parentElement)}`);
      }
    }
    const names = 'bdi:not(.code), h1, option, .what';
    for (const node of document.querySelectorAll(`main :is(${names})`)) {
      if (node.childElementCount === 0 && !node.closest('svg')) node.textContent = 'W'.repeat(120);
    }
    wide('long names');
    return faults;
  });
