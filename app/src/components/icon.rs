//! Line icons on a 16-unit grid.

use leptos::prelude::*;

/// Which icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// A screen: as the system has it.
    System,
    /// The sun.
    Sun,
    /// The moon.
    Moon,
    /// Add, longer.
    Plus,
    /// Shorter.
    Minus,
    /// Remove, clear.
    Cross,
    /// Earlier.
    Left,
    /// Later.
    Right,
    /// Opens downwards.
    Down,
    /// Works.
    Check,
    /// Does not work.
    Alert,
    /// Not known.
    Question,
    /// Three lines: what is folded away.
    Menu,
    /// A magnifying glass.
    Search,
    /// A cogwheel.
    Gear,
    /// Two sheets: the same again.
    Copy,
    /// Into a file.
    Download,
    /// A command line.
    Terminal,
    /// A chain: an address.
    Link,
    /// A picture.
    Image,
    /// Once more.
    Again,
    /// A star.
    Star,
    /// A bell: news.
    Bell,
    /// Head and shoulders: whoever is logged in.
    Person,
    /// The product's sign.
    Flame,
}

impl Glyph {
    fn path(self) -> &'static str {
        match self {
            Self::System => "M2 3h12v8H2ZM8 11v2.5M5 13.5h6",
            Self::Sun => {
                "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9 13 13M13 3l-1.1 1.1M4.1 11.9 3 13"
            }
            Self::Moon => "M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Minus => "M3 8h10",
            Self::Cross => "m4 4 8 8M12 4l-8 8",
            Self::Left => "m10 3-5 5 5 5",
            Self::Right => "m6 3 5 5-5 5",
            Self::Down => "m4 6 4 4 4-4",
            Self::Check => "m3 8.5 3.5 3.5L13 4.5",
            Self::Alert => "M8 2 1.5 13.5h13L8 2Zm0 4.5v3.5M8 11.6v.4",
            Self::Question => "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.8M8 12.6v.4",
            Self::Menu => "M2 4h12M2 8h12M2 12h12",
            Self::Search => {
                "M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9ZM10.300 10.300 14 14"
            }
            Self::Gear => {
                "M8 5.700a2.300 2.300 0 1 0 0 4.600 2.300 2.300 0 0 0 0-4.600ZM8 1.500v2M8 12.500v2M1.500 8h2M12.500 8h2M3.400 3.400l1.400 1.400M11.200 11.200l1.400 1.400M12.600 3.400l-1.400 1.400M4.800 11.200l-1.400 1.400"
            }
            Self::Copy => "M5.500 5.500h8v8h-8ZM10.500 5.500v-3h-8v8h3",
            Self::Download => "M8 2v8M4.500 7 8 10.500 11.500 7M2.500 13.500h11",
            Self::Terminal => "M2 3h12v10H2ZM4.500 6l2 2-2 2M8.500 10.500h3",
            Self::Link => {
                "M6.500 9.500l3-3M7 4.800l1.400-1.400a2.800 2.800 0 0 1 4 4L11 8.800M9 11.200l-1.400 1.400a2.800 2.800 0 0 1-4-4L5 7.200"
            }
            Self::Image => "M2 3h12v10H2ZM2 11l3.500-3.500L9 11l2-2 3 3M10.500 6v.100",
            Self::Again => "M13 8a5 5 0 1 1-1.500-3.500M13 2v3h-3",
            Self::Star => {
                "m8 2 1.800 3.900 4.200.500-3.100 2.900.800 4.200L8 11.400l-3.700 2.100.800-4.200L2 6.400l4.200-.500Z"
            }
            Self::Bell => {
                "M8 2a4 4 0 0 0-4 4c0 3-1.500 4.500-1.500 5.500h11C13.500 10.500 12 9 12 6a4 4 0 0 0-4-4ZM6.500 13.500h3"
            }
            Self::Person => {
                "M8 2.500a2.700 2.700 0 1 0 0 5.400 2.700 2.700 0 0 0 0-5.400ZM2.500 14c.300-3 2.500-4.500 5.500-4.500s5.200 1.500 5.500 4.500"
            }
            Self::Flame => {
                "M8.5 1.5c.5 2.5 3.8 4 3.8 7.7A4.3 4.3 0 0 1 8 13.7a4.3 4.3 0 0 1-4.3-4.5c0-1.7.9-2.9 1.8-3.7.1 1.2.6 1.9 1.3 2.2C6.6 5.600 7 3.300 8.500 1.500Z"
            }
        }
    }
}

/// An icon in the colour of the text around it; the words are always elsewhere.
#[component]
pub fn Icon(
    /// Which one.
    #[prop(into)]
    glyph: Signal<Glyph>,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=move || glyph.get().path()></path>
        </svg>
    }
}
