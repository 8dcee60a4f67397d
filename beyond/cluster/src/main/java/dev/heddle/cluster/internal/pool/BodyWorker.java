package dev.heddle.cluster.internal.pool;

import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.cluster.internal.wire.AnswerHead.End;
import dev.heddle.cluster.internal.wire.BodyHead;
import dev.heddle.cluster.internal.wire.Message;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.WorkerDiedException;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Encoded;
import dev.heddle.process.internal.codec.FailureParcel;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Relayed;
import dev.heddle.process.internal.work.BodyFuture;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The doer of a node's bodies, its own and those of others: in the processes of this machine.
 *
 * <p>Who asks gives it a few for each worker, and more while they are short: see {@link Window}. If none ends for a
 * while, it gives back those that are more than the few and have not begun: another node may do them sooner.
 *
 * <p>A body has no task, so that many short ones cost little: its process has it, and those that have ended meanwhile
 * are told of together.
 *
 * <p>Confined to the loop of the node.
 */
final class BodyWorker {

    /** How long no body ends until those are given back that are more than a few. */
    private static final Duration SLOW = Duration.ofMillis(50);

    /**
     * How long those that have ended wait to be told of together while there are more than a few, which are short
     * then: one wake-up and one record of TLS for many.
     */
    private static final Duration TOGETHER = Duration.ofNanos(500_000);

    /** What one asker has here. */
    static final class Share {
        private int bodies;
    }

    /**
     * One body.
     *
     * <pre>
     *   under way ──its process is done with it──▶ ended
     *      │  └─stop: a cancel, its deadline, the node─▶ stopped ──with a result all the same, or without──▶ ended
     *      └────taken back────▶ ended, not begun
     * </pre>
     */
    static final class Turn {
        private final Share share;
        private final Consumer<@Nullable BodyAnswer> told;

        /** Null if no process got it. */
        private @Nullable BodyFuture<?> future;

        /** How it ends if no process got it: its time may be over before it comes. */
        private BodyAnswer without = new BodyAnswer(End.GIVEN_UP, Message.NOTHING);

        private @Nullable Handle deadline;

        /** How it ends if it has no result all the same; null if it was not stopped. */
        private @Nullable End stopped;

        private boolean back;

        private Turn(Share share, Consumer<@Nullable BodyAnswer> told) {
            this.share = share;
            this.told = told;
        }

        boolean isStopped() {
            return stopped != null;
        }

        /** Has it end soon, without an answer but a result that it still gives. */
        void stop(End how) {
            stopped = how;
            if (future != null) {
                future.giveUp();
            }
        }

        private void late() {
            if (stopped == null) {
                stop(End.GIVEN_UP);
            }
        }

        private boolean takeBack() {
            back = stopped == null && future != null && future.takeBack();
            return back;
        }
    }

    private final Loop loop = Heddle.currentLoop();
    private final String node;
    private final ProcessPool processes;
    private final int workers;
    private final Codec codec;

    /** The bodies that it has, in the order in which they came. */
    private final LinkedHashSet<Turn> turns = new LinkedHashSet<>();

    /** Those that have ended, of which nobody was told yet; any thread. */
    private final ConcurrentLinkedQueue<Turn> ended = new ConcurrentLinkedQueue<>();

    /** Whether those are looked at soon, as all the time while there are more than a few; any thread. */
    private final AtomicBoolean called = new AtomicBoolean();

    /** When the last body has ended, or the first has come. */
    private long endedNanos;

    /** Whether a look at the clock is to come. */
    private boolean alarmed;

    /** Makes it, on the loop of the calling task. */
    BodyWorker(String node, ProcessPool processes, int workers, Codec codec) {
        this.node = node;
        this.processes = processes;
        this.workers = workers;
        this.codec = codec;
    }

    int workers() {
        return workers;
    }

    int load() {
        return turns.size();
    }

    /**
     * Begins a body.
     *
     * @param told gets how it has ended, later; null if it is given back: it has not begun
     * @throws RejectedExecutionException if the processes are shut down: it has not begun
     */
    Turn begin(BodyHead head, Encoded work, Share share, Consumer<@Nullable BodyAnswer> told) {
        var turn = new Turn(share, told);
        BodyFuture<?> future = head.deadlineNanos() > 0 ? submit(turn, head, work) : null;
        if (turns.isEmpty()) {
            endedNanos = loop.nanoTime();
        }
        turns.add(turn);
        share.bodies++;
        watch();
        if (future == null) {
            end(turn);
            return turn;
        }
        turn.future = future;
        if (head.deadlineNanos() != BodyHead.NEVER) {
            turn.deadline = loop.callLater(Duration.ofNanos(head.deadlineNanos()), turn::late);
        }
        future.onEnd(() -> end(turn));
        return turn;
    }

    /** Gives it to the processes; null if they cannot take it. */
    private @Nullable BodyFuture<?> submit(Turn turn, BodyHead head, Encoded work) {
        try {
            return (BodyFuture<?>) processes.submit(
                    new Relayed(head.name(), work, codec.maxBytes(), head.attempt(), node));
        } catch (RejectedExecutionException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            turn.without = new BodyAnswer(End.FAILURE, FailureParcel.encode(codec, e));
            return null;
        }
    }

    /** Has it told of soon. Any thread. */
    private void end(Turn turn) {
        ended.add(turn);
        call();
    }

    private void call() {
        if (called.compareAndSet(false, true)) {
            try {
                loop.callFromThread(this::tell);
            } catch (IllegalStateException e) {
                // The loop has ended, and who would be told with it.
            }
        }
    }

    private void tell() {
        try {
            for (Turn turn = ended.poll(); turn != null; turn = ended.poll()) {
                tell(turn);
            }
        } finally {
            if (turns.size() > Window.few(workers)) {
                var _ = loop.callLater(TOGETHER, this::tell);
            } else {
                called.set(false);
                if (!ended.isEmpty()) {
                    call();
                }
            }
        }
    }

    private void tell(Turn turn) {
        turns.remove(turn);
        if (turn.deadline != null) {
            turn.deadline.cancel();
        }
        if (!turn.back) {
            turn.share.bodies--;
            endedNanos = loop.nanoTime();
        }
        turn.told.accept(turn.back ? null : answer(turn));
    }

    private void watch() {
        if (!alarmed && turns.size() > Window.few(workers)) {
            alarmed = true;
            var _ = loop.callLater(SLOW, this::look);
        }
    }

    private void look() {
        alarmed = false;
        if (loop.nanoTime() - endedNanos >= SLOW.toNanos()) {
            giveBack();
        }
        watch();
    }

    /** The last first: who asked puts each before the others. */
    private void giveBack() {
        for (Turn turn : List.copyOf(turns.reversed())) {
            if (turn.share.bodies > Window.few(workers) && turn.takeBack()) {
                turn.share.bodies--;
            }
        }
    }

    private BodyAnswer answer(Turn turn) {
        BodyFuture<?> future = turn.future;
        BodyAnswer answer = future == null ? turn.without : answer(future);
        End stopped = turn.stopped;
        // What a stopped one throws is its answer to that.
        return stopped == null || answer.end() == End.RESULT ? answer : new BodyAnswer(stopped, Message.NOTHING);
    }

    private BodyAnswer answer(BodyFuture<?> future) {
        Frame frame = future.frame();
        if (frame != null) {
            return new BodyAnswer(end(frame.kind()), frame.content());
        }
        return switch (future.outcome()) {
            // The processes were shut down before it began.
            case Outcome.Cancelled<?> none -> new BodyAnswer(End.GIVEN_UP, Message.NOTHING);
            case Outcome.Failure<?>(Throwable why) -> new BodyAnswer(
                    why instanceof WorkerDiedException ? End.PROCESS_DIED : End.FAILURE,
                    FailureParcel.encode(codec, why));
            case Outcome.Success<?> other -> throw new IllegalStateException("a body without an answer: " + other);
        };
    }

    private static End end(MessageKind kind) {
        return switch (kind) {
            case RESULT -> End.RESULT;
            case TOO_LONG -> End.TOO_LONG;
            case CANNOT_TRAVEL -> End.CANNOT_TRAVEL;
            default -> End.FAILURE;
        };
    }
}
