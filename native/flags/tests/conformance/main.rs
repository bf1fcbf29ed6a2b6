//! Rows of the flags contract's table that need no server, by their numbers.

mod asking;
mod conditions;
mod people;
mod requests;
