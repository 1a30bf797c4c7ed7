//! SVG as what takes ink.

use super::{Area, Num, Svg};
use crate::ink::Ink;
use std::fmt::Write as _;

/// A place. Units: CSS pixels.
type Place = (f64, f64);

/// An SVG document that takes ink.
pub(crate) struct SvgInk<'a> {
    svg: &'a mut Svg,
    path: String,
    pen: (String, f64),
    brush: String,
    alpha: f64,
    dash: String,
    round: bool,
}

impl<'a> SvgInk<'a> {
    pub(crate) fn new(svg: &'a mut Svg) -> Self {
        Self {
            svg,
            path: String::new(),
            pen: ("#000".to_owned(), 1.0),
            brush: "#000".to_owned(),
            alpha: 1.0,
            dash: String::new(),
            round: false,
        }
    }

    fn add(&mut self, letter: char, places: &[Place]) {
        self.path.push(letter);
        for (index, (x, y)) in places.iter().enumerate() {
            let gap = if index > 0 { " " } else { "" };
            // Writing to a string cannot fail.
            let _ = write!(self.path, "{gap}{} {}", Num(*x), Num(*y));
        }
    }

    fn opacity(&self) -> String {
        if self.alpha >= 1.0 {
            String::new()
        } else {
            format!(r#" opacity="{}""#, (self.alpha * 100.0).round() / 100.0)
        }
    }
}

impl Ink for SvgInk<'_> {
    fn pen(&mut self, color: &str, width: f64) {
        self.pen = (color.to_owned(), width);
    }

    fn brush(&mut self, color: &str) {
        color.clone_into(&mut self.brush);
    }

    fn alpha(&mut self, alpha: f64) {
        self.alpha = alpha;
    }

    fn dash(&mut self, lengths: &[f64], round: bool) {
        let texts: Vec<String> = lengths.iter().map(|l| Num(*l).to_string()).collect();
        self.dash = texts.join(" ");
        self.round = round;
    }

    fn begin(&mut self) {
        self.path.clear();
    }

    fn move_to(&mut self, to: Place) {
        self.add('M', &[to]);
    }

    fn line_to(&mut self, to: Place) {
        self.add('L', &[to]);
    }

    fn curve_to(&mut self, first: Place, second: Place, to: Place) {
        self.add('C', &[first, second, to]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }

    fn stroke(&mut self) {
        let dash = match self.dash.as_str() {
            "" => String::new(),
            dash => format!(r#" stroke-dasharray="{dash}""#),
        };
        let cap = if self.round {
            r#" stroke-linecap="round""#
        } else {
            ""
        };
        let (color, width) = (super::Escaped(&self.pen.0), Num(self.pen.1));
        let (path, opacity) = (&self.path, self.opacity());
        self.svg.put(format_args!(
            r#"<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}" stroke-linejoin="round"{cap}{dash}{opacity}/>"#
        ));
    }

    fn fill(&mut self) {
        let (path, opacity) = (&self.path, self.opacity());
        let color = super::Escaped(&self.brush);
        self.svg.put(format_args!(
            r#"<path d="{path}" fill="{color}"{opacity}/>"#
        ));
    }

    fn rect(&mut self, (left, top): Place, width: f64, height: f64) {
        self.begin();
        self.move_to((left, top));
        self.line_to((left + width, top));
        self.line_to((left + width, top + height));
        self.line_to((left, top + height));
        self.close();
        self.fill();
    }

    fn dot(&mut self, (x, y): Place, radius: f64) {
        let (color, opacity) = (super::Escaped(&self.brush), self.opacity());
        self.svg.put(format_args!(
            r#"<circle cx="{}" cy="{}" r="{}" fill="{color}"{opacity}/>"#,
            Num(x),
            Num(y),
            Num(radius)
        ));
    }

    fn clip(&mut self, (left, top): Place, width: f64, height: f64) {
        self.svg.clip(Area::new(left, top, width, height));
    }

    fn unclip(&mut self) {
        self.svg.close();
        self.alpha = 1.0;
    }
}
