package kitchen;

import dev.heddle.CancelScope;
import dev.heddle.HeldResource;
import dev.heddle.Waiter;
import java.util.ArrayList;
import java.util.List;

/**
 * A lock on nothing but {@link Waiter} and {@link HeldResource}, with some places, as code outside of Heddle may build
 * one.
 */
public final class Fork implements HeldResource {

    private final String name;
    private final int places;
    private final List<Thread> holders = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();

    public Fork(String name) {
        this(name, 1);
    }

    public Fork(String name, int places) {
        this.name = name;
        this.places = places;
    }

    /** Takes it, waiting while all places are taken. */
    public void take() {
        CancelScope.throwIfCancelled();
        while (true) {
            Waiter waiter = new Waiter(this);
            synchronized (holders) {
                if (holders.size() < places) {
                    holders.add(Thread.currentThread());
                    return;
                }
                waiters.add(waiter);
            }
            waiter.await();
        }
    }

    public void putBack() {
        synchronized (holders) {
            holders.remove(Thread.currentThread());
            waiters.forEach(Waiter::complete);
            waiters.clear();
        }
    }

    @Override
    public List<Thread> holders() {
        synchronized (holders) {
            return List.copyOf(holders);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
