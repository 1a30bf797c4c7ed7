//! What a page shows, as far as it is not data: kept in the address, so that a link restores it.

mod address;
mod bundle;
mod export;
mod history;
mod jump;
mod page_address;
mod panel;
mod refine;
mod settings;
mod theme;
mod zone;

pub use address::{encode, query_string};
pub use bundle::{Bundle, use_go};
pub use export::{chart_csv, curl, moment_csv};
pub use history::{clear_history, load_history, remember_query};
pub use jump::{name_pattern, rank};
pub use page_address::PageAddress;
pub use panel::{
    DENSITIES, Display, PanelParams, Resolution, Tab, longer_range, panels_from, panels_to_query,
    shorter_range,
};
pub use refine::filtered;
pub use settings::{Setting, Settings, storage};
pub use theme::{FIRST_PAINT, ThemeChoice, load_theme, store_theme};
pub use zone::Zone;
