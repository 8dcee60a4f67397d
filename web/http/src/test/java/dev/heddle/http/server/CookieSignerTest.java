package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.Cookie;
import dev.heddle.http.Wire;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is signed comes back, and nothing else does: neither changed, nor for another name, nor too late. */
@LeavesNothing
final class CookieSignerTest {

    private static final byte[] KEY = key(1);
    private static final byte[] OTHER_KEY = key(2);
    private static final CookieSigner SIGNER = CookieSigner.of(KEY);

    private static byte[] key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    @Test
    void anyTextComesBack() {
        Sim.run(() -> {
            for (String text : List.of("", "42", "a.b.c", "\u00e4 \u4e16; \"x\"\r\n")) {
                assertEquals(Optional.of(text), SIGNER.verify("user", SIGNER.sign("user", text).value()));
            }
        });
    }

    @Test
    void cookieIsSafeAndAsOldAsTheSignatureMayGet() {
        Sim.run(() -> {
            Cookie cookie = SIGNER.withMaxAge(Duration.ofDays(7)).sign("user", "42");
            assertEquals(Optional.of(Duration.ofDays(7)), cookie.maxAge());
            assertTrue(cookie.isSecure() && cookie.isHttpOnly());
        });
    }

    @Test
    void changeOfAnyCharacterIsRefused() {
        Sim.run(() -> {
            String value = SIGNER.sign("user", "42").value();
            for (int i = 0; i < value.length(); i++) {
                for (char c : new char[]{'A', 'Q', '.', '0', '\u00ff'}) {
                    String changed = value.substring(0, i) + c + value.substring(i + 1);
                    boolean same = changed.equals(value) || onlyUnusedBitsDiffer(changed, value);
                    assertEquals(same, SIGNER.verify("user", changed).isPresent(), changed);
                }
                assertEquals(Optional.empty(), SIGNER.verify("user", value.substring(0, i)));
            }
            assertEquals(Optional.empty(), SIGNER.verify("user", value + "A"));
        });
    }

    /** The last character of the signature stands for four bits, and has room for two more. */
    private static boolean onlyUnusedBitsDiffer(String a, String b) {
        String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = a.length() - 1;
        return a.substring(0, last).equals(b.substring(0, last)) && digits.indexOf(a.charAt(last)) >= 0
                && digits.indexOf(a.charAt(last)) >> 2 == digits.indexOf(b.charAt(last)) >> 2;
    }

    @Test
    void malformedValuesAreNoGood() {
        Sim.run(() -> {
            for (String value : List.of("", ".", "..", "...", "a", "a.b", "a.b.c", "a.1.%",
                    "NDI.99999999999999999999.AA")) {
                assertEquals(Optional.empty(), SIGNER.verify("user", value), value);
            }
        });
    }

    @Test
    void valueIsNoneForAnotherCookie() {
        Sim.run(() -> {
            String value = SIGNER.sign("user", "42").value();
            assertEquals(Optional.empty(), SIGNER.verify("admin", value));
            assertEquals(Optional.empty(), SIGNER.verify("use", "r=" + value));
        });
    }

    @Test
    void oldKeyIsGoodAsLongAsItIsNamed() {
        Sim.run(() -> {
            String old = SIGNER.sign("user", "42").value();
            assertEquals(Optional.of("42"), CookieSigner.of(OTHER_KEY, KEY).verify("user", old));
            assertEquals(Optional.empty(), CookieSigner.of(OTHER_KEY).verify("user", old));
            String renewed = CookieSigner.of(OTHER_KEY, KEY).sign("user", "42").value();
            assertEquals(Optional.of("42"), CookieSigner.of(OTHER_KEY).verify("user", renewed));
        });
    }

    @Test
    void oldSignatureIsNoGood() {
        Sim.run(() -> {
            CookieSigner signer = SIGNER.withMaxAge(Duration.ofHours(1));
            String value = signer.sign("user", "42").value();
            Heddle.sleep(Duration.ofHours(1));
            assertEquals(Optional.of("42"), signer.verify("user", value));
            Heddle.sleep(Duration.ofSeconds(2));
            assertEquals(Optional.empty(), signer.verify("user", value));
        });
    }

    @Test
    void requestIsReadByTheNameOfTheCookie() {
        HttpServer.Builder server = HttpServer.builder()
                .get("/", r -> Response.text(SIGNER.read(r, "user").orElse("nobody")))
                .get("/login", r -> Response.text("").withCookie(SIGNER.sign("user", "me")));
        Wire.play(server, (peer, connection) -> {
            peer.write("GET /login HTTP/1.1\r\nHost: a\r\n\r\n");
            String answer = Wire.response(peer);
            int at = answer.indexOf("Set-Cookie: ") + 12;
            String pair = answer.substring(at, answer.indexOf(';', at));
            peer.write("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + pair + "\r\n\r\n");
            assertEquals("me", Wire.body(Wire.response(peer)));
            peer.write("GET / HTTP/1.1\r\nHost: a\r\nCookie: user=me\r\n\r\n");
            assertEquals("nobody", Wire.body(Wire.response(peer)));
        });
    }

    @Test
    void weakKeyIsRefusedAndNoKeyIsShown() {
        assertThrows(IllegalArgumentException.class, () -> CookieSigner.of(new byte[31]));
        assertThrows(IllegalArgumentException.class, () -> CookieSigner.of(KEY, new byte[0]));
        assertFalse(SIGNER.toString().contains("1, 1"));
    }

    @Test
    void textThatNoBrowserWouldKeepIsRefused() {
        Sim.run(() -> {
            assertThrows(IllegalArgumentException.class, () -> SIGNER.sign("user", "x".repeat(3_100)));
        });
    }
}
