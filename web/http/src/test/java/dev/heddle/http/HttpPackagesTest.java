package dev.heddle.http;

import dev.heddle.conformance.PackageOrder;
import org.junit.jupiter.api.Test;

/** The packages of the module http: one line of arrows, and a server and a client that do not know each other. */
final class HttpPackagesTest {

    @Test
    void packagesStandInOrder() {
        String http = "dev.heddle.http";
        PackageOrder.of(Headers.class)
                .row(http + ".internal.syntax")
                .row(http, http + ".internal.syntax")
                .row(http + ".internal.codec", http)
                .row(http + ".internal.http2", http + ".internal.codec")
                .row(http + ".internal.websocket", http + ".internal.codec")
                .row(http + ".internal.form", http + ".internal.codec")
                .row(http + ".internal.proxy", http + ".internal.codec")
                .row(http + ".internal.cache", http + ".internal.codec")
                .row(http + ".client", http + ".internal.http2", http + ".internal.websocket", http + ".internal.cache")
                .row(http + ".internal.server", http + ".internal.http2", http + ".internal.proxy")
                .row(http + ".internal.middleware", http + ".internal.server")
                .row(http + ".server", http + ".internal.middleware", http + ".internal.websocket",
                        http + ".internal.form")
                .row(http + ".cache", http + ".server", http + ".internal.cache")
                .row(http + ".auth", http + ".client", http + ".server")
                .row(http + ".robots", http + ".client")
                .row(http + ".overload", http + ".server")
                .row(http + ".gateway", http + ".client", http + ".server")
                .row(http + ".testing", http + ".client", http + ".server")
                .check();
    }
}
