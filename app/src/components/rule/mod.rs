//! Rules and their alerts.

mod body;
mod card;
mod instances;
mod page_head;
mod way;

pub use card::RuleGroupCard;
pub use page_head::RulePageHead;
