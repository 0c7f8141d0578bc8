//! Addresses of conditions: the texts of COND-30, and the blocks that policies name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::regular::{any_of, between, choice, optional, sequence};
use crate::solver::formula::{AddressNotation, Block};
use crate::solver::regular::{CharacterSet, Regular};

/// The notation of COND-30: dotted quads, and the texts of RFC 4291, the last four bytes dotted or not.
pub const ADDRESS: AddressNotation = AddressNotation { name: "address", read, write, spellings, within };

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

/// The IPv4-mapped IPv6 addresses, `::ffff:0:0/96`.
pub const MAPPED: Block =
    Block { address: IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0)), prefix: 96 };

/// The IPv4 block that a block of mapped addresses stands for; any other block as it is.
pub fn unmapped(block: Block) -> Block {
    let four = match block.address {
        IpAddr::V6(address) => address.to_ipv4_mapped(),
        IpAddr::V4(_) => None,
    };
    match (four, block.prefix.checked_sub(MAPPED.prefix)) {
        (Some(address), Some(prefix)) => Block { address: IpAddr::V4(address), prefix },
        (Some(_), None) | (None, _) => block,
    }
}

/// The block of the mapped forms of an IPv4 block's addresses; `None` for a block of IPv6.
pub fn mapped(block: Block) -> Option<Block> {
    match block.address {
        IpAddr::V4(address) => {
            let prefix = block.prefix + MAPPED.prefix;
            Some(Block { address: IpAddr::V6(address.to_ipv6_mapped()), prefix })
        }
        IpAddr::V6(_) => None,
    }
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

/// The spellings of the addresses of a block.
fn within(block: Block) -> Regular {
    match block.address {
        IpAddr::V4(base) => dotted_within(&base.octets(), 0, block.prefix),
        IpAddr::V6(base) => six_within(base, block.prefix),
    }
}

/// Dotted bytes, of which the first is at this place of the address, under the prefix of the block.
fn dotted_within(octets: &[u8], place: u8, prefix: u8) -> Regular {
    let octet = |(place, octet): (u8, &u8)| {
        let free = 8 - fixed_bits(prefix, place, 8);
        let same = |number: &u16| number >> free == u16::from(*octet) >> free;
        any_of((0..=255).filter(same).map(|number: u16| number.to_string()))
    };
    joined((place..).zip(octets).map(octet), ".")
}

/// How many bits of the part at this place, of parts of this size, are under the prefix.
fn fixed_bits(prefix: u8, place: u8, size: u8) -> u8 {
    prefix.saturating_sub(place.saturating_mul(size)).min(size)
}

/// The parts with the separator between them.
fn joined(parts: impl IntoIterator<Item = Regular>, separator: &str) -> Regular {
    let mut all = Vec::new();
    for part in parts {
        if !all.is_empty() {
            all.push(Regular::text(separator));
        }
        all.push(part);
    }
    sequence(all)
}

/// A form of each number of groups on either side of `::`, where those left out can be zero, and the form without it.
fn six_within(base: Ipv6Addr, prefix: u8) -> Regular {
    let octets = base.octets();
    let groups: Vec<Group> =
        (0..).zip(base.segments()).map(|(place, group)| Group::new(group, place, prefix)).collect();
    let written = |groups: &[Group]| joined(groups.iter().map(Group::written), ":");
    // The last two groups may be written as dotted bytes.
    let ending = |groups: &[Group]| {
        let plain = written(groups);
        match (groups.len().checked_sub(2), octets.split_at_checked(12)) {
            (Some(front), Some((_, last))) => {
                let front = groups.iter().take(front).map(Group::written);
                choice([plain, joined(front.chain([dotted_within(last, 12, prefix)]), ":")])
            }
            (None, _) | (_, None) => plain,
        }
    };
    let mut forms = vec![ending(&groups)];
    for left in 0..8 {
        for right in left + 1..=8 {
            let (Some(before), Some(without), Some(behind)) =
                (groups.get(..left), groups.get(left..right), groups.get(right..))
            else {
                continue;
            };
            if without.iter().all(Group::can_be_zero) {
                forms.push(sequence([written(before), Regular::text("::"), ending(behind)]));
            }
        }
    }
    choice(forms)
}

/// A group of an IPv6 address under a prefix: the values that each of its hexadecimal digits can have.
struct Group {
    digits: Vec<Vec<u16>>,
}

impl Group {
    fn new(group: u16, place: u8, prefix: u8) -> Group {
        let fixed = fixed_bits(prefix, place, 16);
        let digits = (0..4).map(|digit| {
            let free = 4 - fixed_bits(fixed, digit, 4);
            let own = group >> (12 - 4 * digit) & 0xF;
            (0..16).filter(|value: &u16| value >> free == own >> free).collect()
        });
        Group { digits: digits.collect() }
    }

    fn can_be_zero(&self) -> bool {
        self.digits.iter().all(|digit| digit.contains(&0))
    }

    /// The group with leading zeros or without them; at least one digit.
    fn written(&self) -> Regular {
        let digit = |values: &Vec<u16>| {
            let cases = values.iter().filter_map(|&value| char::from_digit(value.into(), 16));
            Regular::Character(CharacterSet::of(cases).folded())
        };
        let droppable = self.digits.iter().take(3).take_while(|digit| digit.contains(&0)).count();
        choice((0..=droppable).map(|dropped| sequence(self.digits.iter().skip(dropped).map(digit))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::evaluate::{belongs, in_block};

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
    fn blocks_part_the_spellings() {
        let texts = [
            "0.0.0.0",
            "10.0.0.1",
            "10.255.0.9",
            "11.0.0.0",
            "255.255.255.255",
            "::",
            "::1",
            "1::",
            "2001:DB8:0:0::7",
            "2001:db8::",
            "2001:0db8:8000::",
            "1:2:3:4:5:6:7::",
            "::ffff:203.0.113.7",
            "::ffff:203.0.113.8",
            "1:2:3:4:5:6:203.0.113.7",
            "1:2:3:4:5:6:cb00:7107",
            "1:2:3:4:5::203.0.113.7",
            "0:0:0:0:0:0:0:1",
        ];
        for base in texts {
            for prefix in [0, 1, 7, 8, 17, 30, 32, 33, 47, 96, 97, 126, 128] {
                let address = read(base).unwrap();
                if address.is_ipv4() && prefix > 32 {
                    continue;
                }
                let block = Block { address, prefix };
                for text in texts {
                    let inside = in_block(read(text).unwrap(), block);
                    assert_eq!(belongs(text, &within(block)), inside, "{text} and {base}/{prefix}");
                }
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
