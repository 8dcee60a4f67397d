package dev.heddle.http.client;

import java.time.Duration;

/**
 * A listener of what the requests of a client do, step by step: for measures and traces. Implement the steps of
 * interest.
 *
 * <pre>
 *   began ─▶ queued ─▶ connecting ─▶ connected ─▶ tlsStarted ─▶ tlsAgreed ─▶ headSent ─▶ bodySent ─▶ firstByte ─▶ answered ─▶ ended
 *              ▲          (only for a new connection; TLS only for https)                                           │
 *              └── redirected, retrying ◀───────────────────────────────────────────────────────────────────────────┘
 *   failed: instead of answered and ended; out of an {@link HttpCache}: began ─▶ ended ─▶ answered
 * </pre>
 *
 * <p>The body of a {@linkplain ClientRequest#duplex() duplex} request may be sent last of all.
 *
 * <p>The time of a step is when it is told: take {@code Heddle.currentLoop().nanoTime()}. A tracer must not wait. One
 * that throws is logged and told nothing more.
 *
 * <p>Threads: the task that sends, and for a streamed body the one that writes it; tasks of all loops at the same time.
 */
public interface RequestTracer {

    /**
     * Which request it is.
     *
     * @param id one for each call of {@link ClientRequest#send()} in this client, from 1
     * @param method its method
     * @param url its first URL without the query, where secrets live
     */
    record Traced(long id, String method, String url) {}

    /** {@link ClientRequest#send()} was called. */
    default void began(Traced request) {}

    /** It asks for a connection, and waits if there are as many as there may be. */
    default void queued(Traced request) {}

    /** A new connection is made: the name is looked up, then connected to. */
    default void connecting(Traced request, String host, int port) {}

    /** The new connection is there, to the server or its proxy. */
    default void connected(Traced request) {}

    /** TLS begins. */
    default void tlsStarted(Traced request) {}

    /** TLS is agreed on. */
    default void tlsAgreed(Traced request) {}

    /** The head of the request has been handed to the system; a small body goes with it. */
    default void headSent(Traced request) {}

    /** The body, if any, has been handed to the system as a whole. */
    default void bodySent(Traced request) {}

    /** The first byte of an answer has come, maybe of an interim one. */
    default void firstByte(Traced request, boolean connectionReused) {}

    /** A redirect is followed to this URL, without its query. */
    default void redirected(Traced request, String url) {}

    /** It is tried again after this wait: the first, second retry and so on. */
    default void retrying(Traced request, int retry, Duration wait) {}

    /** {@link ClientRequest#send()} gives a reply. */
    default void answered(Traced request, int status) {}

    /**
     * The body of an answer was read to its end, or given up before; those of redirects and retries too. A small one
     * before answered.
     */
    default void ended(Traced request, int status, boolean whole) {}

    /** {@link ClientRequest#send()} throws. */
    default void failed(Traced request, Throwable failure) {}
}
