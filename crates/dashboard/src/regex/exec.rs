//! The machine that searches, with a stack of its own instead of recursion.

use super::compile::{Program, Step};
use super::parse::{fold, is_word};
use super::{Captures, STEPS};

/// What to do when the way on fails.
enum Undo {
    Go { step: usize, at: usize },
    Save { slot: usize, old: Option<usize> },
    Mark { slot: usize, old: usize },
}

struct State {
    saves: Vec<Option<usize>>,
    marks: Vec<usize>,
    budget: usize,
}

impl Program {
    /// The first match at or after `from`.
    pub(super) fn find(&self, text: &[char], from: usize) -> Option<Captures> {
        let mut state = State {
            saves: vec![None; (self.groups + 1) * 2],
            marks: vec![0; self.marks],
            budget: STEPS,
        };
        for start in from..=text.len() {
            state.saves.fill(None);
            if let Some(end) = self.run(text, 0, start, None, &mut state) {
                return Some(self.captures(text, (start, end), &state.saves));
            }
            if state.budget == 0 {
                return None;
            }
        }
        None
    }

    fn captures(&self, text: &[char], span: (usize, usize), saves: &[Option<usize>]) -> Captures {
        let cut = |start: usize, end: usize| -> Option<String> {
            text.get(start..end).map(|chars| chars.iter().collect())
        };
        let mut groups = vec![cut(span.0, span.1)];
        for group in 1..=self.groups {
            let start = saves.get(group * 2).copied().flatten();
            let end = saves.get(group * 2 + 1).copied().flatten();
            groups.push(start.zip(end).and_then(|(start, end)| cut(start, end)));
        }
        Captures {
            groups,
            names: self.names.clone(),
            span,
        }
    }

    /// Runs from a step on; gives the place where the pattern ended. A lookbehind must end at `end`.
    fn run(
        &self,
        text: &[char],
        step: usize,
        at: usize,
        end: Option<usize>,
        state: &mut State,
    ) -> Option<usize> {
        let mut undo: Vec<Undo> = Vec::new();
        let (mut pc, mut at) = (step, at);
        loop {
            state.budget = state.budget.checked_sub(1)?;
            let next = match self.steps.get(pc)? {
                Step::Found if end.is_none_or(|end| end == at) => return Some(at),
                Step::Found | Step::Fail => None,
                Step::Split(first, second) => {
                    undo.push(Undo::Go { step: *second, at });
                    Some((*first, at))
                }
                Step::Jump(target) => Some((*target, at)),
                Step::Save(slot) => {
                    save(&mut undo, state, *slot, Some(at));
                    Some((pc + 1, at))
                }
                Step::Forget(low, high) => {
                    for slot in low * 2..=high * 2 + 1 {
                        save(&mut undo, state, slot, None);
                    }
                    Some((pc + 1, at))
                }
                Step::Mark(slot) => {
                    if let Some(mark) = state.marks.get_mut(*slot) {
                        undo.push(Undo::Mark {
                            slot: *slot,
                            old: *mark,
                        });
                        *mark = at;
                    }
                    Some((pc + 1, at))
                }
                Step::Advanced(slot) => {
                    (state.marks.get(*slot) != Some(&at)).then_some((pc + 1, at))
                }
                Step::Look {
                    behind,
                    negative,
                    after,
                } => self
                    .look(text, (pc + 1, at), (*behind, *negative), &mut undo, state)
                    .then_some((*after, at)),
                Step::Back(group) => self.back(text, *group, at, state).map(|at| (pc + 1, at)),
                single => self.single(text, single, at).map(|at| (pc + 1, at)),
            };
            if let Some(next) = next {
                (pc, at) = next;
                continue;
            }
            (pc, at) = back_up(&mut undo, state)?;
        }
    }

    /// Steps that look at one place.
    fn single(&self, text: &[char], step: &Step, at: usize) -> Option<usize> {
        let here = text.get(at).copied();
        let before = at.checked_sub(1).and_then(|at| text.get(at)).copied();
        let newline = |c: char| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
        match step {
            Step::Char(c) => {
                let same =
                    here.is_some_and(|here| here == *c || self.ignore_case && fold(here) == *c);
                same.then_some(at + 1)
            }
            Step::Any => here
                .filter(|c| self.dot_all || !newline(*c))
                .map(|_| at + 1),
            Step::Class(class) => here
                .filter(|c| class.has(*c, self.ignore_case))
                .map(|_| at + 1),
            Step::Start => (at == 0 || self.multiline && before.is_some_and(newline)).then_some(at),
            Step::End => {
                (here.is_none() || self.multiline && here.is_some_and(newline)).then_some(at)
            }
            Step::Word(yes) => {
                let border = before.is_some_and(is_word) != here.is_some_and(is_word);
                (border == *yes).then_some(at)
            }
            _ => None,
        }
    }

    fn back(&self, text: &[char], group: usize, at: usize, state: &State) -> Option<usize> {
        let start = state.saves.get(group * 2).copied().flatten();
        let end = state.saves.get(group * 2 + 1).copied().flatten();
        // A group that found nothing matches nothing.
        let Some(found) = start.zip(end).and_then(|(start, end)| text.get(start..end)) else {
            return Some(at);
        };
        let here = text.get(at..at + found.len())?;
        let same = here
            .iter()
            .zip(found)
            .all(|(a, b)| a == b || self.ignore_case && fold(*a) == fold(*b));
        same.then_some(at + found.len())
    }

    fn look(
        &self,
        text: &[char],
        (step, at): (usize, usize),
        (behind, negative): (bool, bool),
        undo: &mut Vec<Undo>,
        state: &mut State,
    ) -> bool {
        let before = state.saves.clone();
        let found = if behind {
            (0..=at)
                .rev()
                .any(|start| self.run(text, step, start, Some(at), state).is_some())
        } else {
            self.run(text, step, at, None, state).is_some()
        };
        if negative || !found {
            state.saves = before;
        } else {
            for (slot, old) in before.into_iter().enumerate() {
                undo.push(Undo::Save { slot, old });
            }
        }
        found != negative
    }
}

fn save(undo: &mut Vec<Undo>, state: &mut State, slot: usize, value: Option<usize>) {
    if let Some(place) = state.saves.get_mut(slot) {
        undo.push(Undo::Save { slot, old: *place });
        *place = value;
    }
}

/// Takes changes back to the last place with another way on.
fn back_up(undo: &mut Vec<Undo>, state: &mut State) -> Option<(usize, usize)> {
    loop {
        match undo.pop()? {
            Undo::Go { step, at } => return Some((step, at)),
            Undo::Save { slot, old } => {
                if let Some(place) = state.saves.get_mut(slot) {
                    *place = old;
                }
            }
            Undo::Mark { slot, old } => {
                if let Some(mark) = state.marks.get_mut(slot) {
                    *mark = old;
                }
            }
        }
    }
}
