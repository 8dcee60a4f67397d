package dev.heddle.cli.sight.top;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.sight.AnswerLine;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** A column of the table: its head, how wide it is, and what a program calls the order by it. */
enum Column {
    BUSY("BUSY%", 7, "busy"),
    BUSY_TEN("10s", 6, ""),
    BUSY_SIXTY("60s", 6, ""),
    RUNS("RUNS/s", 10, "runs"),
    DELAY("DELAY", 8, "delay"),
    WORST("WORST", 8, ""),
    ALLOCATED("ALLOC/s", 9, "allocated"),
    TASKS("TASKS", 10, "tasks"),
    WAITING("WAITING", 10, "waiting"),
    NAME("NAME", 12, "name");

    /** In the order in which they are given up last where the window is narrow. */
    private static final List<Column> BY_WORTH = List.of(
            NAME, BUSY, RUNS, WAITING, DELAY, ALLOCATED, TASKS, WORST, BUSY_TEN, BUSY_SIXTY);

    private static final List<Column> SORTABLE = List.of(BUSY, RUNS, DELAY, ALLOCATED, WAITING, TASKS, NAME);

    private static final double PERCENT_NANOS = 1e7;

    final String title;
    final int width;

    /** What a request calls the order; empty if there is none by this column. */
    final String order;

    Column(String title, int width, String order) {
        this.title = title;
        this.width = width;
        this.order = order;
    }

    /** The columns that have room beside each other, the one that gives the order always. */
    static List<Column> fitting(int width, Column order) {
        int left = width - order.width - (order == NAME ? 0 : NAME.width);
        var fitting = new TreeSet<Column>(List.of(order, NAME));
        for (Column column : BY_WORTH) {
            if (!fitting.contains(column)) {
                if (left < column.width) {
                    break;
                }
                fitting.add(column);
                left -= column.width;
            }
        }
        return List.copyOf(fitting);
    }

    /** The next one that can give the order, or the one before. */
    Column neighbour(int step) {
        int at = SORTABLE.indexOf(this) + step;
        return SORTABLE.get(Math.floorMod(at, SORTABLE.size()));
    }

    /** The order that it gives, by rates over so many seconds: the most first, and those alike by name. */
    Comparator<AnswerLine> comparator(int over) {
        Comparator<AnswerLine> byName = Comparator.comparing(row -> row.text("name"));
        return this == NAME
                ? byName
                : Comparator.<AnswerLine>comparingDouble(row -> -worth(row, over)).thenComparing(byName);
    }

    private double worth(AnswerLine row, int over) {
        return switch (this) {
            case BUSY -> row.real("busy" + over);
            case BUSY_TEN -> row.real("busy10");
            case BUSY_SIXTY -> row.real("busy60");
            case RUNS -> row.real("runs" + over);
            case DELAY -> row.real("delay" + over) * row.real("runs" + over);
            case WORST -> row.real("worst1");
            case ALLOCATED -> row.real("allocated" + over);
            case TASKS -> row.real("tasks");
            case WAITING -> row.real("waiting");
            case NAME -> 0;
        };
    }

    /** What stands in it for a row, with rates over so many seconds. */
    String cell(AnswerLine row, int over) {
        return switch (this) {
            case BUSY -> percent(row.number("busy1"));
            case BUSY_TEN -> percent(row.number("busy10"));
            case BUSY_SIXTY -> percent(row.number("busy60"));
            case RUNS -> runs(row.real("runs" + over));
            case DELAY -> HumanFormat.shortTime(row.number("delay" + over));
            case WORST -> HumanFormat.shortTime(row.number("worst1"));
            case ALLOCATED -> HumanFormat.bytes(row.number("allocated" + over));
            case TASKS -> HumanFormat.count(row.number("tasks"));
            case WAITING -> HumanFormat.count(row.number("waiting"));
            case NAME -> row.text("name");
        };
    }

    private static String percent(long nanosOfSecond) {
        return String.format(Locale.ROOT, "%.1f", nanosOfSecond / PERCENT_NANOS);
    }

    private static String runs(double rate) {
        return rate < 9.95 ? String.format(Locale.ROOT, "%.1f", rate) : HumanFormat.count(Math.round(rate));
    }
}
