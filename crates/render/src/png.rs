//! SVG as PNG.

use crate::error::{Error, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FontResolver, Options, Tree, fontdb};
use std::sync::{Arc, LazyLock};

/// Bounds: pixels of a picture, 4 bytes each while it is drawn.
pub const MOST_PIXELS: f64 = 40e6;
/// Typefaces: one that is brought along, for machines that have none, and those of the system for letters
/// that it lacks.
struct Fonts {
    all: Arc<fontdb::Database>,
    /// Whether one of them is made for Korean.
    hangul: bool,
    usual: Option<fontdb::ID>,
    bold: Option<fontdb::ID>,
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let mut all = fontdb::Database::new();
    let mut load = |bytes: &'static [u8]| {
        let source = fontdb::Source::Binary(Arc::new(bytes));
        all.load_font_source(source).first().copied()
    };
    let usual = load(dejavu::sans_condensed::regular());
    let bold = load(dejavu::sans_condensed::bold());
    all.load_system_fonts();
    // Typefaces for Korean have a name in Korean, too.
    let is_korean = |face: &fontdb::FaceInfo| {
        let mut names = face.families.iter();
        names.any(|(name, language)| {
            *language == fontdb::Language::Korean_Korea || name.contains("CJK")
        })
    };
    let hangul = all.faces().any(is_korean);
    Fonts {
        hangul,
        all: Arc::new(all),
        usual,
        bold,
    }
});

/// Whether [`png()`] can write Korean: the machine has a typeface for it. Without one there would be boxes.
pub fn writes_hangul() -> bool {
    FONTS.hangul
}

/// A picture of ours as PNG, `scale` pixels for each of its own.
///
/// # Errors
/// [`Error::TooLarge`] beyond [`MOST_PIXELS`]; [`Error::Picture`] if it is no SVG.
pub fn png(svg: &str, scale: f64) -> Result<Vec<u8>> {
    // Always ours first: a picture looks the same wherever it is drawn.
    let options = Options {
        fontdb: Arc::clone(&FONTS.all),
        font_resolver: FontResolver {
            select_font: Box::new(|font, _| {
                let is_bold = font.weight() >= 600;
                if is_bold { FONTS.bold } else { FONTS.usual }
            }),
            select_fallback: FontResolver::default_fallback_selector(),
        },
        ..Options::default()
    };
    let broken = |error: &dyn std::fmt::Display| Error::Picture {
        reason: error.to_string(),
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| broken(&error))?;
    let size = tree.size();
    let (width, height) = (
        f64::from(size.width()) * scale,
        f64::from(size.height()) * scale,
    );
    if width * height > MOST_PIXELS {
        return Err(Error::TooLarge { width, height });
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded just above")]
    let whole = |length: f64| length.round().max(1.0) as u32;
    let mut pixels =
        Pixmap::new(whole(width), whole(height)).ok_or(Error::TooLarge { width, height })?;
    #[expect(clippy::cast_possible_truncation, reason = "a small factor")]
    let scale = scale as f32;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    pixels.encode_png().map_err(|error| broken(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colors(png: &[u8]) -> usize {
        let pixels = Pixmap::decode_png(png).unwrap();
        let all: std::collections::BTreeSet<_> = pixels
            .pixels()
            .iter()
            .map(|pixel| (pixel.red(), pixel.green(), pixel.blue()))
            .collect();
        all.len()
    }

    fn document(inner: &str) -> String {
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" viewBox="0 0 60 20" font-family="system-ui, sans-serif"><rect width="60" height="20" fill="#fff"/>{inner}</svg>"##
        )
    }

    #[test]
    fn letters_come_out() {
        let empty = png(&document(""), 1.0).unwrap();
        assert_eq!(colors(&empty), 1);
        let text = r##"<text x="2" y="14" font-size="12" fill="#000">Watch µs</text>"##;
        let drawn = png(&document(text), 2.0).unwrap();
        assert!(colors(&drawn) > 8, "no text");
        assert_eq!(Pixmap::decode_png(&drawn).unwrap().width(), 120);
    }

    #[test]
    fn pictures_that_are_too_large_or_none_are_refused() {
        let text = document("").replace("width=\"60\"", "width=\"99999\"");
        assert!(matches!(png(&text, 30.0), Err(Error::TooLarge { .. })));
        assert!(matches!(png("no picture", 1.0), Err(Error::Picture { .. })));
    }
}
