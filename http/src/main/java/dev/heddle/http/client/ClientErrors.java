package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.TaskFailedException;
import dev.heddle.http.BadReplyException;
import dev.heddle.io.TlsException;
import dev.heddle.io.TruncatedException;
import dev.heddle.net.ConnectFailedException;
import java.io.OutputStream;

/** The failures of a client's requests: each says which request it was, so that one line of a log is enough. */
final class ClientErrors {

    private ClientErrors() {}

    /** The failure of an upload that came first, which is the cause of the others. */
    static RuntimeException first(GroupException e) {
        return switch (e.failures().getFirst()) {
            case RuntimeException failure -> failure;
            case Throwable failure ->
                new TaskFailedException("the request body could not be written: " + failure, failure);
        };
    }

    /**
     * Has a writer write. If it fails with what requests fail with too, that is told as the failure of a body: nobody shall take it for
     * one of this request, and send it again or wait for an answer.
     */
    static void write(ClientBody.Written body, OutputStream out) throws Exception {
        try {
            body.writer().writeTo(out);
        } catch (BrokenException | BadReplyException | ConnectFailedException | DeadlineExceededException e) {
            throw new TaskFailedException("the request body could not be written: " + e.getMessage(), e);
        }
    }

    /** The same kind of failure with the request's name before its message. */
    static RuntimeException named(Object what, RuntimeException e) {
        String message = what + ": " + e.getMessage();
        return switch (e) {
            case BadReplyException bad -> new BadReplyException(message, bad);
            case TruncatedException truncated -> new TruncatedException(message, truncated);
            case TlsException tls -> new TlsException(message, tls);
            case BrokenException broken -> new BrokenException(message, broken);
            default -> e;
        };
    }
}
