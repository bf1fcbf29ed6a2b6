//! The four shapes of a v0 payload: an array, a batch, an event, an event without a name.
//!
//! They are tried in this order and the first that fits is used, but the text is walked once: an object is
//! read as batch and as event at the same time, and judged at its end.

use json::{Cursor, Error, Kind, Text, Value};

use crate::Limits;
use crate::event::{PropertyFacts, RawEvent};
use crate::refusal::Refusal;

/// A payload's events and what was said about all of them.
#[derive(Debug)]
pub struct Payload<'a, P> {
    /// The events in their order. All of them fit; only an unnamed one lacks `event`.
    pub events: Vec<RawEvent<'a, P>>,
    /// The batch's token, where it is a batch.
    pub batch: Option<BatchFields<'a>>,
    /// The only event has no name.
    pub is_unnamed: bool,
    /// Some string holds an unpaired surrogate escape.
    pub lone_surrogates: bool,
}

/// What a batch says for all its events.
#[derive(Debug, Clone, Copy)]
pub struct BatchFields<'a> {
    /// `token` or `api_key`
    pub token: Text<'a>,
    /// `historical_migration`
    pub is_historical: bool,
    /// `sent_at`
    pub sent_at: Option<Text<'a>>,
}

/// Which shapes an endpoint takes.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// Batches.
    pub batch: bool,
    /// Events need an `event`, in arrays and alone. Where it is not needed there is no unnamed shape.
    pub names: bool,
    /// How many events there may be.
    pub events_max: usize,
}

impl Taken {
    /// All shapes.
    pub fn all(limits: &Limits) -> Self {
        Self { batch: true, names: true, events_max: limits.events_per_request }
    }
}

/// Reads a whole payload.
pub fn read<'a, P: PropertyFacts<'a>>(text: &'a str, taken: Taken) -> Result<Payload<'a, P>, Refusal> {
    let mut cursor = Cursor::new(text);
    let payload = match cursor.peek().map_err(Refusal::parsing)? {
        Kind::Array => {
            let list = List::read(&mut cursor, taken).map_err(Refusal::parsing)?;
            if let Some(misfit) = list.misfit {
                return Err(misfit.refusal(taken));
            }
            Payload { events: list.events, batch: None, is_unnamed: false, lone_surrogates: false }
        }
        Kind::Object => Root::read(&mut cursor, taken).map_err(Refusal::parsing)?.settle(taken)?,
        _ => return Err(Refusal::parsing("neither an object nor an array")),
    };
    cursor.finish().map_err(Refusal::parsing)?;
    Ok(Payload { lone_surrogates: cursor.saw_lone_surrogates(), ..payload })
}

/// Why a list of events does not fit.
#[derive(Debug, Clone, Copy)]
enum Misfit {
    Event(&'static str),
    TooMany,
}

impl Misfit {
    fn refusal(self, taken: Taken) -> Refusal {
        match self {
            Self::Event(why) => Refusal::parsing(why),
            Self::TooMany => Refusal::too_many(taken.events_max),
        }
    }
}

#[derive(Debug)]
struct List<'a, P> {
    events: Vec<RawEvent<'a, P>>,
    misfit: Option<Misfit>,
}

impl<'a, P: PropertyFacts<'a>> List<'a, P> {
    fn read(cursor: &mut Cursor<'a>, taken: Taken) -> Result<Self, Error> {
        let mut list = Self { events: Vec::new(), misfit: None };
        cursor.enter_array()?;
        while cursor.next_item()? {
            if list.misfit.is_some() {
                cursor.skip()?;
            } else if list.events.len() == taken.events_max {
                cursor.skip()?;
                list.misfit = Some(Misfit::TooMany);
            } else {
                list.push(RawEvent::read(cursor)?, taken.names);
            }
        }
        Ok(list)
    }

    fn push(&mut self, event: Option<RawEvent<'a, P>>, names: bool) {
        match event {
            None => self.misfit = Some(Misfit::Event("an event is not an object")),
            Some(event) => match event.misfit {
                Some(why) => self.misfit = Some(Misfit::Event(why)),
                None if names && event.event.is_none() => {
                    self.misfit = Some(Misfit::Event("an event has no text in `event`"));
                }
                None => self.events.push(event),
            },
        }
    }
}

/// An object that may be a batch or an event.
#[derive(Debug)]
struct Root<'a, P> {
    event: RawEvent<'a, P>,
    list: Option<List<'a, P>>,
    token: Option<Value<'a>>,
    historical: Option<Value<'a>>,
    sent_at: Option<Value<'a>>,
    /// A field of the batch stands twice.
    repeated: bool,
}

impl<'a, P: PropertyFacts<'a>> Root<'a, P> {
    fn read(cursor: &mut Cursor<'a>, taken: Taken) -> Result<Self, Error> {
        let mut root = Self {
            event: RawEvent::default(),
            list: None,
            token: None,
            historical: None,
            sent_at: None,
            repeated: false,
        };
        let start = cursor.at();
        cursor.enter_object()?;
        while let Some(key) = cursor.next_key()? {
            match &*key.decode() {
                "batch" if taken.batch => root.take_batch(cursor, taken)?,
                "historical_migration" => {
                    root.repeated |= root.historical.replace(cursor.value()?).is_some();
                }
                "sent_at" => {
                    let value = cursor.value()?;
                    root.repeated |= root.sent_at.replace(value).is_some();
                    root.event.sent_at = Some(value);
                }
                "token" | "api_key" => {
                    let value = cursor.value()?;
                    root.repeated |= root.token.replace(value).is_some();
                    root.event.take_token(value);
                }
                other => root.event.take(other, cursor)?,
            }
        }
        root.event.finish(cursor.at() - start);
        Ok(root)
    }

    fn take_batch(&mut self, cursor: &mut Cursor<'a>, taken: Taken) -> Result<(), Error> {
        let list = if cursor.peek()? == Kind::Array {
            List::read(cursor, taken)?
        } else {
            cursor.skip()?;
            List { events: Vec::new(), misfit: Some(Misfit::Event("`batch` is not an array")) }
        };
        self.repeated |= self.list.replace(list).is_some();
        Ok(())
    }

    /// The first shape that fits.
    fn settle(self, taken: Taken) -> Result<Payload<'a, P>, Refusal> {
        let Self { event, list, token, historical, sent_at, repeated } = self;
        let fields = batch_fields(token, historical, sent_at).filter(|_| !repeated);
        let mut misfit = None;
        if let (Some(list), Some(fields)) = (list, fields) {
            misfit = list.misfit;
            if misfit.is_none() {
                let (events, batch) = (list.events, Some(fields));
                return Ok(Payload { events, batch, is_unnamed: false, lone_surrogates: false });
            }
        }
        if let Some(Misfit::TooMany) = misfit {
            return Err(Refusal::too_many(taken.events_max));
        }
        if let Some(why) = event.misfit {
            return Err(Refusal::parsing(why));
        }
        let is_unnamed = taken.names && event.event.is_none();
        Ok(Payload { events: vec![event], batch: None, is_unnamed, lone_surrogates: false })
    }
}

/// The fields of a batch if all of them have their types.
fn batch_fields<'a>(
    token: Option<Value<'a>>,
    historical: Option<Value<'a>>,
    sent_at: Option<Value<'a>>,
) -> Option<BatchFields<'a>> {
    let token = token?.text()?;
    let is_historical = match historical {
        Some(value) if !value.is_null() => value.bool()?,
        _ => false,
    };
    let sent_at = match sent_at {
        Some(value) if !value.is_null() => Some(value.text()?),
        _ => None,
    };
    Some(BatchFields { token, is_historical, sent_at })
}
