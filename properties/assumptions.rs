//! Open points and their other readings: the names, the text that defines them, and a case for each that turns on it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use iamproof::corpus::folder::{self, Content};
use iamproof::corpus::{Asked, Case, Question};
use iamproof::crosscheck::external::{Answer, other_readings};
use iamproof::evaluator::{Evaluator, Reading};
use iamproof::iam::assumption::{Alternative, Assumptions, OpenPoint};
use iamproof::iam::condition::{BaseOperator, Operator};
use iamproof::iam::context::ContextValue;
use iamproof::iam::decision::Decision;
use iamproof::iam::document::Strictness;
use iamproof::iam::key::KeyName;
use iamproof::iam::layers::Layers;
use iamproof::iam::policy::ConditionEntry;

/// What section 15 defines: a reading's name and the rules of its row.
fn defined() -> BTreeMap<String, Vec<String>> {
    let rules = std::fs::read_to_string("docs/semantics.md").unwrap();
    let (_, section) = rules.split_once("\n## 15. ").unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `D-"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split(" | ").collect();
        let mut rules: Vec<String> = cells[1].split(", ").map(str::to_owned).collect();
        // `KEY-4, 5` names two rules of one section.
        let section = rules[0].split('-').next().unwrap().to_owned();
        for rule in &mut rules {
            if rule.starts_with(|first: char| first.is_ascii_digit()) {
                *rule = format!("{section}-{rule}");
            }
        }
        (format!("D-{}", cells[0].trim_end_matches('`')), rules)
    })
    .collect()
}

#[test]
fn section_15_defines_each_reading_under_its_rule() {
    let defined = defined();
    let named: BTreeSet<&str> = Alternative::ALL.iter().map(|alternative| alternative.name()).collect();
    assert_eq!(defined.keys().map(String::as_str).collect::<BTreeSet<_>>(), named);
    for alternative in Alternative::ALL {
        let rule = alternative.point().rule().to_owned();
        assert!(defined[alternative.name()].contains(&rule), "{alternative} is not defined under {rule}");
    }
}

#[test]
fn a_name_reads_as_the_reading_that_has_it() {
    for alternative in Alternative::ALL {
        assert_eq!(alternative.name().parse(), Ok(*alternative));
        assert!(alternative.point().alternatives().contains(alternative));
        assert!(alternative.name().starts_with(&format!("{}=", alternative.point())));
    }
    let all = Assumptions::of(OpenPoint::ALL.iter().map(|point| point.alternatives()[0])).unwrap();
    assert_eq!(all.alternatives().count(), OpenPoint::ALL.len());
    assert_eq!(all.to_string().parse(), Ok(all));
    assert_eq!("".parse(), Ok(Assumptions::default()));
    assert_eq!(" D-39=any , D-41=error".parse::<Assumptions>().unwrap().to_string(), "D-39=any, D-41=error");
}

#[test]
fn a_wrong_name_is_refused_with_what_there_is() {
    let rows = [
        ("D-39=al", "`D-39=al` is no reading of D-39; write one of: D-39=first, D-39=any, D-39=dual"),
        ("D-39", "`D-39` is no reading of D-39; write one of: D-39=first, D-39=any, D-39=dual"),
        ("D-2=Latin-1", "`D-2=Latin-1` is no reading of D-2; write one of: D-2=latin-1"),
        (
            "D-39=any, D-39=first",
            "`D-39=any` and `D-39=first` are two readings of one point; assume one of them",
        ),
    ];
    for (given, expected) in rows {
        assert_eq!(given.parse::<Assumptions>().unwrap_err().to_string(), expected);
    }
    let unknown = "D-1=delay".parse::<Assumptions>().unwrap_err().to_string();
    assert!(unknown.starts_with("`D-1=delay` is no open point with another reading; these are: D-2, D-22, "));
}

#[test]
fn one_reading_of_a_point_replaces_another() {
    let any = Assumptions::default().with(Alternative::AnyOfMany);
    let first = any.with(Alternative::FirstOfMany);
    assert!(first.has(Alternative::FirstOfMany) && !first.has(Alternative::AnyOfMany));
    assert_eq!(first.reading_of(OpenPoint::MultivaluedWithoutSetOperator), Some(Alternative::FirstOfMany));
    assert!(first.without(OpenPoint::MultivaluedWithoutSetOperator).is_decided());
    assert_eq!(any.overridden_by(first), first);
    assert_eq!(first.overridden_by(Assumptions::default()), first);
}

/// The cited cases that assume something.
fn cases() -> Vec<(String, Case)> {
    let found = folder::read(Path::new("corpus/cited"), Strictness::Strict);
    let cases = found.into_iter().filter_map(|found| {
        let name = found.name();
        match found.content.unwrap() {
            Content::Case(case) => Some((name, *case)),
            Content::Policy(_) => None,
        }
    });
    cases
        .filter(|(_, case)| match &case.question {
            Question::Decisions { assumptions, .. } => !assumptions.is_decided(),
            Question::Trace { .. } | Question::Grammar { .. } => false,
        })
        .collect()
}

fn decisions(layers: &Layers, asked: &[Asked], assumptions: Assumptions) -> Vec<Decision> {
    let evaluator = Evaluator::compile_with(layers, Reading::assuming(assumptions)).unwrap();
    asked.iter().map(|asked| evaluator.decide(&asked.request).decision()).collect()
}

#[test]
fn the_evaluator_answers_as_each_case_assumes() {
    let mut wrong = Vec::new();
    for (name, case) in cases() {
        let Question::Decisions { layers, assumptions, asked } = &case.question else { continue };
        let evaluator = Evaluator::compile_with(layers, Reading::assuming(*assumptions)).unwrap();
        for (index, asked) in asked.iter().enumerate() {
            let reason = evaluator.decide(&asked.request);
            let expected = asked.reason.expect("a reason is cited");
            let explained = evaluator.explain(&asked.request).reason;
            if (reason, explained) != (expected, expected) {
                wrong.push(format!(
                    "{name}, request {index}: {expected}, not {reason}, explained {explained}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_reading_turns_the_decision_of_a_case() {
    let mut turned = BTreeSet::new();
    for (name, case) in cases() {
        let Question::Decisions { layers, assumptions, asked } = &case.question else { continue };
        let with = decisions(layers, asked, *assumptions);
        let before = turned.len();
        for alternative in assumptions.alternatives() {
            let without = decisions(layers, asked, assumptions.without(alternative.point()));
            if with != without {
                turned.insert((name.clone(), alternative));
            }
        }
        // Two cases show where a reading has no effect; the cases beside them show that it has one elsewhere.
        let shows_no_effect = ["assumed-any-link-and-a-boundary", "assumed-aws-star-of-an-rcp"];
        assert_eq!(turned.len() == before, shows_no_effect.contains(&name.as_str()), "{name}");
    }
    let turned: BTreeSet<Alternative> = turned.into_iter().map(|(_, alternative)| alternative).collect();
    assert_eq!(turned, Alternative::ALL.iter().copied().collect());
}

#[test]
fn an_answer_that_another_reading_gives_is_told_by_it() {
    let cases = cases();
    let (_, case) = cases.iter().find(|(name, _)| name == "assumed-any-of-many").unwrap();
    let Question::Decisions { layers, asked, .. } = &case.question else { panic!("a case of decisions") };
    let question = |index: usize| Question::Decisions {
        layers: layers.clone(),
        assumptions: Assumptions::default(),
        asked: vec![asked[index].clone()],
    };
    let readings = |index, decision| {
        let case = Case { question: question(index), ..case.clone() };
        other_readings(&case, &Answer::Decision(decision))
    };
    // StringEquals `a` of the list b, a; then StringNotEquals `a` of the list a, b.
    let one = |alternative| Assumptions::default().with(alternative);
    assert_eq!(
        readings(0, Decision::Allow),
        [one(Alternative::AnyOfMany), one(Alternative::AnyOrNoneOfMany)]
    );
    assert_eq!(readings(2, Decision::Allow), [one(Alternative::AnyOfMany)]);
    assert_eq!(readings(2, Decision::ExplicitDeny), []);
    // An address that is of the block only where it is unwrapped: now it takes two readings at once.
    let (mut layers, mut asked) = (layers.clone(), asked[0].clone());
    for statement in &mut layers.identity[0].statements {
        statement.condition.push(ConditionEntry {
            operator: Operator::plain(BaseOperator::IpAddress),
            key: KeyName::new("aws:SourceIp"),
            values: vec!["10.0.0.0/8".to_owned()],
        });
    }
    let address = ContextValue::Single("::ffff:10.0.0.1".to_owned());
    asked.request.context.set(KeyName::new("aws:SourceIp"), address);
    let question = Question::Decisions { layers, assumptions: Assumptions::default(), asked: vec![asked] };
    let told = other_readings(&Case { question, ..case.clone() }, &Answer::Decision(Decision::Allow));
    let unwrapped = |other| one(other).with(Alternative::MappedIsIpv4);
    assert_eq!(told, [unwrapped(Alternative::AnyOfMany), unwrapped(Alternative::AnyOrNoneOfMany)]);
}

#[test]
fn the_answers_of_cited_cases_are_told_by_no_more_readings_than_they_assume() {
    for (name, case) in cases() {
        let Question::Decisions { layers, assumptions, asked } = &case.question else { continue };
        let with = decisions(layers, asked, *assumptions);
        let without = decisions(layers, asked, Assumptions::default());
        for (index, asked) in asked.iter().enumerate() {
            if with[index] == without[index] {
                continue;
            }
            let question = Question::Decisions {
                layers: layers.clone(),
                assumptions: Assumptions::default(),
                asked: vec![asked.clone()],
            };
            let readings = other_readings(&Case { question, ..case.clone() }, &Answer::Decision(with[index]));
            let fewest = readings.iter().map(|reading| reading.alternatives().count()).min();
            let fewest = fewest.unwrap_or_else(|| panic!("{name}, request {index}: not told"));
            let assumed = assumptions.alternatives().count();
            assert!(fewest <= assumed, "{name}, request {index}");
            assert!(fewest < assumed || readings.contains(assumptions), "{name}, request {index}");
        }
    }
}
