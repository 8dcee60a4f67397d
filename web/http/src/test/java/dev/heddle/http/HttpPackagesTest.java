package dev.heddle.http;

import dev.heddle.conformance.PackageOrder;
import org.junit.jupiter.api.Test;

/** The packages of the module http: one line of arrows, and a server and a client that do not know each other. */
final class HttpPackagesTest {

    @Test
    void packagesStandInOrder() {
        String http = "dev.heddle.http";
        String client = http + ".client";
        String rooms = http + ".internal.client";
        PackageOrder.of(Headers.class)
                .row(http + ".internal.syntax")
                .row(http, http + ".internal.syntax")
                .row(http + ".internal.codec", http)
                .row(http + ".internal.http2", http + ".internal.codec")
                .row(http + ".internal.websocket", http + ".internal.codec")
                .row(http + ".internal.form", http + ".internal.codec")
                .row(http + ".internal.proxy", http + ".internal.codec")
                .row(http + ".internal.cache", http + ".internal.codec")
                // The values that users hand to a client, which its hidden rooms speak of too.
                .words(client, "AddressRules", "Auth", "AuthChallenge", "AuthTarget", "ClientLimits", "ClientTimeouts",
                        "Connector", "ContentDecoder", "DigestAuth", "FailedRequest", "InterimListener",
                        "ProxyException",
                        "RedirectException", "RequestTracer", "RetryPolicy")
                .row("words of " + client, http + ".internal.codec")
                .row(rooms + ".call", "words of " + client, http + ".internal.cache")
                .row(rooms + ".body", rooms + ".call")
                .row(rooms + ".connection", rooms + ".body", http + ".internal.http2")
                .row(rooms + ".chain", rooms + ".connection")
                .row(client, rooms + ".chain", http + ".internal.websocket")
                .row(http + ".internal.server", http + ".internal.http2", http + ".internal.proxy")
                .row(http + ".internal.middleware", http + ".internal.server")
                .row(http + ".server", http + ".internal.middleware", http + ".internal.websocket",
                        http + ".internal.form")
                .row(http + ".cache", http + ".server", http + ".internal.cache")
                .row(http + ".auth", http + ".client", http + ".server")
                .row(http + ".robots", http + ".client")
                .row(http + ".overload", http + ".server")
                .row(http + ".idempotency", http + ".server")
                .row(http + ".gateway", http + ".client", http + ".server")
                .row(http + ".testing", http + ".auth")
                .check();
    }
}
