//! Selectors that occur more than once in a query.

use model::{Matcher, TimeRange};
use std::cell::RefCell;
use std::sync::Arc;
use storage::Selection;

/// Most selections that are kept.
const MOST: usize = 16;

/// What selectors have found during one query: asking again for the same gives the same.
#[derive(Default)]
pub(crate) struct Selections {
    known: RefCell<Vec<Known>>,
}

struct Known {
    matchers: Vec<Matcher>,
    range: TimeRange,
    wanted: Wanted,
    selection: Arc<dyn Selection>,
}

/// What of each series is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All samples.
    All,
    /// The newest sample.
    Newest,
}

impl Selections {
    /// What these matchers found in this range before.
    pub(crate) fn find(
        &self,
        matchers: &[Matcher],
        range: TimeRange,
        wanted: Wanted,
    ) -> Option<Arc<dyn Selection>> {
        let known = self.known.borrow();
        let same =
            |one: &&Known| one.range == range && one.wanted == wanted && one.matchers == matchers;
        known
            .iter()
            .find(same)
            .map(|one| Arc::clone(&one.selection))
    }

    /// Keeps what these matchers found in this range.
    pub(crate) fn keep(
        &self,
        matchers: &[Matcher],
        range: TimeRange,
        wanted: Wanted,
        selection: &Arc<dyn Selection>,
    ) {
        let mut known = self.known.borrow_mut();
        if known.len() < MOST {
            known.push(Known {
                matchers: matchers.to_vec(),
                range,
                wanted,
                selection: Arc::clone(selection),
            });
        }
    }
}
