//! Questions with known answers, chosen for the traps in them.

use iamproof::solver::formula::{Formula, Formulas, Piece, TextVariable};
use iamproof::solver::regular::{CharacterSet, Regular};
use iamproof::solver::taking::Taking;
use iamproof::solver::{Answer, Limits, Solver, z3_strings};

/// The language of a glob pattern: `*` any text, `?` any character.
fn glob(pattern: &str) -> Regular {
    Regular::Sequence(
        pattern
            .chars()
            .map(|character| match character {
                '*' => Regular::anything(),
                '?' => Regular::character(),
                other => Regular::text(other),
            })
            .collect(),
    )
}

struct Texts {
    formulas: Formulas,
    text: TextVariable,
}

impl Texts {
    fn over(domain: Regular) -> Texts {
        let mut formulas = Formulas::new();
        let text = formulas.new_text("text", domain);
        Texts { formulas, text }
    }

    fn conjunction(&mut self, inside: &[Regular], outside: &[Regular]) -> Formula {
        let mut parts = Vec::new();
        for language in inside {
            parts.push(self.formulas.in_language(self.text, language.clone()));
        }
        for language in outside {
            let atom = self.formulas.in_language(self.text, language.clone());
            parts.push(self.formulas.not(atom));
        }
        self.formulas.and(parts)
    }

    fn check(&mut self, inside: &[Regular], outside: &[Regular]) -> Result<Option<String>, String> {
        let goal = self.conjunction(inside, outside);
        match Solver::new(&self.formulas, Limits::default()).check(goal) {
            Answer::Satisfiable(assignment) => Ok(Some(assignment.texts[&self.text].clone())),
            Answer::Unsatisfiable => Ok(None),
            Answer::Unknown(reason) => Err(reason.to_string()),
        }
    }
}

fn text_of(inside: &[&str], outside: &[&str]) -> Result<Option<String>, String> {
    let inside: Vec<Regular> = inside.iter().map(|pattern| glob(pattern)).collect();
    let outside: Vec<Regular> = outside.iter().map(|pattern| glob(pattern)).collect();
    Texts::over(Regular::anything()).check(&inside, &outside)
}

#[test]
fn patterns_have_the_shortest_plain_text() {
    let table: &[(&[&str], &[&str], Option<&str>)] = &[
        (&["*"], &[], Some("")),
        (&["*"], &[""], Some("x")),
        (&["a*"], &["a"], Some("ax")),
        (&["a*", "*b"], &[], Some("ab")),
        (&["a*", "b*"], &[], None),
        (&["*a", "*b"], &[], None),
        (&["a*b*c"], &["a*c"], None),
        (&["a?c"], &["abc"], Some("axc")),
        (&["??"], &["x?", "?x"], Some("yy")),
        (&["*aba*", "*bab*"], &[], Some("abab")),
        (&["\\u{41}"], &["A"], Some("\\u{41}")),
        (&["*\n*"], &[], Some("\n")),
        (&["*é"], &["é"], Some("xé")),
        (&["*\u{10FFFF}"], &[], Some("\u{10FFFF}")),
        (&["?"], &["?"], None),
        (&["*"], &["?*", ""], None),
        (&["s3:Get*"], &["s3:*"], None),
        (&["s3:*"], &["s3:Get*", "s3:"], Some("s3:x")),
    ];
    for (inside, outside, expected) in table {
        assert_eq!(
            text_of(inside, outside),
            Ok(expected.map(str::to_owned)),
            "{inside:?} without {outside:?}"
        );
    }
}

#[test]
fn the_gap_of_the_surrogates_is_no_character() {
    let below = Regular::Character(CharacterSet::of_ranges([('\0', '\u{D7FF}')]));
    let above = Regular::Character(CharacterSet::of_ranges([('\u{E000}', char::MAX)]));
    let mut texts = Texts::over(Regular::character());
    assert_eq!(texts.check(&[], &[below.clone(), above.clone()]), Ok(None));
    assert_eq!(texts.check(&[below], &[]), Ok(Some("x".to_owned())));
    assert_eq!(texts.check(&[above], &[]), Ok(Some("\u{E000}".to_owned())));
}

#[test]
fn an_empty_domain_has_no_text() {
    let mut texts = Texts::over(Regular::Choice(Vec::new()));
    assert_eq!(texts.check(&[], &[Regular::text("a")]), Ok(None));
}

/// Forty patterns with inner wildcards: a shortest text is out of reach for any procedure, some text is not.
#[test]
fn forty_wildcard_patterns_on_one_variable_are_answered() {
    let patterns: Vec<String> =
        (0..40).map(|number| format!("*w{number:02}*v{:02}*", (number * 7) % 40)).collect();
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    assert!(matches!(text_of(&patterns, &[]), Ok(Some(_))), "all at once");
    assert_eq!(text_of(&["*"], &patterns), Ok(Some(String::new())), "none of them");
    let long = "*w00*w01*w02*w03*";
    assert!(matches!(text_of(&[long], &patterns), Ok(Some(_))), "one and none of the others");
    assert!(
        matches!(text_of(&patterns[..20], &patterns[20..]), Ok(Some(_))),
        "half of them and none of the rest"
    );
    let mut blocked = patterns.clone();
    blocked.push("*w*v*");
    assert_eq!(
        text_of(&patterns[..20], &blocked[20..]),
        Ok(None),
        "half of them, and what contains them not"
    );
}

#[test]
fn folded_languages_hold_every_case() {
    let language = Regular::Sequence(vec![
        Regular::text("Ab-é"),
        Regular::Character(CharacterSet::of_ranges([('x', '{')])),
        Regular::Choice(vec![Regular::text("Q"), Regular::text("1")]).at_least_once(),
    ])
    .folded();
    for (text, belongs) in [
        ("aB-éXq1", true),
        ("AB-éz1", true),
        ("AB-é{qQ", true),
        ("AB-É{q", false),
        ("ab-é[q", false),
        ("ab-éx", false),
    ] {
        assert_eq!(iamproof::solver::evaluate::belongs(text, &language), belongs, "{text}");
    }
}

#[test]
fn values_without_their_case() {
    let mut formulas = Formulas::new();
    let whole = formulas.new_text("whole", Regular::anything());
    let value = formulas.new_text("value", Regular::anything());
    let prefix = Piece::Some(formulas.language(Regular::text("/")));
    let folded = formulas.concatenation(whole, [prefix, Piece::Folded(value)]);
    let exact = formulas.concatenation(whole, [prefix, Piece::Value(value)]);
    let (not_folded, not_exact) = (formulas.not(folded), formulas.not(exact));
    let whole_is = formulas.in_language(whole, Regular::text("/Al"));
    let value_is = formulas.in_language(value, Regular::text("aL"));
    let other_value = formulas.in_language(value, Regular::text("bL"));
    for (parts, possible) in [
        (vec![folded, not_exact], true),
        (vec![exact, not_folded], false),
        (vec![folded, whole_is, value_is], true),
        (vec![exact, whole_is, value_is], false),
        (vec![not_folded, whole_is, value_is], false),
        (vec![folded, whole_is, other_value], false),
    ] {
        let goal = formulas.and(parts);
        let found = Solver::new(&formulas, Limits::default()).check(goal);
        assert_eq!(found.assignment().is_some(), possible, "{found:?}");
        assert_eq!(found == Answer::Unsatisfiable, !possible, "{found:?}");
    }
}

/// That two texts are equal, and so begin alike, is said by a literal of its own: a contradiction that needs it is none without it.
#[test]
fn a_contradiction_rests_on_the_equality_that_it_needs() {
    for turned in [false, true] {
        let mut formulas = Formulas::new();
        let [whole, text, value] =
            ["whole", "text", "value"].map(|name| formulas.new_text(name, Regular::anything()));
        let other = formulas.in_language(value, Regular::text("other"));
        let joined = |formulas: &mut Formulas, whole: TextVariable, value: TextVariable| {
            let end = Piece::Some(formulas.language(Regular::text(":")));
            formulas.concatenation(whole, [Piece::Value(value), end])
        };
        let equal = formulas.concatenation(text, [Piece::Value(whole)]);
        let (of_whole, of_text) = (joined(&mut formulas, whole, value), joined(&mut formulas, text, value));
        let neither = formulas.not(of_text);
        let either = if turned { [other, equal] } else { [equal, other] };
        let either = formulas.or(either);
        for (parts, possible) in [
            (vec![of_whole, neither, either], true),
            (vec![of_whole, neither, equal], false),
            (vec![of_whole, neither], true),
            (vec![of_whole, of_text, equal], true),
        ] {
            let goal = formulas.and(parts);
            // With the equality first, so that what is learned of it is there when it is given up.
            let found = Solver::new(&formulas, Limits::default()).check_preferring(goal, &[equal]);
            assert_eq!(found.assignment().is_some(), possible, "{found:?}");
            assert_eq!(found == Answer::Unsatisfiable, !possible, "{found:?}");
        }
    }
}

/// A star of the value stands for any text, or for any without a colon.
fn with_stars(colons: u8, values: &Regular) -> Regular {
    let one = |character: char| match (character, colons) {
        ('*', 0) => Regular::anything(),
        ('*', _) => Regular::Character(CharacterSet::of([':']).complement()).any_number(),
        (other, _) => Regular::text(other.to_string()),
    };
    match values {
        Regular::Text(text) => Regular::Sequence(text.chars().map(one).collect()),
        Regular::Character(_) | Regular::Sequence(_) | Regular::Choice(_) | Regular::Repeat { .. } => {
            Regular::anything()
        }
    }
}

fn all_but_stars() -> CharacterSet {
    CharacterSet::of(['*']).complement()
}

const WIDE: Taking =
    Taking { name: "with stars", detail: 0, texts: with_stars, plain: all_but_stars, within: None };
const NARROW: Taking = Taking {
    name: "with stars within a field",
    detail: 1,
    texts: with_stars,
    plain: all_but_stars,
    within: Some(&WIDE),
};

/// That a value has no stars is said by a literal of its own: what is not the value may be what it stands for wherever that is not said.
#[test]
fn a_value_that_stands_for_itself_does_so_because_of_what_is_said_of_it() {
    for turned in [false, true] {
        let mut formulas = Formulas::new();
        let [whole, value] = ["whole", "value"].map(|name| formulas.new_text(name, Regular::anything()));
        let other = formulas.in_language(whole, Regular::text("/other"));
        let plain = formulas.in_language(value, Regular::Character(all_but_stars()).any_number());
        let prefix = Piece::Some(formulas.language(Regular::text("/")));
        let exact = formulas.concatenation(whole, [prefix, Piece::Value(value)]);
        let narrow = formulas.concatenation(whole, [prefix, Piece::Taken(value, NARROW)]);
        let wide = formulas.concatenation(whole, [prefix, Piece::Taken(value, WIDE)]);
        let [not_exact, not_narrow, not_wide] = [exact, narrow, wide].map(|one| formulas.not(one));
        let either = if turned { [other, plain] } else { [plain, other] };
        let either = formulas.or(either);
        for (parts, possible) in [
            (vec![wide, not_exact, either], true),
            (vec![wide, not_exact, plain], false),
            (vec![wide, not_exact], true),
            (vec![exact, not_wide], false),
            (vec![narrow, not_wide], false),
            (vec![wide, not_narrow], true),
            (vec![wide, not_narrow, plain], false),
        ] {
            let goal = formulas.and(parts);
            // With the literal first, so that what is learned of it is there when it is given up.
            let found = Solver::new(&formulas, Limits::default()).check_preferring(goal, &[plain]);
            assert_eq!(found.assignment().is_some(), possible, "{found:?}");
            assert_eq!(found == Answer::Unsatisfiable, !possible, "{found:?}");
        }
    }
}

/// Z3's characters end at U+2FFFF. Of texts that go beyond them its strings may not know the answer, but must not say a wrong one.
#[test]
fn a_character_that_z3_has_not_got_is_no_refutation() {
    for character in ["\u{2ffff}", "\u{30000}", "\u{10ffff}"] {
        let mut texts = Texts::over(Regular::text(character));
        let goal = texts.conjunction(&[Regular::character()], &[Regular::text("x")]);
        let other = z3_strings::check(&texts.formulas, goal, Limits::default());
        assert_ne!(other, Answer::Unsatisfiable, "{}", character.escape_unicode());
        assert_eq!(texts.check(&[Regular::character()], &[]), Ok(Some(character.to_owned())));
    }
}

/// What stands on both sides of the only separator of a text can be told from it: on either side, and only if no value has the separator.
#[test]
fn values_around_one_separator_can_be_told_apart_from_the_text() {
    let plain = Regular::Character(CharacterSet::only(':').complement()).any_number();
    for (domain, is_told) in [(plain, true), (Regular::anything(), false)] {
        for side in [0, 1] {
            let mut formulas = Formulas::new();
            let whole = formulas.new_text("whole", Regular::anything());
            let names = [["left", "right"], ["another left", "another right"]];
            let values = names.map(|pair| pair.map(|name| formulas.new_text(name, domain.clone())));
            let separator = Piece::Some(formulas.language(Regular::text(":")));
            let mut parts = values
                .map(|[left, right]| {
                    formulas.concatenation(whole, [Piece::Value(left), separator, Piece::Value(right)])
                })
                .to_vec();
            let same = formulas.concatenation(values[0][side], [Piece::Value(values[1][side])]);
            parts.push(formulas.not(same));
            let goal = formulas.and(parts);
            let answer = Solver::new(&formulas, Limits::default()).check(goal);
            let told = matches!(answer, Answer::Unsatisfiable);
            let open = matches!(answer, Answer::Satisfiable(_));
            assert!(told == is_told && open != is_told, "side {side}: {answer:?}");
        }
    }
}
