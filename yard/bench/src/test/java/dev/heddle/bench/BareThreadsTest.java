package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Threads without a scheduler of Heddle, the floor of what is measured: they take turns and are drained. */
final class BareThreadsTest {

    @Test
    void threadsThatGiveWayTakeTurns() {
        BareThreads threads = new BareThreads();
        List<String> order = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            threads.start(() -> {
                for (int i = 0; i < 3; i++) {
                    order.add(name + i);
                    BareThreads.giveWay();
                }
            });
        }
        threads.drain();
        assertEquals(List.of("a0", "b0", "a1", "b1", "a2", "b2"), order);
    }

    @Test
    void drainingReturnsWhenAllThreadsWait() {
        BareThreads threads = new BareThreads();
        Thread waiting = threads.start(LockSupport::park);
        threads.drain();
        assertEquals(Thread.State.WAITING, waiting.getState());
        LockSupport.unpark(waiting);
        threads.drain();
        assertEquals(Thread.State.TERMINATED, waiting.getState());
    }
}
