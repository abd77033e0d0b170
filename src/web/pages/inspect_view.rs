//! The inspector's desk as values for its template: where codes come in, under which policy, what
//! was wrong. Not here: what was found of one thing (`inspect_one`) and of many (`inspect_list`).

use askama::Template;

use super::app_files;
use super::frame::{Ask, Frame};
use super::inspect_input::{FILES_MAX, InputFault};
use super::words::Words;
use crate::limits::{INSPECT_CODES_MAX, PHOTO_BYTES_MAX, PHOTO_PIXELS_MAX};
use crate::verify::Policy;
use crate::web::App;

/// What can hinder a camera, by the words of `inspect_camera.js`.
const HINDERED: [(&str, &str); 7] = [
    ("insecure", "inspect-camera-insecure"),
    ("none", "inspect-camera-none"),
    ("refused", "inspect-camera-refused"),
    ("busy", "inspect-camera-busy"),
    ("absent", "inspect-camera-absent"),
    ("unplugged", "inspect-camera-unplugged"),
    ("failed", "inspect-camera-failed"),
];

#[derive(Template)]
#[template(path = "inspect.html")]
pub(super) struct FormPage {
    f: Frame,
    w: Words,
    /// What was wrong, with its code.
    fault: Option<(String, String)>,
    policies: Vec<(&'static str, String, bool)>,
    list_label: String,
    photo_hint: String,
    /// What hinders the camera: its word in the script, and in words.
    camera_told: Vec<(&'static str, String)>,
    /// The address of its script.
    script: String,
}

impl FormPage {
    pub fn of(app: &App, ask: &Ask, policy: Policy, fault: Option<&InputFault>) -> Self {
        let w = ask.w;
        let title = format!("{} – {}", w.t("inspect-title"), w.t("site-name"));
        let megabytes = (PHOTO_BYTES_MAX / 1_000_000).to_string();
        let choice = |each: Policy| {
            (each.name(), w.word("policy", each.name()).into_owned(), each == policy)
        };
        Self {
            f: ask.frame(app, title),
            w,
            fault: fault
                .map(|fault| (Self::words(w, fault), w.with("error-code", "code", fault.code))),
            policies: Policy::ALL.into_iter().map(choice).collect(),
            list_label: w.with("inspect-list-label", "count", &codes_max(w)),
            photo_hint: w.with("inspect-photo-hint", "size", &megabytes),
            camera_told: HINDERED.map(|(why, id)| (why, w.t(id).into_owned())).to_vec(),
            script: app_files::address("inspect.js"),
        }
    }

    /// What was wrong, in words.
    pub fn words(w: Words, fault: &InputFault) -> String {
        let megabytes = format!("{} MB", PHOTO_BYTES_MAX / 1_000_000);
        match fault.code {
            "nothing_to_check" => w.t("inspect-nothing").into_owned(),
            "too_many_codes" => w.with("inspect-too-many", "count", &codes_max(w)),
            "photo_without_qr" => w.t("inspect-photo-none").into_owned(),
            "photo_too_slow" => w.t("inspect-photo-slow").into_owned(),
            "photo_too_many_codes" => w.t("inspect-photo-many").into_owned(),
            "photo_busy" | "too_busy" => w.t("error-503-text").into_owned(),
            "photo_too_large" => {
                let pixels = (PHOTO_PIXELS_MAX / 1_000_000).to_string();
                let values = [("size", megabytes.as_str()), ("pixels", &pixels)];
                w.with_all("inspect-photo-large", &values)
            }
            "upload_too_large" => w.with("error-413-text", "limit", &megabytes),
            "upload_broken" => w.t("error-400-text").into_owned(),
            "too_many_files" => {
                let most = u64::try_from(FILES_MAX).unwrap_or(u64::MAX);
                w.with("inspect-too-many-files", "count", &w.number(most))
            }
            _ if fault.detail.is_empty() => w.t("inspect-file-unreadable").into_owned(),
            // What it is instead is told in English, isolated from the words around it.
            _ => format!("{} \u{2068}{}\u{2069}", w.t("inspect-file-unreadable"), fault.detail),
        }
    }
}

fn codes_max(w: Words) -> String {
    w.number(u64::try_from(INSPECT_CODES_MAX).unwrap_or(u64::MAX))
}
