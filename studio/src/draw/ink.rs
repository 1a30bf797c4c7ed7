//! A canvas as what takes ink.

use app::components::canvas::{clear, put, sheet, whole};
use chart::Crowd;
use js_sys::Array;
use render::Ink;
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

/// A place. Units: CSS pixels.
type Place = (f64, f64);

/// A canvas that takes ink.
pub(crate) struct CanvasInk<'a>(pub(crate) &'a CanvasRenderingContext2d);

impl Ink for CanvasInk<'_> {
    fn pen(&mut self, color: &str, width: f64) {
        self.0.set_stroke_style_str(color);
        self.0.set_line_width(width);
    }

    fn brush(&mut self, color: &str) {
        self.0.set_fill_style_str(color);
    }

    fn alpha(&mut self, alpha: f64) {
        self.0.set_global_alpha(alpha);
    }

    fn dash(&mut self, lengths: &[f64], round: bool) {
        let list: Array = lengths
            .iter()
            .map(|length| JsValue::from_f64(*length))
            .collect();
        // Lengths that are no lengths leave the line whole.
        let _ = self.0.set_line_dash(&list);
        self.0.set_line_cap(if round { "round" } else { "butt" });
    }

    fn begin(&mut self) {
        self.0.begin_path();
    }

    fn move_to(&mut self, (x, y): Place) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, (x, y): Place) {
        self.0.line_to(x, y);
    }

    fn curve_to(&mut self, first: Place, second: Place, to: Place) {
        self.0
            .bezier_curve_to(first.0, first.1, second.0, second.1, to.0, to.1);
    }

    fn close(&mut self) {
        self.0.close_path();
    }

    fn stroke(&mut self) {
        self.0.stroke();
    }

    fn fill(&mut self) {
        self.0.fill();
    }

    fn rect(&mut self, (left, top): Place, width: f64, height: f64) {
        self.0.fill_rect(left, top, width, height);
    }

    fn dot(&mut self, (x, y): Place, radius: f64) {
        self.0.begin_path();
        // A radius below zero would be refused, and no dot has one.
        let _ = self.0.arc(x, y, radius, 0.0, std::f64::consts::TAU);
        self.0.fill();
    }

    fn clip(&mut self, (left, top): Place, width: f64, height: f64) {
        self.0.save();
        self.0.begin_path();
        self.0.rect(left, top, width, height);
        self.0.clip();
        self.0.set_line_join("round");
    }

    fn unclip(&mut self) {
        self.0.restore();
    }

    fn pixel_ratio(&self) -> Option<f64> {
        Some(leptos::prelude::window().device_pixel_ratio())
    }

    fn crowd(&mut self, crowd: &Crowd, (width, height): (f64, f64), ratio: f64) -> bool {
        let lay = || {
            let sheet = sheet()?;
            let size = (whole(width * ratio), whole(height * ratio));
            put(&clear(&sheet, size)?, crowd)?;
            self.0.save();
            let laid = self
                .0
                .set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
                .and_then(|()| self.0.draw_image_with_html_canvas_element(&sheet, 0.0, 0.0));
            self.0.restore();
            laid
        };
        lay().is_ok()
    }
}
