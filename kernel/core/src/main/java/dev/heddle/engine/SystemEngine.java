package dev.heddle.engine;

import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.TaskFailedException;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.FirstUse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The common part of the engines over a real system: its clocks, its names, and the way to wait before there is any
 * I/O.
 *
 * <p>The poller of the system is opened with the first channel; until then an idle loop is just a parked thread, which
 * starts faster and is woken more cheaply.
 */
@AsksSystem("it is the engine")
public abstract class SystemEngine implements ChannelEngine, DatagramEngine, SpawningEngine {

    private final SplittableRandom random = new SplittableRandom();
    private final Set<Datagrams> datagrams = Collections.newSetFromMap(new IdentityHashMap<>());
    private final AdaptiveSpin spin;
    private final BooleanSupplier wakes = this::takeWake;
    private volatile @Nullable Thread parked;
    private volatile boolean opened;

    /** Whether the loop is awake and looks for a wake, which then needs to write it down only. */
    private volatile boolean spinning;

    /** A wake that no poll has answered yet. */
    private volatile boolean woken;

    /** Makes an engine whose poller is not open yet. */
    protected SystemEngine() {
        this(new AdaptiveSpin());
    }

    SystemEngine(AdaptiveSpin spin) {
        this.spin = spin;
    }

    @Override
    public final long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public final Instant now() {
        return Instant.now();
    }

    @Override
    public final long random() {
        return random.nextLong();
    }

    @Override
    public final List<InetAddress> resolve(String host) throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host));
    }

    @Override
    public Datagrams datagrams(InetSocketAddress local, DatagramOptions options) throws IOException {
        FirstUse.CHANNELS.begin();
        ChannelDatagrams opened = ChannelDatagrams.open(this, local, options, datagrams::remove);
        datagrams.add(opened);
        return opened;
    }

    /**
     * What the system does with runs of datagrams; null if each goes by itself.
     *
     * @throws IOException if it cannot be begun
     */
    protected @Nullable DatagramRuns datagramRuns() throws IOException {
        return null;
    }

    /** Closes all sockets of datagrams: for the beginning of {@link #close}. */
    protected final void closeDatagrams() {
        List.copyOf(datagrams).forEach(Datagrams::close);
    }

    /** Starts a process by Java's own means. */
    @Override
    public Child spawn(SpawnRequest request) throws IOException {
        CancelScope.throwIfCancelled();
        try {
            return Heddle.offload(() -> PortableChild.start(request));
        } catch (TaskFailedException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Says that the poller is open: from now on waiting and waking are its business. On the loop. */
    protected final void pollerIsOpen() {
        opened = true;
    }

    /** Whether {@link #pollerIsOpen} was called. */
    protected final boolean isPollerOpen() {
        return opened;
    }

    @Override
    public final boolean poll(long timeoutNanos, boolean external) {
        if (timeoutNanos <= 0) {
            look();
        } else if (takeWake() || (spin.isDue() && spin(timeoutNanos))) {
            look();
        } else {
            sleep(timeoutNanos);
        }
        return true;
    }

    private void look() {
        if (opened) {
            pollSystem(0);
        }
    }

    private void sleep(long timeoutNanos) {
        if (opened) {
            pollSystem(timeoutNanos);
        } else {
            park(timeoutNanos);
        }
        spin.slept(takeWake());
    }

    /**
     * Looks for a wake for a moment. Who sees the loop spin does not wake the poller; so a wake that was written down
     * before the spin's end is seen, at the latest, behind it.
     */
    private boolean spin(long mostNanos) {
        spinning = true;
        boolean woken = spin.await(wakes, mostNanos);
        spinning = false;
        return woken || takeWake();
    }

    /**
     * Asks the open poller once.
     *
     * @param timeoutNanos as that of {@link #poll}
     */
    protected abstract void pollSystem(long timeoutNanos);

    @Override
    public final void wake() {
        woken = true;
        if (!opened) {
            LockSupport.unpark(parked);
        } else if (!spinning) {
            wakePoller();
        }
    }

    /** Ends the open poller's wait, or its next one. Any thread, also after the engine was closed. */
    protected abstract void wakePoller();

    private void park(long timeoutNanos) {
        parked = Thread.currentThread();
        if (!woken) {
            if (timeoutNanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, timeoutNanos);
            }
        }
        parked = null;
    }

    private boolean takeWake() {
        if (!woken) {
            return false;
        }
        woken = false;
        return true;
    }

    @Override
    public String toString() {
        return "engine " + name();
    }
}
