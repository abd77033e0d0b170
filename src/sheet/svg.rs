//! A label as SVG of physical size, its text as curves: print shops have no Arabic font.

use std::fmt::Write as _;
use std::sync::Arc;

use super::bitmap::polygon;
use super::error::SheetError;
use super::face::{LabelContent, LabelShape, SetLabel};
use super::item::{Item, MARK_SIDE, MARK_STAR, MARK_TICK};
use super::outline::{Step, outlines};
use super::typeset::TypeSetter;
use crate::label::Symbol;

/// One label. `kept` is what is left of the label before.
///
/// # Errors
/// `grid_too_small`.
pub fn label_svg(
    setter: &mut TypeSetter,
    shape: &LabelShape,
    content: &LabelContent,
    symbol: &Arc<Symbol>,
    kept: &mut Option<SetLabel>,
) -> Result<String, SheetError> {
    let items = shape.lay(setter, content, symbol, kept)?;
    let (width, height) = shape.size();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.3}pt\" height=\"{height:.3}pt\" \
         viewBox=\"0 0 {width:.3} {height:.3}\"><path fill=\"#fff\" d=\"M0 0H{width:.3}V{height:.3}\
         H0z\"/>"
    );
    for item in &items {
        match item {
            Item::Code { x, y, module, symbol } => code(&mut svg, *x, *y, *module, symbol),
            Item::Text { x, y, block } => filled(&mut svg, "#000", &outlines(block, *x, *y)),
            Item::Bar { x, y, width, height } => {
                let corners = [(0.0, 0.0), (*width, 0.0), (*width, *height), (0.0, *height)];
                filled(&mut svg, "#000", &polygon(&corners, *x, *y, 1.0));
            }
            Item::Mark { x, y, side } => {
                let unit = side / MARK_SIDE;
                filled(&mut svg, "#000", &polygon(&MARK_STAR, *x, *y, unit));
                filled(&mut svg, "#fff", &polygon(&MARK_TICK, *x, *y, unit));
            }
        }
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// Runs of dark modules, in units of a module.
fn code(svg: &mut String, x: f32, y: f32, module: f32, symbol: &Symbol) {
    let _ = write!(
        svg,
        "<path fill=\"#000\" shape-rendering=\"crispEdges\" \
         transform=\"translate({x:.4} {y:.4}) scale({module:.6})\" d=\""
    );
    for run in symbol.dark_runs() {
        let _ = write!(svg, "M{} {}h{}v1h-{}z", run.x, run.y, run.length, run.length);
    }
    svg.push_str("\"/>");
}

fn filled(svg: &mut String, colour: &str, steps: &[Step]) {
    if steps.is_empty() {
        return;
    }
    let _ = write!(svg, "<path fill=\"{colour}\" d=\"");
    for step in steps {
        let _ = match step {
            Step::Move(x, y) => write!(svg, "M{x:.2} {y:.2}"),
            Step::Line(x, y) => write!(svg, "L{x:.2} {y:.2}"),
            Step::Quad([ax, ay, x, y]) => write!(svg, "Q{ax:.2} {ay:.2} {x:.2} {y:.2}"),
            Step::Curve([ax, ay, bx, by, x, y]) => {
                write!(svg, "C{ax:.2} {ay:.2} {bx:.2} {by:.2} {x:.2} {y:.2}")
            }
            Step::Close => write!(svg, "z"),
        };
    }
    svg.push_str("\"/>");
}
