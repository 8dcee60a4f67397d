package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rings themselves: what is queued is told of, once, in time. */
final class SharedRingsTest {

    private static final int SIZE = 8;
    private static final long HOUR_NANOS = 3_600_000_000_000L;
    private static final int POLLOUT = 4;
    private static final int EFD_NONBLOCK = 0x800;

    private final Arena arena = Arena.ofShared();
    private final SystemCalls kernel = new SystemCalls(arena);
    private final List<Long> told = new ArrayList<>();
    private @Nullable SharedRings ring;
    private final int descriptor = (int) kernel.call(SyscallNumbers.EVENTFD2, 0, EFD_NONBLOCK);

    /** Made by the thread of the test itself, which alone may use it. */
    private SharedRings ring() {
        try {
            if (ring == null) {
                ring = new SharedRings(arena, kernel, SIZE);
            }
            return ring;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        kernel.call(SyscallNumbers.CLOSE, descriptor);
        if (ring != null) {
            ring.close();
            ring.close();
        }
        arena.close();
    }

    private void pollWritable(long token) {
        ring().queue(SharedRings.OP_POLL_ADD, 0, 0, descriptor, 0, 0, POLLOUT, 0, token);
    }

    private void reap() {
        ring().reap((token, result, flags) -> told.add(token));
    }

    @Test
    void moreEntriesThanTheRingHasAreAllTold() {
        for (int i = 0; i < 10 * SIZE; i++) {
            pollWritable(i);
        }
        for (int i = 0; told.size() < 10 * SIZE && i < 100; i++) {
            ring().enter(0);
            reap();
        }
        assertEquals(10 * SIZE, told.size());
        assertEquals(10 * SIZE, new HashSet<>(told).size());
    }

    @Test
    void completionsThatDoNotFitComeLater() {
        // The ring of completions has four times as many places.
        for (int i = 0; i < 20 * SIZE; i++) {
            pollWritable(i);
            if (i % SIZE == SIZE - 1) {
                ring().enter(0);
            }
        }
        for (int i = 0; told.size() < 20 * SIZE && i < 100; i++) {
            ring().enter(0);
            reap();
        }
        assertEquals(20 * SIZE, new HashSet<>(told).size());
    }

    @Test
    void waitingEndsInTimeAndNotBefore() {
        long start = System.nanoTime();
        ring().enter(3_000_000);
        assertTrue(System.nanoTime() - start >= 3_000_000);
        reap();
        assertTrue(told.isEmpty());
    }

    @Test
    void waitingEndsWithTheFirstCompletion() {
        pollWritable(7);
        ring().enter(Long.MAX_VALUE);
        reap();
        assertEquals(List.of(7L), told);
    }

    @Test
    void waitThatGathersEndsBehindItsMomentWithWhatHasCome() {
        pollWritable(7);
        ring().enter(Long.MAX_VALUE, 1_000_000);
        reap();
        assertEquals(List.of(7L), told);
    }

    @Test
    void waitThatGathersLastsAsLongAsOthersIfNothingComes() {
        long start = System.nanoTime();
        ring().enter(3_000_000, 1_000);
        assertTrue(System.nanoTime() - start >= 3_000_000);
        reap();
        assertTrue(told.isEmpty());
    }

    @Test
    void limitOfAWaitEndsAlsoItsGathering() {
        ring().enter(1_000_000, HOUR_NANOS);
        reap();
        assertTrue(told.isEmpty());
    }

    @Test
    void muchThatHasComeEndsAGatheringAtOnce() throws IOException {
        ring = new SharedRings(arena, kernel, SharedRings.MAX_GATHERED);
        for (int i = 0; i < SharedRings.MAX_GATHERED; i++) {
            pollWritable(i);
        }
        ring().enter(Long.MAX_VALUE, HOUR_NANOS);
        reap();
        assertEquals(SharedRings.MAX_GATHERED, told.size());
    }

    @Test
    void cancelledOperationIsToldOfAsEnded() {
        int[] result = new int[1];
        // An empty eventfd is never readable.
        ring().queue(SharedRings.OP_POLL_ADD, 0, 0, descriptor, 0, 0, 1, 0, 5);
        ring().queue(SharedRings.OP_ASYNC_CANCEL, SharedRings.SQE_SKIP_SUCCESS, 0, -1, 5, 0, 0, 0, Completions.NOBODY);
        for (int i = 0; told.isEmpty() && i < 100; i++) {
            ring().enter(1_000_000);
            ring().reap((token, res, flags) -> {
                told.add(token);
                result[0] = res;
            });
        }
        assertEquals(List.of(5L), told);
        assertEquals(-Errno.ECANCELED, result[0]);
    }

    @Test
    void entryCanBeChangedUntilItIsSubmitted() {
        int entry = ring().next();
        pollWritable(1);
        assertTrue(ring().isQueued(entry));
        ring().enter(0);
        assertFalse(ring().isQueued(entry));
        reap();
        assertEquals(List.of(1L), told);
    }

    @Test
    void anotherThreadIsRefusedInWords() throws InterruptedException {
        pollWritable(1);
        Throwable[] refusal = new Throwable[1];
        Thread.ofPlatform()
                .start(() -> refusal[0] = assertThrows(IllegalStateException.class, () -> ring().enter(0)))
                .join();
        assertTrue(refusal[0].getMessage().contains("driven by one thread"), refusal[0].getMessage());
    }

    @Test
    void ringThatIsTooBigIsRefused() {
        assertThrows(IOException.class, () -> new SharedRings(arena, kernel, 1 << 20).close());
    }
}
