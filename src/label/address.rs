//! An address taken apart in the ways a label's may have been changed on its way: host, and path
//! segments decoded and folded to upper case (docs/FORMAT.md, reading a code).
//! Not a URL parser: only what scanners, routers and people hand over of a label (RFC 3986).

use unicode_general_category::{GeneralCategory, get_general_category};

use super::LabelError;
use super::dress::{LeftOut, TOKEN_LIKE_MIN, is_invisible};
use crate::names::{IdError, decode_segment};
use crate::statement::Domain;

/// Longest text taken for a code, in bytes: a label with the longest host, lot and serial, every
/// character of them escaped twice, has 111 + 5 * (106 + 32 + 20 + 20) + 30 = 1,031.
pub(super) const TEXT_BYTES_MAX: usize = 2_000;

/// Punctuation that may stand behind an address in a sentence; a lot number may end in it too.
pub(super) const TRAILING: &str = ".,;:!)]}>'\"";

/// Hosts of programs that put an address of their own around others.
const WRAPPERS: [&str; 7] = [
    "safelinks.protection.outlook.com",
    "urldefense.com",
    "urldefense.proofpoint.com",
    "l.facebook.com",
    "l.instagram.com",
    "www.google.com",
    "linkprotect.cudasvc.com",
];

/// How many marks of punctuation are taken off one by one, before all of them.
const TRAILING_STEPS: usize = 3;

/// One way to read an address.
#[derive(Clone, Debug)]
pub(super) struct Address {
    /// Lower case, without a port that the scheme has anyway; empty if the text had none.
    pub host: String,
    /// The host as it is written, lower case.
    pub written: String,
    /// What is wrong with the host.
    pub fault: Option<IdError>,
    /// Whether the scheme is `http`.
    pub plain_http: bool,
    /// Upper case.
    pub segments: Vec<String>,
    pub left_out: Vec<LeftOut>,
}

/// The ways to read `http(s)://HOST/...`, the exact one first; None if the text has no scheme.
pub(super) fn of_url(text: &str) -> Result<Option<Vec<Address>>, LabelError> {
    let relative = text.starts_with("//").then(|| format!("https:{text}"));
    let text = relative.as_deref().unwrap_or(text);
    let (text, escaped) = match unescaped_whole(text) {
        Some(whole) => (whole, true),
        None => (text.to_owned(), false),
    };
    let Some((scheme, rest)) = text.split_once("://") else { return Ok(None) };
    let plain_http = scheme.eq_ignore_ascii_case("http");
    if !plain_http && !scheme.eq_ignore_ascii_case("https") {
        // A path may quote an address in its query.
        return if scheme.contains(['/', '?']) {
            Ok(None)
        } else {
            Err(LabelError::foreign(&text))
        };
    }
    let mut ways = of_host_and_path(rest, plain_http);
    for way in ways.iter_mut().filter(|_| escaped) {
        way.leave_out(LeftOut::Escapes);
    }
    Ok(Some(ways))
}

/// The ways to read `HOST/...`.
pub(super) fn of_host_and_path(text: &str, plain_http: bool) -> Vec<Address> {
    let (written, path) = match text.find(['/', '?', '#']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let written = written.to_ascii_lowercase();
    let mut left_out = Vec::new();
    let host = written.trim();
    if host.len() != written.len() {
        left_out.push(LeftOut::Spaces);
    }
    let (name, rest) = host.split_at(host.find(':').unwrap_or(host.len()));
    let port = rest.strip_prefix(':').map(|port| port.trim_start_matches('0'));
    let usual = port.is_some_and(|port| port == if plain_http { "80" } else { "443" });
    let rest = if usual || rest == ":" {
        left_out.push(LeftOut::Port);
        ""
    } else {
        rest
    };
    let host = match name.strip_suffix('.').filter(|name| !name.is_empty()) {
        Some(name) => {
            left_out.push(LeftOut::HostDot);
            format!("{name}{rest}")
        }
        None => format!("{name}{rest}"),
    };
    let digits = rest.strip_prefix(':').is_none_or(|port| port.bytes().all(|b| b.is_ascii_digit()));
    let fault = match Domain::parse(&host) {
        Ok(_) if digits => None,
        Ok(_) => Some(IdError::HostForm { text: host.chars().take(40).collect() }),
        Err(error) => Some(error),
    };
    let mut ways = of_path(path);
    for way in &mut ways {
        way.host.clone_from(&host);
        way.written.clone_from(&written);
        way.fault.clone_from(&fault);
        way.plain_http = plain_http;
        way.left_out.splice(0..0, left_out.iter().copied());
    }
    ways
}

/// The ways to read a path: escapes undone once, not at all, or more often; with and without the
/// punctuation behind it, and without what no identifier ends in. Never empty.
pub(super) fn of_path(path: &str) -> Vec<Address> {
    let mut left_out = Vec::new();
    let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    for (part, note) in [(query, LeftOut::Query), (fragment, LeftOut::Fragment)] {
        if !part.is_empty() {
            left_out.push(note);
        }
    }
    let mut path = path.strip_prefix('/').unwrap_or(path);
    let before = path.len();
    while let Some(rest) = path.strip_prefix('/').or_else(|| path.strip_prefix("./")) {
        path = rest;
    }
    if path.len() != before {
        left_out.push(LeftOut::Slashes);
    }
    let mut ways = Vec::new();
    // A path that leads up is another's.
    let up = path.split('/').any(|part| part == "..");
    let texts = if up { vec![path] } else { without_trailing(path) };
    for (place, text) in texts.into_iter().enumerate() {
        let bare = if up { text } else { text.trim_end_matches('/') };
        for (segments, usual) in decoded(bare) {
            let mut way = Address::bare(segments);
            way.left_out.clone_from(&left_out);
            if text.len() - bare.len() > 0 {
                way.leave_out(LeftOut::Slashes);
            }
            if !usual {
                way.leave_out(LeftOut::Escapes);
            }
            if place > 0 {
                way.leave_out(LeftOut::Punctuation);
            }
            way.spell_token();
            ways.push(way);
        }
    }
    for (mut segments, usual) in decoded(path.trim_end_matches('/')) {
        let Some(last) = segments.pop().filter(|_| !segments.is_empty() && !up) else { continue };
        for end in ends(&last) {
            let mut way = Address::bare(segments.iter().cloned().chain([end]).collect());
            way.left_out.clone_from(&left_out);
            if !usual {
                way.leave_out(LeftOut::Escapes);
            }
            way.leave_out(LeftOut::Punctuation);
            way.spell_token();
            ways.push(way);
        }
    }
    ways
}

/// Steps in which what hangs on an identifier is taken off.
const ENDS_MAX: usize = 6;

/// Marks of HTML that stand for white space, quotes, or nothing to see.
const ENTITIES: [&str; 9] = ["NBSP", "QUOT", "GT", "LT", "LRM", "RLM", "ZWNJ", "SHY", "ENSP"];

/// An identifier at the end of a path without what hangs on it, a step at a time: only marks, never
/// a letter or digit, written in whatever way: those would be of another identifier.
fn ends(last: &str) -> Vec<String> {
    let steps = std::iter::successors(shorter(last), |text| shorter(text));
    steps.take(ENDS_MAX).filter(|end| !end.is_empty()).map(str::to_owned).collect()
}

/// Whether a character is punctuation, white space, nothing to see, or a picture, and none that a
/// lot may hold; never one that looks like a letter or digit.
fn is_mark(c: char) -> bool {
    use GeneralCategory::{
        ClosePunctuation, DashPunctuation, FinalPunctuation, InitialPunctuation, OpenPunctuation,
        OtherPunctuation,
    };
    if c.is_ascii() {
        return c.is_ascii_control() || " |~^`[]{}".contains(c);
    }
    let picture = matches!(c, '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{1f300}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1f9ff}');
    picture
        || c.is_whitespace()
        || is_invisible(c)
        || matches!(
            get_general_category(c),
            ClosePunctuation
                | DashPunctuation
                | FinalPunctuation
                | InitialPunctuation
                | OpenPunctuation
                | OtherPunctuation
        )
}

/// A text without the last mark that may hang on an identifier.
fn shorter(text: &str) -> Option<&str> {
    let html = text.strip_suffix(';').unwrap_or(text).rsplit_once('&');
    if let Some((rest, _)) = html.filter(|(_, mark)| ENTITIES.contains(mark)) {
        return Some(rest);
    }
    // Of what was escaped once more than the rest: white space alone.
    let escape = ["%20", "%0A", "%0D", "%09"].iter().find_map(|escape| text.strip_suffix(escape));
    if let Some(rest) = escape {
        return Some(rest);
    }
    if text.ends_with(is_mark) {
        return Some(text.trim_end_matches(is_mark));
    }
    text.strip_suffix(is_trailing)
}

impl Address {
    fn bare(segments: Vec<String>) -> Self {
        Self {
            host: String::new(),
            written: String::new(),
            fault: None,
            plain_http: false,
            segments,
            left_out: Vec::new(),
        }
    }

    fn leave_out(&mut self, what: LeftOut) {
        if !self.left_out.contains(&what) {
            self.left_out.push(what);
        }
    }

    /// Whether a mail or chat program put it around another address.
    pub fn is_wrapped(&self) -> bool {
        let own = |host: &&str| self.host == **host || self.host.ends_with(&format!(".{host}"));
        WRAPPERS.iter().any(own)
    }

    /// A form turns the token's `+` into a space.
    fn spell_token(&mut self) {
        let Some(first) = self.segments.first_mut() else { return };
        if first.chars().count() >= TOKEN_LIKE_MIN && first.contains(' ') {
            *first = first.replace(' ', "+");
            self.leave_out(LeftOut::Spaces);
        }
    }

    /// Where the segment stands that can be nothing but a token.
    pub fn token_at(&self) -> Option<usize> {
        self.segments.iter().position(|segment| segment.chars().count() >= TOKEN_LIKE_MIN)
    }

    /// The first segment if it can be nothing but a token, and the segments behind it.
    pub fn token(&self) -> Option<(&str, &[String])> {
        let (first, rest) = self.segments.split_first()?;
        (first.chars().count() >= TOKEN_LIKE_MIN).then_some((first, rest))
    }
}

/// A text, then the same without the punctuation behind it: a mark less at a time, at last without
/// any.
pub(super) fn without_trailing(text: &str) -> Vec<&str> {
    let mut texts = vec![text];
    let mut rest = text;
    while let Some(shorter) = rest.trim_end().trim_end_matches('/').strip_suffix(is_trailing) {
        rest = shorter;
        if texts.len() > TRAILING_STEPS {
            texts.truncate(TRAILING_STEPS + 1);
        }
        texts.push(rest);
    }
    texts
}

fn is_trailing(c: char) -> bool {
    TRAILING.contains(c)
}

/// The segments with their escapes undone once; where that cannot be, or where escapes stay, also
/// as they are, or undone twice or three times. Whether it is the usual way: only a lot has
/// escapes, and once.
fn decoded(path: &str) -> Vec<(Vec<String>, bool)> {
    // A path that was escaped as a whole.
    let lower = path.to_ascii_lowercase();
    let whole = lower.split('/').next().is_some_and(|first| first.contains("%2f"));
    let whole = if whole { decode_segment(path) } else { None };
    if let Some(path) = whole {
        return decoded(&path).into_iter().map(|(segments, _)| (segments, false)).collect();
    }
    let fold = |segments: Vec<String>| -> Vec<String> {
        segments.into_iter().map(|segment| segment.to_ascii_uppercase()).collect()
    };
    let written: Vec<String> = path.split('/').map(str::to_owned).collect();
    if !path.contains('%') {
        return vec![(fold(written), true)];
    }
    let undo = |segments: &[String]| -> Option<Vec<String>> {
        segments.iter().map(|segment| decode_segment(segment)).collect()
    };
    let in_token = written.first().is_some_and(|first| first.contains('%'));
    let once = undo(&written);
    let more = |way: &Option<Vec<String>>| {
        way.as_deref().and_then(undo).filter(|next| Some(next) != way.as_ref())
    };
    let twice = more(&once);
    // A lot's own escapes, in an address that was escaped twice.
    let thrice = more(&twice);
    let once = once.map(|once| (fold(once), !in_token));
    let others = [Some(written), twice, thrice].into_iter().flatten();
    let others = others.map(|way| (fold(way), false));
    once.into_iter().chain(others).collect()
}

/// An address of which every mark was escaped: `https%3A%2F%2F...`.
fn unescaped_whole(text: &str) -> Option<String> {
    let lower = text.get(..14)?.to_ascii_lowercase();
    let escaped = lower.starts_with("http") && lower.contains("%2f") && !text.contains("://");
    escaped.then(|| decode_segment(text)).flatten().filter(|text| text.contains("://"))
}

/// An identifier in its one canonical spelling: a label is read by machines, so a lenient reading
/// (`O` for `0`, a shorter GTIN) would only hide damage. `lengths` are those it can have: of
/// another length it was cut, not changed.
pub(super) fn exact<T>(
    text: &str,
    lengths: std::ops::RangeInclusive<usize>,
    parse: fn(&str) -> Result<T, IdError>,
    spelling: fn(&T) -> &str,
) -> Result<T, LabelError> {
    let cut = !lengths.contains(&text.chars().count());
    let value = parse(text).map_err(|error| LabelError::Damaged { error, cut })?;
    if spelling(&value) == text {
        Ok(value)
    } else if cut {
        Err(LabelError::Cut)
    } else {
        Err(LabelError::Malformed { reason: "an identifier is not in its canonical spelling" })
    }
}
