//! Columns of integers: common divisor and differences taken out, the rest packed or in bins.
//!
//! After the form ([`crate::form`]), of which the flags say what is there:
//! divisor (varint); the first integer (signed varint; without differences the reference that all are
//! counted from); the first step of differences of differences (signed varint); with differences the
//! base (signed varint); then either the width (a byte), the packed bits and the outliers (count, then
//! gap and signed distance from the base, all varints), or bins.
//! A linear column: first integer and step, signed varints.

mod plan;
mod read;

pub(crate) use plan::Plan;
pub(crate) use read::decode;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Effort, Reader};
    use proptest::prelude::*;

    fn check(integers: &[i64], effort: Effort) -> (u8, usize) {
        let plan = Plan::new(integers, effort);
        let mut bytes = Vec::new();
        let form = plan.form();
        plan.write(&mut bytes);
        let mut reader = Reader::new(&bytes);
        let mut back = Vec::new();
        decode(form, &mut reader, integers.len(), |chunk| {
            back.extend(chunk.iter().map(|number| *number as i64));
        })
        .unwrap();
        assert_eq!(back, integers);
        assert!(reader.rest().is_empty());
        (form, bytes.len())
    }

    #[test]
    fn a_divisor_is_taken_out() {
        let walk: Vec<i64> = (0..300i64)
            .map(|i| 7 + 4096 * (i * i * 7919 % 1000))
            .collect();
        let (form, length) = check(&walk, Effort::Fast);
        assert_ne!(form & crate::form::DIVIDED, 0);
        assert!(length < 300 * 10 / 8 + 12, "{length}");
    }

    #[test]
    fn a_smooth_curve_takes_differences_of_differences() {
        let curve: Vec<i64> = (0..300i64).map(|i| i * i * 50 + i % 3).collect();
        assert_eq!(check(&curve, Effort::Fast).0 & crate::form::ORDER, 2);
    }

    proptest! {
        #[test]
        fn integers_come_back(integers in prop::collection::vec(prop_oneof![
            5 => 0i64..100, 2 => -1_000_000i64..1_000_000, 1 => any::<i64>(), 1 => Just(i64::MIN)], 1..600)) {
            check(&integers, Effort::Fast);
            check(&integers, Effort::Small);
        }

        #[test]
        fn rising_integers_come_back(steps in prop::collection::vec(0i64..1000, 1..600), unit in 1i64..1_000_000_000) {
            let integers: Vec<i64> = steps.iter().scan(-5i64, |sum, step| {
                *sum += step * unit;
                Some(*sum)
            }).collect();
            check(&integers, Effort::Fast);
            check(&integers, Effort::Small);
        }

        #[test]
        fn any_bytes_are_read_or_refused(form in 0u8..32, bytes in prop::collection::vec(any::<u8>(), 0..100), n in 0usize..600) {
            let mut count = 0;
            if decode(form, &mut Reader::new(&bytes), n, |chunk| count += chunk.len()).is_ok() {
                prop_assert_eq!(count, n);
            }
        }
    }
}
