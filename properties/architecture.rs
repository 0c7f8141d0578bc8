//! Who may see whom, and what every file owes its reader: the layout of ARCHITECTURE.md as a test.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of `src/` and the folders whose names may occur in it.
const MAY_SEE: &[(&str, &[&str])] = &[
    ("iam", &[]),
    ("solver", &[]),
    ("evaluator", &["iam"]),
    ("generators", &["iam"]),
    ("corpus", &["iam"]),
    ("model", &["iam", "solver"]),
    ("crosscheck", &["iam", "solver", "evaluator", "model", "generators", "corpus"]),
    ("comparison", &["iam", "solver", "evaluator", "model", "corpus", "crosscheck"]),
    ("explanation", &["iam", "solver", "evaluator", "model", "corpus", "comparison"]),
    (
        "invariants",
        &[
            "iam",
            "solver",
            "evaluator",
            "model",
            "generators",
            "corpus",
            "crosscheck",
            "comparison",
            "reach",
            "search",
        ],
    ),
    ("reach", &["iam", "evaluator"]),
    ("search", &["iam", "solver", "evaluator", "model", "corpus"]),
    ("report", &["iam", "solver", "corpus", "crosscheck", "comparison", "invariants"]),
    (
        "cli",
        &[
            "iam",
            "solver",
            "evaluator",
            "model",
            "generators",
            "corpus",
            "crosscheck",
            "comparison",
            "explanation",
            "invariants",
            "reach",
            "search",
            "report",
        ],
    ),
];

/// Crates that stay where they belong, and the folders of `src/` that may name them.
const AT_HOME: &[(&str, &[&str])] = &[
    ("z3", &["solver"]),
    ("proptest", &["generators", "crosscheck", "invariants"]),
    ("rayon", &["crosscheck", "comparison", "invariants", "cli"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "types", "helpers", "helper", "misc"];

/// Longer files are two files.
const MOST_LINES: usize = 500;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of the folders, with its path from the project's root, sorted.
fn rust_files(folders: &[&str]) -> BTreeMap<PathBuf, String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("a folder of the project can be listed").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut found);
    }
    assert!(!found.is_empty(), "no Rust file below {folders:?}");
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a source file is text");
            (path.strip_prefix(root()).expect("it lies below the root").to_owned(), text)
        })
        .collect()
}

/// The folder of `src/` that a file belongs to; `None` for the two files at its top.
fn folder_of(path: &Path) -> Option<String> {
    let mut parts = path.components().skip(1);
    let first = parts.next()?.as_os_str().to_str()?.to_owned();
    parts.next().map(|_| first)
}

/// Code without comments: what follows `//` on a line is dropped.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The first names behind `crate::`, single or in braces.
fn named_folders(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (position, marker) in code.match_indices("crate::") {
        let rest = &code[position + marker.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut word = String::new();
            for character in list.chars() {
                match character {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                // A name ends where its list does, or at the comma behind it; what follows its first colon is inside it.
                if depth == 0 || (character == ',' && depth == 1) {
                    names.extend(word.split(':').next().map(|name| name.trim().to_owned()));
                    word.clear();
                } else {
                    word.push(character);
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            names.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

#[test]
fn every_folder_sees_only_what_it_may() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_SEE.iter().copied().collect();
    for (path, text) in rust_files(&["src"]) {
        let Some(folder) = folder_of(&path) else { continue };
        let allowed = allowed.get(folder.as_str()).unwrap_or_else(|| {
            panic!(
                "`src/{folder}` is not in the table of ARCHITECTURE.md; say there and here what it may see"
            )
        });
        for seen in named_folders(&code(&text)) {
            let known = MAY_SEE.iter().any(|(name, _)| *name == seen);
            assert!(
                !known || seen == folder || allowed.contains(&seen.as_str()),
                "`{}` names `crate::{seen}`, which `{folder}` may not see",
                path.display()
            );
        }
    }
}

#[test]
fn neither_reading_speaks_of_the_other() {
    for (path, text) in rust_files(&["src/evaluator", "src/model"]) {
        let code = code(&text);
        let other = if path.starts_with("src/evaluator") { "model" } else { "evaluator" };
        assert!(
            !code.contains(&format!("{other}::")) && !code.contains(&format!("mod {other}")),
            "`{}` names the other reading",
            path.display()
        );
    }
}

#[test]
fn outside_crates_stay_at_home() {
    for (path, text) in rust_files(&["src"]) {
        let Some(folder) = folder_of(&path) else { continue };
        let code = code(&text);
        for (name, homes) in AT_HOME {
            let used = code.contains(&format!("use {name}::")) || code.contains(&format!(" {name}::"));
            assert!(
                !used || homes.contains(&folder.as_str()) || code.contains(&format!("mod {name};")),
                "`{}` uses the crate `{name}`, which belongs in {homes:?}",
                path.display()
            );
        }
    }
}

#[test]
fn every_file_says_first_what_it_is() {
    for (path, text) in rust_files(&["src", "properties", "benches"]) {
        assert!(text.starts_with("//! "), "`{}` does not open with `//!`", path.display());
    }
}

#[test]
fn no_file_outgrows_its_place() {
    for (path, text) in rust_files(&["src", "properties", "benches"]) {
        let lines = text.lines().count();
        assert!(
            lines <= MOST_LINES,
            "`{}` has {lines} lines; more than {MOST_LINES} are two files",
            path.display()
        );
    }
}

#[test]
fn every_name_says_what_is_inside() {
    for path in rust_files(&["src", "properties", "benches"]).keys() {
        for part in path.with_extension("").components() {
            let part = part.as_os_str().to_string_lossy();
            assert!(!EMPTY_NAMES.contains(&part.as_ref()), "`{}`: `{part}` says nothing", path.display());
        }
    }
}

#[test]
fn the_reader_of_imports_reads_imports() {
    let code = "use crate::iam::key; use crate::{solver::formula::Formula, model::{gather, statement}};";
    let expected: BTreeSet<String> = ["iam", "solver", "model"].map(str::to_owned).into();
    assert_eq!(named_folders(code), expected);
}
