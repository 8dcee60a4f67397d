package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.conformance.FreePorts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.observe.Metrics;
import dev.heddle.sync.Channel;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics as Prometheus' own programs read them. */
class ScrapeTest {

    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");

    @TempDir
    private Path directory;

    private static HttpServer server() {
        Metrics.begin();
        return HttpServer.builder()
                .get("/users/{id}", request -> Response.text("hi"))
                .get("/metrics", request -> {
                    String accept = request.headers().first("Accept");
                    Metrics.Scrape scrape = Heddle.offload(() -> Metrics.scrape(accept));
                    return Response.text(scrape.text()).withHeader("Content-Type", scrape.contentType());
                })
                .start("127.0.0.1", 0);
    }

    @Test
    void routeGivesWhatTheScraperAsksFor() {
        Heddle.run(() -> {
            try (var server = server(); var client = HttpClient.create()) {
                String url = "http://127.0.0.1:" + server.port();
                client.get(url + "/users/7").text();
                var plain = client.get(url + "/metrics");
                assertEquals("text/plain; version=0.0.4; charset=utf-8", plain.headers().first("Content-Type"));
                assertTrue(plain.text().contains("http_route=\"/users/{id}\""));
                var open = client.request("GET", url + "/metrics")
                        .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
                        .send();
                assertTrue(open.text().endsWith("# EOF\n"));
            }
        });
    }

    /** All that it says is that OpenTelemetry's own names end like those of histograms. */
    @Test
    @Tag("full")
    void promtoolFindsNothingToSay() {
        assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed");
        Heddle.run(() -> {
            Channel<Integer> channel = Channel.of(3);
            try (var server = server(); var client = HttpClient.create()) {
                client.get("http://127.0.0.1:" + server.port() + "/users/7").text();
                client.get("http://127.0.0.1:" + server.port() + "/made/up").text();
                String text = Metrics.text();
                List<String> words = Heddle.offload(() -> said(text));
                assertEquals(
                        List.of(),
                        words.stream().filter(word -> !word.endsWith("should not have \"_count\" suffix")).toList());
            }
            Reference.reachabilityFence(channel);
        });
    }

    private List<String> said(String text) throws IOException, InterruptedException {
        Path in = Files.writeString(directory.resolve("metrics"), text);
        Process promtool = new ProcessBuilder(PROMTOOL.toString(), "check", "metrics")
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        promtool.waitFor();
        return said.lines().toList();
    }

    @Test
    @Tag("full")
    void realPrometheusScrapesThem() {
        assumeTrue(Files.isExecutable(PROMETHEUS), "prometheus is not installed");
        Heddle.run(() -> {
            try (var server = server(); var client = HttpClient.create()) {
                client.get("http://127.0.0.1:" + server.port() + "/users/7").text();
                int port = FreePorts.next();
                Process prometheus = start(server.port(), port);
                try {
                    String query = "http://127.0.0.1:" + port
                            + "/api/v1/query?query=http_server_request_duration_seconds_count";
                    Heddle.timeout(Duration.ofSeconds(60), () -> {
                        String answer = "";
                        while (!answer.contains("\"http_route\":\"/users/{id}\"")) {
                            Heddle.sleep(Duration.ofMillis(200));
                            answer = asked(client, query);
                        }
                    });
                    String targets = asked(client, "http://127.0.0.1:" + port + "/api/v1/targets");
                    assertTrue(targets.contains("\"lastError\":\"\""), targets);
                    assertTrue(targets.contains("\"health\":\"up\""), targets);
                } finally {
                    prometheus.destroy();
                    Heddle.offload(() -> {
                        prometheus.waitFor();
                    });
                }
            }
        });
    }

    private static String asked(HttpClient client, String url) {
        try {
            return client.get(url).text();
        } catch (HeddleException notUpYet) {
            return "";
        }
    }

    private Process start(int target, int port) throws IOException {
        Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                scrape_configs:
                  - job_name: heddle
                    scrape_interval: 1s
                    static_configs:
                      - targets: ["127.0.0.1:%d"]
                """.formatted(target));
        return new ProcessBuilder(
                PROMETHEUS.toString(), "--config.file=" + config, "--web.listen-address=127.0.0.1:" + port,
                "--storage.tsdb.path=" + directory.resolve("data"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }
}
