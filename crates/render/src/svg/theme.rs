//! The colours of the pages, for pictures that have no style sheet.

use dashboard::Theme;

/// Colours of everything that is no series; those of `style/tokens.css`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tones {
    pub(crate) page: &'static str,
    pub(crate) surface: &'static str,
    pub(crate) sunken: &'static str,
    pub(crate) line: &'static str,
    pub(crate) ink: &'static str,
    pub(crate) soft: &'static str,
    pub(crate) firing: &'static str,
    pub(crate) ok: &'static str,
    pub(crate) info: &'static str,
    pub(crate) grid: &'static str,
    pub(crate) zero: &'static str,
}

impl Tones {
    /// The colours of a theme.
    pub(crate) fn of(theme: Theme) -> Self {
        match theme {
            Theme::Dark => Self {
                page: "#101318",
                surface: "#181c23",
                sunken: "#0c0e12",
                line: "#2c333e",
                ink: "#e4e8ee",
                soft: "#a0a9b7",
                firing: "#ff7b7b",
                ok: "#4cc37c",
                info: "#79b5f5",
                grid: "#262c36",
                zero: "#566070",
            },
            Theme::Light => Self {
                page: "#f6f7f9",
                surface: "#ffffff",
                sunken: "#eceef2",
                line: "#dde1e8",
                ink: "#1a1e26",
                soft: "#566070",
                firing: "#b8212b",
                ok: "#14753d",
                info: "#1b62b0",
                grid: "#e7eaef",
                zero: "#a9b1be",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_those_of_the_style_sheet() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../style/tokens.css");
        let sheet = std::fs::read_to_string(path).unwrap();
        let grey = |text: &str| -> String {
            let Some(number) = text.strip_prefix("var(--grey-") else {
                return text.to_owned();
            };
            let name = format!("--grey-{}: ", number.trim_end_matches(')'));
            let rest = sheet.split(&name).nth(1).unwrap();
            rest.split(';').next().unwrap().to_owned()
        };
        let (dark, light) = (Tones::of(Theme::Dark), Tones::of(Theme::Light));
        let pairs = [
            ("--page", light.page, dark.page),
            ("--surface", light.surface, dark.surface),
            ("--sunken", light.sunken, dark.sunken),
            ("--line", light.line, dark.line),
            ("--ink", light.ink, dark.ink),
            ("--ink-soft", light.soft, dark.soft),
            ("--firing", light.firing, dark.firing),
            ("--ok", light.ok, dark.ok),
            ("--info", light.info, dark.info),
            ("--chart-grid", light.grid, dark.grid),
            ("--chart-zero", light.zero, dark.zero),
        ];
        for (name, light, dark) in pairs {
            let rest = sheet.split(&format!("{name}: light-dark(")).nth(1).unwrap();
            let inner = rest.split(");").next().unwrap();
            let (first, second) = inner.split_once(", ").unwrap();
            assert_eq!(
                (grey(first), grey(second)),
                (light.into(), dark.into()),
                "{name}"
            );
        }
    }
}
