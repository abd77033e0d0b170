//! Marks, on a page in a language that few texts exist in, what is in the one they fall back to:
//! each element whose own words are not in the page's script gets that `lang`. So a screen reader
//! reads each with the right voice, whatever template it came from. Not here: the texts.
//! It reads the service's own pages, in which all that people wrote is escaped.

/// Elements without an end tag.
const VOID: [&str; 5] = ["meta", "link", "br", "input", "img"];

/// An open element.
struct Open<'a> {
    name: &'a str,
    /// Where an attribute could be added, in what was written.
    end: usize,
    /// The language of what is in it, if it says so or was given it.
    lang: Option<&'a str>,
}

/// The page with `lang` on what is not in the page's own script. `own` and `fallback` are tags; the
/// page's script is Tifinagh.
pub(super) fn marked<'a>(html: &'a str, own: &'a str, fallback: &'a str) -> String {
    let mut out = String::with_capacity(html.len().saturating_add(2_048));
    let mut open: Vec<Open<'a>> = Vec::new();
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        told(&mut out, &mut open, text, own, fallback);
        let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
        rest = after;
        out.push('<');
        out.push_str(inside);
        if let Some(name) = inside.strip_prefix('/') {
            let place = open.iter().rposition(|element| element.name == name);
            open.truncate(place.unwrap_or(open.len()));
        } else {
            rest = opened(&mut out, &mut open, inside, rest, (own, fallback));
        }
        out.push('>');
    }
    out.push_str(rest);
    out
}

/// Takes a start tag that was written up to its `>`; gives what is left to read.
fn opened<'a>(
    out: &mut String,
    open: &mut Vec<Open<'a>>,
    inside: &'a str,
    rest: &'a str,
    (own, fallback): (&'a str, &'a str),
) -> &'a str {
    let name = inside.split([' ', '/']).next().unwrap_or_default();
    let mut lang = attribute(inside, "lang");
    if lang.is_none() && attribute(inside, "aria-label").is_some_and(is_other) {
        let known = innermost(open).is_some_and(|known| known != own);
        if !known {
            out.push_str(&format!(" lang=\"{fallback}\""));
            lang = Some(fallback);
        }
    }
    if name == "style" {
        // Raw text: no tags in it.
        let end = rest.find("</style").unwrap_or(rest.len());
        let (style, after) = rest.split_at(end);
        out.push('>');
        out.push_str(style);
        let after = after.strip_prefix("</style>").unwrap_or(after);
        out.push_str("</style");
        return after;
    }
    if !VOID.contains(&name) && !inside.ends_with('/') && !inside.starts_with('!') {
        open.push(Open { name, end: out.len(), lang });
    }
    rest
}

/// Writes the words of the innermost element, and gives it their language.
fn told<'a>(out: &mut String, open: &mut [Open<'a>], text: &str, own: &'a str, fallback: &'a str) {
    let own_script = text.chars().any(is_tifinagh);
    let wanted = if own_script { own } else { fallback };
    let known = innermost(open);
    // What is marked as a language of its own, a party's name, stays so.
    let settled = known.is_some_and(|known| known == wanted || known != own && !own_script);
    if let Some(element) = open.last_mut()
        && !settled
        && element.lang.is_none()
        && (own_script || is_other(text))
    {
        out.insert_str(element.end, &format!(" lang=\"{wanted}\""));
        element.lang = Some(wanted);
    }
    out.push_str(text);
}

/// The language that holds where the innermost element is.
fn innermost<'a>(open: &[Open<'a>]) -> Option<&'a str> {
    open.iter().rev().find_map(|element| element.lang)
}

/// The value of an attribute of a start tag.
fn attribute<'a>(inside: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = inside.split('"');
    while let (Some(before), Some(value)) = (parts.next(), parts.next()) {
        if before
            .trim_start()
            .strip_suffix('=')
            .is_some_and(|head| head.rsplit(' ').next() == Some(name))
        {
            return Some(value);
        }
    }
    None
}

/// Words of another script than the page's: letters, beside those of escapes.
fn is_other(text: &str) -> bool {
    let mut escape = false;
    text.chars().any(|c| {
        match c {
            '&' => escape = true,
            ';' => escape = false,
            _ => {}
        }
        !escape && c.is_alphabetic() && !is_tifinagh(c)
    })
}

fn is_tifinagh(c: char) -> bool {
    matches!(c, '\u{2d30}'..='\u{2d7f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_in_the_pages_script_says_its_language() {
        let page = "<html lang=\"zgh\"><head><title>Lot</title><style>p > b{}</style></head>\
                    <body><p>ⴰⵥⵓⵕ <b>Souss</b> <bdi lang=\"ar\">سوس</bdi> 12</p>\
                    <nav aria-label=\"Langue\"><a href=\"/?a=1\">Voir<br>ici</a></nav>\
                    <dt>Lot&#39;s <i>ⵜⴰⵎⵏⴰⴹⵜ</i></dt></body></html>";
        let told = "<html lang=\"zgh\"><head><title lang=\"fr\">Lot</title><style>p > b{}</style></head>\
                    <body><p>ⴰⵥⵓⵕ <b lang=\"fr\">Souss</b> <bdi lang=\"ar\">سوس</bdi> 12</p>\
                    <nav aria-label=\"Langue\" lang=\"fr\"><a href=\"/?a=1\">Voir<br>ici</a></nav>\
                    <dt lang=\"fr\">Lot&#39;s <i lang=\"zgh\">ⵜⴰⵎⵏⴰⴹⵜ</i></dt></body></html>";
        assert_eq!(marked(page, "zgh", "fr"), told);
    }

    #[test]
    fn a_page_that_breaks_off_is_written_as_far_as_it_goes() {
        for page in ["", "<", "a<b", "</p>", "<p", "<style>", "<p lang=\"", "x</html><p>é"] {
            let told = marked(page, "zgh", "fr");
            assert!(told.len() + 1 >= page.len(), "{page} {told}");
        }
    }
}
