package dev.heddle.http.internal.client.connection;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.net.ConnectFailedException;
import java.io.OutputStream;
import java.util.function.IntSupplier;

/**
 * The sending of a request body in a task of its own while the request's task listens: a server that refuses a large
 * body may say so and read no more of it, and one that answers while it reads must not wait for us.
 */
final class BodyUpload {

    private BodyUpload() {}

    /**
     * Sends all and waits for the answer. If that is a refusal, the rest of the body stays unsent.
     *
     * @param send sends the body
     * @param answer waits for the head of the real response and gives its status
     * @param refused what to do before the sending is cancelled
     * @throws TaskFailedException if the writer of the body throws a checked exception
     */
    static void run(CallContext call, Action send, IntSupplier answer, Runnable refused) {
        call.deadline().enter(Phase.SEND);
        try {
            Heddle.group(group -> {
                Task<Void> sending = group.spawn("request body", send);
                int status = answer.getAsInt();
                if (!sending.isDone() && status >= 300) {
                    refused.run();
                    sending.cancel("the server answered " + status);
                }
            });
        } catch (GroupException e) {
            throw first(e);
        }
    }

    /**
     * Has a writer write. If it fails with what requests fail with too, that is told as the failure of a body: nobody
     * shall take it for one of this request, and send it again or wait for an answer.
     */
    static void write(ClientBody.Written body, OutputStream out) throws Exception {
        try {
            body.writer().writeTo(out);
        } catch (HeddleException e) {
            if (GroupException.leaves(e).stream().noneMatch(BodyUpload::isOfRequests)) {
                throw e;
            }
            throw new TaskFailedException("the request body could not be written: " + e.getMessage(), e);
        }
    }

    private static boolean isOfRequests(Throwable failure) {
        return failure instanceof BrokenException
                || failure instanceof BadReplyException
                || failure instanceof ConnectFailedException
                || failure instanceof DeadlineExceededException;
    }

    /** The failure that came first, which is the cause of the others. */
    private static RuntimeException first(GroupException e) {
        return switch (e.failures().getFirst()) {
            case RuntimeException failure -> failure;
            case Throwable failure -> notWritten(failure);
        };
    }

    static TaskFailedException notWritten(Throwable failure) {
        return new TaskFailedException("the request body could not be written: " + failure, failure);
    }
}
