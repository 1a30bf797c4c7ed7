//! Sorted texts, each without what it shares with the one before.

use super::sections::Cursor;
use crate::Result;
use crate::dictionary::Dictionary;
use columns::put_unsigned;

/// Shared bytes are named up to this many: it bounds what few bytes can unfold to.
const MAX_SHARED: u32 = 63;

/// Appends `texts`. Ordering: strictly sorted.
pub(crate) fn write(texts: &[&str], out: &mut Vec<u8>) {
    put_unsigned(texts.len() as u64, out);
    let mut before: &[u8] = &[];
    for text in texts {
        let text = text.as_bytes();
        let same = text
            .iter()
            .zip(before)
            .take(MAX_SHARED as usize)
            .take_while(|(a, b)| a == b)
            .count();
        let (_, new) = text.split_at(same);
        put_unsigned(same as u64, out);
        put_unsigned(new.len() as u64, out);
        out.extend_from_slice(new);
        before = text;
    }
}

/// Reads what [`write`] wrote.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Dictionary> {
    let n_texts = cursor.number(u32::MAX, "number of texts")? as usize;
    // Each takes two bytes or more.
    if n_texts > cursor.left() / 2 {
        return Err(cursor.corruption("more texts than bytes"));
    }
    let (mut all, mut ends) = (String::new(), Vec::with_capacity(n_texts));
    let (mut text, mut before) = (Vec::new(), Vec::new());
    for at in 0..n_texts {
        let shared = cursor.number(MAX_SHARED, "shared bytes of a text")? as usize;
        let length = cursor.number(u32::MAX, "length of a text")? as usize;
        let new = cursor.bytes(length)?;
        text.clear();
        text.extend_from_slice(
            before
                .get(..shared)
                .ok_or_else(|| cursor.corruption("shared bytes of a text"))?,
        );
        text.extend_from_slice(new);
        if at > 0 && text <= before {
            return Err(cursor.corruption("texts are not sorted"));
        }
        all.push_str(str::from_utf8(&text).map_err(|_| cursor.corruption("text is not UTF-8"))?);
        let end = u32::try_from(all.len()).map_err(|_| cursor.corruption("texts exceed 4 GiB"))?;
        ends.push(end);
        std::mem::swap(&mut text, &mut before);
    }
    all.shrink_to_fit();
    Ok(Dictionary::from_sorted(all, &ends))
}
