package dev.heddle.cli.fetch;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;

import dev.heddle.cli.command.Format;
import dev.heddle.cli.command.Screen;
import dev.heddle.cli.command.Terminal;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The progress bar: the numbers of a run as one line of text, never as wide as the terminal, so that it never wraps.
 */
public final class ProgressBar {

    /** How often a bar is drawn: smooth to the eye, nothing to the processor. */
    private static final Duration PERIOD = Duration.ofMillis(100);

    private static final int MAX_CELLS = 40;
    private static final int MIN_CELLS = 5;

    /** Before one part in so many is done, nobody can say how long the rest takes. */
    private static final int MIN_SHARE = 50;

    private ProgressBar() {}

    /**
     * As {@link #show(Screen, Terminal, IntFunction)}, with the numbers of a run.
     *
     * @param expected how many there will be in the end, as far as is known; 0 for unknown
     * @param running how many are under way
     */
    public static void show(Tally tally, LongSupplier expected, IntSupplier running, Screen screen, Terminal terminal) {
        show(screen, terminal, columns -> {
            tally.tick(currentLoop().nanoTime());
            return line(tally, expected.getAsLong(), running.getAsInt(), columns);
        });
    }

    /**
     * Starts the task that keeps the bar of a screen up to date; it ends with the one that calls. Does nothing without
     * a terminal.
     *
     * @param line gives the bar for a width of the terminal
     */
    public static void show(Screen screen, Terminal terminal, IntFunction<String> line) {
        if (terminal.columns() == 0) {
            return;
        }
        spawn("progress", () -> {
            while (true) {
                sleep(PERIOD);
                screen.bar(line.apply(terminal.columns()));
            }
        });
    }

    /**
     * The line.
     *
     * @param expected how many there will be in the end; 0 if nobody knows
     * @param running how many are under way
     * @param columns the width of the terminal; 0 gives an empty line
     */
    public static String line(Tally tally, long expected, int running, int columns) {
        long total = Math.max(expected, expected == 0 ? 0 : tally.begun());
        long done = tally.done();
        String numbers = Format.count(done) + (total > 0 ? "/" + Format.count(total) : "");
        String rest = numbers + "  " + Format.rate(done, tally.elapsedNanos()) + "  " + Format.bytes(tally.bytes())
                + "  " + running + " running" + trouble(tally) + remaining(tally, total);
        int room = columns - 1;
        int cells = Math.min(MAX_CELLS, room - rest.length() - "[] 100% ".length());
        if (total == 0 || cells < MIN_CELLS) {
            return clip(rest, columns);
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

    /** A text cut to less than the width of the terminal. */
    public static String clip(String text, int columns) {
        int room = columns - 1;
        return room <= 0 ? "" : text.length() <= room ? text : text.substring(0, room);
    }
}
