//! The contract in the model file, and the validation of a caller's values.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::Result;

#[derive(Deserialize)]
pub struct Category {
    pub value: String,
    pub aliases: Vec<String>,
}

/// One input of the model.
#[derive(Deserialize)]
pub struct Column {
    pub name: String,
    pub label: String,
    pub aliases: Vec<String>,
    pub kind: String,
    pub role: String,
    pub unit: String,
    pub range: Option<[f64; 2]>,
    pub hard_range: Option<bool>,
    pub missing_allowed: bool,
    pub categories: Vec<Category>,
}

/// One answer of the model.
#[derive(Clone, Deserialize)]
pub struct Segment {
    pub id: i64,
    pub name: String,
    pub tier: String,
    pub action: String,
}

#[derive(Deserialize)]
pub struct Thresholds {
    pub answer_probability: f64,
}

#[derive(Deserialize)]
pub struct Contract {
    pub format: i64,
    pub name: String,
    /// Whether the file ends with its own SHA-256; files of earlier versions do not say.
    #[serde(default)]
    pub sealed: bool,
    pub columns: Vec<Column>,
    pub segments: Vec<Segment>,
    pub thresholds: Thresholds,
}

/// A caller's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Unknown,
    Number(f64),
    Text(String),
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let text = match self {
            Value::Unknown => "unknown".to_owned(),
            Value::Number(number) if number.abs() >= 1e16 => format!("{number:e}").replace('e', "e+"),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => quoted(text),
        };
        match text.char_indices().nth(60) {
            None => f.write_str(&text),
            Some(_) => write!(f, "{}...", text.chars().take(57).collect::<String>()),
        }
    }
}

/// One customer, by column name; a column left out is unknown.
pub type Record = BTreeMap<String, Value>;

/// A validated value. Missing is NaN in a number column, an empty text in a category.
#[derive(Clone, Debug)]
pub enum Cell {
    Number(f64),
    Text(String),
}

impl Cell {
    pub fn known(&self) -> bool {
        match self {
            Cell::Number(number) => !number.is_nan(),
            Cell::Text(text) => !text.is_empty(),
        }
    }
}

impl Contract {
    pub fn parse(text: &str) -> Result<Self> {
        let contract: Contract = serde_json::from_str(text)
            .map_err(|error| format!("the contract in the model file must be complete, but reading it failed: {error}"))?;
        if contract.format != 2 {
            return Err(format!("the contract must have format 2, but it has {}; train the model again", contract.format).into());
        }
        Ok(contract)
    }

    /// A row in the order of the graph's inputs, or what is wrong with the record.
    pub fn check(&self, record: &Record) -> Result<Vec<Cell>> {
        if let Some(name) = record.keys().find(|name| self.columns.iter().all(|column| column.name != **name)) {
            let known = listed(self.columns.iter().map(|column| &column.name));
            return Err(format!("unknown column '{name}'; known: {known}.").into());
        }
        let check = |column: &Column| {
            let value = record.get(&column.name).unwrap_or(&Value::Unknown);
            column.check(value).map_err(|refusal| format!("column '{}' {refusal}", column.name).into())
        };
        self.columns.iter().map(check).collect()
    }
}

impl Column {
    pub fn is_category(&self) -> bool {
        self.kind == "category"
    }

    /// Whether it decides the segment.
    pub fn clusters(&self) -> bool {
        self.role == "clustering"
    }

    /// A validated cell as a number, a category as its position; nothing where it is unknown.
    pub fn number(&self, cell: &Cell) -> Option<f64> {
        match cell {
            Cell::Number(number) => (!number.is_nan()).then_some(*number),
            Cell::Text(text) => self.categories.iter().position(|each| each.value == *text).map(|position| position as f64),
        }
    }

    pub fn missing(&self) -> Cell {
        if self.is_category() { Cell::Text(String::new()) } else { Cell::Number(f64::NAN) }
    }

    fn check(&self, value: &Value) -> std::result::Result<Cell, String> {
        match value {
            Value::Unknown => self.check_missing(),
            Value::Number(number) if number.is_nan() => self.check_missing(),
            Value::Text(text) if self.is_category() && text.trim().is_empty() => self.check_missing(),
            _ if self.is_category() => self.check_category(value),
            Value::Number(number) => self.check_number(*number, value),
            _ => Err(format!("must be a number, but it is {value}; give it without quotes, or leave it unknown")),
        }
    }

    fn check_missing(&self) -> std::result::Result<Cell, String> {
        if self.missing_allowed { Ok(self.missing()) } else { Err("must be given, but it is missing; fill it in".to_owned()) }
    }

    fn check_category(&self, value: &Value) -> std::result::Result<Cell, String> {
        if let Value::Text(text) = value {
            let means = |category: &&Category| {
                category.value == *text
                    || [&category.value].into_iter().chain(&category.aliases).any(|each| fold(each) == fold(text))
            };
            if let Some(category) = self.categories.iter().find(means) {
                return Ok(Cell::Text(category.value.clone()));
            }
        }
        let names = listed(self.categories.iter().map(|category| &category.value));
        Err(format!("must be one of {names}, but it is {value}; correct it or leave it unknown."))
    }

    fn check_number(&self, number: f64, value: &Value) -> std::result::Result<Cell, String> {
        if number.abs() > f64::from(f32::MAX) {
            return Err(format!("must be a finite number in single precision, but it is {value}; correct it"));
        }
        match self.range {
            Some([low, high]) if self.hard_range != Some(false) && (number < low || number > high) => {
                let limits = format!("from {low} to {high} {}", self.unit);
                Err(format!("must be {}, but it is {value}; correct it or leave it unknown", limits.trim_end()))
            }
            _ => Ok(Cell::Number(number)),
        }
    }

    /// Read a value from a command line or a CSV cell, where everything is text.
    pub fn from_text(&self, text: &str) -> Value {
        let trimmed = text.trim();
        if trimmed.is_empty() || trimmed.eq_ignore_ascii_case("nan") {
            Value::Unknown
        } else if !self.is_category() && trimmed.chars().all(|letter| "0123456789+-.eE".contains(letter)) {
            trimmed.parse().map_or_else(|_| Value::from(text), Value::Number)
        } else {
            Value::from(text)
        }
    }
}

/// Trimmed and without regard to case.
pub fn fold(text: &str) -> String {
    text.trim().to_uppercase().to_lowercase()
}

pub fn listed<T: AsRef<str>>(names: impl Iterator<Item = T>) -> String {
    names.map(|name| quoted(name.as_ref())).collect::<Vec<_>>().join(", ")
}

fn quoted(text: &str) -> String {
    if text.contains('\'') && !text.contains('"') { format!("\"{text}\"") } else { format!("'{text}'") }
}
