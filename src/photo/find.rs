//! Finds and reads every QR code in a picture, at several scales, dark on light and light on dark.
//! Work is counted before it is done: rows that look like corner patterns, the patterns, and the
//! groups of three that are tried.

use image::GrayImage;
use rxing::common::cpp_essentials::ConcentricPattern;
use rxing::common::{BitMatrix, DetectorRXingResult, HybridBinarizer};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FindFinderPatterns, GenerateFinderPatternSets, SampleQR};
use rxing::{Binarizer, Luma8LuminanceSource};

use super::{Found, PhotoError};
use crate::limits::{PHOTO_GROUPS_MAX, PHOTO_PATTERN_ROWS_MAX, PHOTO_PATTERNS_MAX};

/// Halved at most this often, each time at a quarter of the cost.
const HALVINGS_MAX: usize = 3;

/// Shorter side, in pixels, below which a picture is enlarged rather than halved.
const SMALL_SIDE: u32 = 400;

/// Every how many rows corner patterns are counted before they are looked for.
const COUNTED_ROWS: usize = 3;

/// One code: where its corner patterns stand, in pixels of the whole picture, and its text.
struct Read {
    text: String,
    corners: [Spot; 3],
}

/// A corner pattern, in pixels of the whole picture.
#[derive(Clone, Copy, Debug)]
struct Spot {
    x: f32,
    y: f32,
    size: f32,
}

/// What was seen at all scales so far.
#[derive(Default)]
struct Seen {
    read: Vec<Read>,
    /// Corner patterns of what looks like a code and could not be read at its scale.
    failed: Vec<[Spot; 3]>,
}

/// Every code in a picture.
///
/// # Errors
/// `photo_without_qr`, `photo_too_many_codes`.
pub(super) fn find(photo: &GrayImage) -> Result<Found, PhotoError> {
    let mut seen = Seen::default();
    let small = photo.width().min(photo.height()) < SMALL_SIDE;
    if small {
        seen.look(photo, 1.0)?;
        seen.look(&doubled(photo), 0.5)?;
    } else {
        let mut scaled = photo.clone();
        let mut scale = 1.0;
        for _ in 0..=HALVINGS_MAX {
            seen.look(&scaled, scale)?;
            if scaled.width().min(scaled.height()) < SMALL_SIDE {
                break;
            }
            scaled = halved(&scaled);
            scale *= 2.0;
        }
    }
    seen.found()
}

impl Seen {
    /// Looks at a picture of which one pixel is `scale` of the whole one's.
    fn look(&mut self, photo: &GrayImage, scale: f32) -> Result<(), PhotoError> {
        let (width, height) = photo.dimensions();
        let source = Luma8LuminanceSource::new(photo.as_raw().clone(), width, height);
        let Ok(source) = source else { return Ok(()) };
        let binarizer = HybridBinarizer::new(source);
        let Ok(matrix) = binarizer.get_black_matrix() else { return Ok(()) };
        self.look_at(matrix, scale)?;
        let mut inverted = matrix.clone();
        inverted.flip_self();
        self.look_at(&inverted, scale)
    }

    fn look_at(&mut self, matrix: &BitMatrix, scale: f32) -> Result<(), PhotoError> {
        if pattern_rows(matrix) > PHOTO_PATTERN_ROWS_MAX {
            return Err(PhotoError::TooManyCodes);
        }
        // Trying harder costs ten times as much and finds little more at these sizes.
        let mut patterns = FindFinderPatterns(matrix, false, 0);
        if patterns.len() > PHOTO_PATTERNS_MAX {
            return Err(PhotoError::TooManyCodes);
        }
        let mut used: Vec<ConcentricPattern> = Vec::new();
        let mut failed: Vec<[ConcentricPattern; 3]> = Vec::new();
        let groups = GenerateFinderPatternSets(&mut patterns);
        for group in groups.into_iter().take(PHOTO_GROUPS_MAX) {
            let corners = [group.bl, group.tl, group.tr];
            if corners.iter().any(|corner| used.contains(corner)) {
                continue;
            }
            let Ok(sampled) = SampleQR(matrix, &group) else { continue };
            let decoded = Decode(sampled.getBits()).ok().filter(|decoded| decoded.isValid());
            if let Some(decoded) = decoded {
                used.extend(corners);
                let corners = corners.map(|corner| Spot::of(corner, scale));
                self.read.push(Read { text: decoded.text(), corners });
            } else if has_timing(sampled.getBits()) {
                failed.push(corners);
            }
        }
        failed.retain(|group| group.iter().all(|corner| !used.contains(corner)));
        let spots = failed.into_iter().map(|group| group.map(|corner| Spot::of(corner, scale)));
        self.failed.extend(spots);
        Ok(())
    }

    /// The texts, and how many symbols more there seem to be.
    fn found(mut self) -> Result<Found, PhotoError> {
        self.read.sort_by(|a, b| a.top().total_cmp(&b.top()));
        let mut codes: Vec<String> = Vec::new();
        for read in &self.read {
            if !codes.contains(&read.text) {
                codes.push(read.text.clone());
            }
        }
        if codes.is_empty() {
            return Err(PhotoError::WithoutQr);
        }
        // One is seen at several scales, and its patterns in several groups.
        let mut unread: Vec<[Spot; 3]> = Vec::new();
        for group in self.failed {
            let of_read = self.read.iter().any(|read| group.iter().any(|spot| read.holds(*spot)));
            let mut known = unread.iter().flatten();
            let is_known = known.any(|spot| group.iter().any(|other| other.is(*spot)));
            if !of_read && !is_known {
                unread.push(group);
            }
        }
        Ok(Found { codes, unread: unread.len(), ..Found::default() })
    }
}

impl Read {
    fn top(&self) -> f32 {
        self.corners.iter().map(|corner| corner.y + corner.x / 1_000.0).fold(f32::MAX, f32::min)
    }

    /// Whether a pattern lies within this code: in the rectangle around its corners and the fourth.
    fn holds(&self, spot: Spot) -> bool {
        let [bl, tl, tr] = self.corners;
        let fourth = Spot { x: bl.x + tr.x - tl.x, y: bl.y + tr.y - tl.y, size: tl.size };
        let all = [bl, tl, tr, fourth];
        let within = |place: f32, of: fn(&Spot) -> f32| {
            let least = all.iter().map(of).fold(f32::MAX, f32::min);
            let most = all.iter().map(of).fold(f32::MIN, f32::max);
            place >= least - tl.size && place <= most + tl.size
        };
        within(spot.x, |spot| spot.x) && within(spot.y, |spot| spot.y)
    }
}

impl Spot {
    fn of(pattern: ConcentricPattern, scale: f32) -> Self {
        let size = f32::from(i16::try_from(pattern.size).unwrap_or(i16::MAX));
        Self { x: pattern.p.x * scale, y: pattern.p.y * scale, size: size * scale }
    }

    /// Whether both are one pattern.
    fn is(&self, other: Self) -> bool {
        let near = self.size.max(other.size);
        (self.x - other.x).abs() < near && (self.y - other.y).abs() < near
    }
}

/// Whether a symbol that cannot be decoded has the timing patterns of one: modules in turn dark and
/// light between its corners, four of five of them right. Clutter has not.
fn has_timing(symbol: &BitMatrix) -> bool {
    let between = || 8..symbol.width().saturating_sub(8);
    let right = |x, y, place: u32| symbol.get(x, y) == place.is_multiple_of(2);
    let across = between().filter(|place| right(*place, 6, *place)).count();
    let down = between().filter(|place| right(6, *place, *place)).count();
    (across + down) * 5 >= between().count() * 2 * 4
}

/// How often a row crosses what looks like a corner pattern: runs of 1:1:3:1:1, dark first.
fn pattern_rows(matrix: &BitMatrix) -> usize {
    let mut count = 0_usize;
    for y in (0..matrix.height()).step_by(COUNTED_ROWS) {
        let mut runs = [0_u32; 5];
        let mut dark = false;
        for x in 0..matrix.width() {
            if matrix.get(x, y) != dark {
                if dark && is_pattern(runs) {
                    count = count.saturating_add(1);
                }
                runs.rotate_left(1);
                runs[4] = 0;
                dark = !dark;
            }
            runs[4] = runs[4].saturating_add(1);
        }
    }
    count
}

/// Whether five runs, the last of them dark, are a corner pattern's, each within half a module.
fn is_pattern(runs: [u32; 5]) -> bool {
    let total: u32 = runs.iter().sum();
    // In sevenths of a pixel: a run of one module is `total` long.
    let near = |run: u32, modules: u32| {
        let (run, ideal) = (run.saturating_mul(7), total.saturating_mul(modules));
        run.abs_diff(ideal).saturating_mul(2) <= total.saturating_mul(modules.min(2))
    };
    total >= 7 && runs.into_iter().zip([1, 1, 3, 1, 1]).all(|(run, modules)| near(run, modules))
}

/// Half the size, by the mean of four pixels; an odd last row or column is dropped.
fn halved(photo: &GrayImage) -> GrayImage {
    GrayImage::from_fn(photo.width() / 2, photo.height() / 2, |x, y| {
        let at = |dx, dy| u16::from(photo.get_pixel(2 * x + dx, 2 * y + dy).0[0]);
        let sum = at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1);
        image::Luma([u8::try_from(sum / 4).unwrap_or(u8::MAX)])
    })
}

/// Twice the size.
fn doubled(photo: &GrayImage) -> GrayImage {
    GrayImage::from_fn(photo.width() * 2, photo.height() * 2, |x, y| *photo.get_pixel(x / 2, y / 2))
}
