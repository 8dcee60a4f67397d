package dev.heddle.cluster.internal.pool;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.cluster.internal.wire.AnswerHead.End;
import dev.heddle.cluster.internal.wire.BodyHead;
import dev.heddle.cluster.internal.wire.Message;
import dev.heddle.process.RemotePool;
import dev.heddle.process.WorkerDiedException;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Encoded;
import dev.heddle.process.internal.codec.FailureParcel;
import dev.heddle.process.internal.codec.MessageKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/**
 * The doer of a node's bodies, its own and those of others: in the processes of this machine.
 *
 * <p>Confined to the loop of the node; each body has a task.
 */
final class BodyWorker {

    private final String node;
    private final RemotePool processes;
    private final int workers;
    private final Codec codec;
    private final List<String> formats;

    /** Bodies that it has. */
    private int load;

    BodyWorker(String node, RemotePool processes, int workers, Codec codec) {
        this.node = node;
        this.processes = processes;
        this.workers = workers;
        this.codec = codec;
        this.formats = codec.formatClasses().stream().map(Class::getName).toList();
    }

    int workers() {
        return workers;
    }

    int load() {
        return load;
    }

    /**
     * Does a body.
     *
     * <p>Cancellation: a cancelled call has interrupted the body, and killed its process after the grace time.
     *
     * @throws RejectedExecutionException if the processes are shut down: it has not begun
     */
    BodyAnswer work(BodyHead head, Encoded work) {
        load++;
        try {
            Optional<BodyAnswer> answer = CancelScope.open(scope -> {
                if (head.deadlineNanos() != BodyHead.NEVER) {
                    scope.deadlineAfter(Duration.ofNanos(head.deadlineNanos()));
                }
                BodyAnswer ended = call(work, head.attempt());
                // What a stopped one throws is its answer to that.
                return scope.isCancelled() && ended.end() != End.RESULT
                        ? new BodyAnswer(End.GIVEN_UP, Message.NOTHING)
                        : ended;
            });
            return answer.orElseGet(() -> new BodyAnswer(End.GIVEN_UP, Message.NOTHING));
        } finally {
            load--;
        }
    }

    private BodyAnswer call(Encoded work, int attempt) {
        int maxBytes = codec.maxBytes();
        List<String> names = formats;
        String here = node;
        try {
            List<Object> answer = processes.call(() -> Relay.run(work, here, attempt, maxBytes, names));
            return new BodyAnswer(end(MessageKind.valueOf((String) answer.getFirst())), (byte[]) answer.getLast());
        } catch (CancelledException e) {
            throw e;
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
