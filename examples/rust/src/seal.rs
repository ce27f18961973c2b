//! The seal of a model file: its last entry, ten fixed bytes and the SHA-256 of all bytes before it.

use sha2::{Digest, Sha256};

use crate::Result;

const MARK: &[u8; 10] = b"\x72\x48\x0a\x04seal\x12\x40";
const DIGITS: usize = 64;

/// Whether a file has a seal; an error when its content is another one.
pub fn check(content: &[u8]) -> Result<bool> {
    let Some(body) = content.len().checked_sub(MARK.len() + DIGITS) else { return Ok(false) };
    let Some(written) = content[body..].strip_prefix(MARK) else { return Ok(false) };
    let found: String = Sha256::digest(&content[..body]).iter().map(|byte| format!("{byte:02x}")).collect();
    if written == found.as_bytes() {
        return Ok(true);
    }
    let what = "the model file must have the SHA-256 of its seal, but its content has";
    Err(format!("{what} {found}: it was changed after training").into())
}
