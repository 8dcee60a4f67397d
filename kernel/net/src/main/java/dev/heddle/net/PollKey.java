package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.engine.ChannelEngine;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.engine.Engine;
import dev.heddle.engine.Watch;
import dev.heddle.internal.Throwables;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The key of one channel or descriptor in a {@link Poller}: what is wanted of it, what was told of it last, and what
 * you attached.
 *
 * <pre>
 *              told                      a batch takes it
 *   quiet ───────────────▶ in the queue ─────────────────▶ quiet
 *                            │  told again and again, nobody takes it: the engine is asked to stop,
 *                            └─ and to go on when it is taken
 *   close() from both ──▶ closed: nothing is told any more
 * </pre>
 *
 * <p>Threads: tasks of the poller's loop.
 *
 * @param <A> what is attached
 */
public final class PollKey<A> implements AutoCloseable {

    private static final int ALL = Poller.READABLE | Poller.WRITABLE | Poller.EDGE;

    private final Poller<A> poller;
    private final Object watched;
    private final String name;
    private final A attachment;
    private @Nullable Watch watch;
    private int interest;

    /** What was told since the last batch that had this key. */
    private int told;

    /** What the last batch said. */
    private int readiness;

    private boolean queued;
    private boolean repeated;
    private boolean resting;

    PollKey(Poller<A> poller, Object watched, String name, A attachment) {
        this.poller = poller;
        this.watched = watched;
        this.name = name;
        this.attachment = attachment;
    }

    void open(Engine engine, int wanted) throws IOException {
        Watch opened = watched instanceof SelectableChannel channel
                ? ChannelEngine.of(engine).watch(channel, this::ready)
                : DescriptorEngine.of(engine).watch((int) watched, this::ready);
        boolean good = false;
        try {
            if (wanted != 0) {
                opened.want(wanted);
            }
            good = true;
        } finally {
            if (!good) {
                opened.close();
            }
        }
        watch = opened;
        interest = wanted;
    }

    private static final int READING = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    private static final int WRITING = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

    /** Refuses what is no interest, or none that the channel can have. */
    static void checkInterest(Object watched, int interest) {
        if ((interest & ~ALL) != 0) {
            throw new IllegalArgumentException(
                    "interest is " + interest + ", must be a sum of READABLE, WRITABLE and EDGE");
        }
        if (watched instanceof SelectableChannel channel) {
            checkHas(channel, (interest & Poller.READABLE) != 0, READING, "read from nor accepted from");
            checkHas(channel, (interest & Poller.WRITABLE) != 0, WRITING, "written to nor connected");
        }
    }

    private static void checkHas(SelectableChannel channel, boolean wanted, int operations, String words) {
        if (wanted && (channel.validOps() & operations) == 0) {
            throw new IllegalArgumentException(channel + " cannot be " + words + ", so nothing is to be waited for");
        }
    }

    /** What you attached. */
    public A attachment() {
        return attachment;
    }

    /** The channel, unless it is a bare descriptor. */
    public Optional<SelectableChannel> channel() {
        return watched instanceof SelectableChannel channel ? Optional.of(channel) : Optional.empty();
    }

    /** The descriptor, unless it is a channel. */
    public OptionalInt descriptor() {
        return watched instanceof Integer descriptor ? OptionalInt.of(descriptor) : OptionalInt.empty();
    }

    /** What is wanted: a sum of {@link Poller#READABLE}, {@link Poller#WRITABLE} and {@link Poller#EDGE}. */
    public int interest() {
        return interest;
    }

    /**
     * What the last batch that had this key says of it: a sum of {@link Poller#READABLE}, {@link Poller#WRITABLE} and
     * {@link Poller#FAILED}; 0 if no batch had it yet.
     */
    public int readiness() {
        return readiness;
    }

    /** Whether the last batch says that reading would not wait; a failure shows itself when reading. */
    public boolean isReadable() {
        return (readiness & (Poller.READABLE | Poller.FAILED)) != 0;
    }

    /** Whether the last batch says that writing would not wait; a failure shows itself when writing. */
    public boolean isWritable() {
        return (readiness & (Poller.WRITABLE | Poller.FAILED)) != 0;
    }

    /**
     * Changes what is wanted. What was told of other things is forgotten.
     *
     * @param wanted a sum of {@link Poller#READABLE}, {@link Poller#WRITABLE} and {@link Poller#EDGE}; 0 for nothing
     *     for now
     * @throws ClosedException if the key or its channel is closed
     * @throws IllegalArgumentException if it is no such sum
     * @throws BrokenException if the system refuses
     * @throws UnsupportedOperationException if the engine has no edges
     */
    public void want(int wanted) {
        checkInterest(watched, wanted);
        checkOpen();
        if (wanted == interest) {
            return;
        }
        tell(wanted);
        interest = wanted;
        resting = false;
        told &= wanted | Poller.FAILED;
        if (queued && told == 0) {
            queued = false;
            poller.dequeue(this);
        }
    }

    private void tell(int wanted) {
        Watch open = watch;
        if (open == null) {
            return;
        }
        try {
            open.want(wanted);
        } catch (IOException e) {
            throw new BrokenException(name + " cannot be watched any more: " + Throwables.describe(e), e);
        }
    }

    /** Whether neither the key nor its poller was closed. */
    public boolean isOpen() {
        return watch != null;
    }

    /**
     * Takes it out of the poller; the channel stays open. Nothing is told any more: where a batch that is being worked
     * on still has the key, its {@link #readiness} is 0. Does nothing the second time.
     */
    @Override
    public void close() {
        Watch open = watch;
        if (open == null) {
            return;
        }
        watch = null;
        readiness = 0;
        open.close();
        poller.remove(this);
        told = 0;
        if (queued) {
            queued = false;
            poller.dequeue(this);
        }
    }

    /** The engine tells something. Below the tasks. */
    private void ready(int news) {
        int known = told;
        told |= news & (interest | Poller.FAILED);
        if (told == 0 || watch == null) {
            return;
        }
        if (!queued) {
            queued = true;
            poller.enqueue(this);
        } else if (told == known && (interest & Poller.EDGE) == 0) {
            rest();
        }
    }

    /**
     * Nobody takes what is told: it would be told in each turn of the loop, which would never sleep. Once more is
     * forgiven.
     */
    private void rest() {
        if (!repeated) {
            repeated = true;
            return;
        }
        Watch open = watch;
        if (open != null && !resting) {
            try {
                open.want(0);
                resting = true;
            } catch (IOException e) {
                // Below the tasks nobody can be told; it is tried again when the engine repeats itself.
            }
        }
    }

    /** The key leaves the queue for a batch; says whether there is anything to tell. */
    boolean take() {
        queued = false;
        repeated = false;
        readiness = told;
        told = 0;
        if (resting) {
            resting = false;
            goOn();
        }
        return readiness != 0;
    }

    private void goOn() {
        try {
            tell(interest);
        } catch (BrokenException e) {
            // Such as a channel that was closed before its key.
            readiness |= Poller.FAILED;
        }
    }

    Object watched() {
        return watched;
    }

    String name() {
        return name;
    }

    private void checkOpen() {
        if (watch == null) {
            throw new ClosedException("the key of " + name + " is closed");
        }
        if (watched instanceof SelectableChannel channel && !channel.isOpen()) {
            throw new ClosedException(name + " is closed; close the key before it");
        }
    }

    @Override
    public String toString() {
        return "key of " + name + (watch == null ? ", closed" : "");
    }
}
