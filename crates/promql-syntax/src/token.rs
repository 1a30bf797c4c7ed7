//! The words of the language.

use crate::ast::{AggregateOp, BinaryOp};
use crate::span::Span;

/// A word with a meaning of its own; any case in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyword {
    Offset,
    Anchored,
    Smoothed,
    By,
    Without,
    On,
    Ignoring,
    GroupLeft,
    GroupRight,
    Fill,
    FillLeft,
    FillRight,
    Bool,
    Start,
    End,
    Step,
    Range,
    MaxOf,
    MinOf,
}

impl Keyword {
    pub(crate) fn of(lower: &str) -> Option<Self> {
        Some(match lower {
            "offset" => Self::Offset,
            "anchored" => Self::Anchored,
            "smoothed" => Self::Smoothed,
            "by" => Self::By,
            "without" => Self::Without,
            "on" => Self::On,
            "ignoring" => Self::Ignoring,
            "group_left" => Self::GroupLeft,
            "group_right" => Self::GroupRight,
            "fill" => Self::Fill,
            "fill_left" => Self::FillLeft,
            "fill_right" => Self::FillRight,
            "bool" => Self::Bool,
            "start" => Self::Start,
            "end" => Self::End,
            "step" => Self::Step,
            "range" => Self::Range,
            "max_of" => Self::MaxOf,
            "min_of" => Self::MinOf,
            _ => return None,
        })
    }

    /// Whether the word may stand for a metric.
    pub(crate) fn is_metric_name(self) -> bool {
        !matches!(
            self,
            Self::Bool | Self::On | Self::Ignoring | Self::GroupLeft | Self::GroupRight
        )
    }
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Eof,
    /// The text stops making sense here, for this reason.
    Error(String),
    Identifier,
    /// An identifier with a colon.
    MetricIdentifier,
    Number,
    Duration,
    String,
    Keyword(Keyword),
    Aggregate(AggregateOp),
    Op(BinaryOp),
    /// `=`
    Equal,
    /// `=~`
    RegexEqual,
    /// `!~`
    RegexNotEqual,
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Colon,
    At,
}

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

impl Token {
    /// How an error message names the token.
    pub(crate) fn describe(&self, input: &str) -> String {
        let text = self.span.text(input);
        let quoted = || model::quote_label_value(text);
        match &self.kind {
            Kind::Eof => "end of input".to_owned(),
            Kind::Error(message) => message.clone(),
            Kind::Identifier => format!("identifier {}", quoted()),
            Kind::MetricIdentifier => format!("metric identifier {}", quoted()),
            Kind::Number => format!("number {}", shortened(text)),
            Kind::Duration => format!("duration {}", shortened(text)),
            Kind::String => format!("string {}", shortened(text)),
            Kind::Keyword(_) => format!("<{}>", text.to_ascii_lowercase()),
            Kind::Aggregate(op) => format!("<aggr:{}>", op.as_str()),
            Kind::Op(op) => format!("<op:{}>", op.as_str()),
            _ => quoted(),
        }
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() > 10 {
        let start: String = text.chars().take(10).collect();
        format!("{}...", model::quote_label_value(&start))
    } else {
        model::quote_label_value(text)
    }
}
