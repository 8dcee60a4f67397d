package dev.heddle.http.internal.client.call;

import dev.heddle.http.client.Auth;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.InterimListener;
import dev.heddle.http.client.RetryPolicy;
import dev.heddle.http.internal.codec.HeadLimits;
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
 * @param duplex whether its reply may be read while the body is still sent
 * @param auth how it answers for its own origin; null for the way of the client
 * @param retries when it is tried again
 * @param proxies which proxies it uses
 * @param interims who hears of interim responses; null for nobody
 */
public record CallOptions(
        ClientTimeouts timeouts,
        ClientLimits limits,
        boolean follow,
        boolean decode,
        boolean expectContinue,
        boolean duplex,
        @Nullable Auth auth,
        RetryPolicy retries,
        ProxyRules proxies,
        @Nullable InterimListener interims) {

    /** What a client does that is told nothing. */
    public static final CallOptions DEFAULT = new CallOptions(ClientTimeouts.DEFAULT, ClientLimits.DEFAULT, true, true,
            false,
            false, null, RetryPolicy.NONE, ProxyRules.NONE, null);

    /** The limits of the heads of replies: the status line counts with the fields. */
    public static HeadLimits headLimits(ClientLimits limits) {
        return new HeadLimits(limits.maxHeadBytes(), limits.maxHeadBytes(), limits.maxFields());
    }

    public CallOptions withTimeouts(ClientTimeouts timeouts) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, duplex, auth, retries, proxies,
                interims);
    }

    public CallOptions withLimits(ClientLimits limits) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, duplex, auth, retries, proxies,
                interims);
    }

    public CallOptions withFollow(boolean follow) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, duplex, auth, retries, proxies,
                interims);
    }

    public CallOptions withDecode(boolean decode) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, duplex, auth, retries, proxies,
                interims);
    }

    public CallOptions withExpectContinue() {
        return new CallOptions(timeouts, limits, follow, decode, true, duplex, auth, retries, proxies, interims);
    }

    public CallOptions withDuplex() {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, true, auth, retries, proxies,
                interims);
    }

    public CallOptions withAuth(Auth auth) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, duplex, auth, retries, proxies,
                interims);
    }

    public CallOptions withRetries(RetryPolicy retries) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, duplex, auth, retries, proxies,
                interims);
    }

    public CallOptions withProxies(ProxyRules proxies) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, duplex, auth, retries, proxies,
                interims);
    }

    public CallOptions withInterims(InterimListener interims) {
        return new CallOptions(timeouts, limits, follow, decode, expectContinue, duplex, auth, retries, proxies,
                interims);
    }
}
