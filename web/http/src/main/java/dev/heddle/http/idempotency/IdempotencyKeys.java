package dev.heddle.http.idempotency;

import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.idempotency.IdempotencyStore.Claim;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.http.internal.syntax.HttpMethod;
import dev.heddle.http.server.Handler;
import dev.heddle.http.server.Middleware;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Hash;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Middleware that carries a request out once, however often its client sends it, by the {@code Idempotency-Key} that the
 * client has made up for it (draft-ietf-httpapi-idempotency-key-header-07): for payments, orders, and whatever else must
 * not happen twice because an answer was lost.
 *
 * <pre>{@code
 * routes.use(IdempotencyKeys.in(IdempotencyStore.inMemory(50_000_000)).withRequired(true))
 *       .post("/payments", request -> paid(request));
 * }</pre>
 *
 * <p>It is for methods that are not idempotent by themselves, such as POST and PATCH. The first request with a key runs
 * the handler. Until that has ended, others with the key get 409 and {@code Retry-After}; after that the same response,
 * without the handler. Another request with the key gets 422: one of another method, target, type, or other bytes of as
 * much of the body as the first one's handler has read. A key that is missing, where it is required, or is none gets 400.
 * These errors are problems (RFC 9457).
 *
 * <p><b>What is kept.</b> All that the handler answers, refusals too, for a day. Nothing is kept where it fails or is
 * cancelled, and of an answer that asks for another try: 408, 425, 429 and those from 500 on. The next request with the
 * key then runs it again. So a handler fails only where it has changed nothing, or can be run again. A streamed response is kept when it is whole. One that is too long, is cut off, or is a
 * file is not kept: later requests get 409, for they must not run the handler again.
 *
 * <p><b>For whom.</b> Keys of different users are different keys: of {@link Request#user()}, else of what {@code
 * Authorization} says. Where users are known otherwise, {@link #withScope} says by what. A key is as good as a password
 * to the response of somebody who is not told apart, so clients take random ones.
 *
 * <p>Put it inside of what finds out the user, of limits, and of {@code Compression}; outside of what is to happen once.
 *
 * <p>Immutable; threads: tasks of any loop. Cancellation: a cancelled handler gives its key back, within 5 s. To test
 * code that uses it, send the same request twice.
 */
public final class IdempotencyKeys implements Middleware {

    /** Longest key, in characters; 400. */
    public static final int MAX_KEY = 255;

    private static final String FIELD = "Idempotency-Key";
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(5);

    private final IdempotencyStore store;
    private final boolean required;
    private final Duration timeToLive;
    private final Duration longest;
    private final int maxBodyBytes;
    private final Function<Request, String> scope;

    private IdempotencyKeys(IdempotencyStore store, boolean required, Duration timeToLive, Duration longest,
            int maxBodyBytes, Function<Request, String> scope) {
        Checks.positive("timeToLive", timeToLive);
        Checks.positive("longest", longest);
        Checks.notNegative("maxBodyBytes", maxBodyBytes);
        this.store = Objects.requireNonNull(store);
        this.required = required;
        this.timeToLive = timeToLive;
        this.longest = longest;
        this.maxBodyBytes = maxBodyBytes;
        this.scope = Objects.requireNonNull(scope);
    }

    /** Keys that may be left out, for a day, with responses of at most 64 KiB. */
    public static IdempotencyKeys in(IdempotencyStore store) {
        return new IdempotencyKeys(store, false, Duration.ofDays(1), Duration.ofMinutes(5), 64 * 1024,
                IdempotencyKeys::user);
    }

    /** With or without need of a key; false if nothing is said. */
    public IdempotencyKeys withRequired(boolean required) {
        return new IdempotencyKeys(store, required, timeToLive, longest, maxBodyBytes, scope);
    }

    /** With another time for which a response is kept; a day if nothing is said. */
    public IdempotencyKeys withTimeToLive(Duration timeToLive) {
        return new IdempotencyKeys(store, required, timeToLive, longest, maxBodyBytes, scope);
    }

    /**
     * With another time after which a handler is held to have died with its machine, by a store that outlives it: longer
     * than any handler runs, or two run at once. 5 minutes if nothing is said.
     */
    public IdempotencyKeys withLongest(Duration longest) {
        return new IdempotencyKeys(store, required, timeToLive, longest, maxBodyBytes, scope);
    }

    /** With another length of bodies that are kept, in bytes; 64 KiB if nothing is said. */
    public IdempotencyKeys withMaxBodyBytes(int maxBodyBytes) {
        return new IdempotencyKeys(store, required, timeToLive, longest, maxBodyBytes, scope);
    }

    /**
     * With another way to tell users apart.
     *
     * @param scope gives what stands for the user, such as a value of the session; the same for all of one user's requests
     */
    public IdempotencyKeys withScope(Function<Request, String> scope) {
        return new IdempotencyKeys(store, required, timeToLive, longest, maxBodyBytes, scope);
    }

    private static String user(Request request) {
        return request.user().map(user -> "user " + user)
                .orElseGet(() -> request.header("Authorization").orElse(""));
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        String method = request.method();
        if (HttpMethod.isIdempotent(method) || method.equals("CONNECT")) {
            return next.handle(request);
        }
        List<String> fields = request.headers().all(FIELD);
        if (fields.isEmpty()) {
            return required
                    ? Response.problem(400, FIELD + " is missing", "send a new random key with each new " + method)
                    : next.handle(request);
        }
        String key = FieldSyntax.unquoted(fields.getFirst());
        if (fields.size() > 1 || !isKey(key)) {
            return Response.problem(400, FIELD + " is malformed",
                    "it must be one text of 1 to " + MAX_KEY + " visible characters");
        }
        String stored = stored(request, key);
        return switch (store.begin(stored, longest)) {
            case Claim.Granted _ -> first(request, next, stored);
            case Claim.UnderWay _ -> Response.problem(409, "A request is outstanding for this " + FIELD,
                    "wait for its end, or send it again later").withHeader("Retry-After", "1");
            case Claim.Ended(byte[] outcome) -> again(request, Outcome.decoded(outcome));
        };
    }

    private static boolean isKey(String key) {
        return !key.isEmpty() && key.length() <= MAX_KEY
                && key.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
    }

    /** What stands for the key of a user in the store. */
    private String stored(Request request, String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Hash.sha256(scope.apply(request) + "\n" + key));
    }

    private Response first(Request request, Handler next, String key) throws Exception {
        boolean answered = false;
        try {
            var print = new Fingerprint(request);
            request.copyBody(print);
            Response response = next.handle(request);
            if (asksForAnotherTry(response.status())) {
                return response;
            }
            answered = true;
            return response.withCopy(new Keeping(key, print, response));
        } finally {
            if (!answered) {
                inStore("gives a key back", () -> store.release(key));
            }
        }
    }

    private static boolean asksForAnotherTry(int status) {
        return status >= 500 || status == 408 || status == 425 || status == 429;
    }

    private static Response again(Request request, Outcome known) {
        if (!known.isOf(request)) {
            return Response.problem(422, FIELD + " is already used", "another request had this key; make a new one");
        }
        byte[] body = known.body();
        if (body == null) {
            return Response.problem(409, "The response for this " + FIELD + " is not kept",
                    "the request was carried out; ask for its result elsewhere");
        }
        Headers headers = known.headers();
        return body.length == 0
                ? Response.empty(known.status()).withHeaders(headers)
                : Response.stream(known.status(), headers, body.length, out -> out.write(body));
    }

    /** A call of the store that a cancel does not end, and whose failure changes no response. */
    private static void inStore(String what, Runnable call) {
        try {
            Heddle.shield(STORE_PATIENCE, call::run);
        } catch (RuntimeException e) {
            FailureHandler.LOG.failed("the store of idempotency keys, which " + what, e);
        }
    }

    /** The response on its way into the store. */
    private final class Keeping implements Response.Copy {

        private final String key;
        private final Fingerprint print;
        private final Response response;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private boolean tooLong;

        Keeping(String key, Fingerprint print, Response response) {
            this.key = key;
            this.print = print;
            this.response = response;
        }

        @Override
        public void add(byte[] bytes, int offset, int count) {
            tooLong = tooLong || count > maxBodyBytes - body.size();
            if (!tooLong) {
                body.write(bytes, offset, count);
            }
        }

        @Override
        public void finish() {
            keep(Outcome.of(print, response, tooLong ? null : body.toByteArray()));
        }

        @Override
        public void discard() {
            keep(Outcome.of(print, response, null));
        }

        private void keep(Outcome outcome) {
            byte[] encoded = outcome.encoded();
            byte[] kept = encoded.length <= store.maxOutcomeBytes() ? encoded : outcome.lost().encoded();
            inStore("keeps a response", () -> store.finish(key, kept, timeToLive));
        }
    }

    @Override
    public String toString() {
        return "IdempotencyKeys[required=" + required + ", timeToLive=" + timeToLive + ", maxBodyBytes="
                + maxBodyBytes + ", " + store + "]";
    }
}
