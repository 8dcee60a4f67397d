package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.LoopLocal;
import dev.heddle.engine.ChannelEngine;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.engine.Engine;
import dev.heddle.engine.Watch;
import dev.heddle.internal.Throwables;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * The wait for one channel or descriptor of other code, whose bytes that code moves itself: a driver with a socket of
 * its own, a pipe, a device. For many at once there is {@link Poller}.
 *
 * <pre>{@code
 * while (driver.read() == WOULD_BLOCK) {
 *     Readiness.awaitReadable(driver.channel());
 * }
 * }</pre>
 *
 * <p>Nothing is kept between two waits, so the channel may be closed at any time in between; who closes it while others
 * wait calls {@link #closing} first.
 *
 * <p>Threads: tasks; of each loop one waits to read a channel and one to write it.
 *
 * <p>Cancellation: a cancelled call has changed nothing.
 *
 * <p>To test code that uses it, give it one end of a {@link java.nio.channels.Pipe}.
 */
public final class Readiness {

    private static final LoopLocal<Map<Object, ReadinessWaits>> WAITS = LoopLocal.withInitial(HashMap::new);

    private Readiness() {}

    /**
     * Waits until reading would not wait: there are bytes, a connection to accept, the end or a failure. It is a hint,
     * as any readiness.
     *
     * @param channel an open channel in non-blocking mode
     * @throws BusyException if another task of the loop waits for the same, or a poller has the channel
     * @throws ClosedException if the channel is closed, or is said to be while waiting
     * @throws BrokenException if the system cannot watch it
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws IllegalArgumentException if the channel is in blocking mode, or is of a kind that has nothing to read
     * @throws UnsupportedOperationException if the loop is a simulated one
     */
    public static void awaitReadable(SelectableChannel channel) {
        check(channel, Watch.READABLE);
        await(channel, Watch.READABLE);
    }

    /**
     * Waits until writing would not wait, or a connection is made or has failed; as {@link
     * #awaitReadable(SelectableChannel)}.
     */
    public static void awaitWritable(SelectableChannel channel) {
        check(channel, Watch.WRITABLE);
        await(channel, Watch.WRITABLE);
    }

    /**
     * Waits until reading a descriptor would not wait, as {@link #awaitReadable(SelectableChannel)}.
     *
     * @param descriptor an open one in non-blocking mode
     * @throws UnsupportedOperationException if the engine cannot watch descriptors; those of Linux can
     */
    public static void awaitReadable(int descriptor) {
        await(descriptor, Watch.READABLE);
    }

    /** Waits until writing to a descriptor would not wait, as {@link #awaitReadable(int)}. */
    public static void awaitWritable(int descriptor) {
        await(descriptor, Watch.WRITABLE);
    }

    /**
     * Says that a channel is about to be closed: tasks of this loop that wait for it get a {@link ClosedException}.
     * Never waits.
     */
    public static void closing(SelectableChannel channel) {
        close(channel);
    }

    /** Says that a descriptor is about to be closed, as {@link #closing(SelectableChannel)}. */
    public static void closing(int descriptor) {
        close(descriptor);
    }

    private static void check(SelectableChannel channel, int what) {
        if (!channel.isOpen()) {
            throw new ClosedException(channel + " is closed");
        }
        if (channel.isBlocking()) {
            throw new IllegalArgumentException(channel + " is in blocking mode; call configureBlocking(false) first");
        }
        PollKey.checkInterest(channel, what);
    }

    private static void await(Object watched, int what) {
        CancelScope.throwIfCancelled();
        Map<Object, ReadinessWaits> all = WAITS.get();
        ReadinessWaits waits = all.get(watched);
        if (waits == null) {
            waits = open(watched);
            all.put(watched, waits);
        }
        try {
            waits.await(what);
        } finally {
            if (waits.isIdle() && all.remove(watched, waits)) {
                waits.close();
            }
        }
    }

    private static void close(Object watched) {
        ReadinessWaits waits = WAITS.get().remove(watched);
        if (waits != null) {
            waits.close();
        }
    }

    private static ReadinessWaits open(Object watched) {
        Engine engine = Heddle.currentLoop().engine();
        var waits = new ReadinessWaits(watched);
        try {
            waits.watch(
                    watched instanceof SelectableChannel channel
                            ? ChannelEngine.of(engine).watch(channel, waits)
                            : DescriptorEngine.of(engine).watch((int) watched, waits));
            return waits;
        } catch (IOException e) {
            throw new BrokenException(waits + " cannot be watched: " + Throwables.describe(e), e);
        } catch (IllegalStateException e) {
            throw new BusyException("another task of this loop watches " + waits, e);
        }
    }
}
