package dev.heddle.observe.internal.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A ring keeps the last entries of its loop, and who reads meanwhile never sees half of one. */
final class LoopRingTest {

    private final Loop loop = Loop.create(Config.DEFAULT.withBlockedAfter(Duration.ZERO));

    @AfterEach
    void close() {
        loop.close();
    }

    private long clock;

    private LoopRing ring(int capacity) {
        return new LoopRing(loop, 1, () -> clock, capacity);
    }

    private void drive(Task<?> task) {
        while (!task.isDone()) {
            loop.step(Duration.ZERO);
        }
    }

    private static long count(LoopRing.Copy copy, int kind) {
        return Arrays.stream(copy.entries()).filter(entry -> Entries.kind(entry) == kind).count();
    }

    @Test
    void whatIsLappedIsGoneAndWhatIsLeftIsWhole() {
        LoopRing ring = ring(8);
        for (int task = 1; task <= 20; task++) {
            ring.ready(task);
        }
        LoopRing.Copy copy = ring.copy(0);
        assertEquals(13, copy.from());
        assertEquals(20, copy.next());
        assertEquals(14, Entries.number(copy.entries()[0]));
        assertEquals(20, Entries.number(copy.entries()[6]));
        assertEquals(0, ring.copy(20).entries().length);
    }

    @Test
    void whoReadsMeanwhileSeesEachEntryAtItsPlace() throws InterruptedException {
        LoopRing ring = ring(64);
        var done = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int task = 0; task < 300_000; task++) {
                ring.ready(task);
            }
            done.set(true);
        });
        for (long position = 0; !done.get();) {
            LoopRing.Copy copy = ring.copy(position);
            for (int i = 0; i < copy.entries().length; i++) {
                assertEquals(Entries.of(Entries.READY, copy.from() + i), copy.entries()[i]);
            }
            position = copy.next();
        }
        writer.join();
    }

    @Test
    void clockIsReadForFewOfManyShortRunsAndForEachLongOne() {
        LoopRing ring = ring(1 << 10);
        run(ring, 160, 100);
        LoopRing.Copy shortRuns = ring.copy(0);
        assertEquals(160, count(shortRuns, Entries.RUN));
        assertEquals(9, count(shortRuns, Entries.TIME));

        run(ring, LoopRing.MAX_BLIND, 5_000);
        LoopRing.Copy begin = ring.copy(shortRuns.next());
        assertTrue(count(begin, Entries.TIME) <= 2, "the first may go without");

        run(ring, 20, 5_000);
        LoopRing.Copy longRuns = ring.copy(begin.next());
        assertEquals(20, count(longRuns, Entries.RUN));
        assertEquals(20, count(longRuns, Entries.TIME));
    }

    private void run(LoopRing ring, int runs, long nanos) {
        for (int i = 0; i < runs; i++) {
            ring.runs(null);
            clock += nanos;
        }
    }

    @Test
    void nameIsKnownUntilAnotherTaskTakesItsPlace() {
        LoopRing ring = ring(1 << 10);
        Kernel.get().record(loop, ring);
        Task<Void> task = loop.spawn("fetch", () -> {});
        drive(task);
        assertEquals("fetch", ring.names().name(task.id()));
        assertTrue(String.valueOf(ring.names().line(task.id())).contains("LoopRingTest"));
        assertEquals(null, ring.names().name(task.id() + 1));
    }

    @Test
    void labelsBeyondTheirNumberCountAsOne() {
        var labels = new Labels();
        for (int i = 0; i < 2 * Labels.MAX; i++) {
            labels.number("GET /" + i);
        }
        assertEquals(1, labels.number("GET /0"));
        assertEquals("GET /0", labels.text(1));
        assertEquals(Labels.MAX, labels.number("GET /1999"));
        assertEquals(0, labels.number(null));
    }

    @Test
    void entryOfTwoNumbersGivesBothBack() {
        long entry = Entries.both(Entries.READY_ELSEWHERE, Entries.MAX_BESIDE, 1L << 45);
        assertEquals(Entries.READY_ELSEWHERE, Entries.kind(entry));
        assertEquals(Entries.MAX_BESIDE, Entries.beside(entry));
        assertEquals(1L << 45, Entries.task(entry));
    }
}
