//! The durable log between capture and ingest. Records are opaque bytes.
//!
//! # Promises
//!
//! - A record is *acknowledged* (its sequence is at or below [`Progress::committed_through`] and in no failed
//!   group) only after an fsync covered it and every directory entry on the way to it.
//! - Every acknowledged record is read exactly once, in order within its stream, unless the disk damaged its
//!   bytes; then it is counted as lost. Damage costs the records it touches and none beside them.
//! - A record that was refused is never read, nor one whose group failed; unless the disk refused to cut it off
//!   too and the process ended before its next group, when recovery cannot tell it from an unanswered one.
//! - A stream has one writer: the slot's lock is held by one process, and a lane is opened once within it.
//! - Writers create segments and never append to one that another life of theirs began. Readers delete them.
//! - Nothing is read before it is durable, so a power cut never takes back what ingest has already stored.
//! - Records never span segments. Nothing here reads the wall clock.
//! - Everything has a limit: the record, the group, the segment, the lane's bytes, the free bytes of the disk.
//!
//! # Files
//!
//! ```text
//! ROOT/<slot>/lock                         held by the process that writes the slot
//! ROOT/<slot>/<lane>/<first>.journal       a segment, named by the first sequence it may hold, 20 digits
//! ROOT/<slot>/<lane>/committed             how far the stream is durable, rewritten after every group
//!
//! segment header, 64 bytes                 all numbers little-endian
//!      0    8  magic            "HOGJRNL\n"
//!      8    4  version          1
//!     12    4  zero
//!     16    8  first            the sequence of the first record
//!     24    8  previous         the first sequence of the segment before; 0 where there was none
//!     32    8  previous end     how many bytes of the segment before count
//!     40    8  follows          the last acknowledged sequence before this segment
//!     48   12  zero
//!     60    4  crc32c of bytes 0..60
//!
//! record, 20 bytes and its payload
//!      0    4  marker           FF 4A FE 0A: no UTF-8 text holds it, so text never looks like a record
//!      4    4  crc32c of everything from byte 8 on
//!      8    4  payload length
//!     12    8  sequence
//!     20    …  payload
//!
//! committed, 40 bytes
//!      0    4  magic            "HOGC"
//!      4    4  version          1
//!      8    8  segment          the first sequence of the newest segment that holds durable records
//!     16    8  end              how many of its bytes are durable
//!     24    8  sequence         the last durable sequence
//!     32    4  zero
//!     36    4  crc32c of bytes 0..36
//! ```
//!
//! # Sequences, and why failures are no losses
//!
//! Records of a stream are numbered one after the other, across segments and restarts. The first number of a
//! new stream is random, so that a checkpoint kept from a directory that was since deleted matches nothing in
//! the new one. When a group fails, its numbers are not used again: the segment is abandoned and the next
//! segment's header *seals* it, saying where it ends and which sequence the stream had reached. Numbers between
//! `follows` and `first` were never acknowledged, and a reader does not miss them. Gaps occur nowhere else, so
//! every other gap is a loss.
//!
//! # Order across slots
//!
//! Within a stream, records are read in the order of their appends. Streams are read side by side, and a batch
//! may end earlier in one than in another. A reader that is given a [`Merge`] ends each stream's part so that no
//! batch holds a record whose key is above that of a record left for later, and leaves records for later whose
//! key is so young that another stream's record from before them may not be durable yet.
//!
//! # Reading while writing
//!
//! A reader in another process goes by `committed`: bytes before its end are final (whatever is wrong there is
//! damage), bytes behind it do not exist yet. The file itself is not synced after each group. After a power cut
//! it may be behind, never ahead; `recovery` brings it up to date when the next writer, or a reader of a slot
//! that nobody writes, opens the stream.

mod batch;
mod budget;
mod committed;
mod committer;
mod disk;
mod error;
mod gather;
mod inspect;
mod layout;
mod merge;
mod reader;
mod recovery;
mod slot;
mod stream;
mod walk;
mod writer;

pub use batch::{Batch, Range};
pub use disk::{Disk, RealDisk, SegmentFile};
pub use error::{AppendError, Error, Limit};
pub use inspect::{Damage, SegmentReport, StreamReport, inspect};
pub use layout::{RECORD_BYTES_MAX, RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES};
pub use merge::Merge;
pub use reader::{Backlog, Checkpoint, Reader};
pub use slot::{SLOTS_MAX, Slot, claim_slot};
pub use writer::{FailedGroup, Options, Progress, Statistics, Writer};
