//! Words of the user in messages: how they are shown, and what a misspelt one was meant to be.

/// The candidate that differs from the word by upper and lower case only, or by one letter missing, added, changed or swapped with
/// its neighbour; `None` if there is none. Where several fit, the first.
pub fn nearest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let same = candidates.iter().find(|candidate| candidate.eq_ignore_ascii_case(word));
    same.or_else(|| candidates.iter().find(|candidate| one_slip_apart(word, candidate))).copied()
}

/// Whether one slip of the pen, case aside, turns one word into the other.
fn one_slip_apart(left: &str, right: &str) -> bool {
    let left: Vec<char> = left.chars().map(|c| c.to_ascii_lowercase()).collect();
    let right: Vec<char> = right.chars().map(|c| c.to_ascii_lowercase()).collect();
    let (shorter, longer) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    // A word of two letters is one slip away from too many others.
    if shorter.len() < 3 || longer.len() > shorter.len() + 1 {
        return false;
    }
    let start = shorter.iter().zip(&longer).take_while(|(a, b)| a == b).count();
    let behind_shorter = shorter.get(start..).unwrap_or_default();
    let behind_longer = longer.get(start..).unwrap_or_default();
    if shorter.len() < longer.len() {
        return behind_longer.get(1..) == Some(behind_shorter);
    }
    match (behind_shorter, behind_longer) {
        ([], []) => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a, b, rest @ ..], [c, d, other @ ..]) => a == d && b == c && rest == other,
        ([], [_, ..]) | ([_, ..], []) | ([_], [_, ..]) | ([_, ..], [_]) => false,
    }
}

/// How many characters of a text a message shows.
const SHOWN: usize = 120;

/// A text of the user in backticks, as a message shows it: cut where it is long, control characters escaped.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("`");
    let mut characters = text.chars();
    for character in characters.by_ref().take(SHOWN) {
        if character.is_control() {
            quoted.extend(character.escape_unicode());
        } else {
            quoted.push(character);
        }
    }
    quoted.push('`');
    let left_out = characters.count();
    if left_out > 0 {
        quoted.push_str(&format!(" (and {left_out} characters more)"));
    }
    quoted
}
