package kitchen;

import dev.heddle.Action;
import dev.heddle.sync.Mutex;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.Lock;

/**
 * Code of users: it waits for two things, one after the other. Not of Heddle's package, so that reports show its lines.
 */
public final class Table {

    private Table() {}

    /** Takes the first; when all have theirs, the second too. */
    public static Action eat(CyclicBarrier all, Fork first, Fork second) {
        return () -> {
            first.take();
            try {
                all.await();
                second.take();
                second.putBack();
            } finally {
                first.putBack();
            }
        };
    }

    public static Action eat(CyclicBarrier all, Mutex first, Mutex second) {
        return () -> first.run(() -> {
            all.await();
            second.run(() -> {});
        });
    }

    public static Action eat(CyclicBarrier all, Lock first, Lock second) {
        return () -> {
            first.lockInterruptibly();
            try {
                all.await();
                second.lockInterruptibly();
                second.unlock();
            } finally {
                first.unlock();
            }
        };
    }

    public static Action eat(CyclicBarrier all, Object first, Object second) {
        return () -> {
            synchronized (first) {
                all.await();
                synchronized (second) {
                    second.notifyAll();
                }
            }
        };
    }
}
