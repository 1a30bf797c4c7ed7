use crate::access::{Door, DoorOptions, protect};
use crate::grafana::{GrafanaState, Provisioned, router};
use api_types::BuildInfo;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::get;
use clock::{Clock, ManualClock};
use metadata::access::{Policy, Role};
use metadata::{
    Actor, HashCost, Location, Metadata, NewUser, Options, Secret, ServiceAccountFields, UserFields,
};
use model::TimestampMs;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// How a test's client says who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    Nobody,
    Cookie(String),
    Bearer(String),
    Basic(String),
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn message(&self) -> (u16, String) {
        let message = self.json()["message"].as_str().unwrap_or("").to_owned();
        (self.status, message)
    }

    pub(crate) fn cookie(&self) -> Option<String> {
        let cookie = self.headers.get(header::SET_COOKIE)?.to_str().unwrap();
        Some(cookie.split(';').next().unwrap().to_owned())
    }
}

pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) metadata: Metadata,
    pub(crate) clock: ManualClock,
    pub(crate) provisioned: Provisioned,
    _folder: TempDir,
}

impl World {
    /// A server that listens on an address of the network.
    pub(crate) async fn public() -> Self {
        Self::new(DoorOptions::default()).await
    }

    /// A server that listens on loopback.
    pub(crate) async fn local() -> Self {
        Self::new(DoorOptions {
            loopback: true,
            ..DoorOptions::default()
        })
        .await
    }

    /// A server that asks everybody for a login.
    pub(crate) async fn closed() -> Self {
        Self::new(DoorOptions {
            policy: Policy {
                login_required: true,
            },
            ..DoorOptions::default()
        })
        .await
    }

    pub(crate) async fn new(options: DoorOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("metadata.db"));
        let clock = ManualClock::at(TimestampMs(1_800_000_000_000));
        let quick = Options {
            hash_cost: HashCost {
                memory_kib: 8,
                passes: 1,
            },
            ..Options::default()
        };
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let metadata = Metadata::open(&location, quick, Arc::clone(&shared))
            .await
            .unwrap();
        let door = Arc::new(Door::new(options));
        door.open(metadata.clone());
        let provisioned = Provisioned::default();
        // What it is asked, back.
        let prometheus = Router::new().route("/api/v1/{*call}", get(echo).post(echo));
        let state = GrafanaState {
            door: Arc::clone(&door),
            clock: shared,
            build: BuildInfo {
                version: "1.2.3".into(),
                revision: "abc".into(),
                branch: String::new(),
                build_user: String::new(),
                build_date: String::new(),
                go_version: String::new(),
            },
            prometheus,
            provisioned: provisioned.clone(),
        };
        Self {
            router: protect(router(Arc::new(state)), door),
            metadata,
            clock,
            provisioned,
            _folder: folder,
        }
    }

    pub(crate) async fn add_user(&self, login: &str, role: Role) -> i64 {
        let new = NewUser {
            fields: UserFields {
                login: login.to_owned(),
                email: None,
                name: login.to_owned(),
                role,
                disabled: false,
            },
            password: Some(Secret::new(PASSWORD)),
        };
        let actor = Actor::system("test");
        self.metadata
            .users()
            .create(&actor, new)
            .await
            .unwrap()
            .id
            .0
    }

    /// A user who has logged in with a browser.
    pub(crate) async fn user(&self, login: &str, role: Role) -> Who {
        self.add_user(login, role).await;
        self.log_in(login).await
    }

    pub(crate) async fn log_in(&self, login: &str) -> Who {
        let words = serde_json::json!({"user": login, "password": PASSWORD});
        let answer = self.post(&Who::Nobody, "/login", words).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        Who::Cookie(answer.cookie().unwrap())
    }

    /// A service account's token.
    pub(crate) async fn machine(&self, role: Role) -> Who {
        let actor = Actor::system("test");
        let accounts = self.metadata.service_accounts();
        let fields = ServiceAccountFields {
            name: format!("robot {role}"),
            role,
            disabled: false,
        };
        let account = accounts.create(&actor, fields).await.unwrap();
        let token = accounts
            .create_token(&actor, account.id, "t", None)
            .await
            .unwrap();
        Who::Bearer(token.secret.reveal().to_owned())
    }

    /// Asks as a browser on a page of this server does.
    pub(crate) async fn ask(
        &self,
        who: &Who,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/json"),
        ];
        let body = body.map_or_else(String::new, |body| body.to_string());
        self.send(who, method, path, &headers, &body).await
    }

    pub(crate) async fn get(&self, who: &Who, path: &str) -> Answer {
        self.ask(who, "GET", path, None).await
    }

    pub(crate) async fn post(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.ask(who, "POST", path, Some(body)).await
    }

    /// Asks with these headers alone.
    pub(crate) async fn send(
        &self,
        who: &Who,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:9090");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request = match who {
            Who::Nobody => request,
            Who::Cookie(cookie) => request.header("cookie", cookie),
            Who::Bearer(token) => request.header("authorization", format!("Bearer {token}")),
            Who::Basic(pair) => {
                let coded =
                    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, pair);
                request.header("authorization", format!("Basic {coded}"))
            }
        };
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        let peer: SocketAddr = "192.0.2.1:4711".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Saves a dashboard of this title in a folder; its uid.
    pub(crate) async fn dashboard(&self, who: &Who, title: &str, folder: Option<&str>) -> String {
        let body = serde_json::json!({
            "dashboard": {"title": title, "panels": []}, "folderUid": folder.unwrap_or_default(),
        });
        let answer = self.post(who, "/api/dashboards/db", body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["uid"].as_str().unwrap().to_owned()
    }
}

async fn echo(route: MatchedPath, request: Request) -> (StatusCode, String) {
    let cookie = request.headers().contains_key("cookie");
    let token = request.headers().contains_key("authorization");
    let line = format!("{} {} {}", request.method(), request.uri(), route.as_str());
    (StatusCode::OK, format!("{line} {cookie} {token}"))
}
