package dev.heddle;

import dev.heddle.engine.Acceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.SimulatedEngine;
import dev.heddle.engine.Transport;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An engine for tests: time stands still while anything can run and then jumps to the next timer, so hours take no
 * time. The order of tasks is first come, first served, or comes from a seed. It has no network.
 */
public final class ManualEngine implements SimulatedEngine {

    /** So near to the overflow that every test crosses it: clocks may start anywhere. */
    private static final long START = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(5);

    private static final long FIFO = 0;

    private final long seed;
    private final SplittableRandom random;
    private long nanos = START;
    private volatile boolean woken;
    private volatile Thread parked;

    public ManualEngine(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** A configuration with this engine and without signal handlers. */
    public static Config config() {
        return config(FIFO);
    }

    public static Config config(long seed) {
        return Config.DEFAULT.withSignals(false).withEngine(() -> new ManualEngine(seed));
    }

    /** Runs a body in virtual time. */
    public static void run(Action body) {
        Heddle.run(config(), body);
    }

    /** Runs a body in virtual time and gives its result. */
    public static <T> T get(Callable<? extends T> body) {
        return Heddle.run(config(), body);
    }

    /** Runs a body once in each of many orders. */
    public static void runInManyOrders(int orders, Action body) {
        for (long seed = 1; seed <= orders; seed++) {
            try {
                Heddle.run(config(seed), body);
            } catch (Throwable e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    /** The virtual time since the start of the current loop. */
    public static Duration elapsed() {
        return Duration.ofNanos(Heddle.currentLoop().nanoTime() - START);
    }

    @Override
    public String name() {
        return "manual";
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos - START);
    }

    @Override
    public long random() {
        return random.nextLong();
    }

    @Override
    public int pick(int ready) {
        return seed == FIFO ? 0 : random.nextInt(ready);
    }

    @Override
    public boolean poll(long timeoutNanos, boolean external) {
        if (timeoutNanos == 0) {
            return true;
        }
        if (external) {
            park();
            return true;
        }
        if (woken) {
            woken = false;
            return true;
        }
        if (timeoutNanos == Long.MAX_VALUE) {
            return false;
        }
        nanos += timeoutNanos;
        return true;
    }

    private void park() {
        parked = Thread.currentThread();
        if (!woken) {
            LockSupport.park(this);
        }
        woken = false;
    }

    @Override
    public void wake() {
        woken = true;
        LockSupport.unpark(parked);
    }

    @Override
    public Transport connect(SocketAddress remote) {
        throw new UnsupportedOperationException("no network");
    }

    @Override
    public Acceptor listen(SocketAddress local, ListenOptions options) {
        throw new UnsupportedOperationException("no network");
    }

    @Override
    public List<InetAddress> resolve(String host) {
        throw new UnsupportedOperationException("no network");
    }

    @Override
    public void close() {}
}
