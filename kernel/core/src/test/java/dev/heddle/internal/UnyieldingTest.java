package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A task that meets a taken lock in such a section waits with its whole loop, and elsewhere alone. */
final class UnyieldingTest {

    private final Object lock = new Object();
    private final List<String> order = new CopyOnWriteArrayList<>();

    private void enter() {
        synchronized (lock) {
            order.add("the first task");
        }
    }

    /**
     * Two tasks, of which the first comes to the lock while another thread has it: until that stops the loop, or lets
     * the second one run.
     */
    private List<String> order(Runnable first) throws Exception {
        var loop = new AtomicReference<>(Thread.currentThread());
        var taken = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            synchronized (lock) {
                taken.countDown();
                while (loop.get().getState() != Thread.State.BLOCKED && order.isEmpty()) {
                    Thread.onSpinWait();
                }
            }
        });
        taken.await();
        Heddle.run(() -> Heddle.group(group -> {
            group.spawn("first", () -> {
                loop.set(VirtualThreads.currentCarrier());
                first.run();
            });
            group.spawn("second", () -> {
                order.add("the second task");
            });
        }));
        holder.join();
        return order;
    }

    @Test
    void takenLockLetsNobodyElseRunInTheMiddleOfASection() throws Exception {
        assertEquals(
                List.of("the first task", "the second task"), order(() -> Unyielding.run(this::enter)));
    }

    @Test
    void takenLockElsewhereLetsTheOthersRun() throws Exception {
        assertEquals(List.of("the second task", "the first task"), order(this::enter));
    }

    @Test
    void sectionGivesWhatItsBodyGives() {
        assertEquals("body", Unyielding.call(() -> "body"));
    }
}
