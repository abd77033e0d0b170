//! `/api/v1/label-sheets`: labels as they are printed, on A4 sheets, as pictures, for label
//! printers. With serials only for who had them issued, in a signed request. Not here: the layout
//! (`sheet`), how serials are issued (`labels`).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use strum::{EnumString, VariantNames};

use crate::door::Lane;
use crate::label::{Label, LabelError, Level, Symbol, X_DIMENSION_UM, dots_per_module};
use crate::ledger::{Ledger, LedgerError, Requester, issued_label, open_label};
use crate::limits::{PRINT_REQUEST_BYTES_MAX, PRINTED_BYTES_MAX, PRINTED_LABELS_MAX};
use crate::names::{LotKey, Serial};
use crate::papers::archive;
use crate::register::Register;
use crate::sheet::{
    Bitmap, GRIDS, LabelContent, LabelShape, RulerWords, SheetError, SheetOrder, TypeSetter, grid,
    label_bitmap, label_sheets, label_svg, zpl,
};
use crate::statement::Timestamp;
use crate::web::language::Language;
use crate::web::pages::Words;
use crate::web::signed::SignedHead;
use crate::web::{App, Problem, body, parallel};

/// The sheet that is taken where none is named: 3 by 7, room for long names.
const GRID: &str = "avery-l7160";

/// What is to be printed, and how.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelOrder {
    /// The labels, in the order in which they are printed.
    #[serde(default)]
    #[schema(max_items = 2_000)]
    labels: Vec<OrderedLabel>,
    /// Instead of `labels`: a lot, `GTIN/LOT` or `party/LOT`.
    lot: Option<String>,
    /// Serials of that lot.
    #[serde(default)]
    #[schema(max_items = 2_000)]
    serials: Vec<String>,
    /// How often each label without a serial is printed.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 2_000, default = 1)]
    copies: u32,
    /// `pdf`, `zip` (SVG and PNG of each) or `zpl`.
    #[schema(value_type = String)]
    format: String,
    /// The sheet, as `/api/v1/label-grids` names it; of the other formats the size of a label.
    #[serde(default = "usual_grid")]
    #[schema(default = "avery-l7160")]
    grid: String,
    /// The first free cell of the first sheet, from 1.
    #[serde(default = "one")]
    #[schema(minimum = 1, default = 1)]
    start: u32,
    /// How far the printer's sheets are shifted to the right, in micrometres.
    #[serde(default)]
    #[schema(minimum = -20_000, maximum = 20_000, default = 0)]
    dx_um: i32,
    /// As `dx_um`, downwards.
    #[serde(default)]
    #[schema(minimum = -20_000, maximum = 20_000, default = 0)]
    dy_um: i32,
    /// Width of a module, in micrometres.
    #[serde(default = "usual_x_dimension")]
    #[schema(minimum = 250, maximum = 1_000, default = 330)]
    x_dimension_um: u32,
    /// Error correction: `M` or `Q`; if left out `Q` where the label holds it, else `M`.
    level: Option<String>,
    /// Resolution of pictures and printers, in dots an inch.
    #[serde(default = "usual_dpi")]
    #[schema(minimum = 150, maximum = 1_200, default = 300)]
    dpi: u32,
    /// The language of the products' names and of the ruler page: `fr`, `ar`, `en`, `es`.
    #[serde(default = "usual_language")]
    #[schema(default = "fr")]
    language: String,
    /// Whether a PDF begins with a page of rulers and edges.
    #[serde(default)]
    ruler: bool,
}

/// One label.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderedLabel {
    /// `GTIN/LOT` or `party/LOT`.
    lot: String,
    /// One of the serials issued for it.
    serial: Option<String>,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase")]
enum SheetFormat {
    Pdf,
    Zip,
    Zpl,
}

fn one() -> u32 {
    1
}

fn usual_grid() -> String {
    GRID.to_owned()
}

fn usual_x_dimension() -> u32 {
    X_DIMENSION_UM
}

fn usual_dpi() -> u32 {
    300
}

fn usual_language() -> String {
    "fr".to_owned()
}

/// A sheet of labels, lengths in micrometres.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GridShape {
    /// Its name.
    id: &'static str,
    /// Numbers of the same sheet.
    also: &'static str,
    /// Labels in a row.
    columns: u32,
    /// Rows.
    rows: u32,
    /// Width of a label.
    width_um: u32,
    /// Height of a label.
    height_um: u32,
    /// Left edge of the first.
    left_um: u32,
    /// Upper edge of the first.
    top_um: u32,
    /// From one to the next in its row.
    pitch_x_um: u32,
    /// From one row to the next.
    pitch_y_um: u32,
}

/// The sheets of labels that can be printed on, A4.
#[utoipa::path(get, path = "/api/v1/label-grids", tag = "labels",
    responses((status = 200, description = "Sheets", body = Vec<GridShape>)))]
pub async fn grids() -> Json<Vec<GridShape>> {
    let shapes = GRIDS.iter().map(|grid| GridShape {
        id: grid.id,
        also: grid.also,
        columns: grid.columns,
        rows: grid.rows,
        width_um: grid.width_um,
        height_um: grid.height_um,
        left_um: grid.left_um,
        top_um: grid.top_um,
        pitch_x_um: grid.pitch_x_um,
        pitch_y_um: grid.pitch_y_um,
    });
    Json(shapes.collect())
}

/// Labels as they are printed: at most 2,000 in one request.
///
/// Labels without a serial are nobody's secret. One with a serial must be of an issue that the
/// party logged which signs the request (RFC 9421, docs/FORMAT.md 1.7): nobody else gets it. A lot
/// that is held or recalled, or whose certificate is suspended or withdrawn, has none, and one
/// label that is refused refuses all.
#[utoipa::path(post, path = "/api/v1/label-sheets", tag = "labels",
    request_body(content = LabelOrder, description = "What to print, and how"),
    responses(
        (status = 200, description = "The file", content(
            (super::file_shapes::Bytes = "application/pdf"),
            (super::file_shapes::Bytes = "application/zip"),
            (String = "application/vnd.zebra-zpl"))),
        (status = 400, description = "Not of this form", body = Problem),
        (status = 401, description = "Serials in a request that their issuer did not sign",
            body = Problem),
        (status = 404, description = "No such lot, or no certificate yet", body = Problem),
        (status = 409, description = "The lot is held or recalled, its certificate suspended or \
            withdrawn; the serial is void", body = Problem),
        (status = 413, description = "More than one answer carries", body = Problem),
        (status = 422, description = "No such sheet or cell; the label does not fit; no serial of \
            an issue of theirs", body = Problem),
        (status = 503, description = "The ledger has no label key", body = Problem),
    ))]
pub async fn print(
    State(app): State<App>,
    head: SignedHead,
    content: Body,
) -> Result<Response, Problem> {
    let bytes = body::bytes(content, PRINT_REQUEST_BYTES_MAX).await?;
    let work = move || -> Result<Response, Problem> {
        let order: LabelOrder = body::parsed(&bytes)?;
        let terms = Terms::of(&order)?;
        let wanted = wanted(&order)?;
        let secret = wanted.iter().any(|(_, serial)| serial.is_some());
        let by =
            if secret || head.is_signed() { Some(head.requester(&app, &bytes)?) } else { None };
        let labels = labels(&app.ledger, &wanted, by.as_ref())?;
        terms.file(&app.ledger.view().register, &labels, app.ledger.now())
    };
    parallel::blocking_in(Lane::Large, work).await?
}

/// The labels asked for, each as often as it is printed.
fn wanted(order: &LabelOrder) -> Result<Vec<(LotKey, Option<Serial>)>, Problem> {
    let invalid = |detail: &str| Problem::new(422, "label_order", detail);
    let mut asked: Vec<OrderedLabel> = order.labels.clone();
    match &order.lot {
        Some(_) if !asked.is_empty() => return Err(invalid("name `labels`, or one `lot`")),
        Some(lot) if order.serials.is_empty() => {
            asked.push(OrderedLabel { lot: lot.clone(), serial: None });
        }
        Some(lot) => asked.extend(
            order
                .serials
                .iter()
                .map(|serial| OrderedLabel { lot: lot.clone(), serial: Some(serial.clone()) }),
        ),
        None if !order.serials.is_empty() => return Err(invalid("`serials` are those of a `lot`")),
        None => {}
    }
    if asked.is_empty() {
        return Err(invalid("it names no label: `labels`, or a `lot`"));
    }
    let mut wanted = Vec::new();
    for label in &asked {
        let key: LotKey = label.lot.parse()?;
        let serial = label.serial.as_deref().map(Serial::parse).transpose()?;
        let times = if serial.is_some() { 1 } else { order.copies as usize };
        if wanted.len().saturating_add(times) > PRINTED_LABELS_MAX {
            let detail = format!("more than {PRINTED_LABELS_MAX} labels; ask for them in parts");
            return Err(Problem::new(413, "too_many_items", detail));
        }
        wanted.extend(std::iter::repeat_n((key, serial), times));
    }
    Ok(wanted)
}

/// The labels, made once each.
fn labels(
    ledger: &Ledger,
    wanted: &[(LotKey, Option<Serial>)],
    by: Option<&Requester>,
) -> Result<Vec<Arc<Label>>, LedgerError> {
    let now = ledger.now();
    let mut open: BTreeMap<&LotKey, Arc<Label>> = BTreeMap::new();
    let mut all = Vec::with_capacity(wanted.len());
    for (key, serial) in wanted {
        let label = match (serial, by) {
            (Some(serial), Some(by)) => Arc::new(issued_label(ledger, key, serial, by, now)?),
            _ => match open.get(key) {
                Some(label) => Arc::clone(label),
                None => {
                    let label = Arc::new(open_label(ledger, key, now)?);
                    open.insert(key, Arc::clone(&label));
                    label
                }
            },
        };
        all.push(label);
    }
    Ok(all)
}

/// How it is printed.
struct Terms<'a> {
    order: &'a LabelOrder,
    format: SheetFormat,
    grid: &'static crate::sheet::LabelGrid,
    /// None: as much as the label holds.
    level: Option<Level>,
    words: Words,
}

impl<'a> Terms<'a> {
    fn of(order: &'a LabelOrder) -> Result<Self, Problem> {
        let invalid = |detail: String| Problem::new(422, "label_order", detail);
        let within = |name: &str, value: i64, least: i64, most: i64| {
            if (least..=most).contains(&value) {
                return Ok(());
            }
            Err(invalid(format!("`{name}` is {value}; it is {least} to {most}")))
        };
        within("copies", order.copies.into(), 1, 2_000)?;
        within("dx_um", order.dx_um.into(), -20_000, 20_000)?;
        within("dy_um", order.dy_um.into(), -20_000, 20_000)?;
        within("x_dimension_um", order.x_dimension_um.into(), 250, 1_000)?;
        within("dpi", order.dpi.into(), 150, 1_200)?;
        let format = order.format.parse().map_err(|_| {
            let known = SheetFormat::VARIANTS.join(", ");
            invalid(format!("`format` is one of {known}"))
        })?;
        let level = match order.level.as_deref() {
            None => None,
            Some("M") => Some(Level::Medium),
            Some("Q") => Some(Level::Quartile),
            Some(_) => return Err(invalid("`level` is M or Q".to_owned())),
        };
        let language = Language::of_tag(&order.language)
            .filter(|language| Language::COMPLETE.contains(language))
            .ok_or_else(|| invalid("`language` is one of fr, ar, en, es".to_owned()))?;
        let grid = grid(&order.grid)?;
        if order.start == 0 || order.start > grid.cells() {
            let (start, cells) = (order.start, grid.cells());
            return Err(SheetError::GridStart { grid: grid.id, start, cells }.into());
        }
        Ok(Self { order, format, grid, level, words: Words { language } })
    }

    fn file(
        &self,
        register: &Register,
        labels: &[Arc<Label>],
        now: Timestamp,
    ) -> Result<Response, Problem> {
        let drawn = self.drawn(register, labels)?;
        let (media, name, bytes) = match self.format {
            SheetFormat::Pdf => ("application/pdf", "labels.pdf", self.pdf(&drawn, now)?),
            SheetFormat::Zip => ("application/zip", "labels.zip", self.zip(&drawn, labels)?),
            SheetFormat::Zpl => ("application/vnd.zebra-zpl", "labels.zpl", self.zpl(&drawn)?),
        };
        let saved = format!("attachment; filename=\"{name}\"");
        let headers = [
            (header::CONTENT_TYPE, media.to_owned()),
            (header::CONTENT_DISPOSITION, saved),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ];
        Ok((headers, bytes).into_response())
    }

    /// What each label says, with its symbol; equal labels share one.
    fn drawn(
        &self,
        register: &Register,
        labels: &[Arc<Label>],
    ) -> Result<Vec<(LabelContent, Arc<Symbol>)>, Problem> {
        let mut distinct: Vec<&Arc<Label>> = labels.iter().collect();
        distinct.dedup_by(|next, before| Arc::ptr_eq(next, before));
        let symbols = parallel::map(&distinct, |label| self.symbol(label));
        let mut symbols = symbols.into_iter();
        let mut drawn: Vec<(LabelContent, Arc<Symbol>)> = Vec::with_capacity(labels.len());
        let mut before: Option<&Arc<Label>> = None;
        for label in labels {
            let again = before.filter(|before| Arc::ptr_eq(before, label)).and(drawn.last());
            let next = match again {
                Some(known) => known.clone(),
                None => {
                    let symbol = symbols.next().ok_or_else(Problem::internal)?;
                    let symbol = symbol
                        .map_err(|error| SheetError::Drawing { reason: error.to_string() })?;
                    (self.content(register, label), Arc::new(symbol))
                }
            };
            drawn.push(next);
            before = Some(label);
        }
        Ok(drawn)
    }

    /// The symbol of a label, with as much error correction as was asked for or as it holds: a
    /// tenth of it rubbed off is read at Q wherever it lies, at M mostly.
    fn symbol(&self, label: &Label) -> Result<Symbol, LabelError> {
        let text = label.url();
        let Some(level) = self.level else {
            let robust = Symbol::new(&text, Level::Quartile)?;
            let held = self.shape().holds(&robust);
            return if held { Ok(robust) } else { Symbol::new(&text, Level::Medium) };
        };
        Symbol::new(&text, level)
    }

    fn content(&self, register: &Register, label: &Label) -> LabelContent {
        let lot = register.lot(&label.key);
        let named = lot.map(|lot| self.words.product(&lot.record.product, &lot.record.name));
        let product = named.as_ref().map(|name| name.text.clone()).unwrap_or_default();
        // A name that is no text of this language is the one the cooperative wrote.
        let own = named.is_some_and(|name| name.lang.is_empty());
        let rtl = if own { self.words.language.dir() == "rtl" } else { reads_from_right(&product) };
        let mut lines = label.human_lines();
        lines.truncate(2);
        LabelContent {
            text: label.url(),
            product,
            rtl,
            lines,
            serial: label.serial.as_ref().map(Serial::grouped),
            host: register.domain().host().to_owned(),
        }
    }

    fn pdf(
        &self,
        drawn: &[(LabelContent, Arc<Symbol>)],
        now: Timestamp,
    ) -> Result<Vec<u8>, Problem> {
        let (w, order) = (self.words, self.order);
        let title = w.t("sheet-title");
        let ruler = RulerWords {
            title: w.t("sheet-ruler-title").into_owned(),
            sentences: ["sheet-ruler-scale", "sheet-ruler-hold", "sheet-ruler-shift"]
                .map(|id| w.t(id).into_owned())
                .to_vec(),
            rtl: w.language.dir() == "rtl",
        };
        let sheets = SheetOrder {
            grid: self.grid,
            start: order.start,
            dx_um: order.dx_um,
            dy_um: order.dy_um,
            x_dimension_um: order.x_dimension_um,
            title: &title,
            language: w.language.tag(),
            dated: now,
            ruler: order.ruler.then_some(&ruler),
        };
        bounded(label_sheets(&mut TypeSetter::new(), &sheets, drawn)?)
    }

    /// The dots of each label, on all processors; a bound before the first is drawn.
    fn bitmaps(&self, drawn: &[(LabelContent, Arc<Symbol>)]) -> Result<Vec<Bitmap>, Problem> {
        let dpi = self.order.dpi;
        let dots = |um: u32| u64::from(um) * u64::from(dpi) / 25_400;
        let each = dots(self.grid.width_um) * dots(self.grid.height_um) / 8;
        let all = each.saturating_mul(drawn.len() as u64);
        if all > PRINTED_BYTES_MAX as u64 / 2 {
            let bytes = usize::try_from(all.saturating_mul(2)).unwrap_or(usize::MAX);
            return Err(SheetError::SheetTooLarge { bytes, most: PRINTED_BYTES_MAX }.into());
        }
        let shape = self.shape();
        let chunks: Vec<_> = drawn.chunks(CHUNK).collect();
        let made = parallel::each(&chunks, |part| {
            let (mut setter, mut kept) = (TypeSetter::new(), None);
            let one = |(content, symbol): &(LabelContent, Arc<Symbol>)| {
                label_bitmap(&mut setter, &shape, content, symbol, dpi, &mut kept)
            };
            part.iter().map(one).collect::<Result<Vec<_>, _>>()
        });
        let made = made.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(made.into_iter().flatten().collect())
    }

    fn shape(&self) -> LabelShape {
        if self.format == SheetFormat::Pdf {
            return LabelShape::new(self.grid, self.order.x_dimension_um);
        }
        let dots = dots_per_module(self.order.x_dimension_um, self.order.dpi);
        LabelShape::in_dots(self.grid, dots, self.order.dpi)
    }

    fn zpl(&self, drawn: &[(LabelContent, Arc<Symbol>)]) -> Result<Vec<u8>, Problem> {
        let text: String = self.bitmaps(drawn)?.iter().map(zpl).collect();
        bounded(text.into_bytes())
    }

    fn zip(
        &self,
        drawn: &[(LabelContent, Arc<Symbol>)],
        labels: &[Arc<Label>],
    ) -> Result<Vec<u8>, Problem> {
        // One of each: copies are the printer's.
        let mut seen: Option<&Arc<Label>> = None;
        let mut once = Vec::new();
        for (place, label) in labels.iter().enumerate() {
            if !seen.is_some_and(|seen| Arc::ptr_eq(seen, label)) {
                once.extend(drawn.get(place).map(|drawn| (label, drawn.clone())));
            }
            seen = Some(label);
        }
        let contents: Vec<_> = once.iter().map(|(_, drawn)| drawn.clone()).collect();
        let shape = self.shape();
        let (mut setter, mut kept) = (TypeSetter::new(), None);
        let mut members = Vec::new();
        for (bitmap, (label, (content, symbol))) in self.bitmaps(&contents)?.iter().zip(&once) {
            let name = file_stem(label);
            let svg = label_svg(&mut setter, &shape, content, symbol, &mut kept)?;
            members.push((format!("{name}.svg"), svg.into_bytes()));
            members.push((format!("{name}.png"), bitmap.png()?));
        }
        let named: Vec<(&str, &[u8])> =
            members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let zipped = archive(&named);
        bounded(zipped.map_err(|error| SheetError::Drawing { reason: error.to_string() })?)
    }
}

/// Labels drawn by one thread before the next part: faces are loaded once for each.
const CHUNK: usize = 100;

fn bounded(bytes: Vec<u8>) -> Result<Vec<u8>, Problem> {
    if bytes.len() <= PRINTED_BYTES_MAX {
        return Ok(bytes);
    }
    Err(SheetError::SheetTooLarge { bytes: bytes.len(), most: PRINTED_BYTES_MAX }.into())
}

/// A file's name in an archive: nothing in it that a file system reads as more than a name.
fn file_stem(label: &Label) -> String {
    let lot = crate::os::percent::value(&label.key.to_string().replace('/', "_"));
    let serial = label.serial.as_ref().map(|serial| format!("_{serial}")).unwrap_or_default();
    format!("{lot}{serial}")
}

/// Whether the first letter of a name is of a script that is read from the right.
fn reads_from_right(name: &str) -> bool {
    let first = name.chars().find(|c| c.is_alphabetic());
    first.is_some_and(|c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}'))
}

impl From<SheetError> for Problem {
    fn from(fault: SheetError) -> Self {
        let status = match fault {
            SheetError::SheetTooLarge { .. } => 413,
            SheetError::Drawing { .. } => {
                tracing::error!(error = %fault, "a sheet could not be drawn");
                return Self::internal();
            }
            _ => 422,
        };
        Self::new(status, fault.code(), fault.to_string())
    }
}
