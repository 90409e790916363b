//! The inputs that fuzzing starts from, and those that it once found, are answered.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "../fuzz/entries.rs"]
mod entries;

#[test]
fn every_seed_of_every_target_is_answered() {
    let seeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for (target, entry) in entries::ENTRIES {
        let files: Vec<_> = std::fs::read_dir(seeds.join(target))
            .unwrap_or_else(|error| panic!("no seeds for {target}: {error}"))
            .map(|file| file.unwrap().path())
            .collect();
        assert!(!files.is_empty(), "{target}");
        for file in files {
            entry(&std::fs::read(&file).unwrap());
        }
    }
}
