package dev.heddle.process.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.io.LimitExceededException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Much through a manager, and big things. */
@Tag("full")
final class SharedVolumeTest {

    private static final int EACH = 10_000;
    private static final int MANY = 1_000;

    private static InChildren children;

    @BeforeAll
    static void start() {
        children = new InChildren(2);
    }

    @AfterAll
    static void end() {
        children.close();
    }

    private record Item(int producer, int number) {}

    @Test
    void allThatTwoProcessesPutArrivesInOrderOfEachOfThem() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<Item> queue = manager.queue(100);
            List<Elsewhere.Started<Boolean>> all = new ArrayList<>();
            for (int producer = 0; producer < 2; producer++) {
                int me = producer;
                all.add(children.start(() -> {
                    for (int i = 0; i < EACH; i++) {
                        queue.put(new Item(me, i));
                    }
                    return true;
                }));
            }
            int[] next = new int[2];
            for (int i = 0; i < 2 * EACH; i++) {
                Item item = queue.take();
                assertEquals(next[item.producer()]++, item.number());
            }
            for (var each : all) {
                assertTrue(each.get());
            }
        }
    }

    @Test
    void whatIsPutHereIsTakenByTwoProcessesAndNothingTwice() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<Integer> queue = manager.queue(100);
            List<Elsewhere.Started<Long>> all = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                all.add(children.start(() -> {
                    long sum = 0;
                    for (int each : queue) {
                        sum += each;
                        queue.taskDone();
                    }
                    return sum;
                }));
            }
            for (int i = 1; i <= EACH; i++) {
                queue.put(i);
            }
            queue.awaitAllDone();
            queue.close();
            long sum = all.get(0).get() + all.get(1).get();
            assertEquals(EACH * (EACH + 1L) / 2, sum);
        }
    }

    @Test
    void bigValueArrivesWhole() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<byte[]> there = manager.queue(2);
            SharedQueue<byte[]> back = manager.queue(2);
            byte[] big = new byte[10_000_000];
            for (int i = 0; i < big.length; i++) {
                big[i] = (byte) (i * 31 ^ i >>> 8);
            }
            there.put(big);
            there.put(new byte[0]);
            assertTrue(children.call(() -> {
                back.put(there.take());
                back.put(there.take());
                return true;
            }));
            assertArrayEquals(big, back.take());
            assertEquals(0, back.take().length);
        }
    }

    @Test
    void valueThatIsTooBigIsRefusedAndTheQueueGoesOn() throws Exception {
        try (Manager manager = Manager.open(ManagerOptions.DEFAULT.withMaxBytes(10_000))) {
            SharedQueue<byte[]> queue = manager.queue(2);
            assertThrows(LimitExceededException.class, () -> queue.put(new byte[20_000]));
            var there = children.start(() -> {
                queue.put(new byte[20_000]);
                return true;
            });
            assertThrows(Exception.class, there::get);
            queue.put(new byte[5_000]);
            assertEquals(5_000, children.call(() -> queue.take().length));
        }
    }

    @Test
    void oneThousandCallsOfOneProcessWaitAtTheSameTime() throws Exception {
        try (Manager manager = Manager.open()) {
            SharedQueue<Integer> queue = manager.queue(MANY);
            var sum = children.start(() -> {
                long[] got = new long[MANY];
                CountDownLatch done = new CountDownLatch(MANY);
                for (int i = 0; i < MANY; i++) {
                    int me = i;
                    Thread.ofVirtual().start(() -> {
                        got[me] = queue.take();
                        done.countDown();
                    });
                }
                done.await();
                return Arrays.stream(got).sum();
            });
            children.untilWaiting(manager, MANY);
            assertEquals(1, manager.statistics().processes());
            for (int i = 1; i <= MANY; i++) {
                queue.put(i);
            }
            assertEquals(MANY * (MANY + 1L) / 2, sum.get());
        }
    }
}
