// The words of the page in its four languages: those of the pages of the service come from
// `assets/locales` (built in as data), those that are only here stand in `words_*.js`.
// Not here: what is said when (`page`).
import { AR } from './words_ar.js';
import { EN } from './words_en.js';
import { ES } from './words_es.js';
import { FR } from './words_fr.js';

const OWN = { fr: FR, ar: AR, en: EN, es: ES };
export const LANGUAGES = [
  ['fr', 'Français'],
  ['ar', 'العربية'],
  ['en', 'English'],
  ['es', 'Español'],
];
const TAGS = { fr: 'fr', ar: 'ar-MA', en: 'en', es: 'es' };

/** The best of the languages a reader asks for; French for who asks for nothing, else English. */
export function chosen(asked) {
  const known = asked.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => tag in OWN);
  return known ?? (asked.length === 0 ? 'fr' : 'en');
}

/** A reader's words: `shared` are those of the service's pages by language. */
export function wordsIn(language, shared) {
  const all = { ...shared.en, ...shared[language], ...OWN[language] };
  const say = (id, values = {}) => {
    const text = all[id] ?? OWN.en[id] ?? id;
    return text.replace(/\{ ?\$?(\w+) ?\}/g, (whole, name) => values[name] ?? whole);
  };
  const day = (time) =>
    new Intl.DateTimeFormat(`${TAGS[language]}-u-nu-latn`, {
      timeZone: 'UTC',
      dateStyle: 'long',
    }).format(new Date(time));
  const instant = (time) => `${day(time)}, ${time.slice(11, 16)} UTC`;
  const number = (value) => new Intl.NumberFormat(`${TAGS[language]}-u-nu-latn`).format(value);
  return { language, say, day, instant, number, dir: language === 'ar' ? 'rtl' : 'ltr' };
}
