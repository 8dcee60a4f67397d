package dev.heddle.http.gateway;

import dev.heddle.http.client.HttpClient;

/**
 * The state that a gateway and those made from it share: the client that asks upstreams, and whether they are closed.
 * Any thread.
 */
final class GatewayClient {

    private final HttpClient http;
    private final boolean owned;
    private volatile boolean closed;

    /**
     * @param owned whether it is closed with the gateway
     */
    GatewayClient(HttpClient http, boolean owned) {
        this.http = http;
        this.owned = owned;
    }

    HttpClient http() {
        return http;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        if (owned) {
            http.close();
        }
    }
}
