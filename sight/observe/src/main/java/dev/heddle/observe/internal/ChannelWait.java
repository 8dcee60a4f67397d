package dev.heddle.observe.internal;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A wait for a channel that does not hold up the end of the JVM. HotSpot gives threads that are in the system 0.3 s to
 * come back before it ends ({@code VM_Exit::wait_for_threads_in_native_to_block}). So while the JVM ends, which may take
 * a program long, this looks again and again instead, and what is asked meanwhile is answered.
 *
 * <p>Threads: one at a time.
 */
final class ChannelWait implements AutoCloseable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final Set<Selector> OPEN = ConcurrentHashMap.newKeySet();

    private static volatile boolean ending;

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(ChannelWait::end, "heddle-observe-end"));
        } catch (IllegalStateException e) {
            ending = true;
        }
    }

    private final Selector selector;
    private final SelectionKey key;

    /** @param channel one that does not block */
    ChannelWait(SelectableChannel channel) throws IOException {
        selector = Selector.open();
        try {
            key = channel.register(selector, 0);
        } catch (IOException | RuntimeException e) {
            selector.close();
            throw e;
        }
        OPEN.add(selector);
    }

    private static void end() {
        ending = true;
        OPEN.forEach(Selector::wakeup);
    }

    /** Waits until the channel is ready, for ever. */
    void await(int operation) throws IOException {
        while (!await(operation, TimeUnit.DAYS.toMillis(1))) {
            // for a day more
        }
    }

    /**
     * Waits until the channel is ready.
     *
     * @param operation as in {@link SelectionKey}
     * @return false if it is not in all that time
     */
    boolean await(int operation, long millis) throws IOException {
        key.interestOps(operation);
        long start = System.nanoTime();
        for (long left = millis; left > 0; left = millis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)) {
            if (ending) {
                selector.selectNow();
            } else {
                selector.select(left);
            }
            boolean ready = !selector.selectedKeys().isEmpty();
            selector.selectedKeys().clear();
            if (ready) {
                return true;
            }
            if (ending) {
                LockSupport.parkNanos(this, LOOK_NANOS);
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        OPEN.remove(selector);
        selector.close();
    }
}
