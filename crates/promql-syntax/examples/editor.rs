//! The language alone as WebAssembly: what an editor needs of it, to weigh it.

use promql_syntax::{FUNCTIONS, parse};
use wasm_bindgen::prelude::wasm_bindgen;

/// The expression as `format_query` prints it, or what is wrong with it and where.
///
/// # Errors
/// As [`parse`].
#[wasm_bindgen]
pub fn check(text: &str) -> Result<String, String> {
    match parse(text) {
        Ok(expr) => Ok(format!("{}\n{:?}", expr.pretty(), expr.value_type())),
        Err(errors) => Err(errors.to_string()),
    }
}

/// Names of all functions that begin with `prefix`, one per line.
#[wasm_bindgen]
pub fn functions(prefix: &str) -> String {
    let names = FUNCTIONS.iter().map(|function| function.name);
    let found: Vec<&str> = names.filter(|name| name.starts_with(prefix)).collect();
    found.join("\n")
}
