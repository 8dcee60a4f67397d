package dev.heddle.http.internal.client.connection;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.internal.sight.Kernel;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sending of a request body that goes on while its reply is read: {@code ClientRequest.duplex}. Its task is the
 * loop's, for the reply may outlive the task that has sent the request.
 *
 * <pre>
 *   SENDING ──the whole body is sent, or the server takes no more──▶ over
 *      ├──the writer fails──▶ over: the exchange is cut, who reads the reply gets the failure
 *      └──a refusal, or the reply is closed──▶ cancelled ──▶ over
 * </pre>
 *
 * <p>Until the head of the reply is there it belongs to the task that waits for that; then to the body of the reply.
 */
final class DuplexUpload {

    private final CallContext call;
    private final RequestHop hop;
    private final Task<Void> task;
    private boolean over;
    private boolean givenUp;
    private @Nullable Throwable failure;
    private boolean isTold;

    /** The wait for the head, which a failure of the writer ends; null before and after it. */
    private @Nullable CancelScope awaitingHead;

    /** Whose request this is, once it is there. */
    private @Nullable StreamedReplyBody body;

    private DuplexUpload(CallContext call, RequestHop hop, Action send) {
        this.call = call;
        this.hop = hop;
        this.task = Kernel.get().spawnService(call.loop().loop(), "request body of " + hop, () -> send(send));
    }

    /**
     * Begins to send, and waits for the answer. If that is a refusal, the rest of the body stays unsent, and its writer
     * has ended.
     *
     * <p>Cancellation: in a cancelled call, as in one that fails, the writer has ended.
     *
     * @param send sends the body
     * @param answer waits for the head of the real response and gives its status
     * @param refused what to do before the sending is cancelled
     * @return what still goes on; null if nothing does
     * @throws TaskFailedException if the writer of the body throws a checked exception
     */
    static @Nullable DuplexUpload run(
            CallContext call, RequestHop hop, Action send, IntSupplier answer, Runnable refused) {
        call.deadline().enter(Phase.SEND);
        var upload = new DuplexUpload(call, hop, send);
        boolean welcome = false;
        try {
            int status = upload.awaitAnswer(answer);
            welcome = status < 300;
            if (!welcome && !upload.over) {
                refused.run();
            }
        } finally {
            if (!welcome) {
                upload.giveUp("its answer is no success");
                Heddle.shield(() -> {
                    upload.task.awaitOutcome();
                });
            }
        }
        upload.throwIfFailed();
        return upload.over ? null : upload;
    }

    private int awaitAnswer(IntSupplier answer) {
        Optional<Integer> status = CancelScope.open(scope -> {
            awaitingHead = scope;
            try {
                throwIfFailed();
                return answer.getAsInt();
            } catch (BadReplyException | BrokenException e) {
                // The server may have ended for want of the body.
                throwIfFailed();
                throw e;
            } finally {
                awaitingHead = null;
            }
        });
        throwIfFailed();
        return status.orElseThrow();
    }

    // ---- its own task ----

    private void send(Action send) throws Exception {
        try {
            sendAll(send);
        } catch (Exception | Error e) {
            // The exchange tells it, however late that is read. If it was given up, what the writer read from went with it.
            boolean isOfExchange = e instanceof HeddleException && !(e instanceof CancelledException);
            if (!isTold && !isOfExchange) {
                throw e;
            }
        }
    }

    private void sendAll(Action send) throws Exception {
        try {
            if (givenUp) {
                return;
            }
            call.deadline().forBody(hop, send);
        } catch (Exception | Error e) {
            if (!givenUp) {
                failed(e);
            }
            throw e;
        } finally {
            over = true;
            if (body != null) {
                // Which may wait, so that the failure can be told before this has ended.
                body.uploaded();
            }
        }
    }

    private void failed(Throwable e) {
        failure = e instanceof HeddleException named ? ClientErrors.namedOnce(hop, named) : e;
        if (awaitingHead != null) {
            awaitingHead.cancel("the request body failed");
        }
    }

    // ---- for the reply ----

    /** Says whose request it is. */
    void belongsTo(StreamedReplyBody reply) {
        body = reply;
    }

    /** Whether nothing more is sent. */
    boolean isOver() {
        return over;
    }

    /** Whether it is over because the writer has failed. */
    boolean hasFailed() {
        return failure != null;
    }

    /** Sends no more. Never waits. */
    void giveUp(String why) {
        givenUp |= !over;
        task.cancel(why);
    }

    /** Waits until nothing more is sent; a cancelled call may be made again. */
    void awaitOver() {
        task.awaitOutcome();
    }

    /** Throws what the writer has failed with, which is then known to somebody. */
    void throwIfFailed() {
        if (failure != null) {
            isTold = true;
            Optional<Throwable> _ = task.failure();
            throw failure instanceof RuntimeException known
                    ? known
                    : ClientErrors.about(hop, BodyUpload.notWritten(failure));
        }
    }
}
