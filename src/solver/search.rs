//! The Boolean search for questions of ordinary size.
//!
//! A small search in the manner of modern satisfiability solvers: clauses watched by two of their literals, a contradiction analysed to its
//! first unique implication point, the clause learnt from it, a jump back. Two things differ, and are why it stands before Z3:
//!
//! - It decides only what the goal demands: an undecided choice whose head holds. When no choice is open the goal is true, whatever the
//!   rest may be, and what was not decided does not matter. Proposals are small, and so are the questions to the procedures beneath.
//! - It starts afresh with every question, in an order that the formulas alone settle. The same question gets the same answer on any thread
//!   and after any other question. Z3's search depends on what its context did before, and a fresh context takes two milliseconds.

use super::clauses::{Choice, Clauses, Literal};

/// What the search has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proposal {
    /// The present values make the goal true.
    Holds,
    /// Nothing does.
    Impossible,
    /// The limit of contradictions was reached.
    Limit,
}

/// Tells which literals cannot hold together, as they are assigned.
pub(super) trait Watcher {
    /// The literal has just been made true: a clause that the values now make false, if the meaning of atoms gives one.
    fn assigned(&mut self, literal: Literal, values: &Values) -> Option<Vec<Literal>>;
}

/// The present values of the variables.
#[derive(Clone, Debug)]
pub(super) struct Values(Vec<Option<bool>>);

impl Values {
    /// Whether the literal is true, false, or neither yet.
    pub(super) fn of(&self, literal: Literal) -> Option<bool> {
        self.0.get(literal.variable() as usize).copied().flatten().map(|value| value == literal.value())
    }

    pub(super) fn holds(&self, literal: Literal) -> bool {
        self.of(literal) == Some(true)
    }
}

/// A search over the values of variables.
pub(super) struct Search {
    clauses: Vec<Vec<Literal>>,
    /// For each literal the clauses that watch it.
    watches: Vec<Vec<u32>>,
    choices: Vec<Choice>,
    /// For each literal the choices it is the head of.
    heads: Vec<Vec<usize>>,
    preferred: Vec<Literal>,
    pub(super) values: Values,
    levels: Vec<u32>,
    reasons: Vec<Option<u32>>,
    trail: Vec<Literal>,
    /// How much of the trail has been propagated.
    propagated: usize,
    /// The choices whose head holds, in the order in which it came to hold.
    demanded: Vec<usize>,
    marks: Vec<Mark>,
    conflicts: u64,
    limit: u64,
    impossible: bool,
}

/// Where a level of decisions began.
#[derive(Clone, Copy)]
struct Mark {
    trail: usize,
    demanded: usize,
    settled: usize,
}

impl Search {
    /// A search over these clauses, which gives up after `limit` contradictions. It makes the preferred literals true where it can, the
    /// earlier before the later.
    pub(super) fn new(made: &Clauses, limit: u64) -> Search {
        let variables = made.formulas.len();
        let mut heads = vec![Vec::new(); variables * 2];
        for (position, choice) in made.choices.iter().enumerate() {
            if let Some(list) = heads.get_mut(choice.head.index()) {
                list.push(position);
            }
        }
        let mut search = Search {
            clauses: Vec::with_capacity(made.clauses.len()),
            watches: vec![Vec::new(); variables * 2],
            choices: made.choices.clone(),
            heads,
            preferred: made.preferred.clone(),
            values: Values(vec![None; variables]),
            levels: vec![0; variables],
            reasons: vec![None; variables],
            trail: Vec::new(),
            propagated: 0,
            demanded: Vec::new(),
            marks: Vec::new(),
            conflicts: 0,
            limit,
            impossible: false,
        };
        for clause in &made.clauses {
            match clause.as_slice() {
                [only] if search.values.of(*only) == Some(false) => search.impossible = true,
                [only] if search.values.holds(*only) => {}
                [only] => search.assign(*only, None),
                _ => {
                    search.attach(clause.clone());
                }
            }
        }
        search
    }

    /// Goes on until the goal holds, or cannot.
    pub(super) fn propose(&mut self, watcher: &mut dyn Watcher) -> Proposal {
        let mut settled = self.marks.last().map_or(0, |mark| mark.settled);
        loop {
            if self.impossible {
                return Proposal::Impossible;
            }
            if let Some(conflict) = self.propagate(watcher) {
                self.resolve(conflict);
                settled = self.marks.last().map_or(0, |mark| mark.settled);
                if self.conflicts > self.limit {
                    return Proposal::Limit;
                }
                continue;
            }
            let Some(decision) = self.decision(&mut settled) else { return Proposal::Holds };
            self.marks.push(Mark { trail: self.trail.len(), demanded: self.demanded.len(), settled });
            self.assign(decision, None);
        }
    }

    /// All clauses, those learnt included, and what was found to hold without any decision.
    pub(super) fn into_clauses(self) -> Vec<Vec<Literal>> {
        let settled = self.marks.first().map_or(self.trail.len(), |mark| mark.trail);
        let units = self.trail.iter().take(settled).map(|&literal| vec![literal]);
        let units: Vec<Vec<Literal>> = units.collect();
        self.clauses.into_iter().chain(units).collect()
    }

    /// Takes in a clause that the present values make false.
    pub(super) fn refute(&mut self, clause: Vec<Literal>) {
        let conflict = self.attach(clause);
        self.resolve(conflict);
    }

    /// The next literal to try: one that is preferred, else the first open option of the first open choice.
    fn decision(&self, settled: &mut usize) -> Option<Literal> {
        let preferred = self.preferred.iter().copied().find(|&literal| self.values.of(literal).is_none());
        if preferred.is_some() {
            return preferred;
        }
        while let Some(choice) = self.demanded.get(*settled).and_then(|&position| self.choices.get(position))
        {
            if !choice.options.iter().any(|&option| self.values.holds(option)) {
                let open = choice.options.iter().copied().find(|&option| self.values.of(option).is_none());
                if open.is_some() {
                    return open;
                }
            }
            *settled += 1;
        }
        None
    }

    fn assign(&mut self, literal: Literal, reason: Option<u32>) {
        let variable = literal.variable() as usize;
        if let (Some(value), Some(level), Some(slot)) =
            (self.values.0.get_mut(variable), self.levels.get_mut(variable), self.reasons.get_mut(variable))
        {
            *value = Some(literal.value());
            *level = u32::try_from(self.marks.len()).unwrap_or(u32::MAX);
            *slot = reason;
        }
        self.trail.push(literal);
    }

    /// Draws all consequences of the trail; a clause that became false ends it.
    fn propagate(&mut self, watcher: &mut dyn Watcher) -> Option<u32> {
        while let Some(&literal) = self.trail.get(self.propagated) {
            self.propagated += 1;
            if let Some(list) = self.heads.get(literal.index()) {
                self.demanded.extend(list);
            }
            let conflict = self.propagate_literal(literal);
            if conflict.is_some() {
                return conflict;
            }
            if let Some(clause) = watcher.assigned(literal, &self.values) {
                return Some(self.attach(clause));
            }
        }
        None
    }

    fn propagate_literal(&mut self, literal: Literal) -> Option<u32> {
        let falsified = !literal;
        let list = self.watches.get_mut(falsified.index())?;
        let mut watching = std::mem::take(list);
        let mut conflict = None;
        let mut kept = 0;
        let mut position = 0;
        while let Some(&clause) = watching.get(position) {
            position += 1;
            let verdict = if conflict.is_some() { Watch::Stays } else { self.visit(clause, falsified) };
            match verdict {
                Watch::Moves => continue,
                Watch::Stays => {}
                Watch::Forces(unit) => self.assign(unit, Some(clause)),
                Watch::Fails => conflict = Some(clause),
            }
            if let Some(slot) = watching.get_mut(kept) {
                *slot = clause;
            }
            kept += 1;
        }
        watching.truncate(kept);
        if let Some(list) = self.watches.get_mut(falsified.index()) {
            // A clause never moves to the literal that it just left, so nothing was added meanwhile.
            *list = watching;
        }
        conflict
    }

    /// Looks for another literal of the clause to watch in place of the falsified one.
    fn visit(&mut self, clause: u32, falsified: Literal) -> Watch {
        let Some(literals) = self.clauses.get_mut(clause as usize) else { return Watch::Moves };
        if literals.first() == Some(&falsified) {
            literals.swap(0, 1);
        }
        let Some(&other) = literals.first() else { return Watch::Fails };
        let value = self.values.of(other);
        if value == Some(true) {
            return Watch::Stays;
        }
        let free = (2..literals.len())
            .find(|&at| literals.get(at).is_some_and(|&one| self.values.of(one) != Some(false)));
        if let Some(at) = free {
            literals.swap(1, at);
            if let Some(list) = literals.get(1).and_then(|moved| self.watches.get_mut(moved.index())) {
                list.push(clause);
            }
            return Watch::Moves;
        }
        match value {
            None => Watch::Forces(other),
            Some(_) => Watch::Fails,
        }
    }

    /// Stores a clause and watches the two literals of it that were assigned last, or are still open.
    fn attach(&mut self, mut clause: Vec<Literal>) -> u32 {
        clause.sort_by_key(|&literal| {
            std::cmp::Reverse(match self.values.of(literal) {
                Some(false) => self.level(literal),
                Some(true) | None => u32::MAX,
            })
        });
        let position = u32::try_from(self.clauses.len()).unwrap_or(u32::MAX);
        if clause.len() > 1 {
            for literal in clause.iter().take(2) {
                if let Some(list) = self.watches.get_mut(literal.index()) {
                    list.push(position);
                }
            }
        }
        self.clauses.push(clause);
        position
    }

    fn level(&self, literal: Literal) -> u32 {
        self.levels.get(literal.variable() as usize).copied().unwrap_or_default()
    }

    /// Learns from a clause that is false, and goes back to where the lesson has a consequence.
    fn resolve(&mut self, conflict: u32) {
        self.conflicts += 1;
        let latest = self
            .clauses
            .get(conflict as usize)
            .and_then(|clause| clause.iter().map(|&one| self.level(one)).max());
        match latest {
            None | Some(0) => {
                self.impossible = true;
                return;
            }
            Some(level) => self.go_back(level),
        }
        let (lesson, level) = self.analyse(conflict);
        self.go_back(level);
        let Some(&asserted) = lesson.first() else { return };
        let reason = if lesson.len() > 1 { Some(self.attach(lesson)) } else { None };
        self.assign(asserted, reason);
    }

    /// The first unique implication point: the clause learnt, its asserting literal first, and the level at which it forces that.
    fn analyse(&self, conflict: u32) -> (Vec<Literal>, u32) {
        let current = u32::try_from(self.marks.len()).unwrap_or(u32::MAX);
        let mut seen = vec![false; self.levels.len()];
        let mut lesson: Vec<Literal> = Vec::new();
        let mut open = 0;
        let mut reason = Some(conflict);
        let mut position = self.trail.len();
        let asserted = loop {
            let clause =
                reason.and_then(|clause| self.clauses.get(clause as usize)).map_or(&[][..], Vec::as_slice);
            for &literal in clause {
                let variable = literal.variable() as usize;
                let level = self.level(literal);
                // The literal that the reason forced is true; it is resolved away, as are those that hold without any decision.
                if self.values.of(literal) != Some(false) || level == 0 {
                    continue;
                }
                if let Some(mark) = seen.get_mut(variable)
                    && !*mark
                {
                    *mark = true;
                    if level == current {
                        open += 1;
                    } else {
                        lesson.push(literal);
                    }
                }
            }
            let last = loop {
                // The literal looked for is on the trail, so its beginning is never passed.
                position = position.saturating_sub(1);
                let Some(&literal) = self.trail.get(position) else { return (lesson, 0) };
                if seen.get(literal.variable() as usize) == Some(&true) && self.level(literal) == current {
                    break literal;
                }
            };
            open -= 1;
            if open == 0 {
                break !last;
            }
            reason = self.reasons.get(last.variable() as usize).copied().flatten();
        };
        let level = lesson.iter().map(|&literal| self.level(literal)).max().unwrap_or(0);
        lesson.insert(0, asserted);
        (lesson, level)
    }

    /// Forgets every decision after the level.
    fn go_back(&mut self, level: u32) {
        let Some(&mark) = self.marks.get(level as usize) else { return };
        for literal in self.trail.drain(mark.trail..) {
            if let Some(value) = self.values.0.get_mut(literal.variable() as usize) {
                *value = None;
            }
        }
        self.marks.truncate(level as usize);
        self.demanded.truncate(mark.demanded);
        self.propagated = mark.trail;
    }
}

enum Watch {
    Moves,
    Stays,
    Forces(Literal),
    Fails,
}
