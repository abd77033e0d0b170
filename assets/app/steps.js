// How a verdict is shown: the band, the facts, each step with its bytes to copy, and what the page
// cannot know. Builds elements, never markup from text. Not here: the form (`page`).
import { hex, multikey } from './bytes.js';
import { jcsText } from './canonical.js';
import { signedBytes } from './label.js';

/** Characters that nobody sees, or that turn the direction of what stands behind them. */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** An element with attributes and children; texts are never markup. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value !== null) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null));
  return node;
}

/** A text as it is; who has no mouse scrolls it by keys. */
export const pre = (text) => el('pre', { class: 'code', dir: 'ltr', tabindex: 0 }, text);
const code = (text) => el('bdi', { class: 'code', dir: 'ltr' }, text);
const isolated = (text) => el('bdi', {}, String(text).replace(HIDDEN, ''));

/** Fills a sentence: its values stand apart, so that directions do not mix. */
function sentence(w, id, values) {
  const parts = w.say(id).split(/\{(\w+)\}/);
  return parts.map((part, at) => (at % 2 ? (values[part] ?? '') : part));
}

const TONES = {
  passed: 'ok',
  authentic: 'ok',
  unfit: 'warn',
  failed: 'bad',
  refused: 'bad',
  undecided: 'unknown',
  unpinned: 'unknown',
  unreadable: 'unknown',
  other: 'unknown',
  offline: 'unknown',
};
const SIGNS = { ok: '✓', warn: '!', bad: '✗', unknown: '?' };

/** The word for a verdict. Green only where everything that is required passed. */
export function wordOf({ kind, exitCode, report }) {
  if (kind === 'not-judged') return 'other';
  if (kind !== 'report') return kind;
  if (exitCode === 0) return report.fitness ? 'passed' : 'authentic';
  if (exitCode === 4) return 'unfit';
  if (exitCode === 1) return 'failed';
  return report.authenticity.subIndication === 'ROOT_NOT_PINNED' ? 'unpinned' : 'undecided';
}

function band(w, verdict) {
  const word = wordOf(verdict);
  const { report } = verdict;
  const sub = report?.authenticity.subIndication;
  const why = sub
    ? w.say(`sub-indication-${sub.toLowerCase().replaceAll('_', '-')}`)
    : code(`${verdict.code ?? ''} ${verdict.detail ?? ''}`.trim());
  const now = report?.fitness?.now;
  const values = {
    why,
    certificate: now ? w.say(`certificate-status-${now.certificate}`) : '',
    lot: now ? w.say(`lot-status-${now.lot}`) : '',
  };
  const id = word === 'authentic' ? 'v-passed-s' : `v-${word}-s`;
  // What bars it is told first, also where it is not known whose word that is.
  const barred = ['undecided', 'unpinned'].includes(word) && report?.fitness?.fit === false;
  const tone = barred ? 'warn' : TONES[word];
  return el(
    'div',
    { class: `band ${tone}`, 'data-verdict': word, 'data-exit': verdict.exitCode },
    el('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[tone]),
    barred ? el('p', { class: 'grave' }, sentence(w, 'v-barred-s', values)) : null,
    el('h2', { tabindex: '-1' }, w.say(`v-${word}`)),
    el('p', {}, sentence(w, id, values)),
    word === 'other' ? pre('tasdiq verify FILE --root z6Mk…') : null,
  );
}

function factsOf(w, report, schemes) {
  const { claims, fitness } = report;
  if (!claims) return null;
  const one = claims.certificate;
  const name = (names, plain) => names?.[w.language] ?? plain;
  const scheme = schemes[one.scheme];
  const status = (at) => [
    w.say(`certificate-status-${at.certificate}`),
    ' · ',
    w.say(`lot-status-${at.lot}`),
    ...(at.reason ? [' · ', w.say(`reason-${at.reason}`)] : []),
    ...(at.since ? [' · ', w.day(at.since)] : []),
    ...Object.entries(at.notice ?? {})
      .filter(([language]) => language === w.language)
      .map(([, text]) => el('p', {}, isolated(text))),
  ];
  const rows = [
    ['lot', code(claims.lot)],
    ['product', isolated(name(claims.productNames, claims.productName))],
    ['cooperative', isolated(name(claims.cooperativeNames, claims.cooperativeName))],
    ['certifier', isolated(name(one.certifierNames, one.certifierName))],
    ['scheme', el('span', { lang: 'fr' }, isolated(scheme?.[1] ?? one.scheme))],
    ['certificate', code(String(one.serial))],
    ['valid', `${w.day(one.validFrom)} – ${w.day(one.validUntil)}`],
    ['packed', w.day(`${claims.packedOn}T00:00:00Z`)],
    ['serial', claims.serial ? code(claims.serial.replace(/(.{4})(?=.)/g, '$1-')) : null],
    ['status', status(fitness.now)],
    ['at-packing', status(fitness.onPackingDate)],
  ];
  const shown = rows.filter(([, value]) => value !== null);
  const list = el(
    'dl',
    {},
    shown.map(([id, value]) => [el('dt', { lang: w.langOf(id) }, w.say(id)), el('dd', {}, value)]),
  );
  const hidden = [claims.productName, claims.cooperativeName, one.certifierName].some(
    (text) => String(text).replace(HIDDEN, '') !== text,
  );
  return hidden ? [list, el('p', { class: 'soft' }, w.say('hidden'))] : list;
}

/** The steps, each with the checks that it is made of. */
const STEPS = [
  ['s-label', ['host', 'label-signature', 'label-key', 'label-expiry', 'serial-issued']],
  ['s-trust', ['trust-snapshot']],
  ['s-statement', ['statement-profile', 'statement-signature', 'issuer-key', 'accreditation']],
  ['s-inclusion', ['inclusion']],
  ['s-checkpoint', ['checkpoint']],
  ['s-witnesses', ['witness-quorum']],
  [
    's-status',
    [
      'certificate-status',
      'lot-status',
      'inherited-status',
      'non-withdrawal',
      'pack',
      'status-freshness',
    ],
  ],
  ['s-goods', ['origin', 'custody', 'mass-balance']],
  ['s-form', ['format', 'manifest', 'records', 'binding']],
];

/** All steps of a verdict: of a code, with those of the dossier it rests on. */
function steps(w, verdict, context) {
  const laid = [...(verdict.dossier?.checks ?? []), ...verdict.report.checks];
  const seen = new Set();
  const once = laid.filter((one) => {
    const key = `${one.check} ${one.result} ${one.evidence}`;
    return !seen.has(key) && seen.add(key);
  });
  const items = STEPS.map(([id, names]) => {
    const own = once.filter((one) => names.includes(one.check));
    const more = extras(w, id, verdict, context);
    if (own.length === 0 && more.length === 0) return null;
    return el(
      'li',
      {},
      el('h3', {}, w.say(id)),
      el(
        'ul',
        {},
        own.map((one) => line(w, one)),
      ),
      more,
    );
  });
  return [el('h2', {}, w.say('steps')), el('ol', { class: 'steps' }, items)];
}

function line(w, { check, result, required, evidence }) {
  const grave = result !== 'pass' && required;
  return el(
    'li',
    { class: `${result}${grave ? ' grave' : ''}`, 'data-check': check },
    el('b', {}, w.say(`check-${check}`)),
    ' — ',
    w.say(`check-result-${result}`),
    evidence ? el('span', { class: 'soft' }, ' ', code(evidence)) : null,
  );
}

/** Bytes to copy, folded. */
function bytes(w, id, text) {
  const copy = () => navigator.clipboard?.writeText(text);
  return el(
    'details',
    {},
    el('summary', {}, `${w.say('bytes')}: ${w.say(id)}`),
    pre(text),
    el('button', { type: 'button', click: copy }, w.say('copy')),
  );
}

function extras(w, id, verdict, context) {
  const { label } = verdict.report.exhibits;
  const opened = verdict.dossier?.exhibits.dossier ?? null;
  const { trust } = context;
  if (id === 's-label' && label) {
    return [
      bytes(w, 'b-message', hex(signedBytes(label.label))),
      bytes(w, 'b-signature', hex(label.label.signature)),
      label.signer ? bytes(w, 'b-key', keyText(label.signer.record)) : null,
    ];
  }
  if (id === 's-trust' && trust) return root(w, trust, context);
  if (id === 's-statement') return opened ? statement(w, opened, trust) : [missing(w)];
  if (id === 's-inclusion') return opened ? path(w, opened) : [missing(w)];
  if (id === 's-checkpoint' && opened)
    return [bytes(w, 'b-note', opened.dossier.document.checkpoint)];
  if (id === 's-witnesses' && trust?.witnessPolicy)
    return [bytes(w, 'b-policy', trust.witnessPolicy)];
  return id === 's-status' ? events(w, verdict, opened) : [];
}

const missing = (w) => el('p', { class: 'soft' }, w.say('not-in-pack'));
const keyText = (key) =>
  `${key.verificationMethod}\n${key.publicKeyMultibase}\n${hex(multikey(key))}`;

function root(w, trust, { pinned }) {
  const told =
    pinned === null
      ? sentence(w, 'root-unpinned', { root: code(trust.root) })
      : sentence(w, 'root-typed', { root: code(pinned) });
  const chain = trust.roots.length > 1 ? el('p', {}, code(trust.roots.join(' → '))) : null;
  return [el('p', { class: pinned === null ? 'grave' : null }, told), chain];
}

function certificateEntry({ dossier, entries, leaves }) {
  const place = dossier.manifest.places.certificate;
  return {
    entry: entries.find((one) => one.mark.index === place),
    leaf: leaves.find((one) => one.leaf.index === place),
  };
}

function statement(w, opened, trust) {
  const { entry, leaf } = certificateEntry(opened);
  const { statement: said } = entry;
  const key = trust?.key(said.issuer, said.method);
  return [
    bytes(w, 'b-message', hex(said.message)),
    bytes(w, 'b-signature', hex(said.signature)),
    key ? bytes(w, 'b-key', keyText(key)) : null,
    bytes(w, 'b-leaf', jcsText(leaf.leaf)),
  ];
}

/** The way from the leaf to the root: at each step the hash beside it, and on which side. */
function path(w, opened) {
  const { leaf } = certificateEntry(opened);
  let [node, last] = [BigInt(leaf.leaf.index), opened.tree.size - 1n];
  const sides = leaf.proof.map(() => {
    const left = (node & 1n) === 1n || node === last;
    while (left && !(node & 1n) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    [node, last] = [node >> 1n, last >> 1n];
    return left;
  });
  const rungs = leaf.proof.map((hash, at) =>
    el(
      'li',
      { class: sides[at] ? 'from-left' : 'from-right' },
      code(`${hash.slice(0, 12)}…`),
      ` ${w.say(sides[at] ? 'left' : 'right')}`,
    ),
  );
  const size = w.number(opened.tree.size);
  return [
    el('p', {}, sentence(w, 'path', { size })),
    el(
      'ol',
      { class: 'path', dir: 'ltr' },
      el('li', { class: 'leaf' }, code(`${hex(leaf.hash).slice(0, 16)}…`)),
      rungs,
      el('li', { class: 'top' }, code(`${hex(opened.tree.root).slice(0, 16)}…`)),
    ),
    bytes(w, 'b-proof', leaf.proof.join('\n')),
  ];
}

function events(w, verdict, opened) {
  const document = opened?.dossier.document;
  if (!document) return [];
  const all = [...(document.certificateRecord.events ?? []), ...(document.lotRecord.events ?? [])];
  if (all.length === 0) return [el('p', { class: 'soft' }, w.say('no-events'))];
  return [
    el(
      'ul',
      {},
      all.map((event) =>
        el(
          'li',
          {},
          sentence(w, 'event', {
            action: w.say(`action-${event.action}`),
            date: w.day(event.effectiveFrom),
            by: code(event.by),
            index: code(String(event.mark.index)),
            reason: w.say(`reason-${event.reason}`),
          }),
        ),
      ),
    ),
  ];
}

function cannot(w, verdict, { trust, pinned }) {
  const { report } = verdict;
  const told = [
    report.exhibits.label ? 'cannot-copy' : null,
    pinned === null ? null : 'cannot-root',
    'cannot-page',
    trust ? 'cannot-later' : null,
    report.claims ? 'cannot-lot' : null,
  ];
  const date = trust ? w.instant(trust.issuedAt) : '';
  return [
    el('h2', {}, w.say('cannot')),
    el(
      'ul',
      {},
      told.filter((id) => id !== null).map((id) => el('li', {}, w.say(id, { date }))),
    ),
  ];
}

/** Everything about a verdict. `context`: trust or null, pinned root or null, schemes, command. */
export function shown(w, verdict, context) {
  const parts = [band(w, verdict)];
  if (verdict.report) {
    const { item, reading } = verdict.report;
    if (reading.foreignHost !== null) {
      parts.push(el('p', {}, sentence(w, 'foreign-host', { host: code(reading.foreignHost) })));
    }
    parts.push(
      el(
        'ul',
        { class: 'signals' },
        item.map((word) => el('li', {}, w.say(`signal-${word}`))),
      ),
    );
    parts.push(factsOf(w, verdict.report, context.schemes), steps(w, verdict, context));
    parts.push(cannot(w, verdict, context));
  }
  const line_ = pre(context.command ?? 'tasdiq verify FILE');
  return [
    ...parts.flat().filter((part) => part !== null),
    el('details', {}, el('summary', {}, w.say('command')), line_),
  ];
}
