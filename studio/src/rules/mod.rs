//! Forms for rules.
