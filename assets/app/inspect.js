// The inspector's desk in the browser: codes from a wedge, by hand, by camera, photos and files go
// to the service one after another, each answer takes the screen, and the day's are listed. Without
// this script the page is a form. Not here: any verdict, any word; both come from the service.
import { cameraOfDesk } from './inspect_controls.js';

/** A good result leaves the screen by itself after this time, in ms. */
const GOOD_MS = 4000;

/** How long an answer is waited for, in ms. */
const ANSWER_MS = 30000;

/** Results that are listed. */
const DAY_MAX = 1000;

const at = (id) => document.getElementById(id);
const desk = at('desk');
const code = at('code');
const result = at('result');
const day = at('day');
const queue = [];
const codes = [];
let busy = false;
let kept = null;
let timer = 0;

const policy = () => desk.querySelector('[name=policy]:checked').value;
const shown = () => desk.classList.contains('showing');

function form(fields) {
  const data = new FormData();
  for (const [name, value] of Object.entries({ policy: policy(), ...fields })) {
    for (const each of Array.isArray(value) ? value : [value]) data.append(name, each);
  }
  return data;
}

/** @param {FormData} data @param {string} accept */
function send(data, accept) {
  const signal = AbortSignal.timeout(ANSWER_MS);
  return fetch(desk.action, { method: 'POST', body: data, headers: { accept }, signal });
}

/** `label`: the code; undefined: the answer knows it; null: it is not listed. */
function push(data, label) {
  queue.push({ data, label });
  work();
}

async function work() {
  if (busy) return;
  busy = true;
  try {
    while (queue.length > 0) await one(queue.shift());
  } finally {
    busy = false;
  }
}

async function one({ data, label }) {
  let page = null;
  try {
    const answer = await send(data, 'text/html');
    page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  } catch {
    // Said below: it was not checked.
  }
  const found = page?.getElementById('result');
  const told = found?.dataset.tone ? found : page?.querySelector('.notice');
  show(told ?? at('lost').content.cloneNode(true).firstElementChild, label, data);
}

function show(told, label, data) {
  const tone = told.dataset.tone ?? 'unknown';
  const list = tone === 'list';
  kept = list ? data : kept;
  result.className = told.className === 'unkept' ? '' : told.className;
  result.replaceChildren(...(told.id === 'result' ? told.childNodes : [told]));
  desk.classList.add('showing');
  camera.paused = true;
  const text = label === undefined ? told.dataset.code : label;
  if (text) enter(tone, text);
  signal(tone);
  window.clearTimeout(timer);
  if (tone === 'ok') timer = window.setTimeout(next, GOOD_MS);
  code.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** One line of the day's list. */
function enter(tone, label) {
  const line = document.createElement('li');
  const word = document.createElement('span');
  word.className = `${tone}-word`;
  word.textContent = (result.querySelector('h1') ?? result.querySelector('b')).textContent;
  const what = document.createElement('bdi');
  what.textContent = result.querySelector('.what')?.textContent ?? label.slice(-40);
  line.append(word, ' ', what);
  const lines = day.querySelector('ol');
  lines.prepend(line);
  if (lines.children.length > DAY_MAX) lines.lastElementChild.remove();
  codes.push(label);
  if (codes.length > DAY_MAX) codes.shift();
  day.hidden = false;
}

/** A buzz and a tone that differ for what is good and what is not. */
function signal(tone) {
  const good = tone === 'ok';
  navigator.vibrate?.(good ? 60 : [120, 80, 120]);
  try {
    const audio = (signal.audio ??= new AudioContext());
    const sound = audio.createOscillator();
    sound.frequency.value = good ? 880 : 220;
    sound.connect(audio.destination);
    sound.start();
    sound.stop(audio.currentTime + (good ? 0.12 : 0.4));
  } catch {
    // No sound: the screen says it.
  }
}

/** Back to the desk, ready for the next one. */
function next() {
  window.clearTimeout(timer);
  desk.classList.remove('showing');
  result.className = '';
  result.replaceChildren();
  camera.paused = false;
  code.focus({ preventScroll: true });
}

function takeCode() {
  const text = code.value.trim();
  code.value = '';
  if (text !== '') push(form({ codes: text }), text);
  else if (shown()) next();
}

/** Everything else that is filled in: list, photo, files. */
async function takeRest() {
  const list = at('codes').value;
  const files = [...at('photo').files, ...at('file').files];
  if (list.trim() === '' && files.length === 0) return takeCode();
  const data = form({ codes: list, file: files });
  at('photo').value = at('file').value = at('codes').value = '';
  const format = desk.querySelector('[name=format]:checked').value;
  if (format !== 'page') return save(data, format);
  return push(data);
}

/** The same as a file. */
async function save(data, format) {
  data.set('format', format);
  try {
    const answer = await send(data, format === 'csv' ? 'text/csv' : 'application/json');
    if (!answer.ok) {
      data.delete('format');
      return push(data, null);
    }
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `tasdiq-results.${format}`;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), ANSWER_MS);
  } catch {
    show(at('lost').content.cloneNode(true).firstElementChild, null, data);
  }
}

desk.addEventListener('submit', (event) => {
  event.preventDefault();
  if (code.value.trim() !== '' || event.submitter?.closest('.find')) takeCode();
  else takeRest();
});
for (const id of ['photo', 'file']) at(id).addEventListener('change', takeRest);

// What a list's answer asks for goes out with what was sent, which only this page still has.
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[form=again], #again button');
  if (!button || !kept) return;
  event.preventDefault();
  const data = form({});
  for (const [name, value] of kept.entries()) if (name !== 'policy') data.append(name, value);
  if (button.name === 'only') {
    data.set('only', button.value);
    push(data, null);
  } else save(data, button.value);
});

day.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  save(form({ codes: codes.join('\n') }), event.submitter.value);
});

// A wedge types wherever the reader clicked last: it is led to the field.
document.addEventListener('keydown', (event) => {
  const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  const elsewhere = !event.target.closest('input:not([type=radio]):not([type=file]), textarea');
  if (typed && event.key !== ' ' && elsewhere) code.focus({ preventScroll: true });
});

const camera = cameraOfDesk((text) => push(form({ codes: text }), text));

try {
  const known = sessionStorage.getItem('policy');
  const chosen = known && desk.querySelector(`[name=policy][value="${CSS.escape(known)}"]`);
  if (chosen && !new URLSearchParams(location.search).has('policy')) chosen.checked = true;
  desk.addEventListener('change', () => sessionStorage.setItem('policy', policy()));
} catch {
  // Storage may be refused: the choice then lasts as long as the page.
}
