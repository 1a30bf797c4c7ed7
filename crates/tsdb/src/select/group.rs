//! Grouping by the indexes that the series stand in.

use super::Selected;
use hashbrown::HashMap;
use model::Labels;
use storage::{Grouping, Groups};

/// Groups as they come from several indexes, made into one numbering.
struct Union {
    numbers: HashMap<Labels, u32>,
    labels: Vec<Labels>,
    group_of: Vec<u32>,
}

impl Union {
    /// Adds the series at `places`.
    fn add(&mut self, places: &[usize], groups: Groups) {
        let numbers: Vec<u32> = groups
            .labels
            .into_iter()
            .map(|labels| {
                let next = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
                *self.numbers.entry(labels).or_insert_with_key(|labels| {
                    self.labels.push(labels.clone());
                    next
                })
            })
            .collect();
        for (place, group) in places.iter().zip(groups.group_of) {
            if let (Some(to), Some(number)) =
                (self.group_of.get_mut(*place), numbers.get(group as usize))
            {
                *to = *number;
            }
        }
    }

    /// Numbers the groups by their first series.
    fn finish(self) -> Groups {
        const NEW: u32 = u32::MAX;
        let mut order = vec![NEW; self.labels.len()];
        let mut groups = Groups::default();
        for number in self.group_of {
            let Some(place) = order.get_mut(number as usize) else {
                continue;
            };
            if *place == NEW {
                *place = u32::try_from(groups.labels.len()).unwrap_or(NEW);
                let labels = self.labels.get(number as usize).cloned();
                groups.labels.push(labels.unwrap_or_default());
            }
            groups.group_of.push(*place);
        }
        groups
    }
}

impl Selected {
    pub(super) fn groups(&self, grouping: &Grouping) -> Groups {
        if self.blocks.is_empty() {
            let members = self.view.members.iter();
            let ids: Vec<u32> = members.map(|member| member.id).collect();
            return self.shared.head.read().index.group(&ids, grouping);
        }
        let mut of_head = (Vec::new(), Vec::new());
        let mut of_blocks = vec![(Vec::new(), Vec::new()); self.blocks.len()];
        for place in 0..self.entries.len() {
            let first = self.pieces(place).first();
            let (list, id) = match (self.member(place), first) {
                (Some((_, member)), _) => (Some(&mut of_head), member.id),
                (None, Some(piece)) => (of_blocks.get_mut(piece.block as usize), piece.ordinal),
                (None, None) => continue,
            };
            if let Some((places, ids)) = list {
                places.push(place);
                ids.push(id);
            }
        }
        let mut union = Union {
            numbers: HashMap::new(),
            labels: Vec::new(),
            group_of: vec![0; self.entries.len()],
        };
        let head = self.shared.head.read();
        union.add(&of_head.0, head.index.group(&of_head.1, grouping));
        drop(head);
        for (block, (places, ids)) in self.blocks.iter().zip(of_blocks) {
            union.add(&places, block.index.group(&ids, grouping));
        }
        union.finish()
    }
}
