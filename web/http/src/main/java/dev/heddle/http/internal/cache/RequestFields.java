package dev.heddle.http.internal.cache;

import dev.heddle.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request as they will be sent, as far as answers may differ by them.
 *
 * @param own those of the request itself
 * @param defaults those that go along unless the request has its own
 */
public record RequestFields(Headers own, Headers defaults) {

    /** The value of a field, put together if there are several; null if it is not sent. */
    @Nullable String value(String name) {
        Headers headers = own.contains(name) ? own : defaults;
        return headers.contains(name) ? String.join(", ", headers.all(name)) : null;
    }
}
