//! IP addresses and blocks of them.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::reading::{Reading, mistaken};
use crate::iam::assumption::Alternative;

/// How many bits stand before the IPv4 address in an IPv6 one that is mapped from it.
const MAPPED: u32 = 96;

/// A block of addresses of one family, as the bits that all its members share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    first: Address,
    prefix: u32,
}

/// One address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    V4(u32),
    V6(u128),
}

impl Address {
    /// Reads a dotted quad without leading zeros, or IPv6 text without a zone.
    ///
    /// The standard library reads exactly these: its IPv4 refuses leading zeros, and its IPv6 knows no zones.
    // Rule: COND-30.
    fn parse(text: &str) -> Option<Address> {
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(Address::V4(address.to_bits()));
        }
        text.parse::<Ipv6Addr>().ok().map(|address| Address::V6(address.to_bits()))
    }

    /// Reads the address of a context.
    pub(super) fn parse_in_context(text: &str, reading: Reading) -> Option<Address> {
        let address = Address::parse(text)?;
        Some(address.unwrapped(reading).unwrap_or(address))
    }

    /// The IPv4 address that an IPv6 one is mapped from, where that is what it counts as.
    // Rules: COND-31, OPEN-1.
    fn unwrapped(self, reading: Reading) -> Option<Address> {
        match self {
            Address::V4(_) => None,
            Address::V6(bits) => Ipv6Addr::from_bits(bits)
                .to_ipv4_mapped()
                .filter(|_| reading.takes(Alternative::MappedIsIpv4))
                .map(|mapped| Address::V4(mapped.to_bits())),
        }
    }

    /// How many bits an address of the family has.
    fn width(self) -> u32 {
        match self {
            Address::V4(_) => u32::BITS,
            Address::V6(_) => u128::BITS,
        }
    }
}

impl Block {
    /// Reads an address with an optional `/prefix`; without one, the block is that one address.
    // Rules: COND-30, OPEN-1.
    pub(super) fn parse(text: &str, reading: Reading) -> Option<Block> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (Address::parse(address)?, Some(prefix)),
            None => (Address::parse(text)?, None),
        };
        let prefix = match prefix {
            Some(digits) => Some(prefix_length(digits).filter(|prefix| *prefix <= address.width())?),
            None => None,
        };
        let (address, prefix) = match (address.unwrapped(reading), prefix) {
            (Some(unwrapped), None) => (unwrapped, None),
            (Some(unwrapped), Some(prefix)) if prefix >= MAPPED => (unwrapped, Some(prefix - MAPPED)),
            (Some(_) | None, prefix) => (address, prefix),
        };
        let prefix = match (prefix, address) {
            (Some(prefix), _) => prefix,
            (None, _) if mistaken!(reading, NoPrefixIsEveryAddress) => 0,
            (None, Address::V6(_)) if reading.takes(Alternative::Ipv6WithoutPrefixIs32) => 32,
            (None, Address::V4(_) | Address::V6(_)) => address.width(),
        };
        let prefix = if mistaken!(reading, PrefixOffByOne) { prefix.saturating_sub(1) } else { prefix };
        Some(Block { first: address, prefix })
    }

    /// Whether the address that the block was written with has bits behind the prefix; they mean nothing.
    fn has_host_bits(self) -> bool {
        match self.first {
            Address::V4(first) => first.checked_shl(self.prefix).unwrap_or(0) != 0,
            Address::V6(first) => first.checked_shl(self.prefix).unwrap_or(0) != 0,
        }
    }

    /// Whether the address lies in the block; never if they are of two families.
    // Rules: COND-30, COND-31.
    pub(super) fn contains(self, address: Address, reading: Reading) -> bool {
        if self.has_host_bits() && mistaken!(reading, HostBitsCount) {
            return false;
        }
        match (self.first, address) {
            (Address::V4(first), Address::V4(address)) => (first ^ address).leading_zeros() >= self.prefix,
            (Address::V6(_), Address::V6(_)) if mistaken!(reading, Ipv6NeverMatches) => false,
            (Address::V6(first), Address::V6(address)) => (first ^ address).leading_zeros() >= self.prefix,
            (Address::V4(_), Address::V6(_)) | (Address::V6(_), Address::V4(_)) => false,
        }
    }
}

/// Reads one to three digits without a leading zero.
fn prefix_length(digits: &str) -> Option<u32> {
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    if digits.is_empty() || digits.len() > 3 || leading_zero || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}
