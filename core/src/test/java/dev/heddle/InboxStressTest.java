package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InboxStressTest {

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
            Ready item = inbox.takeAll();
            while (item != null) {
                Item mine = (Item) item;
                assertEquals(next[mine.producer]++, mine.number);
                taken++;
                item = item.nextInInbox;
            }
            Thread.onSpinWait();
        }
        assertNull(inbox.takeAll());
        for (Thread producer : producers) {
            producer.join();
        }
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

    private static final class Item extends Ready {
        private final int producer;
        private final int number;

        Item(int producer, int number) {
            this.producer = producer;
            this.number = number;
        }

        @Override
        void run(Loop loop) {}
    }
}
