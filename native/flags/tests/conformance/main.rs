//! Rows of the flags contract's table that need no server, by their numbers.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and definitions are made where they are used"
)]

mod asking;
mod conditions;
mod people;
mod requests;
