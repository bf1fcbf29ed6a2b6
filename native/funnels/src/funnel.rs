//! The shape of a funnel, and one actor's way through it.

use crate::STEPS_MAX;
use crate::attribution::{Attribution, ways};
use crate::best::Best;
use crate::row::{Actor, Moment};
use crate::{ordered, unordered};

/// How steps must follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// In order, other events may come between.
    Ordered,
    /// In order, nothing may come between.
    Strict,
    /// In any order.
    Unordered,
}

/// What a funnel asks.
#[derive(Debug, Clone)]
pub struct Shape {
    /// How many steps there are: 1 to [`STEPS_MAX`].
    pub steps: usize,
    /// From the first step to each later one, inclusive.
    pub window_us: i64,
    /// How steps must follow each other.
    pub order: Order,
    /// Bit `k`: step `k` may be left out. Never the first.
    pub optional: u32,
    /// Which value of a breakdown an actor counts for.
    pub attribution: Attribution,
}

impl Shape {
    /// Whether step `step`, from 0, may be left out.
    pub fn is_optional(&self, step: usize) -> bool {
        step > 0 && self.order != Order::Unordered && self.optional >> step & 1 == 1
    }

    /// Whether the kernel can walk it.
    pub fn is_valid(&self) -> bool {
        let step = match self.attribution {
            Attribution::Step(step) => step,
            _ => 0,
        };
        (1..=STEPS_MAX).contains(&self.steps) && self.window_us >= 0 && step < self.steps
    }
}

/// One way of one actor: for one value of the breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The value counted for; empty without a breakdown.
    pub breakdown: Vec<String>,
    /// The events that take part, in time order.
    pub moments: Vec<Moment>,
}

/// Walks actors through one funnel.
#[derive(Debug, Clone)]
pub struct Funnel {
    shape: Shape,
}

impl Funnel {
    /// None if the shape is not valid.
    pub fn new(shape: Shape) -> Option<Self> {
        shape.is_valid().then_some(Self { shape })
    }

    /// What it asks.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Each value of the breakdown that the actor may count for, with the events that take part for it.
    pub fn ways(&self, actor: &mut Actor) -> Vec<Way> {
        actor.events.sort_by_key(|event| event.time_us);
        ways(&actor.events, &self.shape)
    }

    /// How far a way leads.
    pub fn best(&self, way: &Way) -> Option<Best> {
        self.walk(&way.moments, false)
    }

    pub(crate) fn walk(&self, moments: &[Moment], only_first_entry: bool) -> Option<Best> {
        match self.shape.order {
            Order::Unordered => unordered::walk(moments, &self.shape, only_first_entry),
            Order::Ordered | Order::Strict => ordered::walk(moments, &self.shape, only_first_entry),
        }
    }
}
