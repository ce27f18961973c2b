//! Checks one answer, the messages of the validation, and a table with irregular formatting.

use std::sync::{Mutex, MutexGuard, OnceLock};
use std::{env, fs};

use customer_segmentation::contract::{Record, Value};
use customer_segmentation::segmenter::Segmenter;
use customer_segmentation::table;

fn segmenter() -> MutexGuard<'static, Segmenter> {
    static LOADED: OnceLock<Mutex<Segmenter>> = OnceLock::new(); // one environment a process
    let load = || {
        let library = env::var("ORT_LIB").expect("ORT_LIB must be the path of libonnxruntime.so");
        let model = env::var("MODEL").unwrap_or_else(|_| "../../artifacts/model.onnx".to_owned());
        Mutex::new(Segmenter::load(&library, model).expect("the model must load"))
    };
    LOADED.get_or_init(load).lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn record(values: &[(&str, Value)]) -> Record {
    values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

#[test]
fn answers_as_python_does() {
    let customer =
        [("gender", "f".into()), ("age", 31.0.into()), ("annual_income", 17.0.into()), ("spending_score", 40.0.into())];
    let answer = segmenter().predict(&record(&customer)).unwrap();
    assert_eq!(answer.segment.name, "Low income, low score");
    assert!(answer.complete && answer.enough && answer.novelty.is_some());
}

#[test]
fn an_unknown_customer_is_not_enough_for_one_label() {
    let answer = segmenter().predict(&Record::new()).unwrap();
    assert!(!answer.complete && !answer.enough && answer.novelty.is_none());
}

#[test]
fn refuses_with_the_sentences_of_python() {
    for (name, value, sentence) in [
        ("x", 1.0.into(), "unknown column 'x'; known: 'gender', 'age', 'annual_income', 'spending_score'."),
        ("age", "abc".into(), "column 'age' must be a number, but it is 'abc'; give it without quotes, or leave it unknown"),
        ("age", 130.0.into(), "column 'age' must be from 0 to 120 years, but it is 130; correct it or leave it unknown"),
        ("age", 1e39.into(), "column 'age' must be a finite number in single precision, but it is 1e+39; correct it"),
        ("gender", "x".into(), "column 'gender' must be one of 'Female', 'Male', but it is 'x'; correct it or leave it unknown."),
        ("gender", 1.0.into(), "column 'gender' must be one of 'Female', 'Male', but it is 1; correct it or leave it unknown."),
    ] {
        let refusal = segmenter().predict(&record(&[(name, value)])).err().expect("it must be refused");
        assert_eq!(refusal.to_string(), sentence);
    }
}

#[test]
fn scores_a_table_with_quoted_cells_and_other_headers() {
    let folder = env::temp_dir().join(format!("customer-segmentation-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (input, output) = (folder.join("in.csv"), folder.join("out.csv"));
    fs::write(&input, "\u{feff}note,GENRE,Annual Income (k$),score\n\"a, \"\"b\"\"\",w,17,40\nc,,nan,\nd,robot,1,1\n").unwrap();
    let counts = table::score(&mut segmenter(), input.to_str().unwrap(), output.to_str().unwrap()).unwrap();
    let written = fs::read_to_string(&output).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(counts, (2, 1));
    let starts = [
        "note,GENRE,Annual Income (k$),score,segment,segment_id,probability,complete,novelty,problem",
        "\"a, \"\"b\"\"\",w,17,40,\"Low income, low score\",",
        "c,,nan,,\"Mid income, mid score\",",
        "d,robot,1,1,,,,,,\"column 'gender' must be one of 'Female', 'Male', but it is 'robot'",
    ];
    for (line, start) in written.lines().zip(starts) {
        assert!(line.starts_with(start), "found {line}, expected {start}...");
    }
}
