//! What a page shows, as far as it is not data: kept in the address, so that a link restores it.

mod address;
mod panel;
mod target_board;
mod target_filter;
mod theme;

pub use address::{encode, query_string};
pub use panel::{
    PanelParams, Resolution, Tab, longer_range, panels_from, panels_to_query, shorter_range,
};
pub use target_board::{PoolView, TargetBoard, TargetKey};
pub use target_filter::TargetFilter;
pub use theme::{FIRST_PAINT, ThemeChoice, load_theme, store_theme};
