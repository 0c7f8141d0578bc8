//! Reads a file whole, but never more of it than [`super::MAX_BYTES`] allows.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::MAX_BYTES;

/// The bytes of a file; one byte more than the limit where it is longer, so that [`Json::read`](super::Json::read) refuses it.
///
/// # Errors
///
/// What the operating system says.
pub fn load(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
