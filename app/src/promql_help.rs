//! What the functions and operators of PromQL do, in a line each.

use crate::words::Locale;

/// Name, English, Korean. Ordering: by name.
const LINES: [(&str, &str, &str); 101] = [
    ("abs", "absolute value of every sample", "각 샘플의 절댓값"),
    (
        "absent",
        "1 if the vector is empty, nothing otherwise",
        "벡터가 비어 있으면 1, 아니면 없음",
    ),
    (
        "absent_over_time",
        "1 if the range has no samples, nothing otherwise",
        "범위에 샘플이 없으면 1, 아니면 없음",
    ),
    ("acos", "arc cosine", "아크코사인"),
    ("acosh", "inverse hyperbolic cosine", "역쌍곡코사인"),
    ("asin", "arc sine", "아크사인"),
    ("asinh", "inverse hyperbolic sine", "역쌍곡사인"),
    ("atan", "arc tangent", "아크탄젠트"),
    ("atanh", "inverse hyperbolic tangent", "역쌍곡탄젠트"),
    (
        "avg",
        "mean over the series of each group",
        "그룹별 시계열의 평균",
    ),
    (
        "avg_over_time",
        "mean of the samples in the range",
        "범위 안 샘플의 평균",
    ),
    (
        "bottomk",
        "the k smallest series of each group",
        "그룹별로 값이 작은 k개 시계열",
    ),
    ("ceil", "rounds up to whole numbers", "정수로 올림"),
    (
        "changes",
        "how often the value changed in the range",
        "범위 안에서 값이 바뀐 횟수",
    ),
    (
        "clamp",
        "keeps values between a minimum and a maximum",
        "값을 최솟값과 최댓값 사이로 제한",
    ),
    (
        "clamp_max",
        "keeps values at or below a maximum",
        "값을 최댓값 이하로 제한",
    ),
    (
        "clamp_min",
        "keeps values at or above a minimum",
        "값을 최솟값 이상으로 제한",
    ),
    ("cos", "cosine", "코사인"),
    ("cosh", "hyperbolic cosine", "쌍곡코사인"),
    (
        "count",
        "number of series in each group",
        "그룹별 시계열 수",
    ),
    (
        "count_over_time",
        "number of samples in the range",
        "범위 안 샘플 수",
    ),
    (
        "count_values",
        "number of series that have each value",
        "같은 값을 가진 시계열 수",
    ),
    (
        "day_of_month",
        "day of the month, 1 to 31, in UTC",
        "월의 날짜(1~31, UTC)",
    ),
    (
        "day_of_week",
        "day of the week, 0 is Sunday, in UTC",
        "요일(0은 일요일, UTC)",
    ),
    (
        "day_of_year",
        "day of the year, 1 to 366, in UTC",
        "연중 날짜(1~366, UTC)",
    ),
    (
        "days_in_month",
        "number of days of the month, in UTC",
        "그 달의 일수(UTC)",
    ),
    ("deg", "radians to degrees", "라디안을 도로"),
    (
        "delta",
        "difference between the ends of the range; for gauges",
        "범위 양 끝의 차이(게이지용)",
    ),
    (
        "deriv",
        "slope per second by linear regression; for gauges",
        "선형 회귀로 구한 초당 기울기(게이지용)",
    ),
    ("end", "end of the evaluated range", "평가 범위의 끝"),
    ("exp", "e to the power of the value", "e의 거듭제곱"),
    (
        "first_over_time",
        "oldest sample in the range",
        "범위에서 가장 오래된 샘플",
    ),
    ("floor", "rounds down to whole numbers", "정수로 내림"),
    ("group", "1 for each group", "그룹마다 1"),
    (
        "histogram_avg",
        "mean of the observations of native histograms",
        "네이티브 히스토그램 관측값의 평균",
    ),
    (
        "histogram_count",
        "number of observations of native histograms",
        "네이티브 히스토그램의 관측 수",
    ),
    (
        "histogram_fraction",
        "share of observations between two values",
        "두 값 사이 관측의 비율",
    ),
    (
        "histogram_quantile",
        "quantile of a histogram, classic or native",
        "히스토그램의 분위수(클래식·네이티브)",
    ),
    (
        "histogram_quantiles",
        "several quantiles of a histogram at once",
        "히스토그램의 여러 분위수를 한 번에",
    ),
    (
        "histogram_stddev",
        "estimated standard deviation of native histograms",
        "네이티브 히스토그램의 추정 표준편차",
    ),
    (
        "histogram_stdvar",
        "estimated variance of native histograms",
        "네이티브 히스토그램의 추정 분산",
    ),
    (
        "histogram_sum",
        "sum of the observations of native histograms",
        "네이티브 히스토그램 관측값의 합",
    ),
    ("hour", "hour of the day, 0 to 23, in UTC", "시(0~23, UTC)"),
    (
        "idelta",
        "difference between the last two samples; for gauges",
        "마지막 두 샘플의 차이(게이지용)",
    ),
    (
        "increase",
        "how much a counter grew in the range",
        "범위 안에서 카운터가 늘어난 양",
    ),
    (
        "info",
        "adds labels of info metrics such as target_info",
        "target_info 같은 정보 메트릭의 레이블을 추가",
    ),
    (
        "irate",
        "growth of a counter per second between the last two samples",
        "마지막 두 샘플 사이 카운터의 초당 증가",
    ),
    (
        "label_join",
        "joins labels into a new one",
        "여러 레이블을 이어 새 레이블을 만듦",
    ),
    (
        "label_replace",
        "sets a label from a match of another",
        "다른 레이블의 정규식 일치로 레이블을 설정",
    ),
    (
        "last_over_time",
        "newest sample in the range",
        "범위에서 가장 새로운 샘플",
    ),
    (
        "limit_ratio",
        "a share of the series, always the same ones",
        "시계열의 일정 비율(항상 같은 것)",
    ),
    (
        "limitk",
        "k series of each group, always the same ones",
        "그룹별 k개 시계열(항상 같은 것)",
    ),
    ("ln", "natural logarithm", "자연로그"),
    ("log10", "logarithm to base 10", "밑이 10인 로그"),
    ("log2", "logarithm to base 2", "밑이 2인 로그"),
    (
        "mad_over_time",
        "median absolute deviation of the samples in the range",
        "범위 안 샘플의 중앙값 절대 편차",
    ),
    ("max", "greatest value in each group", "그룹별 최댓값"),
    ("max_of", "the greater of two numbers", "두 수 중 큰 값"),
    (
        "max_over_time",
        "greatest sample in the range",
        "범위 안 최댓값",
    ),
    ("min", "least value in each group", "그룹별 최솟값"),
    ("min_of", "the lesser of two numbers", "두 수 중 작은 값"),
    (
        "min_over_time",
        "least sample in the range",
        "범위 안 최솟값",
    ),
    (
        "minute",
        "minute of the hour, 0 to 59, in UTC",
        "분(0~59, UTC)",
    ),
    (
        "month",
        "month of the year, 1 to 12, in UTC",
        "월(1~12, UTC)",
    ),
    ("pi", "the number pi", "원주율"),
    (
        "predict_linear",
        "value so many seconds ahead, by linear regression; for gauges",
        "선형 회귀로 예측한 미래 값(게이지용)",
    ),
    (
        "present_over_time",
        "1 for every series with a sample in the range",
        "범위에 샘플이 있는 시계열마다 1",
    ),
    (
        "quantile",
        "quantile over the series of each group",
        "그룹별 시계열의 분위수",
    ),
    (
        "quantile_over_time",
        "quantile of the samples in the range",
        "범위 안 샘플의 분위수",
    ),
    ("rad", "degrees to radians", "도를 라디안으로"),
    ("range", "length of the evaluated range", "평가 범위의 길이"),
    (
        "rate",
        "growth of a counter per second, averaged over the range",
        "범위 동안 카운터의 초당 평균 증가",
    ),
    (
        "resets",
        "how often a counter was reset in the range",
        "범위 안에서 카운터가 초기화된 횟수",
    ),
    (
        "round",
        "rounds to the nearest multiple",
        "가장 가까운 배수로 반올림",
    ),
    (
        "scalar",
        "the value of a vector with one series as a number",
        "시계열이 하나인 벡터의 값을 스칼라로",
    ),
    ("sgn", "sign: 1, 0 or -1", "부호: 1, 0, -1"),
    ("sin", "sine", "사인"),
    ("sinh", "hyperbolic sine", "쌍곡사인"),
    (
        "sort",
        "sorts by value, the least first",
        "값의 오름차순 정렬",
    ),
    ("sort_by_label", "sorts by labels", "레이블로 정렬"),
    (
        "sort_by_label_desc",
        "sorts by labels, the last first",
        "레이블의 내림차순 정렬",
    ),
    (
        "sort_desc",
        "sorts by value, the greatest first",
        "값의 내림차순 정렬",
    ),
    ("sqrt", "square root", "제곱근"),
    ("start", "start of the evaluated range", "평가 범위의 시작"),
    (
        "start_timestamp",
        "when the counter of each sample began, in seconds",
        "각 샘플의 카운터가 시작된 시각(초)",
    ),
    (
        "stddev",
        "standard deviation over the series of each group",
        "그룹별 시계열의 표준편차",
    ),
    (
        "stddev_over_time",
        "standard deviation of the samples in the range",
        "범위 안 샘플의 표준편차",
    ),
    (
        "stdvar",
        "variance over the series of each group",
        "그룹별 시계열의 분산",
    ),
    (
        "stdvar_over_time",
        "variance of the samples in the range",
        "범위 안 샘플의 분산",
    ),
    ("step", "distance of the evaluated points", "평가 간격"),
    (
        "sum",
        "sum over the series of each group",
        "그룹별 시계열의 합",
    ),
    (
        "sum_over_time",
        "sum of the samples in the range",
        "범위 안 샘플의 합",
    ),
    ("tan", "tangent", "탄젠트"),
    ("tanh", "hyperbolic tangent", "쌍곡탄젠트"),
    (
        "time",
        "time of the evaluation, in seconds",
        "평가 시각(초)",
    ),
    (
        "timestamp",
        "time of each sample, in seconds",
        "각 샘플의 시각(초)",
    ),
    (
        "topk",
        "the k greatest series of each group",
        "그룹별로 값이 큰 k개 시계열",
    ),
    (
        "ts_of_last_over_time",
        "time of the newest sample in the range",
        "범위에서 가장 새로운 샘플의 시각",
    ),
    (
        "unless",
        "series on the left without a partner on the right",
        "오른쪽에 짝이 없는 왼쪽 시계열",
    ),
    (
        "vector",
        "a number as a vector with one series",
        "수를 시계열 하나인 벡터로",
    ),
    ("year", "year, in UTC", "연도(UTC)"),
];

/// What `name` does.
pub fn help_for(name: &str, locale: Locale) -> Option<&'static str> {
    let at = LINES.binary_search_by(|(own, ..)| (*own).cmp(name)).ok()?;
    let (_, english, korean) = LINES.get(at)?;
    Some(match locale {
        Locale::en => english,
        Locale::ko => korean,
    })
}

/// How `name` is called, such as `clamp(instant vector, scalar, scalar)`.
pub fn call_of(name: &str) -> Option<String> {
    let function = promql_syntax::Function::named(name)?;
    let arguments: Vec<&str> = function.args.iter().map(|kind| kind.documented()).collect();
    let more = if function.variadic < 0 { ", …" } else { "" };
    Some(format!("{name}({}{more})", arguments.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_in_order_and_cover_what_is_stable() {
        assert!(LINES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let without: Vec<&str> = promql_syntax::FUNCTIONS
            .iter()
            .filter(|f| !f.experimental && help_for(f.name, Locale::en).is_none())
            .map(|f| f.name)
            .collect();
        assert_eq!(without, Vec::<&str>::new());
    }

    #[test]
    fn calls_are_told_with_their_types() {
        assert_eq!(call_of("rate").as_deref(), Some("rate(range vector)"));
        assert_eq!(call_of("sum"), None);
    }
}
