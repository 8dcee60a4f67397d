package dev.heddle.http.client;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.ClientUrl;

/**
 * One request as it goes to one server; a redirect makes the next.
 *
 * @param method a token
 * @param url where to
 * @param headers the caller's fields that still apply
 * @param body what is sent
 */
record RequestHop(String method, ClientUrl url, Headers headers, ClientBody body) {

    /** Whether sending it twice has the effect of once (RFC 9110, section 9.2.2), and can be done. */
    boolean mayBeRepeated() {
        return body.isRepeatable() && switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
    }

    /** Whether it says that it has no body: methods whose meaning includes one do (RFC 9110, section 8.6). */
    boolean saysItIsEmpty() {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** Method and URL, without what may be secret. */
    @Override
    public String toString() {
        return method + " " + url.forLog();
    }
}
