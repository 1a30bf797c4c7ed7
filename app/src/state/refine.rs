//! Expressions made narrower.

use promql_syntax::{Expr, ExprKind};

/// `expr` with more matchers in all its selectors; `None` where it has none or cannot be read.
pub fn filtered(expr: &str, matchers: &[String]) -> Option<String> {
    let tree = promql_syntax::parse(expr).ok()?;
    let mut places = Vec::new();
    tree.walk(&mut |node: &Expr| match &node.kind {
        // The span of a range ends behind its bracket; the selector's own part is found from its beginning.
        ExprKind::Selector(_) | ExprKind::Matrix(_) => places.push(node.span.start),
        _ => {}
    });
    if places.is_empty() || matchers.is_empty() {
        return None;
    }
    places.sort_unstable();
    places.dedup();
    let mut text = expr.to_owned();
    let added = matchers.join(", ");
    for start in places.into_iter().rev() {
        let (at, insert) = place_of(text.get(start..)?, &added);
        text.insert_str(start + at, &insert);
    }
    promql_syntax::parse(&text).ok().map(|_| text)
}

/// Where in a selector matchers go, and what goes there.
fn place_of(selector: &str, added: &str) -> (usize, String) {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let name = selector.find(|c| !is_name(c)).unwrap_or(selector.len());
    let rest = selector.get(name..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start().len();
    if !rest.trim_start().starts_with('{') {
        return (name, format!("{{{added}}}"));
    }
    let inside = name + blanks + 1;
    let body = selector.get(inside..).unwrap_or_default().trim_start();
    let comma = if body.starts_with('}') { "" } else { ", " };
    (inside, format!("{added}{comma}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_job(expr: &str) -> Option<String> {
        filtered(expr, &[r#"job="a""#.to_owned()])
    }

    #[test]
    fn every_selector_gets_the_matcher() {
        assert_eq!(with_job("up").as_deref(), Some(r#"up{job="a"}"#));
        assert_eq!(
            with_job(r#"sum(rate(x{b="}"}[5m])) / y {}"#).as_deref(),
            Some(r#"sum(rate(x{job="a", b="}"}[5m])) / y {job="a"}"#)
        );
    }

    #[test]
    fn what_selects_nothing_stays() {
        assert_eq!(with_job("1 + 1"), None);
        assert_eq!(with_job("sum("), None);
    }
}
