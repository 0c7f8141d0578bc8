//! Everything that must hold, in one test binary: a module for each kind of property.

mod architecture;
