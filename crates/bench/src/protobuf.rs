//! The few pieces of protobuf's wire format that remote write needs.

/// Appends `value` as a varint.
pub(crate) fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(low_byte(value) | 0x80);
        value >>= 7;
    }
    out.push(low_byte(value));
}

fn low_byte(value: u64) -> u8 {
    (value & 0x7f) as u8
}

/// Appends field `number` with `bytes`: a string, message or packed list.
pub(crate) fn bytes(out: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    out.push(number << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends field `number` with a whole number.
pub(crate) fn whole(out: &mut Vec<u8>, number: u8, value: u64) {
    out.push(number << 3);
    varint(out, value);
}

/// Appends field `number` with a double.
pub(crate) fn double(out: &mut Vec<u8>, number: u8, value: f64) {
    out.push(number << 3 | 1);
    out.extend_from_slice(&value.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_written_as_the_wire_format_says() {
        let mut out = Vec::new();
        whole(&mut out, 2, 300);
        bytes(&mut out, 1, b"ab");
        double(&mut out, 1, 1.0);
        let one = [0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
        assert_eq!(
            out,
            [&[0x10, 0xac, 0x02, 0x0a, 2, b'a', b'b'][..], &one].concat()
        );
    }
}
