package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.http.OtherProgram;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.sync.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our server where many stand: behind nginx, which is asked over a Unix socket and asks over another. */
@LeavesNothing
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class BehindNginxInteropTest {

    private static final String NGINX = "/usr/sbin/nginx";
    private static final int LONG = 300_000;

    @TempDir
    private Path temp;

    @BeforeAll
    static void nginxIsInstalled() {
        OtherProgram.assumeInstalled(NGINX);
    }

    private interface Body {
        void run(HttpServer server, HttpClient http) throws Exception;
    }

    private void behindNginx(HttpServer.Builder site, Body body) throws IOException {
        Files.writeString(temp.resolve("nginx.conf"), """
                daemon off; master_process off; pid pid; error_log error.log; events {}
                http {
                  access_log off;
                  client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                  map $http_upgrade $next_hop { default upgrade; '' ''; }
                  upstream app { server unix:%1$s/app; keepalive 4; }
                  server {
                    listen unix:%1$s/front;
                    location / {
                      proxy_pass http://app;
                      proxy_http_version 1.1;
                      proxy_buffering off;
                      proxy_set_header Connection $next_hop;
                      proxy_set_header Upgrade $http_upgrade;
                      proxy_set_header Host $host;
                      proxy_set_header X-Forwarded-For 203.0.113.7;
                      proxy_set_header X-Forwarded-Proto https;
                    }
                  }
                }
                """.formatted(temp));
        Heddle.run(() -> {
            try (HttpServer server = site.trustProxies("unix").build()) {
                server.startUnix(temp.resolve("app"));
                Process nginx = Heddle.offload(
                        () -> new OtherProgram(temp, NGINX, "-p", temp.toString(), "-c", "nginx.conf", "-e",
                                "error.log")
                                .start());
                try (var http = HttpClient.builder().unixSocket(temp.resolve("front")).build()) {
                    Heddle.offload(() -> OtherProgram.awaitSocket(nginx, temp.resolve("front")));
                    assertTrue(nginx.isAlive(), () -> "nginx has not begun: " + nginx.inputReader().lines().toList());
                    body.run(server, http);
                } finally {
                    nginx.destroy();
                    nginx.onExit().join();
                }
            }
        });
    }

    @Test
    void requestsComeOnFewConnectionsAndTellWhoHasAsked() throws IOException {
        var site = HttpServer.builder()
                .get("/who", r -> Response.text(r.clientAddress() + " " + r.scheme() + " " + r.host().orElse("")))
                .post("/length", r -> Response.text("" + r.bytes(2 * LONG).length))
                .get("/long", r -> Response.text("x".repeat(LONG)));
        behindNginx(site, (server, http) -> {
            for (int i = 0; i < 20; i++) {
                assertEquals("203.0.113.7 https shop", http.get("http://shop/who").text());
            }
            assertEquals("" + LONG, http.post("http://shop/length", new byte[LONG]).text());
            assertEquals(LONG, http.get("http://shop/long").text().length());
            assertEquals(404, http.get("http://shop/none").status());
            assertTrue(server.statistics().accepted() <= 4, server.statistics().toString());
        });
    }

    @Test
    void eventsAreSeenWhenTheyAreSent() throws IOException {
        Event seen = Event.named("the first event was seen");
        var site = HttpServer.builder().get("/events", r -> Response.events(events -> {
            events.send("one");
            seen.await();
            events.send("two");
        }));
        behindNginx(site, (server, http) -> {
            try (Reply reply = http.get("http://shop/events")) {
                Iterator<ServerSentEvent> events = reply.events().iterator();
                assertEquals("one", events.next().data());
                seen.set();
                assertEquals("two", events.next().data());
            }
        });
    }

    @Test
    void messagesGoBothWays() throws IOException {
        var site = HttpServer.builder().webSocket("/echo", (request, socket) -> {
            for (var message : socket) {
                socket.send(message);
            }
        });
        behindNginx(site, (server, http) -> {
            try (WebSocket socket = http.webSocket("ws://shop/echo").connect()) {
                for (int length : new int[]{0, 125, 126, 65_536, LONG}) {
                    var message = new WebSocketMessage.Text("ä".repeat(length));
                    socket.send(message);
                    assertEquals(message, socket.receive().orElseThrow());
                }
            }
        });
    }
}
