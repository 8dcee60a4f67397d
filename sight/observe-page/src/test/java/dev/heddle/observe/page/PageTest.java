package dev.heddle.observe.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Middleware;
import dev.heddle.http.server.Response;
import dev.heddle.observe.internal.SocketDirectory;
import dev.heddle.observe.page.internal.PageRoutes;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page in a program's own server, about the program itself. */
final class PageTest {

    private static final Middleware ONLY_ANNA = (request, next) -> request.query("who").orElse("").equals("anna")
            || request.headers().get("X-Who").orElse("").equals("anna") ? next.handle(request) : Response.empty(401);

    private String base = "";
    private HttpClient http;

    private void mounted(Action body) {
        Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder()
                    .mount("/deep/inside", Page.routes().use(ONLY_ANNA))
                    .start("127.0.0.1", 0); HttpClient client = HttpClient.create()) {
                base = "http://" + server.address() + "/deep/inside";
                http = client;
                body.run();
            }
        });
    }

    private Reply get(String path, String... header) {
        var request = http.request("GET", base + path).header("X-Who", "anna");
        if (header.length == 2) {
            request.header(header[0], header[1]);
        }
        return request.send();
    }

    @Test
    void pageStandsBehindTheProgramsOwnAuthenticationAndFindsItsFilesBelowAnyPrefix() {
        mounted(() -> {
            assertEquals(401, http.get(base + "/").status());
            assertEquals(401, http.get(base + "/ask/tree").status());
            String page = get("/").text();
            assertTrue(page.contains("src=\"page.js\""), page);
            assertEquals(page, get("").text()); // sent on to where names of files are below the prefix
            assertEquals(200, get("/page.js").status());
            assertEquals(404, get("/none.js").status());
            assertTrue(get("/").headers().get("Content-Security-Policy").orElse("").startsWith("default-src 'none'"));
        });
    }

    @Test
    void pagesOfOtherSitesAreGivenNoAnswers() {
        mounted(() -> {
            for (String path : new String[]{"/ask/tree", "/live/overview", "/profile"}) {
                assertEquals(403, get(path, "Sec-Fetch-Site", "cross-site").status(), path);
                assertEquals(403, get(path, "Sec-Fetch-Site", "same-site").status(), path);
                assertEquals(403, get(path, "Sec-Fetch-Site", "new-site").status(), path);
            }
            assertEquals(200, get("/", "Sec-Fetch-Site", "cross-site").status());
            assertEquals(404, get("/ask/cancel", "Sec-Fetch-Site", "same-origin").status());
        });
    }

    @Test
    void nobodyActsAtAPageThatAProgramHasMounted() {
        mounted(() -> {
            assertEquals("false", get("/acts").text());
            Reply reply = http.request("POST", base + "/act/pause?part=1").header("X-Who", "anna")
                    .header("X-Heddle-Act", "1").send();
            assertTrue(reply.status() == 404 || reply.status() == 405, reply.toString());
        });
    }

    @Test
    @Tag("full")
    void programIsToldAboutByItself() {
        mounted(() -> {
            while (SocketDirectory.find(ProcessHandle.current().pid()).isEmpty()) {
                Heddle.sleep(Duration.ofMillis(10)); // it is opened by a thread of its own
            }
            Heddle.group(group -> {
                var baker = group.spawn("baker", () -> Heddle.sleep(Duration.ofHours(1)));
                Heddle.checkpoint();
                var lines = new StringBuilder();
                try (Reply reply = get("/ask/tree")) {
                    for (ServerSentEvent event : reply.events()) {
                        lines.append(event.data()).append('\n');
                        if (event.name().equals(PageRoutes.END)) {
                            break;
                        }
                    }
                }
                assertTrue(lines.toString().contains("\"name\":\"baker\""), lines::toString);
                try (Reply reply = get("/live/overview")) {
                    Iterator<ServerSentEvent> events = reply.events().iterator();
                    assertEquals("", events.next().data());
                    assertEquals("", events.next().data());
                    String round = events.next().data();
                    assertTrue(round.contains("\"pid\":" + ProcessHandle.current().pid() + ","), round);
                    assertTrue(round.contains("\"kind\":\"share\""), round);
                }
                baker.cancel();
            });
        });
    }
}
