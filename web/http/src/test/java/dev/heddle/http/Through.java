package dev.heddle.http;

import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Middleware;

/** Sends one request through a middleware to a handler, over the wire. */
public final class Through {

    private Through() {}

    /** The whole response. */
    public static String ask(Middleware middleware, Handler handler, String method, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        HttpServer.Builder server = HttpServer.builder();
        for (String known : new String[]{"GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "QUERY"}) {
            server.route(known, "/", request -> middleware.handle(request, handler));
        }
        return Wire.ask(server, method + " / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n" + more + "\r\n");
    }

    /** The value of a field of a response, or nothing. */
    public static String field(String response, String name) {
        int at = response.indexOf("\r\n" + name + ": ");
        return at < 0 ? "" : response.substring(at + name.length() + 4, response.indexOf('\r', at + 2));
    }
}
