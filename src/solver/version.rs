//! Which solver answers.

/// Name and version of the solver, such as `Z3 5.4.1`: a verdict under an effort limit may differ from version to version.
pub fn name_and_version() -> String {
    // Z3 tells four numbers and more; its releases are named by three.
    let full = z3::full_version();
    let numbers = full.split(|character: char| !character.is_ascii_digit() && character != '.').next();
    let release: Vec<&str> = numbers.unwrap_or(full).split('.').take(3).collect();
    format!("Z3 {}", release.join("."))
}
