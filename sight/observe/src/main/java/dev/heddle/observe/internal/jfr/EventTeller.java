package dev.heddle.observe.internal.jfr;

import dev.heddle.internal.UserWords;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Event;
import org.jspecify.annotations.Nullable;

/**
 * The events that come from below the tasks, told to JFR on a daemon thread: JFR loses some of those that a loop's thread
 * writes while it has no task, and their words may be made by objects of users, which must not run there. Where they come
 * faster than they are told, some are left out.
 *
 * <p>Threads: any adds, without a lock.
 */
final class EventTeller {

    private static final int MAX = 1_000;

    private final Queue<Told> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private volatile @Nullable Thread teller;

    /** @param waitsFor what makes the reason of a wait; null for none */
    private record Told(Event event, @Nullable Object waitsFor) {}

    /** Has an event be written that is over and filled in. */
    void tell(Event event) {
        tell(event, null);
    }

    /** Has the event of a wait be written, with the words for what it was. */
    void tell(TaskWaitEvent event, @Nullable Object waitsFor) {
        tell((Event) event, waitsFor);
    }

    private void tell(Event event, @Nullable Object waitsFor) {
        if (size.incrementAndGet() > MAX) {
            size.decrementAndGet();
            return;
        }
        queue.add(new Told(event, waitsFor));
        Thread told = teller;
        if (told == null) {
            start();
        } else {
            LockSupport.unpark(told);
        }
    }

    private synchronized void start() {
        if (teller == null) {
            teller = Thread.ofPlatform().daemon().name("heddle-observe-jfr").start(this::tellAll);
        }
    }

    private void tellAll() {
        while (true) {
            Told next = queue.poll();
            if (next == null) {
                LockSupport.park(this);
                continue;
            }
            size.decrementAndGet();
            if (next.event instanceof TaskWaitEvent wait) {
                wait.reason = next.waitsFor == null ? "code that is not Heddle's" : UserWords.of(next.waitsFor);
            }
            next.event.commit();
        }
    }
}
