//! The texts of addresses against the parser of the standard library: which there are, and which of them lie in a block.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use iamproof::model::address::{ADDRESS, read_block};
use iamproof::solver::regular::Regular;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Where a text that begins in front of these characters can end, for each place where it can begin.
fn ends(regular: &Regular, text: &[char], starts: Vec<usize>) -> Vec<usize> {
    let mut found: Vec<usize> = match regular {
        Regular::Text(literal) => {
            let literal: Vec<char> = literal.chars().collect();
            let fits = |start: &usize| text[*start..].starts_with(&literal);
            starts.into_iter().filter(fits).map(|start| start + literal.len()).collect()
        }
        Regular::Character(set) => {
            let fits = |start: &usize| text.get(*start).is_some_and(|character| set.contains(*character));
            starts.into_iter().filter(fits).map(|start| start + 1).collect()
        }
        Regular::Sequence(parts) => parts.iter().fold(starts, |starts, part| ends(part, text, starts)),
        Regular::Choice(parts) => parts.iter().flat_map(|part| ends(part, text, starts.clone())).collect(),
        Regular::Repeat { part, least, most } => {
            let mut all = Vec::new();
            let mut now = starts;
            for count in 0..=most.map_or(text.len(), |most| most as usize).max(*least as usize) {
                if count >= *least as usize {
                    all.extend(&now);
                }
                now = ends(part, text, now);
            }
            all
        }
    };
    found.sort_unstable();
    found.dedup();
    found
}

fn is_in(regular: &Regular, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    ends(regular, &text, vec![0]).contains(&text.len())
}

/// Groups around `::` or without it, the last two dotted or not, some more and some fewer than an address has.
fn forms() -> Vec<String> {
    let groups = |count: usize| ["1", "ab", "0", "FFFF", "c0de", "7", "0000", "e", "d9"][..count].join(":");
    let mut forms = Vec::new();
    for before in 0..=9 {
        forms.push(groups(before));
        forms.push(format!("{}:10.0.0.255", groups(before)));
        for behind in 0..=9 {
            let front = format!("{}::{}", groups(before), groups(behind));
            forms.push(format!("{front}:0.1.2.3"));
            forms.push(front);
        }
        forms.push(format!("{}::10.0.0.1", groups(before)));
    }
    let odd = [
        "::1::",
        "1:2:3:4:5:6:7:00008",
        "::g",
        ":::",
        "::1.2.3",
        "1.2.3.4::",
        "::1.2.3.256",
        "::01.2.3.4",
        "1.2.3.04",
    ];
    forms.extend(odd.map(str::to_owned));
    forms.extend(
        ["255.255.255.255", "256.1.1.1", "1.2.3", "1.2.3.4.5", "::%1", "[::]", " ::"].map(str::to_owned),
    );
    forms
}

#[test]
fn a_text_spells_an_address_where_the_standard_library_reads_one() {
    let spellings = (ADDRESS.spellings)();
    for form in forms() {
        let parsed: Option<IpAddr> = form.parse().ok();
        assert_eq!((ADDRESS.read)(&form), parsed, "reading {form}");
        assert_eq!(is_in(&spellings, &form), parsed.is_some(), "the language of addresses, and {form}");
    }
}

/// Some spellings of an address: as short as can be, all groups in full, and with the last four bytes dotted.
fn spelled(address: IpAddr) -> Vec<String> {
    let IpAddr::V6(six) = address else { return vec![address.to_string()] };
    let groups = six.segments().map(|group| format!("{group:04X}"));
    let [.., a, b, c, d] = six.octets();
    vec![six.to_string(), groups.join(":"), format!("{}:{a}.{b}.{c}.{d}", groups[..6].join(":"))]
}

/// A block, and an address that shares some number of leading bits with it.
fn near() -> impl Strategy<Value = (IpAddr, u8, IpAddr)> {
    let bits = prop_oneof![any::<u128>(), Just(0), any::<u16>().prop_map(u128::from), Just(0xffff_0a00_0001)];
    (any::<bool>(), bits, any::<u128>(), 0..=128u32, 0..=128u8).prop_map(
        |(is_four, bits, other, shared, prefix)| {
            let kept = u128::MAX.checked_shl(128 - shared).unwrap_or(0);
            let near = (bits & kept) | (other & !kept);
            let last = |bits: u128| Ipv4Addr::from(bits as u32);
            if is_four {
                (last(bits).into(), prefix.min(32), last(near).into())
            } else {
                (Ipv6Addr::from(bits).into(), prefix, Ipv6Addr::from(near).into())
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn the_texts_within_a_block_are_those_of_its_addresses((base, prefix, address) in near()) {
        let block = read_block(&format!("{base}/{prefix}")).expect("a block");
        let leading = |address: IpAddr| match address {
            IpAddr::V4(four) => u128::from(u32::from(four)) << 96,
            IpAddr::V6(six) => u128::from(six),
        };
        let differ = leading(base) ^ leading(address);
        let is_within = differ.leading_zeros() >= u32::from(prefix);
        let language = (ADDRESS.within)(block);
        for text in spelled(address) {
            prop_assert_eq!(is_in(&language, &text), is_within, "{} and {}/{}", text, base, prefix);
        }
        for text in (ADDRESS.write)(&address) {
            prop_assert_eq!((ADDRESS.read)(&text), Some(address));
        }
    }
}
