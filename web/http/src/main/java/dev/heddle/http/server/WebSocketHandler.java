package dev.heddle.http.server;

import dev.heddle.http.WebSocket;

/**
 * The handler of a WebSocket: talks with one peer over its {@link WebSocket}, from the opening handshake to the end.
 *
 * <p>A handler is plain blocking code in the task of the connection. When it returns, the server closes the socket with
 * 1000; when it throws, with 1011, and logs what it threw.
 *
 * <p>Cancellation: the server cancels a handler when it stops and the grace time is over. Before that it closes the
 * socket with 1001, so that a handler that receives sees the end by itself.
 *
 * <p>To test code that uses a handler, start a server on port 0 and connect to it with {@link
 * dev.heddle.http.client.HttpClient#webSocket}.
 */
@FunctionalInterface
public interface WebSocketHandler {

    /**
     * Talks until it has nothing more to say.
     *
     * @param request the opening handshake, as any other request; it has no body
     * @param socket open; closed after the return
     * @throws Exception anything but what the loss of the peer throws is logged
     */
    void handle(Request request, WebSocket socket) throws Exception;
}
