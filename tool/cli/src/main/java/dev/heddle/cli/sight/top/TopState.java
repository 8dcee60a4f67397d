package dev.heddle.cli.sight.top;

import dev.heddle.cli.sight.AnswerLine;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All that decides what the screen shows. A key, a round of figures or another size makes the next state.
 *
 * @param program what the figures are of, for the title
 * @param round the figures
 * @param view how they are shown
 * @param selected the row that is marked, from 0
 * @param first the first row that is shown
 * @param mode what keys mean now
 * @param rows the lines of the window
 * @param columns its width in characters
 */
record TopState(
        String program, Round round, View view, int selected, int first, Mode mode, int rows, int columns) {

    /** Rows asked for beyond those that are shown, so that scrolling finds some. */
    private static final int SPARE_ROWS = 20;

    /** Rows asked for where only some are to be shown: as many as a program gives. */
    private static final int ALL_ROWS = 10_000;

    private static final int MAX_FILTER = 100;
    private static final List<Integer> SECONDS = List.of(1, 10, 60);

    /** Most loops with a line of their own. */
    static final int MAX_SHARES = 8;

    /** What keys mean. */
    enum Mode {
        TABLE, FILTER, HELP, QUIT, INTERRUPTED
    }

    /**
     * How the figures are shown.
     *
     * @param order the column that gives the order
     * @param byName whether what tasks are about does not count
     * @param over the seconds that rates are over
     * @param filter what a name must have in it
     * @param paused whether new figures are not shown
     */
    record View(Column order, boolean byName, int over, String filter, boolean paused) {

        View withOrder(Column chosen) {
            return new View(chosen, byName, over, filter, paused);
        }

        /** Other rows, which only new figures have. */
        View withByName(boolean chosen) {
            return new View(order, chosen, over, filter, false);
        }

        View withOver(int seconds) {
            return new View(order, byName, seconds, filter, paused);
        }

        View withFilter(String text) {
            return new View(order, byName, over, text, paused);
        }

        View withPaused(boolean chosen) {
            return new View(order, byName, over, filter, chosen);
        }
    }

    static TopState begin(String program, View view, int rows, int columns) {
        return new TopState(program, Round.NONE, view, 0, 0, Mode.TABLE, rows, columns);
    }

    /** What to ask the program for. */
    Map<String, String> request() {
        int most = view.filter.isEmpty() ? Math.min(ALL_ROWS, first + rows + SPARE_ROWS) : ALL_ROWS;
        return Map.of(
                "by", view.byName ? "name" : "route",
                "sort", view.order.order,
                "over", Integer.toString(view.over),
                "rows", Integer.toString(most));
    }

    /** The rows that the filter lets through, in the order that is wanted now. */
    List<AnswerLine> shown() {
        String wanted = view.filter.toLowerCase(Locale.ROOT);
        return round.rows().stream()
                .filter(row -> row.text("name").toLowerCase(Locale.ROOT).contains(wanted))
                .sorted(view.order.comparator(view.over))
                .toList();
    }

    /** How many rows have room: below the title, the lines of loops and the head, above the last line. */
    int room() {
        return Math.max(0, rows - shares() - 3);
    }

    /** How many lines tell of loops. */
    int shares() {
        return Math.max(0, Math.min(Math.min(MAX_SHARES, round.shares().size()), rows / 3 - 1));
    }

    // ---- what comes next ----

    TopState with(Round next) {
        return view.paused && round != Round.NONE
                ? this
                : new TopState(program, next, view, selected, first, mode, rows, columns).within();
    }

    TopState resized(int toRows, int toColumns) {
        return new TopState(program, round, view, selected, first, mode, toRows, toColumns).within();
    }

    TopState with(View next) {
        return new TopState(program, round, next, selected, first, mode, rows, columns).within();
    }

    private TopState with(Mode next) {
        return new TopState(program, round, view, selected, first, next, rows, columns);
    }

    private TopState select(int row) {
        return new TopState(program, round, view, row, first, mode, rows, columns).within();
    }

    /** With a row marked that there is, and the window over it. */
    private TopState within() {
        int last = Math.max(0, shown().size() - 1);
        int marked = Math.clamp(selected, 0, last);
        int highest = Math.max(0, marked - Math.max(0, room() - 1));
        int top = Math.clamp(first, highest, Math.max(highest, Math.min(marked, Math.max(0, last + 1 - room()))));
        return new TopState(program, round, view, marked, top, mode, rows, columns);
    }

    /** After a key. */
    TopState on(KeyPress key) {
        if (key.code() == KeyPress.Code.INTERRUPT) {
            return with(Mode.INTERRUPTED);
        }
        return switch (mode) {
            case FILTER -> onFilter(key);
            case HELP -> with(Mode.TABLE);
            case TABLE -> onTable(key);
            case QUIT, INTERRUPTED -> this;
        };
    }

    private TopState onFilter(KeyPress key) {
        String text = view.filter;
        return switch (key.code()) {
            case CHARACTER -> with(view.withFilter(text.length() < MAX_FILTER ? text + key.character() : text));
            case BACKSPACE -> with(view.withFilter(text.isEmpty() ? "" : text.substring(0, text.length() - 1)));
            case ESCAPE -> with(view.withFilter("")).with(Mode.TABLE);
            case ENTER -> with(Mode.TABLE);
            default -> this;
        };
    }

    private TopState onTable(KeyPress key) {
        return switch (key.code()) {
            case UP -> select(selected - 1);
            case DOWN -> select(selected + 1);
            case PAGE_UP -> select(selected - room());
            case PAGE_DOWN -> select(selected + room());
            case HOME -> select(0);
            case END -> select(Integer.MAX_VALUE);
            case F1 -> with(Mode.HELP);
            case F3, F4 -> with(Mode.FILTER);
            case F5 -> with(view.withByName(!view.byName));
            case F6, RIGHT -> with(view.withOrder(view.order.neighbour(1)));
            case LEFT -> with(view.withOrder(view.order.neighbour(-1)));
            case F10 -> with(Mode.QUIT);
            case ESCAPE -> with(view.withFilter(""));
            case CHARACTER -> onCharacter(key.character());
            default -> this;
        };
    }

    private TopState onCharacter(char c) {
        return switch (c) {
            case 'b', 'P' -> with(view.withOrder(Column.BUSY));
            case 'r' -> with(view.withOrder(Column.RUNS));
            case 'd' -> with(view.withOrder(Column.DELAY));
            case 'a', 'M' -> with(view.withOrder(Column.ALLOCATED));
            case 'w' -> with(view.withOrder(Column.WAITING));
            case 't' -> with(view.withOrder(Column.TASKS));
            case 'n' -> with(view.withOrder(Column.NAME));
            case '>', '.' -> with(view.withOrder(view.order.neighbour(1)));
            case '<', ',' -> with(view.withOrder(view.order.neighbour(-1)));
            case 'g' -> with(view.withByName(!view.byName));
            case 'o' -> with(view.withOver(SECONDS.get((SECONDS.indexOf(view.over) + 1) % SECONDS.size())));
            case 'k' -> select(selected - 1);
            case 'j' -> select(selected + 1);
            case '/', '\\' -> with(Mode.FILTER);
            case ' ' -> with(view.withPaused(!view.paused));
            case 'h', '?' -> with(Mode.HELP);
            case 'q' -> with(Mode.QUIT);
            default -> this;
        };
    }
}
