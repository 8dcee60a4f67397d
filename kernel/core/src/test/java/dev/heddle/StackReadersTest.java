package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.generators.Generator;
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

    /** A process begins to guard with its first generator; a reader is in the way, and still no other task may run. */
    @Test
    void firstGeneratorIsMadeWithoutAWait() throws Exception {
        try (ChildJvm child = ChildJvm.start(FirstGenerator.class)) {
            assertEquals("made\nother\n", child.rest());
        }
    }

    static final class FirstGenerator {

        private FirstGenerator() {}

        public static void main(String[] args) throws Exception {
            var reading = new CountDownLatch(1);
            var gate = new CountDownLatch(1);
            Thread reader = Thread.ofPlatform().start(() -> readAll(reading, gate));
            reading.await();
            Heddle.run(() -> {
                Heddle.spawn(() -> System.out.println("other"));
                Thread.ofPlatform().start(() -> {
                    LockSupport.parkNanos(SETTLE_MILLIS * 1_000_000);
                    gate.countDown();
                });
                Generator.of(out -> {
                    synchronized (gate) { // keeps the body from being rewritten, so it needs a stack of its own
                        out.yield(1);
                    }
                }).next();
                System.out.println("made");
            });
            reader.join();
        }
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
