//! Scores a CSV file: all rows stay in order, and an invalid row gets an error message.

use std::fs;

use crate::Result;
use crate::contract::{Contract, Record, fold, listed};
use crate::segmenter::Segmenter;

const CHUNK_ROWS: usize = 65_536;
const ADDED: [&str; 6] = ["segment", "segment_id", "probability", "complete", "novelty", "problem"];

/// Score the file `input` into `output`; returns how many rows were scored and how many refused.
pub fn score(segmenter: &mut Segmenter, input: &str, output: &str) -> Result<(usize, usize)> {
    let content = fs::read(input)?;
    let content = content.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&content);
    let mut reader = csv::Reader::from_reader(content);
    let header = reader.headers()?.clone();
    let places = find_columns(&segmenter.contract, &header)?;
    let table = reader.records().collect::<csv::Result<Vec<_>>>()?;
    let mut writer = csv::Writer::from_path(output)?;
    writer.write_record(header.iter().chain(ADDED))?;
    let mut refused = 0;
    for part in table.chunks(CHUNK_ROWS) {
        let checked: Vec<_> =
            part.iter().map(|cells| segmenter.contract.check(&record(&segmenter.contract, &places, cells))).collect();
        let rows: Vec<_> = checked.iter().flatten().cloned().collect();
        let answers = if rows.is_empty() { None } else { Some(segmenter.answer(&rows, false)?) };
        let mut asked = 0;
        for (cells, verdict) in part.iter().zip(&checked) {
            let added = match (verdict, &answers) {
                (Ok(row), Some(answers)) => {
                    let answer = answers.at(asked, &segmenter.contract, row);
                    asked += 1;
                    let novelty = answer.novelty.map_or(String::new(), |novelty| format!("{novelty:.6}"));
                    let (id, probability) = (answer.segment.id.to_string(), format!("{:.6}", answer.probability));
                    [answer.segment.name, id, probability, answer.complete.to_string(), novelty, String::new()]
                }
                (verdict, _) => {
                    refused += 1;
                    let problem = verdict.as_ref().err().map(ToString::to_string);
                    [const { String::new() }; 5].into_iter().chain(problem).collect::<Vec<_>>().try_into().unwrap_or_default()
                }
            };
            writer.write_record(cells.iter().chain(added.iter().map(String::as_str)))?;
        }
    }
    writer.flush()?;
    Ok((table.len() - refused, refused))
}

fn record(contract: &Contract, places: &[Option<usize>], cells: &csv::StringRecord) -> Record {
    let found = contract.columns.iter().zip(places).filter_map(|(column, place)| Some((column, (*place)?)));
    found.map(|(column, place)| (column.name.clone(), column.from_text(&cells[place]))).collect()
}

/// The place of each of the contract's columns in the header, by name, label or alias in any case.
fn find_columns(contract: &Contract, header: &csv::StringRecord) -> Result<Vec<Option<usize>>> {
    let present: Vec<String> = header.iter().map(fold).collect();
    let places: Vec<Option<usize>> = contract
        .columns
        .iter()
        .map(|column| {
            let mut spellings = [&column.name, &column.label].into_iter().chain(&column.aliases);
            spellings.find_map(|spelling| present.iter().position(|title| *title == fold(spelling)))
        })
        .collect();
    if places.iter().all(Option::is_none) {
        let names = listed(contract.columns.iter().map(|column| &column.name));
        let headers = listed(header.iter());
        return Err(format!("the table must have at least one of the columns {names}, but its headers are {headers}").into());
    }
    Ok(places)
}
