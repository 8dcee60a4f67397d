package dev.heddle.cli.sight.top;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.sight.AnswerLine;
import dev.heddle.cli.sight.top.TopState.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The picture of a state: lines of text, no longer than the window is wide and no more than it is high. Pure. */
final class TopPicture {

    private static final double PERCENT_NANOS = 1e7;
    private static final int NAME_OF_LOOP = 12;
    private static final int MAX_GAUGE = 40;

    /** A kind of tasks is hot that takes so much of a second. */
    private static final long HOT_NANOS = 500_000_000;

    private static final String HELP = """
            heddle top: the CPU time of a program by task

            Up, Down, PgUp, PgDn, Home, End    select another row
            b r d a w t n    sort by busy time, runs, queue delay, allocation, waiting, tasks, name
            F6 > <           sort by the next or the last column
            F5 g             by route, or by name only
            o                rates over the last 1, 10 or 60 seconds
            F4 /             filter by name; Esc shows all
            Space            pause and resume
            F1 h             this help
            F10 q ^C         quit

            BUSY%    share of a second that they ran: 100 is one whole loop
            DELAY    time from ready to running, on average; WORST the longest of the last second
            WAITING  how many wait now; numbers in names show as #: "fetch 17" is in "fetch #"

            Any key goes back.""";

    private final TopState state;
    private final Style style;
    private final List<String> lines = new ArrayList<>();

    private TopPicture(TopState state, Style style) {
        this.state = state;
        this.style = style;
    }

    /** The lines of the whole window, from the top. */
    static List<String> of(TopState state, Style style) {
        var picture = new TopPicture(state, style);
        if (state.mode() == Mode.HELP) {
            HELP.lines().limit(state.rows()).forEach(line -> picture.lines.add(picture.fit(line)));
        } else {
            picture.draw();
        }
        return picture.lines.subList(0, Math.min(state.rows(), picture.lines.size()));
    }

    /** The figures as text for a file or a pipe: all rows of the round. */
    static String text(TopState state) {
        int height = state.round().rows().size() + state.round().shares().size() + 4;
        var picture = new TopPicture(state.resized(3 * height, state.columns()), Style.NONE);
        picture.title();
        picture.shares();
        picture.head();
        picture.rows(false);
        return String.join("\n", picture.lines.stream().map(String::stripTrailing).toList()) + "\n";
    }

    private void draw() {
        title();
        shares();
        head();
        rows(true);
        while (lines.size() < state.rows() - 1) {
            lines.add("");
        }
        lines.add(bottom());
    }

    private void title() {
        AnswerLine all = state.round().all();
        String watched = HumanFormat.time(TimeUnit.MILLISECONDS.toNanos(all.number("watched")));
        lines.add(fit(
                state.program() + (state.view().paused() ? ", PAUSED" : "") + ": "
                        + HumanFormat.count(all.number("tasks"), "task") + ", "
                        + HumanFormat.count(all.number("waiting"))
                        + (all.flag("whole") ? " waiting" : " waiting, more to count") + "; by "
                        + (state.view().byName() ? "name" : "route") + ", rates over "
                        + state.view().over() + " s, watched for " + watched));
    }

    private void shares() {
        List<AnswerLine> shares = state.round().shares();
        for (int i = 0; i < state.shares(); i++) {
            boolean more = i + 1 == state.shares() && shares.size() > state.shares();
            lines.add(more
                    ? fit("and " + HumanFormat.count(shares.size() - i, "more loop"))
                    : gauge(shares.get(i)));
        }
    }

    private String gauge(AnswerLine share) {
        long nanos = share.number("busy" + state.view().over());
        String name = padded(share.text("name"), NAME_OF_LOOP);
        String percent = String.format(Locale.ROOT, "%5.1f%%", nanos / PERCENT_NANOS);
        int cells = Math.min(MAX_GAUGE, state.columns() - NAME_OF_LOOP - percent.length() - 3);
        if (cells < 1) {
            return fit(name + percent);
        }
        int filled = Math.clamp(Math.round(cells * nanos / 1e9), 0, cells);
        String bar = style.paint(nanos >= HOT_NANOS ? Style.HOT : Style.GAUGE, "|".repeat(filled));
        return name + "[" + bar + " ".repeat(cells - filled) + "] " + percent;
    }

    private void head() {
        var head = new StringBuilder();
        for (Column column : columns()) {
            String title = column.title + (column == state.view().order() ? "*" : "");
            head.append(column == Column.NAME ? "  " + title : right(title, column.width));
        }
        lines.add(style.paint(Style.HEAD, padded(fit(head.toString()), state.columns())));
    }

    private List<Column> columns() {
        return Column.fitting(state.columns(), state.view().order());
    }

    private void rows(boolean marked) {
        List<AnswerLine> shown = state.shown();
        int end = Math.min(shown.size(), state.first() + state.room());
        for (int i = state.first(); i < end; i++) {
            lines.add(row(shown.get(i), marked && i == state.selected()));
        }
        if (shown.isEmpty() && state.room() > 0) {
            lines.add(fit(state.round().rows().isEmpty()
                    ? "  nothing has run yet"
                    : "  no name has \"" + state.view().filter() + "\" in it"));
        }
    }

    private String row(AnswerLine row, boolean marked) {
        var text = new StringBuilder();
        for (Column column : columns()) {
            String cell = column.cell(row, state.view().over());
            text.append(column == Column.NAME ? "  " + cell : right(cell, column.width));
        }
        String line = fit(text.toString());
        if (marked) {
            return style.paint(Style.MARKED, padded(line, state.columns()));
        }
        long busy = row.number("busy1");
        return busy >= HOT_NANOS
                ? style.paint(Style.HOT, line)
                : busy == 0
                        ? style.paint(Style.QUIET, line)
                        : line;
    }

    private String bottom() {
        if (state.mode() == Mode.FILTER) {
            return fit("Show names with: " + state.view().filter() + "_   Enter keeps it, Esc shows all");
        }
        var bar = new StringBuilder();
        int width = 0;
        for (String[] key : List.of(
                new String[]{"F1", "Help "}, new String[]{"F4", "Filter "},
                new String[]{"F5", state.view().byName() ? "Route  " : "Name   "},
                new String[]{"F6", "Sort "}, new String[]{"o", "Over "},
                new String[]{"Space", state.view().paused() ? "Go on" : "Pause"},
                new String[]{"F10", "Quit"})) {
            width += key[0].length() + key[1].length();
            if (width > state.columns()) {
                break;
            }
            bar.append(key[0]).append(style.paint(Style.KEY, key[1]));
        }
        String filter = state.view().filter().isEmpty() ? "" : "  only \"" + state.view().filter() + "\"";
        return bar + (width + filter.length() <= state.columns() ? filter : "");
    }

    // ---- text of a width ----

    private String fit(String text) {
        return text.length() <= state.columns()
                ? text
                : state.columns() < 3 ? text.substring(0, state.columns()) : HumanFormat.cut(text, state.columns());
    }

    private static String padded(String text, int width) {
        return text.length() >= width ? text.substring(0, width) : text + " ".repeat(width - text.length());
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
