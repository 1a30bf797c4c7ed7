//! Headers, sizes and bodies that are no requests.

use crate::fakes::World;
use remote::encode::WriteRequest;
use remote::{Message, ReceiverOptions, WriteHeaders};

fn answer(options: ReceiverOptions, content_type: &str, content_encoding: &str) -> (u16, String) {
    let world = World::with(options);
    let body = WriteRequest::new().encode(Message::V1).unwrap();
    let headers = WriteHeaders {
        content_type,
        content_encoding,
    };
    let answer = world.receiver.write(headers, &body);
    (answer.status, answer.body.trim_end().to_owned())
}

#[track_caller]
fn check(content_type: &str, content_encoding: &str, status: u16, text: &str) {
    let got = answer(ReceiverOptions::default(), content_type, content_encoding);
    assert_eq!(got, (status, text.to_owned()));
}

#[test]
fn missing_headers_mean_version_1_and_snappy() {
    check("", "", 204, "");
    check("application/x-protobuf", "Snappy", 204, "");
    check(
        "application/x-protobuf;proto=prometheus.WriteRequest",
        "snappy",
        204,
        "",
    );
    check(
        "application/x-protobuf; proto=io.prometheus.write.v2.Request",
        "snappy",
        204,
        "",
    );
}

#[test]
fn other_types_and_encodings_are_answered_with_415() {
    check(
        "text/plain",
        "snappy",
        415,
        "expected application/x-protobuf as the first (media) part, got text/plain content-type",
    );
    check(
        "application/x-protobuf;proto",
        "snappy",
        415,
        "expected parameters to be key-values, got proto in application/x-protobuf;proto \
         content-type",
    );
    check(
        "application/x-protobuf;proto=nothing",
        "snappy",
        415,
        "got application/x-protobuf;proto=nothing content type; unknown type for remote write \
         protobuf message nothing, supported: prometheus.WriteRequest, \
         io.prometheus.write.v2.Request",
    );
    check(
        "application/x-protobuf",
        "gzip",
        415,
        "gzip encoding (compression) is not accepted by this server; only snappy is acceptable",
    );
}

#[test]
fn messages_that_are_switched_off_are_answered_with_415() {
    let options = ReceiverOptions {
        accepted: vec![Message::V1],
        ..ReceiverOptions::default()
    };
    let got = answer(options, Message::V2.content_type(), "snappy");
    let text = "io.prometheus.write.v2.Request protobuf message is not accepted by this server; \
                only accepts prometheus.WriteRequest";
    assert_eq!(got, (415, text.to_owned()));
}

#[test]
fn errors_are_plain_text() {
    let world = World::new();
    let answer = world.receiver.write(WriteHeaders::default(), b"");
    assert_eq!(answer.status, 400);
    let plain = ("Content-Type", "text/plain; charset=utf-8".to_owned());
    assert!(answer.headers.contains(&plain));
    assert!(answer.body.ends_with('\n'));
}

#[test]
fn bodies_that_would_grow_too_much_are_refused_before_they_do() {
    let world = World::new();
    // 64 MiB, 300 bytes of it here.
    let mut bomb = vec![0x80, 0x80, 0x80, 0x20];
    bomb.resize(300, 0xfe);
    let answer = world.receiver.write(WriteHeaders::default(), &bomb);
    assert_eq!(answer.status, 400);
    assert!(
        answer.body.contains("over the limit of 33554432 bytes"),
        "{}",
        answer.body
    );
    // 16 MiB are allowed, but not out of 300 bytes.
    bomb[3] = 0x08;
    let answer = world.receiver.write(WriteHeaders::default(), &bomb);
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("cannot decode to"), "{}", answer.body);
}
