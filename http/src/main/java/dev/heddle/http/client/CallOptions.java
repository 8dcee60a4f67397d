package dev.heddle.http.client;

import org.jspecify.annotations.Nullable;

/**
 * The options of one request, which may differ from those of its client. Immutable, so most requests share that of
 * their client.
 *
 * @param timeouts how long it waits
 * @param limits how much it follows and takes
 * @param follow whether redirects are followed
 * @param decode whether compressed bodies are asked for and decoded
 * @param expectContinue whether it waits for a go-ahead before the body
 * @param auth how it answers for its own origin; null for the way of the client
 * @param retries when it is tried again
 * @param proxies which proxies it uses
 */
record CallOptions(
        ClientTimeouts timeouts,
        ClientLimits limits,
        boolean follow,
        boolean decode,
        boolean expectContinue,
        @Nullable Auth auth,
        RetryPolicy retries,
        ProxySettings proxies) {

    CallOptions withTimeouts(ClientTimeouts value) {
        return new CallOptions(value, limits, follow, decode, expectContinue, auth, retries, proxies);
    }

    CallOptions withLimits(ClientLimits value) {
        return new CallOptions(timeouts, value, follow, decode, expectContinue, auth, retries, proxies);
    }

    CallOptions withFollow(boolean value) {
        return new CallOptions(timeouts, limits, value, decode, expectContinue, auth, retries, proxies);
    }

    CallOptions withDecode(boolean value) {
        return new CallOptions(timeouts, limits, follow, value, expectContinue, auth, retries, proxies);
    }

    CallOptions withExpectContinue() {
        return new CallOptions(timeouts, limits, follow, decode, true, auth, retries, proxies);
    }

    CallOptions withAuth(Auth value) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, value, retries, proxies);
    }

    CallOptions withRetries(RetryPolicy value) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, auth, value, proxies);
    }

    CallOptions withProxies(ProxySettings value) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, auth, retries, value);
    }
}
