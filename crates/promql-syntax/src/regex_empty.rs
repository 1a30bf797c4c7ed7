//! Whether a regular expression accepts the empty text.
//!
//! A selector must hold a condition that a series without labels fails, and that must be known before any
//! regular expression is compiled. Patterns that are no regular expressions get some answer; compiling
//! them later says what is wrong.

/// Whether `pattern`, anchored at both ends, matches the empty text.
pub(crate) fn matches_empty(pattern: &str) -> bool {
    let mut scanner = Scanner {
        chars: pattern.chars().collect(),
        at: 0,
    };
    scanner.alternation(0)
}

/// Groups deeper than this count as not matching the empty text.
const MAX_DEPTH: usize = 100;

struct Scanner {
    chars: Vec<char>,
    at: usize,
}

impl Scanner {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += 1;
        next
    }

    fn alternation(&mut self, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            self.at = self.chars.len();
            return false;
        }
        let mut any = false;
        loop {
            any |= self.sequence(depth);
            if self.peek() != Some('|') {
                return any;
            }
            self.at += 1;
        }
    }

    fn sequence(&mut self, depth: usize) -> bool {
        let mut all = true;
        while let Some(next) = self.peek() {
            if next == '|' || (next == ')' && depth > 0) {
                break;
            }
            let atom = self.atom(depth);
            all &= self.quantified(atom);
        }
        all
    }

    fn atom(&mut self, depth: usize) -> bool {
        match self.bump() {
            Some('^' | '$') => true,
            Some('(') => {
                if self.peek() == Some('?') && self.group_flags() {
                    return true;
                }
                let inner = self.alternation(depth + 1);
                if self.peek() == Some(')') {
                    self.at += 1;
                }
                inner
            }
            Some('[') => {
                self.class();
                false
            }
            Some('\\') => match self.bump() {
                Some('A' | 'z' | 'B') => true,
                Some('Q') => self.literal(),
                Some('p' | 'P' | 'x') if self.peek() == Some('{') => {
                    self.skip_past('}');
                    false
                }
                Some('p' | 'P') => {
                    self.at += 1;
                    false
                }
                Some('x') => {
                    self.at += 2;
                    false
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Reads what follows `(?`; whether that was all of the group.
    fn group_flags(&mut self) -> bool {
        self.at += 1;
        while let Some(next) = self.bump() {
            match next {
                ':' | '>' => return false,
                ')' => return true,
                _ => {}
            }
        }
        true
    }

    fn literal(&mut self) -> bool {
        let start = self.at;
        while self.at < self.chars.len() {
            if self.chars.get(self.at..self.at + 2) == Some(&['\\', 'E']) {
                let empty = self.at == start;
                self.at += 2;
                return empty;
            }
            self.at += 1;
        }
        self.at == start
    }

    fn class(&mut self) {
        if self.peek() == Some('^') {
            self.at += 1;
        }
        if self.peek() == Some(']') {
            self.at += 1;
        }
        while let Some(next) = self.bump() {
            match next {
                ']' => return,
                '\\' => self.at += 1,
                '[' if self.peek() == Some(':') => self.skip_past(']'),
                _ => {}
            }
        }
    }

    fn skip_past(&mut self, end: char) {
        while self.bump().is_some_and(|next| next != end) {}
    }

    fn quantified(&mut self, mut atom: bool) -> bool {
        loop {
            match self.peek() {
                Some('*' | '?') => atom = true,
                Some('+') => {}
                Some('{') => {
                    let start = self.at + 1;
                    let zero: String = self
                        .chars
                        .iter()
                        .skip(start)
                        .take_while(|c| c.is_ascii_digit())
                        .collect();
                    if zero.is_empty() {
                        return atom;
                    }
                    atom |= zero.chars().all(|c| c == '0');
                    self.skip_past('}');
                    continue;
                }
                _ => return atom,
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_text_is_told_from_the_rest() {
        for pattern in [
            "", ".*", "a*", "a|", "(a|b*)", "(?i)", "(?:x?)", "^$", "x{0,3}", "[ab]*", r"\Q\E",
            "(?s:.*)",
        ] {
            assert!(matches_empty(pattern), "{pattern}");
        }
        for pattern in [
            ".+",
            "a",
            "a|b",
            "(a)(b*)",
            "(?i)x",
            "x{1,3}",
            "[]a]",
            r"\.",
            r"\Qa\E",
            "[*]",
            r"\*",
            r"\pL",
            "[[:alpha:]*]",
        ] {
            assert!(!matches_empty(pattern), "{pattern}");
        }
    }

    #[test]
    fn nonsense_ends() {
        for pattern in ["(", "[", "\\", "a)", "{", "*", "(?", "((((((", ")", "a{"] {
            matches_empty(pattern);
        }
    }
}
