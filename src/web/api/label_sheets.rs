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
    Bitmap, GRIDS, LabelContent, LabelGrid, LabelShape, RulerWords, SheetError, SheetOrder,
    TypeSetter, grid, label_bitmap, label_sheets, label_svg, zpl,
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
    /// The labels, in the order in which they are printed; for label printers equal ones together.
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
        let secret = wanted.iter().any(|((_, serial), _)| serial.is_some());
        let by =
            if secret || head.is_signed() { Some(head.requester(&app, &bytes)?) } else { None };
        let Made { labels, order } = labels(&app.ledger, &wanted, by.as_ref())?;
        let drawn = terms.drawn(&app.ledger.view().register, labels)?;
        terms.file(&drawn, &order, app.ledger.now())
    };
    parallel::blocking_in(Lane::Large, work).await?
}

/// A label that is asked for: of a lot, or of one of its units.
type Wanted = (LotKey, Option<Serial>);

/// The labels asked for, and how often each is printed, in their order.
fn wanted(order: &LabelOrder) -> Result<Vec<(Wanted, usize)>, Problem> {
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
    let (mut wanted, mut count) = (Vec::new(), 0_usize);
    for label in &asked {
        let key: LotKey = label.lot.parse()?;
        let serial = label.serial.as_deref().map(Serial::parse).transpose()?;
        let times = if serial.is_some() { 1 } else { order.copies as usize };
        count = count.saturating_add(times);
        if count > PRINTED_LABELS_MAX {
            let detail = format!("more than {PRINTED_LABELS_MAX} labels; ask for them in parts");
            return Err(Problem::new(413, "too_many_items", detail));
        }
        wanted.push(((key, serial), times));
    }
    Ok(wanted)
}

/// Labels, each made once however often it is asked for.
#[derive(Default)]
struct Made {
    /// Each, with how often it is printed in all.
    labels: Vec<(Label, usize)>,
    /// Places in `labels` as they were asked for, and how often each time.
    order: Vec<(usize, usize)>,
}

fn labels(
    ledger: &Ledger,
    wanted: &[(Wanted, usize)],
    by: Option<&Requester>,
) -> Result<Made, LedgerError> {
    let now = ledger.now();
    let mut places: BTreeMap<&Wanted, usize> = BTreeMap::new();
    let mut made = Made::default();
    for (label, times) in wanted {
        let place = match places.get(label) {
            Some(place) => *place,
            None => {
                let (key, serial) = label;
                let one = match (serial, by) {
                    (Some(serial), Some(by)) => issued_label(ledger, key, serial, by, now)?,
                    _ => open_label(ledger, key, now)?,
                };
                made.labels.push((one, 0));
                places.insert(label, made.labels.len() - 1);
                made.labels.len() - 1
            }
        };
        if let Some((_, all)) = made.labels.get_mut(place) {
            *all = all.saturating_add(*times);
        }
        made.order.push((place, *times));
    }
    Ok(made)
}

/// A label ready to be drawn.
struct Drawn {
    label: Label,
    content: LabelContent,
    symbol: Arc<Symbol>,
    times: usize,
}

/// How it is printed.
struct Terms<'a> {
    order: &'a LabelOrder,
    format: SheetFormat,
    grid: &'static LabelGrid,
    first: u32,
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
        within("copies", order.copies.into(), 1, PRINTED_LABELS_MAX as i64)?;
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
        let first = grid.place(order.start)?;
        Ok(Self { order, format, grid, first, level, words: Words { language } })
    }

    fn file(
        &self,
        drawn: &[Drawn],
        order: &[(usize, usize)],
        now: Timestamp,
    ) -> Result<Response, Problem> {
        let (media, name, bytes) = match self.format {
            SheetFormat::Pdf => ("application/pdf", "labels.pdf", self.pdf(drawn, order, now)?),
            SheetFormat::Zip => ("application/zip", "labels.zip", self.zip(drawn)?),
            SheetFormat::Zpl => ("application/vnd.zebra-zpl", "labels.zpl", self.zpl(drawn)?),
        };
        let saved = format!("attachment; filename=\"{name}\"");
        let headers = [
            (header::CONTENT_TYPE, media.to_owned()),
            (header::CONTENT_DISPOSITION, saved),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ];
        Ok((headers, bytes).into_response())
    }

    /// What each label says, with its symbol.
    fn drawn(
        &self,
        register: &Register,
        labels: Vec<(Label, usize)>,
    ) -> Result<Vec<Drawn>, Problem> {
        let symbols = parallel::map(&labels, |(label, _)| self.symbol(label));
        let drawn = labels.into_iter().zip(symbols).map(|((label, times), symbol)| {
            let drawing = |error: LabelError| SheetError::Drawing { reason: error.to_string() };
            let symbol = Arc::new(symbol.map_err(drawing)?);
            Ok(Drawn { content: self.content(register, &label), label, symbol, times })
        });
        drawn.collect()
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
        drawn: &[Drawn],
        places: &[(usize, usize)],
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
            first: self.first,
            dx_um: order.dx_um,
            dy_um: order.dy_um,
            x_dimension_um: order.x_dimension_um,
            title: &title,
            language: w.language.tag(),
            dated: now,
            ruler: order.ruler.then_some(&ruler),
        };
        let labels = places.iter().flat_map(|(place, times)| {
            let one = drawn.get(*place).map(|one| (&one.content, &one.symbol));
            one.into_iter().flat_map(|one| std::iter::repeat_n(one, *times))
        });
        bounded(label_sheets(&mut TypeSetter::new(), &sheets, labels)?)
    }

    /// What is made of each label's dots, on all processors; bounded before the first is drawn.
    fn of_dots<R: Send>(
        &self,
        drawn: &[Drawn],
        make: impl Fn(&Bitmap, &Drawn) -> Result<R, SheetError> + Sync,
    ) -> Result<Vec<R>, Problem> {
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
            let one = |drawn: &Drawn| {
                let (content, symbol) = (&drawn.content, &drawn.symbol);
                make(&label_bitmap(&mut setter, &shape, content, symbol, dpi, &mut kept)?, drawn)
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

    fn zpl(&self, drawn: &[Drawn]) -> Result<Vec<u8>, Problem> {
        let labels = self.of_dots(drawn, |dots, one| Ok(zpl(dots, one.times)))?;
        bounded(labels.concat().into_bytes())
    }

    /// One of each: copies are the printer's.
    fn zip(&self, drawn: &[Drawn]) -> Result<Vec<u8>, Problem> {
        let shape = self.shape();
        let (mut setter, mut kept) = (TypeSetter::new(), None);
        let mut members = Vec::new();
        let pictures = self.of_dots(drawn, |dots, _| dots.png())?;
        for (one, png) in drawn.iter().zip(pictures) {
            let name = file_stem(&one.label);
            let svg = label_svg(&mut setter, &shape, &one.content, &one.symbol, &mut kept)?;
            members.push((format!("{name}.svg"), svg.into_bytes()));
            members.push((format!("{name}.png"), png));
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
