//! Files of the folder of `--web.user-assets`, below `/user`.

use super::assets::content_type;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::path::{Component, PathBuf};
use std::sync::Arc;

/// The files of `folder`; none without one.
pub(crate) fn router(folder: Option<PathBuf>) -> Router {
    let folder = folder.map(Arc::<std::path::Path>::from);
    let file = move |Path(path): Path<PathBuf>| {
        let folder = folder.clone();
        async move {
            match folder {
                Some(folder) => respond(&folder, &path).await,
                None => StatusCode::NOT_FOUND.into_response(),
            }
        }
    };
    Router::new().route("/user/{*path}", get(file))
}

async fn respond(folder: &std::path::Path, path: &std::path::Path) -> Response {
    // Nothing outside of the folder.
    let is_inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !is_inside {
        return StatusCode::NOT_FOUND.into_response();
    }
    match tokio::fs::read(folder.join(path)).await {
        Ok(bytes) => {
            let kind = content_type(&path.to_string_lossy());
            ([(CONTENT_TYPE, kind)], bytes).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    #[tokio::test]
    async fn files_of_the_folder_are_served_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("public")).unwrap();
        std::fs::write(folder.path().join("secret"), "no").unwrap();
        std::fs::write(folder.path().join("public/a.svg"), "<svg/>").unwrap();
        let router = router(Some(folder.path().join("public")));
        for (path, status) in [
            ("/user/a.svg", 200),
            ("/user/b.svg", 404),
            ("/user/../secret", 404),
            ("/user/%2e%2e%2fsecret", 404),
            ("/user/%2fetc%2fpasswd", 404),
        ] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), status, "{path}");
            if status == 200 {
                assert_eq!(answer.headers()[CONTENT_TYPE], "image/svg+xml");
                let body = to_bytes(answer.into_body(), 100).await.unwrap();
                assert_eq!(&body[..], b"<svg/>");
            }
        }
    }
}
