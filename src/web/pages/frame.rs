//! What all pages share: the request's language and address, the frame around a page, and the
//! headers of its answer. One request a page: style is in its head, and nothing else is loaded.

use std::sync::OnceLock;

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use sha2::{Digest, Sha256};

use super::words::{Words, lang_of};
use super::{font, foreign};
use crate::web::language::Language;
use crate::web::{App, PERMISSIONS_POLICY};

/// The style of every page.
const CSS: &str = include_str!("../../../assets/page.css");

/// The style of pages that draw goods, behind that of every page.
const DRAWN_CSS: &str = include_str!("../../../assets/goods.css");

/// The style of lists and of the inspector's page, behind that of every page.
const LISTS_CSS: &str = include_str!("../../../assets/lists.css");

/// Longest query that links to the same page keep, in bytes.
const QUERY_KEPT_BYTES_MAX: usize = 2_048;

/// What a request asks for, as far as every page cares.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub w: Words,
    /// Path as sent.
    pub path: String,
    /// Query as sent, without `?`.
    pub query: String,
    /// The host it was sent to, if it said so.
    accept: String,
}

/// The frame around a page.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub w: Words,
    pub title: String,
    pub demo: bool,
    pub languages: Vec<LanguageLink>,
    suffix: String,
}

/// A link to the same page in another language.
#[derive(Clone, Debug)]
pub(super) struct LanguageLink {
    pub href: String,
    pub code: &'static str,
    pub name: &'static str,
    pub current: bool,
}

impl Ask {
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        Self {
            w: Words::asked(uri.query(), headers),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            accept: accept.unwrap_or_default().to_owned(),
        }
    }

    /// The path for links to this very page. Two slashes at its beginning, or what browsers take
    /// for them, would lead to another host.
    pub fn own_path(&self) -> String {
        format!("/{}", self.path.trim_start_matches(['/', '\\']))
    }

    /// Forgets what a page does not depend on: all of the query but the language.
    pub fn without_query(self) -> Self {
        let language = lang_of(&self.query).map(|_| format!("lang={}", self.w.language.code()));
        Self { query: language.unwrap_or_default(), ..self }
    }

    /// A value of the query, percent-decoded.
    pub fn value(&self, name: &str) -> Option<String> {
        let pair = self.query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key == name).then_some(value)
        })?;
        let text = decode(pair).trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// Whether the client asks for this media type by name, before HTML.
    pub fn wants(&self, media: &str) -> bool {
        let place = |kind: &str| self.accept.find(kind);
        match (place(media), place("text/html")) {
            (Some(asked), Some(html)) => asked < html,
            (asked, None) => asked.is_some(),
            (None, Some(_)) => false,
        }
    }

    /// Whether the client takes HTML: a browser names it; a program that names nothing does not.
    pub fn takes_html(&self) -> bool {
        self.accept.contains("text/html")
    }

    /// The frame of a page with this title.
    pub fn frame(&self, app: &App, title: impl Into<String>) -> Frame {
        let kept = |pair: &&str| !pair.is_empty() && !pair.starts_with("lang=");
        let others: String = self
            .query
            .split('&')
            .filter(|pair| self.query.len() <= QUERY_KEPT_BYTES_MAX && kept(pair))
            .map(|pair| format!("&{pair}"))
            .collect();
        let link = |language: Language| LanguageLink {
            href: format!("{}?lang={}{others}", self.own_path(), language.code()),
            code: language.code(),
            name: language.autonym(),
            current: language == self.w.language,
        };
        let explicit = lang_of(&self.query).is_some();
        Frame {
            w: self.w,
            title: title.into(),
            demo: app.ledger.config().demo,
            languages: Language::ALL.into_iter().map(link).collect(),
            suffix: if explicit {
                format!("lang={}", self.w.language.code())
            } else {
                String::new()
            },
        }
    }
}

impl Frame {
    pub fn css(&self) -> &'static str {
        CSS
    }

    pub fn drawn_css(&self) -> &'static str {
        DRAWN_CSS
    }

    pub fn lists_css(&self) -> &'static str {
        LISTS_CSS
    }

    /// Of a page in Amazigh the style that brings its letters; else nothing.
    pub fn font_css(&self) -> &'static str {
        if self.w.language == Language::Zgh { font::css() } else { "" }
    }

    /// Of a page in a language that is complete in few words, the language of the rest.
    pub fn partial(&self) -> bool {
        self.w.language != self.w.language.fallback()
    }

    /// A link to another page of this service, in the language chosen here.
    pub fn link(&self, path: &str) -> String {
        match self.suffix.as_str() {
            "" => path.to_owned(),
            suffix if path.contains('?') => format!("{path}&{suffix}"),
            suffix => format!("{path}?{suffix}"),
        }
    }

    /// The language chosen by the reader, for forms; empty if the browser chose it.
    pub fn chosen(&self) -> &'static str {
        if self.suffix.is_empty() { "" } else { self.w.language.code() }
    }
}

/// The answer that holds a page.
pub(super) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let (language, html) = finished(html);
            (status, headers(language), html).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The answer that holds a page with scripts of this service, which may use the camera.
pub(super) fn scripted(status: StatusCode, template: &impl Template) -> Response {
    let mut answer = page(status, template);
    let head = answer.headers_mut();
    let policy = head.get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok());
    let policy = policy.unwrap_or("default-src 'none'").replace(
        "img-src 'self' data:;",
        "img-src 'self' blob: data:; media-src blob:; script-src 'self'; connect-src 'self'; \
         worker-src 'self';",
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        head.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    head.insert(PERMISSIONS_POLICY, HeaderValue::from_static("camera=(self)"));
    answer
}

/// A page as it is sent, and the language it says it is in: what its language has no text for is
/// marked.
pub(super) fn finished(html: String) -> (Language, String) {
    let head = html.split_once("<html lang=\"").and_then(|(_, rest)| rest.split('"').next());
    let language = head.and_then(Language::of_tag).unwrap_or(Language::Fr);
    let fallback = language.fallback();
    if language == fallback {
        return (language, html);
    }
    let marked = foreign::marked(&html, language.tag(), fallback.tag());
    (language, marked)
}

/// The content security policy of pages in a language: a font comes with Amazigh alone.
fn policy(language: Language) -> &'static str {
    static POLICIES: [OnceLock<String>; 2] = [const { OnceLock::new() }; 2];
    let lettered = language == Language::Zgh;
    let [plain, amazigh] = &POLICIES;
    let cell = if lettered { amazigh } else { plain };
    cell.get_or_init(|| {
        let hash = |css: &str| {
            let digest = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(css));
            format!("'sha256-{digest}'")
        };
        let (every, drawn, lists) = (hash(CSS), hash(DRAWN_CSS), hash(LISTS_CSS));
        let (style, font) = match lettered {
            true => (format!(" {}", hash(font::css())), " font-src data:;"),
            false => (String::new(), ""),
        };
        format!(
            "default-src 'none'; style-src {every} {drawn} {lists}{style}; \
             img-src 'self' data:;{font} form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
    })
}

/// Headers of every page: never kept beyond a few seconds, no scripts, nothing from elsewhere.
pub(super) fn headers(language: Language) -> HeaderMap {
    let fixed = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "accept, accept-language, accept-encoding"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let mut headers: HeaderMap =
        fixed.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
    let policy = HeaderValue::from_static(policy(language));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers
}

/// Undoes `+` and percent escapes of a form value; what is no UTF-8 is replaced.
pub(super) fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    crate::names::decode_segment(&spaced).unwrap_or(spaced)
}
