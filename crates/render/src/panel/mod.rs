//! A panel as SVG: its frame, its title, and what its kind draws.

mod bars;
mod board;
mod heatmap;
mod legend;
mod pie;
mod single;
mod states;
mod table;
mod text;
mod time_series;

pub use board::{BoardTile, board_svg, page_width};

use crate::language::Language;
use crate::svg::{Area, Svg, TextStyle, Tones, shortened, width_of};
use chart::{Scale, TimeTick};
use dashboard::{DisplayContext, Format, Panel, PanelData, PanelKind, Scope, interpolate};

/// Height of the line of the title. Units: CSS pixels.
const HEAD: f64 = 28.0;
/// Size of labels of axes. Units: CSS pixels.
const LABEL: f64 = 11.0;
/// Size of usual texts. Units: CSS pixels.
const BODY: f64 = 12.0;

/// A panel with what its queries brought.
#[derive(Clone, Copy)]
pub struct PanelPicture<'a> {
    /// The panel.
    pub panel: Panel<'a>,
    /// What its texts may mention.
    pub scope: &'a Scope<'a>,
    /// What its queries brought.
    pub data: &'a PanelData,
    /// Why there is nothing, in words.
    pub error: Option<&'a str>,
    /// Units: milliseconds since the epoch.
    pub window: (i64, i64),
    /// Distance of points. Units: milliseconds.
    pub step: f64,
    /// The language of words that are not the document's.
    pub language: Language,
}

/// What a panel is drawn with.
struct Pens<'a> {
    svg: &'a mut Svg,
    tones: Tones,
    context: &'a DisplayContext<'a>,
}

/// A panel as an SVG document of a size in CSS pixels.
pub fn panel_svg(
    picture: &PanelPicture<'_>,
    context: &DisplayContext<'_>,
    size: (f64, f64),
) -> String {
    let tones = Tones::of(context.theme);
    let mut svg = Svg::begin(size, &picture.title());
    svg.rect(Area::new(0.0, 0.0, size.0, size.1), tones.page, 0.0);
    let mut pens = Pens {
        svg: &mut svg,
        tones,
        context,
    };
    picture.draw(&mut pens, size);
    svg.finish()
}

impl PanelPicture<'_> {
    /// The title, with the values of variables.
    pub fn title(&self) -> String {
        interpolate(self.panel.title(), self.scope, &Format::Text)
    }

    fn draw(&self, pens: &mut Pens<'_>, (width, height): (f64, f64)) {
        if !self.panel.transparent() {
            let all = Area::new(0.5, 0.5, width - 1.0, height - 1.0);
            pens.svg.rect(all, pens.tones.surface, 4.0);
            pens.svg.frame(all, pens.tones.line, 4.0);
        }
        let title = self.title();
        let head = if title.is_empty() { 8.0 } else { HEAD };
        let style = TextStyle::new(13.0, pens.tones.ink).bold();
        pens.svg
            .text_within((9.0, 19.0), &title, width - 18.0, style);
        let body = Area::new(6.0, head, width - 12.0, height - head - 6.0);
        if body.width < 20.0 || body.height < 12.0 {
            return;
        }
        pens.svg.open(body);
        self.draw_body(pens, (body.width, body.height));
        pens.svg.close();
    }

    fn draw_body(&self, pens: &mut Pens<'_>, size: (f64, f64)) {
        let kind = self.panel.kind();
        let is_known = !matches!(
            kind,
            PanelKind::Row
                | PanelKind::Other(_)
                | PanelKind::AlertList
                | PanelKind::DashList
                | PanelKind::AnnotationList
        );
        let asks = kind != PanelKind::Text;
        if !is_known {
            let words = self.language.not_drawn(kind.id());
            return message(pens, size, &words, pens.tones.soft);
        }
        if asks && !self.data.frames.iter().any(|frame| frame.rows() > 0) {
            if let Some(error) = self.error {
                return message(pens, size, error, pens.tones.firing);
            }
            let own = self.panel.field_config(&mut Vec::new()).defaults.no_value;
            let words = own.unwrap_or_else(|| self.language.no_data().to_owned());
            return message(pens, size, &words, pens.tones.soft);
        }
        match kind {
            PanelKind::TimeSeries => time_series::draw(self, pens, size),
            PanelKind::Stat => single::stat(self, pens, size),
            PanelKind::Gauge => single::gauge(self, pens, size),
            PanelKind::BarGauge => single::bar_gauge(self, pens, size),
            PanelKind::BarChart => bars::bar_chart(self, pens, size),
            PanelKind::Histogram => bars::histogram(self, pens, size),
            PanelKind::PieChart => pie::draw(self, pens, size),
            PanelKind::Table => table::draw(self, pens, size),
            PanelKind::Heatmap => heatmap::draw(self, pens, size),
            PanelKind::StateTimeline => states::draw(self, pens, size, false),
            PanelKind::StatusHistory => states::draw(self, pens, size, true),
            PanelKind::Text => text::draw(self, pens, size),
            _ => {}
        }
    }
}

/// Words in the middle of a panel that draws nothing else.
fn message(pens: &mut Pens<'_>, (width, height): (f64, f64), words: &str, color: &str) {
    let lines = wrapped(words, width - 16.0, 13.0);
    let top = height / 2.0 - (lines.len() as f64 - 1.0) * 8.0 + 4.0;
    for (index, line) in lines.iter().take(6).enumerate() {
        let at = (width / 2.0, top + index as f64 * 16.0);
        pens.svg
            .text(at, line, TextStyle::new(13.0, color).middle());
    }
}

/// Lines that fit into a width, broken between words.
fn wrapped(text: &str, width: f64, size: f64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if width_of(&longer, size) <= width || line.is_empty() {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            }
        }
        lines.push(line);
    }
    lines
        .into_iter()
        .map(|line| shortened(&line, width, size))
        .collect()
}

/// Labels of times below a chart.
fn time_labels(pens: &mut Pens<'_>, ticks: &[TimeTick], x: &Scale, top: f64) {
    let style = TextStyle::new(LABEL, pens.tones.soft).middle();
    for tick in ticks {
        let left = x.to_pixel(tick.time * 1e3);
        pens.svg.text((left, top + 10.0), &tick.label, style);
        if let Some(date) = &tick.date {
            pens.svg.text((left, top + 22.0), date, style);
        }
    }
}
