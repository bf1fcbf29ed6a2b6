//! lz-string's `decompressFromBase64`, which old SDKs call `lz64`.
//!
//! Six bits a character, read from the least significant bit of each code. The dictionary is kept as ranges of
//! the output: every entry is an earlier phrase and the character that followed it, and both stand there
//! already. So memory is the output's alone, and the output is bounded.

use crate::inflate::InflateError;

/// Inflates `text` to UTF-8 of at most `limit` bytes. Unpaired surrogates become U+FFFD.
pub fn decompress(text: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    let units = Decoder { text, at: 0, bits_left: 0, current: 0 }.run(limit)?;
    let mut out = Vec::with_capacity(units.len());
    for character in char::decode_utf16(units) {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    if out.len() > limit { Err(InflateError::TooBig) } else { Ok(out) }
}

/// A phrase as a range of the output.
#[derive(Clone, Copy)]
struct Phrase {
    start: usize,
    length: usize,
}

struct Decoder<'a> {
    text: &'a [u8],
    at: usize,
    bits_left: u32,
    current: u8,
}

/// Codes with a meaning of their own: a new character of 8 or of 16 bits, and the end.
const BYTE: usize = 0;
const UNIT: usize = 1;
const END: usize = 2;

impl Decoder<'_> {
    fn run(mut self, limit: usize) -> Result<Vec<u16>, InflateError> {
        let mut out: Vec<u16> = Vec::new();
        let first = match self.code(2)? {
            BYTE => self.code(8)?,
            UNIT => self.code(16)?,
            END => return Ok(out),
            _ => return Err(InflateError::Malformed),
        };
        out.push(first as u16);
        let mut last = Phrase { start: 0, length: 1 };
        // The three special codes take part in the numbering.
        let mut phrases = vec![last; 4];
        let mut width = 3;
        // How many phrases may still be added before codes grow by a bit.
        let mut room = 4_usize;
        loop {
            let code = self.code(width)?;
            let literal = match code {
                BYTE => Some(self.code(8)? as u16),
                UNIT => Some(self.code(16)? as u16),
                END => return Ok(out),
                _ => None,
            };
            let start = out.len();
            if let Some(unit) = literal {
                phrases.push(Phrase { start, length: 1 });
                out.push(unit);
                grow(&mut room, &mut width);
            } else if let Some(phrase) = phrases.get(code).copied() {
                out.extend_from_within(phrase.start..phrase.start + phrase.length);
            } else if code == phrases.len() {
                out.extend_from_within(last.start..last.start + last.length);
                out.push(out[last.start]);
            } else {
                return Err(InflateError::Malformed);
            }
            if out.len() > limit {
                return Err(InflateError::TooBig);
            }
            // The phrase before and the first character of this one, which now stands right after it.
            phrases.push(Phrase { start: last.start, length: last.length + 1 });
            last = Phrase { start, length: out.len() - start };
            grow(&mut room, &mut width);
        }
    }

    fn code(&mut self, width: u32) -> Result<usize, InflateError> {
        let mut code = 0;
        for bit in 0..width {
            code |= self.bit()? << bit;
        }
        Ok(code)
    }

    fn bit(&mut self) -> Result<usize, InflateError> {
        if self.bits_left == 0 {
            let character = self.text.get(self.at).ok_or(InflateError::Malformed)?;
            self.current = six_bits(*character)?;
            self.at += 1;
            self.bits_left = 6;
        }
        self.bits_left -= 1;
        Ok(usize::from(self.current >> self.bits_left & 1))
    }
}

/// Counts a new phrase; codes grow by a bit whenever the phrases fill the present width.
fn grow(room: &mut usize, width: &mut u32) {
    *room -= 1;
    if *room == 0 {
        *room = 1 << *width;
        *width += 1;
    }
}

fn six_bits(character: u8) -> Result<u8, InflateError> {
    match character {
        b'A'..=b'Z' => Ok(character - b'A'),
        b'a'..=b'z' => Ok(character - b'a' + 26),
        b'0'..=b'9' => Ok(character - b'0' + 52),
        b'+' => Ok(62),
        b'/' => Ok(63),
        // Padding reads as zeros, as in the original.
        b'=' => Ok(0),
        _ => Err(InflateError::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pack(text: &str) -> String {
        lz_str::compress_to_base64(text)
    }

    proptest! {
        #[test]
        fn what_lz_string_packed_is_unpacked(text in any::<String>(), copies in 1_usize..40) {
            let text = text.repeat(copies);
            prop_assert_eq!(decompress(pack(&text).as_bytes(), text.len()).unwrap(), text.as_bytes());
            if !text.is_empty() {
                prop_assert_eq!(
                    decompress(pack(&text).as_bytes(), text.len() - 1), Err(InflateError::TooBig)
                );
            }
        }

        #[test]
        fn any_text_is_unpacked_as_lz_string_unpacks_it_or_refused(text in "[A-Za-z0-9+/=]{0,60}") {
            if let Ok(bytes) = decompress(text.as_bytes(), 1 << 20) {
                let theirs = lz_str::decompress_from_base64(&text).unwrap_or_default();
                prop_assert_eq!(String::from_utf8(bytes).unwrap(), String::from_utf16_lossy(&theirs));
            }
        }
    }

    #[test]
    fn a_bomb_stops_at_its_limit() {
        let bomb = pack(&"a".repeat(200_000));
        assert!(bomb.len() < 2000);
        assert_eq!(decompress(bomb.as_bytes(), 100_000), Err(InflateError::TooBig));
    }
}
