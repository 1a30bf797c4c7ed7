//! What a page asks before its program has come.

use crate::data::UiError;
use crate::data::http::read_response;
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A script for the head of the document: asks for the dashboard that the address names while the page's
/// program is still on its way. The answer is taken by the first call of the same path, and by no other.
///
/// The prefix of the server's addresses stands in the document's root; past the proxy that adds it, it counts
/// for nothing.
pub const EARLY: &str = "(function(){var r=document.documentElement.dataset.prefix||'',p=location.pathname;\
    if(p.indexOf(r+'/')!==0)r='';p=p.slice(r.length);\
    var m=/^\\/d\\/([^\\/]+)/.exec(p),a=m?'/api/dashboards/uid/'+m[1]:p==='/'?'/api/dashboards/home':'';\
    if(!a)return;var f=fetch(r+a,{headers:{'x-requested-with':'watchfire'}});f.catch(function(){});\
    window.watchfireEarly={path:a,answer:f}})()";

const PLACE: &str = "watchfireEarly";

/// The answer of `path` that was asked for early, if it was and nobody took it. For the browser only.
fn take(path: &str) -> Option<Promise> {
    let window = web_sys::window()?;
    let place = JsValue::from_str(PLACE);
    let early = Reflect::get(&window, &place).ok()?;
    let part = |name: &str| Reflect::get(&early, &JsValue::from_str(name)).ok();
    if part("path")?.as_string()? != path {
        return None;
    }
    // A window takes any property.
    let _ = Reflect::set(&window, &place, &JsValue::NULL);
    part("answer")?.dyn_into().ok()
}

/// The status and the text of the answer of `path`, if it was asked for early and nobody took it yet.
///
/// # Errors
/// [`UiError::Unreachable`]
pub async fn early(path: &str) -> Option<Result<(u16, String), UiError>> {
    Some(read_response(take(path)?).await)
}
