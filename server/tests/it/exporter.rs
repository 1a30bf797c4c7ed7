//! A target whose page the test writes.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// Serves one page on a free port for the rest of the test.
pub(crate) struct Exporter {
    pub(crate) address: String,
    page: Arc<Mutex<String>>,
}

impl Exporter {
    pub(crate) fn serve(page: &str) -> Self {
        Self::serve_as("text/plain; version=0.0.4", page)
    }

    /// Serves a page of this content type.
    pub(crate) fn serve_as(content_type: &'static str, page: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let page = Arc::new(Mutex::new(page.to_owned()));
        let served = Arc::clone(&page);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut lines = BufReader::new(connection.try_clone().unwrap()).lines();
                while lines
                    .next()
                    .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
                {}
                let body = served.lock().unwrap().clone();
                // The scraper may have gone; the next connection is another one.
                let _ = write!(
                    connection,
                    "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self { address, page }
    }

    /// Changes the page.
    pub(crate) fn set(&self, page: &str) {
        page.clone_into(&mut self.page.lock().unwrap());
    }

    /// A configuration with this target alone, scraped every 250 ms.
    pub(crate) fn config(&self) -> String {
        config_for(&self.address)
    }
}

/// A configuration with one target, scraped every 250 ms.
pub(crate) fn config_for(address: &str) -> String {
    format!(
        "global:\n  scrape_interval: 250ms\n  scrape_timeout: 250ms\nscrape_configs:\n  - job_name: test\n    static_configs:\n      - targets: ['{address}']\n"
    )
}
