package dev.heddle.http.server;

import dev.heddle.GroupException;
import dev.heddle.http.StatusException;

/**
 * The handler of one route's requests.
 *
 * <p>A handler is plain blocking code. It runs in the task of its connection, one request at a time for each
 * connection; what it waits for lets other connections run.
 *
 * <p>Cancellation: the server cancels a handler when it stops and the grace time is over, or when a peer sends the body
 * too slowly. A peer that goes away does not cancel it: see {@link Request#awaitDisconnect()}.
 *
 * <p>To test code that uses a handler, start a server on port 0 and ask it; a handler itself is a function to call.
 */
@FunctionalInterface
public interface Handler {

    /**
     * Answers one request.
     *
     * @param request the request; its body may be read until the response is written, not later
     * @return the response; never null
     * @throws StatusException to answer with an error status; also in a {@link GroupException} with nothing else in it, of
     *     which a status from 500 on goes before the others, and else the first
     * @throws Exception anything else is logged and answered with 500, without details; with 503 if a deadline of the
     *     handler's own was over, with 507 if the disk has no room for what a request that is no GET or HEAD wants to have
     *     stored
     */
    Response handle(Request request) throws Exception;
}
