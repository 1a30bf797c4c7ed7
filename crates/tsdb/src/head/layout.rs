//! Layouts: series that are written together.

use super::slots::Slots;
use hashbrown::HashMap;
use roaring::RoaringBitmap;
use std::sync::Arc;

#[derive(Debug)]
struct Layout {
    slots: Slots,
    /// Writers that hold it open.
    users: usize,
}

/// All open layouts. Numbers are not used again.
#[derive(Debug, Default)]
pub(crate) struct Layouts {
    /// `None` where the last writer has gone.
    layouts: Vec<Option<Layout>>,
    /// Numbers by slots, so that two writers of the same series share one.
    by_slots: HashMap<Arc<[u32]>, u32>,
}

impl Layouts {
    /// Finds or makes the layout with these slots.
    pub(crate) fn open(&mut self, slots: &[u32]) -> u32 {
        if let Some(id) = self.by_slots.get(slots)
            && let Some(Some(layout)) = self.layouts.get_mut(*id as usize)
        {
            layout.users += 1;
            return *id;
        }
        let slots = Slots::new(slots);
        let id = u32::try_from(self.layouts.len()).unwrap_or(u32::MAX);
        self.by_slots.insert(Arc::clone(slots.shared_ids()), id);
        self.layouts.push(Some(Layout { slots, users: 1 }));
        id
    }

    /// The series of an open layout, in slot order.
    pub(crate) fn slots(&self, id: u32) -> Option<&Slots> {
        let layout = self.layouts.get(id as usize)?.as_ref()?;
        Some(&layout.slots)
    }

    /// One writer has gone; whether it was the last one, and the layout with it.
    pub(crate) fn release(&mut self, id: u32) -> bool {
        let Some(place) = self.layouts.get_mut(id as usize) else {
            return false;
        };
        let Some(layout) = place else { return false };
        layout.users -= 1;
        if layout.users > 0 {
            return false;
        }
        self.by_slots.remove(layout.slots.ids());
        *place = None;
        true
    }

    /// The series of all open layouts: nobody may forget them.
    pub(crate) fn pinned(&self) -> RoaringBitmap {
        let all = self.layouts.iter().flatten();
        all.flat_map(|layout| layout.slots.ids().iter().copied())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_lives_until_its_last_writer_has_gone() {
        let mut layouts = Layouts::default();
        let first = layouts.open(&[1, 2]);
        assert_eq!(layouts.open(&[1, 2]), first);
        assert!(!layouts.release(first));
        assert_eq!(layouts.pinned(), RoaringBitmap::from_iter([1, 2]));
        assert!(layouts.release(first) && !layouts.release(first));
        assert!(layouts.slots(first).is_none() && layouts.pinned().is_empty());
        assert_ne!(layouts.open(&[1, 2]), first);
    }
}
