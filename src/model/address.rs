//! Addresses of conditions: the texts of COND-30, and the blocks that policies name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::regular::{any_of, between, choice, optional, sequence};
use crate::solver::formula::{AddressNotation, Block};
use crate::solver::regular::{CharacterSet, Regular};

/// The notation of COND-30: dotted quads, and the texts of RFC 4291, the last four bytes dotted or not.
pub const ADDRESS: AddressNotation = AddressNotation { name: "address", read, write, spellings };

/// The block that a policy value names; without a prefix the single host.
// Rule: COND-30.
pub fn read_block(text: &str) -> Option<Block> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (read(address)?, Some(prefix)),
        None => (read(text)?, None),
    };
    let longest = match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    };
    let prefix = match prefix {
        None => longest,
        Some(digits) => decimal(digits, longest.into())?.try_into().ok()?,
    };
    Some(Block { address, prefix })
}

/// The address that a text spells; `None` where it spells none.
fn read(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        read_six(text).map(|address| IpAddr::V6(Ipv6Addr::from(address)))
    } else {
        read_four(text).map(|address| IpAddr::V4(Ipv4Addr::from(address)))
    }
}

fn read_four(text: &str) -> Option<[u8; 4]> {
    let mut octets = text.split('.');
    let mut next = || decimal(octets.next()?, 255)?.try_into().ok();
    let address = [next()?, next()?, next()?, next()?];
    octets.next().is_none().then_some(address)
}

/// Digits without leading zeros, at most `most`.
fn decimal(text: &str, most: u32) -> Option<u32> {
    let legal = !text.is_empty()
        && text.len() <= 3
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    let number: u32 = if legal { text.parse().ok()? } else { return None };
    (number <= most).then_some(number)
}

/// Eight groups, or fewer around one `::`, which stands for the missing ones: at least one.
fn read_six(text: &str) -> Option<[u16; 8]> {
    let groups = match text.split_once("::") {
        None => groups(text)?,
        Some((left, right)) => {
            let (left, right) = (dotless_groups(left)?, groups(right)?);
            let missing = 8usize.checked_sub(left.len() + right.len()).filter(|&missing| missing > 0)?;
            [left, vec![0; missing], right].concat()
        }
    };
    groups.try_into().ok()
}

/// Groups between colons, the last two of which may be one dotted quad; no groups where there is no text.
fn groups(text: &str) -> Option<Vec<u16>> {
    let (front, last) = match text.rsplit_once(':') {
        Some((front, last)) => (Some(front), last),
        None => (None, text),
    };
    if !last.contains('.') {
        return dotless_groups(text);
    }
    let [a, b, c, d] = read_four(last)?;
    let mut groups = match front {
        Some("") => return None,
        Some(front) => dotless_groups(front)?,
        None => Vec::new(),
    };
    groups.extend([u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])]);
    Some(groups)
}

fn dotless_groups(text: &str) -> Option<Vec<u16>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(':')
        .map(|group| {
            let legal = group.len() <= 4 && group.bytes().all(|byte| byte.is_ascii_hexdigit());
            if legal { u16::from_str_radix(group, 16).ok() } else { None }
        })
        .collect()
}

fn write(address: &IpAddr) -> Vec<String> {
    match address {
        IpAddr::V4(address) => vec![address.to_string()],
        IpAddr::V6(address) => {
            let groups = address.segments();
            let full = groups.map(|group| format!("{group:x}")).join(":");
            let padded = groups.map(|group| format!("{group:04x}")).join(":");
            let mut spellings = vec![address.to_string(), full];
            spellings.push(address.to_string().to_ascii_uppercase());
            spellings.push(padded);
            spellings
        }
    }
}

fn spellings() -> Regular {
    choice([dotted_quad(), six()])
}

fn dotted_quad() -> Regular {
    let octet = || any_of((0..=255).map(|number: u32| number.to_string()));
    let dot = || Regular::text(".");
    sequence([octet(), dot(), octet(), dot(), octet(), dot(), octet()])
}

/// The texts of IPv6 addresses, by how many groups stand behind `::` (RFC 3986 writes them the same way).
fn six() -> Regular {
    let hexadecimal = || Regular::Character(CharacterSet::of_ranges([('0', '9'), ('a', 'f'), ('A', 'F')]));
    let group = || between(hexadecimal(), 1, 4);
    let colon = || Regular::text(":");
    let led = |count: u32| between(sequence([group(), colon()]), count, count);
    let tail = || choice([sequence([group(), colon(), group()]), dotted_quad()]);
    // Up to `most` groups in front of `::`.
    let before = |most: u32| match most {
        0 => Regular::text(""),
        _ => optional(sequence([between(sequence([group(), colon()]), 0, most - 1), group()])),
    };
    let mut forms = vec![sequence([led(6), tail()])];
    // Behind `::` stand `count` groups, the last two of which may be dotted.
    for count in 2..=7 {
        forms.push(sequence([before(7 - count), Regular::text("::"), led(count - 2), tail()]));
    }
    forms.push(sequence([before(6), Regular::text("::"), group()]));
    forms.push(sequence([before(7), Regular::text("::")]));
    choice(forms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::evaluate::belongs;

    #[test]
    fn addresses_are_those_of_the_rule() {
        for (text, address) in [
            ("0.0.0.0", "0.0.0.0"),
            ("255.255.255.255", "255.255.255.255"),
            ("::", "::"),
            ("::1", "::1"),
            ("1::", "1::"),
            ("2001:DB8:0:0::7", "2001:db8::7"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("::ffff:203.0.113.7", "::ffff:203.0.113.7"),
            ("1:2:3:4:5:6:203.0.113.7", "1:2:3:4:5:6:cb00:7107"),
            ("1:2:3:4:5::203.0.113.7", "1:2:3:4:5:0:cb00:7107"),
            ("0001::", "1::"),
        ] {
            assert_eq!(read(text), address.parse().ok(), "{text}");
            assert!(belongs(text, &spellings()), "{text}");
        }
    }

    #[test]
    fn no_other_text_is_an_address() {
        for text in [
            "",
            ":",
            ":::",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "01.2.3.4",
            "256.1.1.1",
            "1.2.3.-4",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "1::2::3",
            "1:2:3:4::5:6:7:8",
            "12345::",
            "g::",
            "::1%eth0",
            "1.2.3.4::",
            "::1.2.3.4:5",
            "1:2:3:4:5:6:7:1.2.3.4",
            " 1.2.3.4",
        ] {
            assert_eq!(read(text), None, "{text}");
            assert!(!belongs(text, &spellings()), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["203.0.113.7", "::", "2001:db8::1", "::ffff:1.2.3.4", "1:0:0:2::3", "a:b:c:d:e:f:0:1"] {
            let address = read(text).unwrap();
            for spelled in write(&address) {
                assert_eq!(read(&spelled), Some(address), "{spelled}");
                assert!(belongs(&spelled, &spellings()), "{spelled}");
            }
        }
    }

    #[test]
    fn blocks_have_a_prefix_or_are_one_host() {
        for (text, prefix) in [
            ("203.0.113.0/24", Some(24)),
            ("203.0.113.0", Some(32)),
            ("2001:db8::/0", Some(0)),
            ("2001:db8::", Some(128)),
            ("10.0.0.0/33", None),
            ("::/129", None),
            ("10.0.0.0/08", None),
            ("10.0.0.0/", None),
            ("10.0.0.0/+8", None),
        ] {
            assert_eq!(read_block(text).map(|block| block.prefix), prefix, "{text}");
        }
    }
}
