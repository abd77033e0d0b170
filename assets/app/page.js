// The page that checks by itself: its form, files dropped or chosen, the fragment, languages.
// A root is pinned by the reader's own hand alone: no address and no file can pin one.
import { Fault } from './bytes.js';
import { isSupported } from './ed25519.js';
import { inquire, sorted } from './inquiry.js';
import { notJudged } from './judge.js';
import { packOf } from './sources.js';
import { el, pre, shown } from './steps.js';
import { timeOf } from './time.js';
import { chosen, LANGUAGES, wordsIn } from './words.js';

const state = { files: { dossier: null, trust: null, pack: null }, verdict: null, context: {} };
let w = null;
let facts = null;
let asked = 0;

const at = (id) => document.getElementById(id);

/** The code in the fragment; a browser may have escaped it as a whole. */
function fragment() {
  const text = window.location.hash.slice(1);
  try {
    return /^https?%3a/i.test(text) || text.startsWith('%') ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}

function speak(language) {
  w = wordsIn(language, facts.words);
  Object.assign(document.documentElement, { lang: w.spoken, dir: w.dir });
  document.title = w.say('title');
  for (const node of document.querySelectorAll('[data-w]'))
    node.textContent = w.say(node.dataset.w);
  at('languages').replaceChildren(
    ...LANGUAGES.map(([tag, name]) =>
      el(
        'button',
        {
          type: 'button',
          lang: tag,
          'aria-pressed': String(tag === language),
          click: () => speak(tag),
        },
        name,
      ),
    ),
  );
  at('partial').textContent = w.partial;
  tellFiles();
  if (state.verdict) tellVerdict();
}

function tellFiles() {
  const held = Object.keys(state.files).filter((kind) => state.files[kind] !== null);
  const list = held.map((kind) => w.say(`kind-${kind}`)).join(', ');
  at('held').textContent = held.length > 0 ? w.say('held', { list }) : '';
  at('forget').hidden = held.length === 0;
}

function tellVerdict() {
  at('result').replaceChildren(...shown(w, state.verdict, state.context));
}

/** The command that gives the same verdict. */
function command(root, policy) {
  const { files } = state;
  const parts = [
    'tasdiq verify',
    files.trust ? '--trust trust.json' : '',
    files.pack ? '--pack daily.pack' : '',
    `--root ${root ?? 'z6Mk…'}`,
    `--policy ${policy}`,
    files.dossier ? 'jar.tasdiq' : "'CODE'",
  ];
  return parts.filter((part) => part !== '').join(' ');
}

async function judgeAll() {
  asked += 1;
  const own = asked;
  const root = at('root').value.trim() || null;
  const policy = at('policy').value;
  const line = command(root, policy);
  if (!(await isSupported())) {
    at('result').replaceChildren(
      el('p', { class: 'band unknown', 'data-verdict': 'no-crypto' }, w.say('no-crypto')),
      pre(line),
    );
    return;
  }
  at('result').replaceChildren(el('p', { role: 'status' }, w.say('working')));
  const { files } = state;
  const verdict = await inquire({
    text: at('code').value,
    files: { ...files, pack: files.pack && packOf(files.pack) },
    root,
    policy,
    now: timeOf(Math.floor(Date.now() / 1000)),
    kinds: facts.schemes,
    location: window.location,
  }).catch((error) => ({
    kind: 'not-judged',
    exitCode: 3,
    code: 'error',
    detail: String(error),
    report: null,
  }));
  // A later question's answer is not overtaken by an earlier one's.
  if (own !== asked) return;
  state.verdict = verdict;
  const trust = verdict.report?.exhibits.trust ?? null;
  state.context = { trust, pinned: root, schemes: facts.schemes, command: line };
  tellVerdict();
  at('result').querySelector('h2')?.focus();
}

async function take(list) {
  let other = false;
  for (const file of list) {
    const { kind, content } = await sorted(file).catch((fault) => {
      if (fault instanceof Fault) return { kind: 'other' };
      throw fault;
    });
    if (kind === 'code') at('code').value = new TextDecoder().decode(content).trim();
    else if (kind in state.files) state.files[kind] = content;
    else other = true;
  }
  tellFiles();
  if (other) {
    state.verdict = notJudged('other');
    tellVerdict();
  } else if (state.files.dossier || at('code').value !== '') {
    await judgeAll();
  }
}

function forget() {
  state.files = { dossier: null, trust: null, pack: null };
  tellFiles();
}

function begin() {
  facts = JSON.parse(at('facts').textContent);
  const query = new URLSearchParams(window.location.search).get('lang');
  speak(chosen([...(query ? [query] : []), ...(navigator.languages ?? [])]));
  at('form').addEventListener('submit', (event) => {
    event.preventDefault();
    judgeAll();
  });
  at('file').addEventListener('change', (event) => take(event.target.files));
  at('forget').addEventListener('click', forget);
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  const start = () => {
    if (fragment() === '') return;
    at('code').value = fragment();
    judgeAll();
  };
  window.addEventListener('hashchange', start);
  start();
}

if (typeof document !== 'undefined') begin();
