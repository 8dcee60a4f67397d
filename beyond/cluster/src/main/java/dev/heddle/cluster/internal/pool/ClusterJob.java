package dev.heddle.cluster.internal.pool;

import dev.heddle.CancelScope;
import dev.heddle.Handle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.cluster.internal.wire.BodyHead;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.work.BodyFuture;
import dev.heddle.process.internal.work.Marshaller;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A body for some node, and its future.
 *
 * <p>Threads: any, but what is said to be the loop's.
 *
 * @param <T> the result
 */
public final class ClusterJob<T extends @Nullable Object> extends BodyFuture<T> {

    /** It is in the first piece of a message. */
    private static final int MAX_NAME = 200;

    /** Names of classes of bodies, of which there are few for many bodies. */
    private static final ClassValue<String> NAMES = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> body) {
            String type = body.getName().replaceFirst("\\$\\$Lambda.*", "");
            String simple = type.substring(type.lastIndexOf('.') + 1);
            return "a body of " + simple.substring(0, Math.min(simple.length(), MAX_NAME));
        }
    };

    private final Dispatcher dispatcher;

    /** Its class, for people. */
    final String name;

    final Placement placement;

    /** How often it may be tried in all. */
    final int attempts;

    /** When its caller gives it up, by the clock of the loop; {@link BodyHead#NEVER} for never. */
    private volatile long deadlineNanos = BodyHead.NEVER;

    /** Whether it has left its pool. */
    final AtomicBoolean left = new AtomicBoolean();

    // ---- the loop's ----

    /** The number of the try, from 1. */
    int attempt = 1;

    /** Who has it now. */
    @Nullable NodeSession holder;

    /** By which the holder knows it. */
    long number;

    boolean told;

    /** What its holder has ended it by, until its caller hears of his deadline himself. */
    @Nullable InterruptedException held;

    /** Ends the wait for that. */
    @Nullable Handle patience;

    /** Whether the holder had more than a few already, so that it may give it back at any time. */
    boolean extra;

    private volatile String where = "";

    /**
     * @param body its class, for people
     * @param attempts how often it may be tried in all
     * @param result the result, of what the process has given
     */
    public ClusterJob(
            Dispatcher dispatcher, Class<?> body, Output work, Marshaller marshaller, Placement placement, int attempts,
            Function<@Nullable Object, T> result) {
        super(work, marshaller, result);
        this.dispatcher = dispatcher;
        this.name = NAMES.get(body);
        this.placement = placement;
        this.attempts = attempts;
    }

    /** The deadline of the caller is that of the body, which travels with it. */
    @Override
    public void awaited() {
        super.awaited();
        if (Task.ofThread(Thread.currentThread()).isPresent()) {
            Loop loop = dispatcher.loop();
            CancelScope.current().remaining()
                    .ifPresent(left -> deadlineNanos = loop.nanoTime() + left.toNanos());
        }
    }

    /** How much time is left for it. */
    long leftNanos() {
        long at = deadlineNanos;
        return at == BodyHead.NEVER ? at : Math.max(0, at - dispatcher.loop().nanoTime());
    }

    void heldBy(@Nullable NodeSession session) {
        holder = session;
        where = session == null ? "" : session.node();
    }

    @Override
    protected void unwanted(boolean hurry) {
        dispatcher.unwanted(this, hurry);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // for reports: what is waited for
    protected Object waitedFor() {
        return this;
    }

    @Override
    public String toString() {
        String node = where;
        return "a body in the cluster" + (node.isEmpty() ? ", not begun" : ", on " + node);
    }
}
