//! Checks that Z3 lies in `.z3/`, and tells the linker where, so that programs and tests find it without any environment variable.
//!
//! The crate z3-sys names the library to link (`-lz3`) and searches `Z3_LIBRARY_PATH_OVERRIDE`, which `.cargo/config.toml`
//! points at `.z3/lib`. What it leaves to us is the path at run time, and a clear word when the folder is not there: without
//! one the user would meet the linker's, at the very end of the build.

use std::env;
use std::fs;
use std::path::Path;

/// File names of the shared library, on Linux and on macOS.
const LIBRARIES: [&str; 2] = ["libz3.so", "libz3.dylib"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=Z3_LIBRARY_PATH_OVERRIDE");
    println!("cargo::rerun-if-env-changed=Z3_SYSTEM");
    match library_folder() {
        Ok(folder) => {
            println!("cargo::rustc-link-search=native={folder}");
            // Both linkers understand this spelling; macOS finds the wheel's library by its install name, @rpath/libz3.dylib.
            // Word by word, since `-Wl,-rpath,` would cut a folder's name at a comma.
            for word in ["-Xlinker", "-rpath", "-Xlinker", &folder] {
                println!("cargo::rustc-link-arg={word}");
            }
        }
        Err(message) => println!("cargo::error={message}"),
    }
}

/// The folder that holds the Z3 to link, or one line that says what is missing and how to get it.
fn library_folder() -> Result<String, String> {
    let folder = env::var("Z3_LIBRARY_PATH_OVERRIDE").map_err(|_| {
        "run cargo inside the project's folder: its .cargo/config.toml says where Z3 is".to_owned()
    })?;
    let library = LIBRARIES.iter().map(|name| Path::new(&folder).join(name)).find(|path| path.exists());
    let Some(library) = library else {
        // A path that does not exist counts as changed: the next build looks again.
        println!("cargo::rerun-if-changed={folder}");
        return Err(format!("no Z3 in {folder}: run `make z3` (or `Z3_SYSTEM=1 make z3`)"));
    };
    println!("cargo::rerun-if-changed={}", library.display());
    let origin = Path::new(&folder).with_file_name("origin");
    println!("cargo::rerun-if-changed={}", origin.display());
    let pinned = fs::read_to_string(&origin).is_ok_and(|text| text.starts_with("pinned"));
    if pinned && env::var("Z3_SYSTEM").is_ok_and(|value| value == "1") {
        return Err(format!("Z3_SYSTEM=1, but {folder} holds the pinned Z3: run `Z3_SYSTEM=1 make z3` once"));
    }
    Ok(folder)
}
