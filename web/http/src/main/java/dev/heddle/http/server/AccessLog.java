package dev.heddle.http.server;

import dev.heddle.internal.FileKinds;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * An access log in the combined format of Apache, written by a thread of its own, so that no disk holds a loop up.
 *
 * <pre>{@code
 * try (AccessLog log = AccessLog.combined(Path.of("access.log"));
 *         HttpServer server = HttpServer.builder().accessLog(log).get("/", hello).start("0.0.0.0", 8080)) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Lines are written in batches, many at once when many come. At most {@value #MAX_WAITING} records wait; while the
 * disk is slower than the server, further ones are dropped and counted: a log must not take the service down. So are
 * those that cannot be written, and a warning goes to the {@link System.Logger} {@code dev.heddle.http}.
 *
 * <p>Threads: any; one log may serve several servers and loops. To test what a server logs, give {@link
 * HttpServer.Builder#accessLog} a list's {@code add} instead.
 */
public final class AccessLog implements Consumer<AccessRecord>, AutoCloseable {

    /** The most records that wait to be written. */
    public static final int MAX_WAITING = 8_192;

    private static final int MAX_BATCH = 1_024;

    private static final DateTimeFormatter TIME = DateTimeFormatter
            .ofPattern("dd/MMM/yyyy:HH:mm:ss '+0000'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /** What the writer takes for the end; known by its identity. */
    private static final AccessRecord END = new AccessRecord(Instant.EPOCH, "", "", "", "", "", 0, 0, Duration.ZERO, "",
            "");

    private final BlockingQueue<AccessRecord> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final OutputStream out;
    private final Thread writer;
    private volatile boolean closed;

    private AccessLog(OutputStream out) {
        this.out = out;
        this.writer = Thread.ofPlatform().daemon().name("access log").start(this::writeAll);
    }

    /**
     * Appends to a file, which is made if it is not there. It stays open: to rotate it, copy and truncate.
     *
     * @throws IOException if the file cannot be opened; or if it is a named pipe, whose opening may wait for ever
     */
    public static AccessLog combined(Path file) throws IOException {
        if (FileKinds.isNamedPipe(file)) {
            throw new IOException("a named pipe, and to open one may wait for ever; write to the standard output,"
                    + " and let a shell lead that into the pipe");
        }
        return new AccessLog(Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /**
     * Writes to a stream, which is closed with this.
     *
     * @param out may block, as only the log's own thread writes
     */
    public static AccessLog combined(OutputStream out) {
        return new AccessLog(out);
    }

    /**
     * The line for a record, without its end: {@code 192.0.2.1 - - [20/Nov/2026:16:05:10 +0000] "GET / HTTP/1.1" 200 5
     * "-" "curl"}.
     */
    public static String combinedLine(AccessRecord record) {
        String request = record.method().equals("-")
                ? "-"
                : record.method() + " " + record.target() + " " + record.protocol();
        return orDash(record.clientAddress()) + " - - [" + TIME.format(record.time()) + "] \"" + request + "\" "
                + String.format("%03d", record.status()) + " " + (record.bodyBytes() == 0 ? "-" : record.bodyBytes())
                + " \"" + orDash(record.referer()) + "\" \"" + orDash(record.userAgent()) + "\"";
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    /** Takes a record for the next batch, or drops it. Never waits. */
    @Override
    public void accept(AccessRecord record) {
        if (closed || !waiting.offer(record)) {
            dropped.incrementAndGet();
        }
    }

    /** How many records were dropped, since they were too many, could not be written or came after the close. */
    public long dropped() {
        return dropped.get();
    }

    private void writeAll() {
        List<AccessRecord> batch = new ArrayList<>();
        long warned = 0;
        try (out) {
            int end = -1;
            while (end < 0 && !(closed && waiting.isEmpty())) {
                batch.add(waiting.take());
                waiting.drainTo(batch, MAX_BATCH - 1);
                end = endIn(batch);
                write(end < 0 ? batch : batch.subList(0, end));
                if (end >= 0) {
                    dropped.addAndGet(batch.size() - end - 1 + waiting.size());
                }
                batch.clear();
                warned = warnAfter(warned);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            ServerLog.accessLogFailed(e);
        }
    }

    /** Where the end is; -1 for nowhere. A record that crosses the close on its way may come behind it. */
    private static int endIn(List<AccessRecord> batch) {
        int at = batch.size() - 1;
        while (at >= 0 && batch.get(at) != END) {
            at--;
        }
        return at;
    }

    private void write(List<AccessRecord> batch) {
        try {
            var lines = new StringBuilder(batch.size() * 128);
            for (AccessRecord record : batch) {
                lines.append(combinedLine(record)).append('\n');
            }
            out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (IOException | RuntimeException e) {
            // A stream of the caller's may throw anything; without its thread the log would fill up and its close wait
            // for ever.
            dropped.addAndGet(batch.size());
        }
    }

    /**
     * Warns when the dropped ones are twice as many as at the last warning, so that the warnings do not become the
     * load.
     */
    private long warnAfter(long warned) {
        long now = dropped.get();
        if (now > 0 && now >= 2 * warned) {
            ServerLog.accessRecordsDropped(now);
            return now;
        }
        return warned;
    }

    /**
     * Writes what waits and closes the file or stream. Does nothing the second time. Where the stream itself calls it,
     * all that is done behind the call.
     *
     * <p>Cancellation: a cancelled or interrupted call leaves the rest to the log's thread.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        // Where there is no room for it, the thread has work to do, and looks by itself when that is done.
        boolean _ = waiting.offer(END);
        if (Thread.currentThread() == writer) {
            return; // which cannot wait for itself
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "AccessLog[" + waiting.size() + " waiting, " + dropped + " dropped]";
    }
}
