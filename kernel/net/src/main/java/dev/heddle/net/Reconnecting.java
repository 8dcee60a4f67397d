package dev.heddle.net;

import dev.heddle.Backoff;
import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.TaskFailedException;
import dev.heddle.engine.WaitSlot;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Throwables;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.io.MemoryStreams;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps one connection to a peer alive: runs a body on it, and connects again when it is lost.
 *
 * <pre>{@code
 * Tcp.reconnecting("feed.example.org", 7000, Backoff.DEFAULT).run(stream -> {
 *     stream.write("subscribe\n");
 *     for (String line : stream.lines(4096)) {
 *         show(line);
 *     }
 * });                                     // goes on until it is stopped, cancelled, or gives up
 * }</pre>
 *
 * <pre>
 *   connecting ──▶ connected ──the body ends──┐
 *      ▲   └─────────failed──────────────────▶ resting ──too many failures──▶ gives up
 *      └──────────────time is up──────────────┘
 *   stop() from any of them ──▶ stopped, as soon as the body has ended
 * </pre>
 *
 * <p>A body that returns has ended its connection, like one whose connection is lost: a peer that closes in good order
 * reads as an end, and most bodies then return. The rests grow while connections fail, or live less than the longest
 * rest; one that lived longer counts as a success, and the next rest is short again.
 *
 * <p>Threads: tasks of one loop; one runs it at a time, any may stop it. To test code that uses it, give it streams of
 * {@link MemoryStreams} in simulated time.
 */
public final class Reconnecting {

    /** The state of the client, told to whoever wants to know. */
    public sealed interface State {}

    /**
     * The state in which a connection is being made.
     *
     * @param failures the failures in a row before
     */
    public record Connecting(int failures) implements State {}

    /**
     * The state in which there is a connection, and the body runs.
     *
     * @param remoteAddress the peer
     */
    public record Connected(String remoteAddress) implements State {}

    /**
     * The state in which there is no connection, and the next try is later.
     *
     * @param delay how long it rests
     * @param reason why the last one ended
     */
    public record Resting(Duration delay, String reason) implements State {}

    /** The last state: stopped, cancelled, given up, or failed. */
    public record Stopped() implements State {}

    private final Callable<ByteStream> connect;
    private final Backoff backoff;
    private final int maxFailures;
    private final Consumer<? super State> onState;
    private final WaitSlot changed = new WaitSlot("the next try to connect");
    private State state = new Stopped();
    private boolean running;
    private boolean stopping;

    /** What a stop cancels while a connection is being made; null else. */
    private @Nullable CancelScope connecting;

    private long connectedAtNanos;

    /**
     * @param connect makes a connection, waiting for it
     * @param backoff how long to rest between connections; not zero
     */
    public Reconnecting(Callable<ByteStream> connect, Backoff backoff) {
        this(connect, backoff, state -> {});
    }

    /**
     * @param connect makes a connection, waiting for it
     * @param backoff how long to rest between connections; not zero
     * @param onState hears of each change, in the task that runs; what it throws ends the run
     */
    public Reconnecting(Callable<ByteStream> connect, Backoff backoff, Consumer<? super State> onState) {
        this(connect, backoff, Integer.MAX_VALUE, onState);
    }

    private Reconnecting(Callable<ByteStream> connect, Backoff backoff, int maxFailures,
            Consumer<? super State> onState) {
        Checks.positive("the first rest", backoff.first());
        Checks.atLeast("maxFailures", maxFailures, 1);
        this.connect = connect;
        this.backoff = backoff;
        this.maxFailures = maxFailures;
        this.onState = onState;
    }

    /** The same with another listener. */
    public Reconnecting withOnState(Consumer<? super State> onState) {
        return new Reconnecting(connect, backoff, maxFailures, onState);
    }

    /** The same that gives up after so many failures in a row, at least 1; without this it never does. */
    public Reconnecting withMaxFailures(int maxFailures) {
        return new Reconnecting(connect, backoff, maxFailures, onState);
    }

    /** Where it is. */
    public State state() {
        return state;
    }

    /**
     * Runs the body on one connection after the other, until it is stopped.
     *
     * <p>A failure to connect, a lost connection ({@link BrokenException}) and a stream that ended too early ({@link
     * EndOfStreamException}) lead to the next connection. Any other failure of the body is a mistake and ends the run.
     *
     * <p>Cancellation: a cancelled call has closed its connection.
     *
     * @param body the stream is closed after it: gracefully when it returns, at once when it throws
     * @throws ConnectFailedException if it gives up after too many failures in a row, of which the last was one to
     *     connect
     * @throws BrokenException or an {@link EndOfStreamException}, if the last was this
     * @throws TaskFailedException if the body, or connecting, throws a checked exception, which is the cause
     * @throws BusyException if another task runs it
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void run(StreamHandler body) {
        CancelScope.throwIfCancelled();
        if (running) {
            throw new BusyException("another task runs " + this);
        }
        running = true;
        stopping = false;
        try {
            connectAgainAndAgain(body);
        } finally {
            running = false;
            become(new Stopped());
        }
    }

    /**
     * Ends the run when the body has ended, or at once if there is no connection: one that is being made is cancelled.
     * Never waits; does nothing if it does not run.
     */
    public void stop() {
        stopping = true;
        changed.wake();
        if (connecting != null) {
            connecting.cancel("stopped");
        }
    }

    private void connectAgainAndAgain(StreamHandler body) {
        int failures = 0;
        while (!stopping) {
            become(new Connecting(failures));
            RuntimeException failure = runOnce(body);
            failures = hasLivedLong() ? 1 : failures + 1;
            if (failures >= maxFailures && failure != null) {
                throw failure;
            }
            if (!stopping) {
                Duration delay = backoff.delay(failures);
                become(new Resting(delay, failure == null ? "the body has ended" : Throwables.describe(failure)));
                rest(delay);
            }
        }
    }

    private boolean hasLivedLong() {
        return state instanceof Connected
                && backoff.max().minusNanos(Heddle.currentLoop().nanoTime() - connectedAtNanos).isNegative();
    }

    private void rest(Duration delay) {
        Heddle.moveOnAfter(delay, () -> {
            while (!stopping) {
                changed.await();
            }
        });
    }

    /** One connection; gives the failure that may pass. */
    private @Nullable RuntimeException runOnce(StreamHandler body) {
        Optional<ByteStream> made;
        try {
            made = connectUnlessStopped();
        } catch (RuntimeException e) {
            CancelScope.throwIfCancelled();
            if (isAll(e, leaf -> leaf instanceof ConnectFailedException || mayPass(leaf))) {
                return e;
            }
            throw e;
        }
        return made.isEmpty() ? null : runOn(made.get(), body);
    }

    /** Makes a connection; empty if it is stopped before there is one. */
    private Optional<ByteStream> connectUnlessStopped() {
        Optional<ByteStream> made;
        try {
            made = CancelScope.open(scope -> {
                connecting = scope;
                return Objects.requireNonNull(connect.call(), "no connection was given");
            });
        } finally {
            connecting = null;
        }
        if (stopping) {
            made.ifPresent(ByteStream::close);
            return Optional.empty();
        }
        return made;
    }

    private @Nullable RuntimeException runOn(ByteStream stream, StreamHandler body) {
        connectedAtNanos = Heddle.currentLoop().nanoTime();
        try {
            become(new Connected(stream.remoteAddress()));
            body.handle(stream);
            stream.close();
            return null;
        } catch (Throwable e) {
            stream.abort();
            CancelScope.throwIfCancelled();
            return failureThatMayPass(e);
        }
    }

    private static RuntimeException failureThatMayPass(Throwable e) {
        return switch (e) {
            case RuntimeException bare when isAll(bare, Reconnecting::mayPass) -> bare;
            default -> throw Throwables.unchecked(e);
        };
    }

    private static boolean mayPass(Throwable e) {
        return e instanceof BrokenException || e instanceof EndOfStreamException;
    }

    private static boolean isAll(Throwable failure, Predicate<Throwable> kind) {
        return GroupException.leaves(failure).stream().allMatch(kind);
    }

    private void become(State next) {
        state = next;
        onState.accept(next);
    }

    @Override
    public String toString() {
        return "Reconnecting[" + state + "]";
    }
}
