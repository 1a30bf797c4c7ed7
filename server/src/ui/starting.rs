//! What a browser sees that comes while the server still reads its storage back: how far that is.

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use leptos_axum::generate_route_list;
use std::sync::Arc;
use storage::ReplayStatus;

/// All addresses of pages, each answered by the same page, which asks again every second.
pub(crate) fn router<P>(progress: &Arc<P>) -> Router
where
    P: Fn() -> ReplayStatus + Send + Sync + 'static,
{
    let mut router = Router::new();
    let pages = generate_route_list(app::App);
    let mut paths: Vec<String> = pages
        .iter()
        .chain(&generate_route_list(studio::StudioApp))
        .map(|route| route.path().to_owned())
        .collect();
    paths.extend(["/".to_owned(), "/query".to_owned()]);
    paths.sort();
    paths.dedup();
    for path in paths {
        let progress = Arc::clone(progress);
        let answer = move |headers: HeaderMap| {
            let answer = page(progress(), &headers);
            async move { answer }
        };
        router = router.route(&path, get(answer));
    }
    router
}

fn page(status: ReplayStatus, headers: &HeaderMap) -> Response {
    let wanted = headers.get(header::ACCEPT_LANGUAGE);
    let is_korean = wanted
        .and_then(|languages| languages.to_str().ok())
        .is_some_and(|languages| languages.starts_with("ko"));
    let (language, title, words) = if is_korean {
        (
            "ko",
            "시작하는 중",
            "서버가 시작하는 중입니다: WAL을 다시 읽고 있습니다.",
        )
    } else {
        (
            "en",
            "Starting",
            "The server is starting: it reads its write-ahead log back.",
        )
    };
    let done = status.current.saturating_sub(status.min);
    let all = status.max.saturating_sub(status.min).max(1);
    let text = format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"refresh\" content=\"1\"><title>{title} · Watchfire</title>\
         <style>:root{{color-scheme:light dark}}body{{font:14px system-ui,sans-serif;margin:12vh auto;\
         max-width:60ch;padding:0 16px}}progress{{width:100%}}</style></head>\
         <body><h1>{title}</h1><p>{words}</p>\
         <progress aria-label=\"{title}\" max=\"{all}\" value=\"{done}\"></progress></body></html>"
    );
    (StatusCode::SERVICE_UNAVAILABLE, Html(text)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_page_says_how_far_the_start_is_and_asks_again() {
        let status = || ReplayStatus {
            min: 2,
            max: 10,
            current: 6,
        };
        let request = Request::get("/alerts").body(Body::empty()).unwrap();
        let answer = router(&Arc::new(status)).oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&body);
        assert!(text.contains("max=\"8\" value=\"4\"") && text.contains("http-equiv=\"refresh\""));
    }
}
