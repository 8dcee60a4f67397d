package dev.heddle.cli.sight.page;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heddle.http.server.Handler;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.internal.SecretNumbers;
import dev.heddle.observe.page.internal.Overview;
import dev.heddle.observe.page.internal.PageRoutes;
import dev.heddle.observe.page.internal.PageSource;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;

/**
 * The server of the page about a program.
 *
 * <p>All paths begin with a token that only the printed address has. Whoever has none is refused, and so is a request
 * for another host: a page of others whose name has come to lead here ("DNS rebinding").
 *
 * <p>Threads: tasks of one loop.
 */
final class PageServer {

    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost");

    private static final int TOKEN_BYTES = 16;

    private final String prefix;

    private PageServer(String token) {
        this.prefix = "/" + token + "/";
    }

    /** A secret of 128 bits, fit for a path. */
    static String newToken() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(SecretNumbers.bytes(TOKEN_BYTES));
    }

    /** A server for the page, not started. */
    static HttpServer of(PageSource source, Overview overview, String token) {
        return HttpServer.builder()
                .http1Only()
                .use(new PageServer(token)::guard)
                .mount("/" + token, PageRoutes.acting(source, overview))
                .build();
    }

    private Response guard(Request request, Handler next) throws Exception {
        return PageRoutes.secured(isAdmitted(request)
                ? next.handle(request)
                : Response.text("open the address that heddle page has printed, as it is\n").withStatus(403));
    }

    private boolean isAdmitted(Request request) {
        String host = request.host().orElse("").replaceFirst(":[0-9]*$", "");
        String path = request.path();
        byte[] begin = path.substring(0, Math.min(prefix.length(), path.length())).getBytes(US_ASCII);
        // In a time that does not tell how much of it is right.
        return MessageDigest.isEqual(begin, prefix.getBytes(US_ASCII)) && HOSTS.contains(host);
    }
}
