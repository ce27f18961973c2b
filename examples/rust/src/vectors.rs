//! Compares the model with the answers that every language must give.

use std::collections::HashMap;
use std::ffi::CStr;
use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use customer_segmentation::Result;
use customer_segmentation::contract::{Cell, Contract, Record, Value};
use customer_segmentation::one_row::OneAnswer;
use customer_segmentation::segmenter::{Answers, Segmenter};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    tolerances: Tolerances,
    inputs: HashMap<String, Vec<serde_json::Value>>,
    outputs: Outputs,
}

#[derive(Deserialize)]
struct Tolerances {
    probability: f64,
    distance: f64,
}

#[derive(Deserialize)]
struct Outputs {
    segment: Vec<String>,
    segment_id: Vec<i64>,
    probabilities: Vec<Vec<Option<f64>>>,
    complete: Vec<bool>,
    distances: Vec<Vec<Option<f64>>>,
    novelty: Vec<Option<f64>>,
    classifier_probabilities: Vec<Vec<Option<f64>>>,
}

fn read(path: &str) -> Result<Vectors> {
    let content = fs::read_to_string(path).map_err(|error| format!("no test vectors can be read at '{path}': {error}"))?;
    Ok(serde_json::from_str(&content)?)
}

fn rows(contract: &Contract, vectors: &Vectors) -> Vec<Vec<Cell>> {
    let cell = |column: &customer_segmentation::contract::Column, row: usize| match &vectors.inputs[&column.name][row] {
        serde_json::Value::String(text) => Cell::Text(text.clone()),
        value => value.as_f64().map_or_else(|| column.missing(), Cell::Number),
    };
    (0..vectors.outputs.segment.len()).map(|row| contract.columns.iter().map(|column| cell(column, row)).collect()).collect()
}

/// Run all rows in one call, then one row per call; the report is one line of JSON.
pub fn check(segmenter: &mut Segmenter, path: &str, library: &str) -> Result<ExitCode> {
    let vectors = read(path)?;
    let rows = rows(&segmenter.contract, &vectors);
    let mut mismatches = Vec::new();
    let answers = segmenter.answer(&rows, true)?;
    for row in 0..rows.len() {
        compare(&vectors, &answers, (row, row), &mut mismatches);
    }
    for (row, cells) in rows.iter().enumerate() {
        let answers = segmenter.answer(std::slice::from_ref(cells), false)?;
        compare(&vectors, &answers, (0, row), &mut mismatches);
        if let Some(one) = segmenter.answer_one(cells)? {
            compare(&vectors, &as_answers(one, &segmenter.contract), (0, row), &mut mismatches);
        }
    }
    for mismatch in mismatches.iter().take(10) {
        eprintln!("mismatch: {mismatch}");
    }
    println!(
        r#"{{"language":"Rust","runtime":"{}","rows":{},"mismatches":{},"p50_us":{:.1}}}"#,
        runtime(library)?,
        rows.len(),
        mismatches.len(),
        median(segmenter, &rows)?
    );
    Ok(ExitCode::from(u8::from(!mismatches.is_empty())))
}

/// The answer of the graph for one complete customer, which must be that of the whole one.
fn as_answers(one: OneAnswer, contract: &Contract) -> Answers {
    Answers {
        segment: vec![contract.segments[one.id].name.clone()],
        id: vec![one.id as i64],
        probabilities: one.probabilities.iter().map(|probability| *probability as f32).collect(),
        complete: vec![true],
        distances: one.distances,
        novelty: vec![one.novelty],
        classifier_probabilities: Vec::new(),
    }
}

fn compare(vectors: &Vectors, answers: &Answers, (at, row): (usize, usize), mismatches: &mut Vec<String>) {
    let (outputs, tolerances) = (&vectors.outputs, &vectors.tolerances);
    let k = outputs.probabilities[row].len();
    let of_row = at * k..(at + 1) * k;
    let wide = |values: &[f32]| values.iter().copied().map(f64::from).collect::<Vec<_>>();
    let mut tell = |output: &str, found: String, expected: String| {
        mismatches.push(format!("row {row}: {output}: found {found}, expected {expected}"));
    };
    if answers.segment[at] != outputs.segment[row] {
        tell("segment", answers.segment[at].clone(), outputs.segment[row].clone());
    }
    if answers.id[at] != outputs.segment_id[row] {
        tell("segment_id", answers.id[at].to_string(), outputs.segment_id[row].to_string());
    }
    if answers.complete[at] != outputs.complete[row] {
        tell("complete", answers.complete[at].to_string(), outputs.complete[row].to_string());
    }
    let mut near = |output: &str, found: &[f64], expected: &[Option<f64>], tolerance: f64| {
        let off = |(found, wanted): (&f64, &Option<f64>)| match wanted {
            None => !found.is_nan(),
            Some(wanted) => found.is_nan() || (found - wanted).abs() > tolerance,
        };
        if let Some((found, wanted)) = found.iter().zip(expected).find(|pair| off(*pair)) {
            tell(output, found.to_string(), wanted.unwrap_or(f64::NAN).to_string());
        }
    };
    near("probabilities", &wide(&answers.probabilities[of_row.clone()]), &outputs.probabilities[row], tolerances.probability);
    near("distances", &answers.distances[of_row.clone()], &outputs.distances[row], tolerances.distance);
    near("novelty", &answers.novelty[at..=at], &outputs.novelty[row..=row], tolerances.distance);
    if let Some(opinion) = answers.classifier_probabilities.get(of_row) {
        near("classifier_probabilities", &wide(opinion), &outputs.classifier_probabilities[row], tolerances.probability);
    }
}

pub fn bench(segmenter: &mut Segmenter, path: &str) -> Result<f64> {
    let rows = rows(&segmenter.contract, &read(path)?);
    median(segmenter, &rows)
}

/// The p50 of `predict` in microseconds, a different customer each call; unknown categories count as missing.
fn median(segmenter: &mut Segmenter, rows: &[Vec<Cell>]) -> Result<f64> {
    let value = |cell: &Cell| match cell {
        Cell::Number(number) => Value::Number(*number),
        Cell::Text(text) => Value::Text(text.clone()),
    };
    let names: Vec<&String> = segmenter.contract.columns.iter().map(|column| &column.name).collect();
    let record = |row: &Vec<Cell>| {
        let given = names.iter().zip(row).map(|(name, cell)| ((*name).clone(), value(cell)));
        given.filter(|(name, value)| segmenter.contract.check(&Record::from([(name.clone(), value.clone())])).is_ok()).collect()
    };
    let records: Vec<Record> = rows.iter().map(record).collect();
    let mut times = Vec::new();
    for record in records.iter().cycle().take(2200) {
        let start = Instant::now();
        segmenter.predict(record)?;
        times.push(start.elapsed().as_nanos() as f64 / 1000.0);
    }
    let timed = &mut times[200..]; // the first calls are warm-up
    timed.sort_by(f64::total_cmp);
    Ok(timed[timed.len() / 2])
}

/// The version of the loaded library, which `ort` itself does not report.
fn runtime(library: &str) -> Result<String> {
    type Base = unsafe extern "C" fn() -> *const ort::sys::OrtApiBase;
    // SAFETY: the library is loaded already; the function is the first of its API and the text is static.
    unsafe {
        let library = libloading::Library::new(library)?;
        let base = library.get::<Base>(b"OrtGetApiBase")?();
        Ok(CStr::from_ptr(((*base).GetVersionString)()).to_str()?.to_owned())
    }
}
