//! The JSON reader: what RFC 8259 allows is read with its places, what it does not allow is refused with its place.

use iamproof::iam::json::{Json, MAX_DEPTH, Problem, Shape, Value};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Text, kind of problem, pointer, line, column, and a part of the message.
const REFUSED: &[(&str, Problem, &str, u32, u32, &str)] = &[
    ("", Problem::Syntax, "", 1, 1, "the text ends where a value is expected"),
    ("{", Problem::Syntax, "", 1, 2, "member name"),
    ("{\"a\"}", Problem::Syntax, "", 1, 5, "`:`"),
    ("{\"a\":1,}", Problem::Syntax, "", 1, 8, "member name"),
    ("{\"a\":1 \"b\":2}", Problem::Syntax, "", 1, 8, "`,` or `}`"),
    ("[1,]", Problem::Syntax, "/1", 1, 4, "found `]` where a value"),
    ("[1 2]", Problem::Syntax, "", 1, 4, "`,` or `]`"),
    ("{\"a\": [1,\n  {\"b~/\": tru}]}", Problem::Syntax, "/a/1/b~0~1", 2, 11, "found `t`"),
    ("[] x", Problem::Syntax, "", 1, 4, "the end of the text"),
    ("01", Problem::Syntax, "", 1, 2, "needless"),
    ("-", Problem::Syntax, "", 1, 2, "a digit"),
    ("1.", Problem::Syntax, "", 1, 3, "a digit"),
    ("1e+", Problem::Syntax, "", 1, 4, "a digit"),
    ("+1", Problem::Syntax, "", 1, 1, "found `+`"),
    ("NaN", Problem::Syntax, "", 1, 1, "found `N`"),
    ("'a'", Problem::Syntax, "", 1, 1, "found `'`"),
    ("\"a", Problem::Syntax, "", 1, 3, "the text ends"),
    ("\"a\nb\"", Problem::Syntax, "", 1, 3, "U+000A"),
    ("\"a\u{0}b\"", Problem::Syntax, "", 1, 3, "U+0000"),
    ("{}\u{0}", Problem::Syntax, "", 1, 3, "U+0000"),
    ("\"\\x\"", Problem::Syntax, "", 1, 2, "unknown escape"),
    ("\"\\", Problem::Syntax, "", 1, 3, "the text ends"),
    ("\"\\u12g4\"", Problem::Syntax, "", 1, 2, "four hexadecimal digits"),
    ("\"\\u12", Problem::Syntax, "", 1, 2, "four hexadecimal digits"),
    ("\u{FEFF}{}", Problem::Syntax, "", 1, 1, "byte order mark"),
    ("// no\n{}", Problem::Syntax, "", 1, 1, "found `/`"),
    ("[\"é\", \"\\ud800\"]", Problem::LoneSurrogate, "/1", 1, 8, "`\\ud800`"),
    ("\"\\udc00\\ud800\"", Problem::LoneSurrogate, "", 1, 2, "`\\udc00`"),
    ("\"\\ud800\\u0041\"", Problem::LoneSurrogate, "", 1, 2, "`\\ud800`"),
];

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    for (text, problem, pointer, line, column, message) in REFUSED {
        let error = Json::read(text.as_bytes()).expect_err(text);
        let position = error.position();
        assert_eq!(
            (error.problem(), error.pointer(), position.line, position.column),
            (*problem, *pointer, *line, *column),
            "{text}: {error}"
        );
        assert!(error.message().contains(message), "{text}: {error}");
    }
}

#[test]
fn invalid_utf8_is_refused_with_its_place() {
    let error = Json::read(b"[\n \"\xC3\xA9\xFF\"]").expect_err("0xFF is no UTF-8");
    assert_eq!(error.to_string(), "at line 2, column 4: invalid UTF-8 (byte 0xFF)");
}

#[test]
fn a_hundred_megabytes_of_brackets_are_refused_at_the_depth_limit() {
    let text = vec![b'['; 100 << 20];
    let error = Json::read(&text).expect_err("nested too deeply");
    assert_eq!(error.problem(), Problem::Limit);
    assert_eq!(error.position().column as usize, MAX_DEPTH + 1);
}

#[test]
fn the_deepest_legal_nesting_is_read() {
    let text = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert!(Json::read(text.as_bytes()).is_ok());
}

#[test]
fn strings_are_decoded_and_numbers_keep_their_source() {
    let json = Json::read(r#"["\"\\\/\b\f\n\r\t", "\u00e9\uD83D\ude00", 1e1, -0.50, true, null]"#.as_bytes())
        .unwrap();
    let shapes: Vec<_> = json.top().items().unwrap().map(|item| item.shape().clone()).collect();
    assert_eq!(
        shapes,
        [
            Shape::String("\"\\/\u{8}\u{c}\n\r\t".into()),
            Shape::String("é😀".into()),
            Shape::Number("1e1"),
            Shape::Number("-0.50"),
            Shape::Bool(true),
            Shape::Null,
        ]
    );
}

#[test]
fn repeated_members_are_kept_and_reported() {
    let mut text = String::from("{\"x\": {\"a\": 1, \"a\": 2}");
    for index in 0..40 {
        text.push_str(&format!(", \"k{}\": 0", index % 39));
    }
    text.push('}');
    let json = Json::read(text.as_bytes()).unwrap();
    let places: Vec<String> =
        json.duplicates_within(json.top().value()).iter().map(|offset| json.place(*offset).pointer).collect();
    assert_eq!(places, ["/x/a", "/k0"]);
    let error = json.top().fields_among_others().expect_err("k0 comes twice");
    assert_eq!(error.message(), "`k0` comes twice in one object");
}

#[test]
fn unknown_fields_are_errors_with_place_and_hint() {
    let json = Json::read(b"{\n  \"becuase\": 1,\n  \"other\": 2}").unwrap();
    let error = json.top().fields(&["because", "rule"]).expect_err("unknown field");
    assert_eq!(
        error.to_string(),
        "at `/becuase` (line 2, column 3): unknown field `becuase`; did you mean `because`?"
    );
    let error = json.top().fields(&["becuase", "rule"]).expect_err("unknown field");
    assert_eq!(
        error.to_string(),
        "at `/other` (line 3, column 3): unknown field `other`; expected one of `becuase`, `rule`"
    );
    let fields = json.top().fields(&["becuase", "other", "rule"]).unwrap();
    let error = fields.required("rule").expect_err("missing");
    assert_eq!(error.to_string(), "at line 1, column 1: the field `rule` is missing");
    let error = fields.required("other").unwrap().string().expect_err("a number");
    assert_eq!(error.to_string(), "at `/other` (line 3, column 12): expected a string, found a number");
}

/// Every value and member name lies within the text, and its pointer leads back to it.
fn check_places(json: &Json<'_>, value: &Value<'_>, pointer: &str) {
    assert!(value.span.start < value.span.end && value.span.end as usize <= json.text().len());
    let place = json.place(value.span.start);
    assert_eq!(place.pointer, pointer);
    let line = json.text().split('\n').nth(place.position.line as usize - 1).expect("the line exists");
    assert!(place.position.column as usize <= line.chars().count());
    match &value.shape {
        Shape::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check_places(json, item, &format!("{pointer}/{index}"));
            }
        }
        Shape::Object(members) => {
            for member in members {
                let token = member.name.replace('~', "~0").replace('/', "~1");
                assert_eq!(json.place(member.name_start).pointer, format!("{pointer}/{token}"));
                check_places(json, &member.value, &format!("{pointer}/{token}"));
            }
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) => {}
    }
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "[a/~\"\\\\é\u{1F600}\\n]{0,4}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::vec(("[a-c/~é]{0,2}", inner), 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same value in serde_json's words.
fn as_serde(value: &Value<'_>) -> serde_json::Value {
    match &value.shape {
        Shape::Null => serde_json::Value::Null,
        Shape::Bool(value) => (*value).into(),
        Shape::Number(source) => serde_json::from_str(source).expect("a number"),
        Shape::String(text) => text.as_ref().into(),
        Shape::Array(items) => items.iter().map(as_serde).collect(),
        Shape::Object(members) => serde_json::Value::Object(
            members.iter().map(|member| (member.name.to_string(), as_serde(&member.value))).collect(),
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn what_serde_json_writes_is_read_the_same(value in json_value()) {
        for text in [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap()] {
            let json = Json::read(text.as_bytes()).unwrap();
            prop_assert_eq!(as_serde(json.top().value()), value.clone());
            check_places(&json, json.top().value(), "");
        }
    }

    #[test]
    fn both_readers_agree_on_what_is_json(
        text in "[\\[\\]{}:,\"a0-9.eE+\\- \\n\\\\utrfalsn]{0,12}",
    ) {
        let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        prop_assert_eq!(Json::read(text.as_bytes()).is_ok(), theirs, "{}", text);
    }

    #[test]
    fn any_bytes_are_read_or_refused_within_the_text(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Err(error) = Json::read(&bytes) {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            prop_assert!(error.position().line as usize <= lines);
        }
    }
}
