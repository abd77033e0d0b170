//! Why, and what the public should know of it: options of the verbs that change a status.

use std::collections::BTreeMap;

use anyhow::Context;

use crate::statement::Reason;

/// What the public should know.
#[derive(Debug, Clone, clap::Args)]
pub struct Notices {
    /// What the public should know, in French.
    #[arg(long, value_name = "TEXT")]
    notice_fr: Option<String>,
    /// In Arabic.
    #[arg(long, value_name = "TEXT")]
    notice_ar: Option<String>,
    /// In English.
    #[arg(long, value_name = "TEXT")]
    notice_en: Option<String>,
    /// In Spanish.
    #[arg(long, value_name = "TEXT")]
    notice_es: Option<String>,
    /// In Amazigh.
    #[arg(long, value_name = "TEXT")]
    notice_zgh: Option<String>,
}

impl Notices {
    /// The texts given, by language.
    #[must_use]
    pub fn by_language(&self) -> BTreeMap<String, String> {
        let texts = [
            ("fr", &self.notice_fr),
            ("ar", &self.notice_ar),
            ("en", &self.notice_en),
            ("es", &self.notice_es),
            ("zgh", &self.notice_zgh),
        ];
        let given = texts.into_iter().filter_map(|(code, text)| Some((code, text.clone()?)));
        given.map(|(code, text)| (code.to_owned(), text)).collect()
    }
}

/// A reason by its code.
///
/// # Errors
/// An unknown one.
pub fn reason_of(text: &str) -> anyhow::Result<Reason> {
    text.parse()
        .ok()
        .with_context(|| format!("--reason {text:?} is unknown; see tasdiq status --help"))
}
