//! Which project a token names. Built once from rows, then only read, so threads share it without a lock.

use std::collections::HashMap;

/// The scopes whose quota a project has used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quotas(pub u8);

impl Quotas {
    /// Ordinary events: those that no other scope claims.
    pub const EVENTS: u8 = 1;
    /// `$exception`.
    pub const EXCEPTIONS: u8 = 2;
    /// `survey sent`, `survey shown` and `survey dismissed`.
    pub const SURVEYS: u8 = 4;
    /// `$ai_*`.
    pub const LLM_EVENTS: u8 = 8;
    /// Session recordings.
    pub const RECORDINGS: u8 = 16;
    /// The project as a whole: ordinary events, and every v1 request. Scopes with a quota of their own go by
    /// that one.
    pub const ALL: u8 = 32;

    /// Whether any of `scopes` is used up.
    pub const fn any(self, scopes: u8) -> bool {
        self.0 & scopes != 0
    }
}

/// What capture knows of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: u32,
    /// Its used-up quotas.
    pub exceeded: Quotas,
}

/// All projects by their public token.
#[derive(Debug, Default)]
pub struct Projects {
    by_token: HashMap<Box<str>, Project>,
}

impl Projects {
    /// Builds the table. Of rows with the same token the last one counts.
    pub fn new(rows: impl IntoIterator<Item = (String, Project)>) -> Self {
        Self {
            by_token: rows.into_iter().map(|(token, project)| (token.into_boxed_str(), project)).collect(),
        }
    }

    /// The project that `token` names.
    pub fn get(&self, token: &str) -> Option<Project> {
        self.by_token.get(token).copied()
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.by_token.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_token.is_empty()
    }
}
