//! predict NAME=VALUE ... | score IN OUT | vectors | bench. See README.md.

mod vectors;

use std::env;
use std::process::ExitCode;

use customer_segmentation::contract::Record;
use customer_segmentation::segmenter::Segmenter;
use customer_segmentation::{Result, table};

fn main() -> ExitCode {
    match command() {
        Ok(status) => status,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn command() -> Result<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let library = env::var("ORT_LIB").map_err(|_| "ORT_LIB must be the path of libonnxruntime.so; see README.md")?;
    let variable = |name, otherwise: &str| env::var(name).unwrap_or_else(|_| otherwise.to_owned());
    let mut segmenter = Segmenter::load(&library, variable("MODEL", "../../artifacts/model.onnx"))?;
    let test = variable("VECTORS", "../../artifacts/test_vectors.json");
    match arguments.as_slice() {
        ["predict", values @ ..] => predict(&mut segmenter, values)?,
        ["score", input, output] => {
            let (scored, refused) = table::score(&mut segmenter, input, output)?;
            eprintln!("{scored} rows scored, {refused} refused");
        }
        ["vectors"] => return vectors::check(&mut segmenter, &test, &library),
        ["bench"] => println!("p50 of one row: {:.1} us", vectors::bench(&mut segmenter, &test)?),
        _ => return Err("usage: customer-segmentation predict NAME=VALUE ... | score IN OUT | vectors | bench".into()),
    }
    Ok(ExitCode::SUCCESS)
}

fn predict(segmenter: &mut Segmenter, arguments: &[&str]) -> Result<()> {
    let mut record = Record::new();
    for argument in arguments {
        let (name, text) =
            argument.split_once('=').ok_or_else(|| format!("each value must be given as NAME=VALUE, but one is '{argument}'"))?;
        let column = segmenter.contract.columns.iter().find(|column| column.name == name);
        record.insert(name.to_owned(), column.map_or(text.into(), |column| column.from_text(text)));
    }
    let answer = segmenter.predict(&record)?;
    println!("segment: {}\nprobability: {:.6}", answer.segment.name, answer.probability);
    println!("complete: {}\nenough: {}", answer.complete, answer.enough);
    if let Some(novelty) = answer.novelty {
        println!("novelty: {novelty:.6}");
    }
    println!("action: {}", answer.segment.action);
    Ok(())
}
