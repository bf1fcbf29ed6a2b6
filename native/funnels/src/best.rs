//! How far one actor came.

use crate::STEPS_MAX;

/// The furthest attempt of an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Best {
    /// The last step reached, from 0.
    pub step: usize,
    /// Bit `k`: step `k` was done. Optional steps may be missing.
    pub done: u32,
    /// When each step was done, in microseconds; meaningful where `done` has the bit.
    pub times_us: [i64; STEPS_MAX],
}

impl Best {
    /// Whether step `step` counts as reached: it was done, in this attempt.
    pub fn has(&self, step: usize) -> bool {
        self.done >> step & 1 == 1
    }

    /// When step `step` was done.
    pub fn time_us(&self, step: usize) -> Option<i64> {
        self.has(step).then(|| self.times_us[step])
    }
}

/// An attempt under way or remembered.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub entry_us: i64,
    pub last_us: i64,
    pub done: u32,
    pub is_excluded: bool,
    pub times_us: [i64; STEPS_MAX],
}

impl Attempt {
    pub fn at(entry_us: i64) -> Self {
        Self { entry_us, last_us: entry_us, done: 0, is_excluded: false, times_us: [0; STEPS_MAX] }
    }

    pub fn with(&self, step: usize, time_us: i64) -> Self {
        let mut next = self.clone();
        next.last_us = time_us;
        next.done |= 1 << step;
        next.times_us[step] = time_us;
        next
    }
}

/// The furthest attempt so far, and the step it reached.
#[derive(Debug, Default)]
pub struct Furthest {
    held: Option<(usize, Attempt)>,
}

impl Furthest {
    /// Takes the attempt if it went further, or as far where the one before was excluded.
    pub fn consider(&mut self, step: usize, attempt: &Attempt) {
        let better = match &self.held {
            None => true,
            Some((reached, held)) => step > *reached || (step == *reached && held.is_excluded),
        };
        if better {
            self.held = Some((step, attempt.clone()));
        }
    }

    /// Marks the furthest attempt if it is one that an exclusion at `time_us` after `step` ends.
    pub fn exclude(&mut self, step: usize, time_us: i64, window_us: i64) {
        if let Some((reached, held)) = &mut self.held
            && *reached == step
            && held.last_us < time_us
            && time_us.saturating_sub(held.entry_us) <= window_us
        {
            held.is_excluded = true;
        }
    }

    /// Whether nothing can be better any more.
    pub fn is_complete(&self, steps: usize) -> bool {
        matches!(&self.held, Some((reached, held)) if *reached + 1 == steps && !held.is_excluded)
    }

    /// The result; none for an actor who never began, or whose furthest attempt was excluded.
    pub fn into_best(self) -> Option<Best> {
        let (step, held) = self.held?;
        (!held.is_excluded).then_some(Best { step, done: held.done, times_us: held.times_us })
    }
}
