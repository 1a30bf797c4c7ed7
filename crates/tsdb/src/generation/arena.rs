//! Small pieces of memory in a row, linked into one byte string per series.

/// A node: 28 bytes of a string, then the number of the next node.
const NODE: usize = 32;
const DATA: usize = 28;
const PER_PAGE: usize = 2048;

/// "No node."
pub(crate) const NONE: u32 = u32::MAX;

/// The longest piece that is written at once.
pub(crate) const MAX_PIECE: usize = 32;

/// The end of one string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) head: u32,
    pub(crate) tail: u32,
    /// Bytes of the last node that are written.
    pub(crate) tail_len: u8,
}

impl Chain {
    #[cfg(test)]
    pub(crate) const EMPTY: Self = Self {
        head: NONE,
        tail: NONE,
        tail_len: 0,
    };
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

    fn make(&mut self) -> u32 {
        let number = self.used;
        if (number as usize).is_multiple_of(PER_PAGE) {
            self.pages.push(vec![[0; NODE]; PER_PAGE].into());
        }
        self.used += 1;
        number
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
        while !piece.is_empty() {
            let mut at = usize::from(chain.tail_len);
            if chain.tail == NONE || at == DATA {
                let next = self.make();
                if chain.tail == NONE {
                    chain.head = next;
                } else {
                    self.node(chain.tail)[DATA..].copy_from_slice(&next.to_le_bytes());
                }
                chain.tail = next;
                at = 0;
            }
            let fits = piece.len().min(DATA - at);
            self.node(chain.tail)[at..at + fits].copy_from_slice(&piece[..fits]);
            chain.tail_len = u8::try_from(at + fits).unwrap_or(0);
            piece = &piece[fits..];
        }
    }

    /// Appends the string to `out`.
    pub(crate) fn gather(&self, chain: Chain, out: &mut Vec<u8>) {
        let mut number = chain.head;
        while number != NONE {
            let node = &self.pages[number as usize / PER_PAGE][number as usize % PER_PAGE];
            if number == chain.tail {
                out.extend_from_slice(&node[..usize::from(chain.tail_len)]);
                return;
            }
            out.extend_from_slice(&node[..DATA]);
            let mut next = [0; 4];
            next.copy_from_slice(&node[DATA..]);
            number = u32::from_le_bytes(next);
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
        let mut piece = [0u8; MAX_PIECE];
        for round in 0..500usize {
            let which = round % 3;
            let len = 1 + (round * 7) % 20;
            for (at, byte) in piece.iter_mut().enumerate() {
                *byte = u8::try_from((round * 31 + at) % 256).unwrap();
            }
            arena.push(&mut chains[which], &piece, len);
            expected[which].extend_from_slice(&piece[..len]);
        }
        for (chain, expected) in chains.iter().zip(&expected) {
            let mut out = Vec::new();
            arena.gather(*chain, &mut out);
            assert_eq!(&out, expected);
        }
    }
}
