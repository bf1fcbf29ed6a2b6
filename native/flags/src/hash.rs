//! Buckets: SHA-1 of prefix, identifier and salt, as a number from 0 to 1.

use sha1::{Digest, Sha1};

/// 2^60, which is what the largest 60-bit number becomes as a binary64.
const SCALE: f64 = (1_u64 << 60) as f64;

/// The bucket of an identifier: `prefix` is the flag's key and a dot, `salt` empty or `variant`.
pub fn bucket(prefix: &str, identifier: &str, salt: &str) -> f64 {
    let mut hasher = Sha1::new();
    hasher.update(prefix.as_bytes());
    hasher.update(identifier.as_bytes());
    hasher.update(salt.as_bytes());
    let digest = hasher.finalize();
    let mut head = [0; 8];
    head.copy_from_slice(&digest[..8]);
    (u64::from_be_bytes(head) >> 4) as f64 / SCALE
}

/// The bucket of an identifier among all holdouts.
pub fn holdout_bucket(identifier: &str) -> f64 {
    bucket("holdout-", identifier, "")
}
