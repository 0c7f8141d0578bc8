//! Trusts: what each side has on record, which records have an effect, and which domains they join (DIR-9 to DIR-13).
//!
//! Domains are numbers below a bound, and the records are a list: those that a concrete world has, or one for every ordered pair, each there or
//! not, where a law is proved.

use num_bigint::BigInt;

use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};

/// What one side has on record of the other.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The number of the domain whose record it is.
    pub owner: usize,
    /// The number of the domain on the other side.
    pub partner: usize,
    /// There is such a record.
    pub exists: Formula,
    /// Its direction is Incoming.
    pub incoming: Formula,
    /// Its direction is Outgoing.
    pub outgoing: Formula,
    /// Its direction is TwoWay.
    pub two_way: Formula,
    /// Its type is Forest; else it is External.
    pub forest: Formula,
    /// Its trust password: two of them are equal, or not.
    pub password: IntegerVariable,
}

/// Every trust on record, and which domains are of one forest.
#[derive(Clone, Debug)]
pub struct Trusts {
    /// The records; at most one for an owner and a partner.
    pub records: Vec<Record>,
    /// For two domains by their numbers, whether they are of one forest; symmetric, and true of a domain with itself.
    pub one_forest: Vec<Vec<Formula>>,
}

impl Trusts {
    /// Holds iff both domains are of one forest.
    // Rules: DIR-1, DIR-12.
    pub fn in_one_forest(&self, formulas: &Formulas, first: usize, second: usize) -> Formula {
        let known = self.one_forest.get(first).and_then(|row| row.get(second));
        known.copied().unwrap_or_else(|| formulas.falsum())
    }

    /// Holds iff users of the second domain may be accepted by the first: within a forest always, else by one trust and never by two.
    // Rules: DIR-10, DIR-12, DIR-13.
    pub fn trusts(&self, formulas: &mut Formulas, trusting: usize, trusted: usize) -> Formula {
        let mut ways = vec![self.in_one_forest(formulas, trusting, trusted)];
        for record in &self.records {
            let covers = self.covers(formulas, record, trusting, trusted);
            let works = self.outgoing_works(formulas, record);
            ways.push(formulas.and([covers, works]));
        }
        formulas.or(ways)
    }

    /// Holds iff the record is of an outgoing direction, and the other side's fits it.
    // Rule: DIR-10.
    pub fn outgoing_works(&self, formulas: &mut Formulas, record: &Record) -> Formula {
        let points_out = formulas.or([record.outgoing, record.two_way]);
        let complement = self.has_complement(formulas, record);
        formulas.and([record.exists, points_out, complement])
    }

    /// Holds iff the other side has the exact complement on record.
    // Rules: DIR-9, DIR-10.
    pub fn has_complement(&self, formulas: &mut Formulas, record: &Record) -> Formula {
        let mut complements = Vec::new();
        for other in &self.records {
            if other.owner == record.partner && other.partner == record.owner {
                let facing = [
                    formulas.and([record.outgoing, other.incoming]),
                    formulas.and([record.incoming, other.outgoing]),
                    formulas.and([record.two_way, other.two_way]),
                ];
                let direction = formulas.or(facing);
                let extent = formulas.iff(record.forest, other.forest);
                let terms = [(BigInt::from(1), record.password), (BigInt::from(-1), other.password)];
                let password = formulas.linear(terms, Relation::Equal, BigInt::from(0));
                complements.push(formulas.and([other.exists, direction, extent, password]));
            }
        }
        formulas.or(complements)
    }

    /// Holds iff the record, if it works, is about these two domains: an External one about the two that it names, a Forest one about every
    /// domain of the one forest towards every domain of the other.
    // Rule: DIR-13.
    fn covers(&self, formulas: &mut Formulas, record: &Record, from: usize, to: usize) -> Formula {
        let external = formulas.not(record.forest);
        let named = record.owner == from && record.partner == to;
        let own = self.in_one_forest(formulas, record.owner, from);
        let others = self.in_one_forest(formulas, record.partner, to);
        let by_forest = formulas.and([record.forest, own, others]);
        if named { formulas.or([external, by_forest]) } else { by_forest }
    }
}
