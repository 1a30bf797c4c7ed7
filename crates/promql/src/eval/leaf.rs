//! Series chosen before they are read, so that several threads can read parts of them, and so that no
//! label set is made for those that are aggregated away.

use super::Evaluator;
use super::selector::Selected;
use super::window::SelectedWindows;
use promql_syntax::Expr;
use std::ops::Range;

/// What a selector of the expression has found.
pub(crate) enum Source {
    /// Of an instant vector.
    Newest(Selected),
    /// Of a range vector.
    Windows(SelectedWindows),
}

impl Source {
    /// The series.
    pub(crate) fn selected(&self) -> &Selected {
        match self {
            Self::Newest(selected) => selected,
            Self::Windows(windows) => &windows.selected,
        }
    }
}

/// A part of the series of one selector. Its series come with their number instead of labels.
#[derive(Clone)]
pub(crate) struct Leaf<'l> {
    /// The selector.
    pub(crate) expr: &'l Expr,
    /// Its series.
    pub(crate) source: &'l Source,
    /// Numbers of those to read.
    pub(crate) part: Range<usize>,
}

impl<'e> Evaluator<'e> {
    /// What was chosen for `expr`, if that is the selector in question.
    pub(crate) fn leaf_at(&self, expr: &Expr) -> Option<&Leaf<'e>> {
        let leaf = self.leaf.as_ref()?;
        std::ptr::eq(leaf.expr, expr).then_some(leaf)
    }
}
