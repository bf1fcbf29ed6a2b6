"""Dates and times."""

from appliance.query.hogql.functions.signature import listed

NOW = listed("""
now 0..1 DateTime
now64 0..2 DateTime
nowInBlock 0..1 DateTime
today 0..1 Date
yesterday 0..1 Date
UTCTimestamp 0 DateTime
""")

PARTS = listed("""
timeZoneOf 1 String!
timeZoneOffset 1 Integer
toYear 1..2 Integer
toQuarter 1..2 Integer
toMonth 1..2 Integer
toDayOfYear 1..2 Integer
toDayOfMonth 1..2 Integer
toDayOfWeek 1..3 Integer
toHour 1..2 Integer
toMinute 1..2 Integer
toSecond 1..2 Integer
toMillisecond 1..2 Integer
toUnixTimestamp 1..2 Integer
toUnixTimestamp64Milli 1 Integer
toUnixTimestamp64Micro 1 Integer
toISOYear 1..2 Integer
toISOWeek 1..2 Integer
toWeek 1..3 Integer
toYearWeek 1..3 Integer
toYYYYMM 1..2 Integer
toYYYYMMDD 1..2 Integer
toYYYYMMDDhhmmss 1..2 Integer
toRelativeYearNum 1..2 Integer
toRelativeQuarterNum 1..2 Integer
toRelativeMonthNum 1..2 Integer
toRelativeWeekNum 1..2 Integer
toRelativeDayNum 1..2 Integer
toRelativeHourNum 1..2 Integer
toRelativeMinuteNum 1..2 Integer
toRelativeSecondNum 1..2 Integer
dateName 2..3 String
monthName 1 String
formatDateTime 2..3 String
formatDateTimeInJodaSyntax 2..3 String
""")

STARTS = listed("""
toStartOfYear 1..2 Date
toStartOfISOYear 1..2 Date
toStartOfQuarter 1..2 Date
toStartOfMonth 1..2 Date
toStartOfWeek 1..3 Date
toStartOfDay 1..2 DateTime
toStartOfHour 1..2 DateTime
toStartOfMinute 1..2 DateTime
toStartOfSecond 1..2 DateTime
toStartOfFiveMinutes 1..2 DateTime
toStartOfTenMinutes 1..2 DateTime
toStartOfFifteenMinutes 1..2 DateTime
toLastDayOfMonth 1..2 Date
toLastDayOfWeek 1..3 Date
toMonday 1..2 Date
toTime 1..2 DateTime
toTimeZone 2 same
timeSlot 1..2 DateTime
timeSlots 2..3 [DateTime]
fromDaysSinceYearZero 1 Date
""")

REST = listed("""
age 3..4 Integer
dateDiff 3..4 Integer
date_diff 3..4 Integer
addDate 2 Unknown
subDate 2 Unknown
addYears 2 same
addQuarters 2 same
addMonths 2 same
addWeeks 2 same
addDays 2 same
addHours 2 DateTime
addMinutes 2 DateTime
addSeconds 2 DateTime
addMilliseconds 2 DateTime
addMicroseconds 2 DateTime
subtractYears 2 same
subtractQuarters 2 same
subtractMonths 2 same
subtractWeeks 2 same
subtractDays 2 same
subtractHours 2 DateTime
subtractMinutes 2 DateTime
subtractSeconds 2 DateTime
subtractMilliseconds 2 DateTime
subtractMicroseconds 2 DateTime
fromUnixTimestamp 1..3 DateTime
fromUnixTimestamp64Milli 1..2 DateTime
fromUnixTimestamp64Micro 1..2 DateTime
makeDate 2..3 Date
makeDateTime 6..7 DateTime
makeDateTime64 6..9 DateTime
tumble 2..3 Tuple
hop 3..4 Tuple
tumbleStart 1..3 DateTime
tumbleEnd 1..3 DateTime
hopStart 1..4 DateTime
hopEnd 1..4 DateTime
""")

FUNCTIONS = NOW | PARTS | STARTS | REST
