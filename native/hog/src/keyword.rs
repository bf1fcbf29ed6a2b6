//! Words that the grammar knows. Nearly all may also be names, so a word is a keyword only where it helps.

macro_rules! keywords {
    ($($name:ident $($spelling:literal)|+),+ $(,)?) => {
        /// A word of the grammar, in any case of letters.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Keyword { $($name),+ }

        impl Keyword {
            /// The keyword of a word in lower case.
            fn of_lower(word: &[u8]) -> Option<Self> {
                match word {
                    $($($spelling)|+ => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

keywords! {
    All b"all", And b"and", Anti b"anti", Any b"any", Array b"array", As b"as",
    Ascending b"asc" | b"ascending", Asof b"asof", Between b"between", Both b"both", By b"by",
    Case b"case", Cast b"cast", Catch b"catch", Cohort b"cohort", Collate b"collate", Columns b"columns",
    Cross b"cross", Cube b"cube", Current b"current", Date b"date", Day b"day", Descending b"desc" | b"descending",
    Distinct b"distinct", Else b"else", End b"end", Except b"except", Exclude b"exclude", Extract b"extract",
    Final b"final", Fill b"fill", Filter b"filter", Finally b"finally", First b"first", Following b"following",
    For b"for", From b"from", Full b"full", Fun b"fun" | b"fn", Group b"group", Grouping b"grouping",
    Having b"having", Hour b"hour", Id b"id", If b"if", Ignore b"ignore", Ilike b"ilike", In b"in",
    Include b"include", Inf b"inf" | b"infinity", Inner b"inner", Interpolate b"interpolate",
    Intersect b"intersect", Interval b"interval", Is b"is", Join b"join", Key b"key", Lambda b"lambda",
    Last b"last", Leading b"leading", Left b"left", Let b"let", Like b"like", Limit b"limit", Local b"local",
    Materialized b"materialized", Minute b"minute", Month b"month", Name b"name", Nan b"nan",
    Natural b"natural", Not b"not", Null b"null", Nulls b"nulls", Offset b"offset", On b"on", Or b"or",
    Order b"order", Outer b"outer", Over b"over", Partition b"partition", Pivot b"pivot",
    Positional b"positional", Preceding b"preceding", Prewhere b"prewhere", Qualify b"qualify",
    Quarter b"quarter", Range b"range", Recursive b"recursive", Replace b"replace", Return b"return",
    Right b"right", Rollup b"rollup", Row b"row", Rows b"rows", Sample b"sample", Second b"second",
    Select b"select", Semi b"semi", Sets b"sets", Settings b"settings", Step b"step", Substring b"substring",
    Then b"then", Throw b"throw", Ties b"ties", Time b"time", Timestamp b"timestamp", To b"to", Top b"top",
    Totals b"totals", Trailing b"trailing", Trim b"trim", Truncate b"truncate", Try b"try",
    TryCast b"try_cast", Unbounded b"unbounded", Union b"union", Unpivot b"unpivot", Using b"using",
    Values b"values", Week b"week", When b"when", Where b"where", While b"while", Window b"window",
    With b"with", Within b"within", Year b"year" | b"yyyy", Zone b"zone",
}

/// The longest keyword.
const BYTES_MAX: usize = 12;

impl Keyword {
    /// The keyword that a word is, whatever the case of its letters.
    pub fn of(word: &[u8]) -> Option<Self> {
        let mut lower = [0; BYTES_MAX];
        let lower = lower.get_mut(..word.len())?;
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        Self::of_lower(lower)
    }

    /// Whether it may name a column, a table or an alias after `AS`.
    pub fn may_be_name(self) -> bool {
        !matches!(
            self,
            Self::Catch
                | Self::Except
                | Self::Finally
                | Self::Fun
                | Self::Inf
                | Self::Intersect
                | Self::Let
                | Self::Materialized
                | Self::Nan
                | Self::Null
                | Self::Throw
                | Self::Try
                | Self::While
                | Self::Within
        )
    }

    /// Whether it may be the alias of a column without `AS`.
    pub fn may_be_implicit_alias(self) -> bool {
        matches!(
            self,
            Self::Ascending
                | Self::Cohort
                | Self::Date
                | Self::Descending
                | Self::Final
                | Self::Id
                | Self::Return
                | Self::Top
                | Self::Totals
        )
    }

    /// Whether it may be the alias of a table without `AS`.
    pub fn may_be_table_alias(self) -> bool {
        matches!(self, Self::Date | Self::First | Self::Id | Self::Key)
    }

    /// Whether it joins two expressions or follows one.
    pub fn is_infix(self) -> bool {
        matches!(
            self,
            Self::And
                | Self::As
                | Self::Between
                | Self::Ignore
                | Self::Ilike
                | Self::In
                | Self::Is
                | Self::Like
                | Self::Or
        )
    }

    /// Whether a value may begin behind it where it is taken for a keyword.
    pub fn precedes_value(self) -> bool {
        self.is_infix()
            || matches!(
                self,
                Self::By
                    | Self::Case
                    | Self::Cohort
                    | Self::Distinct
                    | Self::Else
                    | Self::From
                    | Self::Having
                    | Self::Join
                    | Self::Limit
                    | Self::Not
                    | Self::Offset
                    | Self::On
                    | Self::Prewhere
                    | Self::Qualify
                    | Self::Return
                    | Self::Select
                    | Self::Then
                    | Self::Throw
                    | Self::When
                    | Self::Where
                    | Self::With
            )
    }

    /// The function that makes an interval of this unit.
    pub fn interval_function(self) -> Option<&'static str> {
        Some(match self {
            Self::Second => "toIntervalSecond",
            Self::Minute => "toIntervalMinute",
            Self::Hour => "toIntervalHour",
            Self::Day => "toIntervalDay",
            Self::Week => "toIntervalWeek",
            Self::Month => "toIntervalMonth",
            Self::Quarter => "toIntervalQuarter",
            Self::Year => "toIntervalYear",
            _ => return None,
        })
    }
}
