package dev.heddle.json;

import dev.heddle.http.StatusException;
import dev.heddle.http.server.Request;

/**
 * The handler of a route of an {@link Api} that reads no body. As a {@code Handler}, but it gives a value, which is
 * written as JSON.
 *
 * @param <R> what it gives
 */
@FunctionalInterface
public interface TypedHandler<R> {

    /**
     * Answers one request.
     *
     * @return never null
     * @throws StatusException to answer with an error status
     * @throws Exception anything else is answered with 500, and logged
     */
    R answer(Request request) throws Exception;
}
