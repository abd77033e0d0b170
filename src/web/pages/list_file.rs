//! A list of a page as a file: CSV or JSON with the same cells, as of which log size and root, a
//! part at a time, with how many there are. One way for every list. Not here: which rows there are.

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::error;
use super::frame::{Ask, Frame};
use super::table::Table;
use crate::ledger::View;
use crate::web::App;

/// Rows of one file: 5,000 x 0.4 kB; `Link` names the next one.
const ROWS_MAX: usize = 5_000;

/// What a file is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Csv,
    Json,
}

/// Part of a list, under its heads.
pub(super) struct Part {
    pub heads: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
    /// How many there are in all; and whether there may be more than were counted.
    pub total: usize,
    pub or_more: bool,
    /// The address of the next part.
    pub next: Option<String>,
}

/// All rows of a list, of which an address asks for a part.
pub(super) struct Rows<'a> {
    pub heads: Vec<&'static str>,
    pub all: Box<dyn Iterator<Item = Vec<String>> + 'a>,
}

/// Where a list is had as a file.
pub(super) struct FileLinks {
    pub csv: String,
    pub json: String,
}

impl Form {
    /// The form that an address asks for; None: the page.
    pub fn asked(ask: &Ask) -> Option<Self> {
        match ask.value("format")?.as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// A part of a list as an answer; `name` is plain ASCII, without an extension.
    pub fn answer(self, view: &View, name: &str, part: Part) -> Response {
        let table = Table { log_size: view.size, heads: part.heads, rows: part.rows };
        let next = part.next;
        let mut answer = match self {
            Self::Csv => table.answer(&format!("{name}.csv")),
            Self::Json => {
                let body = json!({
                    "log_size": view.size,
                    "root": view.root.to_string(),
                    "total": part.total,
                    "or_more": part.or_more,
                    "rows": objects(&table),
                    "next": next,
                });
                ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
            }
        };
        let link = next.map(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")));
        if let Some(Ok(link)) = link {
            answer.headers_mut().insert(header::LINK, link);
        }
        answer
    }
}

/// The rows by their heads.
fn objects(table: &Table<'_>) -> Vec<Value> {
    let row = |row: &Vec<String>| {
        let cells = table.heads.iter().zip(row);
        let cells = cells.map(|(head, cell)| ((*head).to_owned(), json!(cell)));
        Value::Object(cells.collect::<Map<_, _>>())
    };
    table.rows.iter().map(row).collect()
}

impl FileLinks {
    /// Of a list of the page at this path.
    pub fn of(f: &Frame, path: &str, list: &str) -> Self {
        let link = |form: Form| f.link(&format!("{path}?list={list}&format={}", form.word()));
        Self { csv: link(Form::Csv), json: link(Form::Json) }
    }
}

/// The file that an address asks for by `format` and `list`; None: the page. `rows_of` gives the
/// rows of a list that the page has.
pub(super) fn asked<'a>(
    app: &App,
    ask: &Ask,
    view: &View,
    rows_of: impl FnOnce(&str) -> Option<Rows<'a>>,
) -> Option<Response> {
    let form = Form::asked(ask)?;
    let list = ask.value("list").unwrap_or_default();
    let Some(rows) = rows_of(&list) else {
        let detail = format!("this page has no list {list:?}; its links name those it has");
        return Some(error::unknown(app, ask, "list_unknown", detail));
    };
    let from = ask.value("from").and_then(|text| text.parse::<usize>().ok()).unwrap_or_default();
    let root = view.root.hex();
    let mut part = Part {
        heads: std::iter::once("root_hex").chain(rows.heads).collect(),
        rows: Vec::new(),
        total: 0,
        or_more: false,
        next: None,
    };
    let end = from.saturating_add(ROWS_MAX);
    for row in rows.all {
        if (from..end).contains(&part.total) {
            part.rows.push(std::iter::once(root.clone()).chain(row).collect());
        }
        part.total = part.total.saturating_add(1);
    }
    part.next = (end < part.total).then(|| {
        let path = ask.own_path();
        format!("{path}?list={list}&format={}&from={end}", form.word())
    });
    Some(form.answer(view, &format!("tasdiq-{list}"), part))
}
