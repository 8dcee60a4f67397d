package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What must hold for the value of a field, and for a form, whatever stands in it. Bytes that no field can have are left out. */
final class FuzzFields {

    private FuzzFields() {}

    private static String value(byte[] bytes) {
        var value = new StringBuilder();
        Wire.text(bytes).chars().filter(c -> FieldSyntax.isValueChar((char) c)).forEach(c -> value.append((char) c));
        return value.toString().strip();
    }

    /** Cookies of a request are pairs of a token and what a field may hold, over one field or many. */
    static void cookies(byte[] bytes) {
        String value = value(bytes);
        Map<String, String> cookies = RequestCookies.parse(Headers.of("Cookie", value));
        var again = new StringBuilder();
        cookies.forEach((name, content) -> {
            assertTrue(FieldSyntax.isToken(name), value);
            assertTrue(content.indexOf(';') < 0 && content.equals(content.strip()), value);
            again.append(again.isEmpty() ? "" : "; ").append(name).append('=').append(content);
        });
        assertEquals(cookies, RequestCookies.parse(Headers.of("Cookie", again.toString())));
        Headers fields = Headers.EMPTY;
        for (String pair : value.split(";", -1)) {
            fields = fields.withAdded("Cookie", pair.strip());
        }
        assertEquals(cookies, RequestCookies.parse(fields), value);
    }

    /** What a server sets is refused or kept; what is kept can be sent, saved and loaded, and goes to its own site only. */
    static void setCookie(byte[] bytes) {
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
    static void savedCookies(byte[] bytes) {
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

    /** Ranges lie in the file, in order, beside each other; of any length of the file. */
    static void ranges(byte[] bytes) {
        String value = value(bytes);
        for (long size : new long[]{0, 1, 10, 1000, Long.MAX_VALUE}) {
            List<ByteRange> ranges = ByteRange.parse(value, size);
            long free = 0;
            for (ByteRange range : ranges == null ? List.<ByteRange>of() : ranges) {
                assertTrue(range.offset() >= free && range.length() >= 1, value);
                free = Math.addExact(range.offset(), range.length());
                assertTrue(free <= size, value);
            }
            assertTrue(ranges == null || ranges.size() <= ByteRange.MAX_RANGES);
        }
    }

    /** Challenges are read or not; the answer to one is a field, and itself reads as credentials with the same nonce. */
    static void challenge(byte[] bytes) {
        String value = value(bytes);
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

    /** A form is what the pairs in it say, and the same when it is written again. */
    static void form(byte[] bytes) {
        Form form;
        try {
            form = FormParser.parse(bytes.clone(), FormLimits.DEFAULT);
        } catch (StatusException e) {
            assertTrue(e.status() == 400 || e.status() == 413);
            return;
        }
        var again = new StringBuilder();
        form.forEach((name, value) -> again.append(again.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        Form read = FormParser.parse(Wire.latin1(again.toString()), FormLimits.DEFAULT.withMaxBytes(1 << 24));
        assertEquals(pairs(form), pairs(read));
    }

    private static List<String> pairs(Form form) {
        var pairs = new ArrayList<String>();
        form.forEach((name, value) -> pairs.add(name + "=" + value));
        return pairs;
    }

    /** The extensions of a WebSocket: what the server agrees to, a client that offered it takes. */
    static void extensions(byte[] bytes) {
        String value = value(bytes);
        WebSocketOptions options = WebSocketOptions.DEFAULT.withCompression(6, 0, true);
        DeflateTerms terms;
        try {
            terms = DeflateTerms.accept(List.of(value), options);
        } catch (IllegalArgumentException e) {
            return;
        }
        if (terms != null) {
            DeflateTerms agreed = Objects.requireNonNull(DeflateTerms.agreed(List.of(terms.answer()), options));
            assertEquals(terms.serverKeepsContext(), agreed.serverKeepsContext());
            assertEquals(terms.clientKeepsContext(), agreed.clientKeepsContext());
            assertTrue(!terms.serverKeepsContext() || terms.serverWindowBits() == DeflateTerms.FULL_WINDOW);
        }
    }

    /** The small ones, each with what it promises. */
    static void others(byte[] bytes) {
        String value = value(bytes);
        Headers fields = Headers.of(
                "Accept-Encoding", value, "If-None-Match", value, "If-Match", value, "If-Modified-Since", value);
        String coding = AcceptEncoding.choose(fields, List.of("gzip", "deflate"));
        assertTrue(coding == null || value.toLowerCase(Locale.ROOT).contains(coding) || value.contains("*"));
        Conditions.isNotModified(fields, "\"a\"", null);
        Conditions.fail(fields, "\"a\"", null);
        int quality = Quality.of(value);
        assertTrue(quality >= 0 && quality <= 1000, value);
        try {
            assertNotNull(ReplyCharset.of(value));
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage() != null && e.getMessage().startsWith("unknown charset"), value);
        }
        ContentTypes.charset(value);
        ContentTypes.isCompressible(value);
        JarDate.parse(value);
        try {
            assertTrue(MultipartBoundary.of(value).length() <= 70, value);
        } catch (StatusException e) {
            assertEquals(400, e.status());
        }
        ForwardedElement element = ForwardedElement.parse(value);
        assertTrue(element == null || element.from().indexOf('"') < 0, value);
        byte[] address = IpAddresses.parse(TrustedProxies.hostOf(value));
        assertTrue(address == null || address.length == 4 || address.length == 16, value);
        byte[] host = IpText.parse(value);
        if (host != null && Authority.isValid(value) && value.indexOf('[') < 0) {
            assertArrayEquals(IpAddresses.parse(value), host, value);
        }
    }

    /** A name from outside is that of a file in a folder, and nothing else; a second look changes nothing. */
    static void fileName(byte[] bytes) {
        String name = new String(bytes, StandardCharsets.UTF_8);
        String safe = SafeFilename.of(name);
        assertTrue(safe.chars().noneMatch(c -> c < ' ' || c == 0x7f || "/\\:*?\"<>|".indexOf(c) >= 0), safe);
        assertTrue(!safe.isEmpty() && !safe.startsWith(".") && !safe.startsWith("-"), safe);
        assertTrue(safe.getBytes(StandardCharsets.UTF_8).length <= 200, safe);
        assertEquals(safe, SafeFilename.of(safe));
        FieldSyntax.checkValue("Content-Disposition", ContentDisposition.attachment(name));
        String field = ContentDisposition.attachment(name);
        assertEquals("attachment", Objects.requireNonNull(FieldParameters.parse(field), field).value());
    }
}
