//! How long one question takes: does this document allow all that the other does? Not a mean but its distribution, on one core.
//!
//! The inputs are AWS's managed policies and mutants of them, which `make bench` fetches and writes below `.data/`. Times are of the wall, so
//! that whatever else the machine does is in the worst of them.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use iamproof::comparison::{Inclusion, Prepared, Shelved, Wanted, inclusion};
use iamproof::iam::assumption::Assumptions;
use iamproof::iam::document::{Strictness, TypeChoice};
use iamproof::solver::Limits;
use mimalloc::MiMalloc;

// That of the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The large policies that every other one is held against.
const LARGE: [&str; 4] = ["ReadOnlyAccess", "PowerUserAccess", "SecurityAudit", "ViewOnlyAccess"];

fn main() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join(".data");
    let (mutants, policies) = (data.join("mutants"), data.join("aws-managed-policies"));
    if !mutants.is_dir() || !policies.is_dir() {
        println!("compare: no .data/mutants or .data/aws-managed-policies: run `make policies mutants`");
        return;
    }
    println!(
        "{:<44} {:>8} {:>9} {:>9} {:>9} {:>8}",
        "questions", "number", "median", "99th", "worst", "unknown"
    );
    with_reading(&mutants);
    against_large(&policies);
}

/// Every mutant against its policy, both ways; both documents are read for each question.
fn with_reading(folder: &Path) {
    let mut times = Times::default();
    let mut decided = Times::default();
    for family in sorted(folder) {
        let files = sorted(&family);
        let Some(original) = files.iter().find(|path| path.ends_with("original.json")) else { continue };
        for mutant in files.iter().filter(|path| *path != original) {
            for (inner, outer) in [(original, mutant), (mutant, original)] {
                let (inner, outer) =
                    (fs::read(inner).unwrap_or_default(), fs::read(outer).unwrap_or_default());
                let start = Instant::now();
                if let (Some(inner), Some(outer)) = (read(inner), read(outer)) {
                    let reading = start.elapsed();
                    let answer = asked(&inner.prepared, &outer.prepared);
                    let name = || format!("{} and {}", family.display(), mutant.display());
                    times.add(start.elapsed(), &answer, name);
                    decided.add(start.elapsed() - reading, &answer, name);
                }
            }
        }
    }
    times.print("mutants of managed policies, reading included");
    decided.print("  of that, deciding");
}

/// Every managed policy against the large ones, both ways, all of them read and prepared before.
fn against_large(folder: &Path) {
    let documents: Vec<(PathBuf, Shelved)> = sorted(folder)
        .into_iter()
        .filter_map(|path| {
            let shelved = read(fs::read(&path).ok()?)?;
            Some((path, shelved))
        })
        .collect();
    let mut times = Times::default();
    for name in LARGE {
        let found = documents.iter().find(|(path, _)| path.file_stem().is_some_and(|stem| stem == name));
        let Some((_, large)) = found else { continue };
        for (path, other) in &documents {
            for (inner, outer) in [(large, other), (other, large)] {
                let start = Instant::now();
                let answer = asked(&inner.prepared, &outer.prepared);
                let name = || format!("{} and {name}", path.display());
                times.add(start.elapsed(), &answer, name);
            }
        }
    }
    times.print("managed policies and the four large ones");
}

fn asked(inner: &Prepared, outer: &Prepared) -> Inclusion {
    black_box(inclusion(black_box(inner), black_box(outer), Wanted::First, Limits::default()))
}

fn read(bytes: Vec<u8>) -> Option<Shelved> {
    Shelved::read(bytes, TypeChoice::Guessed, Strictness::Lenient, Assumptions::default()).ok()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The times of many questions.
#[derive(Default)]
struct Times {
    all: Vec<Duration>,
    /// What the longest one was about.
    worst: Option<(Duration, String)>,
    unknown: usize,
}

impl Times {
    fn add(&mut self, time: Duration, answer: &Inclusion, name: impl Fn() -> String) {
        if self.worst.as_ref().is_none_or(|(worst, _)| time > *worst) {
            self.worst = Some((time, name()));
        }
        self.all.push(time);
        self.unknown += usize::from(answer.unknown_reason().is_some());
    }

    fn print(mut self, name: &str) {
        self.all.sort_unstable();
        let at = |share: f64| {
            let position = (self.all.len() as f64 * share) as usize;
            let time = self.all.get(position.min(self.all.len().saturating_sub(1)));
            time.map_or_else(String::new, |time| format!("{:.3} ms", time.as_secs_f64() * 1e3))
        };
        let number = self.all.len();
        println!("{name:<44} {number:>8} {:>9} {:>9} {:>9} {:>8}", at(0.5), at(0.99), at(1.0), self.unknown);
        if let Some((_, worst)) = self.worst {
            println!("  the worst: {worst}");
        }
    }
}
