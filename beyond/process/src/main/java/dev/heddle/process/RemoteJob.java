package dev.heddle.process;

import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.WaitHints;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Relayed;
import dev.heddle.process.internal.codec.Work;
import dev.heddle.process.internal.work.BodyFuture;
import dev.heddle.process.internal.work.Marshaller;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work for a child, and its future.
 *
 * <p>Threads: any, but what is said to be the loop's.
 *
 * @param <T> the result
 */
class RemoteJob<T extends @Nullable Object> extends BodyFuture<T> {

    /** Longer ones wait for their turn: what a child has early must fit into the socket. */
    private static final int LIGHT_BYTES = 2048;

    /** Whose workers do it; null if a child does it that has no other. */
    private final @Nullable WorkerProcesses pool;

    /** The body, for people. */
    private final Supplier<String> name;

    private final MessageKind kind;

    // ---- behind the lock of its queue ----

    /** When it was queued, and when a child got it; the last time. */
    long queuedNanos;

    long givenNanos;

    // ---- the loop's ----

    /** How often it may still be tried. */
    int attempts;

    /** The child that has it; null before and after. */
    @Nullable JobPipeline holder;

    /** By which the child knows it. */
    long number;

    /** Whether the child was told to stop it. */
    boolean told;

    /** One of a child that has no other. */
    @SuppressWarnings({"unchecked", "NullAway"}) // a body may give null where its type lets it
    RemoteJob(Output work, Marshaller marshaller, int attempts) {
        this(Work.class, work, marshaller, null, attempts, given -> (T) given);
    }

    /**
     * @param body its class, for people
     * @param attempts how often it may be tried, each time with another child, if children die
     * @param result the result, of what the child has given
     */
    RemoteJob(
            Class<?> body, Output work, Marshaller marshaller, @Nullable WorkerProcesses pool, int attempts,
            Function<@Nullable Object, T> result) {
        this(() -> nameOf(body), MessageKind.WORK, work, marshaller, pool, attempts, result);
    }

    /** One whose answer is passed on as it comes. */
    @SuppressWarnings({"unchecked", "NullAway"}) // nobody decodes it
    RemoteJob(Relayed relayed, Marshaller marshaller, @Nullable WorkerProcesses pool, int attempts) {
        this(relayed::name, MessageKind.RELAY, relayed.encode(marshaller.codec().maxBytes()), marshaller, pool,
                attempts,
                given -> (T) given);
    }

    private RemoteJob(
            Supplier<String> name, MessageKind kind, Output work, Marshaller marshaller,
            @Nullable WorkerProcesses pool, int attempts, Function<@Nullable Object, T> result) {
        super(work, marshaller, result);
        this.name = name;
        this.kind = kind;
        this.pool = pool;
        this.attempts = attempts;
    }

    // A lambda's class has its maker's name in front: com.acme.Shop$$Lambda/0x1234.
    private static String nameOf(Class<?> body) {
        String type = body.getName().replaceFirst("\\$\\$Lambda.*", "");
        return "a body of " + type.substring(type.lastIndexOf('.') + 1);
    }

    /** What it is to a child. */
    MessageKind kind() {
        return kind;
    }

    boolean isLight() {
        return work().size() <= LIGHT_BYTES;
    }

    @Override
    protected void unwanted(boolean hurry) {
        if (pool != null) {
            pool.unwanted(this, hurry);
        }
    }

    @Override
    public boolean takeBack() {
        return pool != null && pool.takeBack(this);
    }

    @Override
    protected void doHere() {
        MemoryDirectory.letGo();
        if (kind == MessageKind.RELAY) {
            relayHere();
        } else {
            super.doHere();
        }
    }

    @Override
    public String toString() {
        return "a body for a child process" + (isDone() ? ", " + (isCancelled() ? "cancelled" : "ended") : "");
    }

    /** The child that has it; 0 for none. Any thread. */
    private long process() {
        JobPipeline mine = holder;
        return mine == null ? 0 : mine.pid();
    }

    /** It as one whose turn it is. Behind the lock of its queue. */
    PartDetail.Holder asHolder(long now) {
        String who = name.get();
        long process = process();
        return new PartDetail.Holder(process == 0 ? who + ", not begun" : who, process, now - givenNanos, null);
    }

    @Override
    protected Object waitedFor() {
        return new InChild();
    }

    /** What its caller waits for. Says the process only while one has it, whichever that is. */
    private final class InChild implements WaitHints {

        @Override
        public long process() {
            return RemoteJob.this.process();
        }

        @Override
        public String toString() {
            long process = process();
            return "a body in a child process" + (process == 0 ? ", not begun" : " (" + process + ")");
        }
    }
}
