//! Small pieces of memory in a row, linked into one byte string per series.
//!
//! Links lead back: mostly the end of a string is wanted.

/// A node: 28 bytes of a string, then its link.
const NODE: usize = 32;
pub(super) const DATA: usize = 28;
const PER_PAGE: usize = 2048;

/// The lower bits of a link: the number of the node before.
const NUMBER_BITS: u32 = 29;
/// "No node."
pub(crate) const NONE: u32 = (1 << NUMBER_BITS) - 1;
/// The upper bits of a link: the first byte of the node at which a piece begins; from this on none is told.
const NO_ENTRY: u32 = 7;

/// No more nodes than this, of which 16 GiB are full.
const MOST: u32 = if cfg!(test) { 1 << 14 } else { NONE - 2 };

/// The longest piece that is written at once.
pub(crate) const MAX_PIECE: usize = 32;

/// The end of one string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chain {
    /// The last node.
    pub(crate) tail: u32,
    /// Bytes of the last node that are written.
    pub(crate) tail_len: u8,
}

impl Chain {
    #[cfg(test)]
    pub(crate) const EMPTY: Self = Self {
        tail: NONE,
        tail_len: 0,
    };
}

/// A node, as a reader sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) data: &'a [u8; DATA],
    /// The number of the one before, or [`NONE`].
    pub(super) before: u32,
    /// The first byte at which a piece begins, if it is near.
    pub(super) entry: Option<usize>,
}

/// All nodes of one generation; they go together.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    pages: Vec<Box<[[u8; NODE]]>>,
    used: u32,
}

#[expect(
    clippy::indexing_slicing,
    reason = "node numbers come from `make`, which made the page; places in a node are below DATA"
)]
impl Arena {
    #[inline]
    fn node(&mut self, number: u32) -> &mut [u8; NODE] {
        let number = number as usize;
        &mut self.pages[number / PER_PAGE][number % PER_PAGE]
    }

    /// Makes a node that goes on behind node `before`.
    fn make(&mut self, before: u32, entry: u32) -> u32 {
        let number = self.used;
        if (number as usize).is_multiple_of(PER_PAGE) {
            self.pages.push(vec![[0; NODE]; PER_PAGE].into());
        }
        self.used += 1;
        let link = entry << NUMBER_BITS | before;
        self.node(number)[DATA..].copy_from_slice(&link.to_le_bytes());
        number
    }

    /// Whether no string may grow any more.
    pub(crate) fn is_full(&self) -> bool {
        self.used >= MOST
    }

    /// Appends the first `len` bytes of `piece` to the string.
    #[inline]
    pub(crate) fn push(&mut self, chain: &mut Chain, piece: &[u8; MAX_PIECE], len: usize) {
        let at = usize::from(chain.tail_len);
        if len <= 8 && at + 8 <= DATA && chain.tail != NONE {
            // One store; what it writes too much is written over by the next piece.
            let node = self.node(chain.tail);
            node[at..at + 8].copy_from_slice(&piece[..8]);
            #[expect(clippy::cast_possible_truncation, reason = "at most DATA")]
            let end = (at + len) as u8;
            chain.tail_len = end;
        } else {
            self.push_across(chain, &piece[..len]);
        }
    }

    fn push_across(&mut self, chain: &mut Chain, mut piece: &[u8]) {
        let whole = piece.len();
        while !piece.is_empty() {
            let mut at = usize::from(chain.tail_len);
            if chain.tail == NONE || at == DATA {
                // Of a piece that began before, the rest.
                let rest = if piece.len() < whole { piece.len() } else { 0 };
                let entry = u32::try_from(rest).unwrap_or(NO_ENTRY).min(NO_ENTRY);
                chain.tail = self.make(chain.tail, entry);
                at = 0;
            }
            let fits = piece.len().min(DATA - at);
            self.node(chain.tail)[at..at + fits].copy_from_slice(&piece[..fits]);
            chain.tail_len = u8::try_from(at + fits).unwrap_or(0);
            piece = &piece[fits..];
        }
    }

    /// Node number `number`, which a chain or a link has.
    #[inline]
    pub(super) fn look(&self, number: u32) -> Node<'_> {
        let number = number as usize;
        let [data @ .., a, b, c, d] = &self.pages[number / PER_PAGE][number % PER_PAGE];
        let link = u32::from_le_bytes([*a, *b, *c, *d]);
        let entry = link >> NUMBER_BITS;
        Node {
            data,
            before: link & NONE,
            entry: (entry != NO_ENTRY).then_some(entry as usize),
        }
    }

    /// Nodes in use.
    #[cfg(test)]
    pub(crate) fn nodes(&self) -> usize {
        self.used as usize
    }

    /// Heap bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.pages.len() * PER_PAGE * NODE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_that_grow_side_by_side_stay_apart() {
        let mut arena = Arena::default();
        let mut chains = [Chain::EMPTY; 3];
        let mut expected = [const { Vec::new() }; 3];
        let mut starts = [const { Vec::new() }; 3];
        let mut piece = [0u8; MAX_PIECE];
        for round in 0..500usize {
            let which = round % 3;
            let len = 1 + (round * 7) % 20;
            for (at, byte) in piece.iter_mut().enumerate() {
                *byte = u8::try_from((round * 31 + at) % 256).unwrap();
            }
            arena.push(&mut chains[which], &piece, len);
            starts[which].push(expected[which].len());
            expected[which].extend_from_slice(&piece[..len]);
        }
        for (chain, (expected, starts)) in chains.iter().zip(expected.iter().zip(&starts)) {
            let mut end = expected.len();
            let (mut number, mut len) = (chain.tail, usize::from(chain.tail_len));
            let mut entries = 0;
            while number != NONE {
                let node = arena.look(number);
                let start = end - len;
                assert_eq!(node.data[..len], expected[start..end]);
                if let Some(entry) = node.entry {
                    entries += 1;
                    assert!(entry == len || starts.contains(&(start + entry)));
                }
                (number, len, end) = (node.before, DATA, start);
            }
            assert_eq!(end, 0);
            assert!(entries > 10, "{entries} entries");
        }
    }
}
