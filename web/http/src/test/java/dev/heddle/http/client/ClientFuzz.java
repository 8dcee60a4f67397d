package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Fed;
import dev.heddle.http.FuzzBytes;
import dev.heddle.http.Wire;
import dev.heddle.http.internal.client.body.ReplyCharset;
import dev.heddle.http.internal.client.connection.HttpTunnel;
import dev.heddle.http.internal.client.connection.Socks5;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.syntax.CookieDate;
import dev.heddle.http.internal.syntax.FieldSyntax;
import dev.heddle.io.ByteStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What must hold for any bytes that a client gets, and for the values of a reply's fields. */
public final class ClientFuzz {

    private ClientFuzz() {}

    /** What a proxy answers makes a tunnel with nothing in it, or a failure that says which proxy. */
    public static void tunnel(byte[] bytes) {
        Proxy http = Proxy.http("proxy.example", 3128);
        Proxy socks = Proxy.socks5("proxy.example", 1080);
        List<String> whole = tunnels(bytes, Math.max(1, bytes.length), http, socks);
        // In pieces the tunnel may be there before more comes, which is then the server's.
        for (String each : whole) {
            assertTrue(each.equals("open") || each.contains("proxy.example"), each);
        }
        if (whole.contains("open")) {
            assertEquals(whole, tunnels(bytes, 1, http, socks));
        }
    }

    private static List<String> tunnels(byte[] bytes, int step, Proxy http, Proxy socks) {
        var origin = new ClientUrl.Origin(true, "site.example", 443);
        return List.of(
                tunnel(bytes, step, stream -> HttpTunnel.open(stream, http.server(), origin, ClientLimits.DEFAULT)),
                tunnel(bytes, step, stream -> Socks5.open(stream, socks.server(), origin)),
                tunnel(bytes, step, stream -> Socks5.open(stream, socks.withCredentials("a", "b").server(), origin)));
    }

    private static String tunnel(byte[] bytes, int step, Consumer<ByteStream> open) {
        return Fed.read(bytes, step, stream -> {
            try {
                open.accept(stream);
                return "open";
            } catch (ProxyException e) {
                return String.valueOf(e.getMessage());
            }
        });
    }

    /**
     * What a server sets is refused or kept; what is kept can be sent, saved and loaded, and goes to its own site only.
     */
    public static void setCookie(byte[] bytes) {
        CookieJar jar = CookieJar.create();
        String url = "https://www.a.example/b/c";
        boolean added = jar.add(url, Wire.text(bytes));
        assertEquals("", jar.header("https://b.example/b/c"));
        assertTrue(jar.size() <= (added ? 1 : 0));
        String sent = jar.header(url);
        FieldSyntax.checkValue("Cookie", sent);
        CookieJar other = CookieJar.create();
        String saved = jar.save();
        other.load(saved);
        assertEquals(saved, other.save());
        assertEquals(sent, other.header(url));
    }

    /** A saved jar is loaded or refused; one that is loaded is the same when it is saved again. */
    public static void savedCookies(byte[] bytes) {
        CookieJar jar = CookieJar.create();
        try {
            jar.load(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith("no saved cookies: line "), e.getMessage());
            return;
        }
        String saved = jar.save();
        CookieJar other = CookieJar.create();
        other.load(saved);
        assertEquals(saved, other.save());
    }

    /**
     * Challenges are read or not; the answer to one is a field, and itself reads as credentials with the same nonce.
     */
    public static void challenge(byte[] bytes) {
        String value = FuzzBytes.fieldValue(bytes);
        List<AuthChallenge> challenges = AuthChallenge.parse(List.of(value));
        for (AuthChallenge challenge : challenges) {
            assertTrue(FieldSyntax.isToken(challenge.scheme()), value);
        }
        var target = new AuthTarget("GET", URI.create("http://a/b?c"), "/b?c", "");
        for (String user : List.of("me", "m\u00eb\"")) {
            Optional<String> answer = new DigestAuth(user, "secret").answer(target, challenges);
            if (answer.isPresent()) {
                FieldSyntax.checkValue("Authorization", answer.get());
                List<AuthChallenge> read = AuthChallenge.parse(List.of(answer.get()));
                assertEquals(1, read.size(), answer.get());
                assertTrue(challenges.stream().anyMatch(challenge -> challenge.parameter("nonce")
                        .equals(read.getFirst().parameter("nonce"))), answer.get());
            }
        }
    }

    /** The fields of replies, each with what it promises. */
    public static void fields(byte[] bytes) {
        String value = FuzzBytes.fieldValue(bytes);
        try {
            assertNotNull(ReplyCharset.of(value));
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage() != null && e.getMessage().startsWith("unknown charset"), value);
        }
        CookieDate.parse(value);
    }
}
