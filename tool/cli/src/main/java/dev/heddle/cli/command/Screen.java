package dev.heddle.cli.command;

import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The owner of the standard output and of the progress bar: there is one.
 *
 * <p>A reader that is slow, or stopped, must not hold the loop: other downloads would run into their deadlines. So a
 * thread of its own does the writing, and whoever makes more output first waits for {@linkplain #awaitRoom() room}.
 * Since this thread writes both the results and the bar, a terminal that shows both never mixes them: the bar is wiped,
 * the lines are written, the bar is drawn again, in as few writes as can be.
 *
 * <p>Threads: any, at the same time.
 */
public final class Screen implements AutoCloseable {

    /** Output that waits beyond this many characters makes {@link #awaitRoom()} wait. */
    public static final int MAX_PENDING = 1 << 20;

    /** How long {@link #abandon()} waits for a reader that takes nothing. */
    public static final Duration FLUSH_GRACE = Duration.ofSeconds(1);

    /** How often the bar is drawn: smooth to the eye, nothing to the processor. */
    private static final Duration PERIOD = Duration.ofMillis(100);

    private static final String WIPE = "\r\u001b[K";

    private final CommandStreams stdio;
    private final Runnable onBroken;
    private final Thread writer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();

    // Guarded by the lock.
    private StringBuilder pending = new StringBuilder();
    private String bar = "";
    private boolean closing;
    private @Nullable IOException broken;

    // Only the writer thread.
    private String drawn = "";

    /**
     * Starts the writer.
     *
     * @param stdio where to write
     * @param onBroken called once, by the writer, when the standard output takes no more
     */
    public Screen(CommandStreams stdio, Runnable onBroken) {
        this.stdio = stdio;
        this.onBroken = onBroken;
        this.writer = Thread.ofPlatform().daemon().name("screen").start(this::write);
    }

    /**
     * Whether the failure says that nobody reads any more, as in {@code heddle ... | head -1}: no fault, and no news.
     */
    public static boolean isClosedPipe(IOException failure) {
        String message = failure.getMessage();
        return message != null && message.contains("Broken pipe");
    }

    /** Adds text to the standard output; never waits. Once that is broken the text is dropped. */
    public void print(String text) {
        lock.lock();
        try {
            if (broken == null && !text.isEmpty()) {
                pending.append(text);
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Shows this line, at most a terminal's width, as the progress bar; an empty one removes the bar. Never waits. */
    public void bar(String line) {
        lock.lock();
        try {
            bar = line;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts the task that keeps the bar up to date; it ends with the one that calls. Does nothing without a terminal.
     *
     * @param line gives the bar for so many columns, one fewer than the terminal has, so that it never wraps
     */
    public void keepBar(Terminal terminal, IntFunction<String> line) {
        if (terminal.columns() == 0) {
            return;
        }
        spawn("progress", () -> {
            while (true) {
                sleep(PERIOD);
                int columns = terminal.columns() - 1;
                bar(columns <= 0 ? "" : line.apply(columns));
            }
        });
    }

    /**
     * Waits while too much output is pending. Returns at once when the output is broken.
     *
     * <p>Cancellation: nothing is changed.
     */
    public void awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            while (pending.length() > MAX_PENDING && broken == null) {
                room.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Why the standard output takes no more, if so. */
    public Optional<IOException> broken() {
        lock.lock();
        try {
            return Optional.ofNullable(broken);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the standard output took not everything. Tells why, unless nobody reads any more.
     *
     * @param complaint what to tell before the reason
     */
    public boolean lostOutput(String complaint) {
        Optional<IOException> failure = broken();
        failure.filter(e -> !isClosedPipe(e)).ifPresent(e -> stdio.tell(complaint + ": " + ErrorText.of(e) + "\n"));
        return failure.isPresent();
    }

    /** Writes what is pending, removes the bar, and ends; waits for the reader as long as it takes. */
    @Override
    public void close() {
        end(Duration.ZERO);
    }

    /** As {@link #close()}, but gives up on a reader that takes nothing for {@link #FLUSH_GRACE}. */
    public void abandon() {
        end(FLUSH_GRACE);
    }

    private void end(Duration grace) {
        lock.lock();
        try {
            closing = true;
            bar = "";
            work.signal();
        } finally {
            lock.unlock();
        }
        try {
            writer.join(grace.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        while (true) {
            StringBuilder text;
            String line;
            lock.lock();
            try {
                while (pending.isEmpty() && bar.equals(drawn) && !closing) {
                    work.awaitUninterruptibly();
                }
                if (pending.isEmpty() && bar.equals(drawn)) {
                    return;
                }
                text = pending;
                pending = new StringBuilder();
                line = bar;
                room.signalAll();
            } finally {
                lock.unlock();
            }
            render(text.toString(), line);
        }
    }

    private void render(String text, String line) {
        if (text.isEmpty()) {
            draw(line);
            return;
        }
        if (!drawn.isEmpty()) {
            draw("");
        }
        try {
            stdio.result(text);
        } catch (IOException e) {
            breakDown(e);
        }
        draw(line);
    }

    /** One write for the whole line, so that no half of it is ever seen. */
    private void draw(String line) {
        if (line.equals(drawn)) {
            return;
        }
        drawn = line;
        stdio.tell(WIPE + line);
    }

    private void breakDown(IOException e) {
        lock.lock();
        try {
            broken = e;
            pending = new StringBuilder();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        onBroken.run();
    }
}
