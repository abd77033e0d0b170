//! Photos: all codes of a picture, pictures that were made to cost hours, and processes that end
//! with their time.

use std::io::Cursor;
use std::time::{Duration, Instant};

use image::{GrayImage, ImageFormat, Luma};
use tasdiq::label::{Level, Symbol};
use tasdiq::limits::PHOTO_SECONDS_MAX;
use tasdiq::photo::{Found, PhotoError, Program, read_codes};

use crate::pages::parts;
use crate::support::{GTIN, TestApp};

pub fn png(photo: &GrayImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    photo.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn code(text: &str) -> GrayImage {
    let png = Symbol::new(text, Level::Medium).unwrap().png(5, 300).unwrap();
    image::load_from_memory(&png).unwrap().to_luma8()
}

/// Pictures side by side on white.
fn beside(pictures: &[&GrayImage]) -> GrayImage {
    let width = pictures.iter().map(|picture| picture.width() + 40).sum();
    let height = pictures.iter().map(|picture| picture.height()).max().unwrap() + 40;
    let mut sheet = GrayImage::from_pixel(width, height, Luma([255]));
    let mut left = 20;
    for picture in pictures {
        image::imageops::overlay(&mut sheet, *picture, left, 20);
        left += i64::from(picture.width()) + 40;
    }
    sheet
}

/// A field of corner patterns of two sizes.
pub fn field(width: u32, height: u32) -> GrayImage {
    let mut sheet = GrayImage::from_pixel(width, height, Luma([255]));
    let mut left = 2;
    while left + 20 < width {
        let scale = if (left / 18) % 2 == 0 { 1 } else { 2 };
        let mut top = 2;
        while top + 20 < height {
            for (x, y) in (0..7 * scale).flat_map(|x| (0..7 * scale).map(move |y| (x, y))) {
                let ring = (x / scale).min(y / scale).min(6 - x / scale).min(6 - y / scale);
                if ring != 1 {
                    sheet.put_pixel(left + x, top + y, Luma([0]));
                }
            }
            top += 7 * scale + 2;
        }
        left += 18;
    }
    sheet
}

/// What our own reader finds.
pub fn read(photo: &GrayImage) -> Result<Found, PhotoError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let program = Program::at(std::path::Path::new(env!("CARGO_BIN_EXE_tasdiq")));
    runtime.block_on(read_codes(&program, &png(photo)))
}

#[test]
fn all_codes_of_a_picture_are_read() {
    let texts = ["https://A.EXAMPLE/LOT/COOP/A1", "https://A.EXAMPLE/LOT/COOP/A2", "OTHER"];
    let codes = texts.map(code);
    let found = read(&beside(&[&codes[0], &codes[1], &codes[2]])).unwrap();
    let mut read_texts = found.codes.clone();
    read_texts.sort();
    assert_eq!(read_texts, {
        let mut sorted = texts.to_vec();
        sorted.sort();
        sorted
    });
    assert_eq!(found.unread, 0);
    // White on black, beside black on white.
    let mut inverted = code(texts[1]);
    image::imageops::invert(&mut inverted);
    let found = read(&beside(&[&codes[0], &inverted])).unwrap();
    assert_eq!((found.codes.len(), found.unread), (2, 0), "{found:?}");
    // One whose corners are whole and whose text is gone is told.
    let mut damaged = code(texts[1]);
    let side = damaged.width();
    for (x, y) in (0..side).flat_map(|x| (0..side).map(move |y| (x, y))) {
        let inner = |v: u32| v > side * 4 / 10 && v < side * 9 / 10;
        if inner(x) && inner(y) {
            damaged.put_pixel(x, y, Luma([if (x / 9 + y / 9) % 2 == 0 { 0 } else { 255 }]));
        }
    }
    let found = read(&beside(&[&codes[0], &damaged])).unwrap();
    assert_eq!(found.codes, [texts[0]]);
    assert_eq!(found.unread, 1, "{found:?}");
}

#[test]
fn the_worst_code_of_a_picture_counts() {
    let (app, cooperative, certifier) = TestApp::with_parties();
    app.declare(&cooperative, "L-1");
    app.certify(&certifier, "L-1");
    let labels = app.get("/api/v1/labels").json();
    let genuine = labels["labels"][0]["text"].as_str().unwrap().to_owned();
    let forged = genuine.replace(&format!("{GTIN}/10/L-1"), &format!("{GTIN}/10/L-2"));
    assert_ne!(genuine, forged);
    let inspected = |photo: &GrayImage| -> Vec<u64> {
        let (kind, body) = parts(&[("format", "", b"json"), ("photo", "a.png", &png(photo))]);
        let answer = app.post("/inspect", &kind, &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let reports = answer.json()["reports"].as_array().unwrap().clone();
        reports.iter().map(|report| report["exitCode"].as_u64().unwrap()).collect()
    };
    let mut codes = inspected(&beside(&[&code(&genuine), &code(&forged)]));
    codes.sort_unstable();
    assert_eq!(codes.len(), 2);
    assert!(codes.contains(&1), "{codes:?}");
    // A code that is there and cannot be read is no pass either.
    let mut torn = code(&forged);
    let (width, height) = torn.dimensions();
    for (x, y) in (width * 4 / 10..width * 9 / 10).flat_map(|x| (0..height).map(move |y| (x, y))) {
        if y > height * 4 / 10 && y < height * 9 / 10 {
            torn.put_pixel(x, y, Luma([0]));
        }
    }
    assert_eq!(inspected(&beside(&[&code(&genuine), &torn])).last(), Some(&2));
}

#[test]
fn fields_of_corner_patterns_cost_a_moment() {
    for (width, height) in [(3_000, 400), (12_000, 400), (2_000, 2_000)] {
        let refused = read(&field(width, height)).unwrap_err().code();
        // Scaled down, the wide one is a grey bar.
        let expected = ["photo_too_many_codes", "photo_without_qr", "photo_too_slow"];
        assert!(expected.contains(&refused), "{width}x{height} {refused}");
    }
}

#[test]
fn a_process_over_its_time_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("slow");
    let pid = folder.path().join("pid");
    let text = format!("#!/bin/sh\necho $$ > {}\nexec sleep 600\n", pid.display());
    std::fs::write(&script, text).unwrap();
    let all = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&script, all).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let start = Instant::now();
    let read = runtime.block_on(read_codes(&Program::at(&script), b"\x89PNG"));
    assert_eq!(read, Err(PhotoError::TooSlow));
    assert!(start.elapsed() >= Duration::from_secs(PHOTO_SECONDS_MAX));
    let pid = std::fs::read_to_string(pid).unwrap();
    let process = std::path::Path::new("/proc").join(pid.trim());
    assert!(!process.exists(), "it is still there");
}
