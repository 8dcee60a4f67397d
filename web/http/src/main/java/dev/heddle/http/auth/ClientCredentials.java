package dev.heddle.http.auth;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.http.client.Auth;
import dev.heddle.http.client.AuthChallenge;
import dev.heddle.http.client.AuthTarget;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.internal.syntax.PasswordField;
import dev.heddle.internal.sight.Kernel;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of a program that asks as itself: a bearer token, fetched with an id and a secret when it is needed
 * (OAuth 2.0, RFC 6749, section 4.4).
 *
 * <pre>{@code
 * var me = ClientCredentials.of(tokens, "https://login.example/token", "my-service", secret).withScope("orders");
 * var http = HttpClient.builder().auth("https://orders.example/", me).build();
 * }</pre>
 *
 * <p>A token is kept until 30 s before it expires, or for half of its life if that is longer; one that does not say
 * when it expires, for an hour. However many requests need one, there is one fetch at a time. A token that the server
 * refuses as {@code invalid_token} (RFC 6750, section 3.1) is fetched anew and the request sent once more; if the new
 * one is refused too, within ten seconds, the 401 goes to the caller.
 *
 * <p>The id and the secret go to the token's URL alone, in the Authorization field, or in the form by {@link
 * #withPostedSecret()}. It is https, but for this machine's own; redirects are not followed, an answer has at most
 * {@value #MAX_BYTES} bytes and a fetch takes at most ten seconds. The token goes to the origin that {@link
 * HttpClient.Builder#auth} names, never elsewhere by a redirect.
 *
 * <p>A refusal is a {@link TokenException}; a server that cannot be reached or answers something else is a {@link
 * BrokenException}, which a retry policy of the request tries again. Nothing here is logged, and no text has a secret.
 *
 * <p>Threads: any; the loops of a client, and several clients, share the token. Cancellation: a cancelled request
 * leaves the fetch to the others. To test with it, serve a token in the same loop.
 */
public final class ClientCredentials implements Auth {

    /** Longest answer in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long UNSAID_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long MAX_SECONDS = TimeUnit.DAYS.toSeconds(365);

    /**
     * A token, as the Authorization field has it.
     *
     * @param sinceNanos when it was asked for
     * @param lifeNanos how long it is used
     */
    private record Token(String field, long sinceNanos, long lifeNanos) {

        boolean isFresh(long now) {
            return now - sinceNanos < lifeNanos;
        }

        @Override
        public String toString() {
            return "Token";
        }
    }

    private final HttpClient http;
    private final String url;
    private final String id;
    private final String secret;

    /** Names and values of the form, in turn. */
    private final List<String> parameters;

    private final boolean posted;

    private final ReentrantLock lock = new ReentrantLock();

    // ---- guarded by the lock ----

    private @Nullable Token held;
    private @Nullable Promise<Outcome<Token>> running;

    /** Whether a refused token was ever fetched anew, and when last. */
    private boolean renewed;

    private long renewedNanos;

    private ClientCredentials(
            HttpClient http, String url, String id, String secret, List<String> parameters, boolean posted) {
        this.http = http;
        this.url = url;
        this.id = id;
        this.secret = secret;
        this.parameters = parameters;
        this.posted = posted;
    }

    /**
     * Credentials of a client that is known to a server of tokens.
     *
     * @param http fetches the tokens; stays the caller's to close, and is another client than the one that uses them
     * @param tokenUrl https, or http to localhost or an address of it
     * @param id the client's
     * @throws IllegalArgumentException if the URL is none of these, or the id is empty
     */
    public static ClientCredentials of(HttpClient http, String tokenUrl, String id, String secret) {
        Objects.requireNonNull(http, "http");
        Objects.requireNonNull(secret, "secret");
        if (id.isEmpty()) {
            throw new IllegalArgumentException("the id of a client is not empty");
        }
        String url = SecureUrl.check("tokens are", tokenUrl);
        return new ClientCredentials(http, url, id, secret, List.of("grant_type", "client_credentials"), false);
    }

    /** The same for these scopes, separated by blanks. */
    public ClientCredentials withScope(String scope) {
        return withParameter("scope", scope);
    }

    /**
     * The same with one more parameter for the server of tokens, such as {@code audience} or {@code resource}.
     *
     * @throws IllegalArgumentException if it is there already, or a secret that has a place of its own
     */
    public ClientCredentials withParameter(String name, String value) {
        Objects.requireNonNull(value, "value");
        boolean there = name.equals("client_id") || name.equals("client_secret");
        for (int i = 0; i < parameters.size(); i += 2) {
            there |= parameters.get(i).equals(name);
        }
        if (there) {
            throw new IllegalArgumentException("the parameter " + name + " is set already");
        }
        var more = new ArrayList<>(parameters);
        more.add(name);
        more.add(value);
        return new ClientCredentials(http, url, id, secret, List.copyOf(more), posted);
    }

    /**
     * The same with id and secret in the form, for servers that do not take the Authorization field (RFC 6749, section
     * 2.3.1).
     */
    public ClientCredentials withPostedSecret() {
        return new ClientCredentials(http, url, id, secret, parameters, true);
    }

    /**
     * {@inheritDoc}
     *
     * @throws TokenException if no token is given
     * @throws BrokenException if the server of tokens cannot be reached or understood
     */
    @Override
    public Optional<String> first(AuthTarget target) {
        return token("");
    }

    @Override
    public Optional<String> answer(AuthTarget target, List<AuthChallenge> challenges) {
        boolean invalid = challenges.stream().anyMatch(each -> each.scheme().equals("bearer")
                && each.parameter("error").orElse("").equals("invalid_token"));
        return invalid && !target.refused().isEmpty() ? token(target.refused()) : Optional.empty();
    }

    /** A token that is another one than what was refused; empty if there is none so soon. */
    private Optional<String> token(String refused) {
        while (true) {
            Loop loop = Heddle.currentLoop();
            Promise<Outcome<Token>> fetch;
            boolean begins = false;
            lock.lock();
            try {
                long now = loop.nanoTime();
                Token known = held;
                boolean isRefused = known != null && known.field().equals(refused);
                if (known != null && !isRefused && known.isFresh(now)) {
                    return Optional.of(known.field());
                }
                fetch = running;
                if (fetch == null) {
                    if (isRefused && renewed && now - renewedNanos < GAP_NANOS) {
                        return Optional.empty();
                    }
                    if (isRefused) {
                        renewed = true;
                        renewedNanos = now;
                    }
                    fetch = new Promise<>();
                    running = fetch;
                    begins = true;
                }
            } finally {
                lock.unlock();
            }
            if (begins) {
                begin(loop, fetch);
            }
            switch (fetch.awaitOutcome()) {
                case Outcome.Success<Outcome<Token>>(Outcome.Success<Token>(Token token)) -> {
                    return token.field().equals(refused) ? Optional.empty() : Optional.of(token.field());
                }
                case Outcome.Success<Outcome<Token>>(Outcome.Failure<Token>(TokenException e)) -> throw e.again();
                case Outcome.Success<Outcome<Token>>(Outcome.Failure<Token>(Throwable e)) ->
                    throw new BrokenException("no token from " + place() + ": " + e.getMessage(), e);
                case Outcome.Success<Outcome<Token>>(Outcome.Cancelled<Token> _) -> {
                    // The loop that fetched has ended: this one fetches itself.
                }
                case Outcome.Failure<Outcome<Token>> _,Outcome.Cancelled<Outcome<Token>> _ ->
                    throw new IllegalStateException("a fetch of tokens has one kind of end");
            }
        }
    }

    private void begin(Loop loop, Promise<Outcome<Token>> fetch) {
        try {
            // The loop's, not the caller's: others wait for it too, and the caller may leave.
            Task<Void> task = Kernel.get().spawnService(loop, "fetch a token", () -> fetch(fetch));
            var _ = task.onDone(_ -> end(fetch, new Outcome.Cancelled<>("the loop that fetched a token has ended")));
        } catch (RuntimeException e) {
            end(fetch, new Outcome.Cancelled<>("no fetch of a token was begun"));
            throw e;
        }
    }

    private void fetch(Promise<Outcome<Token>> fetch) {
        try {
            end(fetch, new Outcome.Success<>(fetched()));
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            end(fetch, new Outcome.Failure<>(e));
        }
    }

    /** The first end of a fetch counts. */
    private void end(Promise<Outcome<Token>> fetch, Outcome<Token> outcome) {
        lock.lock();
        try {
            if (running == fetch) {
                running = null;
                if (outcome instanceof Outcome.Success<Token>(Token token)) {
                    held = token;
                }
            }
        } finally {
            lock.unlock();
        }
        boolean _ = fetch.tryComplete(outcome);
    }

    private Token fetched() {
        long now = Heddle.currentLoop().nanoTime();
        var form = new ArrayList<>(parameters);
        ClientRequest request = http.request("POST", url)
                .header("Accept", "application/json")
                .followRedirects(false)
                .timeout(TIMEOUT);
        if (posted) {
            form.addAll(List.of("client_id", id, "client_secret", secret));
        } else {
            request.header("Authorization", PasswordField.of(encoded(id), encoded(secret)));
        }
        try (Reply reply = request.form(form.toArray(String[]::new)).send()) {
            byte[] document = reply.bytes(MAX_BYTES);
            return reply.status() == 200 ? token(JsonWebKeys.object(document), now) : refused(reply.status(), document);
        }
    }

    private Token refused(int status, byte[] document) {
        Map<?, ?> answer;
        try {
            answer = JsonWebKeys.object(document);
        } catch (BrokenException e) {
            answer = Map.of();
        }
        if (status >= 400 && answer.get("error") instanceof String error) {
            String description = answer.get("error_description") instanceof String text ? text : "";
            throw TokenException.refused(place(), withoutSecret(error), withoutSecret(description));
        }
        throw new BrokenException("the answer is " + status);
    }

    private Token token(Map<?, ?> answer, long now) {
        if (!(answer.get("token_type") instanceof String type) || !type.equalsIgnoreCase("bearer")) {
            throw unusable("it is no bearer token");
        }
        if (!(answer.get("access_token") instanceof String token) || !token.matches("[!-~]+")) {
            throw unusable("it has characters that no token has, or is missing");
        }
        return new Token("Bearer " + token, now, lifeNanos(answer.get("expires_in")));
    }

    /** How long a token is used. Some servers write the number as a text. */
    private static long lifeNanos(@Nullable Object expires) {
        if (expires == null) {
            return UNSAID_NANOS;
        }
        long seconds = switch (expires) {
            case Number number -> number.longValue();
            case String text when text.matches("[0-9]{1,18}") -> Long.parseLong(text);
            default -> throw unusable("expires_in is no number");
        };
        long life = TimeUnit.SECONDS.toNanos(Math.clamp(seconds, 0, MAX_SECONDS));
        return Math.max(life - MARGIN_NANOS, life / 2);
    }

    private static TokenException unusable(String why) {
        return new TokenException("the token cannot be used: " + why, "", "");
    }

    /** A server may repeat what it was sent. */
    private String withoutSecret(String text) {
        return secret.isEmpty() ? text : text.replace(secret, "***").replace(encoded(secret), "***");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The URL without its query. */
    private String place() {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    /** Whom it asks and for whom, without the secret. */
    @Override
    public String toString() {
        return "ClientCredentials[" + id + " at " + place() + "]";
    }
}
