//! An Alertmanager that only listens.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// Takes alerts on a free port for the rest of the test.
pub(crate) struct Receiver {
    pub(crate) address: String,
    alerts: Arc<Mutex<Vec<Value>>>,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let alerts = Arc::<Mutex<Vec<Value>>>::default();
        let seen = Arc::clone(&alerts);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut reader = BufReader::new(connection.try_clone().unwrap());
                let mut length = 0;
                let mut first = String::new();
                reader.read_line(&mut first).unwrap();
                for line in reader.by_ref().lines() {
                    let line = line.unwrap().to_ascii_lowercase();
                    if line.is_empty() {
                        break;
                    }
                    if let Some(value) = line.strip_prefix("content-length:") {
                        length = value.trim().parse().unwrap();
                    }
                }
                assert!(first.starts_with("POST /api/v2/alerts "), "{first}");
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                let body: Vec<Value> = serde_json::from_slice(&body).unwrap();
                seen.lock().unwrap().extend(body);
                // The sender may have gone.
                let _ = write!(
                    connection,
                    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
            }
        });
        Self { address, alerts }
    }

    /// All alerts so far. Ordering: as they came.
    pub(crate) fn alerts(&self) -> Vec<Value> {
        self.alerts.lock().unwrap().clone()
    }
}
