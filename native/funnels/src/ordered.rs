//! Steps in order, with or without other events between them.
//!
//! `held[k]` is the newest attempt whose last step is `k - 1`; `held[0]` is an attempt that begins now. An event that
//! matches step `k` carries `held[k]` over to `held[k + 1]`. A fresh first step thus replaces an older attempt without
//! lowering what was reached already.

use crate::best::{Attempt, Best, Furthest};
use crate::funnel::{Order, Shape};
use crate::row::Moment;

/// The furthest attempt among `events`, which are in time order. With `only_first_entry`, attempts begin only at the
/// first moment.
pub fn walk(events: &[Moment], shape: &Shape, only_first_entry: bool) -> Option<Best> {
    let mut walk = Walk { shape, held: vec![None; shape.steps + 1], furthest: Furthest::default() };
    let first_us = events.first()?.time_us;
    for group in events.chunk_by(|one, next| one.time_us == next.time_us) {
        let time_us = group[0].time_us;
        if only_first_entry && time_us.saturating_sub(first_us) > shape.window_us {
            break;
        }
        walk.held[0] = (!only_first_entry || time_us == first_us).then(|| Attempt::at(time_us));
        match group {
            [event] => walk.single(*event),
            _ if shape.order == Order::Strict => group.iter().for_each(|event| walk.single(*event)),
            _ => walk.simultaneous(group, time_us),
        }
        walk.exclude(group, time_us);
        if walk.furthest.is_complete(shape.steps) {
            break;
        }
    }
    walk.furthest.into_best()
}

struct Walk<'a> {
    shape: &'a Shape,
    held: Vec<Option<Attempt>>,
    furthest: Furthest,
}

impl Walk<'_> {
    fn single(&mut self, event: Moment) {
        for step in (0..self.shape.steps).rev() {
            if event.is_step(step)
                && let Some(source) = self.source(step, event.time_us)
            {
                let attempt = source.with(step, event.time_us);
                self.keep(step, attempt);
            }
        }
        if self.shape.order == Order::Strict {
            for step in 0..self.shape.steps {
                if !event.is_step(step) {
                    self.held[step + 1] = None;
                }
            }
        }
    }

    /// The attempt that a match of `step` carries on: the one at the step before, or before optional steps.
    fn source(&self, step: usize, time_us: i64) -> Option<&Attempt> {
        let mut from = step;
        loop {
            if let Some(attempt) = &self.held[from]
                && self.may_take(step, attempt, time_us)
            {
                return Some(attempt);
            }
            if from == 0 || !self.shape.is_optional(from - 1) {
                return None;
            }
            from -= 1;
        }
    }

    fn may_take(&self, step: usize, attempt: &Attempt, time_us: i64) -> bool {
        let is_there = matches!(&self.held[step + 1], Some(other) if other.entry_us == attempt.entry_us);
        !attempt.is_excluded && !is_there && time_us.saturating_sub(attempt.entry_us) <= self.shape.window_us
    }

    fn keep(&mut self, step: usize, attempt: Attempt) {
        self.furthest.consider(step, &attempt);
        self.held[step + 1] = Some(attempt);
    }

    /// Events of one moment may do consecutive steps in any order, each event one step of an attempt.
    fn simultaneous(&mut self, group: &[Moment], time_us: i64) {
        let before = self.held.clone();
        for from in (0..self.shape.steps).rev() {
            let Some(attempt) = &before[from] else { continue };
            let mut attempt = attempt.clone();
            let mut matching = Matching::new(group);
            for step in from..self.shape.steps {
                if self.may_take(step, &attempt, time_us) && matching.add(step) {
                    attempt = attempt.with(step, time_us);
                    self.keep(step, attempt.clone());
                } else if !self.shape.is_optional(step) {
                    break;
                }
            }
        }
    }

    fn exclude(&mut self, group: &[Moment], time_us: i64) {
        let excluded = group.iter().fold(0, |all, event| all | event.excludes());
        if excluded == 0 {
            return;
        }
        for step in 0..self.shape.steps {
            if excluded >> step & 1 == 0 {
                continue;
            }
            if let Some(attempt) = &mut self.held[step + 1]
                && attempt.last_us < time_us
                && time_us.saturating_sub(attempt.entry_us) <= self.shape.window_us
            {
                attempt.is_excluded = true;
            }
            self.furthest.exclude(step, time_us, self.shape.window_us);
        }
    }
}

/// Gives each step an event of its own, moving earlier steps to other events where that helps.
struct Matching<'a> {
    group: &'a [Moment],
    step_of: Vec<Option<usize>>,
}

impl<'a> Matching<'a> {
    fn new(group: &'a [Moment]) -> Self {
        Self { group, step_of: vec![None; group.len()] }
    }

    fn add(&mut self, step: usize) -> bool {
        self.place(step, &mut vec![false; self.group.len()])
    }

    fn place(&mut self, step: usize, seen: &mut [bool]) -> bool {
        for index in 0..self.group.len() {
            if seen[index] || !self.group[index].is_step(step) {
                continue;
            }
            seen[index] = true;
            if self.step_of[index].is_none_or(|other| self.place(other, seen)) {
                self.step_of[index] = Some(step);
                return true;
            }
        }
        false
    }
}
