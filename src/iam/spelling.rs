//! Words of the user in messages: how they are shown, and what a misspelt one was meant to be.

/// The candidate that differs from the word by upper and lower case only, or by one letter missing, added, changed or swapped with
/// its neighbour; `None` if there is none. Where several fit, the first.
pub fn nearest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let same = candidates.iter().find(|candidate| candidate.eq_ignore_ascii_case(word));
    same.or_else(|| candidates.iter().find(|candidate| one_slip_apart(word, candidate))).copied()
}

/// Whether one slip of the pen, case aside, turns one word into the other. It compares bytes: our own words are ASCII.
fn one_slip_apart(left: &str, right: &str) -> bool {
    let (shorter, longer) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    // A word of two letters is one slip away from too many others.
    if shorter.len() < 3 || longer.len() > shorter.len() + 1 {
        return false;
    }
    let (shorter, longer) = (shorter.as_bytes(), longer.as_bytes());
    let start = shorter.iter().zip(longer).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    let behind_shorter = shorter.get(start..).unwrap_or_default();
    let behind_longer = longer.get(start..).unwrap_or_default();
    match (behind_shorter, behind_longer) {
        ([], _) => true,
        (rest, [_, other @ ..]) if longer.len() > shorter.len() => rest.eq_ignore_ascii_case(other),
        ([_, rest @ ..], [_, other @ ..]) if rest.eq_ignore_ascii_case(other) => true,
        ([a, b, rest @ ..], [c, d, other @ ..]) => {
            a.eq_ignore_ascii_case(d) && b.eq_ignore_ascii_case(c) && rest.eq_ignore_ascii_case(other)
        }
        ([_], [_, ..]) | ([_, ..], [] | [_]) => false,
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
