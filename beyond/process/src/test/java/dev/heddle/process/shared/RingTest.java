package dev.heddle.process.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.process.shared.Ring.Step;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The ring of a queue: what one step does, what a dead process leaves of it, and what damaged memory can do. */
final class RingTest {

    private static final int DATA_BYTES = 256;

    /** The account of a process, and it as a holder of locks. */
    private static final int ACCOUNT = 3;

    private static final int HOLDER = ACCOUNT + 1;

    private static final long PUT_LOCK = 0;
    private static final long TAIL = 8;
    private static final long TAKE_LOCK = 64;
    private static final long HEAD = 72;

    private final MemorySegment memory = memory();
    private final Ring ring = new Ring(memory, 10);

    private static MemorySegment memory() {
        return MemorySegment.ofArray(new long[(int) Ring.bytes(DATA_BYTES) / Long.BYTES]);
    }

    private static byte[] element(int length) {
        byte[] element = new byte[length];
        for (int i = 0; i < length; i++) {
            element[i] = (byte) (length + i);
        }
        return element;
    }

    private byte[] take() {
        byte[] element = ring.take(HOLDER, ACCOUNT);
        return element == null ? new byte[0] : element;
    }

    @Test
    void elementsOfAllLengthsComeOutAsTheyWentInWhereverTheyLie() {
        var expected = new ArrayDeque<byte[]>();
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] element = element(1 + random.nextInt(DATA_BYTES - 4));
            if (random.nextBoolean()) {
                Step step = ring.put(HOLDER, element);
                if (step == Step.DONE) {
                    expected.add(element);
                } else {
                    assertTrue(step == Step.NO_ROOM || step == Step.FULL, step::toString);
                    assertFalse(expected.isEmpty());
                }
            } else if (expected.isEmpty()) {
                assertNull(ring.take(HOLDER, ACCOUNT));
                assertTrue(ring.isAllEmpty());
            } else {
                assertArrayEquals(expected.remove(), take());
            }
            assertEquals(expected.size(), ring.size());
        }
    }

    @Test
    void itIsFullByTheNumberOfElementsAndHasNoRoomByTheirBytes() {
        for (int i = 0; i < 10; i++) {
            assertEquals(Step.DONE, ring.put(HOLDER, element(1)));
        }
        assertEquals(Step.FULL, ring.put(HOLDER, element(1)));
        assertEquals(Step.FULL, ring.put(Ring.MANAGER, element(1)));
        for (int i = 0; i < 10; i++) {
            take();
        }
        assertEquals(Step.NO_ROOM, ring.put(HOLDER, element(DATA_BYTES - 3)));
        assertEquals(Step.DONE, ring.put(HOLDER, element(DATA_BYTES - 4)));
        assertEquals(Step.NO_ROOM, ring.put(HOLDER, element(1)));
        assertArrayEquals(element(DATA_BYTES - 4), take());
    }

    @Test
    void countsAndPlacesGoOnBehindTheirLargestNumbers() {
        long lastCount = 0xffff_fffeL << 32;
        long lastPlace = (1L << 30) - 2 << 2;
        memory.set(ValueLayout.JAVA_LONG, TAIL, lastCount | lastPlace);
        memory.set(ValueLayout.JAVA_LONG, HEAD, lastCount | lastPlace);
        for (int i = 1; i <= 10; i++) {
            assertEquals(Step.DONE, ring.put(HOLDER, element(i)));
        }
        assertEquals(10, ring.size());
        for (int i = 1; i <= 10; i++) {
            assertArrayEquals(element(i), take());
        }
        assertTrue(ring.isAllEmpty());
    }

    @Test
    void closedOneGivesWhatItHasAndOnlyTheManagerMovesUp() {
        ring.put(HOLDER, element(1));
        ring.close();
        assertEquals(Step.CLOSED, ring.put(HOLDER, element(2)));
        assertEquals(Step.CLOSED, ring.put(Ring.MANAGER, element(2)));
        assertEquals(Step.DONE, ring.moveUp(element(3)));
        assertArrayEquals(element(1), take());
        assertArrayEquals(element(3), take());
        assertTrue(ring.isClosed());
    }

    @Test
    void gateLetsTheManagerPassAndShutNobodyTakes() {
        ring.gate(true);
        assertEquals(Step.GATED, ring.put(HOLDER, element(1)));
        assertEquals(Step.DONE, ring.put(Ring.MANAGER, element(1)));
        assertFalse(ring.isAllEmpty());
        ring.gate(false);
        assertEquals(Step.DONE, ring.put(HOLDER, element(2)));
        ring.shut();
        assertNull(ring.take(HOLDER, ACCOUNT));
        assertEquals(Step.GATED, ring.put(HOLDER, element(1)));
    }

    @Test
    void whatWasTakenIsOpenUntilItIsDone() {
        ring.put(HOLDER, element(1));
        ring.put(HOLDER, element(2));
        take();
        assertEquals(2, ring.unfinished());
        assertTrue(ring.accounts().addDone(ACCOUNT));
        assertFalse(ring.accounts().addDone(ACCOUNT));
        assertEquals(1, ring.unfinished());
        assertEquals(Step.DONE, ring.clear());
        assertEquals(0, ring.unfinished());
        assertEquals(0, ring.size());
        assertEquals(Step.DONE, ring.put(HOLDER, element(3)));
        assertArrayEquals(element(3), take());
    }

    @Test
    void lockOfWhoWasKilledWhilePuttingIsPassedOnAndNothingWasPut() {
        assertTrue(new RingLock(memory, PUT_LOCK).tryAcquire(HOLDER, false));
        memory.set(ValueLayout.JAVA_INT, Ring.bytes(0), 77); // half an element
        assertEquals(Step.BUSY, ring.put(Ring.MANAGER, element(5)));
        ring.recover(ACCOUNT + 1, 0); // another one's end
        assertEquals(Step.BUSY, ring.put(Ring.MANAGER, element(5)));
        ring.recover(ACCOUNT, 0);
        assertEquals(0, ring.size());
        assertEquals(Step.DONE, ring.put(Ring.MANAGER, element(5)));
        assertArrayEquals(element(5), take());
    }

    @Test
    void whatWasTakenBeforeItWasCountedIsCountedForTheDead() {
        ring.put(HOLDER, element(1));
        ring.put(HOLDER, element(2));
        take();
        ring.countTaken(RingAccounts.NOBODY); // there is one left: counts nothing
        ring.take(5, 4);
        ring.accounts().addTaken(4, -1); // killed in between
        new RingLock(memory, TAKE_LOCK).tryAcquire(5, false);
        assertSame(Ring.BUSY, ring.take(HOLDER, ACCOUNT));
        ring.recover(4, 0);
        assertEquals(1, ring.accounts().open(4));
        assertNull(ring.take(HOLDER, ACCOUNT));
        ring.accounts().close(4);
        assertEquals(0, ring.accounts().open(4));
        assertEquals(1, ring.accounts().open(RingAccounts.NOBODY));
    }

    @Test
    void damagedMemoryMakesTheQueueUnusableAndNothingElse() {
        var random = new Random(2);
        for (int round = 0; round < 3_000; round++) {
            MemorySegment damaged = memory();
            var one = new Ring(damaged, 10);
            one.put(HOLDER, element(1 + round % 60));
            one.put(HOLDER, element(7));
            long words = damaged.byteSize() / Long.BYTES;
            for (int i = 0; i < 1 + round % 5; i++) {
                long at = round % 2 == 0 ? (random.nextBoolean() ? TAIL : HEAD) : random.nextLong(words) * Long.BYTES;
                long bits = random.nextInt(4) == 0 ? random.nextLong() : 1L << random.nextInt(64);
                damaged.set(ValueLayout.JAVA_LONG, at, damaged.get(ValueLayout.JAVA_LONG, at) ^ bits);
            }
            List<Runnable> steps = List.of(
                    () -> one.put(HOLDER, element(1 + random.nextInt(200))), () -> one.take(HOLDER, ACCOUNT),
                    one::unfinished, one::clear, () -> one.recover(ACCOUNT, 0), () -> one.accounts().close(ACCOUNT),
                    () -> one.gate(false), () -> one.moveUp(element(9)), one::size, one::isAllEmpty);
            for (int i = 0; i < 12; i++) {
                try {
                    steps.get(random.nextInt(steps.size())).run();
                } catch (BrokenException e) {
                    assertTrue(String.valueOf(e.getMessage()).contains("make another queue"), e::getMessage);
                }
            }
        }
        assertThrows(BrokenException.class, () -> new Ring(MemorySegment.ofArray(new long[100]), 1));
    }

    @Test
    @Tag("full")
    void severalPutAndSeveralTakeAndNothingIsLostOrTwice() throws Exception {
        int each = 50_000;
        var takenSum = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().start(() -> putAll(number, each)));
            threads.add(Thread.ofPlatform().start(() -> takenSum.addAndGet(takeInOrder(10 + number, each))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(2L * each * (each - 1L) / 2, takenSum.get());
        assertEquals(2L * each, ring.unfinished());
        assertEquals(0, ring.size());
    }

    @Test
    @Tag("full")
    void gateThatOpensAndShutsInTheMiddleOfAPutLosesNothing() throws Exception {
        var putting = new AtomicBoolean(true);
        Thread gate = Thread.ofPlatform().start(() -> {
            while (putting.get()) {
                ring.gate(true);
                ring.gate(false);
            }
        });
        Thread putter = Thread.ofPlatform().start(() -> putAll(0, 100_000));
        takeInOrder(10, 100_000);
        putter.join();
        putting.set(false);
        gate.join();
        assertEquals(0, ring.size());
    }

    private void putAll(int number, int count) {
        for (int i = 0; i < count; i++) {
            byte[] element = ByteBuffer.allocate(8 + i % 40).putInt(number).putInt(i).array();
            while (ring.put(number + 1, element) != Step.DONE) {
                Thread.yield();
            }
        }
    }

    private long takeInOrder(int account, int count) {
        int[] last = new int[2];
        Arrays.fill(last, -1);
        long sum = 0;
        for (int i = 0; i < count;) {
            byte[] element = ring.take(account + 1, account);
            if (element == null || element == Ring.BUSY) {
                Thread.yield();
                continue;
            }
            ByteBuffer read = ByteBuffer.wrap(element);
            int from = read.getInt();
            int value = read.getInt();
            if (value <= last[from]) {
                throw new AssertionError(value + " behind " + last[from]);
            }
            last[from] = value;
            sum += value;
            i++;
        }
        return sum;
    }
}
