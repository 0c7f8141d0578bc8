//! Claims: the universal laws of `docs/semantics.md`, and how each is known.

pub mod catalog;
pub mod known;
pub mod rules;

pub mod elements;
pub mod sets;

mod induction;
mod obligation;

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn quick() {
        for n in 1..29 {
            let id = format!("INV-{n}");
            let t = std::time::Instant::now();
            let p = sets::proof(&id, &rules::OwnRules).or_else(|| elements::proof(&id, &rules::OwnRules));
            if let Some(p) = p {
                let k = p.obligations.len();
                println!("{id} {k} {:?} {:?}", p.discharged(crate::solver::Limits::default()), t.elapsed());
            }
        }
    }
}
