//! SipHash-2-4 with 128 bits: a keyed hash of short texts.

/// The hash of `bytes` under `key`.
pub fn siphash128(key: &[u8; 16], bytes: &[u8]) -> [u8; 16] {
    let (k0, k1) = (word(&key[..8]), word(&key[8..]));
    let mut state = State([
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d ^ 0xee,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ]);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        state.absorb(word(chunk));
    }
    state.absorb(word(chunks.remainder()) | (bytes.len() as u64) << 56);
    state.0[2] ^= 0xee;
    let first = state.squeeze();
    state.0[1] ^= 0xdd;
    let second = state.squeeze();
    let mut out = [0; 16];
    out[..8].copy_from_slice(&first.to_le_bytes());
    out[8..].copy_from_slice(&second.to_le_bytes());
    out
}

struct State([u64; 4]);

impl State {
    fn absorb(&mut self, word: u64) {
        self.0[3] ^= word;
        self.round();
        self.round();
        self.0[0] ^= word;
    }

    fn squeeze(&mut self) -> u64 {
        for _ in 0..4 {
            self.round();
        }
        self.0.iter().fold(0, |all, part| all ^ part)
    }

    fn round(&mut self) {
        let [mut a, mut b, mut c, mut d] = self.0;
        a = a.wrapping_add(b);
        c = c.wrapping_add(d);
        b = b.rotate_left(13) ^ a;
        d = d.rotate_left(16) ^ c;
        a = a.rotate_left(32);
        c = c.wrapping_add(b);
        a = a.wrapping_add(d);
        b = b.rotate_left(17) ^ c;
        d = d.rotate_left(21) ^ a;
        c = c.rotate_left(32);
        self.0 = [a, b, c, d];
    }
}

/// Up to eight bytes, little-endian.
fn word(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_hold() {
        let mut key = [0; 16];
        for (at, byte) in key.iter_mut().enumerate() {
            *byte = at as u8;
        }
        let read = |hex| u128::from_str_radix(hex, 16).unwrap().to_be_bytes();
        assert_eq!(siphash128(&key, b""), read("a3817f04ba25a8e66df67214c7550293"));
        assert_eq!(siphash128(&key, &[0]), read("da87c1d86b99af44347659119b22fc45"));
    }
}
