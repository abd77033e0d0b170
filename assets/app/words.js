// The words of the page: ids once, by how they begin, and for each language its texts in that
// order, as `browser` takes them out of `assets/locales`. In Amazigh few words are reviewed; the
// rest is said in French. Not here: what is said when (`page`).

export const LANGUAGES = [
  ['fr', 'Français'],
  ['ar', 'العربية'],
  ['en', 'English'],
  ['es', 'Español'],
  ['zgh', 'ⵜⴰⵎⴰⵣⵉⵖⵜ'],
];
/** Other tags of what is read as Amazigh. */
const AMAZIGH = ['ber', 'tzm', 'shi', 'rif'];

/** The best of the languages a reader asks for; French for who asks for nothing, else English. */
export function chosen(asked) {
  const tags = asked.map((tag) => tag.toLowerCase().split('-')[0]);
  const ours = tags.map((tag) => (AMAZIGH.includes(tag) ? 'zgh' : tag));
  const known = ours.find((tag) => LANGUAGES.some(([own]) => own === tag));
  return known ?? (asked.length === 0 ? 'fr' : 'en');
}

/** A reader's words; `spoken` is the language of all that has no `langOf` its own. */
export function wordsIn(language, words) {
  const spoken = language === 'zgh' ? 'fr' : language;
  const own = language === 'zgh' ? words.zgh : {};
  const lines = words[spoken].split('\n');
  const families = Object.entries(words.ids);
  const ids = families.flatMap(([start, rest]) => rest.split(' ').map((id) => start + id));
  const texts = ids.map((id, at) => [id, lines[at]]);
  const all = { ...Object.fromEntries(texts), ...own };
  const say = (id, values = {}) =>
    (all[id] ?? id).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const tag = `${spoken === 'ar' ? 'ar-MA' : spoken}-u-nu-latn`;
  const day = (time) =>
    new Intl.DateTimeFormat(tag, { timeZone: 'UTC', dateStyle: 'long' }).format(new Date(time));
  return {
    language,
    spoken,
    say,
    day,
    langOf: (id) => (id in own && id !== 'partial' ? 'zgh' : null),
    instant: (time) => `${day(time)}, ${time.slice(11, 16)} UTC`,
    number: (value) => new Intl.NumberFormat(tag).format(value),
    partial: own.partial ?? '',
    dir: language === 'ar' ? 'rtl' : 'ltr',
  };
}
