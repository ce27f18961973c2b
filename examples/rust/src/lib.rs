//! Customer segments from one ONNX file: the contract, the validation, the model, and tables of customers.

pub mod contract;
pub mod one_row;
pub mod seal;
pub mod segmenter;
pub mod table;

/// What can go wrong, as a sentence.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
pub type Result<T> = std::result::Result<T, Error>;
