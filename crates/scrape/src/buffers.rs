//! Memory for pages, used again and again.

use parking_lot::Mutex;
use std::sync::Arc;

/// Buffers that wait for the next page. More of them than pages are read at a time do no good.
const KEPT: usize = 8;
/// A larger buffer is given back to the system: one huge page must not hold memory for ever.
const LARGEST: usize = 4 << 20;

/// Buffers that all targets share: a target holds one only while its page is read, so that their number
/// follows the pages that are read at a time and not the targets. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Buffers {
    free: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Buffers {
    /// An empty buffer, the one that was used last if there is one.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.free.lock().pop().unwrap_or_default()
    }

    /// Gives a buffer back.
    pub(crate) fn give(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        let mut free = self.free.lock();
        if free.len() < KEPT && buffer.capacity() <= LARGEST {
            free.push(buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_come_back_empty_with_their_memory_unless_they_are_huge() {
        let buffers = Buffers::default();
        let mut one = buffers.take();
        one.resize(1000, 1);
        let memory = one.as_ptr();
        buffers.give(one);
        let again = buffers.take();
        assert_eq!((again.len(), again.as_ptr()), (0, memory));
        buffers.give(Vec::with_capacity(LARGEST + 1));
        assert_eq!(buffers.take().capacity(), 0);
    }
}
