//! The flags that every verb understands.

use clap::{Args, ValueEnum};

use super::Failure;
use crate::iam::assumption::{Alternative, Assumptions};

/// Flags that may stand before or behind the verb.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// How to print the answer: for people, or as one JSON document.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,

    /// When to use colours; `auto` means on a terminal, unless NO_COLOR is set.
    #[arg(long = "color", global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub colour: Colour,

    /// How many threads to use [default: one a core].
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,

    /// The seed of everything random: the same seed gives the same answer.
    #[arg(long, global = true, value_name = "S", default_value_t = 0)]
    pub seed: u64,

    /// The effort that the solver may spend on one question, in Z3's own units; the same limit gives the same answer.
    #[arg(long, global = true, value_name = "EFFORT", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,

    /// Another reading of a point that AWS's documents leave open, such as `D-39=any`; may be repeated. `iamproof assumptions` lists them.
    #[arg(long, global = true, value_name = "READING", value_delimiter = ',')]
    pub assume: Vec<Alternative>,
}

impl Settings {
    /// What is assumed of open points.
    ///
    /// # Errors
    ///
    /// Two readings of one point.
    pub fn assumptions(&self) -> Result<Assumptions, Failure> {
        Assumptions::of(self.assume.iter().copied())
            .map_err(|error| Failure::Input(format!("--assume: {error}")))
    }

    /// Refuses assumptions for a verb that cannot take them, and says why.
    ///
    /// # Errors
    ///
    /// Something is assumed.
    pub fn assume_nothing(&self, verb: &str, why: &str) -> Result<(), Failure> {
        if self.assumptions()?.is_decided() {
            return Ok(());
        }
        Err(Failure::Input(format!("{why}: --assume with `{verb}`")))
    }
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless the environment variable NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
