//! What depends on what: an order in which dependencies come first, and those that have no place in it.

use std::collections::VecDeque;

/// How a node stands among those it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All it depends on exists.
    Sound,
    /// Something that it depends on, if through others, does not exist.
    Missing,
    /// It is on a circle, or depends on one.
    Cyclic,
}

/// An order of nodes.
#[derive(Debug)]
pub struct Graph {
    /// Nodes that are not cyclic, each behind all that it depends on.
    pub order: Vec<u32>,
    /// By node.
    pub standings: Vec<Standing>,
    /// How many steps of dependencies are below a node.
    pub levels: Vec<u32>,
}

impl Graph {
    /// Puts nodes in order. `None` among a node's dependencies is one that does not exist.
    pub fn new(dependencies: &[Vec<Option<u32>>]) -> Self {
        let count = dependencies.len();
        let mut dependents = vec![Vec::new(); count];
        let mut waiting = vec![0_u32; count];
        for (node, needed) in dependencies.iter().enumerate() {
            for needed in needed.iter().flatten() {
                dependents[*needed as usize].push(node as u32);
                waiting[node] += 1;
            }
        }
        let mut standings = vec![Standing::Cyclic; count];
        let mut levels = vec![0; count];
        let mut order = Vec::with_capacity(count);
        let mut ready: VecDeque<u32> =
            (0..count as u32).filter(|node| waiting[*node as usize] == 0).collect();
        while let Some(node) = ready.pop_front() {
            let needed = &dependencies[node as usize];
            let is_missing = |needed: &Option<u32>| {
                needed.is_none_or(|needed| standings[needed as usize] == Standing::Missing)
            };
            standings[node as usize] =
                if needed.iter().any(is_missing) { Standing::Missing } else { Standing::Sound };
            levels[node as usize] =
                needed.iter().flatten().map(|needed| levels[*needed as usize] + 1).max().unwrap_or(0);
            order.push(node);
            for dependent in &dependents[node as usize] {
                waiting[*dependent as usize] -= 1;
                if waiting[*dependent as usize] == 0 {
                    ready.push_back(*dependent);
                }
            }
        }
        Self { order, standings, levels }
    }
}
