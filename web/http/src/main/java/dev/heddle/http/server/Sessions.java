package dev.heddle.http.server;

import dev.heddle.http.Cookie;
import dev.heddle.http.internal.middleware.Vary;
import dev.heddle.internal.Checks;
import dev.heddle.internal.SecretNumbers;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Middleware that gives each visitor a session, by a cookie.
 *
 * <pre>{@code
 * routes.use(Sessions.in(SessionStore.inMemory(100_000)))
 *       .post("/login", request -> {
 *           String user = checkPassword(request);
 *           request.session().renewId();
 *           request.session().put("user", user);
 *           return Response.redirect(303, "/");
 *       });
 * }</pre>
 *
 * <p>A visitor who has nothing to be remembered gets no cookie. The cookie is called {@code __Host-session}: for this
 * host only, over https or localhost, hidden from scripts, and kept out of what other sites post; put a {@link
 * CrossSiteCheck} in front as well. An id that was not given out here is never taken over.
 *
 * <p>A session ends when it was not used for 30 minutes, and after 7 days in any case. A WebSocket that began in it
 * goes on: keep the sockets of a user, and close them where the user logs out.
 *
 * <p>Immutable; threads: tasks of any loop. To test code that uses sessions, send the pair of the {@code Set-Cookie}
 * back.
 */
public final class Sessions implements Middleware {

    private static final int ID_BYTES = 24;

    /** Under this key the session itself keeps when it was made and last kept, in seconds. */
    static final String TIMES = "";

    /** How much of the idle time passes at least until a session that did not change is kept again. */
    private static final int TOUCHES = 8;

    private final SessionStore store;
    private final Cookie cookie;
    private final Duration idle;
    private final Duration lifetime;
    private final int maxBytes;

    private Sessions(SessionStore store, Cookie cookie, Duration idle, Duration lifetime, int maxBytes) {
        this.store = Objects.requireNonNull(store);
        this.cookie = cookie;
        this.idle = idle;
        this.lifetime = lifetime;
        this.maxBytes = maxBytes;
    }

    /** Sessions with the defaults above, of at most 16 KiB each. */
    public static Sessions in(SessionStore store) {
        return new Sessions(store, Cookie.of("__Host-session", ""), Duration.ofMinutes(30), Duration.ofDays(7),
                16 * 1024);
    }

    /** With another name and other attributes of the cookie; its value does not matter. */
    public Sessions withCookie(Cookie cookie) {
        return new Sessions(store, cookie, idle, lifetime, maxBytes);
    }

    /** With another time without use after which a session ends; whole seconds. */
    public Sessions withIdle(Duration idle) {
        return new Sessions(store, cookie, checked(idle), lifetime, maxBytes);
    }

    /** With another time after which a session ends in any case; whole seconds. */
    public Sessions withLifetime(Duration lifetime) {
        return new Sessions(store, cookie, idle, checked(lifetime), maxBytes);
    }

    /** With another bound for the keys and values of a session together, in UTF-8. */
    public Sessions withMaxBytes(int maxBytes) {
        Checks.atLeast("maxBytes", maxBytes, 1);
        return new Sessions(store, cookie, idle, lifetime, maxBytes);
    }

    private static Duration checked(Duration time) {
        if (time.toSeconds() < 1) {
            throw new IllegalArgumentException("the time is " + time + ", must be at least a second");
        }
        return time;
    }

    @Override
    public Response handle(Request request, Handler next) throws Exception {
        var session = new Session(this, request.cookies().get(cookie.name()));
        request.state().session = session;
        Response response = next.handle(request);
        if (!session.isUsed()) {
            return response;
        }
        try {
            return response.withOnlyHeaders(Vary.on(kept(session, response).headers(), "Cookie"));
        } catch (Throwable e) {
            response.body().release();
            throw e;
        }
    }

    int maxBytes() {
        return maxBytes;
    }

    /** What is remembered under a token; nothing if it is too old. */
    Optional<Map<String, String>> load(String token) {
        return store.load(token).filter(values -> CookieSigner.nowSeconds() - time(values, 0) < lifetime.toSeconds());
    }

    private Response kept(Session session, Response response) {
        Map<String, String> values = session.end();
        String known = session.knownToken();
        boolean empty = values.isEmpty() || (values.size() == 1 && values.containsKey(TIMES));
        if (empty) {
            if (known == null) {
                return response;
            }
            store.delete(known);
            return response.withCookie(cookie.expired());
        }
        boolean fresh = known == null || session.isRenewed();
        long now = CookieSigner.nowSeconds();
        if (!fresh && !session.isChanged() && now - time(values, 1) < idle.toSeconds() / TOUCHES) {
            return response;
        }
        long made = values.containsKey(TIMES) ? time(values, 0) : now;
        values.put(TIMES, made + " " + now);
        if (known != null && !fresh) {
            return store.update(known, values, idle)
                    .map(token -> withToken(response, token))
                    .orElseGet(() -> response.withCookie(cookie.expired()));
        }
        String token = store.create(newId(), values, idle);
        if (known != null) {
            store.delete(known);
        }
        return withToken(response, token);
    }

    /** A cache that gave this response to somebody else would give the session away. */
    private Response withToken(Response response, String token) {
        Response told = response.withCookie(cookie.withValue(token));
        return told.headers().contains("Cache-Control") ? told : told.withHeader("Cache-Control", "private");
    }

    /** One of the two times of a session. */
    private static long time(Map<String, String> values, int index) {
        @Nullable String times = values.get(TIMES);
        return times == null ? 0 : Long.parseLong(times.split(" ", 2)[index]);
    }

    private static String newId() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(SecretNumbers.bytes(ID_BYTES));
    }

    @Override
    public String toString() {
        return "Sessions[" + cookie.name() + ", " + store + "]";
    }
}
