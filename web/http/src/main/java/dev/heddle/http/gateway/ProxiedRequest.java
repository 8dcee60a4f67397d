package dev.heddle.http.gateway;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.TaskFailedException;
import dev.heddle.http.BadReplyException;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.ProxyException;
import dev.heddle.http.client.Reply;
import dev.heddle.http.internal.syntax.HttpMethod;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.io.TlsException;
import dev.heddle.net.AddressRefusedException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.sync.CircuitOpenException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a gateway. Owned by the task of its handler; its {@link ProxiedBody} goes up in a task
 * of the client's, also while the response comes down.
 *
 * <pre>
 *   choose ──▶ place ──▶ breaker ──▶ send ──▶ head ──▶ body ──▶ rest of the request's ──▶ place given back
 *     ▲          │ busy    │ open     │ failed
 *     └──────────┴─────────┴──────────┴──▶ 502, 503 or 504, if there is no other upstream or no other try
 * </pre>
 */
final class ProxiedRequest {

    private static final Duration SOON = Duration.ofSeconds(1);

    /** How often a request asks again whether an upstream whose breaker is open works, with a pause between. */
    private static final int LAST_RESORTS = 5;

    private static final Duration RESORT_PAUSE = Duration.ofMillis(50);

    private final Proxying gateway;
    private final Request request;
    private final String target;
    private final Headers fields;
    private final ProxiedBody body;
    private final boolean isSocket;

    /** The request to the upstream that was tried last. */
    private @Nullable ClientRequest outgoing;

    /** What the upstream has answered, once it has. */
    private @Nullable Response answer;

    ProxiedRequest(Proxying gateway, Request request, String target, Headers fields) {
        this.gateway = gateway;
        this.request = request;
        this.target = target;
        this.fields = fields;
        this.body = new ProxiedBody(request, gateway.timeouts().read());
        this.isSocket = ProxiedSocket.isAskedFor(request);
    }

    Response answer() {
        return body.whileClientIsThere(this::tryUpstreams).orElseThrow(
                // Read by nobody but an access log, where the number is known from nginx.
                () -> new StatusException(499, "the client has gone"));
    }

    private Response tryUpstreams() {
        var tried = new HashSet<Upstream>();
        var leftAlone = new HashSet<Upstream>();
        int resorts = 0;
        int sent = 0;
        HeddleException failure = null;
        Duration again = null;
        while (true) {
            Upstream upstream = gateway.upstreams().choose(tried);
            if (upstream == null && resorts < LAST_RESORTS && gateway.upstreams().endPauses(leftAlone)) {
                if (resorts++ > 0) {
                    // Others are trying them.
                    Heddle.sleep(RESORT_PAUSE);
                }
                tried.removeAll(leftAlone);
                leftAlone.clear();
                continue;
            }
            if (upstream == null) {
                throw failure == null ? busy(again) : failed(failure);
            }
            tried.add(upstream);
            boolean isLeftAlone = upstream.isLeftAlone();
            if (!(isLeftAlone ? upstream.places.tryEnter() : upstream.places.enter())) {
                if (!isLeftAlone) {
                    upstream.wasFull();
                }
                again = sooner(again, SOON);
                continue;
            }
            if (gateway.upstreams().isAvoided(upstream, tried)) {
                // It has become so while this waited in its line.
                upstream.places.leave();
                again = sooner(again, SOON);
                continue;
            }
            boolean answered = false;
            try {
                // What no server has got is no more load for any than it would have been at first.
                if (sent > 0 && outgoing != null && outgoing.isSent() && !gateway.budget().tryTake()) {
                    throw failed(failure);
                }
                Response response = send(upstream);
                answered = true;
                return response;
            } catch (CircuitOpenException open) {
                again = sooner(again, open.retryAfter());
                leftAlone.add(upstream);
            } catch (ClosedException e) {
                if (body.failure() != null) {
                    throw e;
                }
                throw new StatusException(503, "this gateway is closing");
            } catch (HeddleException e) {
                if (!GroupException.leaves(e).stream().allMatch(ProxiedRequest::isLossOfUpstream)) {
                    throw e;
                }
                sent++;
                upstream.failures.incrementAndGet();
                GatewayLog.failed(upstream, e);
                failure = e;
                if (sent > gateway.retries() || !mayRepeat(e)) {
                    throw failed(e);
                }
            } finally {
                if (!answered) {
                    upstream.places.leave();
                }
            }
        }
    }

    /** Whether a failure is one of the server asked, and not of its client. */
    static boolean isOfUpstream(Exception failure) {
        return isLossOfUpstream(failure)
                || (failure instanceof StatusException e && e.status() >= 502 && e.status() <= 504);
    }

    private static boolean isLossOfUpstream(Throwable failure) {
        return switch (failure) {
            case ConnectFailedException e -> true;
            case BrokenException e -> true;
            case BadReplyException e -> true;
            case ProxyException e -> true;
            case AddressRefusedException e -> true;
            case DeadlineExceededException e -> true;
            default -> false;
        };
    }

    private boolean mayRepeat(HeddleException e) {
        if (isSocket) {
            return GroupException.leaves(e).stream().allMatch(ConnectFailedException.class::isInstance);
        }
        ClientRequest asked = outgoing;
        if (body.hasBegun()) {
            return false;
        }
        if (asked == null || !asked.isSent()) {
            return true;
        }
        // Who is silent may be at work on it, and a second would be too.
        boolean silent = GroupException.leaves(e).stream().anyMatch(DeadlineExceededException.class::isInstance);
        return !silent && !body.exists() && HttpMethod.isIdempotent(request.method());
    }

    /** Has a place, which is given back when the response is over. */
    private Response send(Upstream upstream) {
        answer = null;
        try {
            upstream.breaker.run(() -> {
                Response given = sendNow(upstream);
                answer = given;
                if (given.status() >= 502 && given.status() <= 504) {
                    throw new StatusException(given.status(), upstream + " answers " + given.status());
                }
            });
        } catch (StatusException e) {
            if (answer == null) {
                throw e;
            }
        }
        return Objects.requireNonNull(answer);
    }

    private Response sendNow(Upstream upstream) {
        upstream.requests.incrementAndGet();
        if (isSocket) {
            return ProxiedSocket.open(gateway, request, upstream, target, fields);
        }
        Reply reply;
        try {
            ClientRequest asking = outgoing(upstream);
            outgoing = asking;
            reply = asking.send();
        } catch (TaskFailedException e) {
            // The client's body could not be read, and that is said as it is said without a gateway.
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        boolean answered = false;
        try {
            Response response = new ProxiedReply(upstream, reply, body).response();
            answered = true;
            return response;
        } finally {
            if (!answered) {
                reply.close();
            }
        }
    }

    private ClientRequest outgoing(Upstream upstream) {
        ClientRequest outgoing;
        try {
            outgoing = gateway.http().request(request.method(), upstream.url + target);
        } catch (IllegalArgumentException e) {
            throw new StatusException(400, "this target is not passed on");
        }
        outgoing.headers(fields).withoutDefaultHeaders().decodeBodies(false).followRedirects(false)
                .timeouts(gateway.timeouts());
        if (PassedHead.wantsTrailers(request.headers())) {
            outgoing.acceptTrailers();
        }
        outgoing.onInterim(this::passInterim);
        body.goWith(outgoing);
        return outgoing;
    }

    /** Half a head cannot be taken back, so this is not cut off; the server bounds how long its client takes. */
    private void passInterim(int status, Headers told) {
        try {
            Heddle.shield(() -> request.sendInterim(status, told.endToEnd().without("Host")));
        } catch (BrokenException | ClosedException gone) {
            // Whoever watches the client ends the request.
        }
    }

    private static Duration sooner(@Nullable Duration known, Duration other) {
        Duration wait = other.compareTo(SOON) < 0 ? SOON : other;
        return known == null || wait.compareTo(known) < 0 ? wait : known;
    }

    private static StatusException busy(@Nullable Duration again) {
        Duration wait = again == null ? SOON : again;
        long seconds = Math.ceilDiv(wait.toNanos(), TimeUnit.SECONDS.toNanos(1));
        return new StatusException(503, "no server behind this gateway is free",
                Headers.of("Retry-After", Long.toString(seconds),
                        "Proxy-Status", "heddle; error=connection_limit_reached"));
    }

    /** The status of a failure, and its name as RFC 9209, section 2.3, has it. */
    static StatusException failed(@Nullable HeddleException failure) {
        return switch (failure == null ? null : GroupException.leaves(failure).getFirst()) {
            case ConnectFailedException e when e.phase() == ConnectFailedException.Phase.RESOLVE ->
                problem(502, "dns_error", "the name of the server behind this gateway is not known");
            case ConnectFailedException e ->
                problem(502, "destination_unavailable", "the server behind this gateway cannot be reached");
            case AddressRefusedException e ->
                problem(502, "destination_ip_prohibited", "this gateway must not ask the server behind it");
            case TlsException e ->
                problem(502, "tls_protocol_error", "the server behind this gateway agrees on no TLS");
            case BadReplyException e ->
                problem(502, "http_protocol_error", "the server behind this gateway gave an invalid response");
            case DeadlineExceededException e ->
                problem(504, "http_response_timeout", "the server behind this gateway did not answer in time");
            case null, default ->
                problem(502, "connection_terminated", "the server behind this gateway gave no answer");
        };
    }

    private static StatusException problem(int status, String error, String text) {
        return new StatusException(status, text, Headers.of("Proxy-Status", "heddle; error=" + error));
    }
}
