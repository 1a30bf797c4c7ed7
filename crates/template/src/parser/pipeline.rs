//! Pipelines: declarations, commands, operands.

use super::{Parsed, Parser};
use crate::ast::{Command, Operand, OperandKind, Pipe};
use crate::functions;
use crate::lexer::{self, Kind, Token};
use crate::number;

impl Parser {
    /// Commands up to `end`, which is read too.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Parsed<Pipe> {
        let mut pipe = Pipe {
            at: self.peek_solid().at,
            variables: Vec::new(),
            assigns: false,
            commands: Vec::new(),
        };
        self.declarations(&mut pipe, context)?;
        loop {
            let token = self.next_solid();
            match token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::Quoted
                | Kind::Variable
                | Kind::LeftParen => {
                    self.at -= 1;
                    let command = self.command()?;
                    pipe.commands.push(command);
                }
                _ => return self.unexpected(&token, context),
            }
        }
        if pipe.commands.is_empty() {
            return Err(format!("missing value for {context}"));
        }
        let constant = |command: &Command| {
            let first = command.operands.first().map(|operand| &operand.kind);
            matches!(
                first,
                Some(
                    OperandKind::Bool(_)
                        | OperandKind::Dot
                        | OperandKind::Nil
                        | OperandKind::Number(_)
                        | OperandKind::Text(..)
                )
            )
        };
        if let Some(stage) = pipe.commands.iter().skip(1).position(constant) {
            return Err(format!(
                "non executable command in pipeline stage {}",
                stage + 2
            ));
        }
        Ok(pipe)
    }

    /// `$x :=`, `$x =`, `$i, $x :=`, or nothing.
    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Parsed<()> {
        while self.peek_solid().kind == Kind::Variable {
            let start = self.at;
            let name = self.next().text;
            let next = self.peek_solid();
            let is_comma = next.kind == Kind::Char && next.text == ",";
            if !is_comma && !matches!(next.kind, Kind::Assign | Kind::Declare) {
                self.at = start;
                return Ok(());
            }
            self.next();
            pipe.variables.push(name.clone());
            self.variables.push(name);
            if !is_comma {
                pipe.assigns = next.kind == Kind::Assign;
                return Ok(());
            }
            if context != "range" || pipe.variables.len() > 1 {
                return Err(format!("too many declarations in {context}"));
            }
            let next = self.peek_solid().kind;
            if !matches!(next, Kind::Variable | Kind::Right | Kind::RightParen) {
                return Err("range can only initialize variables".to_owned());
            }
        }
        Ok(())
    }

    /// Operands up to the end of a pipeline or a `|`, which is read.
    fn command(&mut self) -> Parsed<Command> {
        let mut operands = Vec::new();
        loop {
            self.skip_space();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::Right | Kind::RightParen => self.at -= 1,
                Kind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if operands.is_empty() {
            return Err("empty command".to_owned());
        }
        Ok(Command { operands })
    }

    /// A term with the fields behind it.
    fn operand(&mut self) -> Parsed<Option<Operand>> {
        let Some(term) = self.term()? else {
            return Ok(None);
        };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(term));
        }
        let mut fields = Vec::new();
        while self.peek().kind == Kind::Field {
            fields.push(field_name(&self.next()));
        }
        let operand = match term.kind {
            OperandKind::Field(mut names) => {
                names.append(&mut fields);
                Operand {
                    at: first.at,
                    kind: OperandKind::Field(names),
                }
            }
            OperandKind::Variable(name, mut names) => {
                names.append(&mut fields);
                Operand {
                    at: first.at,
                    kind: OperandKind::Variable(name, names),
                }
            }
            OperandKind::Bool(_)
            | OperandKind::Text(..)
            | OperandKind::Number(_)
            | OperandKind::Nil
            | OperandKind::Dot => {
                let shown = lexer::quoted(&term.to_string());
                return Err(format!("unexpected . after term {shown}"));
            }
            _ => Operand {
                at: first.at,
                kind: OperandKind::Chain(Box::new(term), fields),
            },
        };
        Ok(Some(operand))
    }

    fn term(&mut self) -> Parsed<Option<Operand>> {
        let token = self.next_solid();
        let kind = match token.kind {
            Kind::Identifier => {
                if functions::find(&token.text).is_none() {
                    let name = lexer::quoted(&token.text);
                    return Err(format!("function {name} not defined"));
                }
                OperandKind::Function(token.text)
            }
            Kind::Dot => OperandKind::Dot,
            Kind::Nil => OperandKind::Nil,
            Kind::Variable => {
                self.check_variable(&token.text)?;
                OperandKind::Variable(token.text, Vec::new())
            }
            Kind::Field => OperandKind::Field(vec![field_name(&token)]),
            Kind::Bool => OperandKind::Bool(token.text == "true"),
            Kind::Number | Kind::CharConstant => {
                let number = if token.kind == Kind::Number {
                    number::parse(&token.text)
                } else {
                    number::parse_char(&token.text)
                };
                let bad = || format!("illegal number syntax: {}", lexer::quoted(&token.text));
                OperandKind::Number(number.ok_or_else(bad)?)
            }
            Kind::Quoted => {
                let text = number::unquote(&token.text);
                let text = text.ok_or_else(|| "invalid syntax".to_owned())?;
                OperandKind::Text(text, token.text)
            }
            Kind::LeftParen => {
                self.deeper()?;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.depth -= 1;
                OperandKind::Pipe(pipe)
            }
            _ => {
                self.at -= 1;
                return Ok(None);
            }
        };
        Ok(Some(Operand { at: token.at, kind }))
    }
}

fn field_name(token: &Token) -> String {
    token.text.trim_start_matches('.').to_owned()
}
