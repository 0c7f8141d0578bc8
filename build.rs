//! Tells the linker where the pinned Z3 lies, so that the programs find it at run time without any environment variable.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo:rerun-if-env-changed=Z3_LIBRARY_PATH_OVERRIDE");
    println!("cargo:rerun-if-changed=build.rs");
    if let Ok(folder) = env::var("Z3_LIBRARY_PATH_OVERRIDE") {
        let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        let folder = Path::new(&root).join(folder);
        println!("cargo:rustc-link-search=native={}", folder.display());
        println!("cargo:rustc-link-arg=-Wl,-rpath,{}", folder.display());
    }
}
