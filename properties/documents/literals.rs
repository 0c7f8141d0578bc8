//! The syntax of typed condition values, as COND-22, 25, 29 and 30 draw its borders.

use iamproof::iam::document::literal::{AddressForm, address_form, is_base64, is_instant, is_number};

fn check(name: &str, is_legal: fn(&str) -> bool, legal: &[&str], illegal: &[&str]) {
    for text in legal {
        assert!(is_legal(text), "`{text}` is a {name}");
    }
    for text in illegal {
        assert!(!is_legal(text), "`{text}` is no {name}");
    }
}

#[test]
fn numbers_have_digits_and_at_most_one_point() {
    let thirty = "123456789012345678901234567890";
    let long = format!("{thirty}.{thirty}");
    check(
        "number",
        is_number,
        &["0", "007", "+1", "-1", "-0", "10.0", "0.50", thirty, &long],
        &[
            "",
            "+",
            "-",
            "--1",
            "+-1",
            ".5",
            "5.",
            "1.2.3",
            "1e1",
            "0x10",
            " 1",
            "1 ",
            "1,5",
            "1_000",
            "٣",
            &format!("{thirty}1"),
            &format!("1.{thirty}1"),
            "∞",
            "NaN",
        ],
    );
}

#[test]
fn instants_are_seconds_or_w3c_dates_of_the_calendar() {
    check(
        "date",
        is_instant,
        &[
            "0",
            "2024",
            "-1",
            "123456789012345678",
            "2024-01",
            "0001-01-01",
            "9999-12-31",
            "2024-02-29",
            "2000-02-29",
            "2024-04-30",
            "2024-01-01T00:00",
            "2024-01-01T23:59:59",
            "2024-01-01T00:00:00.1",
            "2024-01-01T00:00:00.123456789",
            "2024-01-01T00:00Z",
            "2024-01-01t00:00:00z",
            "2024-01-01T00:00+23:59",
            "2024-01-01T00:00:00.5-00:00",
        ],
        &[
            "",
            "-",
            "+1",
            "1234567890123456789",
            "1.5",
            "0000-01-01",
            "2024-00",
            "2024-13",
            "2024-1",
            "24-01-01",
            "2024-01-00",
            "2024-01-32",
            "2024-04-31",
            "2023-02-29",
            "1900-02-29",
            "2024-02-30",
            "2024/01/01",
            "2024-01T00:00",
            "2024T00:00",
            "2024-01-01T",
            "2024-01-01T24:00",
            "2024-01-01T00:60",
            "2024-01-01T00:00:60",
            "2024-01-01T0:00",
            "2024-01-01T00",
            "2024-01-01T00:00:00.",
            "2024-01-01T00:00:00.1234567890",
            "2024-01-01T00:00.5",
            "2024-01-01T00:00+24:00",
            "2024-01-01T00:00+0000",
            "2024-01-01T00:00+00",
            "2024-01-01T00:00ZZ",
            "2024-01-01Z",
            "2024-01Z",
            "2024-01-01 00:00",
            "2024-01-01T00:00:00:00",
            "-2024-01-01",
            "2024-01-01T00:00 Z",
            "2024-01-01T00:00+01:00Z",
            "2024-01-01T00:00+01:00-01:00",
            "2024-W01-1",
            "２024-01-01",
        ],
    );
}

#[test]
fn base64_is_canonical() {
    check(
        "base64 text",
        is_base64,
        &["", "eA==", "eHk=", "eHl6", "+/+/", "AAAA"],
        &[
            "eA", "eA=", "eB==", "eHl=", "e===", "====", "=", "e A=", "eA==\n", "eA==eA==", "-_-_", "éA==",
            "eHl6=", "=eHl",
        ],
    );
}

#[test]
fn addresses_have_a_prefix_or_none() {
    let rows: &[(&str, Option<AddressForm>)] = &[
        ("203.0.113.7", Some(AddressForm::Version4)),
        ("0.0.0.0/0", Some(AddressForm::Version4)),
        ("10.1.2.3/8", Some(AddressForm::Version4)),
        ("255.255.255.255/32", Some(AddressForm::Version4)),
        ("2001:DB8::1", Some(AddressForm::Version6Host)),
        ("::", Some(AddressForm::Version6Host)),
        ("::ffff:192.0.2.1", Some(AddressForm::Version6Host)),
        ("::/0", Some(AddressForm::Version6Block)),
        ("1:2:3:4:5:6:7:8/128", Some(AddressForm::Version6Block)),
    ];
    for (text, form) in rows {
        assert_eq!(address_form(text), *form, "{text}");
    }
    check(
        "address",
        |text| address_form(text).is_some(),
        &[],
        &[
            "",
            "/8",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "10.0.0/8",
            "10.0.0.256",
            "10.0.0.01",
            "10.0.0.0 ",
            " 10.0.0.0",
            "0x0a.0.0.1",
            "1.2.3.4.5",
            "::/129",
            "::/0128",
            "fe80::1%eth0",
            ":::",
            "1:2:3",
            "[::1]",
            "12345::",
            "localhost",
            "*",
            "10.0.0.*",
        ],
    );
}
