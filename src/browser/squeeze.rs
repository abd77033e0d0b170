//! JavaScript without its comments and the space that only people need: texts, templates, regular
//! expressions, names and the order of lines stay as they are. Not a parser: it knows where pieces
//! begin and end, as far as the modules of `assets/app` need it.

/// Marks behind which a statement goes on, so that the end of their line says nothing.
const OPEN: &str = "{([,=&|?:";

/// Marks before which a statement goes on.
const CLOSING: &str = "})],.?:&|";

/// Words behind which a slash begins a regular expression.
const BEFORE_EXPRESSION: [&str; 12] = [
    "return", "typeof", "case", "in", "of", "else", "do", "await", "yield", "new", "throw", "void",
];

/// What a piece of the source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// White space or a comment: a gap.
    Gap,
    /// A name, keyword or number.
    Word,
    /// A text, a part of a template, a regular expression.
    Literal,
    /// Any other character.
    Mark,
}

/// A module without what is left out: gaps, and the commas behind the last of a list.
pub(super) fn squeezed(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut gap = String::new();
    for (kind, piece) in pieces(source) {
        if kind == Kind::Gap {
            gap.push_str(piece);
            continue;
        }
        if let Some(between) = between(&out, &gap, piece) {
            out.push(between);
        }
        gap.clear();
        // A comma behind the last of a list says nothing; behind another it stands for a gap.
        if kind == Kind::Mark && [")", "]", "}"].contains(&piece) && is_last_comma(&out) {
            out.pop();
        }
        out.push_str(piece);
    }
    out.push('\n');
    out
}

/// What must stand in place of a gap; None: nothing.
fn between(before: &str, gap: &str, after: &str) -> Option<char> {
    let (last, first) = (before.chars().next_back()?, after.chars().next()?);
    if gap.is_empty() {
        return None;
    }
    if gap.contains('\n') {
        return (!OPEN.contains(last) && !CLOSING.contains(first)).then_some('\n');
    }
    let joined = is_of_word(last) && is_of_word(first);
    let doubled = last == first && "+-/".contains(last);
    (joined || doubled).then_some(' ')
}

fn is_last_comma(out: &str) -> bool {
    let mut letters = out.chars().rev();
    letters.next() == Some(',') && letters.next().is_some_and(|before| !",[(".contains(before))
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || "_$#".contains(letter)
}

/// All pieces of a source, in order; together they are the source.
pub(super) fn pieces(source: &str) -> Vec<(Kind, &str)> {
    let mut found = Vec::new();
    let mut reader = Reader { rest: source, templates: Vec::new(), value: false };
    while let Some(piece) = reader.next() {
        found.push(piece);
    }
    found
}

/// Where in a source the next piece begins, and what that depends on.
struct Reader<'a> {
    rest: &'a str,
    /// Of each template that is open, the braces that are open in the expression within it.
    templates: Vec<usize>,
    /// Whether what stood last was a value, so that a slash divides.
    value: bool,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Kind, &'a str)> {
        let first = self.rest.chars().next()?;
        let (kind, length) = match first {
            _ if first.is_whitespace() => (Kind::Gap, run(self.rest, char::is_whitespace)),
            '/' if self.rest.starts_with("//") => (Kind::Gap, run(self.rest, |c| c != '\n')),
            '/' if self.rest.starts_with("/*") => (Kind::Gap, through(self.rest, "*/")),
            '"' | '\'' => (Kind::Literal, quoted(self.rest, first)),
            '`' => (Kind::Literal, self.template()),
            '}' if self.templates.last() == Some(&0) => {
                self.templates.pop();
                (Kind::Literal, self.template())
            }
            '/' if !self.value => (Kind::Literal, expression(self.rest)),
            _ if is_of_word(first) => (Kind::Word, run(self.rest, is_of_word)),
            _ => (Kind::Mark, first.len_utf8()),
        };
        let (piece, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.note(kind, piece);
        Some((kind, piece))
    }

    fn note(&mut self, kind: Kind, piece: &str) {
        self.value = match kind {
            Kind::Gap => return,
            Kind::Word => !BEFORE_EXPRESSION.contains(&piece),
            Kind::Literal => !piece.ends_with("${"),
            Kind::Mark => [")", "]", "}"].contains(&piece),
        };
        if let Some(open) = self.templates.last_mut().filter(|_| kind == Kind::Mark) {
            match piece {
                "{" => *open = open.saturating_add(1),
                "}" => *open = open.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// A template from a grave accent or the end of an expression to the next such.
    fn template(&mut self) -> usize {
        let mut escaped = false;
        let mut dollar = false;
        for (at, letter) in self.rest.char_indices().skip(1) {
            let end = at.saturating_add(1);
            match letter {
                _ if escaped => escaped = false,
                '`' => return end,
                '{' if dollar => {
                    self.templates.push(0);
                    return end;
                }
                _ => escaped = letter == '\\',
            }
            dollar = letter == '$';
        }
        self.rest.len()
    }
}

/// How far letters of one sort go.
fn run(text: &str, goes_on: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !goes_on(letter)).unwrap_or(text.len())
}

/// How far it is to the end of this mark.
fn through(text: &str, mark: &str) -> usize {
    text.find(mark).map_or(text.len(), |at| at.saturating_add(mark.len()))
}

/// The length of a text in quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            _ if letter == quote => return at.saturating_add(1),
            _ => escaped = letter == '\\',
        }
    }
    text.len()
}

/// The length of a regular expression with its flags: a slash within brackets does not end it.
fn expression(text: &str) -> usize {
    let (mut escaped, mut bracket) = (false, false);
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => bracket = true,
            ']' => bracket = false,
            '/' if !bracket => {
                let end = at.saturating_add(1);
                let flags = text.get(end..).unwrap_or_default();
                return end.saturating_add(run(flags, char::is_alphanumeric));
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comments_and_idle_space_go() {
        let cases = [
            ("const a = 1; // one\nconst b = 2;", "const a=1;\nconst b=2;\n"),
            ("/** A\n * list. */\nf(\n  a,\n  b,\n);", "f(a,b);\n"),
            ("x = 'a // b  /* c */';", "x='a // b  /* c */';\n"),
            ("x = \"it\\\"s  // \";", "x=\"it\\\"s  // \";\n"),
            (
                "y = `a // ${ f({ b : 1 }) }  // ${ `/* ${c}  ` } `;",
                "y=`a // ${f({b:1})}  // ${`/* ${c}  `} `;\n",
            ),
            (
                "r = /[/\\]\"'`]  \\/\\//g.test(a) / 2 / b;",
                "r=/[/\\]\"'`]  \\/\\//g.test(a)/2/b;\n",
            ),
            (
                "return /'/ . test(x);\nlet y = a[0] / 2; // 'x",
                "return/'/.test(x);\nlet y=a[0]/2;\n",
            ),
            ("a = b + +c - -d + e++ + f;", "a=b+ +c- -d+e++ +f;\n"),
            ("a\n++b;\nreturn\nx", "a\n++b;\nreturn\nx\n"),
            ("const f = async (x) => await x ?? null;", "const f=async(x)=>await x??null;\n"),
            ("a\n  .b()\n  ?.c;\n[1].d();", "a.b()?.c;\n[1].d();\n"),
            (
                "class A {\n  #b = 1;\n\n  get b() {\n    return this.#b;\n  }\n}",
                "class A{#b=1;\nget b(){return this.#b;}}\n",
            ),
        ];
        for (source, expected) in cases {
            assert_eq!(squeezed(source), expected, "{source}");
            assert_eq!(squeezed(expected), expected, "{source}");
        }
        // What has no end harms nobody.
        for odd in ["'", "`a${", "/[", "/*", "}", "\u{2d30}\u{2028}"] {
            assert_eq!(pieces(odd).iter().map(|(_, piece)| *piece).collect::<String>(), odd);
        }
    }
}
