//! A whole dashboard as SVG.

use super::{PanelPicture, Pens};
use crate::svg::{Area, Svg, TextStyle, Tones};
use dashboard::{DisplayContext, PanelKind, PixelRect};

/// Room of the title above the panels. Units: CSS pixels.
const HEAD: f64 = 40.0;
/// Around all. Units: CSS pixels.
const MARGIN: f64 = 8.0;

/// A panel at its place on the page.
#[derive(Clone, Copy)]
pub struct BoardTile<'a> {
    /// Where it is. Units: CSS pixels.
    pub place: PixelRect,
    /// What is drawn there.
    pub picture: PanelPicture<'a>,
}

/// A dashboard as an SVG document; without a height it is as high as its panels are. Units: CSS pixels.
pub fn board_svg(
    title: &str,
    tiles: &[BoardTile<'_>],
    context: &DisplayContext<'_>,
    width: f64,
    height: Option<f64>,
) -> String {
    let tones = Tones::of(context.theme);
    let bottom = tiles
        .iter()
        .map(|tile| tile.place.top + tile.place.height)
        .fold(0.0, f64::max);
    let height = height.unwrap_or(HEAD + bottom + MARGIN);
    let mut svg = Svg::begin((width, height), title);
    svg.rect(Area::new(0.0, 0.0, width, height), tones.page, 0.0);
    let style = TextStyle::new(16.0, tones.ink).bold();
    svg.text_within((MARGIN + 2.0, 26.0), title, width - 2.0 * MARGIN, style);
    for tile in tiles {
        let place = tile.place;
        if HEAD + place.top > height {
            continue;
        }
        svg.open(Area::new(
            MARGIN + place.left,
            HEAD + place.top,
            place.width,
            place.height,
        ));
        let mut pens = Pens {
            svg: &mut svg,
            tones,
            context,
        };
        if tile.picture.panel.kind() == PanelKind::Row {
            let style = TextStyle::new(14.0, tones.ink).bold();
            pens.svg.text((2.0, 20.0), &tile.picture.title(), style);
        } else {
            tile.picture.draw(&mut pens, (place.width, place.height));
        }
        svg.close();
    }
    svg.finish()
}

/// How wide the page of a picture's panels is. Units: CSS pixels.
pub fn page_width(width: f64) -> f64 {
    (width - 2.0 * MARGIN).max(1.0)
}
