//! The solver: tables of known answers, and random formulas against the enumeration of all assignments.

mod joined;
mod known;
mod random;
mod worlds;
