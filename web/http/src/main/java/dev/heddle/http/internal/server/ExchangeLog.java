package dev.heddle.http.internal.server;

import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The log of exchanges that are over. Called on the loops that serve, so it does not wait; throws nothing. */
@FunctionalInterface
public interface ExchangeLog {

    /**
     * A response is sent, as far as it will ever be.
     *
     * @param begun when the head of the request was there
     * @param head null if it could not be read
     * @param status 0 if there is none
     * @param bodyBytes how much of the body has been written
     * @param time from the head of the request to the end of the response
     */
    void ended(Instant begun, @Nullable RequestHead head, ByteStream connection, int status, long bodyBytes,
            Duration time);
}
