//! `/login` and `/logout`.

use super::login_page::{Page, Problem};
use super::refusal::retry_after;
use super::{Door, Sender, csrf};
use crate::grafana::{GrafanaError, body_bytes};
use crate::response::json;
use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use metadata::{LoginRequest, Secret};
use std::sync::Arc;

/// Largest body of a login. Units: bytes.
const MAX_BYTES: usize = 64 << 10;

/// The routes.
pub(crate) fn router(door: Arc<Door>) -> Router {
    Router::new()
        .route("/login", get(page).post(log_in))
        .route("/logout", get(log_out).post(log_out))
        .with_state(door)
}

/// What somebody at the door says.
struct Words {
    login: String,
    password: Secret,
    /// Where to go afterwards.
    back: String,
    is_form: bool,
}

async fn page(
    State(door): State<Arc<Door>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    sender: Sender,
) -> Response {
    let back = field(query.as_deref().unwrap_or_default(), "redirectTo");
    let back = safe_target(&back.unwrap_or_default());
    if sender.user().is_some() {
        return Redirect::to(&back).into_response();
    }
    let page = Page {
        headers: &headers,
        back: &back,
        login: "",
        problem: Problem::None,
        has_nobody: door.has_nobody().await,
        is_open: !door.policy().login_required,
    };
    page.answer(StatusCode::OK)
}

async fn log_in(
    State(door): State<Arc<Door>>,
    sender: Sender,
    request: Request,
) -> Result<Response, GrafanaError> {
    let headers = request.headers().clone();
    let words = words(request).await?;
    let metadata = door.metadata().ok_or_else(GrafanaError::starting)?;
    let agent = headers.get(header::USER_AGENT);
    let previous = door.session_token(&headers);
    let logins = metadata.logins();
    let login = logins.log_in(LoginRequest {
        login: &words.login,
        password: &words.password,
        address: &sender.address,
        user_agent: agent
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default(),
        previous: previous.as_ref(),
    });
    let session = match login.await {
        Ok(session) => session,
        Err(error) if words.is_form => {
            return Ok(page_of_refusal(&door, &headers, error, &words).await);
        }
        Err(error) => return Err(error.into()),
    };
    let mut response = if words.is_form {
        Redirect::to(&words.back).into_response()
    } else {
        let answer = serde_json::json!({"message": "Logged in", "redirectUrl": words.back});
        json(answer.to_string())
    };
    set_cookie(&mut response, &door.set_cookie(session.token.reveal()));
    Ok(response)
}

async fn page_of_refusal(
    door: &Door,
    headers: &HeaderMap,
    error: metadata::Error,
    words: &Words,
) -> Response {
    let known = match &error {
        metadata::Error::TooManyLogins { retry_after } => Some(Problem::TooMany(*retry_after)),
        metadata::Error::LoginRefused => Some(Problem::Refused),
        _ => None,
    };
    let error = GrafanaError::from(error);
    let page = Page {
        headers,
        back: &words.back,
        login: &words.login,
        problem: known.unwrap_or_else(|| Problem::Other(error.message().to_owned())),
        has_nobody: door.has_nobody().await,
        is_open: !door.policy().login_required,
    };
    let mut response = page.answer(error.status());
    if let Problem::TooMany(wait) = page.problem {
        retry_after(response.headers_mut(), wait);
    }
    response
}

async fn log_out(
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
) -> Result<Response, GrafanaError> {
    let to_login = || Redirect::to("/login").into_response();
    // A link on a page of another site ends nothing. (A GET without any origin is typed by somebody.)
    let says_where = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    if says_where && csrf::is_forged(&headers, super::door::By::Cookie) {
        return Ok(to_login());
    }
    if let Some(token) = door.session_token(&headers) {
        let metadata = door.metadata().ok_or_else(GrafanaError::starting)?;
        metadata.sessions().log_out(&token).await?;
    }
    let mut response = to_login();
    set_cookie(&mut response, &door.set_cookie(""));
    Ok(response)
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}

async fn words(request: Request) -> Result<Words, GrafanaError> {
    let is_form = is_form(request.headers());
    let bytes = body_bytes(request.into_body(), MAX_BYTES).await?;
    if is_form {
        let text = String::from_utf8_lossy(&bytes);
        let get = |name| field(&text, name).unwrap_or_default();
        return Ok(Words {
            login: get("user"),
            password: Secret::new(get("password")),
            back: safe_target(&get("redirectTo")),
            is_form,
        });
    }
    let bad = || GrafanaError::bad_request("bad login data");
    let body: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    let get = |name| {
        let value = body.get(name).and_then(serde_json::Value::as_str);
        value.map(str::to_owned)
    };
    Ok(Words {
        login: get("user").ok_or_else(bad)?,
        password: Secret::new(get("password").ok_or_else(bad)?),
        back: safe_target(&get("redirectTo").unwrap_or_default()),
        is_form,
    })
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

fn field(form: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(form.as_bytes())
        .find(|(have, _)| have == name)
        .map(|(_, value)| value.into_owned())
}

/// A path of this server to go to, or the first page.
fn safe_target(target: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    // `//host` and `/\host` are addresses of other servers to a browser.
    let is_path = target.starts_with('/') && !target.starts_with("//");
    if is_path && target.bytes().all(plain) && !target.starts_with("/log") {
        target.to_owned()
    } else {
        "/".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_server_after_the_login() {
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=y",
            "/\t/evil.example",
            "evil",
            "/logout",
        ] {
            assert_eq!(safe_target(bad), "/", "{bad}");
        }
        assert_eq!(safe_target("/d/abc/x?var-a=b#c"), "/d/abc/x?var-a=b#c");
    }
}
