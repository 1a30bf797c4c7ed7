//! Many questions in one request, their answers as they come.

use super::queue::Reply;
use api_types::{
    BatchAnswer, BatchFrame, BatchMatrix, BatchQuery, FrameReader, QueryBatch, QueryData,
};
use app::data::{UiError, read, stream};
use js_sys::{Object, Reflect};
use render::Question;
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, RequestInit};

const PATH: &str = "/api/watchfire/query_batch";

/// Asks all of `questions`; each answer goes to `answered` as soon as it is there.
///
/// # Errors
/// None is answered, or none any more, as [`UiError`] tells it.
pub(super) async fn ask_all(
    questions: &[Question],
    signal: Option<&AbortSignal>,
    mut answered: impl FnMut(&Question, Result<Reply, UiError>),
) -> Result<(), UiError> {
    let mut frames = FrameReader::default();
    stream(PATH, &request(questions), signal, |bytes| {
        frames.push(bytes);
        while let Some(BatchFrame { queries, answer }) = frames.next_frame() {
            let reply = reply(answer);
            for question in queries.iter().filter_map(|place| questions.get(*place)) {
                answered(question, reply.clone());
            }
        }
    })
    .await
}

fn request(questions: &[Question]) -> RequestInit {
    let queries = questions.iter().map(|question| BatchQuery {
        expr: question.expr.clone(),
        from: question.from,
        to: question.to,
        step: question.step,
    });
    let batch = QueryBatch {
        queries: queries.collect(),
    };
    let init = RequestInit::new();
    init.set_method("POST");
    // Texts and numbers always have a JSON form.
    let body = serde_json::to_string(&batch).unwrap_or_default();
    init.set_body(&JsValue::from_str(&body));
    let headers = Object::new();
    // A plain object takes any property.
    let _ = Reflect::set(&headers, &"content-type".into(), &"application/json".into());
    init.set_headers(&headers);
    init
}

fn reply(answer: BatchAnswer) -> Result<Reply, UiError> {
    match answer {
        BatchAnswer::Matrix(matrix) => Ok(of_matrix(matrix)),
        BatchAnswer::Json(envelope) => {
            let answer = read::<QueryData>(200, &envelope)?;
            Ok(Reply {
                found: render::Reply::from(&answer.data),
                warnings: answer.warnings,
            })
        }
        BatchAnswer::Unreadable => Err(UiError::Unreadable {
            status: 200,
            reason: "a frame of another version".to_owned(),
        }),
    }
}

fn of_matrix(matrix: BatchMatrix) -> Reply {
    Reply {
        found: render::Reply::from(matrix.series),
        warnings: matrix.notes.warnings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::{BatchNotes, BatchSeries};

    #[test]
    fn answers_of_both_forms_are_the_same() {
        let text = r#"{"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{"a":"b"},"values":[[1.5,"2"],[2.5,"NaN"]]}]},"warnings":["w"]}"#;
        let json = reply(BatchAnswer::Json(text.to_owned())).unwrap();
        let matrix = BatchMatrix {
            notes: BatchNotes {
                warnings: vec!["w".to_owned()],
                infos: Vec::new(),
            },
            series: vec![BatchSeries {
                labels: vec![("a".to_owned(), "b".to_owned())],
                times: vec![1500.0, 2500.0],
                values: vec![2.0, f64::NAN],
            }],
        };
        let matrix = reply(BatchAnswer::Matrix(matrix)).unwrap();
        assert_eq!(format!("{json:?}"), format!("{matrix:?}"));
    }

    #[test]
    fn an_error_is_that_of_its_question() {
        let text = r#"{"status":"error","errorType":"bad_data","error":"no"}"#;
        let refused = reply(BatchAnswer::Json(text.to_owned())).unwrap_err();
        assert!(matches!(refused, UiError::Refused { kind, .. } if kind == "bad_data"));
        assert!(reply(BatchAnswer::Unreadable).is_err());
    }
}
