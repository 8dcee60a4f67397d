package dev.heddle.observe.internal;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.heddle.internal.StackTraces;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A heap dump of this process: {@code dump}. It has the objects that the garbage collector leaves.
 *
 * <p>The file stands in a directory of its own that only this user may enter. A line {@code dumped} names it and tells
 * for how long the process has stood still for it. Who has asked opens the file and hangs up; then it is deleted, or
 * after {@value #PATIENCE_SECONDS} s, in which lines {@code kept} come, or at the latest when the process ends.
 *
 * <p>Threads: one of the observer's; one dump at a time.
 */
final class DumpView implements View {

    static final int PATIENCE_SECONDS = 5;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final AtomicBoolean DUMPING = new AtomicBoolean();

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        if (!DUMPING.compareAndSet(false, true)) {
            throw new BadRequestException("a heap dump is being written already");
        }
        try {
            Path directory = directory();
            Path file = directory.resolve("heap.hprof");
            try {
                requireSpace(directory);
                file.toFile().deleteOnExit(); // before its directory, which was told first
                long begin = System.nanoTime();
                dump(file);
                long took = System.nanoTime() - begin;
                out.begin("dumped").put("file", file.toString()).put("took", TimeUnit.NANOSECONDS.toMillis(took))
                        .put("bytes", Files.size(file)).end();
                awaitHangUp(out);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(directory);
            }
        } finally {
            DUMPING.set(false);
        }
    }

    private static Path directory() throws BadRequestException {
        try {
            Path directory = Files.createTempDirectory("heddle-dump-");
            directory.toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new BadRequestException("there is no place for a heap dump: " + e);
        }
    }

    private static void requireSpace(Path directory) throws IOException {
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long wanted = used + used / 2; // references take 8 bytes there, and each object has a head
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < wanted) {
            throw new BadRequestException("a heap dump may take " + (wanted >> 20) + " MiB, and in "
                    + directory.getParent() + " there are " + (free >> 20)
                    + " free; the program's -Djava.io.tmpdir names another place");
        }
    }

    /** HotSpot must not read a stack while a continuation inside of it is being suspended. */
    private static void dump(Path file) throws BadRequestException {
        try {
            StackTraces.readAll(() -> ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpHeap(file.toString(), /* live= */ true));
        } catch (IOException e) {
            throw new BadRequestException("the heap could not be dumped: " + e.getMessage());
        }
    }

    /** @throws IOException when the peer has hung up */
    private static void awaitHangUp(JsonLines out) throws IOException {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() - latest < 0) {
            out.begin("kept").end();
            out.flush();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
