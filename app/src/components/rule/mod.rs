//! Rules and their alerts.

mod body;
mod card;
mod instances;
mod way;

pub use card::RuleGroupCard;
