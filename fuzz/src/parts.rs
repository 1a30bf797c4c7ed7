//! Several byte strings in one.

/// Puts `part` behind what is in `out`: two bytes of length, then the bytes.
pub(crate) fn put(part: &[u8], out: &mut Vec<u8>) {
    let length = u16::try_from(part.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&part[..usize::from(length)]);
}

/// The next part of `data`; what is left where the length says more.
pub(crate) fn take<'a>(data: &mut &'a [u8]) -> &'a [u8] {
    let Some((length, rest)) = data.split_first_chunk::<2>() else {
        return std::mem::take(data);
    };
    let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
    let (part, rest) = rest.split_at(length);
    *data = rest;
    part
}
