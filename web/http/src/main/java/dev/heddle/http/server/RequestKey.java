package dev.heddle.http.server;

import java.util.Objects;

/**
 * The name and type of a value that middleware leaves with a request for the handlers further in.
 *
 * <pre>{@code
 * static final RequestKey<User> USER = RequestKey.of("user");
 *
 * request.set(USER, user);                             // in the middleware
 * User user = request.get(USER).orElseThrow();         // in the handler
 * }</pre>
 *
 * <p>Two keys are the same only if they are one object, so no two libraries can meet by their names.
 *
 * <p>Threads: any.
 *
 * @param <T> what the value is
 */
@SuppressWarnings("UnusedTypeParameter") // binds what set takes to what get gives
public final class RequestKey<T> {

    private final String name;

    private RequestKey(String name) {
        this.name = name;
    }

    /**
     * Makes a key of its own.
     *
     * @param name for messages
     */
    public static <T> RequestKey<T> of(String name) {
        return new RequestKey<>(Objects.requireNonNull(name));
    }

    @Override
    public String toString() {
        return name;
    }
}
