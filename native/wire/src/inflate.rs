//! Decompression that stops at a limit.

use std::io::{Read, Take};

/// Why a payload could not be inflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InflateError {
    /// It would be larger than the limit.
    TooBig,
    /// It is not what it claims to be, or it was cut off.
    Malformed,
}

/// The first bytes of a gzip stream.
pub const GZIP_MAGIC: [u8; 3] = [0x1F, 0x8B, 0x08];

/// Inflates gzip, of one member or several; whatever follows them is ignored.
pub fn gunzip(bytes: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    let mut out = Vec::with_capacity(gzip_size_hint(bytes).min(limit));
    let mut rest = bytes;
    loop {
        let mut decoder = flate2::bufread::GzDecoder::new(rest);
        drain(&mut decoder, &mut out, limit)?;
        rest = decoder.into_inner();
        if !rest.starts_with(&GZIP_MAGIC) {
            return Ok(out);
        }
    }
}

/// Inflates zlib (RFC 1950), which HTTP calls `deflate`.
pub fn zlib(bytes: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    collect(flate2::bufread::ZlibDecoder::new(bytes), limit)
}

/// Inflates brotli.
pub fn brotli(bytes: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    collect(brotli::Decompressor::new(bytes, 4096), limit)
}

/// Inflates zstd. Frames that ask for a window larger than 2^27 bytes are refused.
pub fn zstd(bytes: &[u8], limit: usize) -> Result<Vec<u8>, InflateError> {
    let mut decoder = zstd::Decoder::with_buffer(bytes).map_err(|_| InflateError::Malformed)?;
    decoder.window_log_max(27).map_err(|_| InflateError::Malformed)?;
    collect(decoder, limit)
}

fn collect(mut decoder: impl Read, limit: usize) -> Result<Vec<u8>, InflateError> {
    let mut out = Vec::new();
    drain(&mut decoder, &mut out, limit)?;
    Ok(out)
}

/// Appends all that `decoder` gives, unless that makes `out` longer than `limit`.
fn drain(decoder: &mut impl Read, out: &mut Vec<u8>, limit: usize) -> Result<(), InflateError> {
    let room = (limit - out.len().min(limit)) as u64 + 1;
    let mut bounded: Take<&mut _> = decoder.take(room);
    bounded.read_to_end(out).map_err(|_| InflateError::Malformed)?;
    if out.len() > limit { Err(InflateError::TooBig) } else { Ok(()) }
}

/// The size that a gzip stream claims, as far as its length makes that likely: the claim is the sender's.
fn gzip_size_hint(bytes: &[u8]) -> usize {
    let claim = bytes.last_chunk().map_or(0, |size| u32::from_le_bytes(*size) as usize);
    claim.min(bytes.len().saturating_mul(16)) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    type Inflate = fn(&[u8], usize) -> Result<Vec<u8>, InflateError>;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn each_format_is_inflated_up_to_its_limit_and_no_further() {
        let plain = b"abcdefgh".repeat(4096);
        let mut zlib_encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib_encoder.write_all(&plain).unwrap();
        let mut brotlied = Vec::new();
        brotli::CompressorWriter::new(&mut brotlied, 4096, 4, 20).write_all(&plain).unwrap();
        let cases: [(Inflate, Vec<u8>); 4] = [
            (gunzip, gzip(&plain)),
            (zlib, zlib_encoder.finish().unwrap()),
            (brotli, brotlied),
            (zstd, zstd::encode_all(&plain[..], 1).unwrap()),
        ];
        for (inflate, packed) in cases {
            assert_eq!(inflate(&packed, plain.len()).unwrap(), plain);
            assert_eq!(inflate(&packed, plain.len() - 1), Err(InflateError::TooBig));
            assert_eq!(inflate(&packed[..packed.len() / 2], plain.len()), Err(InflateError::Malformed));
            assert_eq!(inflate(b"{}", 10), Err(InflateError::Malformed));
        }
    }

    #[test]
    fn gzip_members_are_joined_and_trailing_bytes_ignored() {
        let two = [gzip(b"one"), gzip(b"two"), b"  ".to_vec()].concat();
        assert_eq!(gunzip(&two, 6).unwrap(), b"onetwo");
        assert_eq!(gunzip(&two, 5), Err(InflateError::TooBig));
    }

    #[test]
    fn a_bomb_costs_no_more_memory_than_its_limit() {
        let bomb = gzip(&vec![0; 4 << 20]);
        assert_eq!(gunzip(&bomb, 1 << 20), Err(InflateError::TooBig));
    }
}
