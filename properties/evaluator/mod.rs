//! The first reading by itself: tables whose answers are taken from the rules, never from the code.

mod written;

#[cfg(test)]
mod scratch {
    use super::written::Case;

    #[test]
    fn worked_examples() {
        let folder = std::env::var("EXAMPLES").expect("EXAMPLES");
        let mut wrong = 0;
        let mut n = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "json") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            for request in value["requests"].as_array().unwrap() {
                let case = Case::read(&value["policies"], request);
                n += 1;
                let got = case.decide();
                let want = request["reason"].as_str().unwrap_or("?");
                if got.code() != want {
                    wrong += 1;
                    println!("{path:?}: want {want}, got {got}");
                }
            }
        }
        println!("{n} cases, {wrong} wrong");
        assert_eq!(wrong, 0);
    }
}
