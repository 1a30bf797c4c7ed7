//! What a client wants drawn.

use super::GrafanaError;
use super::zone::NamedZone;
use dashboard::Theme;
use render::Language;

/// Bounds of each side of a picture. Units: CSS pixels.
const SIDES: (f64, f64) = (10.0, 5000.0);
/// Usual width and height. Units: CSS pixels. Source: Grafana.
const USUAL: (f64, f64) = (1000.0, 500.0);
/// Bounds: how long a picture may take. Units: seconds.
const LONGEST: u64 = 60;

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Svg,
}

/// What a client wants drawn.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) kind: Kind,
    /// The panel's number or the name of one of its copies; `None` for the whole dashboard.
    pub(super) panel: Option<String>,
    /// Units: CSS pixels.
    pub(super) width: f64,
    /// Units: CSS pixels; `None` for as high as the dashboard is.
    pub(super) height: Option<f64>,
    /// Pixels for each CSS pixel.
    pub(super) scale: f64,
    pub(super) theme: Theme,
    /// The language of the reader; the query does not say it.
    pub(super) language: Language,
    pub(super) zone: Option<NamedZone>,
    /// Units: seconds.
    pub(super) timeout: u64,
    /// All parameters.
    pub(super) pairs: Vec<(String, String)>,
}

impl Wanted {
    /// Reads a query; `solo` wants one panel.
    pub(super) fn read(query: &str, solo: bool) -> Result<Self, GrafanaError> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let text = |name: &str| {
            let found = pairs.iter().find(|(known, _)| known == name);
            found
                .map(|(_, value)| value.as_str())
                .filter(|value| !value.is_empty())
        };
        let refused = |name: &str| {
            let words = format!("invalid {name} `{}`", text(name).unwrap_or_default());
            GrafanaError::bad_request(words)
        };
        let number = |name: &str, usual: f64, (low, high): (f64, f64)| match text(name) {
            None => Ok(usual),
            Some(text) => text
                .parse::<f64>()
                .ok()
                .filter(|number| (low..=high).contains(number))
                .ok_or_else(|| refused(name)),
        };
        let kind = match text("format") {
            None | Some("png") => Kind::Png,
            Some("svg") => Kind::Svg,
            Some(_) => return Err(refused("format")),
        };
        let panel = solo
            .then(|| text("panelId").map(|id| id.trim_start_matches("panel-").to_owned()))
            .flatten();
        if solo && panel.is_none() {
            return Err(GrafanaError::bad_request("panelId is missing"));
        }
        let height = match text("height") {
            None | Some("-1") if !solo => None,
            _ => Some(number("height", USUAL.1, SIDES)?),
        };
        let theme = match text("theme") {
            None | Some("dark") => Theme::Dark,
            Some("light") => Theme::Light,
            Some(_) => return Err(refused("theme")),
        };
        let zone = match text("tz").or_else(|| text("timezone")) {
            None => None,
            Some(name) => Some(NamedZone::parse(name).ok_or_else(|| refused("tz"))?),
        };
        #[expect(clippy::cast_possible_truncation, reason = "bounded by `LONGEST`")]
        let timeout = number("timeout", 30.0, (1.0, LONGEST as f64))? as u64;
        Ok(Self {
            kind,
            panel,
            width: number("width", USUAL.0, SIDES)?,
            height,
            scale: number("scale", 1.0, (0.1, 4.0))?,
            theme,
            language: Language::English,
            zone,
            timeout,
            pairs: pairs.clone(),
        })
    }

    /// The range of time, if the client says one.
    pub(super) fn range(&self) -> Option<(String, String)> {
        let text = |name: &str| {
            let found = self.pairs.iter().find(|(known, _)| known == name);
            found
                .map(|(_, value)| value.clone())
                .filter(|value| !value.is_empty())
        };
        let to = text("to").unwrap_or_else(|| "now".to_owned());
        Some((text("from")?, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_grafanas() {
        let wanted = Wanted::read(
            "orgId=1&panelId=panel-7&width=450&height=300&scale=2&theme=light&tz=Europe%2FBerlin&from=now-6h&var-a=b",
            true,
        )
        .unwrap();
        assert_eq!(wanted.panel.as_deref(), Some("7"));
        assert_eq!((wanted.width, wanted.height), (450.0, Some(300.0)));
        assert_eq!((wanted.scale, wanted.theme), (2.0, Theme::Light));
        assert_eq!(wanted.range(), Some(("now-6h".into(), "now".into())));
        assert_eq!(wanted.kind, Kind::Png);
        let whole = Wanted::read("width=800&height=-1&format=svg", false).unwrap();
        assert_eq!((whole.kind, whole.height), (Kind::Svg, None));
        assert_eq!(whole.range(), None);
    }

    #[test]
    fn what_is_out_of_bounds_is_refused_by_its_name() {
        for (query, word) in [
            ("panelId=1&width=100000", "width"),
            ("panelId=1&height=0", "height"),
            ("panelId=1&width=x", "width"),
            ("panelId=1&width=NaN", "width"),
            ("panelId=1&scale=50", "scale"),
            ("panelId=1&theme=pink", "theme"),
            ("panelId=1&tz=../etc", "tz"),
            ("panelId=1&format=exe", "format"),
            ("panelId=1&timeout=1e9", "timeout"),
            ("width=100", "panelId"),
        ] {
            let error = Wanted::read(query, true).unwrap_err();
            assert!(error.message().contains(word), "{query}: {error:?}");
        }
    }
}
