package dev.heddle.http;

import dev.heddle.BrokenException;
import dev.heddle.GroupException;
import dev.heddle.TaskFailedException;
import dev.heddle.net.TlsException;
import dev.heddle.net.TruncatedException;

/** Says in each failure which request it was, so that one line of a log is enough. */
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
