//! SVG, written element by element; every text and attribute is escaped on its way out.

mod ink;
mod theme;

pub(crate) use ink::SvgInk;
pub(crate) use theme::Tones;

use std::fmt::Write as _;

/// Typefaces: those of the reader's system.
const FONTS: &str = "system-ui, sans-serif";
/// Width of a usual character, in parts of the size of the text.
const CHAR: f64 = 0.56;

/// Where a text stands beside its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextStyle<'a> {
    /// Units: CSS pixels.
    pub(crate) size: f64,
    pub(crate) color: &'a str,
    pub(crate) anchor: Anchor,
    pub(crate) bold: bool,
}

impl<'a> TextStyle<'a> {
    pub(crate) fn new(size: f64, color: &'a str) -> Self {
        Self {
            size,
            color,
            anchor: Anchor::Start,
            bold: false,
        }
    }

    pub(crate) fn middle(self) -> Self {
        Self {
            anchor: Anchor::Middle,
            ..self
        }
    }

    pub(crate) fn end(self) -> Self {
        Self {
            anchor: Anchor::End,
            ..self
        }
    }

    pub(crate) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
}

/// A rectangle. Units: CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn new(left: f64, top: f64, width: f64, height: f64) -> Self {
        Self {
            left,
            top,
            width: width.max(0.0),
            height: height.max(0.0),
        }
    }

    pub(crate) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    pub(crate) fn middle(&self) -> (f64, f64) {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }
}

/// An SVG document as it is written.
pub(crate) struct Svg {
    out: String,
    gradients: usize,
}

impl Svg {
    /// Begins a document of a size in CSS pixels, which says what it is.
    pub(crate) fn begin((width, height): (f64, f64), title: &str) -> Self {
        let mut svg = Self {
            out: String::with_capacity(16 << 10),
            gradients: 0,
        };
        let (w, h) = (Num(width), Num(height));
        svg.put(format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" font-family="{FONTS}">"#
        ));
        svg.put(format_args!("<title>{}</title>", Escaped(title)));
        svg
    }

    /// Ends the document.
    pub(crate) fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    /// Writing to a string cannot fail.
    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        let _ = self.out.write_fmt(what);
    }

    /// Begins a part whose places are counted from `area`'s corner, and outside of which nothing is seen.
    pub(crate) fn open(&mut self, area: Area) {
        let (x, y) = (Num(area.left), Num(area.top));
        let (w, h) = (Num(area.width), Num(area.height));
        self.put(format_args!(
            r#"<svg x="{x}" y="{y}" width="{w}" height="{h}" viewBox="0 0 {w} {h}">"#
        ));
    }

    /// As [`Self::open`], with everything inside told for a room of another size.
    pub(crate) fn open_scaled(&mut self, area: Area, (width, height): (f64, f64)) {
        let (x, y) = (Num(area.left), Num(area.top));
        let (w, h) = (Num(area.width), Num(area.height));
        self.put(format_args!(
            r#"<svg x="{x}" y="{y}" width="{w}" height="{h}" viewBox="0 0 {} {}">"#,
            Num(width),
            Num(height)
        ));
    }

    /// As [`Self::open`], with places counted as before.
    pub(crate) fn clip(&mut self, area: Area) {
        let (x, y) = (Num(area.left), Num(area.top));
        let (w, h) = (Num(area.width), Num(area.height));
        self.put(format_args!(
            r#"<svg x="{x}" y="{y}" width="{w}" height="{h}" viewBox="{x} {y} {w} {h}">"#
        ));
    }

    /// Ends what [`Self::open`] or [`Self::clip`] began.
    pub(crate) fn close(&mut self) {
        self.out.push_str("</svg>");
    }

    pub(crate) fn rect(&mut self, area: Area, fill: &str, radius: f64) {
        let (x, y) = (Num(area.left), Num(area.top));
        let (w, h) = (Num(area.width), Num(area.height));
        self.put(format_args!(
            r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{}""#,
            Escaped(fill)
        ));
        if radius > 0.0 {
            self.put(format_args!(r#" rx="{}""#, Num(radius)));
        }
        self.out.push_str("/>");
    }

    /// A frame without filling.
    pub(crate) fn frame(&mut self, area: Area, stroke: &str, radius: f64) {
        let (x, y) = (Num(area.left), Num(area.top));
        let (w, h) = (Num(area.width), Num(area.height));
        self.put(format_args!(
            r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{}" fill="none" stroke="{}"/>"#,
            Num(radius),
            Escaped(stroke)
        ));
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str) {
        self.put(format_args!(
            r#"<path d="M{} {}L{} {}" stroke="{}"/>"#,
            Num(from.0),
            Num(from.1),
            Num(to.0),
            Num(to.1),
            Escaped(stroke)
        ));
    }

    /// A path that is filled; `d` is ours and needs no escaping, and gets some.
    pub(crate) fn filled(&mut self, d: &str, fill: &str) {
        self.put(format_args!(
            r#"<path d="{}" fill="{}" fill-rule="evenodd"/>"#,
            Escaped(d),
            Escaped(fill)
        ));
    }

    /// A path that is drawn as a line.
    pub(crate) fn stroked(&mut self, d: &str, stroke: &str, width: f64) {
        self.put(format_args!(
            r#"<path d="{}" fill="none" stroke="{}" stroke-width="{}"/>"#,
            Escaped(d),
            Escaped(stroke),
            Num(width)
        ));
    }

    /// A gradient of colours, evenly spread, as what [`Self::rect`] fills with.
    pub(crate) fn gradient(&mut self, colors: &[String], upright: bool) -> String {
        self.gradients += 1;
        let name = format!("g{}", self.gradients);
        let way = if upright {
            r#"x1="0" y1="1" x2="0" y2="0""#
        } else {
            r#"x1="0" y1="0" x2="1" y2="0""#
        };
        self.put(format_args!(r#"<linearGradient id="{name}" {way}>"#));
        let last = colors.len().saturating_sub(1).max(1) as f64;
        for (index, color) in colors.iter().enumerate() {
            self.put(format_args!(
                r#"<stop offset="{}" stop-color="{}"/>"#,
                Num(index as f64 / last),
                Escaped(color)
            ));
        }
        self.out.push_str("</linearGradient>");
        format!("url(#{name})")
    }

    /// A text whose line stands at `at`.
    pub(crate) fn text(&mut self, at: (f64, f64), text: &str, style: TextStyle<'_>) {
        self.text_turned(at, text, style, false);
    }

    /// As [`Self::text`]; turned, it goes upwards.
    pub(crate) fn text_turned(
        &mut self,
        (x, y): (f64, f64),
        text: &str,
        style: TextStyle<'_>,
        turned: bool,
    ) {
        if text.is_empty() {
            return;
        }
        let (x, y) = (Num(x), Num(y));
        self.put(format_args!(
            r#"<text x="{x}" y="{y}" font-size="{}" fill="{}""#,
            Num(style.size),
            Escaped(style.color)
        ));
        match style.anchor {
            Anchor::Start => {}
            Anchor::Middle => self.out.push_str(r#" text-anchor="middle""#),
            Anchor::End => self.out.push_str(r#" text-anchor="end""#),
        }
        if style.bold {
            self.out.push_str(r#" font-weight="600""#);
        }
        if turned {
            self.put(format_args!(r#" transform="rotate(-90 {x} {y})""#));
        }
        self.put(format_args!(
            r#" xml:space="preserve">{}</text>"#,
            Escaped(text)
        ));
    }

    /// A text, cut where `width` ends.
    pub(crate) fn text_within(
        &mut self,
        at: (f64, f64),
        text: &str,
        width: f64,
        style: TextStyle<'_>,
    ) {
        let cut = shortened(text, width, style.size);
        self.text(at, &cut, style);
    }
}

/// About how wide a text is. Units: CSS pixels.
pub(crate) fn width_of(text: &str, size: f64) -> f64 {
    let chars: f64 = text.chars().map(char_width).sum();
    chars * size
}

fn char_width(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.32,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.86,
        'A'..='Z' => 0.66,
        // Letters of East Asia are as wide as they are high.
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}' => 1.0,
        _ => CHAR,
    }
}

/// A text that fits into a width, its end replaced by dots where it does not.
pub(crate) fn shortened(text: &str, width: f64, size: f64) -> String {
    if width_of(text, size) <= width {
        return text.to_owned();
    }
    let mut left = width - size * 0.8;
    let mut out = String::new();
    for c in text.chars() {
        left -= char_width(c) * size;
        if left < 0.0 {
            break;
        }
        out.push(c);
    }
    if out.is_empty() && width < size {
        return out;
    }
    out.push('…');
    out
}

/// A number with one decimal at most, without what says nothing.
pub(crate) struct Num(pub(crate) f64);

impl std::fmt::Display for Num {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = if self.0.is_finite() {
            // Adding zero makes of a negative zero a positive one.
            (self.0 * 10.0).round() / 10.0 + 0.0
        } else {
            0.0
        };
        write!(f, "{value}")
    }
}

/// A text as XML has it, without characters that XML does not know.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\t' | '\n' | '\r' => f.write_char(' ')?,
                c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                    f.write_char('\u{fffd}')?;
                }
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_cannot_leave_their_place() {
        let mut svg = Svg::begin((10.0, 10.0), "</title><script>alert(1)</script>");
        let evil = "\"/><script>x</script>\u{0}\u{1b}&amp;";
        svg.text((1.0, 2.0), evil, TextStyle::new(12.0, evil));
        svg.rect(Area::new(0.0, 0.0, 1.0, 1.0), evil, 0.0);
        svg.filled(evil, evil);
        let out = svg.finish();
        assert!(!out.contains("<script"), "{out}");
        assert!(!out.contains('\u{0}') && !out.contains('\u{1b}'));
        assert!(out.contains("&amp;amp;"));
    }

    #[test]
    fn numbers_are_short_and_always_numbers() {
        let text = |value: f64| Num(value).to_string();
        assert_eq!(text(1.0), "1");
        assert_eq!(text(-0.01), "0");
        assert_eq!(text(12.345), "12.3");
        assert_eq!(text(f64::NAN), "0");
        assert_eq!(text(f64::INFINITY), "0");
    }

    #[test]
    fn texts_are_cut_where_there_is_no_room() {
        assert_eq!(shortened("short", 100.0, 12.0), "short");
        let cut = shortened("a rather long name of a series", 60.0, 12.0);
        assert!(cut.ends_with('…') && cut.len() < 14, "{cut}");
        assert_eq!(shortened("가나다", 2.0, 12.0), "");
    }
}
