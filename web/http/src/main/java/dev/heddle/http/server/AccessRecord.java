package dev.heddle.http.server;

import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.middleware.LogText;
import dev.heddle.http.internal.proxy.RequestOrigin;
import dev.heddle.http.internal.proxy.TrustedProxies;
import dev.heddle.io.ByteStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, for an access log: see {@link HttpServer.Builder#accessLog}.
 *
 * <p>What peers have sent is escaped, so that nobody can forge a line or drive a terminal: all that is not printable
 * ASCII is {@code \xhh}, as are quotes and backslashes with a backslash before them. It is also cut after 1,000
 * characters. The target has its query string, so this is for the eyes of those who may see it.
 *
 * @param time when the head of the request was there
 * @param clientAddress who has asked: {@link Request#clientAddress}
 * @param method the method; {@code -} if the request could not be read
 * @param target the target as it came; {@code -} if the request could not be read
 * @param protocol the version: {@code HTTP/1.1}
 * @param host the host that was asked; empty if none was named
 * @param status the status; 0 if there was no response
 * @param bodyBytes how many bytes of the body were written, without framing
 * @param duration from the head of the request to the end of the response
 * @param referer the Referer field; empty if there is none
 * @param userAgent the User-Agent field; empty if there is none
 */
public record AccessRecord(
        Instant time,
        String clientAddress,
        String method,
        String target,
        String protocol,
        String host,
        int status,
        long bodyBytes,
        Duration duration,
        String referer,
        String userAgent) {

    static AccessRecord of(Instant time, @Nullable RequestHead head, TrustedProxies proxies, ByteStream connection,
            int status, long bodyBytes, Duration duration) {
        if (head == null) {
            return new AccessRecord(time, TrustedProxies.hostOf(connection.remoteAddress()), "-", "-", "-", "",
                    status, bodyBytes, duration, "", "");
        }
        RequestOrigin origin = proxies.origin(head, connection);
        return new AccessRecord(
                time, origin.clientAddress(), LogText.escaped(head.method()), LogText.escaped(head.rawTarget()),
                head.protocol().toString(), LogText.escaped(origin.host()), status, bodyBytes, duration,
                LogText.escaped(head.headers().first("Referer")), LogText.escaped(head.headers().first("User-Agent")));
    }
}
