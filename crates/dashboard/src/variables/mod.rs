//! Variables of dashboards: what they may be, what they are, and their values in texts.

mod adhoc;
mod choices;
mod encode;
mod format;
mod interpolate;
mod order;
mod query;
mod rename;
mod scope;
#[cfg(test)]
mod tests;
mod url;
mod values;
mod variable;

pub use adhoc::{AdHocFilter, inject_filters};
pub(crate) use choices::natural_order;
pub use choices::{Choice, SortMode, choices_from_text, choices_from_values};
pub(crate) use encode::percent_encode;
pub use format::Format;
pub use interpolate::{find_references, interpolate};
pub use order::{VariableOrder, order_variables};
pub use query::VariableQuery;
pub use scope::{Globals, Scope};
pub use url::{url_pairs, values_from_url};
pub use values::{VariableValue, VariableValues};
pub use variable::{Hide, Refresh, Variable, VariableKind};

/// The value that stands for all others.
pub const ALL_VALUE: &str = "$__all";
