package dev.heddle.os;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.Amounts;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Throwables;
import dev.heddle.io.ByteStream;
import dev.heddle.sync.Mutex;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar on the terminal behind the standard error: how much is done, of how much, how fast, and how long the
 * rest takes.
 *
 * <pre>{@code
 * try (ProgressBar bar = ProgressBar.open("pages", urls.size())) {
 *     List<String> pages = map(urls, 100, url -> bar.count(() -> http.get(url).text()));
 * }
 * }</pre>
 *
 * <pre>
 * pages  [##########----------] 50% 500/1,000  120/s  3 failed  4.2 s left
 * </pre>
 *
 * <p>Where the standard error is no terminal, or one that cannot go back in a line ({@code TERM=dumb}), and in the
 * simulator, nothing is shown; all is counted, and {@link #toString} has the line, for a log. It has no colours and is
 * shorter than 80 characters. A window that is narrower, from the start or because somebody has made it so, shows as
 * much of it as it has room for: the line never wraps.
 *
 * <p>It is drawn ten times a second by a task, and by {@link StandardStreams#err}, so a terminal that takes nothing,
 * since it is stopped, holds neither the loop nor what is counted. While it is shown, print lines by {@link #print}, or
 * they begin behind it. One is shown at a time; two would write over each other.
 *
 * <p>Threads: counting from any; the other calls by tasks of the loop that has opened it.
 *
 * <p>To test what it shows, open it {@linkplain #on on a stream}, in simulated time.
 */
public final class ProgressBar implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofMillis(100);

    /** How long the last line may take on a terminal that takes nothing. */
    private static final Duration LAST_LINE = Duration.ofSeconds(1);

    private static final int COLUMNS = 79;
    private static final int MAX_CELLS = 40;
    private static final int MIN_CELLS = 5;

    /** Before one part in so many is done, nobody can say how long the rest takes. */
    private static final int MIN_SHARE = 50;

    /** To the begin of the line, and no wrapping at its end: the private mode DECAWM of DEC's terminals. */
    private static final String BEGIN = "\r\u001b[?7l";

    /** What was longer before is wiped, and lines wrap again. */
    private static final String END = "\u001b[K\u001b[?7h";

    private final String what;
    private final Loop loop = currentLoop();
    private final long begunNanos = loop.nanoTime();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Mutex writing = Mutex.named("progress bar");
    private final @Nullable ByteStream screen;
    private final @Nullable Task<Void> drawing;
    private volatile long total;
    private boolean closed;

    private ProgressBar(@Nullable ByteStream screen, String what, long total) {
        if (what.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("what is counted has control characters in its name");
        }
        Checks.notNegative("total", total);
        this.what = what;
        this.total = total;
        this.screen = screen;
        this.drawing = screen == null ? null : spawn("progress bar", () -> keepDrawing(screen));
    }

    /**
     * Opens one on this process's terminal, if there is one. It ends with the task that opens it, if it is not closed
     * before.
     *
     * @param what is counted, such as {@code pages}
     * @param total how many there will be; 0 if nobody knows
     */
    public static ProgressBar open(String what, long total) {
        boolean shown = !currentLoop().engine().isSimulated() && isTerminal();
        return new ProgressBar(shown ? StandardStreams.err() : null, what, total);
    }

    /**
     * Opens one on a terminal that is reached by a stream: that of a peer, or what a test reads. The stream stays open.
     *
     * @param what is counted, such as {@code pages}
     * @param total how many there will be; 0 if nobody knows
     */
    public static ProgressBar on(ByteStream screen, String what, long total) {
        return new ProgressBar(Objects.requireNonNull(screen), what, total);
    }

    private static boolean isTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        Path stderr = Path.of("/proc/self/fd/2");
        try {
            String file = Files.readSymbolicLink(stderr).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException elsewhere) {
            // The JDK knows of the input and the output alone.
            return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        }
    }

    // ---- counting ----

    /** One more is done. Any thread. */
    public void step() {
        done.incrementAndGet();
    }

    /** So many more are done. Any thread. */
    public void step(long count) {
        Checks.notNegative("count", count);
        done.addAndGet(count);
    }

    /**
     * Runs a body and counts it when it has ended, also by a failure, which is counted apart as well. One that is
     * cancelled is not counted. Any thread.
     *
     * @return the result; a failure of the body is thrown, a checked one as the cause of a {@link
     *     dev.heddle.TaskFailedException}
     */
    public <T> T count(Callable<? extends T> body) {
        T result;
        try {
            result = body.call();
        } catch (CancelledException e) {
            throw e;
        } catch (Throwable e) {
            failed.incrementAndGet();
            step();
            throw Throwables.unchecked(e);
        }
        step();
        return result;
    }

    /** Runs a body without a result and counts it, as above. */
    public void count(Action body) {
        count(() -> {
            body.run();
            return Boolean.TRUE;
        });
    }

    /**
     * The same elements, each counted when the next one is asked for, the last when it is known that there is no other.
     *
     * <p>Threads: as the elements themselves.
     */
    public <T> Iterable<T> over(Iterable<? extends T> elements) {
        return () -> new Counted<>(elements.iterator());
    }

    /** How many are done, the failed ones among them. Any thread. */
    public long done() {
        return done.get();
    }

    /** Says how many there will be, once that is known, or known better; 0 for unknown. Any thread. */
    public void total(long count) {
        Checks.notNegative("total", count);
        total = count;
    }

    // ---- showing ----

    /**
     * Writes a line above the bar, to the standard error; where nothing is shown as well, but for the simulator. Waits
     * while the terminal takes nothing.
     *
     * <p>Cancellation: a cancelled call may have written a part.
     *
     * @throws BrokenException if nobody reads the standard error any more
     */
    public void print(String line) {
        if (screen != null) {
            writing.run(() -> screen.write(closed ? line + "\n" : "\r\u001b[K" + line + "\n" + drawn()));
        } else if (!loop.engine().isSimulated()) {
            writing.run(() -> StandardStreams.err().write(line + "\n"));
        }
    }

    /** Shows it as it is in the end, and goes to the next line. Idempotent. A second at most, also if cancelled. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (drawing == null || screen == null) {
            return;
        }
        drawing.cancel("the progress bar is closed");
        try {
            shield(() -> {
                moveOnAfter(LAST_LINE, () -> writing.run(() -> screen.write(drawn() + "\n")));
            });
        } catch (BrokenException | ClosedException e) {
            // Nobody looks any more.
        }
    }

    /** The line as it is now. Any thread. */
    @Override
    public String toString() {
        return line(what, done.get(), total, failed.get(), loop.nanoTime() - begunNanos);
    }

    private void keepDrawing(ByteStream terminal) {
        try {
            while (true) {
                writing.run(() -> terminal.write(drawn()));
                sleep(PERIOD);
            }
        } catch (BrokenException | ClosedException e) {
            // Nobody looks any more; the work goes on.
        }
    }

    private String drawn() {
        return BEGIN + this + END;
    }

    static String line(String what, long done, long expected, long failed, long nanos) {
        long total = expected == 0 ? 0 : Math.max(expected, done);
        String name = what.isEmpty() ? "" : what + "  ";
        String numbers = Amounts.count(done) + (total > 0 ? "/" + Amounts.count(total) : "")
                + "  " + Amounts.rate(done, nanos)
                + (failed > 0 ? "  " + Amounts.count(failed) + " failed" : "")
                + remaining(done, total, nanos);
        int cells = Math.min(MAX_CELLS, COLUMNS - name.length() - numbers.length() - "[] 100% ".length());
        String bar = "";
        if (total > 0 && cells >= MIN_CELLS) {
            int filled = (int) Math.floor((double) cells * done / total);
            bar = "[" + "#".repeat(filled) + "-".repeat(cells - filled) + "] "
                    + (int) Math.floor(100.0 * done / total) + "% ";
        }
        String line = name + bar + numbers;
        return line.length() <= COLUMNS ? line : line.substring(0, COLUMNS);
    }

    private static String remaining(long done, long total, long nanos) {
        if (total <= done || done < (total + MIN_SHARE - 1) / MIN_SHARE) {
            return "";
        }
        return "  " + Amounts.time(Math.round((double) nanos / done * (total - done))) + " left";
    }

    /** Counts what has been taken out of it. */
    private final class Counted<T> implements Iterator<T> {

        private final Iterator<? extends T> elements;
        private boolean open;

        private Counted(Iterator<? extends T> elements) {
            this.elements = elements;
        }

        private void countLast() {
            if (open) {
                open = false;
                step();
            }
        }

        @Override
        public boolean hasNext() {
            countLast();
            return elements.hasNext();
        }

        @Override
        public T next() {
            countLast();
            T element = elements.next();
            open = true;
            return element;
        }
    }
}
