//! Drawings of goods as inline SVG, of whole numbers only: a family of lots in rows, and flows in
//! and out of one. Bounded by who calls. Each has a table beside it that says the same.

use std::fmt::Write as _;

/// Width of both drawings, in their own units.
const WIDTH: u64 = 340;
/// Boxes beside each other.
const PER_ROW: usize = 4;
const BOX: [u64; 2] = [79, 50];
const GAP: [u64; 2] = [8, 26];
/// Characters of a box's first line and of its last.
const LABEL_CHARS: [usize; 2] = [11, 15];
/// Characters of a flow's label.
const FLOW_CHARS: usize = 22;
/// Height of all flows together, and the least room of one.
const FLOWS: u64 = 180;
const SLOT: u64 = 34;

/// A lot in a drawing of its family.
pub(super) struct Node {
    /// Its row: 0 at the top.
    pub row: usize,
    /// What it is.
    pub label: String,
    pub quantity: String,
    /// Its number.
    pub number: String,
    /// `self`, `bad` or nothing: a class.
    pub tone: &'static str,
    pub href: String,
}

/// A flow in or out.
pub(super) struct Flow {
    pub label: String,
    pub quantity: u64,
    pub text: String,
    pub tone: &'static str,
}

/// Text as markup, clipped; isolated, since drawings run from the left in every language.
fn clipped(text: &str, most: usize) -> String {
    let mut out = String::from("\u{2068}");
    for (place, c) in text.chars().enumerate() {
        if place >= most {
            out.push('…');
            break;
        }
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out.push('\u{2069}');
    out
}

/// Where a box stands: left and top.
fn places(nodes: &[Node]) -> (Vec<[u64; 2]>, u64) {
    let mut places = vec![[0, 0]; nodes.len()];
    let mut top = 1;
    for row in 0..=nodes.iter().map(|node| node.row).max().unwrap_or(0) {
        let of_row: Vec<usize> = nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.row == row)
            .map(|(at, _)| at)
            .collect();
        // Lines of a row are about as long as each other.
        let lines = of_row.len().div_ceil(PER_ROW).max(1);
        for line in of_row.chunks(of_row.len().div_ceil(lines).max(1)) {
            let count = u64::try_from(line.len()).unwrap_or(1);
            let width = count * BOX[0] + count.saturating_sub(1) * GAP[0];
            let mut left = WIDTH.saturating_sub(width) / 2;
            for at in line {
                if let Some(place) = places.get_mut(*at) {
                    *place = [left, top];
                }
                left += BOX[0] + GAP[0];
            }
            top += BOX[1] + GAP[1] / 2;
        }
        top += GAP[1] / 2;
    }
    (places, top.saturating_sub(GAP[1]) + 1)
}

/// Lots in rows, what went in above what came out, and lines from each to what was made of it.
pub(super) fn family(nodes: &[Node], edges: &[(usize, usize)], title: &str) -> String {
    let (places, height) = places(nodes);
    let title = clipped(title, 200);
    let mut svg = format!(
        "<svg class=\"drawing\" viewBox=\"0 0 {WIDTH} {height}\" role=\"group\" \
         aria-label=\"{title}\" direction=\"ltr\">"
    );
    for (from, to) in edges {
        let (Some([left, top]), Some([right, bottom])) = (places.get(*from), places.get(*to))
        else {
            continue;
        };
        let (x, y) = (left + BOX[0] / 2, top + BOX[1]);
        let (ex, middle) = (right + BOX[0] / 2, (y + bottom) / 2);
        let _ = write!(svg, "<path d=\"M{x} {y}C{x} {middle} {ex} {middle} {ex} {bottom}\"/>");
    }
    for (node, [left, top]) in nodes.iter().zip(&places) {
        let (label, text) = (clipped(&node.label, LABEL_CHARS[0]), clipped(&node.quantity, 14));
        let number = clipped(&node.number, LABEL_CHARS[1]);
        let [width, height] = BOX;
        let middle = left + width / 2;
        let (first, second, third) = (top + 15, top + 30, top + 43);
        let _ = write!(
            svg,
            "<a href=\"{}\" class=\"{}\"><rect x=\"{left}\" y=\"{top}\" width=\"{width}\" \
             height=\"{height}\" rx=\"5\"/><text x=\"{middle}\" y=\"{first}\">{label}</text>\
             <text x=\"{middle}\" y=\"{second}\" class=\"q\">{text}</text>\
             <text x=\"{middle}\" y=\"{third}\" class=\"n\">{number}</text></a>",
            clipped(&node.href, 400).trim_matches(['\u{2068}', '\u{2069}']),
            node.tone,
        );
    }
    svg.push_str("</svg>");
    svg
}

/// The slots of one side: top of each, its room, and the thickness of its flow.
fn slots(flows: &[Flow], whole: u64) -> (Vec<[u64; 3]>, u64) {
    let mut top = 0;
    let mut slots = Vec::new();
    for flow in flows {
        let thick = u128::from(flow.quantity) * u128::from(FLOWS) / u128::from(whole.max(1));
        let thick = u64::try_from(thick).unwrap_or(FLOWS).clamp(2, FLOWS);
        let room = thick.max(SLOT);
        slots.push([top, room, thick]);
        top += room + 4;
    }
    (slots, top.saturating_sub(4))
}

/// Flows into one lot and out of it, each as thick as its share of the whole; `mirrored` for
/// languages that are read from the right. Parts of the left side may be in units of their own.
pub(super) fn balance(
    sides: [&[Flow]; 2],
    wholes: [u64; 2],
    title: &str,
    mirrored: bool,
) -> String {
    let [(left, left_height), (right, right_height)] =
        [slots(sides[0], wholes[0]), slots(sides[1], wholes[1])];
    let height = left_height.max(right_height).max(FLOWS);
    let title = clipped(title, 200);
    let mut svg = format!(
        "<svg class=\"drawing flows\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"{title}\" direction=\"ltr\">"
    );
    let x = |at: u64| if mirrored { WIDTH - at } else { at };
    let bar = height.saturating_sub(FLOWS) / 2;
    let bar_left = if mirrored { WIDTH - 176 } else { 164 };
    for (slots, flows, outer, inner, first) in
        [(&left, sides[0], 0, 164, "start"), (&right, sides[1], WIDTH, 176, "end")]
    {
        let side = if outer == 0 { left_height } else { right_height };
        let push = height.saturating_sub(side) / 2;
        let mut at = bar;
        for (flow, [top, room, thick]) in flows.iter().zip(slots.iter()) {
            let top = push + top + (room - thick) / 2;
            let thick_in = (*thick).min((bar + FLOWS).saturating_sub(at)).max(1);
            let (a, b, middle) = (x(outer), x(inner), x((outer + inner) / 2));
            let _ = write!(
                svg,
                "<path class=\"{}\" d=\"M{a} {top}C{middle} {top} {middle} {at} {b} {at}V{}\
                 C{middle} {} {middle} {} {a} {}z\"/>",
                flow.tone,
                at + thick_in,
                at + thick_in,
                top + thick,
                top + thick,
            );
            let (label, text) = (clipped(&flow.label, FLOW_CHARS), clipped(&flow.text, 20));
            let away = if outer == 0 { 4 } else { WIDTH - 4 };
            let anchor = match (first, mirrored) {
                ("start", false) | ("end", true) => "start",
                _ => "end",
            };
            let line = top + thick / 2;
            let (one, two) = (line.saturating_sub(3).max(12), line.saturating_sub(3).max(12) + 14);
            let _ = write!(
                svg,
                "<text x=\"{0}\" y=\"{one}\" text-anchor=\"{anchor}\">{label}</text>\
                 <text x=\"{0}\" y=\"{two}\" text-anchor=\"{anchor}\" class=\"q\">{text}</text>",
                x(away)
            );
            at += thick_in;
        }
    }
    let _ = write!(
        svg,
        "<rect x=\"{bar_left}\" y=\"{bar}\" width=\"12\" height=\"{FLOWS}\" rx=\"2\"/></svg>"
    );
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(row: usize, label: &str) -> Node {
        let (label, quantity) = (label.to_owned(), "1 kg".to_owned());
        let number = label.clone();
        Node { row, label, quantity, number, tone: "", href: "/lots/a/b".to_owned() }
    }

    #[test]
    fn boxes_stay_inside_and_no_two_share_a_place() {
        let nodes: Vec<Node> = (0..11).map(|at| node(at / 9, "A")).collect();
        let (places, height) = places(&nodes);
        let distinct: std::collections::BTreeSet<_> = places.iter().collect();
        assert_eq!(distinct.len(), 11);
        for [left, top] in places {
            assert!(left + BOX[0] <= WIDTH && top + BOX[1] <= height, "{left} {top} {height}");
        }
    }

    #[test]
    fn names_from_outside_are_markup_nowhere_and_clipped() {
        let nodes = [node(0, &"<script>".repeat(20)), node(1, "\"&")];
        let svg = family(&nodes, &[(0, 1), (1, 7)], "a\"b<c");
        assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;&lt;sc…"), "{svg}");
        assert!(svg.contains("aria-label=\"\u{2068}a&quot;b&lt;c\u{2069}\""), "{svg}");
        assert_eq!(svg.matches("<path").count(), 1, "a line to no box is left out");
    }

    #[test]
    fn flows_of_any_size_are_drawn() {
        let flow =
            |quantity| Flow { label: "x".to_owned(), quantity, text: "1".to_owned(), tone: "" };
        let many: Vec<Flow> = (0..10).map(|_| flow(u64::MAX)).collect();
        for mirrored in [false, true] {
            let svg = balance([&[flow(0)], &many], [0, 1], "t", mirrored);
            assert_eq!(svg.matches("<path").count(), 11);
        }
    }
}
