package dev.heddle.json;

import dev.heddle.http.StatusException;
import dev.heddle.http.server.Request;

/**
 * The handler of a route of an {@link Api} that takes a value as JSON and gives one.
 *
 * @param <B> what it takes
 * @param <R> what it gives
 */
@FunctionalInterface
public interface BodyHandler<B, R> {

    /**
     * Answers one request.
     *
     * @param body the request's body, as {@link Request#json(Class)} reads it
     * @return never null
     * @throws StatusException to answer with an error status
     * @throws Exception anything else is answered with 500, and logged
     */
    R answer(Request request, B body) throws Exception;
}
