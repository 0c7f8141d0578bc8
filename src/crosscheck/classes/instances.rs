//! Texts that a pattern is likely to match and its neighbours are not, and texts that it matches or misses by a hair.
//!
//! Nothing rests on them: a text counts only if the formulas say that it does what it should. They save the solver the patterns of long lists.

/// What takes the place of a `*`: nothing, and a word that no pattern has.
const FILLINGS: [&str; 2] = ["", "zq0"];

/// Instances of a pattern, the plainest first; none where a variable stands in it.
pub(super) fn instances(pattern: &str) -> Vec<String> {
    if pattern.contains("${") {
        return Vec::new();
    }
    let mut found: Vec<String> =
        FILLINGS.iter().map(|filling| pattern.replace('*', filling).replace('?', "z")).collect();
    found.dedup();
    found
}

/// What a `*` must match as well: characters at which some evaluators stop, and those that are wildcards in a pattern.
const ODD: [&str; 6] = ["a/b", "a:b", " ", "\n", "\u{e9}", "*"];

/// Texts about which a mistake in matching shows; none where a variable stands in the pattern.
pub(super) fn variations(pattern: &str) -> Vec<String> {
    if pattern.contains("${") {
        return Vec::new();
    }
    let plain = pattern.replace('*', "zq0").replace('?', "z");
    let mut found = vec![
        format!("{plain}x"),
        plain.chars().map(other_case).collect(),
        plain.chars().take(plain.chars().count().saturating_sub(1)).collect(),
    ];
    if pattern.contains('*') {
        found.extend(ODD.iter().map(|odd| pattern.replace('*', odd).replace('?', "z")));
    }
    if pattern.contains('?') {
        let one = ["", "zz", "/", "\u{e9}"];
        found.extend(one.iter().map(|one| pattern.replace('?', one).replace('*', "zq0")));
    }
    found
}

fn other_case(letter: char) -> char {
    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}
