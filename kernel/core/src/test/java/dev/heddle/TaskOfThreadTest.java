package dev.heddle;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.currentTask;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The task that a thread belongs to, if any. */
final class TaskOfThreadTest {

    @Test
    void threadOfATaskTellsItsTaskAlsoWhenItHasEnded() {
        ManualEngine.run(() -> {
            assertEquals(Optional.of(currentTask()), Task.ofThread(Thread.currentThread()));
            Task<Thread> other = spawn(Thread::currentThread);
            assertEquals(Optional.of(other), Task.ofThread(other.join()));
        });
    }

    @Test
    void allOtherThreadsBelongToNoTask() {
        assertEquals(Optional.empty(), Task.ofThread(Thread.currentThread()));
        assertEquals(Optional.empty(), Task.ofThread(Thread.ofVirtual().unstarted(() -> {})));
        ManualEngine.run(() -> {
            assertEquals(Optional.empty(), Task.ofThread(Thread.ofVirtual().unstarted(() -> {})));
            Waiter called = new Waiter("a callback");
            Thread[] callbacks = new Thread[1];
            currentLoop().callSoon(() -> {
                callbacks[0] = Thread.currentThread();
                called.complete();
            });
            called.await();
            assertEquals(Optional.empty(), Task.ofThread(callbacks[0]));
        });
    }
}
