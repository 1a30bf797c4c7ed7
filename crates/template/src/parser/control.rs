//! What begins with a keyword.

use super::{Ending, Parsed, Parser, Piece};
use crate::ast::{Branch, Invocation, Node, Tree};
use crate::lexer::{self, Kind, Token};
use crate::number;

impl Parser {
    /// The action whose keyword was just read.
    pub(super) fn control(&mut self, keyword: &Token) -> Parsed<Piece> {
        let node = match keyword.text.as_str() {
            "block" => self.block()?,
            "break" => {
                self.leave_range("{{break}}")?;
                Node::Break
            }
            "continue" => {
                self.leave_range("{{continue}}")?;
                Node::Continue
            }
            "else" => {
                let next = self.peek_solid();
                // `{{else if}}` leaves its `if` to whoever reads the branch.
                if !(Self::is_keyword(&next, "if") || Self::is_keyword(&next, "with")) {
                    self.expect(Kind::Right, "else")?;
                }
                return Ok(Piece::Ending(Ending::Else));
            }
            "end" => {
                self.expect(Kind::Right, "end")?;
                return Ok(Piece::Ending(Ending::End));
            }
            "if" => Node::If(self.branch("if")?),
            "with" => Node::With(self.branch("with")?),
            "range" => Node::Range(self.branch("range")?),
            "template" => self.invocation()?,
            _ => return self.unexpected(keyword, "command"),
        };
        Ok(Piece::Node(node))
    }

    fn leave_range(&mut self, word: &str) -> Parsed<()> {
        let token = self.next_solid();
        if token.kind != Kind::Right {
            return self.unexpected(&token, word);
        }
        if self.range_depth == 0 {
            return Err(format!("{word} outside {{{{range}}}}"));
        }
        Ok(())
    }

    fn branch(&mut self, word: &str) -> Parsed<Branch> {
        let scope = self.variables.len();
        let pipe = self.pipeline(word, Kind::Right)?;
        let is_range = word == "range";
        self.range_depth += usize::from(is_range);
        let (then, ending) = self.list()?;
        self.range_depth -= usize::from(is_range);
        let mut otherwise = None;
        if ending == Ending::Else {
            let next = self.peek();
            otherwise = if word == "if" && Self::is_keyword(&next, "if") {
                self.next();
                Some(vec![Node::If(self.nested("if")?)])
            } else if word == "with" && Self::is_keyword(&next, "with") {
                self.next();
                Some(vec![Node::With(self.nested("with")?)])
            } else {
                let (nodes, ending) = self.list()?;
                if ending != Ending::End {
                    return Err(format!("expected end; found {}", ending.as_str()));
                }
                Some(nodes)
            };
        }
        self.variables.truncate(scope);
        Ok(Branch {
            at: pipe.at,
            pipe,
            then,
            otherwise,
        })
    }

    /// The branch behind an `else`, one deeper.
    fn nested(&mut self, word: &str) -> Parsed<Branch> {
        self.deeper()?;
        let branch = self.branch(word)?;
        self.depth -= 1;
        Ok(branch)
    }

    pub(super) fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > super::MAX_DEPTH {
            return Err("max expression depth exceeded".to_owned());
        }
        Ok(())
    }

    /// The name of a template, as it stands in `token`.
    fn template_name(&self, token: &Token, context: &str) -> Parsed<String> {
        if token.kind != Kind::Quoted {
            return self.unexpected(token, context);
        }
        number::unquote(&token.text).ok_or_else(|| "invalid syntax".to_owned())
    }

    /// `{{define "name"}} ... {{end}}`; the keyword is past.
    pub(super) fn definition(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        let token = self.next_solid();
        let name = self.template_name(&token, CONTEXT)?;
        self.expect(Kind::Right, CONTEXT)?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let (nodes, ending) = self.list()?;
        if ending != Ending::End {
            return Err(format!("unexpected {} in {CONTEXT}", ending.as_str()));
        }
        self.variables = outer;
        self.add(&name, Tree { nodes })
    }

    fn block(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "block clause";
        let token = self.next_solid();
        let name = self.template_name(&token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::Right)?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let depth = std::mem::replace(&mut self.range_depth, 0);
        let (nodes, ending) = self.list()?;
        if ending != Ending::End {
            return Err(format!("unexpected {} in {CONTEXT}", ending.as_str()));
        }
        self.variables = outer;
        self.range_depth = depth;
        self.add(&name, Tree { nodes })?;
        Ok(Node::Call(Invocation {
            at: token.at,
            name,
            pipe: Some(pipe),
        }))
    }

    fn invocation(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "template clause";
        let token = self.next_solid();
        let name = self.template_name(&token, CONTEXT)?;
        let pipe = if self.peek_solid().kind == Kind::Right {
            self.next();
            None
        } else {
            Some(self.pipeline(CONTEXT, Kind::Right)?)
        };
        Ok(Node::Call(Invocation {
            at: token.at,
            name,
            pipe,
        }))
    }

    /// Refuses a variable that nothing declared.
    pub(super) fn check_variable(&self, name: &str) -> Parsed<()> {
        if self.variables.iter().any(|have| have == name) {
            return Ok(());
        }
        Err(format!("undefined variable {}", lexer::quoted(name)))
    }
}
