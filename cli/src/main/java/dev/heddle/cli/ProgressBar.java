package dev.heddle.cli;

import java.time.Duration;

/**
 * The progress bar: the numbers of a run as one line of text, never as wide as the terminal, so that it never wraps.
 */
final class ProgressBar {

    /** How often a bar is drawn: smooth to the eye, nothing to the processor. */
    static final Duration PERIOD = Duration.ofMillis(100);

    private static final int MAX_CELLS = 40;
    private static final int MIN_CELLS = 5;

    /** Before one part in so many is done, nobody can say how long the rest takes. */
    private static final int MIN_SHARE = 50;

    private ProgressBar() {}

    /**
     * The line.
     *
     * @param expected how many there will be in the end; 0 if nobody knows
     * @param running how many are under way
     * @param columns the width of the terminal; 0 gives an empty line
     */
    static String line(Tally tally, long expected, int running, int columns) {
        long total = Math.max(expected, expected == 0 ? 0 : tally.begun());
        long done = tally.done();
        String numbers = Format.count(done) + (total > 0 ? "/" + Format.count(total) : "");
        String rest = numbers + "  " + Format.rate(done, tally.elapsedNanos()) + "  " + Format.bytes(tally.bytes())
                + "  " + running + " running" + trouble(tally) + remaining(tally, total);
        int room = columns - 1;
        int cells = Math.min(MAX_CELLS, room - rest.length() - "[] 100% ".length());
        if (total == 0 || cells < MIN_CELLS) {
            return clip(rest, room);
        }
        int filled = (int) (cells * done / total);
        long percent = 100 * done / total;
        return "[" + "#".repeat(filled) + "-".repeat(cells - filled) + "] " + percent + "% " + rest;
    }

    private static String trouble(Tally tally) {
        long trouble = tally.bad() + tally.failed();
        return trouble == 0 ? "" : "  " + Format.count(trouble) + " not ok";
    }

    private static String remaining(Tally tally, long total) {
        long done = tally.done();
        if (total <= done || done * MIN_SHARE < total) {
            return "";
        }
        double nanos = (double) tally.elapsedNanos() / done * (total - done);
        return "  " + Format.time((long) nanos) + " left";
    }

    private static String clip(String text, int room) {
        return room <= 0 ? "" : text.length() <= room ? text : text.substring(0, room);
    }
}
