//! What of a rule can be checked without knowing expressions and templates.

use super::{RuleFields, RuleKind};
use crate::{Error, Result, text};
use model::DurationMs;
use std::collections::BTreeMap;

/// Longest expression, and all labels or annotations together. Units: bytes.
const EXPR_BYTES: usize = 256 * 1024;

pub(super) fn fields(fields: &RuleFields) -> Result<()> {
    text::title(fields.kind.as_str(), &fields.name)?;
    text::short("expr", &fields.expr, EXPR_BYTES)?;
    if fields.expr.trim().is_empty() {
        return Err(Error::invalid("expr", "it is empty"));
    }
    pairs("labels", &fields.labels)?;
    pairs("annotations", &fields.annotations)?;
    let zero = DurationMs::default();
    for (name, duration) in [
        ("for", fields.hold),
        ("keep_firing_for", fields.keep_firing_for),
    ] {
        if duration < zero {
            return Err(Error::invalid(name, "it is negative"));
        }
        if fields.kind == RuleKind::Record && duration > zero {
            return Err(Error::invalid(name, "recording rules have none"));
        }
    }
    if fields.kind == RuleKind::Record && !fields.annotations.is_empty() {
        return Err(Error::invalid("annotations", "recording rules have none"));
    }
    Ok(())
}

fn pairs(field: &'static str, pairs: &BTreeMap<String, String>) -> Result<()> {
    let bytes: usize = pairs
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if bytes > EXPR_BYTES {
        let reason = format!("{bytes} bytes, at most {EXPR_BYTES} are taken");
        return Err(Error::invalid(field, reason));
    }
    if pairs.keys().any(String::is_empty) {
        return Err(Error::invalid(field, "a name is empty"));
    }
    // JSON would hide a NUL from the check of arguments.
    let nul = |text: &String| text.contains('\0');
    if pairs.iter().any(|(name, value)| nul(name) || nul(value)) {
        return Err(Error::invalid(field, "it contains a NUL character"));
    }
    Ok(())
}
