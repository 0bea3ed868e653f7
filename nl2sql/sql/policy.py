"""What SQL may contain: the allow-lists of syntax nodes and of functions. What is not named here is refused.

Not on the lists on purpose: whatever writes, reads files, changes or shows settings, lists the catalogue, runs SQL held in
a string, sleeps, makes rows from nothing (``range``, ``generate_series``) or tells who and where the server is.
Names are those of sqlglot's classes for what it knows by class, and lower-case SQL names for the rest.
"""
from __future__ import annotations

MAX_CHARACTERS = 20_000  # of SQL text
MAX_TOKENS = 3_000
MAX_DEPTH = 24  # of brackets and CASE in one another: sqlglot's parser is recursive
MAX_TREE_DEPTH = 150  # of the syntax tree: a chain of ORs counts one for each
MAX_STRING = 10_000  # characters that an expression may build
MAX_LIST = 100_000  # items that an expression may build

QUERY_ROOTS = frozenset("Select Union Intersect Except Subquery Values".split())

NODES = frozenset(
    """
    Select Union Intersect Except Subquery Values With CTE From Join Where Group Having Qualify Order Ordered Limit LimitOptions
    Offset Fetch Distinct Lateral TableAlias Table Column Identifier Alias Aliases Star Tuple Paren Literal Boolean Null Var
    Add Sub Mul Div IntDiv Mod Neg DPipe BitwiseAnd BitwiseOr BitwiseXor BitwiseNot BitwiseLeftShift BitwiseRightShift
    EQ NEQ GT GTE LT LTE NullSafeEQ NullSafeNEQ Is Not Between In Like ILike SimilarTo Glob Escape Any All Exists Overlaps
    Interval IntervalSpan DataType DataTypeParam ColumnDef Window WindowSpec Filter WithinGroup IgnoreNulls RespectNulls
    GroupingSets Cube Rollup Lambda Comprehension Kwarg PropertyEQ Bracket Slice Dot PositionalColumn Pivot PivotAlias
    UnpivotColumns TableSample AtTimeZone JSON JSONPath JSONPathRoot JSONPathKey JSONPathSubscript JSONPathWildcard
    JSONKeyValue Columns HavingMax RawString
    """.split()
)

SAMPLES = frozenset(("", "bernoulli", "system", "reservoir"))  # ways of sampling

FUNCTION_CLASSES = frozenset(
    """
    And Or Xor Case If Coalesce Nullif Nvl2 Cast TryCast Try Exists EqualNull Greatest Least Typeof Collate Columns

    Count CountIf Sum Avg Min Max Median Mode Quantile PercentileCont PercentileDisc ApproxQuantile ApproxDistinct ApproxTopK
    Stddev StddevPop StddevSamp Variance VariancePop Skewness Kurtosis Corr CovarPop CovarSamp RegrAvgx RegrAvgy RegrCount
    RegrIntercept RegrR2 RegrSlope RegrSxx RegrSxy RegrSyy ArgMax ArgMin AnyValue First Last LogicalAnd LogicalOr
    BitwiseAndAgg BitwiseOrAgg BitwiseXorAgg GroupConcat ArrayAgg Grouping GroupingId

    RowNumber Rank DenseRank PercentRank CumeDist Ntile Lag Lead FirstValue LastValue NthValue

    CurrentDate CurrentTime CurrentTimestamp CurrentDatetime Localtime Localtimestamp Date Datetime Time Timestamp Extract
    Year Quarter Month Week WeekOfYear Day DayOfMonth DayOfWeek DayOfWeekIso DayOfYear YearOfWeek YearOfWeekIso Hour Minute
    Second Dayname Monthname LastDay AddMonths MonthsBetween DateAdd DateSub DateDiff DateTrunc DateBin DateFromParts
    DateStrToDate DatetimeAdd DatetimeSub DatetimeDiff DatetimeTrunc TimeAdd TimeSub TimeDiff TimeTrunc TimeFromParts
    TimeStrToDate TimeStrToTime TimeToStr TimeToUnix TimestampAdd TimestampSub TimestampDiff TimestampTrunc
    TimestampFromParts TsOrDsAdd TsOrDsDiff TsOrDsToDate TsOrDsToDateStr TsOrDsToTime TsOrDsToTimestamp StrToDate StrToTime
    StrToUnix UnixToTime UnixToStr UnixSeconds UnixMillis UnixMicros ToDays MakeInterval JustifyDays

    Abs Sign Ceil Floor Round Trunc Sqrt Cbrt Exp Ln Log Pow Pi Rand Factorial IsNan IsInf Degrees Radians Sin Cos Tan Cot
    Asin Acos Atan Atan2 Sinh Cosh Tanh Asinh Acosh Atanh WidthBucket BitwiseCount SafeDivide CosineDistance EuclideanDistance

    Lower Upper Trim Length BitLength ByteLength Left Right Substring SubstringIndex Replace Reverse Repeat Pad Concat
    ConcatWs Contains StartsWith EndsWith StrPosition Split SplitPart Translate Ascii Unicode Chr Format Levenshtein MD5 SHA SHA2
    JarowinklerSimilarity RegexpLike RegexpILike RegexpExtract RegexpExtractAll RegexpFullMatch RegexpReplace RegexpSplit
    RegexpCount ToChar NumberToStr

    Array List ArrayAll ArrayAny ArrayAppend ArrayConcat ArrayContains ArrayContainsAll ArrayContainedBy ArrayDistinct
    ArrayExcept ArrayFilter ArrayFirst ArrayIntersect ArrayLast ArrayMax ArrayMin ArrayOverlaps ArrayPosition ArrayPrepend
    ArrayRemove ArrayReverse ArraySize ArraySlice ArraySort ArraySum ArrayToString ArraysZip StringToArray Flatten
    Explode Unnest Reduce Transform Struct StructExtract ToMap Map VarMap MapKeys MapSize MapFromEntries MapContainsKey
    JSONExtract JSONExtractScalar JSONExtractArray JSONKeys JSONType ParseJSON JSONArrayContains JSONExists
    """.split()
)

FUNCTION_NAMES = frozenset(
    """
    count_star product geomean geometric_mean entropy mad sem fsum kahan_sum sumkahan favg var_samp histogram arbitrary
    arg_max_null arg_min_null max_by min_by quantile_cont quantile_disc weighted_avg wavg bit_and bit_or bit_xor fill
    mean kurtosis_pop histogram_exact arg_max_nulls_last arg_min_nulls_last

    age date_part datepart date_sub datesub last_day make_timestamp make_time century decade millennium era epoch epoch_ms
    epoch_us epoch_ns isodow isoyear weekday dayofweek yearweek weekofyear julian microsecond millisecond to_years to_quarters
    to_months to_weeks to_days to_hours to_minutes to_seconds to_milliseconds to_timestamp timezone datesub try_strptime
    strptime days_in_month now today get_current_timestamp transaction_timestamp to_decades to_centuries to_millennia
    to_microseconds nanosecond timezone_hour timezone_minute make_timestamp_ms make_timestamp_ns make_timestamptz
    normalized_interval ago enum_code enum_first enum_last enum_range

    add subtract multiply divide fdiv fmod even gamma lgamma nextafter signbit isfinite round_even roundbankers gcd lcm
    greatest_common_divisor least_common_multiple mod xor power log2 bit_count

    printf format concat_ws ltrim rtrim prefix suffix contains instr position strpos strlen len char_length octet_length
    string_split_regex str_split_regex split regexp_escape regexp_split_to_array regexp_extract_all strip_accents
    nfc_normalize jaccard jaro_similarity hamming mismatches damerau_levenshtein editdist3 ucase lcase ord chr left_grapheme
    right_grapheme length_grapheme substring_grapheme format_bytes formatreadablesize formatreadabledecimalsize
    parse_formatted_bytes array_to_string_comma_default hash

    cardinality element_at flatten row struct_pack struct_extract struct_insert struct_concat struct_keys struct_values
    map_entries map_values map_extract map_extract_value map_concat map_contains list_value list_pack list_extract list_element
    list_contains list_has list_has_any list_has_all list_position list_indexof list_count list_sum list_avg list_min list_max
    list_median list_mode list_first list_last list_any_value list_product list_stddev_pop list_stddev_samp list_var_pop
    list_var_samp list_bool_and list_bool_or list_string_agg list_unique list_distinct list_sort list_reverse_sort
    list_reverse list_slice list_select list_where list_zip list_filter list_transform list_apply list_reduce list_intersect
    list_aggregate list_aggr list_append list_prepend list_concat list_cat list_resize list_approx_count_distinct
    list_histogram list_entropy list_grade_up list_cosine_similarity list_distance list_dot_product list_inner_product
    array_length array_unique array_value array_aggregate array_has array_has_all array_has_any array_resize array_select
    array_where array_zip array_grade_up array_reverse_sort array_push_back array_push_front array_pop_back array_pop_front
    array_cosine_similarity array_distance array_inner_product array_position array_indexof array_extract array_append
    array_prepend array_cat array_sort array_reduce reduce apply filter grade_up aggregate array_transform array_apply
    array_filter array_intersect list_contains_all list_kurtosis list_kurtosis_pop list_skewness list_mad list_sem list_bit_and
    list_bit_or list_bit_xor list_cosine_distance array_cosine_distance array_cross_product array_dot_product
    map_contains_entry map_contains_value struct_extract_at struct_contains struct_has struct_position union_extract union_tag

    json_array_length json_extract_string json_extract_path json_extract_path_text json_value json_exists json_contains
    json_keys json_type json_valid
    """.split()
)

CALLS_BY_NAME = frozenset("list_aggregate list_aggr array_aggregate array_aggr aggregate".split())
# without brackets
BARE_FUNCTIONS = frozenset("user current_user session_user current_role current_catalog current_schema".split())

SQLITE_FUNCTION_NAMES = frozenset(
    "julianday datetime date time strftime unixepoch ifnull iif total substr instr printf round char likely unlikely "
    "json_extract json_array_length json_type json_valid json_each".split()
)
