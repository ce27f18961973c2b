//! Runs the model file: validated rows in, segments out.

use std::path::Path;

use ort::session::{HasSelectedOutputs, OutputSelector, RunOptions, Session, SessionInputValue};
use ort::value::{Tensor, TensorElementType, ValueType};

use crate::Result;
use crate::contract::{Cell, Contract, Record, Segment};
use crate::one_row::{OneAnswer, OneRow};
use crate::seal;

pub const OUTPUTS: [&str; 6] = ["segment", "segment_id", "probabilities", "complete", "distances", "novelty"];
pub const OPINION: &str = "classifier_probabilities";

/// Answers for one model file. A session runs one call at a time: give each thread its own, or lock it.
pub struct Segmenter {
    pub contract: Contract,
    session: Session,
    one_row: Option<OneRow>,
    answers: RunOptions<HasSelectedOutputs>,
    answers_and_opinion: RunOptions<HasSelectedOutputs>,
}

/// Answers for N customers over K segments; matrices are flat, row after row.
pub struct Answers {
    pub segment: Vec<String>,
    pub id: Vec<i64>,
    pub probabilities: Vec<f32>,
    pub complete: Vec<bool>,
    pub distances: Vec<f64>,
    pub novelty: Vec<f64>,
    pub classifier_probabilities: Vec<f32>,
}

/// The answer for one customer. `enough`: whether the answer is certain enough for one segment.
pub struct Answer {
    pub segment: Segment,
    pub probability: f32,
    pub complete: bool,
    pub enough: bool,
    pub novelty: Option<f64>,
    /// To the centroid of every segment; NaN where a clustering column is unknown.
    pub distances: Vec<f64>,
}

impl Segmenter {
    /// Open a model in the onnxruntime at `library`, compare it with its seal, and read its contract.
    pub fn load(library: &str, model: impl AsRef<Path>) -> Result<Self> {
        let environment = ort::init_from(library)?.with_telemetry(false).build()?;
        Self::open(&environment, model)
    }

    pub fn open(environment: &ort::environment::Environment, model: impl AsRef<Path>) -> Result<Self> {
        let content = std::fs::read(model)?;
        let sealed = seal::check(&content)?;
        let mut session = open_session(environment, &content)?;
        let contract = read_contract(&mut session)?;
        if contract.sealed && !sealed {
            return Err("the model file must end with its seal, but it does not: it was cut or changed after training".into());
        }
        let one_row = OneRow::open(environment, &session, &contract)?;
        let answers = select(&OUTPUTS)?;
        let answers_and_opinion = select(&[&OUTPUTS[..], &[OPINION]].concat())?;
        Ok(Self { contract, session, one_row, answers, answers_and_opinion })
    }

    /// Answer about one customer; a column left out is unknown.
    pub fn predict(&mut self, record: &Record) -> Result<Answer> {
        let row = self.contract.check(record)?;
        let Some(one) = self.answer_one(&row)? else {
            return Ok(self.answer(std::slice::from_ref(&row), false)?.at(0, &self.contract, &row));
        };
        Ok(Answer {
            segment: self.contract.segments[one.id].clone(),
            probability: one.probabilities[one.id] as f32,
            complete: true,
            enough: true,
            novelty: Some(one.novelty),
            distances: one.distances,
        })
    }

    /// The answer of the graph for one complete customer; nothing where the whole graph must answer.
    pub fn answer_one(&mut self, row: &[Cell]) -> Result<Option<OneAnswer>> {
        self.one_row.as_mut().map_or(Ok(None), |graph| graph.answer(&self.contract, row))
    }

    /// Run the graph for validated rows, in one call.
    pub fn answer(&mut self, rows: &[Vec<Cell>], opinion: bool) -> Result<Answers> {
        let options = if opinion { &self.answers_and_opinion } else { &self.answers };
        let outputs = self.session.run_with_options(tensors(&self.contract, rows)?.as_slice(), options)?;
        let floats = |name: &str| Ok::<_, ort::Error>(outputs[name].try_extract_tensor::<f32>()?.1.to_vec());
        let doubles = |name: &str| Ok::<_, ort::Error>(outputs[name].try_extract_tensor::<f64>()?.1.to_vec());
        Ok(Answers {
            segment: outputs["segment"].try_extract_strings()?.1,
            id: outputs["segment_id"].try_extract_tensor()?.1.to_vec(),
            probabilities: floats("probabilities")?,
            complete: outputs["complete"].try_extract_tensor()?.1.to_vec(),
            distances: doubles("distances")?,
            novelty: doubles("novelty")?,
            classifier_probabilities: if opinion { floats(OPINION)? } else { Vec::new() },
        })
    }
}

impl Answers {
    /// The answer for the customer in `row`, with the given cells.
    pub fn at(&self, row: usize, contract: &Contract, cells: &[Cell]) -> Answer {
        let (id, complete) = (self.id[row] as usize, self.complete[row]);
        let probability = self.probabilities[row * contract.segments.len() + id];
        let likely = probability >= contract.thresholds.answer_probability as f32;
        let novelty = self.novelty[row]; // NaN where no clustering column is known
        let alike = novelty.is_nan() || novelty <= 1.0;
        Answer {
            segment: contract.segments[id].clone(),
            probability,
            complete,
            enough: complete || likely && alike && cells.iter().any(Cell::known),
            novelty: (!novelty.is_nan()).then_some(novelty),
            distances: self.distances[row * contract.segments.len()..][..contract.segments.len()].to_vec(),
        }
    }
}

pub(crate) fn open_session(environment: &ort::environment::Environment, content: &[u8]) -> ort::Result<Session> {
    Session::builder(environment)?
        .with_intra_threads(1)? // more threads spin and cost ten times the CPU for models this small
        .with_inter_threads(1)?
        .with_parallel_execution(false)?
        .commit_from_memory(content)
}

fn select(names: &[&str]) -> Result<RunOptions<HasSelectedOutputs>> {
    let selector = names.iter().fold(OutputSelector::no_default(), |selector, name| selector.with(*name));
    Ok(RunOptions::new()?.with_outputs(selector))
}

/// Ask for the output "contract" alone, with one customer of whom nothing is known.
fn read_contract(session: &mut Session) -> Result<Contract> {
    let mut inputs = Vec::<SessionInputValue>::new();
    for input in session.inputs() {
        inputs.push(match input.dtype() {
            ValueType::Tensor { ty: TensorElementType::String, .. } => Tensor::from_string_array(([1, 1], &[""][..]))?.into(),
            _ => Tensor::from_array(([1, 1], vec![f64::NAN]))?.into(),
        });
    }
    let options = select(&["contract"])?;
    let outputs = session.run_with_options(inputs.as_slice(), &options)?;
    let (_, texts) = outputs["contract"].try_extract_strings()?;
    Contract::parse(&texts[0])
}

fn tensors(contract: &Contract, rows: &[Vec<Cell>]) -> Result<Vec<SessionInputValue<'static>>> {
    let shape = [rows.len(), 1];
    let mut inputs = Vec::with_capacity(contract.columns.len());
    for (i, column) in contract.columns.iter().enumerate() {
        inputs.push(if column.is_category() {
            let text = |row: &Vec<Cell>| if let Cell::Text(text) = &row[i] { text.clone() } else { String::new() };
            let texts: Vec<String> = rows.iter().map(text).collect();
            Tensor::from_string_array((shape, &*texts))?.into()
        } else {
            let number = |row: &Vec<Cell>| if let Cell::Number(number) = row[i] { number } else { f64::NAN };
            let numbers: Vec<f64> = rows.iter().map(number).collect();
            Tensor::from_array((shape, numbers))?.into()
        });
    }
    Ok(inputs)
}
