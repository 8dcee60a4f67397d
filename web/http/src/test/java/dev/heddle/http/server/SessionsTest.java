package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.StatusException;
import dev.heddle.http.Through;
import dev.heddle.http.Wire;
import dev.heddle.io.ByteStream;
import dev.heddle.io.LimitExceededException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A visitor is known again by a cookie that nobody else can have; in virtual time. */
@LeavesNothing
final class SessionsTest {

    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** A browser: one connection and one cookie. */
    private static final class Browser {
        private final ByteStream peer;
        private String cookie = "";

        Browser(ByteStream peer) {
            this.peer = peer;
        }

        String get(String path) {
            String field = cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n";
            peer.write("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + field + "\r\n");
            String answer = Wire.response(peer);
            String set = Through.field(answer, "Set-Cookie");
            if (!set.isEmpty()) {
                cookie = set.contains("Max-Age=0") ? "" : set.substring(0, set.indexOf(';'));
            }
            return answer;
        }

        String body(String path) {
            return Wire.body(get(path));
        }
    }

    private interface Visit {
        void play(Browser browser) throws Exception;
    }

    private static void visit(Sessions sessions, Visit visit) {
        HttpServer.Builder server = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withIdleTime(Duration.ofHours(1)))
                .get("/switch", r -> sessions.handle(r, q -> {
                    q.session().clear();
                    q.session().put("a", "new");
                    return Response.text("switched");
                }))
                .get("/plain", r -> sessions.handle(r, q -> Response.text("plain")))
                .get("/get", r -> sessions.handle(r, q -> Response.text(q.session().get("a").orElse("none"))))
                .get("/put/{v}", r -> sessions.handle(r, q -> {
                    q.session().put("a", q.path("v"));
                    return Response.text("put");
                }))
                .get("/remove", r -> sessions.handle(r, q -> {
                    q.session().remove("a");
                    return Response.text("removed");
                }))
                .get("/login", r -> sessions.handle(r, q -> {
                    q.session().renewId();
                    q.session().put("user", "me");
                    return Response.text("in");
                }))
                .get("/logout", r -> sessions.handle(r, q -> {
                    q.session().clear();
                    return Response.text("out");
                }))
                .get("/fail", r -> sessions.handle(r, q -> {
                    q.session().put("a", "failed");
                    throw new StatusException(400, "no");
                }))
                .get("/slow", r -> sessions.handle(r, q -> {
                    q.session().put("a", "slow");
                    Heddle.sleep(Duration.ofSeconds(10));
                    return Response.text("slow");
                }))
                .get("/unused", r -> Response.text(r.session().toString()));
        Wire.play(server, (peer, connection) -> visit.play(new Browser(peer)));
    }

    private static Sessions inMemory() {
        return Sessions.in(SessionStore.inMemory(10));
    }

    static Stream<Supplier<SessionStore>> stores() {
        return Stream.of(() -> SessionStore.inMemory(10), () -> SessionStore.inCookie(CookieSigner.of(KEY)));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void visitorIsKnownAgain(Supplier<SessionStore> store) {
        visit(Sessions.in(store.get()), browser -> {
            assertEquals("none", browser.body("/get"));
            browser.get("/put/x%26=y%7C%C3%A4");
            assertEquals("x&=y|\u00e4", new String(Wire.latin1(browser.body("/get")), StandardCharsets.UTF_8));
            browser.get("/remove");
            assertEquals("", browser.cookie);
            assertEquals("none", browser.body("/get"));
        });
    }

    @Test
    void whoHasNothingToBeRememberedGetsNoCookie() {
        visit(inMemory(), browser -> {
            assertFalse(browser.get("/plain").contains("Set-Cookie"));
            assertFalse(browser.get("/plain").contains("Vary"));
            String looked = browser.get("/get");
            assertFalse(looked.contains("Set-Cookie"));
            assertEquals("Cookie", Through.field(looked, "Vary"));
            assertFalse(browser.get("/remove").contains("Set-Cookie"));
        });
    }

    @Test
    void cookieIsSafeAndKeptOutOfCaches() {
        visit(inMemory(), browser -> {
            String answer = browser.get("/put/1");
            String set = Through.field(answer, "Set-Cookie");
            assertTrue(set.matches("__Host-session=[A-Za-z0-9_-]{32}; Path=/; Secure; HttpOnly; SameSite=Lax"), set);
            assertEquals("private", Through.field(answer, "Cache-Control"));
        });
    }

    @Test
    void idThatWasNotGivenOutIsNotTakenOver() {
        visit(inMemory(), browser -> {
            browser.cookie = "__Host-session=planted";
            assertEquals("none", browser.body("/get"));
            browser.get("/put/1");
            assertNotEquals("__Host-session=planted", browser.cookie);
        });
    }

    @Test
    void loginRenewsTheIdAndTheOldOneIsGoodForNothing() {
        visit(inMemory(), browser -> {
            browser.get("/put/1");
            String planted = browser.cookie;
            browser.get("/login");
            assertNotEquals(planted, browser.cookie);
            assertEquals("1", browser.body("/get"));
            browser.cookie = planted;
            assertEquals("none", browser.body("/get"));
        });
    }

    @Test
    void logoutEndsTheSessionForAllWhoHaveItsCookie() {
        visit(inMemory(), browser -> {
            browser.get("/put/1");
            String stolen = browser.cookie;
            browser.get("/logout");
            assertEquals("", browser.cookie);
            browser.cookie = stolen;
            assertEquals("none", browser.body("/get"));
        });
    }

    @Test
    void sessionThatIsClearedCanBeginAnew() {
        visit(inMemory(), browser -> {
            browser.get("/put/1");
            String before = browser.cookie;
            browser.get("/switch");
            assertNotEquals(before, browser.cookie);
            assertEquals("new", browser.body("/get"));
            browser.cookie = before;
            assertEquals("none", browser.body("/get"));
        });
    }

    @Test
    void textThatAProgramSignsIsNoSession() {
        CookieSigner signer = CookieSigner.of(KEY);
        visit(Sessions.in(SessionStore.inCookie(signer)), browser -> {
            for (String name : new String[]{"session", "__Host-session"}) {
                browser.cookie = "__Host-session=" + signer.sign(name, "9999999999|a=admin").value();
                assertEquals("none", browser.body("/get"));
            }
        });
    }

    @Test
    void handlerThatFailsHasChangedNothing() {
        visit(inMemory(), browser -> {
            browser.get("/put/1");
            assertEquals(400, Wire.status(browser.get("/fail")));
            assertEquals("1", browser.body("/get"));
        });
    }

    @ParameterizedTest
    @MethodSource("stores")
    void sessionThatIsNotUsedEnds(Supplier<SessionStore> store) {
        visit(Sessions.in(store.get()).withIdle(Duration.ofSeconds(80)), browser -> {
            browser.get("/put/1");
            for (int i = 0; i < 10; i++) {
                Heddle.sleep(Duration.ofSeconds(20));
                assertEquals("1", browser.body("/get"));
            }
            Heddle.sleep(Duration.ofSeconds(81));
            assertEquals("none", browser.body("/get"));
        });
    }

    @ParameterizedTest
    @MethodSource("stores")
    void sessionThatIsUsedEndsAfterItsLifetime(Supplier<SessionStore> store) {
        visit(Sessions.in(store.get()).withLifetime(Duration.ofSeconds(50)), browser -> {
            browser.get("/put/1");
            Heddle.sleep(Duration.ofSeconds(30));
            browser.get("/put/2");
            browser.get("/login");
            assertEquals("2", browser.body("/get"));
            Heddle.sleep(Duration.ofSeconds(21));
            assertEquals("none", browser.body("/get"));
        });
    }

    @Test
    void sessionThatDoesNotChangeIsSeldomKeptAgain() {
        visit(inMemory().withIdle(Duration.ofSeconds(80)), browser -> {
            browser.get("/put/1");
            assertFalse(browser.get("/get").contains("Set-Cookie"));
            assertFalse(browser.get("/put/1").contains("Set-Cookie"));
            Heddle.sleep(Duration.ofSeconds(11));
            assertTrue(browser.get("/get").contains("Set-Cookie"));
        });
    }

    @Test
    void slowRequestDoesNotBringASessionBackThatHasEndedMeanwhile() {
        SessionStore store = SessionStore.inMemory(10);
        visit(Sessions.in(store), browser -> {
            browser.get("/put/1");
            String token = browser.cookie.substring(browser.cookie.indexOf('=') + 1);
            Heddle.spawn(() -> {
                Heddle.sleep(Duration.ofSeconds(5));
                store.delete(token);
            });
            String answer = browser.get("/slow");
            assertTrue(Through.field(answer, "Set-Cookie").contains("Max-Age=0"), answer);
            assertEquals(Optional.empty(), store.load(token));
        });
    }

    @Test
    void memoryIsBoundedAndForgetsWhatWasNotUsedForLongest() {
        visit(Sessions.in(SessionStore.inMemory(2)), browser -> {
            browser.get("/put/1");
            String first = browser.cookie;
            browser.cookie = "";
            browser.get("/put/2");
            String second = browser.cookie;
            browser.cookie = first;
            assertEquals("1", browser.body("/get"));
            browser.cookie = "";
            browser.get("/put/3");
            assertEquals("3", browser.body("/get"));
            browser.cookie = second;
            assertEquals("none", browser.body("/get"));
            browser.cookie = first;
            assertEquals("1", browser.body("/get"));
        });
    }

    @Test
    void signedCookieCannotBeChangedOrMadeUp() {
        visit(Sessions.in(SessionStore.inCookie(CookieSigner.of(KEY))), browser -> {
            browser.get("/put/1");
            String good = browser.cookie;
            browser.cookie = good.replaceFirst("=.", "=X");
            assertEquals("none", browser.body("/get"));
            browser.cookie = "__Host-session=a=1";
            assertEquals("none", browser.body("/get"));
            browser.cookie = good;
            assertEquals("1", browser.body("/get"));
        });
    }

    @Test
    void whatASessionRemembersIsBounded() {
        var session = new Session(inMemory().withMaxBytes(10), null);
        session.put("a", "12345678");
        session.put("a", "123456789");
        assertThrows(LimitExceededException.class, () -> session.put("b", ""));
        assertThrows(LimitExceededException.class, () -> session.put("a", "\u00e4\u00e4\u00e4\u00e4\u00e4"));
        session.remove("a");
        session.put("b", "123456789");
        assertEquals(Optional.of("123456789"), session.get("b"));
        assertThrows(IllegalArgumentException.class, () -> session.put("", "x"));
    }

    @Test
    void sessionCannotBeChangedWhenTheResponseIsOnItsWay() {
        var session = new Session(inMemory(), null);
        session.put("a", "1");
        session.end();
        assertThrows(IllegalStateException.class, () -> session.put("a", "2"));
        assertThrows(IllegalStateException.class, session::clear);
        assertThrows(IllegalStateException.class, session::renewId);
        assertEquals(Optional.of("1"), session.get("a"));
    }

    @Test
    void withoutTheMiddlewareThereIsNoSession() {
        visit(inMemory(), browser -> assertEquals(500, Wire.status(browser.get("/unused"))));
    }

    @Test
    void storesGiveCopies() {
        visit(inMemory(), browser -> {
            SessionStore store = SessionStore.inMemory(1);
            String token = store.create("id", Map.of("a", "1"), Duration.ofSeconds(10));
            assertThrows(UnsupportedOperationException.class, () -> store.load(token).orElseThrow().put("a", "2"));
            assertEquals(Optional.empty(), store.update("other", Map.of(), Duration.ofSeconds(1)));
            assertThrows(IllegalArgumentException.class, () -> SessionStore.inMemory(0));
        });
    }

    @Test
    void statusExceptionStandsForAResponseAndKeepsTheSession() {
        var kept = HttpServer.builder().use(inMemory()).get("/", r -> {
            String before = r.session().get("a").orElse("none");
            r.session().put("a", "kept");
            throw new StatusException(400, before);
        });
        Wire.play(kept, (peer, connection) -> {
            var browser = new Browser(peer);
            assertEquals("none\n", browser.body("/"));
            assertEquals("kept\n", browser.body("/"));
        });
    }
}
