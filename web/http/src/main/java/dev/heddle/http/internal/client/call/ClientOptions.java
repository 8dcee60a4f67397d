package dev.heddle.http.internal.client.call;

import dev.heddle.http.JsonCodec;
import dev.heddle.http.client.AddressRules;
import dev.heddle.http.client.Auth;
import dev.heddle.http.client.Connector;
import dev.heddle.http.internal.cache.ReplyCache;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.http.internal.codec.RetryBudget;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options with which a client was built. Immutable, so all loops share it.
 *
 * @param call what a request does unless it says otherwise
 * @param base what URLs without a scheme are resolved against; null if they are refused
 * @param identityHead writes heads that ask for no coding of the body
 * @param decodingHead writes heads that ask for the codings that are decoded
 * @param connector where plain connections to proxies come from
 * @param direct where plain connections to servers come from
 * @param addresses which ones the servers may have; null for any
 * @param directOnly whether the connector leads to one place, so that there can be no proxies
 * @param tls puts TLS over connections
 * @param http2 where HTTP/2 is spoken
 * @param alternatives where HTTP/3 is to be had; null if it is not spoken
 * @param auths how to answer for each origin
 * @param netrc what is said to other hosts; null for nothing
 * @param cookies where cookies are kept; null if they are neither kept nor sent
 * @param hsts hosts that are asked by https only; null if none are kept
 * @param cache what answers again what was asked before; null if nothing is kept
 * @param throttle how often and how much at once each host is asked; null if it is not bounded
 * @param budget bounds what retries add
 * @param tracers who is told what requests do
 * @param decoders codings beside gzip and deflate
 * @param digests whether bodies are guarded with digests
 * @param json writes and reads values; null if it is to be found
 */
public record ClientOptions(
        CallOptions call,
        @Nullable ClientUrl base,
        Http1RequestHead identityHead,
        Http1RequestHead decodingHead,
        Connector connector,
        Connector direct,
        @Nullable AddressRules addresses,
        boolean directOnly,
        HttpsConnector tls,
        Http2Choice http2,
        @Nullable Alternatives alternatives,
        Map<Origin, Auth> auths,
        @Nullable HostCredentials netrc,
        @Nullable ClientCookies cookies,
        @Nullable SecureHosts hsts,
        @Nullable ReplyCache cache,
        @Nullable HostTurns throttle,
        RetryBudget budget,
        Tracers tracers,
        ContentDecoders decoders,
        boolean digests,
        @Nullable JsonCodec json) {

    public Http1RequestHead head(boolean decode) {
        return decode ? decodingHead : identityHead;
    }

    /**
     * The URL of a request.
     *
     * @param other one that probably has the same origin; null for none
     * @throws IllegalArgumentException if it is not strictly valid, or no absolute one without a base
     */
    public ClientUrl resolve(String url, @Nullable ClientUrl other) {
        if (base == null || hasScheme(url)) {
            return other == null ? ClientUrl.parse(url) : other.parseLike(url);
        }
        // Whoever appends a path from outside to a base wants to stay there.
        if (url.startsWith("//")) {
            throw new IllegalArgumentException(
                    "a URL that begins with // names another host; say http or https before it");
        }
        return base.resolve(url);
    }

    /** Whether the text begins with a scheme and a colon (RFC 3986, section 3.1). */
    private static boolean hasScheme(String url) {
        int colon = url.indexOf(':');
        for (int i = 0; i < colon; i++) {
            char c = url.charAt(i);
            if (!(c < 0x80 && Character.isLetterOrDigit(c)) && "+-.".indexOf(c) < 0) {
                return false;
            }
        }
        return colon > 0;
    }
}
