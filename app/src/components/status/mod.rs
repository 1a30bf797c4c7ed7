//! Pieces of the pages that list and tell.

mod badge;
mod code;
mod copy_button;
mod expression_chart;
mod facts;
mod filters;
mod live;
mod nothing_listed;
mod paging;
mod rows;

pub use badge::StateBadge;
pub(crate) use code::graph_link;
pub use code::{Code, Expression, Language};
pub use copy_button::CopyButton;
pub use expression_chart::ExpressionChart;
pub use facts::fact;
pub use filters::{ChoiceLinks, PoolField, SearchField};
pub use live::{live, live_every};
pub use nothing_listed::NothingListed;
pub use paging::PageLinks;
pub use rows::rows;
