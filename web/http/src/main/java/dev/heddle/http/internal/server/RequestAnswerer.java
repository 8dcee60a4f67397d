package dev.heddle.http.internal.server;

import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.RequestHead;
import org.jspecify.annotations.Nullable;

/** The answerer of the requests that connections read, whatever the protocol. Threads: all loops that serve. */
public interface RequestAnswerer {

    /**
     * Answers a request in the calling task.
     *
     * @throws ClosedException if the peer went away while its body was read
     * @throws CancelledException if the handler was cancelled
     */
    ServerResponse answer(RequestHead head, RequestSource source);

    /** The response for an exception that names its status; its body is in memory. */
    ServerResponse error(StatusException told);

    /** The status that the failure of a handler stands for; null for none. */
    @Nullable StatusException statusOf(Throwable failure);

    /** What a handler has begun has failed, and the peer hears no more of it than a status or a cut. */
    void failed(RequestHead head, Throwable failure);
}
