//! The typefaces that papers are set in, as they lie in `assets/fonts`: Latin, Arabic, Tifinagh.

/// The file of a face.
#[derive(Debug)]
pub(super) struct FaceFile {
    pub data: &'static [u8],
}

/// All of them. A run of glyphs names its face by its place here.
pub(super) static FACES: [FaceFile; 5] = [
    FaceFile { data: include_bytes!("../../assets/fonts/noto-sans-regular.ttf") },
    FaceFile { data: include_bytes!("../../assets/fonts/noto-sans-bold.ttf") },
    FaceFile { data: include_bytes!("../../assets/fonts/noto-sans-arabic-regular.ttf") },
    FaceFile { data: include_bytes!("../../assets/fonts/noto-sans-arabic-bold.ttf") },
    FaceFile { data: include_bytes!("../../assets/fonts/noto-sans-tifinagh-regular.ttf") },
];

/// Their families, in the order in which a character is looked for.
pub(super) const FAMILIES: [&str; 3] = ["Noto Sans", "Noto Sans Arabic", "Noto Sans Tifinagh"];
