//! Texts, hosts and links.

use super::escape::query_escape;
use super::{Answer, Context, text_at};
use crate::Value;
use std::net::IpAddr;

pub(super) fn same(values: &[Value]) -> Answer {
    Ok(Value::text(text_at(values, 0)))
}

/// The first letter of every word in upper case.
pub(super) fn title(values: &[Value]) -> Answer {
    let mut out = String::new();
    let mut inside = false;
    for c in text_at(values, 0).chars() {
        if inside {
            out.push(c);
        } else {
            out.extend(c.to_uppercase());
        }
        let ends = c != '_' && !c.is_alphanumeric() && (c.is_ascii() || c.is_whitespace());
        inside = !ends;
    }
    Ok(Value::from(out))
}

pub(super) fn to_upper(values: &[Value]) -> Answer {
    Ok(Value::from(text_at(values, 0).to_uppercase()))
}

pub(super) fn to_lower(values: &[Value]) -> Answer {
    Ok(Value::from(text_at(values, 0).to_lowercase()))
}

fn link(expr: &str, tab: u8) -> String {
    format!("/graph?g0.expr={}&g0.tab={tab}", query_escape(expr))
}

/// The link to a query's table.
pub(crate) fn table_link(expr: &str) -> String {
    link(expr, 1)
}

pub(super) fn graph(values: &[Value]) -> Answer {
    Ok(Value::from(link(text_at(values, 0), 0)))
}

pub(super) fn table(values: &[Value]) -> Answer {
    Ok(Value::from(table_link(text_at(values, 0))))
}

pub(super) fn url_query_escape(values: &[Value]) -> Answer {
    Ok(Value::from(query_escape(text_at(values, 0))))
}

/// Host and port, as Go's `net.SplitHostPort` cuts them.
fn host_and_port(text: &str) -> Option<(&str, &str)> {
    let (before, port) = text.rsplit_once(':')?;
    let host = match before.strip_prefix('[') {
        Some(inside) => inside.strip_suffix(']')?,
        None if before.contains(':') => return None,
        None => before,
    };
    let stray = |part: &str| part.contains(['[', ']']);
    (!stray(host) && !stray(port)).then_some((host, port))
}

pub(super) fn strip_port(values: &[Value]) -> Answer {
    let text = text_at(values, 0);
    let host = host_and_port(text).map_or(text, |(host, _)| host);
    Ok(Value::text(host))
}

pub(super) fn strip_domain(values: &[Value]) -> Answer {
    let text = text_at(values, 0);
    let (host, port) = host_and_port(text).unwrap_or((text, ""));
    if host.parse::<IpAddr>().is_ok() {
        return Ok(Value::text(text));
    }
    let name = host.split('.').next().unwrap_or(host);
    if port.is_empty() {
        return Ok(Value::text(name));
    }
    Ok(Value::from(if name.contains(':') {
        format!("[{name}]:{port}")
    } else {
        format!("{name}:{port}")
    }))
}

pub(super) fn external_url(context: &Context<'_>, _values: &[Value]) -> Answer {
    Ok(Value::text(context.environment.external_url()))
}

/// The path of the external URL.
pub(super) fn path_prefix(context: &Context<'_>, _values: &[Value]) -> Answer {
    let url = context.environment.external_url();
    let after = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after.find('/').and_then(|at| after.get(at..)).unwrap_or("");
    Ok(Value::text(path))
}
