package dev.heddle.observe.internal.trace;

import dev.heddle.internal.ReportLog;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.Kernel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The recorder of a program that always records ({@code -Dheddle.observe.record=on}): keeps the last seconds of all loops,
 * for {@code heddle trace --past}. With {@code -Dheddle.observe.record.directory=DIRECTORY} it also writes them to a file
 * there by itself when a loop is held or comes down, or tasks are in a deadlock.
 *
 * <p>Threads: any; a file is written by a thread of its own.
 */
public final class BlackBox implements AutoCloseable {

    static final String RECORD_PROPERTY = "heddle.observe.record";
    static final String DIRECTORY_PROPERTY = "heddle.observe.record.directory";

    /** Most files of one process. */
    static final int MAX_FILES = 10;

    /** The trouble of a moment is one file. */
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final LoopTraces traces = LoopTraces.ofAll();
    private final Runnable endListening;
    private final AtomicInteger files = new AtomicInteger();
    private final AtomicLong last = new AtomicLong(System.nanoTime() - PAUSE_NANOS);
    private volatile @Nullable Thread writing;

    /** @param directory where files go; null for none */
    BlackBox(@Nullable Path directory) {
        this.endListening = directory == null ? () -> {} : Kernel.onTrouble(what -> trouble(directory, what));
    }

    /** Begins, if this process is asked to. */
    public static void beginIfAsked() {
        String directory = System.getProperty(DIRECTORY_PROPERTY);
        if (directory != null || "on".equals(System.getProperty(RECORD_PROPERTY))) {
            var box = new BlackBox(directory == null ? null : Path.of(directory));
            // A crash may end the process, and the file tells why.
            Runtime.getRuntime().addShutdownHook(new Thread(box::awaitFile, "heddle-record-end"));
        }
    }

    private void trouble(Path directory, String what) {
        long before = last.get();
        long now = System.nanoTime();
        if (now - before >= PAUSE_NANOS && last.compareAndSet(before, now) && files.get() < MAX_FILES) {
            int number = files.incrementAndGet();
            writing = Thread.ofPlatform().daemon().name("heddle-record").start(() -> write(directory, number, what));
        }
    }

    private void write(Path directory, int number, String what) {
        String name = "heddle-" + ProcessHandle.current().pid() + "-" + number + ".json.gz";
        var log = new ReportLog("dev.heddle.observe", BlackBox.class);
        try {
            Path file = Files.createDirectories(directory).resolve(name);
            traces.writeTo(file);
            log.log(Level.WARNING, "the last seconds of all loops are in " + file + ": " + what, null);
        } catch (IOException | RuntimeException e) {
            log.log(Level.WARNING, "no trace could be written to " + directory + ": " + Throwables.text(e), null);
        }
    }

    /** Waits for the file that is being written, if there is one. */
    void awaitFile() {
        Thread thread = writing;
        try {
            if (thread != null) {
                thread.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        endListening.run();
        traces.close();
    }
}
