//! The tree of a template.

use std::fmt::{self, Display};

/// A template's body.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
}

impl Tree {
    /// Whether there is nothing but blanks, so that a definition of the same name may replace it.
    pub(crate) fn is_blank(&self) -> bool {
        self.nodes.iter().all(|node| match node {
            Node::Text(text) => text.trim().is_empty(),
            _ => false,
        })
    }
}

/// One piece of a body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Text(String),
    Action(Action),
    If(Branch),
    With(Branch),
    Range(Branch),
    Call(Invocation),
    Break,
    Continue,
}

/// `{{pipeline}}`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Action {
    pub(crate) at: usize,
    pub(crate) pipe: Pipe,
}

/// `{{if}}`, `{{with}}`, `{{range}}` with what they hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Branch {
    pub(crate) at: usize,
    pub(crate) pipe: Pipe,
    pub(crate) then: Vec<Node>,
    pub(crate) otherwise: Option<Vec<Node>>,
}

/// `{{template "name" pipeline}}`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Invocation {
    pub(crate) at: usize,
    pub(crate) name: String,
    pub(crate) pipe: Option<Pipe>,
}

/// Commands, the result of each the last argument of the next.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pipe {
    pub(crate) at: usize,
    /// Variables that get the result.
    pub(crate) variables: Vec<String>,
    /// Whether they are old ones (`=`), not new ones (`:=`).
    pub(crate) assigns: bool,
    pub(crate) commands: Vec<Command>,
}

/// Operands side by side.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Command {
    pub(crate) operands: Vec<Operand>,
}

/// An operand with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Operand {
    /// First byte.
    pub(crate) at: usize,
    pub(crate) kind: OperandKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum OperandKind {
    /// A function.
    Function(String),
    /// `$name.field.field`; the name with its dollar sign.
    Variable(String, Vec<String>),
    Dot,
    /// `.field.field`
    Field(Vec<String>),
    /// Fields of something in parentheses.
    Chain(Box<Operand>, Vec<String>),
    Nil,
    Bool(bool),
    Number(Number),
    /// A text, and how it is written.
    Text(String, String),
    /// Something in parentheses.
    Pipe(Pipe),
}

/// A constant as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Number {
    pub(crate) text: String,
    pub(crate) value: Constant,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Constant {
    Int(i64),
    Float(f64),
    /// A whole number that no 64-bit integer holds.
    TooLarge,
}

fn joined<T: Display>(f: &mut fmt::Formatter<'_>, parts: &[T], between: &str) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write!(f, "{part}")?;
    }
    Ok(())
}

impl Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.variables.is_empty() {
            joined(f, &self.variables, ", ")?;
            f.write_str(if self.assigns { " = " } else { " := " })?;
        }
        joined(f, &self.commands, " | ")
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, operand) in self.operands.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            match &operand.kind {
                OperandKind::Pipe(pipe) => write!(f, "({pipe})")?,
                _ => write!(f, "{operand}")?,
            }
        }
        Ok(())
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = |f: &mut fmt::Formatter<'_>, fields: &[String]| {
            fields.iter().try_for_each(|field| write!(f, ".{field}"))
        };
        match &self.kind {
            OperandKind::Function(name) => f.write_str(name),
            OperandKind::Variable(name, rest) => {
                f.write_str(name)?;
                fields(f, rest)
            }
            OperandKind::Dot => f.write_str("."),
            OperandKind::Field(names) => fields(f, names),
            OperandKind::Chain(inner, names) => {
                match &inner.kind {
                    OperandKind::Pipe(pipe) => write!(f, "({pipe})")?,
                    _ => write!(f, "{inner}")?,
                }
                fields(f, names)
            }
            OperandKind::Nil => f.write_str("nil"),
            OperandKind::Bool(value) => write!(f, "{value}"),
            OperandKind::Number(number) => f.write_str(&number.text),
            OperandKind::Text(_, written) => f.write_str(written),
            OperandKind::Pipe(pipe) => write!(f, "{pipe}"),
        }
    }
}

impl Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {:?}", self.name)?;
        if let Some(pipe) = &self.pipe {
            write!(f, " {pipe}")?;
        }
        f.write_str("}}")
    }
}
