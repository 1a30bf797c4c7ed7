//! The end of an open chunk: its tokens are read back from the last one, as far as they are wanted.

use super::arena::{Arena, DATA, NONE};
use super::open::{KIND_DELTA, KIND_EXPONENT, KIND_RAW, KIND_SAME, Open};
use super::token::{Start, Token, Usual};
use crate::decimal::unscaled;

/// The last tokens of a chunk. The memory is used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    /// Filled from its end, from which places in it are told: it grows at the front.
    buffer: Vec<u8>,
    /// Bytes that were copied.
    copied: usize,
    /// Foreseen samples behind the one to begin with.
    run: u64,
    /// Its value is the newest of all.
    has_last_value: bool,
    /// Tokens in a row, each with the place behind it.
    tokens: Vec<(Token, usize)>,
}

/// Nodes that are not copied yet.
struct Rest<'a> {
    nodes: &'a Arena,
    /// The last of them, or [`NONE`].
    number: u32,
    /// Its bytes.
    len: usize,
}

impl<'a> Rest<'a> {
    #[inline]
    fn of(open: &Open, nodes: &'a Arena) -> Self {
        let chain = open.chain();
        Self {
            nodes,
            number: chain.tail,
            len: usize::from(chain.tail_len),
        }
    }
}

/// Where a token begins.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: usize,
    is_first: bool,
}

/// How far tokens were gone back over.
enum Back {
    /// To the one that is wanted.
    Found,
    /// To this place.
    To(usize),
}

impl Tail {
    /// The tokens that were copied.
    pub(super) fn bytes(&self) -> &[u8] {
        let before = self.buffer.len().saturating_sub(self.copied);
        self.buffer.get(before..).unwrap_or_default()
    }

    /// Copies the tokens behind the newest one at or before `since`, or more. Gives the sample to begin with.
    pub(super) fn copy(&mut self, open: &Open, nodes: &Arena, since: i64) -> Start {
        self.copied = 0;
        let mut rest = Rest::of(open, nodes);
        if since > open.first_time
            && let Some(start) = self.go_back(open, &mut rest, since)
        {
            return start;
        }
        while rest.number != NONE {
            self.prepend(&mut rest);
        }
        Start::first(open)
    }

    /// The newest token at or before `since`, which is not before the first sample: its sample, and how many
    /// foreseen ones come behind it. `None` where it cannot be told from the end.
    pub(super) fn find(&mut self, open: &Open, nodes: &Arena, since: i64) -> Option<(Start, u64)> {
        let start = self.go_back(open, &mut Rest::of(open, nodes), since)?;
        Some((start, self.run))
    }

    fn go_back(&mut self, open: &Open, rest: &mut Rest<'_>, since: i64) -> Option<Start> {
        self.copied = 0;
        self.run = u64::from(open.run);
        self.has_last_value = open.ends_whole();
        let mut now = open.end()?;
        if rest.number == NONE {
            now.bits = open.first_bits;
            return Some(now);
        }
        if now.time <= since && open.ends_whole() {
            return Some(now);
        }
        let mut end = 0;
        loop {
            let entry = loop {
                if let Some(entry) = self.prepend(rest) {
                    break entry;
                }
                if rest.number == NONE {
                    return None;
                }
            };
            let back = match self.undo_usual(&mut now, since, entry, end) {
                Some(back) => back,
                None => self.undo_any(&mut now, since, open, entry, end)?,
            };
            match back {
                Back::Found => return Some(now),
                Back::To(place) if entry.is_first && place == entry.at => {
                    return Some(Start::first(open));
                }
                Back::To(place) => end = place,
            }
        }
    }

    /// Goes back over tokens between two places until one is at or before `since`. `None` where not all of them
    /// are of the usual kind.
    #[inline]
    fn undo_usual(
        &mut self,
        now: &mut Start,
        since: i64,
        entry: Entry,
        end: usize,
    ) -> Option<Back> {
        let len = self.buffer.len();
        let bytes = self
            .buffer
            .get(len.checked_sub(entry.at)?..len.checked_sub(end)?)?;
        let (tokens, odd) = bytes.as_chunks::<2>();
        let others = tokens.iter().filter(|bytes| !Usual::is_one(**bytes));
        if others.count() + odd.len() > 0 {
            return None;
        }
        let mut behind = end;
        for bytes in tokens.iter().rev() {
            if now.time <= since {
                now.was_irregular = false;
                now.bits = unscaled(now.whole, now.exponent).to_bits();
                self.copied = behind;
                return Some(Back::Found);
            }
            let token = Usual::of(*bytes);
            self.run = u64::from(token.run);
            self.has_last_value = false;
            let steps = i64::from(token.run) + 1;
            now.time = now.time.wrapping_sub(steps.wrapping_mul(now.step));
            now.whole = now.whole.wrapping_sub(token.value);
            behind += bytes.len();
        }
        Some(Back::To(behind))
    }

    /// The same for tokens of any kind. `None` where it cannot be told what was before one.
    fn undo_any(
        &mut self,
        now: &mut Start,
        since: i64,
        open: &Open,
        entry: Entry,
        end: usize,
    ) -> Option<Back> {
        self.read(entry.at, end)?;
        for (number, (token, behind)) in self.tokens.iter().enumerate().rev() {
            if now.time <= since {
                now.was_irregular = token.is_irregular();
                if !self.has_last_value {
                    now.bits = self.bits_after(number, now, entry, open)?;
                }
                self.copied = *behind;
                return Some(Back::Found);
            }
            let before = number.checked_sub(1).and_then(|one| self.tokens.get(one));
            if before.is_none() && !entry.is_first && token.is_irregular() {
                // It counts what the one before is.
                return Some(Back::To(*behind));
            }
            let was_irregular = before.is_some_and(|(before, _)| before.is_irregular());
            undo(now, token, was_irregular)?;
            self.run = token.run;
            self.has_last_value &= token.kind() == KIND_SAME;
        }
        Some(Back::To(entry.at))
    }

    /// Copies one more node to the front; where the first token in it begins.
    fn prepend(&mut self, rest: &mut Rest<'_>) -> Option<Entry> {
        let node = rest.nodes.look(rest.number);
        let copied = self.copied + rest.len;
        if self.buffer.len() < self.copied + DATA {
            self.grow();
        }
        let at = self.buffer.len() - copied;
        if rest.len == DATA {
            self.buffer
                .get_mut(at..at + DATA)?
                .copy_from_slice(node.data);
        } else {
            let data = node.data.get(..rest.len)?;
            self.buffer
                .get_mut(at..at + rest.len)?
                .copy_from_slice(data);
        }
        self.copied = copied;
        (rest.number, rest.len) = (node.before, DATA);
        if node.before == NONE {
            return Some(Entry {
                at: copied,
                is_first: true,
            });
        }
        let at = copied.checked_sub(node.entry?)?;
        Some(Entry {
            at,
            is_first: false,
        })
    }

    #[cold]
    fn grow(&mut self) {
        let more = self.buffer.len().max(16 * DATA);
        self.buffer.splice(..0, std::iter::repeat_n(0, more));
    }

    /// Reads the tokens from one place to another.
    fn read(&mut self, from: usize, to: usize) -> Option<()> {
        let len = self.buffer.len();
        let mut rest = self
            .buffer
            .get(len.checked_sub(from)?..len.checked_sub(to)?)?;
        self.tokens.clear();
        while !rest.is_empty() {
            let token = if let Some(usual) = Usual::take(&mut rest) {
                Token::from(usual)
            } else {
                Token::read(&mut rest).ok()?
            };
            self.tokens.push((token, to + rest.len()));
        }
        Some(())
    }

    /// The bits of the value of a token, where the integer behind it is that of `now`. `None` where it is that of
    /// one before those that were read.
    fn bits_after(&self, number: usize, now: &Start, entry: Entry, open: &Open) -> Option<u64> {
        let until = self.tokens.get(..=number)?.iter();
        let named = until.rev().find(|(token, _)| token.kind() != KIND_SAME);
        match named {
            Some((token, _)) if token.kind() == KIND_RAW => Some(token.value as u64),
            Some(_) => Some(unscaled(now.whole, now.exponent).to_bits()),
            None => entry.is_first.then_some(open.first_bits),
        }
    }
}

/// Goes from the sample of a token back to that of the one before it. `None` where that is not known.
#[inline]
fn undo(now: &mut Start, token: &Token, was_irregular: bool) -> Option<()> {
    let mut step = now.step;
    if token.is_irregular() {
        let unset = now.step.wrapping_add(token.step);
        if was_irregular && token.run == 0 {
            // It set the predicted step, if it was not too large for that.
            if unset > i64::from(u32::MAX) {
                return None;
            }
            now.step = now.step.wrapping_sub(token.step);
        } else {
            step = unset;
        }
    }
    let run = i64::try_from(token.run).ok()?;
    now.time = now
        .time
        .wrapping_sub(step)
        .wrapping_sub(run.wrapping_mul(now.step));
    match token.kind() {
        KIND_EXPONENT => return None,
        KIND_DELTA => now.whole = now.whole.wrapping_sub(token.value),
        _ => {}
    }
    Some(())
}
