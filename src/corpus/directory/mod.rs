//! Directories in cases with `world` and `steps`: the part `directories` of a world, the operations of steps, and what they
//! answered. `corpus/README.md` has the form.

mod answer;
mod objects;
mod operation;
mod services;
mod well_formed;
mod words;
mod world;
mod write;

pub use answer::{consultations_as_json, outcome_as_json};
pub use operation::{OPERATIONS, Row, is_action, operation};
pub use world::directories;
pub use write::{directories_as_json, operation_as_json};
