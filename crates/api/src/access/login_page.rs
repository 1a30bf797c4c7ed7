//! The page to log in: plain HTML without scripts.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The page, with `problem` said above the form; `back` is where to go afterwards.
pub(super) fn answer(status: StatusCode, back: &str, problem: &str) -> Response {
    let problem = if problem.is_empty() {
        String::new()
    } else {
        format!("<p role=\"alert\">{}</p>", escape(problem))
    };
    let back = escape(back);
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Log in · Watchfire</title><link rel=\"stylesheet\" href=\"style/main.css\">\
         <link rel=\"icon\" type=\"image/svg+xml\" href=\"favicon.svg\"></head><body>\
         <main class=\"page login\" id=\"content\"><h1>Log in</h1>{problem}\
         <form method=\"post\" action=\"login\">\
         <p><label>Login or email<br><input name=\"user\" autocomplete=\"username\" required autofocus></label></p>\
         <p><label>Password<br><input name=\"password\" type=\"password\" \
         autocomplete=\"current-password\" required></label></p>\
         <input type=\"hidden\" name=\"redirectTo\" value=\"{back}\">\
         <p><button type=\"submit\">Log in</button></p></form></main></body></html>"
    );
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store"),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)));
    (status, headers, page).into_response()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}
