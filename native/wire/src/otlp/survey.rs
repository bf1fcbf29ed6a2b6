//! A look at protobuf before it is decoded, so that a small body cannot become a large heap.
//!
//! An empty nested message takes two bytes on the wire and a few hundred in memory. [`messages`] walks the
//! bytes by the schema without building anything and counts the messages that decoding would build.

use super::schema::{Field, Kind, Message};

/// How many messages `bytes` hold, counting no further than `limit` + 1. `None` if the bytes are not protobuf.
pub(crate) fn messages(bytes: &[u8], message: &'static Message, limit: usize) -> Option<usize> {
    let mut count = 0;
    let mut pending = vec![(bytes, message)];
    while let Some((mut rest, message)) = pending.pop() {
        count += 1;
        if count > limit {
            return Some(count);
        }
        while !rest.is_empty() {
            let tag = varint(&mut rest)?;
            let body = content(&mut rest, tag)?;
            let field = message.fields.iter().find(|field| u64::from(field.number) == tag >> 3);
            if let Some(Field { kind: Kind::Message(inner), .. }) = field {
                if count + pending.len() > limit {
                    return Some(limit + 1);
                }
                pending.push((body, inner));
            }
        }
    }
    Some(count)
}

/// Passes what the field that `tag` opens holds, and returns it if it is length-delimited.
fn content<'a>(rest: &mut &'a [u8], tag: u64) -> Option<&'a [u8]> {
    match tag & 7 {
        0 => varint(rest).map(|_| &[][..]),
        1 => take(rest, 8).map(|_| &[][..]),
        2 => {
            let length = usize::try_from(varint(rest)?).ok()?;
            take(rest, length)
        }
        5 => take(rest, 4).map(|_| &[][..]),
        // Groups were never part of OTLP; without them nothing here recurses.
        _ => None,
    }
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, left) = rest.split_first()?;
        *rest = left;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
