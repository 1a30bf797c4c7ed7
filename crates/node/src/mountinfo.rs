//! Mounted file systems, from `/proc/1/mountinfo`.

use crate::error::Malformed;

/// One mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) major: String,
    pub(crate) minor: String,
    pub(crate) point: String,
    pub(crate) device: String,
    pub(crate) fs_type: String,
    pub(crate) read_only: bool,
}

/// Reads mounts in the file's order. Source: proc(5).
pub(crate) fn parse(text: &str) -> Result<Vec<Mount>, Malformed> {
    text.lines()
        .map(|line| parse_line(line).ok_or(Malformed::new("a mount")))
        .collect()
}

fn parse_line(line: &str) -> Option<Mount> {
    // A variable number of optional fields ends with a lone dash.
    let (before, after) = line.split_once(" - ")?;
    let before: Vec<&str> = before.split(' ').collect();
    let after: Vec<&str> = after.split(' ').collect();
    let [_, _, numbers, _, point, options, ..] = *before else {
        return None;
    };
    let [fs_type, device, super_options] = *after else {
        return None;
    };
    let (major, minor) = numbers.split_once(':')?;
    let read_only = options
        .split(',')
        .chain(super_options.split(','))
        .any(|one| one == "ro");
    Some(Mount {
        major: major.to_owned(),
        minor: minor.to_owned(),
        point: unescape(point),
        device: unescape(device),
        fs_type: fs_type.to_owned(),
        read_only,
    })
}

/// Undoes the kernel's octal escapes: a blank in a name is written `\040`.
fn unescape(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let octal = (*first == b'\\').then(|| after.get(..3)).flatten();
        let byte = octal
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() {
            after.get(3..).unwrap_or(&[])
        } else {
            after
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_read_with_escapes_and_optional_fields() {
        let text = "29 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,errors=remount-ro\n\
                    31 29 8:1 /sub /mnt/a\\040b\\134c ro - nfs host:/x\\011y rw\n";
        let mounts = parse(text).unwrap();
        assert_eq!(mounts[0].device, "/dev/nvme0n1p2");
        assert!(!mounts[0].read_only && mounts[1].read_only);
        assert_eq!(mounts[1].point, "/mnt/a b\\c");
        assert_eq!(mounts[1].device, "host:/x\ty");
        assert_eq!(
            (mounts[1].major.as_str(), mounts[1].minor.as_str()),
            ("8", "1")
        );
    }

    #[test]
    fn lines_that_are_no_mounts_are_an_error() {
        assert!(parse("29 1 259:2 / / rw\n").is_err() && parse("a - b\n").is_err());
        assert_eq!(parse(""), Ok(vec![]));
    }
}
