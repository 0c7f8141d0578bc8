//! Texts that are joined from the value of another text and from wildcards, against a walk over all short texts.

use iamproof::solver::formula::{Formula, Formulas, Piece, TextVariable};
use iamproof::solver::regular::Regular;
use iamproof::solver::{Answer, Limits, Solver, z3_strings};

/// `$` stands for the value, `*` for any text; each run of other characters and wildcards is one piece.
const TEMPLATES: &[&str] = &[
    "$", "a$", "$b", "a$b", "$*", "*$", "*$*", "a*$", "$*b", "*a$", "$b*", "*a$b*", "*$b", "a$*", "*a*$",
    "$*b*", "$$", "a$*$b", "*", "",
];

const VALUES: &[&str] = &["", "a", "b", "ab", "\"", "\\"];

/// Whether the text fits the characters of a pattern in which only `*` is a wildcard.
fn fits(pattern: &[Option<char>], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((None, rest)) => (0..=text.len()).any(|skipped| fits(rest, &text[skipped..])),
        Some((Some(first), rest)) => text.first() == Some(first) && fits(rest, &text[1..]),
    }
}

fn is_joined(template: &str, value: &str, text: &str) -> bool {
    let pattern: Vec<Option<char>> = template
        .chars()
        .flat_map(|character| match character {
            '$' => value.chars().map(Some).collect(),
            '*' => vec![None],
            other => vec![Some(other)],
        })
        .collect();
    fits(&pattern, &text.chars().collect::<Vec<_>>())
}

/// Every text of at most three of these characters.
fn short_texts() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..3 {
        last =
            last.iter().flat_map(|text| ['a', 'b', '"', '\\'].map(|next| format!("{text}{next}"))).collect();
        all.extend(last.clone());
    }
    all
}

fn joined(formulas: &mut Formulas, template: &str, whole: TextVariable, value: TextVariable) -> Formula {
    let mut pieces = Vec::new();
    for (number, part) in template.split('$').enumerate() {
        if number > 0 {
            pieces.push(Piece::Value(value));
        }
        if !part.is_empty() {
            let parts = part.chars().map(|character| match character {
                '*' => Regular::anything(),
                other => Regular::text(other),
            });
            pieces.push(Piece::Some(formulas.language(Regular::Sequence(parts.collect()))));
        }
    }
    formulas.concatenation(whole, pieces)
}

/// That no text of the list makes the atom anything but `expected`, by both back ends.
fn always(template: &str, value: &str, texts: Vec<String>, expected: bool) {
    let mut formulas = Formulas::new();
    let whole = formulas.new_text("whole", Regular::Choice(texts.into_iter().map(Regular::Text).collect()));
    let part = formulas.new_text("part", Regular::text(value));
    let atom = joined(&mut formulas, template, whole, part);
    let goal = if expected { formulas.not(atom) } else { atom };
    let answers = [
        ("strings", Solver::new(&formulas, Limits::default()).check(goal)),
        ("Z3's strings", z3_strings::check(&formulas, goal, Limits::default())),
    ];
    for (name, answer) in answers {
        match answer {
            Answer::Unsatisfiable => {}
            Answer::Satisfiable(found) => {
                panic!("{name}: {:?} and {template} with {value:?}, not {expected}", found.texts[&whole])
            }
            Answer::Unknown(reason) => panic!("{name}: {template} with {value:?}: {reason}"),
        }
    }
}

#[test]
fn joined_texts_are_those_that_a_walk_finds() {
    for template in TEMPLATES {
        for value in VALUES {
            let (inside, outside) =
                short_texts().into_iter().partition::<Vec<_>, _>(|text| is_joined(template, value, text));
            always(template, value, inside, true);
            always(template, value, outside, false);
        }
    }
}
