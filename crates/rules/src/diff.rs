//! What differs between two texts, line by line.

use std::fmt::Write;

/// Lines around a difference.
const CONTEXT: usize = 3;
/// Most pairs of lines that are compared for the shortest difference; beyond, all that differs is one piece.
const MOST_PAIRS: usize = 4_000_000;

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Same,
    Gone,
    New,
}

/// The difference of two texts in the unified format, with three lines around each; empty where there is none.
pub fn unified_diff(before: &str, after: &str, old_name: &str, new_name: &str) -> String {
    if before == after {
        return String::new();
    }
    let (old, new) = (lines(before), lines(after));
    let steps = steps(&old, &new);
    let mut out = format!("--- {old_name}\n+++ {new_name}\n");
    let changed: Vec<usize> = (0..steps.len())
        .filter(|at| steps.get(*at) != Some(&Step::Same))
        .collect();
    let mut at = 0;
    while let Some(first) = changed.get(at) {
        let mut last = *first;
        // What is nearer than twice the lines around is one hunk.
        while let Some(next) = changed
            .get(at + 1)
            .filter(|next| **next <= last + 2 * CONTEXT + 1)
        {
            last = *next;
            at += 1;
        }
        at += 1;
        let range = first.saturating_sub(CONTEXT)..(last + CONTEXT + 1).min(steps.len());
        hunk(&mut out, &steps, range, (&old, &new));
    }
    out
}

/// Lines with their ends.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn hunk(
    out: &mut String,
    steps: &[Step],
    range: std::ops::Range<usize>,
    (old, new): (&[&str], &[&str]),
) {
    let count = |part: &[Step], not: Step| part.iter().filter(|step| **step != not).count();
    let (front, part) = (
        steps.get(..range.start).unwrap_or_default(),
        steps.get(range).unwrap_or_default(),
    );
    let (mut old_at, mut new_at) = (count(front, Step::New), count(front, Step::Gone));
    let (old_len, new_len) = (count(part, Step::New), count(part, Step::Gone));
    let first = |at: usize, len: usize| if len == 0 { at } else { at + 1 };
    // Writing to a text cannot fail.
    let _ = writeln!(
        out,
        "@@ -{},{old_len} +{},{new_len} @@",
        first(old_at, old_len),
        first(new_at, new_len)
    );
    for step in part {
        let (mark, line) = match step {
            Step::Same => (' ', old.get(old_at)),
            Step::Gone => ('-', old.get(old_at)),
            Step::New => ('+', new.get(new_at)),
        };
        old_at += usize::from(*step != Step::New);
        new_at += usize::from(*step != Step::Gone);
        let line = line.copied().unwrap_or_default();
        out.push(mark);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// How `old` becomes `new`: a longest common subsequence of what is between the equal ends.
fn steps(old: &[&str], new: &[&str]) -> Vec<Step> {
    let pairs = || old.iter().zip(new);
    let front = pairs().take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - front;
    let back = old.iter().rev().zip(new.iter().rev());
    let back = back.take(most).take_while(|(a, b)| a == b).count();
    let a = old.get(front..old.len() - back).unwrap_or_default();
    let b = new.get(front..new.len() - back).unwrap_or_default();
    let mut steps = vec![Step::Same; front];
    if a.len().saturating_mul(b.len()) > MOST_PAIRS {
        steps.extend(std::iter::repeat_n(Step::Gone, a.len()));
        steps.extend(std::iter::repeat_n(Step::New, b.len()));
    } else {
        between(a, b, &mut steps);
    }
    steps.extend(std::iter::repeat_n(Step::Same, back));
    steps
}

fn between(a: &[&str], b: &[&str], steps: &mut Vec<Step>) {
    let width = b.len() + 1;
    // Length of the longest common subsequence of what begins at (i, j).
    let mut longest = vec![0_u32; (a.len() + 1) * width];
    let get = |longest: &[u32], i: usize, j: usize| longest.get(i * width + j).copied();
    for (i, left) in a.iter().enumerate().rev() {
        for (j, right) in b.iter().enumerate().rev() {
            let best = if left == right {
                get(&longest, i + 1, j + 1).map(|length| length + 1)
            } else {
                get(&longest, i + 1, j).max(get(&longest, i, j + 1))
            };
            if let (Some(cell), Some(best)) = (longest.get_mut(i * width + j), best) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let is_same = a.get(i).is_some() && a.get(i) == b.get(j);
        let step = if is_same {
            Step::Same
        } else if j >= b.len()
            || (i < a.len() && get(&longest, i + 1, j) >= get(&longest, i, j + 1))
        {
            Step::Gone
        } else {
            Step::New
        };
        i += usize::from(step != Step::New);
        j += usize::from(step != Step::Gone);
        steps.push(step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_do_not_differ() {
        assert_eq!(unified_diff("a\n", "a\n", "a", "b"), "");
    }

    #[test]
    fn near_changes_are_one_hunk_and_far_ones_two() {
        let numbers: Vec<String> = (1..=20).map(|n| n.to_string()).collect();
        let old = numbers.join("\n") + "\n";
        let near = old.replace("\n4\n", "\nfour\n").replace("\n6\n", "\n");
        assert_eq!(
            unified_diff(&old, &near, "old", "new"),
            "--- old\n+++ new\n@@ -1,9 +1,8 @@\n 1\n 2\n 3\n-4\n+four\n 5\n-6\n 7\n 8\n 9\n"
        );
        let far = old.replace("\n4\n", "\nfour\n").replace("20\n", "20\n21");
        let diff = unified_diff(&old, &far, "old", "new");
        assert_eq!(diff.matches("@@ -").count(), 2, "{diff}");
        assert!(
            diff.ends_with("@@ -18,3 +18,4 @@\n 18\n 19\n 20\n+21\n\\ No newline at end of file\n"),
            "{diff}"
        );
    }

    #[test]
    fn what_comes_to_nothing_has_line_zero() {
        let diff = unified_diff("", "a\n", "x", "y");
        assert_eq!(diff, "--- x\n+++ y\n@@ -0,0 +1,1 @@\n+a\n");
    }
}
