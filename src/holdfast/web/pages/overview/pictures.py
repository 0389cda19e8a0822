"""The overview's charts: from what was measured to a picture, its finding, and the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.language import calendar as calendar_called
from holdfast.services.measure.overview import CohortLine, Curve, GroupRate, Overview, Place
from holdfast.web.charts import cohorts, groups, lifetime, over_time
from holdfast.web.charts.canvas import Chart, Picture, Size
from holdfast.web.figures import country_name, period_with_year, readable, share_digits, short_period

ROWS_WIDE, ROWS_NARROW = 12, 8
GROUPS_SHOWN = 8


def churn_chart(overview: Overview, reader: Reader, calendar: str) -> Chart | None:
    """Churn over the periods with its interval; ``None`` where no period has a rate."""
    points = tuple(
        over_time.RatePoint(
            short_period(point.period, calendar, reader.code),
            period_with_year(point.period, calendar, reader.code),
            point.value,
            point.low,
            point.high,
        )
        for point in overview.churn
    )
    known = [point for point in points if point.share is not None]
    if not known:
        return None
    finding = Text(
        "Churn rate over time: {first} in {begin}, {last} in {end}",
        first=Share(known[0].share or 0.0),
        begin=known[0].long_label,
        last=Share(known[-1].share or 0.0),
        end=known[-1].long_label,
    )
    series = over_time.RateSeries(points, overview.usual, reader.gettext("usual"), reader.say(finding))
    sizes = (Size(664, 292, "when-wide"), Size(358, 230, "when-narrow"))
    wide, narrow = (
        over_time.rate_over_time(series, size, reader.share, mirrored=_mirrored(reader)) for size in sizes
    )
    return Chart(
        Picture(wide, narrow),
        "",
        tuple(map(reader.gettext, ("Period", "Churn", "Low", "High"))),
        tuple(
            (point.long_label, *(_share(value, reader) for value in (point.share, point.low, point.high)))
            for point in reversed(points)
        ),
    )


def cohort_chart(lines: tuple[CohortLine, ...], reader: Reader, calendar: str) -> Chart | None:
    """Who stays, by when they came; ``None`` without cohorts."""
    if not lines:
        return None
    newest = next((line for line in reversed(lines) if len(line.shares) > 1), lines[-1])
    finding = Text(
        "Customers still with us, by when they came. "
        "Of those of {period}, {share} remained after {months} months",
        period=period_with_year(newest.period, calendar, reader.code),
        share=Share(newest.shares[-1], 0),
        months=len(newest.shares) - 1,
    )
    words = cohorts.CohortWords(reader.say(finding), reader.gettext("months"))
    wide, narrow = (
        cohorts.heat_map(
            _cohort_rows(lines[-count:], reader, calendar),
            size,
            words,
            reader.number,
            columns=columns,
            with_sizes=sizes,
            mirrored=_mirrored(reader),
        )
        for count, size, columns, sizes in (
            (ROWS_WIDE, Size(664, 0, "when-wide"), 10, True),
            (ROWS_NARROW, Size(358, 0, "when-narrow"), 7, False),
        )
    )
    ages = range(max(len(line.shares) for line in lines))
    return Chart(
        Picture(wide, narrow),
        reader.gettext("Per cent still with us. Columns are months since they came."),
        (reader.gettext("Came in"), reader.gettext("Customers"), *(reader.number(age) for age in ages)),
        tuple(
            (
                period_with_year(line.period, calendar, reader.code),
                reader.number(line.size),
                *(_share(line.shares[age] if age < len(line.shares) else None, reader, 0) for age in ages),
            )
            for line in lines
        ),
    )


def _cohort_rows(lines: Sequence[CohortLine], reader: Reader, calendar: str) -> list[cohorts.CohortRow]:
    """The rows as they are drawn; the first, and the first of each year, carry the year."""
    rows, year = [], None
    for line in lines:
        of_year = calendar_called(calendar).parts(line.period.start)[0]
        name = short_period if of_year == year else period_with_year
        year = of_year
        words = name(line.period, calendar, reader.code)
        rows.append(cohorts.CohortRow(words, reader.number(line.size), line.shares))
    return rows


def lifetime_chart(curves: tuple[Curve, ...], reader: Reader) -> Chart | None:
    """How long they stay; ``None`` without a curve."""
    drawn = [_curve(curve, reader) for curve in curves if len(curve.points) > 1]
    if not drawn:
        return None
    words = lifetime.LifetimeWords(
        finding=reader.say(_lifetime_finding(curves[0])),
        say_age=lambda months: reader.number(round(months)),
        say_last_age=lambda months: reader.say(Text("{n} month", "{n} months", n=round(months))),
        say_share=reader.share,
    )
    wide, narrow = (
        lifetime.lifetime_curves(drawn, size, words, mirrored=_mirrored(reader))
        for size in (Size(392, 290, "when-wide"), Size(358, 270, "when-narrow"))
    )
    return Chart(
        Picture(wide, narrow),
        reader.gettext("Kaplan–Meier, with 95% interval"),
        (reader.gettext("Month"), *(reader.say(curve.name) for curve in curves)),
        _curve_table(curves, reader),
    )


def _curve(curve: Curve, reader: Reader) -> lifetime.Curve:
    points = tuple(
        lifetime.CurvePoint(
            point.months,
            point.share,
            point.share if point.low is None else point.low,
            point.share if point.high is None else point.high,
        )
        for point in curve.points
    )
    said = f"{reader.say(curve.name)} {reader.share(points[-1].share, 0)}"
    half = (
        reader.say(Text("half gone, month {n}", n=round(curve.median_months)))
        if curve.median_months is not None
        else ""
    )
    return lifetime.Curve(said, points, curve.median_months, half)


def _lifetime_finding(curve: Curve) -> Text:
    last = curve.points[-1]
    values = {"share": Share(last.share, 0), "months": round(last.months)}
    if curve.median_months is None:
        return Text("Share of customers still with us: after {months} months {share}", **values)
    return Text(
        "Share of customers still with us: half are gone after {half} months; "
        "after {months} months {share} remain",
        half=round(curve.median_months),
        **values,
    )


def _curve_table(curves: tuple[Curve, ...], reader: Reader) -> tuple[tuple[str, ...], ...]:
    oldest = max(curve.points[-1].months for curve in curves)
    step = max(1, round(oldest / 12))
    return tuple(
        (reader.number(month), *(_share(_share_at(curve, month), reader, 0) for curve in curves))
        for month in range(0, int(oldest) + 1, step)
    )


def _share_at(curve: Curve, months: float) -> float | None:
    """The curve's share at an age; ``None`` beyond its last point."""
    if months > curve.points[-1].months:
        return None
    return [point.share for point in curve.points if point.months <= months][-1]


def place_chart(place: Place, reader: Reader) -> Chart | None:
    """Churn by one trait; ``None`` without groups."""
    if not place.groups:
        return None
    name = _group_namer(place.trait, reader)
    shown = [
        groups.GroupRate(name(group), group.value, group.low, group.high, group.differs)
        for group in place.groups[:GROUPS_SHOWN]
    ]
    words = groups.GroupWords(
        finding=reader.say(place_remark(place, reader)),
        overall=reader.say(Text("all {share}", share=Share(place.all))),
    )
    wide, narrow = (
        groups.rates_by_group(shown, place.all, size, words, reader.share, mirrored=_mirrored(reader))
        for size in (Size(524, 0, "when-wide"), Size(358, 0, "when-narrow"))
    )
    return Chart(
        Picture(wide, narrow),
        reader.gettext("Dot: rate; line: 95% interval."),
        tuple(map(reader.gettext, ("Group", "Left", "Of", "Rate", "Low", "High"))),
        tuple(_group_row(group, name(group), reader) for group in place.groups),
    )


def place_remark(place: Place, reader: Reader) -> Text:
    """What the picture shows in a sentence, its groups by the names that the reader knows."""
    names = {group.group: _group_namer(place.trait, reader)(group) for group in place.groups}

    def named(value: object) -> object:
        if isinstance(value, list | tuple):
            return [named(each) for each in value]
        return names.get(value, value) if isinstance(value, str) else value

    values = {name: named(value) for name, value in place.remark.values.items()}
    return Text(place.remark.msgid, place.remark.plural, **values)


def _group_namer(trait: str, reader: Reader) -> Callable[[GroupRate], str]:
    def name(group: GroupRate) -> str:
        if not group.group:
            return reader.gettext("not known")
        if trait == "country":
            return country_name(group.group, reader.code)
        return readable(group.group)

    return name


def _group_row(group: GroupRate, name: str, reader: Reader) -> tuple[str, ...]:
    return (
        name,
        reader.number(group.lost),
        reader.number(group.start),
        *(_share(value, reader) for value in (group.value, group.low, group.high)),
    )


def _share(value: float | None, reader: Reader, digits: int | None = None) -> str:
    if value is None:
        return ""
    return reader.share(value, share_digits(value) if digits is None else digits)


def _mirrored(reader: Reader) -> bool:
    return reader.language.direction == "rtl"
