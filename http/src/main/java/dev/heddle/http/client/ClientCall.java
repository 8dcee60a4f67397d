package dev.heddle.http.client;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.client.CallDeadline.Phase;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.net.ConnectFailedException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link ClientRequest#send()}: its hops from redirect to redirect, and for each of them the tries that its answers
 * and failures ask for. Owned by the calling task.
 *
 * <pre>
 *   hop ──▶ exchange ──▶ reply
 *    ▲  ▲       │
 *    │  └───────┤  401 that can be answered, or a failure or status to retry
 *    └──────────┘  redirect
 * </pre>
 */
final class ClientCall implements CancelScope.Body<Reply> {

    /** A server may ask for credentials, and once more because its nonce is stale. */
    private static final int MAX_CHALLENGES = 2;

    private final ClientOptions options;
    private final ClientLoop here;
    private final CallOptions call;
    private final CallDeadline clock;
    private final RequestTrace trace;
    private RequestHop hop;
    private List<URI> trail = List.of();

    /** The request's own way to answer for its origin; gone for good with the first hop to another one. */
    private @Nullable Auth ownAuth;

    /** What to say to a challenge, for the next exchange of this hop. */
    private @Nullable String authorization;

    ClientCall(ClientOptions options, ClientLoop here, RequestHop hop, CallOptions call) {
        this.options = options;
        this.here = here;
        this.call = call;
        this.clock = new CallDeadline(call.timeouts());
        this.trace = options.tracers().begin(hop);
        this.hop = hop;
        this.ownAuth = call.auth();
    }

    Reply run() {
        CancelScope.throwIfCancelled();
        options.budget().requested();
        try {
            Reply first = answer();
            Reply reply = call.follow() && Redirect.isRedirect(first.status()) ? followed(first) : first;
            trace.answered(reply.status());
            return reply;
        } catch (RuntimeException | Error e) {
            trace.failed(e);
            throw e;
        }
    }

    private Reply followed(Reply first) {
        Reply reply = first;
        List<URI> passed = new ArrayList<>();
        // A server may lead back to where it has set a cookie, so with a jar only the count tells.
        Set<String> visited = options.cookies() == null ? new HashSet<>() : null;
        while (Redirect.isRedirect(reply.status())) {
            if (visited != null) {
                visited.add(hop.method() + " " + hop.url());
            }
            passed.add(hop.url().toUri());
            RequestHop next = next(reply, passed.size(), visited);
            if (!next.url().origin().equals(hop.url().origin())) {
                ownAuth = null;
            }
            hop = next;
            trail = List.copyOf(passed);
            trace.redirected(hop);
            reply = answer();
        }
        return reply;
    }

    private RequestHop next(Reply reply, int count, @Nullable Set<String> visited) {
        int most = call.limits().maxRedirects();
        try (reply) {
            if (count > most) {
                throw new RedirectException(hop + ": more than " + most + " redirects");
            }
            RequestHop next = Redirect.next(hop, reply.status(), reply.headers());
            if (visited != null && visited.contains(next.method() + " " + next.url())) {
                throw new RedirectException(hop + ": the redirects lead in a circle, back to " + next.url().forLog());
            }
            return next;
        }
    }

    // ---- one hop ----

    /** The answer of this hop after as many tries as the policy allows. */
    private Reply answer() {
        Retries retries = new Retries(call.retries(), options.budget(), hop);
        while (true) {
            Duration wait;
            try {
                Reply reply = authorized();
                wait = retries.after(reply, clock);
                if (wait == null) {
                    return reply;
                }
                reply.close();
            } catch (ConnectFailedException | BrokenException | DeadlineExceededException e) {
                wait = retries.after(e, clock);
                if (wait == null) {
                    throw e;
                }
            }
            trace.retrying(retries.count(), wait);
            Heddle.sleep(wait);
        }
    }

    private Reply authorized() {
        Auth auth = auth();
        authorization = null;
        if (auth == null) {
            return exchange();
        }
        authorization = clock.within(Phase.CREDENTIALS, hop, scope -> auth.first(target(""))).orElse(null);
        Reply reply = exchange();
        for (int i = 0; i < MAX_CHALLENGES && reply.status() == 401 && hop.body().isRepeatable(); i++) {
            Optional<String> answer = answerTo(reply, auth);
            if (answer.isEmpty()) {
                return reply;
            }
            reply.close();
            authorization = answer.get();
            reply = exchange();
        }
        return reply;
    }

    /** What to send instead; the reply stays open unless this fails. */
    private Optional<String> answerTo(Reply reply, Auth auth) {
        boolean asked = false;
        try {
            AuthTarget target = target(authorization == null ? "" : authorization);
            List<AuthChallenge> challenges = AuthChallenge.parse(reply.headers().all("WWW-Authenticate"));
            Optional<String> answer = clock.within(Phase.CREDENTIALS, hop, scope -> auth.answer(target, challenges));
            asked = true;
            return answer;
        } finally {
            if (!asked) {
                reply.close();
            }
        }
    }

    private @Nullable Auth auth() {
        if (hop.headers().contains("Authorization")) {
            return null;
        }
        return ownAuth != null ? ownAuth : options.auths().get(hop.url().origin());
    }

    private AuthTarget target(String refused) {
        return new AuthTarget(hop.method(), hop.url().toUri(), hop.url().target(), refused);
    }

    private Reply exchange() {
        Reply reply = clock.within(Phase.POOL, hop, this);
        CookieJar jar = options.cookies();
        if (jar != null) {
            jar.store(hop.url(), reply.headers().all("Set-Cookie"));
        }
        return reply;
    }

    /** The one place that chooses what carries the request. */
    @Override
    public Reply run(CancelScope scope) {
        ClientRoute route = call.proxies().routeTo(hop.url().origin());
        return new ExchangeFinder(options, here, call, clock, trace, hop, dressed(route)).send(route, scope, trail);
    }

    /** The hop with what is added for its origin and its way, and must not follow it to another. */
    private RequestHop dressed(ClientRoute route) {
        ClientUrl url = hop.url();
        Headers headers = hop.headers();
        if (authorization != null) {
            headers = headers.with("Authorization", authorization);
        }
        CookieJar jar = options.cookies();
        if (jar != null && !headers.contains("Cookie")) {
            String cookies = jar.header(url);
            headers = cookies.isEmpty() ? headers : headers.with("Cookie", cookies);
        }
        Proxy proxy = route.plainProxy();
        if (proxy != null) {
            // To a proxy the request line has the whole URL (RFC 9112, section 3.2.2).
            url = new ClientUrl(url.origin(), url.toString(), url.hostField());
            String credentials = proxy.authorization();
            headers = credentials == null ? headers : headers.with("Proxy-Authorization", credentials);
        }
        return headers == hop.headers() && url == hop.url()
                ? hop
                : new RequestHop(hop.method(), url, headers, hop.body());
    }

    @Override
    public String toString() {
        return hop.toString();
    }
}
