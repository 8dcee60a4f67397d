package dev.heddle.os;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Waiter;
import dev.heddle.internal.Incoming;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The signals of the system, delivered to a task that waits for them.
 *
 * <pre>{@code
 * try (Signals signals = Signals.receive("HUP")) {
 *     for (String signal : signals) {
 *         reload();
 *     }
 * }
 * }</pre>
 *
 * <p>From {@link #receive} on these signals do nothing else any more, until {@link #close} gives them back to whoever
 * had them. A signal that comes while nobody waits is kept. As in the kernel, one that comes again before it was taken
 * counts once, so count nothing by signals.
 *
 * <p>{@link dev.heddle.Heddle#run} itself takes {@code INT}, {@code TERM} and {@code HUP} and cancels its main task.
 * Whoever receives them here takes them from it for as long, and the second does not end the process at once any more. The JVM
 * keeps {@code QUIT}, {@code USR2}, {@code SEGV}, {@code BUS}, {@code FPE} and {@code ILL}, the kernel {@code KILL} and
 * {@code STOP}.
 *
 * <p>A process that was started to ignore {@code HUP}, {@code INT} or {@code TERM} never gets them, whatever it asks
 * for: {@code nohup} does that for {@code HUP}, {@code &} in a shell script for {@code INT}. {@code env
 * --default-signal} undoes it.
 *
 * <p>Cancellation: a cancelled {@link #take} has taken nothing.
 *
 * <p>Threads: any task or thread; one waits at a time.
 *
 * <p>To test code that uses it, give it an {@code Iterable<String>}, such as a list of names.
 */
public final class Signals implements Iterable<String>, AutoCloseable {

    /** The JVM lets go of them, and then does not work: it needs BUS for mapped files and USR2 to stop threads. */
    private static final Set<String> NEEDED = Set.of("BUS", "USR2");

    /** The names that some receiver has. */
    private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

    private final SignalHandler handler = this::arrived;
    private final Map<Signal, SignalHandler> previous = new LinkedHashMap<>();

    /** The threads on which the JVM tells of signals are none of a loop, so they may wait for it. */
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Set<String> pending = new LinkedHashSet<>();
    private @Nullable Waiter waiting;
    private boolean closed;

    private Signals() {}

    /**
     * Begins to receive signals.
     *
     * @param names such as {@code TERM} or {@code SIGTERM}, at least one
     * @throws IllegalArgumentException if this system has no such signal, or the JVM or the kernel keeps it for itself
     * @throws IllegalStateException if another receiver has one of them
     */
    public static Signals receive(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("no signals are named");
        }
        List<Signal> signals = new ArrayList<>();
        for (String name : names) {
            signals.add(SignalNames.signal(name));
        }
        var receiver = new Signals();
        boolean done = false;
        try {
            signals.forEach(receiver::begin);
            done = true;
            return receiver;
        } finally {
            if (!done) {
                receiver.close();
            }
        }
    }

    private void begin(Signal signal) {
        if (previous.containsKey(signal)) {
            return;
        }
        if (NEEDED.contains(signal.getName())) {
            throw kept(signal, null);
        }
        if (!TAKEN.add(signal.getName())) {
            throw new IllegalStateException("another receiver has the signal " + signal.getName() + "; close it first");
        }
        try {
            previous.put(signal, Signal.handle(signal, handler));
        } catch (IllegalArgumentException e) {
            TAKEN.remove(signal.getName());
            throw kept(signal, e);
        }
    }

    private static IllegalArgumentException kept(Signal signal, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "the signal " + signal.getName() + " cannot be received: the JVM or the kernel keeps it for itself",
                cause);
    }

    /** On a thread of the JVM. */
    void arrived(Signal signal) {
        lock.lock();
        try {
            if (!closed && pending.add(signal.getName()) && waiting != null) {
                waiting.complete();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next signal, waiting until there is one. The one that came first is first.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @return its name without SIG, such as {@code TERM}
     * @throws ClosedException if the receiver is closed, before or while waiting
     * @throws BusyException if another task or thread is waiting
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public String take() {
        CancelScope.throwIfCancelled();
        while (true) {
            var waiter = new Waiter(this);
            Optional<String> signal = takeOrWait(waiter);
            if (signal.isPresent()) {
                return signal.get();
            }
            try {
                waiter.await();
            } finally {
                stopWaiting();
            }
        }
    }

    /** Takes the next signal if there is one. Never waits. */
    public Optional<String> tryTake() {
        lock.lock();
        try {
            if (pending.isEmpty()) {
                return Optional.empty();
            }
            String first = pending.iterator().next();
            pending.remove(first);
            return Optional.of(first);
        } finally {
            lock.unlock();
        }
    }

    private Optional<String> takeOrWait(Waiter waiter) {
        lock.lock();
        try {
            if (closed) {
                throw new ClosedException(this + " is closed");
            }
            if (waiting != null) {
                throw new BusyException("another task waits for " + this);
            }
            Optional<String> signal = tryTake();
            if (signal.isEmpty()) {
                waiting = waiter;
            }
            return signal;
        } finally {
            lock.unlock();
        }
    }

    private void stopWaiting() {
        lock.lock();
        try {
            waiting = null;
        } finally {
            lock.unlock();
        }
    }

    /** The signals as they come: each step is a {@link #take}. Ends when the receiver is closed. */
    @Override
    public Iterator<String> iterator() {
        return new Incoming<>(this::takeUnlessClosed, "the receiver is closed");
    }

    private Optional<String> takeUnlessClosed() {
        try {
            return Optional.of(take());
        } catch (ClosedException e) {
            return Optional.empty();
        }
    }

    /**
     * Gives the signals back to whoever had them. What was not taken is forgotten. A task that waits gets a {@link
     * ClosedException}.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            pending.clear();
            if (waiting != null) {
                waiting.complete();
            }
        } finally {
            lock.unlock();
        }
        previous.forEach(this::giveBack);
    }

    /** Somebody may have taken the signal over since, such as a run that ended: then it is theirs. */
    private void giveBack(Signal signal, SignalHandler before) {
        SignalHandler now = Signal.handle(signal, before);
        if (now != handler) {
            Signal.handle(signal, now);
        }
        TAKEN.remove(signal.getName());
    }

    /** {@code the signals HUP, TERM}. */
    @Override
    public String toString() {
        return "the signals " + String.join(", ", previous.keySet().stream().map(Signal::getName).toList());
    }
}
