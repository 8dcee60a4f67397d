package dev.heddle.http.client;

import dev.heddle.Backoff;
import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.codec.EventParser;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.internal.Checks;
import dev.heddle.io.LimitExceededException;
import dev.heddle.io.TlsException;
import dev.heddle.net.ConnectFailedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a server's events that is followed over lost connections (WHATWG HTML, section 9.2).
 *
 * <pre>{@code
 * try (var quotes = EventSource.of(http.request("GET", url))) {
 *     for (ServerSentEvent quote : quotes) {
 *         show(quote.data());
 *     }
 * }
 * }</pre>
 *
 * <p>When the stream ends, is lost or silent for longer than {@link ClientTimeouts#read()}, it waits as long as the
 * server has said, 3 s without a word, and asks again with the id of the last event. Failures one after the other make
 * it wait longer, up to a minute, and too many end it. A 204 ends it in order; the loop is then over.
 *
 * <p>Cancellation: a loop that is cancelled has lost no event: those it has not seen come again after the last id, if
 * the server keeps them. Another loop goes on from there.
 *
 * <p>Threads: tasks of the client's loop, one at a time. To test code that uses it, serve
 * {@link dev.heddle.http.server.Response#events} on port 0.
 */
public final class EventSource implements Iterable<ServerSentEvent>, AutoCloseable {

    private static final Duration FIRST_RETRY = Duration.ofSeconds(3);
    private static final Duration MAX_RETRY = Duration.ofMinutes(1);
    private static final Duration NEVER = Duration.ofDays(36_500);
    private static final int MAX_FAILURES = 10;

    private final ClientRequest request;
    private int maxFailures = MAX_FAILURES;
    private Duration retry = FIRST_RETRY;
    private String lastId = "";
    private int failures;

    /** Whether this connection has given an event. */
    private boolean heard;

    private @Nullable Reply reply;
    private @Nullable EventParser parser;
    private @Nullable Iterator<ServerSentEvent> events;
    private boolean ended;
    private boolean closed;

    private EventSource(ClientRequest request) {
        this.request = request;
    }

    /**
     * Follows the events that a request gives; nothing is sent before they are asked for.
     *
     * @param request to be sent again and again, and not used otherwise from now on; its total time counts no more
     */
    public static EventSource of(ClientRequest request) {
        return new EventSource(request.header("Accept", "text/event-stream").header("Cache-Control", "no-store")
                .timeout(NEVER));
    }

    /** Gives up after so many connections in a row without an event; 10 by default. */
    public EventSource maxFailures(int count) {
        Checks.atLeast("count", count, 1);
        maxFailures = count;
        return this;
    }

    /** The id of the last event, or empty: to be kept for a later source, with {@link #from}. */
    public String lastEventId() {
        return lastId;
    }

    /** Begins behind the event with this id. */
    public EventSource from(String lastEventId) {
        lastId = lastEventId;
        return this;
    }

    /**
     * The events from now on. Its {@code hasNext} waits, and throws
     *
     * <ul>
     *   <li>{@link ReplyStatusException} if the server answers with an error that will not pass: any but 502, 503 and
     *   504
     *   <li>{@link BadReplyException} if the answer is no event stream
     *   <li>{@link ConnectFailedException}, {@link ProxyException}, {@link BrokenException}, {@link
     *       DeadlineExceededException} or {@link ReplyStatusException} if there were too many failures: the last one
     *   <li>{@link TlsException} if TLS cannot be agreed on
     *   <li>{@link LimitExceededException} if an event has more than 1 MiB
     *   <li>{@link ClosedException} after {@link #close()}
     *   <li>{@link CancelledException} if the enclosing scope is cancelled
     * </ul>
     */
    @Override
    public Iterator<ServerSentEvent> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return awaitEvent();
            }

            @Override
            public ServerSentEvent next() {
                Iterator<ServerSentEvent> current = awaitEvent() ? events : null;
                if (current == null) {
                    throw new NoSuchElementException("the server has ended the events");
                }
                ServerSentEvent event = current.next();
                lastId = event.id();
                return event;
            }
        };
    }

    /** Waits until the next event is there; false if there will be none. */
    private boolean awaitEvent() {
        while (!ended) {
            if (closed) {
                throw ClientErrors.about(request.hop(), new ClosedException("the source of events is closed"));
            }
            HeddleException failure = null;
            try {
                Iterator<ServerSentEvent> current = connected();
                if (current != null && current.hasNext()) {
                    heard = true;
                    return true;
                }
            } catch (HeddleException e) {
                // What breaks a stream of events is an error of the network, whatever its form.
                boolean begun = events != null;
                if (!GroupException.leaves(e).stream()
                        .allMatch(leaf -> mayPass(leaf) || (begun && leaf instanceof BadReplyException))) {
                    disconnect();
                    throw e;
                }
                failure = e;
            }
            if (!ended) {
                lost(failure);
            }
        }
        return false;
    }

    /** Whether another connection may do better. Who cannot be trusted now cannot be a moment later. */
    private static boolean mayPass(Throwable failure) {
        return switch (failure) {
            case TlsException untrusted -> false;
            case ReplyStatusException answer -> answer.status() >= 502 && answer.status() <= 504;
            case ConnectFailedException away -> true;
            case ProxyException behind -> behind.isOfServer();
            case BrokenException broken -> true;
            case DeadlineExceededException late -> true;
            default -> false;
        };
    }

    private @Nullable Iterator<ServerSentEvent> connected() {
        if (events == null) {
            String field = asField(lastId);
            // On a copy: an id that the server takes back must not stay.
            Reply answer = (field.isEmpty() ? request : request.copy().header("Last-Event-ID", field)).send();
            reply = answer;
            if (answer.status() == 204) {
                ended = true;
                disconnect();
                return null;
            }
            answer.expectSuccess();
            String type = answer.headers().get("Content-Type").orElse("");
            if (!type.split(";", 2)[0].strip().equalsIgnoreCase("text/event-stream")) {
                throw ClientErrors.about(request.hop(), new BadReplyException("the answer is no stream of events but "
                        + FieldSyntax.printable(type)));
            }
            parser = new EventParser(request, lastId);
            events = ReplyEvents.of(answer, parser);
        }
        return events;
    }

    /** Makes ready for the next connection, and waits for its time. */
    private void lost(@Nullable HeddleException failure) {
        EventParser last = parser;
        if (last != null) {
            Duration told = last.lastRetry();
            retry = told == null ? retry : told;
            lastId = last.lastId();
        }
        failures = heard ? 0 : failures + 1;
        disconnect();
        if (failures >= maxFailures) {
            throw failure == null
                    ? ClientErrors.about(request.hop(), new BrokenException("the stream of events ended " + failures
                            + " times without an event"))
                    : failure;
        }
        var backoff = new Backoff(retry, retry.compareTo(MAX_RETRY) > 0 ? retry : MAX_RETRY, 0);
        Heddle.sleep(backoff.bound(Math.clamp(failures, 1, MAX_FAILURES + 1)));
    }

    private void disconnect() {
        if (reply != null) {
            reply.close();
        }
        reply = null;
        events = null;
        parser = null;
        heard = false;
    }

    /** The id in UTF-8, as the specification has it; nothing if no header can carry it. */
    private static String asField(String id) {
        String field = new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        boolean sendable = field.equals(field.strip()) && field.chars().allMatch(FieldSyntax::isValueChar);
        return sendable ? field : "";
    }

    /** Ends the connection; the source is of no more use. Never waits; does nothing the second time. */
    @Override
    public void close() {
        closed = true;
        disconnect();
    }

    @Override
    public String toString() {
        return "EventSource[" + request + (closed ? ", closed]" : ended ? ", ended]" : "]");
    }
}
