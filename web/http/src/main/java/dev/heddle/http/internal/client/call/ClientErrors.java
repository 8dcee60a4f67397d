package dev.heddle.http.internal.client.call;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.HeddleException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.DigestMismatchException;
import dev.heddle.http.client.FailedRequest;
import dev.heddle.io.TlsException;
import dev.heddle.io.TruncatedException;

/** The failures of a client's requests: each says which request it was, so that one line of a log is enough. */
public final class ClientErrors {

    private ClientErrors() {}

    /**
     * A failure, said of a request. Of kinds that a connection tells all who use it, each gets one of their own. A cancel
     * stays what it is, and a failure that has another subject and is nobody else's keeps it.
     */
    public static HeddleException named(Object what, HeddleException e) {
        HeddleException named = copy(e, String.valueOf(e.getMessage()));
        return named == e && (e instanceof CancelledException || e.subject().isPresent()) ? e : about(what, named);
    }

    /** The same where the failure may have its request already, and that may be one further on. */
    public static HeddleException namedOnce(Object what, HeddleException e) {
        return e.subject().isPresent() ? e : named(what, e);
    }

    /** The same failure for the next one who hears of it, with a stack of its own where that can be. */
    public static HeddleException again(HeddleException e) {
        HeddleException again = copy(e, e.detail());
        if (again != e) {
            e.subject().ifPresent(again::initSubject);
        }
        return again;
    }

    private static HeddleException copy(HeddleException e, String reason) {
        return switch (e) {
            case DigestMismatchException mismatch -> mismatch;
            case BadReplyException bad -> new BadReplyException(reason, bad);
            case TruncatedException truncated -> new TruncatedException(reason, truncated);
            case TlsException tls -> new TlsException(reason, tls.isUntrusted(), tls.isRefused(), tls);
            case BrokenException broken when broken.getClass() == BrokenException.class ->
                new BrokenException(reason, broken);
            default -> e;
        };
    }

    /** The failure of who reads a reply that he has closed. */
    public static ClosedException closed(Object what) {
        return about(what, new ClosedException("the reply is closed"));
    }

    /** The failure of who reads a second time what is kept nowhere. */
    public static ClosedException read(Object what) {
        return about(what, new ClosedException("the reply was read already; keep what the first call has given"));
    }

    /**
     * Says of which request a failure is.
     *
     * @param what a request, or its name
     */
    public static <E extends HeddleException> E about(Object what, E failure) {
        failure.initSubject(switch (what) {
            case RequestHop hop -> hop.failed();
            case FailedRequest request -> request;
            default -> what.toString();
        });
        return failure;
    }
}
