//! How a reader passes a scan page on without scripts: a mail, a message, the address itself, and
//! the picture of the code on paper. Not here: the page.

use super::words::Words;
use crate::os::percent;

/// Ways to pass a page on.
pub(super) struct Share {
    pub mail: String,
    pub sms: String,
    /// The page's address, as people type it.
    pub address: String,
    /// The picture of the code; nothing loads it but a printer.
    pub code: Option<String>,
}

impl Share {
    /// Of a page with this title; `base` is the service's own address.
    pub fn of(w: Words, base: &str, path: &str, said: &[(&str, &str)], signed: bool) -> Self {
        let address = format!("{base}{path}");
        // Marks of direction belong to pages, not to mails.
        let plain = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
        let text = plain(w.with_all("share-text", said));
        let body = percent::value(&format!("{text}\n{address}"));
        Self {
            mail: format!("mailto:?subject={}&body={body}", percent::value(&text)),
            // iOS wants the ampersand, others allow it.
            sms: format!("sms:?&body={body}"),
            code: signed.then(|| format!("{path}?format=svg")),
            address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::Language;

    #[test]
    fn what_is_passed_on_cannot_leave_its_place() {
        let said = [("verdict", "OK"), ("product", "a&b=c\r\nBcc: x@y.example"), ("lot", "L#1?")];
        let w = Words { language: Language::En };
        let share = Share::of(w, "https://ledger.example", "/X/01/2", &said, true);
        let (head, body) = share.mail.split_once("&body=").unwrap();
        assert!(head.starts_with("mailto:?subject=OK%3A%20a%26b%3Dc%0D%0ABcc"), "{head}");
        assert!(!body.contains(['&', '#', '?', ' ', '\n', '\u{2068}']), "{body}");
        assert!(share.sms.ends_with(body) && share.sms.starts_with("sms:?&body="));
        assert_eq!(share.code.as_deref(), Some("/X/01/2?format=svg"));
    }
}
