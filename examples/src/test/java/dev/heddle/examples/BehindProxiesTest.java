package dev.heddle.examples;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.http.server.ServerLimits;
import dev.heddle.sync.Event;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two instances behind the proxies of {@code examples/proxies}, restarted by turns while visitors come. */
@Tag("full")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class BehindProxiesTest {

    private static final int VISITORS = 8;
    private static final String HAPROXY = "/usr/sbin/haproxy";

    @TempDir
    private Path directory;

    /** The page's configuration on other ports, with what a test needs in front. */
    private String configured(String file, int front, int first, int second) throws IOException {
        return Documents.text("examples/proxies/" + file)
                .replace(":8080", ":" + front)
                .replace(":8081", ":" + first)
                .replace(":8082", ":" + second);
    }

    private static HttpServer start(int port) {
        HttpServer.Builder app = HttpServer.builder()
                .limits(ServerLimits.DEFAULT.withIdleTime(Duration.ofSeconds(75)))
                .trustProxies("127.0.0.1/32")
                .health("/alive")
                .readiness("/ready")
                .drainDelay(Duration.ofSeconds(2));
        return app.get("/who", request -> Response.text(request.clientAddress() + " " + request.scheme()))
                .post("/length", request -> Response.text("" + request.bytes(100_000).length))
                .start("127.0.0.1", port);
    }

    private static void visit(HttpClient http, String url, boolean posts, Event over) {
        while (!over.isSet()) {
            assertEquals("127.0.0.1 http", http.get(url + "/who").text());
            if (posts) {
                assertEquals("5000", http.post(url + "/length", new byte[5000]).text());
            }
        }
    }

    private static boolean listens(int port) {
        try (var probe = new Socket("127.0.0.1", port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void noVisitorMeetsARestart(List<String> proxy, boolean posts, int front, int... ports)
            throws IOException {
        Process process = new ProcessBuilder(proxy).inheritIO().start();
        try {
            run(() -> {
                List<HttpServer> instances = new ArrayList<>();
                for (int port : ports) {
                    instances.add(start(port));
                }
                while (!listens(front)) {
                    assertTrue(process.isAlive(), "the proxy has not begun");
                    sleep(Duration.ofMillis(20));
                }
                sleep(Duration.ofSeconds(1)); // two health checks
                Event over = Event.named("all were restarted");
                try (HttpClient http = HttpClient.create()) {
                    group(visitors -> {
                        for (int i = 0; i < VISITORS; i++) {
                            visitors.spawn(() -> visit(http, "http://127.0.0.1:" + front, posts, over));
                        }
                        for (int i = 0; i < ports.length; i++) {
                            instances.get(i).close();
                            instances.set(i, start(ports[i]));
                            sleep(Duration.ofSeconds(2));
                        }
                        over.set();
                    });
                }
                instances.forEach(HttpServer::close);
            });
        } finally {
            process.destroy();
            process.onExit().join();
        }
    }

    /** Without health checks it still connects as the port closes, and repeats only what can do no harm twice. */
    @Test
    void nginxLosesNoRequestWhileBothAreRestarted() throws IOException {
        GatewayPeers.installed(GatewayPeers.NGINX);
        int front = GatewayPeers.freePort();
        int first = GatewayPeers.freePort();
        int second = GatewayPeers.freePort();
        String paths = "client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;";
        Files.writeString(directory.resolve("nginx.conf"), "daemon off; pid pid; error_log stderr;\n"
                + configured("nginx.conf", front, first, second)
                        .replace("http {", "http {\n  access_log off; " + paths));
        noVisitorMeetsARestart(
                List.of(GatewayPeers.NGINX, "-p", directory.toString(), "-c", "nginx.conf", "-e", "stderr"),
                false, front, first, second);
    }

    @Test
    void haproxyLosesNoRequestWhileBothAreRestarted() throws IOException {
        GatewayPeers.installed(HAPROXY);
        int front = GatewayPeers.freePort();
        int first = GatewayPeers.freePort();
        int second = GatewayPeers.freePort();
        Path file = Files.writeString(directory.resolve("haproxy.cfg"),
                configured("haproxy.cfg", front, first, second));
        noVisitorMeetsARestart(List.of(HAPROXY, "-db", "-f", file.toString()), true, front, first, second);
    }
}
