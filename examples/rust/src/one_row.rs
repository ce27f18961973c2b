//! The file's graph for one customer of whom every clustering column is known: a third of the whole graph's time.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ort::environment::Environment;
use ort::session::{HasSelectedOutputs, OutputSelector, RunOptions, Session};
use ort::value::Tensor;

use crate::Result;
use crate::contract::{Cell, Contract};
use crate::segmenter::open_session;

const KEY: &str = "one_complete_row";

/// The answer of the graph over K segments.
pub struct OneAnswer {
    pub id: usize,
    pub novelty: f64,
    pub probabilities: Vec<f64>,
    pub distances: Vec<f64>,
}

/// The graph with memory for its input and output, which every call uses again.
pub struct OneRow {
    session: Session,
    values: Tensor<f64>,
    into_answer: RunOptions<HasSelectedOutputs>,
}

impl OneRow {
    /// Open the graph in a file's metadata; nothing in a file without it.
    pub fn open(environment: &Environment, whole: &Session, contract: &Contract) -> Result<Option<Self>> {
        let Some(text) = whole.metadata()?.custom(KEY) else { return Ok(None) };
        let content = BASE64_STANDARD
            .decode(text)
            .map_err(|error| format!("the graph '{KEY}' in the model file must be base64: {error}"))?;
        let (columns, width) = (contract.columns.len(), 2 + 2 * contract.segments.len());
        let answer = Tensor::from_array(([1, width], vec![0.0; width]))?;
        let selector = OutputSelector::no_default().with("answer").preallocate("answer", answer);
        Ok(Some(Self {
            session: open_session(environment, &content)?,
            values: Tensor::from_array(([columns, 1], vec![0.0; columns]))?,
            into_answer: RunOptions::new()?.with_outputs(selector),
        }))
    }

    /// Answer for a validated row; nothing where the whole graph must answer.
    pub fn answer(&mut self, contract: &Contract, row: &[Cell]) -> Result<Option<OneAnswer>> {
        let (_, values) = self.values.extract_tensor_mut();
        for ((value, column), cell) in values.iter_mut().zip(&contract.columns).zip(row) {
            let number = column.number(cell);
            if number.is_none() && column.clusters() {
                return Ok(None);
            }
            *value = number.unwrap_or(0.0);
        }
        let outputs = self.session.run_with_options(ort::inputs![&self.values], &self.into_answer)?;
        let (_, found) = outputs[0].try_extract_tensor::<f64>()?;
        let (probabilities, distances) = found[2..].split_at(contract.segments.len());
        let answer = OneAnswer {
            id: found[0] as usize,
            novelty: found[1],
            probabilities: probabilities.to_vec(),
            distances: distances.to_vec(),
        };
        Ok((!answer.novelty.is_nan()).then_some(answer)) // NaN: of a formula, which the whole graph answers
    }
}
