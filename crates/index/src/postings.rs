//! Which series have one value of one label.

use roaring::RoaringBitmap;

/// Numbers that stand in the enum itself.
const FEW: usize = 3;
/// Numbers in a list; an empty bitmap costs about as much as so many.
const LISTED: usize = 32;

/// A rising list of series numbers, small for the many values that few series have.
#[derive(Debug, Clone)]
pub(crate) enum Postings {
    Few { len: u8, ids: [u32; FEW] },
    List(Vec<u32>),
    Many(Box<RoaringBitmap>),
}

impl Default for Postings {
    fn default() -> Self {
        Self::Few {
            len: 0,
            ids: [0; FEW],
        }
    }
}

impl Postings {
    /// The numbers as a slice or as a bitmap.
    fn view(&self) -> Result<&[u32], &RoaringBitmap> {
        match self {
            Self::Few { len, ids } => Ok(ids.get(..*len as usize).unwrap_or(&[])),
            Self::List(ids) => Ok(ids),
            Self::Many(bitmap) => Err(bitmap),
        }
    }

    pub(crate) fn len(&self) -> u64 {
        match self.view() {
            Ok(ids) => ids.len() as u64,
            Err(bitmap) => bitmap.len(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Few { len: 0, .. })
    }

    /// Whether `is_wanted` is true for some number; asks no further than the first.
    pub(crate) fn any(&self, is_wanted: impl Fn(u32) -> bool) -> bool {
        match self.view() {
            Ok(ids) => ids.iter().copied().any(is_wanted),
            Err(bitmap) => bitmap.iter().any(is_wanted),
        }
    }

    /// Adds a number that is greater than all before.
    pub(crate) fn push(&mut self, id: u32) {
        match self {
            Self::Few { len, ids } => {
                if let Some(place) = ids.get_mut(*len as usize) {
                    *place = id;
                    *len += 1;
                } else {
                    let mut list = Vec::with_capacity(2 * FEW + 2);
                    list.extend_from_slice(ids);
                    list.push(id);
                    *self = Self::List(list);
                }
            }
            Self::List(ids) if ids.len() < LISTED => ids.push(id),
            Self::List(ids) => {
                let mut bitmap = RoaringBitmap::new();
                bitmap.extend(ids.iter().copied());
                bitmap.insert(id);
                // A clone has no spare room for containers.
                *self = Self::Many(Box::new(bitmap.clone()));
            }
            // Not `try_push`, which searches dense bitmaps for their greatest number (as of 0.11).
            Self::Many(bitmap) => {
                bitmap.insert(id);
            }
        }
    }

    /// Takes a number away.
    pub(crate) fn remove(&mut self, id: u32) {
        match self {
            Self::Few { len, ids } => {
                let n = *len as usize;
                if let Some(at) = ids.iter().take(n).position(|have| *have == id) {
                    ids.copy_within(at + 1..n, at);
                    *len -= 1;
                }
            }
            Self::List(list) => {
                if let Ok(at) = list.binary_search(&id) {
                    list.remove(at);
                }
                if list.len() <= FEW / 2 {
                    let mut few = Self::default();
                    for id in list.iter() {
                        few.push(*id);
                    }
                    *self = few;
                }
            }
            Self::Many(bitmap) => {
                bitmap.remove(id);
                if bitmap.len() <= LISTED as u64 / 2 {
                    *self = Self::List(bitmap.iter().collect());
                }
            }
        }
    }

    /// Gives spare memory back and writes runs as runs; for postings that stay as they are.
    pub(crate) fn seal(&mut self) {
        match self {
            Self::Few { .. } => {}
            Self::List(ids) => ids.shrink_to_fit(),
            Self::Many(bitmap) => {
                bitmap.optimize();
                *bitmap = bitmap.clone();
            }
        }
    }

    pub(crate) fn is_disjoint(&self, other: &RoaringBitmap) -> bool {
        match self.view() {
            Ok(ids) => ids.iter().all(|id| !other.contains(*id)),
            Err(bitmap) => bitmap.is_disjoint(other),
        }
    }

    pub(crate) fn for_each(&self, mut each: impl FnMut(u32)) {
        match self.view() {
            Ok(ids) => ids.iter().for_each(|id| each(*id)),
            Err(bitmap) => bitmap.iter().for_each(each),
        }
    }

    pub(crate) fn to_bitmap(&self) -> RoaringBitmap {
        match self.view() {
            Ok(ids) => ids.iter().copied().collect(),
            Err(bitmap) => bitmap.clone(),
        }
    }

    /// Heap bytes, without the enum itself.
    pub(crate) fn heap_bytes(&self) -> usize {
        match self {
            Self::Few { .. } => 0,
            Self::List(ids) => ids.capacity() * 4,
            Self::Many(bitmap) => bitmap_bytes(bitmap) + size_of::<RoaringBitmap>(),
        }
    }
}

/// Heap bytes of a bitmap, as near as its statistics tell.
pub(crate) fn bitmap_bytes(bitmap: &RoaringBitmap) -> usize {
    let has = bitmap.statistics();
    // The crate counts four bytes per number of an array, which has two (as of 0.11), and bits of bitmaps.
    let bytes = has.n_bytes_array_containers / 2 + has.n_bytes_run_containers;
    let containers = has.n_containers as usize * 32 + has.n_bitset_containers as usize * 8192;
    usize::try_from(bytes).unwrap_or(usize::MAX) + containers
}

/// All numbers of several postings.
pub(crate) fn union<'a>(postings: impl Iterator<Item = &'a Postings>) -> RoaringBitmap {
    let (mut loose, mut bitmaps) = (Vec::new(), Vec::new());
    for one in postings {
        match one.view() {
            Ok(ids) => loose.extend_from_slice(ids),
            Err(bitmap) => bitmaps.push(bitmap),
        }
    }
    loose.sort_unstable();
    let mut all = RoaringBitmap::new();
    all.extend(loose);
    match &*bitmaps {
        [] => all,
        [one] => all | *one,
        _ => roaring::MultiOps::union(bitmaps) | all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_grow_and_shrink_through_all_forms() {
        let mut postings = Postings::default();
        let mut expected = Vec::new();
        for id in (0..300).step_by(3) {
            postings.push(id);
            expected.push(id);
            let mut have = Vec::new();
            postings.for_each(|id| have.push(id));
            assert_eq!(
                (have, postings.len()),
                (expected.clone(), expected.len() as u64)
            );
        }
        while let Some(id) = expected.pop() {
            postings.remove(id);
            postings.remove(id + 1);
            assert_eq!(postings.to_bitmap().iter().collect::<Vec<_>>(), expected);
        }
        assert!(postings.is_empty());
        assert_eq!(size_of::<Postings>(), 24);
    }
}
