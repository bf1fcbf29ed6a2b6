//! Buckets: SHA-1 of prefix, identifier and salt, as a number from 0 to 1.
//!
//! Promises:
//! - The same number, to the last bit, as every SDK computes: the first 60 bits of the digest as a binary64, divided
//!   once by 2^60. Nothing is normalised.
//! - No heap: a text of any length goes through one block on the stack. The processor's own SHA-1 is used where it
//!   has one.

use sha1::block_api::compress;

/// 2^60, which is what the largest 60-bit number becomes as a binary64.
const SCALE: f64 = (1_u64 << 60) as f64;
const BLOCK_BYTES: usize = 64;
/// The last block ends with the text's length in bits.
const LENGTH_BYTES: usize = 8;
const START: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
const HOLDOUT_PREFIX: &str = "holdout-";
const VARIANT_SALT: &str = "variant";

/// The bucket of an identifier: `prefix` is the flag's key and a dot, `salt` empty or `variant`.
pub fn bucket(prefix: &str, identifier: &str, salt: &str) -> f64 {
    let mut blocks = Blocks { state: START, block: [0; BLOCK_BYTES], filled: 0, total: 0 };
    blocks.add(prefix.as_bytes());
    blocks.add(identifier.as_bytes());
    blocks.add(salt.as_bytes());
    let [first, second, ..] = blocks.finish();
    let head = (u64::from(first) << 32) | u64::from(second);
    (head >> 4) as f64 / SCALE
}

/// The buckets of many identifiers, in their order.
pub fn bucket_many(prefix: &str, identifiers: &[&str], salt: &str) -> Vec<f64> {
    identifiers.iter().map(|identifier| bucket(prefix, identifier, salt)).collect()
}

/// The bucket that a rollout is held against. `key_prefix` is the flag's key and a dot.
///
/// Nobody, the empty identifier, is in the very first bucket, which every rollout includes, even one of 0 %.
pub fn rollout_bucket(key_prefix: &str, identifier: &str) -> f64 {
    if identifier.is_empty() { 0.0 } else { bucket(key_prefix, identifier, "") }
}

/// The bucket that a variant is chosen by. Nobody is in the first one here too.
pub fn variant_bucket(key_prefix: &str, identifier: &str) -> f64 {
    if identifier.is_empty() { 0.0 } else { bucket(key_prefix, identifier, VARIANT_SALT) }
}

/// The bucket of an identifier among all holdouts: one for all flags. Nobody has a bucket like anybody else.
pub fn holdout_bucket(identifier: &str) -> f64 {
    bucket(HOLDOUT_PREFIX, identifier, "")
}

/// Whether a rollout includes an identifier; no percentage is all of them. A rollout to all needs no bucket, so it is
/// a function.
pub fn rollout_includes(percentage: Option<f64>, bucket: impl FnOnce() -> f64) -> bool {
    match percentage {
        None | Some(100.0) => true,
        Some(percentage) => bucket() <= percentage / 100.0,
    }
}

/// Whether a holdout that excludes so many takes an identifier.
pub fn holdout_includes(exclusion_percentage: f64, identifier: &str) -> bool {
    holdout_bucket(identifier) <= exclusion_percentage.clamp(0.0, 100.0) / 100.0
}

/// Which of the variants, by their percentages in stored order, a bucket falls to. None where they end before it.
pub fn variant_at(percentages: impl IntoIterator<Item = f64>, bucket: f64) -> Option<usize> {
    let mut boundary = 0.0;
    percentages.into_iter().position(|percentage| {
        boundary += percentage / 100.0;
        bucket < boundary
    })
}

/// A text on its way through SHA-1, of which at most one block is held.
struct Blocks {
    state: [u32; 5],
    block: [u8; BLOCK_BYTES],
    filled: usize,
    total: u64,
}

impl Blocks {
    #[inline]
    fn add(&mut self, mut text: &[u8]) {
        self.total = self.total.wrapping_add(text.len() as u64);
        while let Some((head, rest)) = text.split_at_checked(BLOCK_BYTES - self.filled) {
            self.block[self.filled..].copy_from_slice(head);
            compress(&mut self.state, &[self.block]);
            self.filled = 0;
            text = rest;
        }
        self.block[self.filled..self.filled + text.len()].copy_from_slice(text);
        self.filled += text.len();
    }

    #[inline]
    fn finish(mut self) -> [u32; 5] {
        self.block[self.filled] = 0x80;
        self.block[self.filled + 1..].fill(0);
        if self.filled + 1 > BLOCK_BYTES - LENGTH_BYTES {
            compress(&mut self.state, &[self.block]);
            self.block = [0; BLOCK_BYTES];
        }
        self.block[BLOCK_BYTES - LENGTH_BYTES..].copy_from_slice(&self.total.wrapping_mul(8).to_be_bytes());
        compress(&mut self.state, &[self.block]);
        self.state
    }
}
