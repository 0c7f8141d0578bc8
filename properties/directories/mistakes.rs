//! Mistakes that can be planted in the interpreter of directories: each contradicts a case that is written down.

use std::fs;
use std::path::Path;

use iamproof::evaluator::directory::DirectoryReading;
use iamproof::evaluator::directory::fault::DirectoryFault;

use super::written;

#[test]
fn each_mistake_about_directories_contradicts_a_case() {
    let mut cases = written::all();
    cases.retain(|case| case.differences(DirectoryReading::default()).is_empty());
    let mut unnoticed = Vec::new();
    for fault in DirectoryFault::ALL {
        let reading = DirectoryReading::with_fault(*fault);
        if cases.iter().all(|case| case.differences(reading).is_empty()) {
            unnoticed.push(fault.name());
        }
    }
    assert!(unnoticed.is_empty(), "no case notices {unnoticed:?}");
}

#[test]
fn each_mistake_about_directories_can_be_made() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/evaluator/directory");
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let sources: String = files.collect();
    for fault in DirectoryFault::ALL {
        assert!(sources.contains(&format!(", {})", fault.name())), "{} is read nowhere", fault.name());
    }
}
