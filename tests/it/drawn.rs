//! Codes as they are drawn, on a page as SVG or in a terminal as half blocks, read back as a phone
//! does: by zbar where it is here, and by our own reader. Not a test.

use std::io::Write as _;
use std::process::{Command, Stdio};

use image::{GrayImage, Luma};

use crate::doors::photos::{self, png};

/// Pixels a module.
const SCALE: u32 = 6;

fn picture(width: u32, height: u32, dark: impl Fn(u32, u32) -> bool) -> GrayImage {
    GrayImage::from_fn(width * SCALE, height * SCALE, |x, y| {
        Luma([if dark(x / SCALE, y / SCALE) { 0 } else { 255 }])
    })
}

/// The first code that is drawn on a page, as a picture with its quiet zone.
pub fn on_page(html: &str) -> Option<GrayImage> {
    let (head, path) = html.split_once("shape-rendering=\"crispEdges\" d=\"")?;
    let path = path.split('"').next()?;
    let side = head.rsplit_once("viewBox=\"0 0 ")?.1.split(' ').next()?.parse().ok()?;
    let mut dark = vec![false; (side * side) as usize];
    for run in path.split('M').skip(1) {
        let (at, run) = run.split_once('h')?;
        let (x, y) = at.split_once(' ')?;
        let (x, y): (u32, u32) = (x.parse().ok()?, y.parse().ok()?);
        let length: u32 = run.split('v').next()?.parse().ok()?;
        (x..x + length).for_each(|x| dark[(y * side + x) as usize] = true);
    }
    Some(picture(side, side, |x, y| dark[(y * side + x) as usize]))
}

/// The first code among the lines of a terminal without colours: light modules are blocks.
pub fn in_terminal(lines: &[String]) -> Option<GrayImage> {
    let drawn = |line: &&String| {
        line.chars().count() > 20 && line.chars().all(|c| ['█', '▀', '▄', ' '].contains(&c))
    };
    let rows: Vec<Vec<char>> =
        lines.iter().filter(drawn).map(|line| line.chars().collect()).collect();
    let width = rows.first()?.len() as u32;
    let height = rows.len() as u32 * 2;
    let dark = |x: u32, y: u32| match rows[(y / 2) as usize][x as usize] {
        '█' => false,
        '▀' => y % 2 == 1,
        '▄' => y.is_multiple_of(2),
        _ => true,
    };
    Some(picture(width, height, dark))
}

/// What a picture's code says.
pub fn read(picture: &GrayImage) -> String {
    let own = photos::read(picture).unwrap().codes.first().cloned().unwrap_or_default();
    match by_zbar(&png(picture)) {
        Some(zbar) => assert_eq!(zbar, own),
        None => eprintln!("skipped: zbarimg (Debian: zbar-tools) is not here"),
    }
    own
}

fn by_zbar(png: &[u8]) -> Option<String> {
    let child = Command::new("zbarimg")
        .args(["--quiet", "--raw", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = child.ok()?;
    child.stdin.take().unwrap().write_all(png).unwrap();
    let output = child.wait_with_output().unwrap();
    Some(String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}
