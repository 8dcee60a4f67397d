package dev.heddle.cluster.internal.pool;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.TaskCancelledException;
import dev.heddle.cluster.internal.wire.AnswerHead.End;
import dev.heddle.cluster.internal.wire.BodyHead;
import dev.heddle.cluster.internal.wire.Message;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.RemoteCallable;
import dev.heddle.process.WorkerDiedException;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Encoded;
import dev.heddle.process.internal.codec.FailureParcel;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.work.BodyFuture;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The doer of a node's bodies, its own and those of others: in the processes of this machine.
 *
 * <p>Who asks gives it a few for each worker, and more while they are short: see {@link Window}. If none ends for a
 * while, it gives back those that are more than the few and have not begun: another node may do them sooner.
 *
 * <p>Confined to the loop of the node; each body has a task.
 */
final class BodyWorker {

    /** How long no body ends until those are given back that are more than a few. */
    private static final Duration SLOW = Duration.ofMillis(50);

    /** What one asker has here. */
    static final class Share {
        private int bodies;
    }

    /** One body. */
    private static final class Turn {
        final Share share;
        @Nullable BodyFuture<List<Object>> future;
        boolean back;

        Turn(Share share) {
            this.share = share;
        }

        boolean takeBack() {
            back = future != null && future.takeBack();
            return back;
        }
    }

    private final Loop loop = Heddle.currentLoop();
    private final String node;
    private final ProcessPool processes;
    private final int workers;
    private final int maxQueued;
    private final Codec codec;
    private final List<String> formats;

    /** The bodies that it has, in the order in which they came. */
    private final LinkedHashSet<Turn> turns = new LinkedHashSet<>();

    /** When the last body has ended, or the first has come. */
    private long endedNanos;

    /** Whether a look at the clock is to come. */
    private boolean alarmed;

    /**
     * Makes it, on the loop of the calling task.
     *
     * @param maxQueued how many bodies the processes take beside those that they do
     */
    BodyWorker(String node, ProcessPool processes, int workers, int maxQueued, Codec codec) {
        this.node = node;
        this.processes = processes;
        this.workers = workers;
        this.maxQueued = maxQueued;
        this.codec = codec;
        this.formats = codec.formatClasses().stream().map(Class::getName).toList();
    }

    int workers() {
        return workers;
    }

    int load() {
        return turns.size();
    }

    /** Whether one that is more than a few of its asker would wait where it cannot be given back. */
    private boolean isTooMuchOf(Share share) {
        return share.bodies >= Window.few(workers) && turns.size() >= (long) workers + maxQueued;
    }

    /**
     * Does a body.
     *
     * <p>Cancellation: a cancelled call has interrupted the body, and killed its process after the grace time.
     *
     * @return null if it is given back: it has not begun
     * @throws RejectedExecutionException if the processes are shut down: it has not begun
     */
    @Nullable BodyAnswer work(BodyHead head, Encoded work, Share share) {
        if (isTooMuchOf(share)) {
            return null;
        }
        var turn = new Turn(share);
        begin(turn);
        try {
            Optional<BodyAnswer> answer = CancelScope.open(scope -> {
                if (head.deadlineNanos() != BodyHead.NEVER) {
                    scope.deadlineAfter(Duration.ofNanos(head.deadlineNanos()));
                }
                BodyAnswer ended = call(turn, work, head.attempt());
                // What a stopped one throws is its answer to that.
                return scope.isCancelled() && ended.end() != End.RESULT
                        ? new BodyAnswer(End.GIVEN_UP, Message.NOTHING)
                        : ended;
            });
            return turn.back ? null : answer.orElseGet(() -> new BodyAnswer(End.GIVEN_UP, Message.NOTHING));
        } finally {
            end(turn);
        }
    }

    private void begin(Turn turn) {
        if (turns.isEmpty()) {
            endedNanos = loop.nanoTime();
        }
        turns.add(turn);
        turn.share.bodies++;
        watch();
    }

    private void end(Turn turn) {
        turns.remove(turn);
        if (!turn.back) {
            turn.share.bodies--;
            endedNanos = loop.nanoTime();
        }
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

    private BodyAnswer call(Turn turn, Encoded work, int attempt) {
        int maxBytes = codec.maxBytes();
        List<String> names = formats;
        String here = node;
        try {
            RemoteCallable<List<Object>> relayed = () -> Relay.run(work, here, attempt, maxBytes, names);
            var future = (BodyFuture<List<Object>>) processes.submit(relayed);
            future.awaited();
            turn.future = future;
            List<Object> answer = future.join();
            return new BodyAnswer(end(MessageKind.valueOf((String) answer.getFirst())), (byte[]) answer.getLast());
        } catch (CancelledException e) {
            throw e;
        } catch (TaskCancelledException e) {
            return new BodyAnswer(End.GIVEN_UP, Message.NOTHING); // taken back
        } catch (WorkerDiedException e) {
            return new BodyAnswer(End.PROCESS_DIED, FailureParcel.encode(codec, e));
        } catch (RejectedExecutionException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            return new BodyAnswer(End.FAILURE, FailureParcel.encode(codec, e));
        }
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
