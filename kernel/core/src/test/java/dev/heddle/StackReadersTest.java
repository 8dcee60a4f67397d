package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.StackTraces;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Tasks and their loop read stacks, one behind the other. */
final class StackReadersTest {

    private static final long PATIENCE_SECONDS = 30;

    /** For a loop that would come into line. */
    private static final long SETTLE_MILLIS = 50;

    /** A task that waited by itself would be the next in line, and its loop the one behind it. */
    @Test
    void loopReadsStacksThoughATaskOfItWaitsToReadOne() throws Exception {
        var reading = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        Thread other = Thread.ofPlatform().start(() -> readAll(reading, gate));
        reading.await();
        Thread parked = Thread.ofVirtual().start(LockSupport::park);
        var reader = new AtomicReference<Thread>();
        var read = new CountDownLatch(2);
        Loop loop = Loop.start(Config.DEFAULT);
        loop.spawn(() -> {
            reader.set(Thread.currentThread());
            StackTraces.of(parked);
            read.countDown();
        });
        while (reader.get() == null || reader.get().getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        loop.scheduler.inLoop(() -> {
            StackTraces.of(parked);
            read.countDown();
        });
        Thread.sleep(SETTLE_MILLIS);
        gate.countDown();
        assertTrue(read.await(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> read.getCount() + " to read");
        LockSupport.unpark(parked);
        loop.close();
        other.join();
    }

    private static void readAll(CountDownLatch reading, CountDownLatch gate) {
        try {
            StackTraces.readAll(() -> {
                reading.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
