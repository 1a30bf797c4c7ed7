//! The page to log in: plain HTML without scripts.

use crate::language;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::DurationMs;
use render::Language;

/// Why somebody is still at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// They just came.
    None,
    /// Wrong login or password; which is not told.
    Refused,
    /// Too many wrong ones.
    TooMany(DurationMs),
    /// Something else, in the server's words.
    Other(String),
}

/// What the page says, in one language.
struct Words {
    tag: &'static str,
    title: &'static str,
    login: &'static str,
    password: &'static str,
    refused: &'static str,
    too_many: &'static str,
    no_password: &'static str,
    no_password_text: &'static str,
    nobody: &'static str,
    without: &'static str,
}

const ENGLISH: Words = Words {
    tag: "en",
    title: "Log in",
    login: "Login or email",
    password: "Password",
    refused: "Invalid username or password",
    too_many: "Too many failed logins. Try again in {n} s.",
    no_password: "No password yet?",
    no_password_text: "The first start of the server prints the password of <code>admin</code> in its log, \
        once. Everybody else gets theirs from an administrator.",
    nobody: "Nobody can log in: there are no users yet. At this machine nobody needs to. To have people log \
        in, for example behind a proxy, start the server with <code>--auth.required</code>; it then prints \
        the password of <code>admin</code> in its log, once.",
    without: "Go on without a login",
};

const KOREAN: Words = Words {
    tag: "ko",
    title: "로그인",
    login: "로그인 이름 또는 이메일",
    password: "비밀번호",
    refused: "로그인 이름이나 비밀번호가 올바르지 않습니다",
    too_many: "로그인에 너무 많이 실패했습니다. {n}초 후에 다시 시도하세요.",
    no_password: "비밀번호가 없나요?",
    no_password_text: "서버를 처음 시작할 때 <code>admin</code>의 비밀번호가 로그에 한 번 출력됩니다. 다른 사용자는 \
        관리자에게서 받습니다.",
    nobody: "아직 사용자가 없어서 로그인할 수 없습니다. 이 컴퓨터에서는 로그인이 필요 없습니다. 프록시 뒤에서처럼 로그인을 \
        쓰려면 서버를 <code>--auth.required</code>로 시작하세요. 그러면 <code>admin</code>의 비밀번호가 로그에 한 번 \
        출력됩니다.",
    without: "로그인하지 않고 계속",
};

/// What the page is made of.
pub(super) struct Page<'a> {
    /// What the browser sent: which language it wants.
    pub(super) headers: &'a HeaderMap,
    /// Where to go afterwards: a path of this server.
    pub(super) back: &'a str,
    /// What was typed as the login before.
    pub(super) login: &'a str,
    pub(super) problem: Problem,
    /// Whether there is nobody whom one could log in as.
    pub(super) has_nobody: bool,
    /// Whether reading is open without a login.
    pub(super) is_open: bool,
}

impl Page<'_> {
    /// The page, with the status that its problem has.
    pub(super) fn answer(&self, status: StatusCode) -> Response {
        let policy = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::CACHE_CONTROL, "no-store"),
            (header::VARY, "Accept-Language, Cookie"),
        ]
        .map(|(name, value)| (name, HeaderValue::from_static(value)));
        (status, headers, self.html()).into_response()
    }

    fn html(&self) -> String {
        let words = if wants_korean(self.headers) {
            &KOREAN
        } else {
            &ENGLISH
        };
        let Words { tag, title, .. } = words;
        let problem = match &self.problem {
            Problem::None => String::new(),
            Problem::Refused => words.refused.to_owned(),
            Problem::TooMany(wait) => {
                let seconds = wait.0.max(0).div_euclid(1000) + 1;
                words.too_many.replace("{n}", &seconds.to_string())
            }
            Problem::Other(text) => escape(text),
        };
        let problem = if problem.is_empty() {
            problem
        } else {
            format!("<p class=\"login__problem\" role=\"alert\">{problem}</p>")
        };
        let invalid = if self.problem == Problem::Refused {
            " aria-invalid=\"true\""
        } else {
            ""
        };
        // The field that is to be typed into next.
        let (first, second) = match (self.login.is_empty(), &self.problem) {
            (false, Problem::Refused) => ("", " autofocus"),
            _ => (" autofocus", ""),
        };
        let (login, back) = (escape(self.login), escape(self.back));
        let help = if self.has_nobody {
            format!(
                "<p class=\"login__nobody\" role=\"note\">{}</p>",
                words.nobody
            )
        } else {
            let (question, text) = (words.no_password, words.no_password_text);
            format!(
                "<details class=\"login__help\"><summary>{question}</summary><p>{text}</p></details>"
            )
        };
        let without = if self.is_open {
            // Addresses of this server begin with one slash; without it they stay below its prefix.
            let path = escape(self.back.trim_start_matches('/'));
            let path = if path.is_empty() { "." } else { &path };
            format!(
                "<p class=\"login__without\"><a href=\"./{path}\">{}</a></p>",
                words.without
            )
        } else {
            String::new()
        };
        let (login_word, password_word) = (words.login, words.password);
        format!(
            "<!DOCTYPE html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title} · Watchfire</title><link rel=\"stylesheet\" href=\"style/main.css\">\
             <link rel=\"icon\" type=\"image/svg+xml\" href=\"favicon.svg\"></head><body class=\"login\">\
             <main class=\"login__card\" id=\"content\">\
             <p class=\"login__brand\"><img src=\"favicon.svg\" alt=\"\" width=\"28\" height=\"28\">Watchfire</p>\
             <h1 class=\"login__title\">{title}</h1>{problem}\
             <form class=\"login__form\" method=\"post\" action=\"login\">\
             <label class=\"form__row\"><span>{login_word}</span>\
             <input class=\"field\" name=\"user\" autocomplete=\"username\" autocapitalize=\"none\" \
             spellcheck=\"false\" value=\"{login}\" required{invalid}{first}></label>\
             <label class=\"form__row\"><span>{password_word}</span>\
             <input class=\"field\" name=\"password\" type=\"password\" \
             autocomplete=\"current-password\" required{invalid}{second}></label>\
             <input type=\"hidden\" name=\"redirectTo\" value=\"{back}\">\
             <button class=\"button\" data-kind=\"primary\" type=\"submit\">{title}</button></form>\
             {help}{without}</main></body></html>"
        )
    }
}

/// Whether somebody reads Korean rather than English: by their choice, else by what their browser wants first.
fn wants_korean(headers: &HeaderMap) -> bool {
    let language = language::chosen(headers).or_else(|| language::accepted(headers));
    language == Some(Language::Korean)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn page(headers: &HeaderMap, login: &str, problem: Problem, has_nobody: bool) -> String {
        let page = Page {
            headers,
            back: "/d/x?a=\"><script>",
            login,
            problem,
            has_nobody,
            is_open: true,
        };
        page.html()
    }

    #[test]
    fn language_is_the_one_that_was_chosen_else_the_one_that_the_browser_wants_first() {
        let of = |cookie: &'static str, accept: &'static str| {
            let headers = HeaderMap::from_iter([
                (header::COOKIE, HeaderValue::from_static(cookie)),
                (header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept)),
            ]);
            wants_korean(&headers)
        };
        assert!(of("a=b", "de, ko-KR;q=0.9, en;q=0.8"));
        assert!(of("a=b; watchfire_language=ko", "en"));
        assert!(!of("watchfire_language=en", "ko"));
        assert!(!of("a=b", "de"));
    }

    #[test]
    fn what_was_typed_and_where_to_go_are_text_and_nothing_else() {
        let headers = HeaderMap::new();
        let html = page(
            &headers,
            "\"><script>alert(1)</script>",
            Problem::Refused,
            false,
        );
        assert!(!html.contains("<script"), "{html}");
        let html = page(&headers, "", Problem::Other("<b>".to_owned()), false);
        assert!(html.contains("&lt;b&gt;"), "{html}");
    }

    #[test]
    fn page_says_when_to_try_again_and_when_nobody_can_log_in() {
        let headers = HeaderMap::new();
        let html = page(&headers, "ann", Problem::TooMany(DurationMs(11_500)), false);
        assert!(html.contains("Try again in 12 s."), "{html}");
        assert!(!html.contains("--auth.required"), "{html}");
        let html = page(&headers, "", Problem::None, true);
        assert!(html.contains("--auth.required"), "{html}");
    }
}
