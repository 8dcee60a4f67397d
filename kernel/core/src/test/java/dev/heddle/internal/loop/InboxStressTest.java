package dev.heddle.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.AwaitCondition;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.Tasks;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What many threads put into an inbox is taken once, in order, and wakes who takes it. */
@Tag("full")
final class InboxStressTest {

    private static final int PRODUCERS = 4;

    @Test
    void nothingIsLostAndTheOrderOfEachProducerIsKept() throws InterruptedException {
        int each = 100_000;
        Inbox inbox = new Inbox();
        List<Thread> producers = new ArrayList<>();
        for (int producer = 0; producer < PRODUCERS; producer++) {
            int number = producer;
            producers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    inbox.push(new Item(number, i));
                }
            }));
        }
        int[] next = new int[PRODUCERS];
        int taken = 0;
        while (taken < PRODUCERS * each) {
            Schedulable item = inbox.takeAll();
            while (item != null) {
                Item mine = (Item) item;
                assertEquals(next[mine.producer]++, mine.number);
                taken++;
                item = Inbox.next(item);
            }
            Thread.onSpinWait();
        }
        assertNull(inbox.takeAll());
        for (Thread producer : producers) {
            producer.join();
        }
    }

    @Test
    void itemThatIsLeftTwiceIsTakenOnceAndLosesNoOther() {
        Inbox inbox = new Inbox();
        Item below = new Item(0, 0);
        Item twice = new Item(0, 1);
        inbox.push(below);
        inbox.push(twice);
        inbox.push(twice);
        inbox.push(below);
        Schedulable first = inbox.takeAll();
        assertSame(below, first);
        assertSame(twice, Inbox.next(first));
        assertNull(Inbox.next(twice));
        inbox.push(twice);
        assertSame(twice, inbox.takeAll());
    }

    /** When a loop has ended, whoever left something looks himself. */
    @Test
    void severalThreadsThatTakeAtTheSameTimeGetEachItemOnce() throws Exception {
        int each = 500_000;
        Inbox inbox = new Inbox();
        List<FutureTask<Integer>> takers = new ArrayList<>();
        for (int taker = 0; taker < 2; taker++) {
            int number = taker;
            FutureTask<Integer> takes = new FutureTask<>(() -> {
                int taken = 0;
                for (int i = 0; i < each; i++) {
                    inbox.push(new Item(number, i));
                    taken += takeAndCount(inbox) + takeAndCount(inbox);
                }
                return taken;
            });
            takers.add(takes);
            Thread.ofPlatform().start(takes);
        }
        int taken = 0;
        for (FutureTask<Integer> taker : takers) {
            taken += taker.get();
        }
        assertEquals(2 * each, taken + takeAndCount(inbox));
    }

    private static int takeAndCount(Inbox inbox) {
        int taken = 0;
        for (Schedulable item = inbox.takeAll(); item != null; item = Inbox.next(item)) {
            taken++;
        }
        return taken;
    }

    /** The JDK suspends a thread while its stack is read, and afterwards makes it ready, whether it was or not. */
    @Test
    void readingStacksAllTheTimeLosesNoWakeUp() throws InterruptedException {
        AtomicBoolean enough = new AtomicBoolean();
        try (Loop first = Loop.start(Config.DEFAULT); Loop second = Loop.start(Config.DEFAULT)) {
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int pair = 0; pair < 4; pair++) {
                Channel<Integer> there = Channel.of(0);
                Channel<Integer> back = Channel.of(0);
                tasks.add(first.spawn(() -> bounce(there, back, true)));
                tasks.add(second.spawn(() -> bounce(back, there, false)));
            }
            Thread reader = Thread.ofPlatform().start(() -> {
                while (!enough.get()) {
                    tasks.forEach(Task::stackTrace);
                }
            });
            assertEquals(tasks, Tasks.awaitWithin(Duration.ofSeconds(50), tasks, AwaitCondition.ALL_COMPLETED).done());
            enough.set(true);
            reader.join();
        }
    }

    private static int bounce(Channel<Integer> out, Channel<Integer> in, boolean begins) {
        int rounds = 3_000;
        for (int i = 0; i < rounds; i++) {
            if (begins) {
                out.send(i);
            }
            assertEquals(i, in.receive());
            if (!begins) {
                out.send(i);
            }
        }
        return rounds;
    }

    @Test
    void callsFromThreadsAllRunAlthoughTheLoopKeepsGoingToSleep() throws InterruptedException {
        int each = 20_000;
        AtomicInteger ran = new AtomicInteger();
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            List<Thread> producers = new ArrayList<>();
            for (int producer = 0; producer < PRODUCERS; producer++) {
                producers.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < each; i++) {
                        loop.callFromThread(ran::incrementAndGet);
                        if (i % 64 == 0) {
                            Thread.yield();
                        }
                    }
                }));
            }
            for (Thread producer : producers) {
                producer.join();
            }
            loop.spawn(() -> {}).join();
            assertEquals(PRODUCERS * each, ran.get());
        }
    }

    @Test
    void wakeThatRacesWithGoingToSleepIsNeverMissed() throws InterruptedException {
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            for (int round = 0; round < 10_000; round++) {
                CountDownLatch called = new CountDownLatch(1);
                loop.callFromThread(called::countDown);
                called.await();
                for (int spin = round % 300; spin > 0; spin--) {
                    Thread.onSpinWait(); // so that the next call meets the loop at another point of its way to sleep
                }
            }
        }
    }

    @Test
    void firstCallOfANewLoopIsNeverMissed() {
        for (int round = 0; round < 500; round++) {
            try (Loop loop = Loop.start(Config.DEFAULT)) {
                assertEquals("result", loop.spawn(() -> "result").join());
            }
        }
    }

    private static final class Item extends Schedulable {
        private final int producer;
        private final int number;

        Item(int producer, int number) {
            this.producer = producer;
            this.number = number;
        }

        @Override
        public void takeTurn() {}
    }
}
