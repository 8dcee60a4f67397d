package dev.heddle.http.client;

import dev.heddle.http.Headers;

/**
 * The listener to the interim responses that a server sends before the real one (RFC 9110, section 15.2), such as 103 Early
 * Hints (RFC 8297): {@link ClientRequest#onInterim}.
 */
@FunctionalInterface
public interface InterimListener {

    /**
     * One has come. Called by the task that sends the request, which may wait here; the time that it waits is that of the
     * request too. What it throws ends the request.
     *
     * @param status 102 to 199
     * @param headers as they came
     */
    void heard(int status, Headers headers);
}
