//! What the pages say, in the languages that they speak.
//!
//! The texts are in `app/locales/<language>/<namespace>.json` and are checked when the crate is built:
//! a key that is missing in one language or wrong in a view does not compile. The language is the one
//! that was chosen before, else the one that the browser asks for; the server decides and tells the
//! browser in the `lang` attribute of the document, so that both render the same words.

mod generated {
    #![expect(
        missing_docs,
        dead_code,
        unused_imports,
        unused_qualifications,
        clippy::pedantic,
        clippy::expect_used,
        clippy::used_underscore_binding,
        reason = "made from the texts"
    )]

    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

pub use generated::i18n::{I18nContextProvider, Locale, use_i18n};
pub use leptos_i18n::{t_string, td_string, tu_string};

use leptos::prelude::*;
use leptos_i18n::context::UseLocalesOptions;
use wasm_bindgen::JsCast;

/// A text that follows the language, for views and attributes.
///
/// All texts have one type. With one type for each, as `leptos_i18n::t!` makes them, the browser would
/// get a copy of the code that shows a text for each of them, too.
pub fn text(say: impl Fn() -> &'static str + Send + Sync + 'static) -> Signal<&'static str> {
    Signal::derive(say)
}

/// A text in the language now: `t!(i18n, page.key)`, with values `t!(i18n, page.key, n = move || ...)`.
#[macro_export]
macro_rules! t {
    ($i18n:expr, $first:ident $(. $more:ident)*) => {{
        let words = $i18n;
        $crate::words::text(move || ::leptos_i18n::t_string!(words, $first $(. $more)*))
    }};
    ($($with_values:tt)*) => {
        ::leptos_i18n::t!($($with_values)*)
    };
}

pub use crate::t;

/// The name of the cookie that keeps a choice.
const COOKIE: &str = "watchfire_language";
/// How long the choice is kept.
const YEAR_SECONDS: u32 = 365 * 24 * 60 * 60;

/// Provides the language to everything inside.
#[component]
pub fn Words(
    /// What is said in it.
    children: ChildrenFn,
) -> impl IntoView {
    let wanted = UseLocalesOptions::default().ssr_lang_header_getter(wanted_languages);
    view! {
        <I18nContextProvider
            enable_cookie=false
            set_dir_attr_on_html=false
            ssr_lang_header_getter=wanted
        >
            {children()}
        </I18nContextProvider>
    }
}

/// What the browser that asks for the page wants, the best first.
#[cfg(feature = "ssr")]
fn wanted_languages() -> Option<String> {
    let request = use_context::<http::request::Parts>()?;
    let header = |name| request.headers.get(name)?.to_str().ok();
    let chosen = header(http::header::COOKIE).and_then(chosen_in);
    let accepted = header(http::header::ACCEPT_LANGUAGE);
    Some(
        [chosen, accepted]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(","),
    )
}

/// In the browser the document tells.
#[cfg(not(feature = "ssr"))]
fn wanted_languages() -> Option<String> {
    None
}

/// The choice in a header such as `a=b; watchfire_language=ko`.
#[cfg(any(feature = "ssr", test))]
fn chosen_in(cookies: &str) -> Option<&str> {
    let mut pairs = cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

/// The language now, tracked.
pub fn use_locale() -> Signal<Locale> {
    let words = use_i18n();
    Signal::derive(move || words.get_locale())
}

/// Remembers a choice of language. For the browser only.
pub fn remember(choice: Locale) {
    let document = document().unchecked_into::<web_sys::HtmlDocument>();
    let cookie = format!("{COOKIE}={choice}; path=/; max-age={YEAR_SECONDS}; samesite=lax");
    // A browser that keeps no cookies asks with every page for the language of its settings.
    let _ = document.set_cookie(&cookie);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_is_found_among_cookies() {
        assert_eq!(chosen_in("a=b; watchfire_language=ko; c=d"), Some("ko"));
        assert_eq!(chosen_in("a=b"), None);
    }
}
