//! A pattern's tree to steps of a machine.

use super::parse::{Class, Node, Parsed, Reference, Repeat, fold};

/// Bounds: steps of a program; pieces that would make it longer are cut to matching nothing.
const MAX_PROGRAM: usize = 50_000;

/// A step.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Char(char),
    Any,
    Class(Class),
    Start,
    End,
    Word(bool),
    /// Go on at the first; if that fails, at the second.
    Split(usize, usize),
    Jump(usize),
    Save(usize),
    /// Forget what the groups inside a loop found.
    Forget(usize, usize),
    Mark(usize),
    /// Fail if nothing was consumed since the mark.
    Advanced(usize),
    Back(usize),
    /// The steps up to the target look around; the search goes on there.
    Look {
        behind: bool,
        negative: bool,
        after: usize,
    },
    Fail,
    Found,
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) groups: usize,
    pub(super) names: Vec<(String, usize)>,
    pub(super) marks: usize,
    pub(super) ignore_case: bool,
    pub(super) multiline: bool,
    pub(super) dot_all: bool,
}

pub(super) fn compile(parsed: &Parsed, flags: &str) -> Program {
    let mut compiler = Compiler {
        steps: Vec::new(),
        marks: 0,
        names: &parsed.names,
        ignore_case: flags.contains('i'),
    };
    compiler.node(&parsed.node);
    compiler.steps.push(Step::Found);
    Program {
        steps: compiler.steps,
        groups: parsed.groups,
        names: parsed.names.clone(),
        marks: compiler.marks,
        ignore_case: compiler.ignore_case,
        multiline: flags.contains('m'),
        dot_all: flags.contains('s'),
    }
}

struct Compiler<'a> {
    steps: Vec<Step>,
    marks: usize,
    names: &'a [(String, usize)],
    ignore_case: bool,
}

impl Compiler<'_> {
    fn push(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    fn set(&mut self, at: usize, step: Step) {
        if let Some(slot) = self.steps.get_mut(at) {
            *slot = step;
        }
    }

    fn node(&mut self, node: &Node) {
        if self.steps.len() > MAX_PROGRAM {
            self.push(Step::Fail);
            return;
        }
        match node {
            Node::Empty => {}
            Node::Char(c) => {
                let c = if self.ignore_case { fold(*c) } else { *c };
                self.push(Step::Char(c));
            }
            Node::Any => {
                self.push(Step::Any);
            }
            Node::Class(class) => {
                self.push(Step::Class(class.clone()));
            }
            Node::Start => {
                self.push(Step::Start);
            }
            Node::End => {
                self.push(Step::End);
            }
            Node::Word(yes) => {
                self.push(Step::Word(*yes));
            }
            Node::Group(index, inner) => {
                self.push(Step::Save(index * 2));
                self.node(inner);
                self.push(Step::Save(index * 2 + 1));
            }
            Node::Concat(nodes) => nodes.iter().for_each(|node| self.node(node)),
            Node::Alternate(branches) => self.alternate(branches),
            Node::Repeat(repeat) => self.repeat(repeat),
            Node::Look {
                behind,
                negative,
                inner,
            } => {
                let look = self.push(Step::Fail);
                self.node(inner);
                self.push(Step::Found);
                let after = self.steps.len();
                self.set(
                    look,
                    Step::Look {
                        behind: *behind,
                        negative: *negative,
                        after,
                    },
                );
            }
            Node::Back(reference) => {
                let group = match reference {
                    Reference::Number(number) => Some(*number),
                    Reference::Name(name) => self
                        .names
                        .iter()
                        .find(|(known, _)| known == name)
                        .map(|(_, group)| *group),
                };
                self.push(group.map_or(Step::Fail, Step::Back));
            }
        }
    }

    fn alternate(&mut self, branches: &[Node]) {
        let mut ends = Vec::new();
        for (i, branch) in branches.iter().enumerate() {
            if i + 1 == branches.len() {
                self.node(branch);
            } else {
                let split = self.push(Step::Fail);
                self.node(branch);
                ends.push(self.push(Step::Fail));
                let next = self.steps.len();
                self.set(split, Step::Split(split + 1, next));
            }
        }
        let end = self.steps.len();
        for jump in ends {
            self.set(jump, Step::Jump(end));
        }
    }

    fn repeat(&mut self, repeat: &Repeat) {
        for _ in 0..repeat.min {
            self.node(&repeat.node);
        }
        let split = |into, past| {
            if repeat.greedy {
                Step::Split(into, past)
            } else {
                Step::Split(past, into)
            }
        };
        match repeat.max {
            None => {
                let mark = self.marks;
                self.marks += 1;
                let start = self.push(Step::Fail);
                self.push(Step::Mark(mark));
                if let Some((low, high)) = groups_of(&repeat.node) {
                    self.push(Step::Forget(low, high));
                }
                self.node(&repeat.node);
                self.push(Step::Advanced(mark));
                self.push(Step::Jump(start));
                let past = self.steps.len();
                self.set(start, split(start + 1, past));
            }
            Some(max) => {
                let mut splits = Vec::new();
                for _ in repeat.min..max {
                    splits.push(self.push(Step::Fail));
                    self.node(&repeat.node);
                }
                let past = self.steps.len();
                for at in splits {
                    self.set(at, split(at + 1, past));
                }
            }
        }
    }
}

/// The first and last group inside a piece.
fn groups_of(node: &Node) -> Option<(usize, usize)> {
    match node {
        Node::Group(index, inner) => {
            let last = groups_of(inner).map_or(*index, |(_, last)| last);
            Some((*index, last))
        }
        Node::Concat(nodes) | Node::Alternate(nodes) => nodes
            .iter()
            .filter_map(groups_of)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))),
        Node::Repeat(repeat) => groups_of(&repeat.node),
        Node::Look { inner, .. } => groups_of(inner),
        _ => None,
    }
}
